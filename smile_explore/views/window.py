"""The window that SMILE looks through: what is in the fields of SXI and UVI.

Wider than both: Earth, its limb and its aurora below, the nose in the middle,
as in the mission's simulator (A. Read, https://www.star.le.ac.uk/~amr30/SMILE).
"""

from __future__ import annotations

from typing import Any

import holoviews as hv
import numpy as np
import xarray as xr

from smile_explore.instruments import orbit
from smile_explore.instruments.camera import project, unproject
from smile_explore.instruments.surroundings import NOMINAL
from smile_explore.instruments.sxi import SXI_FLIGHT
from smile_explore.instruments.uvi import SXI_OFFSET
from smile_explore.instruments.visibility import BAFFLE_ANGLE
from smile_explore.schema import POINTING
from smile_explore.views import _in_window
from smile_explore.views._uv_picture import EDGE, SUN
from smile_explore.views.orbit import BOUNDARY
from smile_explore.views.style import Layers, at, note, picture

__all__ = ["layers", "window"]

#: Ends of the window: right and left, up and down. [deg]
LON = (-24.0, 24.0)
LAT = (-35.0, 13.0)
#: Side of UVI's frame. [deg]
UVI_FRAME = 10.0
_LINES: dict[str, dict[str, Any]] = {
    "field lines": {"color": "#C0C0C0", "line_width": 0.9},
    "coastlines": {"color": "#7F7F7F", "line_width": 0.7},
    "limb": {"color": "#0072B2", "line_width": 2.4},
    "terminator": {"color": SUN, "line_width": 1.6, "line_dash": "dashed"},
    "aurora": {"color": "#009E73", "line_width": 1.8},
    "bow shock": {"color": BOUNDARY["bow shock"], "line_width": 1.2},
    "magnetopause": {"color": BOUNDARY["magnetopause"], "line_width": 1.8},
}
_AXES = {"fov_lon": "from the boresight, right [deg]", "fov_lat": "up [deg]"}


def window(
    pointing: xr.Dataset,
    time: np.datetime64,
    *,
    solar_wind: xr.Dataset = NOMINAL,
    uvi_pointing: xr.Dataset | None = None,
    kp: float = 3.0,
) -> hv.Overlay:
    """Return what stands around SXI's boresight, with the fields of both.

    Parameters
    ----------
    pointing : xarray.Dataset (POINTING)
        Of SXI, a series along `time`, in GSM.
    time : numpy.datetime64
        The nearest moment is shown.
    solar_wind : xarray.Dataset (SOLAR_WIND)
        That makes nose, cusps and boundaries.
    uvi_pointing : xarray.Dataset (POINTING), optional
        By default `uvi.SXI_OFFSET` below SXI.
    kp : float
        For the oval of Starkov (1994), which is a mean, not what is there.

    Raises
    ------
    ValueError
        If `time` is outside the pointing.
    """
    now = layers(
        pointing,
        time,
        solar_wind=solar_wind,
        uvi_pointing=uvi_pointing,
        kp=kp,
    )
    axes = [hv.Dimension((name, text)) for name, text in _AXES.items()]
    lines = [
        hv.Curve(now[name], *axes, label=name).opts(**options)
        for name, options in _LINES.items()
    ]
    fields = [
        hv.Curve(columns, *axes, label=name).opts(
            color=colour, line_width=2.2, show_legend=False
        )
        for name, colour, columns in (
            ("SXI", "#CC3311", _frame(SXI_FLIGHT.fov_lon, SXI_FLIGHT.fov_lat)),
            ("UVI", EDGE["poleward"], now["UVI"]),
        )
    ]
    baffle = hv.Curve(_circle(BAFFLE_ANGLE), *axes, label="baffle").opts(
        color="#CC3311", line_dash="dotted", line_width=1.2
    )
    marks = [
        hv.Scatter(now["nose"], *axes, label="nose").opts(
            color="#CC3311", marker="star", line_color="white", size=15
        ),
        hv.Scatter(now["cusps"], *axes, label="cusps").opts(
            color="#9467BD", marker="diamond", line_color="white", size=12
        ),
    ]
    return picture(
        [*lines, baffle, *fields, *marks, _names(axes), _note(axes, now)],
        title="What SMILE looks at [deg]",
        xlim=LON,
        ylim=LAT,
        legend="bottom_left",
    ).opts(show_grid=False)


