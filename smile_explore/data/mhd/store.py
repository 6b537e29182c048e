"""How an ingested cube lies on disk: chunks, compression, version.

A store is a Zarr 3 group. Each variable of ``CUBE`` has chunks of one time,
all components and a part of the grid that is about as long as wide: a cut
through the grid and a line of sight both need few of them, which slabs or
whole grids would give to one of the two only. Vectors lie in their chunks
one component after the other, which compresses a fifth better than mixed.
Every chunk carries a checksum (CRC-32C).
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS

__all__ = [
    "COMPRESSIONS",
    "VERSION",
    "check_version",
    "chosen_chunks",
    "compressors",
    "layout",
    "on_grid",
    "rounded",
    "width",
]

#: Of the layout; a store of a higher one is refused.
VERSION: Final = 1
#: Blosc's codec and level, always after a shuffle of the bytes. On run E
#: (``benchmarks/ingest.py``): 3.0, 3.2 and 2.7 times smaller, at 113, 72 and
#: 164 MB a second of CPU.
COMPRESSIONS: Final[Mapping[str, tuple[Any, int] | None]] = {
    "zstd": ("zstd", 1),
    "zstd-small": ("zstd", 5),
    "lz4": ("lz4", 5),
    "none": None,
}
#: Nodes along the edge of a chunk, about: the best of both for cuts and for
#: rays, see ``docs/stores.md``.
_EDGE = 64


def on_grid(data: xr.Dataset) -> list[Hashable]:
    """Name the variables that lie on the grid."""
    return [n for n in data.data_vars if set(COMPONENTS) <= set(data[n].dims)]


def width(size: int, edge: int = _EDGE) -> int:
    """Return the length of equal chunks of an axis, the last not a sliver."""
    return -(-size // max(1, round(size / edge)))


def chosen_chunks(
    sizes: Mapping[Hashable, int], chunks: int | Mapping[str, int] | None
) -> dict[str, int]:
    """Nodes of a chunk along x, y and z.

    Raises
    ------
    ValueError
        If they are not whole and positive, or of another axis.
    """
    if chunks is None:
        return {axis: width(sizes[axis]) for axis in COMPONENTS}
    asked = (
        dict(chunks)
        if isinstance(chunks, Mapping)
        else dict.fromkeys(COMPONENTS, chunks)
    )
    if strange := set(asked) - set(COMPONENTS):
        raise ValueError(
            f"chunks has {', '.join(map(str, sorted(strange)))}; they can be "
            "chosen along x, y and z (along time a chunk holds one step)"
        )
    for axis, nodes in asked.items():
        if nodes != int(nodes) or nodes < 1:
            raise ValueError(
                f"chunks along {axis} must be a whole number of nodes from 1 "
                f"on, got {nodes}"
            )
    return {
        axis: min(int(asked.get(axis, width(sizes[axis]))), sizes[axis])
        for axis in COMPONENTS
    }


def layout(
    root: Path,
    cube: xr.Dataset,
    small: xr.Dataset,
    *,
    chunks: Mapping[str, int],
    compression: str,
) -> None:
    """Write a store that has all but the values on the grid.

    Parameters
    ----------
    root : pathlib.Path
        Folder to make.
    cube : xarray.Dataset
        The variables on the grid as in one source, with units.
    small : xarray.Dataset
        Everything else, in memory, with all times.
    chunks : mapping of str to int
        As `chosen_chunks` returns them.
    compression : str
        One of `COMPRESSIONS`.
    """
    import zarr

    encoding = {}
    for name, variable in small.variables.items():
        variable.encoding = {}
        if variable.dtype.kind == "M":
            encoding[name] = {
                "units": "nanoseconds since 1970-01-01",
                "dtype": "int64",
            }
    small.to_zarr(root, zarr_format=3, consolidated=False, encoding=encoding)
    group = zarr.open_group(root, mode="r+", zarr_format=3)
    for name in on_grid(cube):
        dims = tuple(map(str, cube[name].dims))
        sizes = {**cube.sizes, **small.sizes}
        edges = {dim: chunks.get(dim, sizes[dim]) for dim in dims}
        if "time" in dims:
            edges["time"] = 1
        group.create_array(
            str(name),
            shape=tuple(sizes[dim] for dim in dims),
            chunks=tuple(edges.values()),
            dtype="float32",
            fill_value=np.nan,
            dimension_names=dims,
            attributes=json.loads(json.dumps(cube[name].attrs, default=str)),
            filters=_filters(dims),
            compressors=compressors(compression),
            config={"write_empty_chunks": True},
        )


def _filters(dims: tuple[str, ...]) -> list[Any]:
    from zarr.codecs import TransposeCodec

    if dims[-1] != "component":
        return []
    return [TransposeCodec(order=(len(dims) - 1, *range(len(dims) - 1)))]


def compressors(compression: str) -> list[Any]:
    """Return the codecs of one of `COMPRESSIONS`, and the checksum."""
    from zarr.codecs import BloscCodec, Crc32cCodec

    chosen = COMPRESSIONS[compression]
    if chosen is None:
        return [Crc32cCodec()]
    codec, level = chosen
    blosc = BloscCodec(typesize=4, cname=codec, clevel=level)
    return [blosc, Crc32cCodec()]


def rounded(values: np.ndarray, keep_bits: int | None) -> np.ndarray:
    """Return single precision, with so many bits of the mantissa kept.

    Rounding to `keep_bits` of 23 changes a value by at most a share of
    ``2 ** -(keep_bits + 1)`` of it. NaN stays NaN.
    """
    single = np.ascontiguousarray(values, np.float32)
    if keep_bits is None:
        return single
    drop = 23 - keep_bits
    bits = single.view(np.uint32)
    # Halves go to the even neighbour, so that means stay what they are.
    half = np.uint32((1 << (drop - 1)) - 1) + ((bits >> drop) & np.uint32(1))
    kept = (bits + half) & ~np.uint32((1 << drop) - 1)
    return np.where(np.isfinite(single), kept.view(np.float32), single)


def check_version(path: Path, attributes: Mapping[Any, Any]) -> None:
    """Refuse a store whose layout is newer than this package."""
    version = attributes.get("store_version", VERSION)
    if not isinstance(version, int | np.integer) or version > VERSION:
        raise ValueError(
            f"{path.name} is a cube store of version {version}, written by "
            f"{attributes.get('software', 'a newer smile_explore')}; this "
            f"smile_explore reads up to version {VERSION}: update it, or "
            "ingest the sources again"
        )
