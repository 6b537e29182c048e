"""Files that are there whole or not at all, for those who write others."""

from smile_explore.data._whole import whole

__all__ = ["whole"]
