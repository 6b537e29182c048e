"""Make the coastlines that ship, from Natural Earth by way of world-atlas.

    npm pack world-atlas@2.0.2 && tar xf world-atlas-2.0.2.tgz
    python tools/build_coastlines.py package/land-110m.json

Natural Earth (naturalearthdata.com) is in the public domain; world-atlas
(ISC) packs its land of 1:110 million, version 4.1.0, as TopoJSON. Kept is
what lies north of 30 deg, as lines that NaN parts. The seam at 180 deg, where
the polygons are cut, is no coast and is left out.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

HOME = Path(__file__).parents[1]
FILE = HOME / "smile_explore/views/coastlines_110m.npz"
SOUTHERNMOST = 30.0
SOURCE = (
    "Natural Earth 4.1.0, land 1:110m (public domain), from world-atlas "
    "2.0.2 (ISC)"
)


def main(path: str) -> None:
    """Write the file from a TopoJSON of land."""
    topology = json.loads(Path(path).read_text())
    scale = np.array(topology["transform"]["scale"])
    origin = np.array(topology["transform"]["translate"])
    lines = []
    for arc in topology["arcs"]:
        lines += pieces(np.cumsum(arc, axis=0) * scale + origin)
    parted = [np.vstack([line, [[np.nan, np.nan]]]) for line in lines]
    lon, lat = np.vstack(parted).T.astype(np.float32)
    np.savez_compressed(FILE, glat=lat, glon=lon, source=SOURCE)
    print(f"{len(lines)} lines, {lat.size} points, {FILE.stat().st_size} B")


def pieces(line: np.ndarray) -> list[np.ndarray]:
    """Parts of a line that are coast of the north."""
    north = line[:, 1] >= SOUTHERNMOST
    seam = np.abs(line[:, 0]) > 179.99
    keep = north[:-1] & north[1:] & ~(seam[:-1] & seam[1:])
    ends = np.flatnonzero(np.diff(np.r_[0, keep.astype(int), 0]))
    return [
        line[first : last + 1]
        for first, last in zip(ends[::2], ends[1::2], strict=True)
    ]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
