"""Small files as BATS-R-US writes them, for the tests of their reader."""

from __future__ import annotations

import gzip

import numpy as np

HEADING = "R R R Mp/cc km/s km/s km/s nT nT nT nPa"
NAMES = "rho ux uy uz bx by bz p"


def uniform(shape, **more):
    """A plasma of 10 cm-3 and 100 eV; p = n k T."""
    values = {"rho": 10.0, "ux": -400.0, "uy": 1.0, "uz": 2.0}
    values |= {"bx": 3.0, "by": -4.0, "bz": 5.0, "p": 0.1602176634, **more}
    return {name: np.full(shape, value) for name, value in values.items()}


def snapshot(
    axes,
    fields,
    *,
    shape=None,
    heading=HEADING,
    kind="real4",
    order="<",
    step=100,
    time=0.0,
    parameters=(("g", 5 / 3), ("r", 2.5)),
    names=None,
):
    """Bytes of one snapshot.

    `axes` has x, y, z: the axes of a regular file, or, with `shape` (the cells
    of a block), the coordinates of all cells as (block, z, y, x).
    """
    if shape is None:
        places = np.meshgrid(*axes[::-1], indexing="ij")[::-1]
        places = [n.ravel() for n in places]
        sizes, ndim = [len(a) for a in axes], len(axes)
    else:
        places = [a.ravel() for a in axes]
        sizes, ndim = [places[0].size, 1, 1], -3
        parameters = (
            *parameters,
            *zip(("NX", "NY", "NZ"), shape, strict=True),
        )
    numbers = [value for _, value in parameters]
    names = names or " ".join(fields)
    words = " ".join(
        ["x y z"[: 2 * len(places) - 1], names, *(n for n, _ in parameters)]
    )
    columns = [np.ravel(field) for field in fields.values()]
    counts = (ndim, len(numbers), len(columns))
    if kind == "ascii":
        rows = np.column_stack([*places, *columns])
        lines = [
            heading,
            f"{step:7d} {time:.10E}" + "".join(f"{n:4d}" for n in counts),
            " ".join(map(str, sizes)),
            *([" ".join(f"{n:.10E}" for n in numbers)] if numbers else []),
            words,
            *(" ".join(f"{n:.10E}" for n in row) for row in rows),
        ]
        return "\n".join([*lines, ""]).encode()
    real = f"{order}f{kind[-1]}"

    def record(data):
        length = np.array(len(data), f"{order}i4").tobytes()
        return length + data + length

    second = np.array(
        [(step, time, *counts)],
        f"{order}i4,{real},{order}i4,{order}i4,{order}i4",
    )
    return b"".join(
        record(data)
        for data in (
            heading.ljust(500).encode(),
            second.tobytes(),
            np.array(sizes, f"{order}i4").tobytes(),
            *([np.array(numbers, real).tobytes()] if numbers else []),
            words.ljust(500).encode(),
            np.concatenate(places).astype(real).tobytes(),
            *(column.astype(real).tobytes() for column in columns),
        )
    )


def blocks(low, sizes, cells):
    """Coordinates (block, z, y, x) of the cells of cubic blocks."""
    centres = []
    for corner, size in zip(low, sizes, strict=True):
        x, y, z = (
            c + size * (np.arange(n) + 0.5) / n
            for c, n in zip(corner, cells, strict=True)
        )
        z, y, x = np.meshgrid(z, y, x, indexing="ij")
        centres.append([x, y, z])
    return np.stack(centres, axis=1)


def packed(path, data):
    """Write bytes, compressed if the name ends so."""
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
