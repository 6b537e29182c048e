"""What all X-ray files share: who made them, and how they are opened."""

from __future__ import annotations

import json
import warnings
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from smile_explore.data._whole import refuse_to_replace, whole
from smile_explore.data.policy import Policy, fits_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from astropy.io import fits

__all__ = [
    "FilePath",
    "as_json",
    "by_energy",
    "column",
    "declare",
    "energies",
    "find",
    "julian_day",
    "opened",
    "primary",
    "settings_of",
    "settings_table",
    "table_of",
    "time_cards",
    "write",
]

FilePath = str | PathLike[str]

_UNITS = {"eV": 1e-3, "keV": 1.0, "MeV": 1e3}


def primary(attributes: dict[Any, Any]) -> fits.PrimaryHDU:
    """Return an empty first part that says which instrument a file is of."""
    from astropy.io import fits

    return fits.PrimaryHDU(header=fits.Header(_origin(attributes)))


def declare(
    hdu: fits.BinTableHDU | fits.PrimaryHDU,
    attributes: dict[Any, Any],
    *kinds: str,
) -> None:
    """Say which of the forms of OGIP a part of a file has.

    Parameters
    ----------
    hdu : astropy.io.fits HDU
    attributes : dict
        Of the response.
    *kinds : str
        HDUCLAS1, HDUCLAS2, ..., and at last the version of the form.
    """
    hdu.header.update(_origin(attributes))
    hdu.header["HDUCLASS"] = "OGIP"
    for number, kind in enumerate(kinds[:-1], 1):
        hdu.header[f"HDUCLAS{number}"] = kind
    hdu.header["HDUVERS"] = kinds[-1]


def table_of(
    name: str, columns: Mapping[str, Any], units: Mapping[str, str]
) -> fits.BinTableHDU:
    """Make a table of arrays, numbers as they are: nothing is rounded."""
    from astropy.io import fits

    forms = {"f": "D", "i": "J", "u": "J"}
    made = [
        fits.Column(
            label,
            forms[np.asarray(values).dtype.kind],
            units.get(label),
            array=np.asarray(values),
        )
        for label, values in columns.items()
    ]
    return fits.BinTableHDU.from_columns(made, name=name)


def write(
    hdus: list[Any], path: FilePath, overwrite: bool, policy: Policy
) -> None:
    """Write with policy and checksums, whole or not at all.

    Raises
    ------
    FileExistsError
        If the file is there and is not to be replaced.
    """
    from astropy.io import fits

    refuse_to_replace(path, overwrite=overwrite)
    hdus[0].header.extend(fits_header(policy))
    with whole(path) as part:
        fits.HDUList(hdus).writeto(part, checksum=True)


def find(
    hdus: fits.HDUList, names: tuple[str, ...], path: FilePath
) -> fits.BinTableHDU:
    """Return the table of one of some names."""
    for name in names:
        if name in hdus:
            return hdus[name]
    raise ValueError(
        f"{Path(path).name} has no table {' or '.join(names)}; it has "
        f"{', '.join(hdu.name or 'no name' for hdu in hdus)}"
    )


def by_energy(
    tables: Mapping[str, Any],
    low: np.ndarray,
    high: np.ndarray,
    path: FilePath,
) -> xr.Dataset:
    """Give tables the energies of their bins, and the name of their file."""
    return xr.Dataset(
        {
            **tables,
            "energy_low": ("photon_energy", low),
            "energy_high": ("photon_energy", high),
        },
        coords={"photon_energy": (low + high) / 2.0},
        attrs={"origin": Path(path).name},
    )


@contextmanager
def opened(path: FilePath, *, checked: bool = False) -> Iterator[fits.HDUList]:
    """Open a FITS file; what cannot be read is a ValueError that names it.

    A file that is cut short is refused, and if `checked` one whose checksums
    are wrong, which other programs do not always keep.
    """
    from astropy.io import fits
    from astropy.utils.exceptions import AstropyUserWarning

    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no FITS file at {path}")
    # A file of ours, so that it is closed whatever its bytes lead to.
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                for words in (".*truncated", "(Checksum|Datasum) verif"):
                    warnings.filterwarnings("error", words, AstropyUserWarning)
                hdus = fits.open(file, memmap=False, checksum=checked)
                for hdu in hdus:  # all, for they are read when asked for
                    _ = hdu.data if checked else hdu.header
        except (OSError, TypeError, IndexError, AstropyUserWarning) as error:
            reason = (str(error) or type(error).__name__).splitlines()[0]
            raise ValueError(
                f"{path.name} cannot be read as FITS: {reason}; fetch it again"
            ) from error
        with hdus:
            yield hdus


