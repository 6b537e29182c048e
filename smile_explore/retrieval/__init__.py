"""Retrieval: boundaries found in images, with their errors."""
