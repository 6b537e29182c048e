"""X-ray responses in the files of the field: ARF, RMF and PSF as FITS.

The forms are OGIP's (CAL/GEN/92-002 and 92-002a), so that the calibration
of SXI drops in by `instruments.response.tables.replace` when it is public.
What those forms have no room for (CCDs, vignetting, background) stands in a
fourth file of this package.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from smile_explore.data._fits import (
    FilePath,
    by_energy,
    column,
    declare,
    energies,
    find,
    opened,
    primary,
    settings_of,
    settings_table,
    table_of,
    write,
)
from smile_explore.data._psf import read_psf, write_psf
from smile_explore.data._rmf import read_rmf, write_rmf
from smile_explore.data.policy import of_response
from smile_explore.schema import RESPONSE

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = [
    "read_arf",
    "read_psf",
    "read_response",
    "read_rmf",
    "write_arf",
    "write_psf",
    "write_response",
    "write_rmf",
]

_FILES = ("sxi.arf", "sxi.rmf", "sxi_psf.fits", "sxi_detector.fits")
#: Parts of SPECRESP, as further columns that other readers leave alone.
_PARTS = {
    "OPTIC": "optic_area",
    "QE": "quantum_efficiency",
    "FILTER": "filter_transmission",
}
_EDGES = {
    "LON_LOW": "lon_low",
    "LON_HIGH": "lon_high",
    "LAT_LOW": "lat_low",
    "LAT_HIGH": "lat_high",
}


def write_response(
    response: xr.Dataset, folder: FilePath, *, overwrite: bool = False
) -> list[Path]:
    """Write all tables of a response into a folder.

    Parameters
    ----------
    response : xarray.Dataset (RESPONSE)
    folder : str or path-like
        Made if it is not there.
    overwrite : bool
        Whether files that are there are replaced.

    Returns
    -------
    paths : list of Path
        ``sxi.arf``, ``sxi.rmf``, ``sxi_psf.fits``, ``sxi_detector.fits``.

    Raises
    ------
    OSError
        If a file is there and is not to be replaced.
    """
    RESPONSE.check(response)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in _FILES]
    write_arf(response, paths[0], overwrite=overwrite)
    write_rmf(response, paths[1], overwrite=overwrite)
    write_psf(response, paths[2], overwrite=overwrite)
    tables = [
        _vignetting(response),
        table_of(
            "CHIPS",
            {
                name: response["chips"].sel(edge=edge).values
                for name, edge in _EDGES.items()
            },
            dict.fromkeys(_EDGES, "deg"),
        ),
        table_of(
            "SKY",
            {"ENERGY": response["sky_energy"].values}
            | {
                str(part): response["sky"].sel(sky_component=part).values
                for part in response["sky_component"].values
            },
            {"ENERGY": "keV"},
        ),
        table_of(
            "PARTICLES",
            {
                "CHANNEL": response["channel"].values,
                "RATE": response["particles"].values,
            },
            {"RATE": "count cm-2 s-1"},
        ),
        settings_table(response.attrs),
    ]
    write(
        [primary(response.attrs), *tables],
        paths[3],
        overwrite,
        of_response(response.attrs),
    )
    return paths


def read_response(folder: FilePath) -> xr.Dataset:
    """Read what `write_response` wrote.

    Parameters
    ----------
    folder : str or path-like

    Returns
    -------
    response : xarray.Dataset (RESPONSE)

    Raises
    ------
    FileNotFoundError
        If one of its four files is missing.
    ValueError
        If one is damaged or they do not fit each other.
    """
    arf, rmf, psf, detector = (Path(folder) / name for name in _FILES)
    parts = [read_arf(arf), read_rmf(rmf), read_psf(psf)]
    if parts[0].sizes["photon_energy"] != parts[1].sizes["photon_energy"]:
        raise ValueError(
            f"{arf.name} has {parts[0].sizes['photon_energy']} energies and "
            f"{rmf.name} {parts[1].sizes['photon_energy']}; read each by its "
            "own reader and join them with tables.replace"
        )
    with opened(detector) as hdus:
        field, chips, sky, particles, settings = (
            hdus[name]
            for name in ("VIGNETTING", "CHIPS", "SKY", "PARTICLES", "SETTINGS")
        )
        components = [n for n in sky.columns.names if n != "ENERGY"]
        rest = xr.Dataset(
            {
                "vignetting": (
                    ("vignetting_lat", "vignetting_lon"),
                    column(field, "VIGNET", detector)[0],
                ),
                "chips": (
                    ("chip", "edge"),
                    np.stack(
                        [column(chips, n, detector) for n in _EDGES], axis=1
                    ),
                ),
                "sky": (
                    ("sky_component", "sky_energy"),
                    np.stack([column(sky, n, detector) for n in components]),
                ),
                "particles": ("channel", column(particles, "RATE", detector)),
            },
            coords={
                "vignetting_lat": column(field, "LAT", detector)[0],
                "vignetting_lon": column(field, "LON", detector)[0],
                "edge": list(_EDGES.values()),
                "sky_component": components,
                "sky_energy": column(sky, "ENERGY", detector),
                "channel": column(particles, "CHANNEL", detector),
            },
        )
        attributes = settings_of(settings)
    merged = xr.merge([*parts, rest], compat="equals", join="exact")
    merged.attrs = attributes
    return RESPONSE.stamp(merged)


def write_arf(
    response: xr.Dataset, path: FilePath, *, overwrite: bool = False
) -> None:
    """Write the effective area as an ancillary response file (ARF).

    SPECRESP is the area of optic, CCD and filter together; its three parts
    are further columns.
    """
    parts = {name: response[part].values for name, part in _PARTS.items()}
    table = table_of(
        "SPECRESP",
        {
            "ENERG_LO": response["energy_low"].values,
            "ENERG_HI": response["energy_high"].values,
            "SPECRESP": np.prod(list(parts.values()), axis=0),
            **parts,
        },
        {
            "ENERG_LO": "keV",
            "ENERG_HI": "keV",
            "SPECRESP": "cm**2",
            "OPTIC": "cm**2",
        },
    )
    declare(table, response.attrs, "RESPONSE", "SPECRESP", "1.1.0")
    table.header["ARFVERSN"] = ("1992a", "for older readers")
    write(
        [primary(response.attrs), table],
        path,
        overwrite,
        of_response(response.attrs),
    )


def read_arf(path: FilePath) -> xr.Dataset:
    """Read an ancillary response file.

    Returns
    -------
    tables : xarray.Dataset
        Those of RESPONSE by `photon_energy`. In a file that does not tell
        its parts apart the whole area is `optic_area` and the rest 1.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged or lacks a column, or its energies do not rise.
    """
    with opened(Path(path)) as hdus:
        table = find(hdus, ("SPECRESP",), path)
        low, high = energies(table, "ENERG_LO", "ENERG_HI", path)
        whole = column(table, "SPECRESP", path).astype(float)
        split = set(_PARTS) <= set(table.columns.names)
        parts = {
            part: column(table, name, path).astype(float)
            if split
            else np.ones_like(whole)
            for name, part in _PARTS.items()
        }
        if not split:
            parts["optic_area"] = whole
    return by_energy(
        {name: ("photon_energy", values) for name, values in parts.items()},
        low,
        high,
        path,
    )


def _vignetting(response: xr.Dataset) -> fits.BinTableHDU:
    """Put the table and its uneven axes into one row."""
    from astropy.io import fits

    table = response["vignetting"].transpose(
        "vignetting_lat", "vignetting_lon"
    )
    lat, lon = table.shape
    columns = [
        fits.Column(
            "LAT", f"{lat}D", "deg", array=[table["vignetting_lat"].values]
        ),
        fits.Column(
            "LON", f"{lon}D", "deg", array=[table["vignetting_lon"].values]
        ),
        fits.Column(
            "VIGNET",
            f"{lat * lon}D",
            dim=f"({lon},{lat})",
            array=table.values[None],
        ),
    ]
    return fits.BinTableHDU.from_columns(columns, name="VIGNETTING")
