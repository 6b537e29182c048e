"""Physics: numbers to numbers, with the paper behind each."""
