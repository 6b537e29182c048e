"""Emissivity cubes as FITS, the form that SXI_Core and CMEM read.

The primary image is the emissivity with x fastest; its header has the solar
wind (``BX BY BZ VX VY VZ DENSITY TEMP``, and ``DIPOLE`` and ``TIME`` in some);
the images ``x``, ``y`` and ``z`` are the axes (``read_fits_cube.py`` of
swharton1/SXI_Core, ``batsrus_fits.py`` of swharton1/Emissivity_Cubes).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dask.array as da
import numpy as np
import xarray as xr

from smile_explore.data import _fits, policy
from smile_explore.data.mhd._emissivity_held import WIND, Held
from smile_explore.schema import COMPONENTS

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = ["held", "sees", "write"]

_SIGNATURE = b"SIMPLE  ="
_UNITS = {"", "eV cm-3 s-1", "eV/cm3/s", "eV cm^-3 s^-1", "eV/cm^3/s"}
#: What turned a cube to GSE leaves in its history.
_TURNED = "convert_cube_to_gse"


def sees(head: bytes) -> bool:
    """Tell whether this is FITS."""
    return head.startswith(_SIGNATURE)


def held(path: Path) -> Held:
    """Read the header and the axes; the emissivity stays in the file."""
    from astropy.utils.exceptions import AstropyUserWarning

    with warnings.catch_warnings():
        # that a file was cut short is said in one sentence below
        warnings.simplefilter("ignore", AstropyUserWarning)
        with _fits.opened(path) as hdus:
            header = _checked_header(hdus, path)
            _check_whole(hdus, path)
            axes = {
                axis: np.asarray(hdus[axis].data, np.float64).ravel()
                for axis in COMPONENTS
            }
    shape = tuple(axes[axis].size for axis in reversed(COMPONENTS))
    came = tuple(header[f"NAXIS{n}"] for n in (3, 2, 1))
    if came != shape:
        raise ValueError(
            f"{path.name}: its emissivity has the shape {came} along z, y, "
            f"x, but its axes are {shape} long; get it again"
        )
    values = da.from_array(_Image(path, path.stat().st_mtime_ns, shape))
    wind = {name: float(header[card]) for name, (card, _) in WIND.items()}
    attrs: dict[str, Any] = {"title": str(header.get("OBJECT", path.stem))}
    if "DIPOLE" in header:
        attrs["dipole_tilt"] = float(header["DIPOLE"])
    if "TIME" in header:
        attrs["model_time"] = str(header["TIME"])
    return Held(axes, values, wind, attrs)


def write(
    emissivity: xr.DataArray,
    wind: dict[str, float],
    path: Path,
    *,
    overwrite: bool,
) -> None:
    """Write an emissivity cube with its axes and solar wind."""
    from astropy.io import fits

    turned = emissivity.transpose(*reversed(COMPONENTS))
    first = fits.PrimaryHDU(np.asarray(turned, dtype=np.float32))
    first.header["BUNIT"] = "eV cm-3 s-1"
    for name, (card, comment) in WIND.items():
        first.header[card] = (wind[name], comment)
    if "dipole_tilt" in emissivity.attrs:
        first.header["DIPOLE"] = float(emissivity.attrs["dipole_tilt"])
    if "time" in emissivity.coords:
        # to the minute, in the one form that is read elsewhere
        moment = str(emissivity["time"].values.astype("datetime64[m]"))
        first.header["TIME"] = moment.replace("-", "/").replace("T", " ")
    if "title" in emissivity.attrs:
        first.header["OBJECT"] = str(emissivity.attrs["title"])
    first.header["CREATOR"] = "smile_explore"
    axes = [
        fits.ImageHDU(np.asarray(emissivity[axis], np.float64), name=axis)
        for axis in COMPONENTS
    ]
    terms = policy.of(
        emissivity.attrs,
        contents="X-ray emissivity of a model of the magnetosphere; nothing "
        "of it is measured.",
    )
    _fits.write([first, *axes], path, overwrite, terms)


@dataclass(frozen=True)
class _Image:
    """The primary image of a file, read part by part."""

    path: Path
    changed: int
    shape: tuple[int, ...]
    dtype = np.dtype(np.float32)
    ndim = 3

    def __getitem__(self, part: tuple[slice, ...]) -> np.ndarray:
        from astropy.io import fits

        with fits.open(self.path, memmap=True) as hdus:
            return np.asarray(hdus[0].section[part], dtype=self.dtype)


def _checked_header(hdus: fits.HDUList, path: Path) -> fits.Header:
    """Refuse FITS that is no emissivity cube."""
    header = hdus[0].header
    cards = ["NAXIS3", *(card for card, _ in WIND.values())]
    names = [hdu.name.lower() for hdu in hdus[1:]]
    lacking = [card for card in cards if card not in header]
    lacking += [f"image {axis}" for axis in COMPONENTS if axis not in names]
    if lacking:
        raise ValueError(
            f"{path.name} is no whole emissivity cube in FITS: it lacks "
            f"{', '.join(lacking)}"
        )
    units = str(header.get("BUNIT", "")).strip()
    if units not in _UNITS:
        raise ValueError(
            f"{path.name}: its emissivity must be in eV cm-3 s-1, got {units}"
        )
    if _TURNED in str(header.get("HISTORY", "")):
        raise ValueError(
            f"{path.name} was turned to GSE by {_TURNED}; open the cube in "
            f"GSM that it was made from ({header.get('ORIGINAL', 'unknown')})"
        )
    return header


def _check_whole(hdus: fits.HDUList, path: Path) -> None:
    size = path.stat().st_size
    for hdu in hdus:
        place = hdu.fileinfo()
        if place["datLoc"] + place["datSpan"] > size:
            raise ValueError(f"{path.name} is cut short; get it again")
