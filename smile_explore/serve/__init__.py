"""One server for a class: the explorer, and a kernel of one's own for each.

`limits` says what the class and everybody in it may use, `seats` hands out
kernels and takes them back, `server` is the web server around both.
"""

from smile_explore.serve.limits import Limits

__all__ = ["Limits"]