def layers(
    pointing: xr.Dataset,
    time: np.datetime64,
    *,
    solar_wind: xr.Dataset = NOMINAL,
    uvi_pointing: xr.Dataset | None = None,
    kp: float = 3.0,
) -> Layers:
    """Return the columns of `window` that change with time."""
    POINTING.check(pointing)
    names = list(POINTING.variables)
    now = at(pointing[names], time)
    uvi = None if uvi_pointing is None else at(uvi_pointing[names], time)
    places = _in_window.places(now, solar_wind, kp)
    places["UVI"] = _uvi_frame(now, uvi)
    together = np.concatenate(list(places.values()))
    seen = _seen(together, now)
    ends = np.cumsum([len(one) for one in places.values()])[:-1]
    split = {axis: np.split(all_, ends) for axis, all_ in seen.items()}
    columns: dict[str, dict[str, Any]] = {
        name: {axis: parts[number] for axis, parts in split.items()}
        for number, name in enumerate(places)
    }
    columns["note"] = {
        "fov_lon": [LON[0] + 0.4],
        "fov_lat": [LAT[1] - 0.4],
        "text": [_remark(now, kp)],
    }
    return columns


def _seen(points: np.ndarray, now: xr.Dataset) -> dict[str, np.ndarray]:
    """Where places [R_E, GSM] appear; NaN behind the Earth or outside."""
    position = now["position"].values
    sight = points - position
    far = np.linalg.norm(sight, axis=-1)
    with np.errstate(invalid="ignore"):
        nearest = -(sight @ position) / far
        miss = position @ position - nearest**2
        # just inside the surface, which is not to hide itself
        hidden = (miss < 0.99) & (far > nearest + 1e-9) & (nearest > 0.0)
    shown = np.where(hidden[:, None], np.nan, points)
    found = project(
        xr.DataArray(
            shown,
            dims=("place", "component"),
            coords={"component": ["x", "y", "z"]},
            attrs={"frame": "GSM"},
        ),
        SXI_FLIGHT,
        now,
    )
    return {axis: found[axis].values for axis in _AXES}


def _uvi_frame(now: xr.Dataset, uvi: xr.Dataset | None) -> np.ndarray:
    """Return places 1 R_E ahead, on the edges of UVI's frame."""
    if uvi is None:
        boresight = unproject(0.0, -SXI_OFFSET, now)
        up = unproject(0.0, 90.0 - SXI_OFFSET, now)
        uvi = now.assign(boresight=boresight, up=up)
    frame = _frame(UVI_FRAME, UVI_FRAME)
    sight = unproject(
        xr.DataArray(frame["fov_lon"], dims="edge"),
        xr.DataArray(frame["fov_lat"], dims="edge"),
        uvi,
    )
    return now["position"].values + sight.values


def _frame(wide: float, tall: float) -> dict[str, np.ndarray]:
    """Return the edges of a field of view."""
    share = np.linspace(-0.5, 0.5, 9)
    half = np.full(9, 0.5)
    lon = np.r_[share, half, -share, -half] * wide
    lat = np.r_[-half, share, half, -share] * tall
    return {"fov_lon": lon, "fov_lat": lat}


def _circle(angle: float) -> dict[str, np.ndarray]:
    """Return the places at an angle from the boresight. [deg]."""
    around = np.linspace(0.0, 2.0 * np.pi, 121)
    size = np.radians(angle)
    across, up = np.sin(size) * np.cos(around), np.sin(size) * np.sin(around)
    return {
        "fov_lon": np.degrees(np.arctan2(across, np.cos(size))),
        "fov_lat": np.degrees(np.arcsin(up)),
    }


def _names(axes: list[hv.Dimension]) -> hv.Labels:
    half = SXI_FLIGHT.fov_lon / 2.0, SXI_FLIGHT.fov_lat / 2.0
    columns = {
        "fov_lon": [half[0] - 0.3, UVI_FRAME / 2.0 - 0.5],
        "fov_lat": [half[1] - 0.3, 1.0 - UVI_FRAME / 2.0 - SXI_OFFSET],
        "text": ["SXI", "UVI"],
    }
    return hv.Labels(columns, axes, "text", label="names").opts(
        text_font_size="11px",
        text_color="#CC3311",
        text_align="right",
        text_baseline="top",
        show_legend=False,
    )


def _note(axes: list[hv.Dimension], now: Layers) -> hv.Labels:
    return note(axes, now["note"], "note")


def _remark(now: xr.Dataset, kp: float) -> str:
    toward = float(now["boresight"].values[0])
    if not np.isfinite(toward):
        return "The pointing rule has no direction here"
    angle = np.degrees(np.arccos(np.clip(toward, -1.0, 1.0)))
    words = f"Sun {angle:.0f}° from the boresight"
    if angle < orbit.MINIMUM_SUN_ANGLE:
        words += ", too near for SXI"
    return f"{words}; oval: Starkov, Kp {kp:g}"
