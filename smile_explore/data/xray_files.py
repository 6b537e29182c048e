"""Event lists and images of SXI as FITS, for the tools of X-ray astronomy.

Places are angles from the boresight: the world coordinates are FVLN and FVLT
in plate carree projection, in which they are linear. A time is when the
exposure began.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from smile_explore.data import policy
from smile_explore.data._fits import (
    FilePath,
    column,
    declare,
    find,
    julian_day,
    opened,
    primary,
    settings_of,
    settings_table,
    table_of,
    time_cards,
    write,
)
from smile_explore.data._fits_series import AXES, axis_cards
from smile_explore.data.policy import Policy
from smile_explore.schema import EVENTS, SXI_IMAGE

if TYPE_CHECKING:
    from astropy.io import fits

__all__ = ["read_events", "read_image", "write_events", "write_image"]

#: Columns of an event list that are kept as they are.
_COLUMNS = {
    "TIME": ("elapsed", "s"),
    "FRAME": ("frame", ""),
    "FOV_LON": ("fov_lon", "deg"),
    "FOV_LAT": ("fov_lat", "deg"),
    "ENERGY": ("photon_energy", "keV"),
}
#: Parts of an image that are no image, but known of each pixel.
_COORDINATES = ("sensitivity",)
#: The image that comes first, for tools that open only one.
_FIRST = ("counts", "expected_counts", "intensity")


def write_events(
    events: xr.Dataset,
    path: FilePath,
    *,
    response: xr.Dataset | None = None,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write an event list.

    Parameters
    ----------
    events : xarray.Dataset (EVENTS)
        As `response.events.draw` returns them.
    path : str or path-like
    response : xarray.Dataset (RESPONSE), optional
        Gives each event its channel, the column PI that spectra are made of.
    terms : Policy, optional
        By default what `policy.of` finds in the dataset.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    FileExistsError
        If the file is there and is not to be replaced.
    """
    EVENTS.check(events)
    pixel = float(events.attrs.get("pixel", 0.25))
    columns = {name: events[key].values for name, (key, _) in _COLUMNS.items()}
    for name, axis in (("X", "lon"), ("Y", "lat")):
        middle = _middle(events, axis, pixel)
        columns[name] = events[f"fov_{axis}"].values / pixel + middle
    if response is not None:
        columns["PI"] = _channels(events, response)
    units = {name: unit for name, (_, unit) in _COLUMNS.items() if unit}
    table = table_of("EVENTS", columns, units | {"X": "pixel", "Y": "pixel"})
    declare(table, events.attrs, "EVENTS", "ALL", "1.2.0")
    table.header.update(time_cards(events) | _clock_cards(events))
    if response is not None:
        place = table.columns.names.index("PI") + 1
        table.header["CHANTYPE"] = "PI"
        table.header[f"TLMIN{place}"] = int(response["channel"].min())
        table.header[f"TLMAX{place}"] = int(response["channel"].max())
    for number, (coordinate, kind) in AXES.items():
        place = table.columns.names.index("XY"[number - 1]) + 1
        middle = _middle(events, coordinate[4:], pixel)
        table.header[f"TCTYP{place}"] = kind
        table.header[f"TCUNI{place}"] = "deg"
        table.header[f"TCRPX{place}"] = middle
        table.header[f"TCRVL{place}"] = 0.0
        table.header[f"TCDLT{place}"] = pixel
        table.header[f"TLMIN{place}"] = 0.5
        table.header[f"TLMAX{place}"] = 2.0 * middle - 0.5
    exposure = float(events["exposure"])
    good = table_of(
        "GTI",
        {"START": np.zeros(1), "STOP": np.array([exposure])},
        {"START": "s", "STOP": "s"},
    )
    declare(good, events.attrs, "GTI", "STANDARD", "1.0.0")
    good.header.update(time_cards(events) | _clock_cards(events))
    settings = settings_table(events.attrs)
    terms = terms or policy.of(events)
    write(
        [primary(events.attrs), table, good, settings], path, overwrite, terms
    )


def read_events(path: FilePath) -> xr.Dataset:
    """Read an event list.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    events : xarray.Dataset (EVENTS)

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, or lacks a column or EXPOSURE.
    """
    with opened(path) as hdus:
        table = find(hdus, ("EVENTS",), path)
        read = {
            key: ("event", column(table, name, path))
            for name, (key, _) in _COLUMNS.items()
        }
        if "EXPOSURE" not in table.header:
            raise ValueError(f"{Path(path).name}: EVENTS lacks EXPOSURE")
        events = xr.Dataset(read)
        events["exposure"] = float(table.header["EXPOSURE"])
        events = _with_time(events, table.header)
        if "SETTINGS" in hdus:
            events.attrs = settings_of(hdus["SETTINGS"])
    return EVENTS.stamp(events)


