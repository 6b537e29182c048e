"""Cubes of X-ray emissivity that others made, in FITS and as text.

They hold no plasma: `open_emissivity` opens what images are made of, and
`open_cube` sends here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import numpy as np
import xarray as xr

from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data.mhd import _emissivity_fits, _emissivity_text
from smile_explore.data.mhd._emissivity_held import Held
from smile_explore.data.mhd.driving import driver, driver_series
from smile_explore.schema import COMPONENTS, EMISSIVITY, SOLAR_WIND

__all__ = [
    "emissivity_driver",
    "open_emissivity",
    "read",
    "save_emissivity",
    "sees",
]

#: Enough of a file to tell its format.
_HEAD = 4096


def sees(path: Path, head: bytes) -> bool:
    """Tell whether this is an emissivity cube in FITS or as text."""
    return path.is_file() and (
        _emissivity_fits.sees(head) or _emissivity_text.sees(head)
    )


def read(path: Path, chunks: dict[str, int]) -> xr.Dataset:  # noqa: ARG001
    """Refuse it as plasma, and name the door that opens it."""
    _held(path)
    raise ValueError(
        f"{path.name} holds X-ray emissivity and no plasma; open it with "
        "data.mhd.open_emissivity"
    )


def open_emissivity(
    path: str | PathLike[str], *, chunks: Mapping[str, int] | None = None
) -> xr.DataArray:
    """Open a cube of X-ray emissivity, without reading it.

    Parameters
    ----------
    path : str or path-like
        FITS as SXI_Core and CMEM read it, or text as the cubes of PPMLR were
        published in, whichever MHD code the emissivity comes from.
    chunks : mapping of str to int, optional
        Size of the dask chunks along x, y, z; as dask finds best if not
        given. A text is read whole for any of them.

    Returns
    -------
    emissivity : xarray.DataArray
        On the axes of the file, uneven as they may be, increasing; float32.
        `emissivity_driver` gives the solar wind of its header.
        [eV cm-3 s-1]

    Raises
    ------
    FileNotFoundError
        If there is nothing at `path`.
    ValueError
        If it is of another kind, damaged or cut short, in another unit, or
        in GSE.

    Notes
    -----
    The files do not say their frame; it is GSM by their makers' word
    (``convert_cube_to_gse.py`` of swharton1/Emissivity_Cubes). Cubes of
    OpenGGCM there have a falling x and y, which are turned round here.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"there is no emissivity cube at {path}")
    held = _held(path)
    cube = xr.Dataset(
        {"emissivity": (COMPONENTS[::-1], held.values)}, coords=held.axes
    )
    for axis in COMPONENTS:
        if (np.diff(cube[axis]) < 0.0).all():
            cube = cube.isel({axis: slice(None, None, -1)})
    try:
        cube = EMISSIVITY.stamp(cube)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    return (
        cube["emissivity"]
        .chunk(dict(chunks or {}))
        .assign_attrs(
            held.attrs,
            file=path.name,
            frame="GSM",
            assumed="axes and vectors in GSM, temperature in K",
            solar_wind=json.dumps(held.wind),
        )
    )


def emissivity_driver(emissivity: xr.DataArray) -> xr.Dataset:
    """Return the solar wind that an emissivity cube was made for.

    Parameters
    ----------
    emissivity : xarray.DataArray
        As `open_emissivity` returns it.

    Returns
    -------
    solar_wind : xarray.Dataset (SOLAR_WIND)
        Steady: it has no time.

    Raises
    ------
    ValueError
        If it does not say.
    """
    wind = json.loads(emissivity.attrs.get("solar_wind", "{}"))
    raw = xr.Dataset({f"sw_{name}": value for name, value in wind.items()})
    return driver(
        raw.assign(driver_series(raw)).assign_attrs(emissivity.attrs)
    )


def save_emissivity(
    emissivity: xr.DataArray,
    path: str | PathLike[str],
    solar_wind: xr.Dataset,
    *,
    overwrite: bool = False,
) -> None:
    """Write an emissivity cube as FITS that SXI_Core and CMEM read.

    Parameters
    ----------
    emissivity : xarray.DataArray
        On x, y, z, at one time; NaN is written as it is. [eV cm-3 s-1]
    path : str or path-like
    solar_wind : xarray.Dataset (SOLAR_WIND)
        At one time, in GSM; stands in the header, its temperature in K.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    FileExistsError
        If the file is there and is not to be replaced.
    TypeError
        If `emissivity` is no DataArray, or `solar_wind` no Dataset.
    ValueError
        If either has several times, or units or a frame that do not fit.
    """
    if not isinstance(emissivity, xr.DataArray):
        raise TypeError(
            "emissivity must be an xarray.DataArray, got "
            f"{type(emissivity).__name__}"
        )
    EMISSIVITY.check(emissivity.to_dataset(name="emissivity"))
    SOLAR_WIND.check(solar_wind)
    emissivity, solar_wind = emissivity.squeeze(), solar_wind.squeeze()
    if "time" in emissivity.dims or "time" in solar_wind.dims:
        raise ValueError(
            "an emissivity cube is of one time, and so is its solar wind; "
            "choose one of each with .isel(time=...)"
        )
    wind = {
        "n": float(solar_wind["density"]),
        "T": float(solar_wind["temperature"]) * KELVIN_PER_EV,
        **_components(solar_wind["velocity"], "u"),
        **_components(solar_wind["magnetic_field"], "b"),
    }
    _emissivity_fits.write(emissivity, wind, Path(path), overwrite=overwrite)


def _components(vector: xr.DataArray, letter: str) -> dict[str, float]:
    frame = vector.attrs.get("frame", "GSM")
    if frame != "GSM":
        raise ValueError(
            f"{vector.name} must be in GSM, got {frame}; use frames.rotate"
        )
    parts = zip(COMPONENTS, vector.values.tolist(), strict=True)
    return {f"{letter}{axis}": value for axis, value in parts}


def _held(path: Path) -> Held:
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(_HEAD)
    if _emissivity_fits.sees(head):
        return _emissivity_fits.held(path)
    if _emissivity_text.sees(head):
        return _emissivity_text.held(path)
    began = f"begins with {head[:24]!r}" if head else "is empty or a folder"
    raise ValueError(
        f"{path.name} {began}, which is no emissivity cube in FITS or text; "
        "a cube of plasma is opened with data.mhd.open_cube"
    )
