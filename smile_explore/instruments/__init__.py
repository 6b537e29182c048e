"""Instruments of SMILE: from what is there to what they record."""
