"""Where a spacecraft was or will be: files of others read, and one written."""

from smile_explore.data.ephemeris.opening import open_ephemeris
from smile_explore.data.ephemeris.saving import save_ephemeris

__all__ = ["open_ephemeris", "save_ephemeris"]