def column(table: fits.BinTableHDU, name: str, path: FilePath) -> np.ndarray:
    """Return a column in the byte order of this machine."""
    if name not in table.columns.names:
        raise ValueError(
            f"{Path(path).name}: {table.name} lacks the column {name}; it "
            f"has {', '.join(table.columns.names)}"
        )
    values = np.asarray(table.data[name])
    if values.dtype == object:
        return values
    return values.astype(values.dtype.newbyteorder("="))


def energies(
    table: fits.BinTableHDU, low: str, high: str, path: FilePath
) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges of bins in keV, and refuse bins that do not rise."""
    edges = []
    for name in (low, high):
        values = column(table, name, path).astype(float)
        unit = table.columns[name].unit or "keV"
        if unit not in _UNITS:
            raise ValueError(
                f"{Path(path).name}: {name} must be in keV or eV, got {unit}"
            )
        edges.append(values * _UNITS[unit])
    if not (edges[0] < edges[1]).all() or not (np.diff(edges[0]) > 0).all():
        raise ValueError(
            f"{Path(path).name}: {low} and {high} must rise from bin to bin"
        )
    return edges[0], edges[1]


def settings_of(table: fits.BinTableHDU) -> dict[str, Any]:
    """Read what `settings_table` wrote."""
    pairs = zip(table.data["NAME"], table.data["VALUE"], strict=True)
    return {str(name): json.loads(str(value)) for name, value in pairs}


def settings_table(attributes: dict[Any, Any]) -> fits.BinTableHDU:
    """Keep attributes as a table of names and JSON values."""
    from astropy.io import fits

    names = [str(name) for name in attributes]
    values = [as_json(attributes[name], name) for name in names]

    def text(label: str, words: list[str]) -> fits.Column:
        width = max((len(word) for word in words), default=1)
        return fits.Column(label, f"{width}A", array=words)

    return fits.BinTableHDU.from_columns(
        [text("NAME", names), text("VALUE", values)], name="SETTINGS"
    )


def as_json(value: Any, name: str) -> str:
    """Return an attribute as JSON, or say which it is that cannot be kept.

    Raises
    ------
    TypeError
    """
    if isinstance(value, np.generic):
        value = value.item()
    try:
        return json.dumps(value)
    except TypeError:
        raise TypeError(
            f"the attribute {name} cannot be saved: {type(value).__name__} is "
            "neither text, number, truth value nor a list or mapping of these"
        ) from None


def time_cards(data: xr.Dataset) -> dict[str, Any]:
    """Say when the exposure was and how long, as text and Julian day."""
    cards: dict[str, Any] = {"TIMESYS": "UTC"}
    exposure = float(data["exposure"]) if "exposure" in data else 0.0
    if exposure:
        cards |= dict.fromkeys(("EXPOSURE", "ONTIME", "LIVETIME"), exposure)
    if "time" in data.coords and data["time"].ndim == 0:
        start: Any = data["time"].values.astype("datetime64[ns]")
        end = start + np.timedelta64(round(exposure * 1e9), "ns")
        for name, moment in (("OBS", start), ("END", end)):
            cards[f"DATE-{name}"] = str(moment)
            day, part = julian_day(moment)
            cards[f"MJD-{name}"] = day + part
    return cards


def julian_day(moment: np.datetime64) -> tuple[float, float]:
    """Return the modified Julian day, whole and fraction."""
    day = moment.astype("datetime64[D]")
    # that of 1970-01-01 is 40587
    whole = float(day.astype(int)) + 40587.0
    return whole, float((moment - day) / np.timedelta64(1, "D"))


def _origin(attributes: dict[Any, Any]) -> dict[str, str]:
    return {
        "TELESCOP": str(attributes.get("telescope", "SMILE")),
        "INSTRUME": str(attributes.get("instrument", "SXI")),
        "FILTER": "NONE",
        "ORIGIN": "smile_explore",
        "CREATOR": "smile_explore",
    }
