"""The documentation site: its pages gathered, written, and given to Sphinx."""
