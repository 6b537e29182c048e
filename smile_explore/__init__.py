"""Explore how the solar wind shapes Earth's magnetic shield."""

__version__ = "0.1.0"
