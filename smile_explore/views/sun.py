"""The Sun's disc, and where a storm left it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.data import sun as known_sun
from smile_explore.data.sun import Eruption
from smile_explore.observations import Observations
from smile_explore.physics import sun
from smile_explore.schema import SUN_IMAGE
from smile_explore.views.nothing import picture_of_nothing
from smile_explore.views.style import Layers, note, picture

__all__ = ["STAND_IN", "disc", "layers"]

STAND_IN = "drawn from the catalogue,\nnot an image"
_UNKNOWN = "where this storm left the Sun is not in its catalogue"
#: Around the disc. [arcsec]
_ROOM = 1150.0
_PLACES: dict[str, dict[str, Any]] = {
    "flare": {"color": "#D55E00", "marker": "star", "size": 16},
    "region at the clock": {
        "color": "#56B4E9",
        "marker": "circle",
        "size": 9,
    },
    "ejection's axis": {
        "color": "#009E73",
        "marker": "diamond",
        "size": 10,
    },
}


def disc(
    observations: Observations,
    time: np.datetime64,
    *,
    image: xr.Dataset | None = None,
) -> hv.Overlay:
    """Return the Sun with its grid, and where the storm left it.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64
        Where the clock stands: the region has turned on by then.
    image : xarray.Dataset (SUN_IMAGE), optional
        To draw all of it on; else the disc is drawn at the flare.
    """
    if image is not None:
        SUN_IMAGE.check(image)
    first = _first(observations)
    moment = _moment(first, image)
    if moment is None and image is None:
        return picture_of_nothing("Sun", _UNKNOWN)
    seen = _seen(moment, image)
    now = layers(observations, time, image=image)
    axes = [hv.Dimension("x", label="x [arcsec], west to the right")]
    axes.append(hv.Dimension("y", label="y [arcsec], north up"))
    parts = [_ground(seen, axes) if image is None else _image(image, axes)]
    parts += _grid(seen, axes, dark=image is not None)
    for name, options in _PLACES.items():
        if name in now:
            drawn = hv.Scatter(now[name], *axes, label=name)
            parts.append(drawn.opts(line_color="#222222", **options))
            parts.append(_name(now[f"{name}, words"], axes, name))
    parts.append(note(axes, now["note"], "note"))
    reach = _reach(image)
    return picture(
        parts,
        title=_title(first, image),
        xlim=(-reach, reach),
        ylim=(-reach, reach),
        legend="bottom_left",
    ).opts(data_aspect=1)


def layers(
    observations: Observations,
    time: np.datetime64,
    *,
    image: xr.Dataset | None = None,
) -> Layers:
    """Return the columns of `disc` that change with time."""
    first = _first(observations)
    moment = _moment(first, image)
    if moment is None:
        return {"note": _remark(image)} if image is not None else {}
    assert first is not None
    seen = _seen(moment, image)
    columns: dict[str, dict[str, Any]] = {}
    region = first.numbers("latitude", "longitude")
    axis = first.numbers("ejection latitude", "ejection longitude")
    if region is not None:
        flare = first.flare
        rate = float(sun.rotation(region[0]))
        status = first.status("latitude", "longitude")
        for name, when in (("flare", moment), ("region at the clock", time)):
            days = float((when - flare) / np.timedelta64(1, "D"))
            here = seen if name == "flare" else _seen(time, image)
            columns |= _marked(
                name, (region[0], region[1] + rate * days), here, image, status
            )
    if axis is not None:
        status = first.status("ejection latitude", "ejection longitude")
        columns |= _marked("ejection's axis", axis, seen, image, status)
    columns["note"] = _remark(image)
    return columns


def _first(observations: Observations) -> Eruption | None:
    return next(iter(known_sun.eruptions(observations.event)), None)


def _moment(
    first: Eruption | None, image: xr.Dataset | None
) -> np.datetime64 | None:
    """Return of when the disc is drawn, None if no flare is known."""
    flare = None if first is None else first.flare
    if image is not None and flare is not None:
        return np.datetime64(image.attrs["time"], "ns")
    return flare


def _seen(moment: Any, image: xr.Dataset | None) -> sun.Disc:
    if image is None:
        return sun.disc(moment)
    told = image.attrs
    return sun.Disc(
        told["observer_latitude"], 0.0, told["distance"], told["limb"]
    )


def _reach(image: xr.Dataset | None) -> float:
    """Return how far from the middle the picture goes. [arcsec]."""
    return _ROOM if image is None else float(np.abs(image.x).max())


def _marked(
    name: str,
    place: tuple[float, ...],
    seen: sun.Disc,
    image: xr.Dataset | None,
    status: str,
) -> dict[str, dict[str, Any]]:
    """Return where a mark stands, and what is written beside it."""
    latitude, longitude = place
    off = 0.0 if image is None else image.attrs["observer_longitude"]
    x, y, visible = sun.place([latitude], [longitude - off], seen)
    mark = {"x": np.where(visible, x, np.nan), "y": y}
    told = _words(latitude, longitude)
    if status != "verified":
        told += f" ({status})"
    # the axis below, for it may be close to the flare
    up = 0.065 * _reach(image) * (-1 if name == "ejection's axis" else 1)
    words = {"x": mark["x"], "y": y + up, "text": [told]}
    return {name: mark, f"{name}, words": words}


def _name(
    columns: Mapping[str, Any], axes: list[hv.Dimension], name: str
) -> hv.Labels:
    return hv.Labels(columns, axes, "text", label=f"{name}, words").opts(
        text_font_size="11px",
        text_color="#222222",
        text_align="right" if name == "flare" else "left",
        background_fill_color="white",
        background_fill_alpha=0.75,
        show_legend=False,
    )


def _words(latitude: float, longitude: float) -> str:
    """Return a place as the field writes it: ``"N14E02"``."""
    north = "N" if latitude >= 0 else "S"
    west = "W" if longitude >= 0 else "E"
    return f"{north}{abs(latitude):02.0f}{west}{abs(longitude):02.0f}"


def _title(first: Eruption | None, image: xr.Dataset | None) -> str:
    if image is not None:
        when = image.attrs["time"].replace("T", " ")
        return f"{image.attrs['instrument']}, {when}"
    assert first is not None
    flare = first.flare
    parts = [first.value("region") or ""]
    if kind := first.value("flare class"):
        unsure = first.status("flare class") == "not verified"
        parts.append(f"flare {kind}{'?' if unsure else ''}")
    if flare is not None:
        when = str(np.datetime_as_string(flare, unit="m"))
        parts.append(when.replace("T", " "))
    return "Sun: " + ", ".join(part for part in parts if part)


def _remark(image: xr.Dataset | None) -> dict[str, list[Any]]:
    reach = _reach(image)
    text = STAND_IN if image is None else f"image: {image.source}"
    return {"x": [-0.99 * reach], "y": [0.99 * reach], "text": [text]}


def _ground(seen: sun.Disc, axes: list[hv.Dimension]) -> hv.Polygons:
    turn = np.linspace(0.0, 2.0 * np.pi, 181)
    limb = {"x": seen.radius * np.cos(turn), "y": seen.radius * np.sin(turn)}
    return hv.Polygons([limb], axes, label="ground").opts(
        color="#FFF3C4", line_color=None, show_legend=False
    )


def _grid(
    seen: sun.Disc, axes: list[hv.Dimension], *, dark: bool
) -> list[hv.Curve]:
    """Draw every 15 deg of latitude and longitude, and the limb."""
    along = np.append(np.linspace(-90.0, 90.0, 91), np.nan)
    lines = [(np.full(92, lat), along) for lat in range(-75, 90, 15)]
    lines += [(along, np.full(92, lon)) for lon in range(-90, 105, 15)]
    latitude, longitude = np.concatenate([np.stack(x) for x in lines], axis=1)
    x, y, visible = sun.place(latitude, longitude, seen)
    x = np.where(visible, x, np.nan)
    turn = np.linspace(0.0, 2.0 * np.pi, 181)
    limb = {"x": seen.radius * np.cos(turn), "y": seen.radius * np.sin(turn)}
    ink = "#56B4E9" if dark else "#8A6D1B"
    return [
        hv.Curve({"x": x, "y": y}, *axes, label="grid").opts(
            color=ink, line_width=0.7, line_alpha=0.7, show_legend=False
        ),
        hv.Curve(limb, *axes, label="limb").opts(
            color=ink, line_width=1.5, show_legend=False
        ),
    ]


def _image(image: xr.Dataset, axes: list[hv.Dimension]) -> hv.Image:
    """Draw an image, its brightness as far as the eye can follow it."""
    values = image.intensity.values
    low, high = np.nanpercentile(values, [1.0, 99.8])
    scaled = np.clip((values - low) / max(high - low, 1e-12), 0.0, 1.0)
    columns = (image.x.values, image.y.values, np.sqrt(scaled))
    shown = hv.Dimension("brightness", label="root of brightness, scaled")
    return hv.Image(columns, axes, shown, label="image").opts(
        cmap="gray", clim=(0.0, 1.0), show_legend=False
    )
