"""The explorer: widgets, the clock they share, and panels that follow."""