def write_image(
    image: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write an image, the counts first.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        One exposure.
    path : str or path-like
    terms : Policy, optional
        By default what `policy.of` finds in the dataset.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    ValueError
        If the image has several times.
    FileExistsError
        If the file is there and is not to be replaced.
    """
    SXI_IMAGE.check(image)
    if image["intensity"].ndim != 2:
        raise ValueError(
            "a FITS image holds one exposure, got the dimensions "
            f"{image['intensity'].dims}; select one with .isel(time=...), or "
            "use xray_series.write_images"
        )
    image = image.reset_coords([n for n in _COORDINATES if n in image])
    plane = {"fov_lat", "fov_lon"}
    names = [name for name in _FIRST if name in image]
    names += [
        str(name)
        for name in image
        if name not in names and set(image[name].dims) == plane
    ]
    hdus = [_image_hdu(image, name, first=name == names[0]) for name in names]
    parts = [*hdus, settings_table(image.attrs)]
    write(parts, path, overwrite, terms or policy.of(image))


def read_image(path: FilePath) -> xr.Dataset:
    """Read an image.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE)
        A part without a name is taken for counts; `intensity` is NaN where
        the file has none.

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it is damaged, or an image lacks the scale of its axes.
    """
    with opened(path) as hdus:
        parts = [h for h in hdus if h.is_image and h.size]
        if not parts:
            raise ValueError(f"{Path(path).name} holds no image")
        axes = _axes(parts[0].header, path)
        image = xr.Dataset(
            {
                (part.name.lower() if part.name != "PRIMARY" else "counts"): (
                    ("fov_lat", "fov_lon"),
                    part.data.astype(float),
                )
                for part in parts
            },
            coords=axes,
        ).sortby(["fov_lat", "fov_lon"])
        if "intensity" not in image:
            image["intensity"] = xr.full_like(image["counts"], np.nan)
        header = parts[0].header
        if "EXPOSURE" in header:
            image["exposure"] = float(header["EXPOSURE"])
        image = _with_time(image, header)
        if "SETTINGS" in hdus:
            image.attrs = settings_of(hdus["SETTINGS"])
    return SXI_IMAGE.stamp(
        image.set_coords([n for n in _COORDINATES if n in image])
    )


def _image_hdu(
    image: xr.Dataset, name: str, *, first: bool
) -> fits.PrimaryHDU | fits.ImageHDU:
    from astropy.io import fits

    part = image[name].transpose("fov_lat", "fov_lon")
    made = (fits.PrimaryHDU if first else fits.ImageHDU)(part.values)
    declare(made, image.attrs, "IMAGE", name.upper(), "1.0.0")
    made.header["EXTNAME"] = name.upper()
    unit = part.attrs.get("units", "1")
    made.header["BUNIT"] = "count" if unit == "1" else unit
    made.header.update(time_cards(image))
    made.header.update(axis_cards(image))
    return made


def _axes(header: fits.Header, path: FilePath) -> dict[str, np.ndarray]:
    axes = {}
    for axis, (name, _) in AXES.items():
        lacking = [
            card
            for card in (f"CRPIX{axis}", f"CRVAL{axis}", f"CDELT{axis}")
            if card not in header
        ]
        if lacking:
            raise ValueError(
                f"{Path(path).name} does not say where its pixels look: "
                f"{', '.join(lacking)} missing"
            )
        pixel = np.arange(1, header[f"NAXIS{axis}"] + 1)
        offset = (pixel - header[f"CRPIX{axis}"]) * header[f"CDELT{axis}"]
        axes[name] = header[f"CRVAL{axis}"] + offset
    return axes


def _channels(events: xr.Dataset, response: xr.Dataset) -> np.ndarray:
    energy = events["photon_energy"].values
    place = np.searchsorted(
        response["channel_low"].values, energy, side="right"
    )
    place = (place - 1).clip(0, response.sizes["channel"] - 1)
    return response["channel"].values[place].astype(int)


def _middle(events: xr.Dataset, axis: str, pixel: float) -> float:
    """Return the pixel, from 1, in which the boresight is."""
    width = float(events.attrs.get(f"field_{axis}", 30.0))
    return width / pixel / 2.0 + 0.5


def _clock_cards(events: xr.Dataset) -> dict[str, Any]:
    """Say what the times of an event list are counted from."""
    cards: dict[str, Any] = {"TIMEUNIT": "s", "TIMEZERO": 0.0, "TSTART": 0.0}
    cards["TSTOP"] = cards["TELAPSE"] = float(events["exposure"])
    cards |= {"TIMEREF": "LOCAL", "TASSIGN": "SATELLITE"}
    if "frame_time" in events.attrs:
        # a time is the middle of its frame
        cards |= {"TIMEDEL": events.attrs["frame_time"], "TIMEPIXR": 0.5}
    if "time" in events.coords and events["time"].ndim == 0:
        start: Any = events["time"].values.astype("datetime64[ns]")
        day, part = julian_day(start)
        cards |= {"MJDREFI": int(day), "MJDREFF": part}
    return cards


def _with_time(data: xr.Dataset, header: fits.Header) -> xr.Dataset:
    if "DATE-OBS" not in header:
        return data
    return data.assign_coords(time=np.datetime64(header["DATE-OBS"], "ns"))
