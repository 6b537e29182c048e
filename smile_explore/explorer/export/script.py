"""The Python lines that give the view again, with and without the explorer."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

import smile_explore
from smile_explore.events.settings import Settings
from smile_explore.explorer.export.sheet import moment
from smile_explore.explorer.panels import Shown
from smile_explore.observations import Observations

__all__ = ["script"]

_IMPORTS = """\
from pathlib import Path

import numpy as np
from IPython.display import display

import smile_explore as smile
"""
#: Fields of `Shown` that lines of their own give.
_APART = frozenset({"observations", "time", "sight", "glance"})


def script(
    shown: Shown,
    preset: str,
    *,
    run: str = "",
    pixel: tuple[float, float] | None = None,
) -> str:
    """Return lines that give what is shown.

    Parameters
    ----------
    shown : Shown
    preset : str
        One of `PRESETS`.
    run : str
        Name of the MHD run; empty for observations that were handed over.
    pixel : (float, float), optional
        That is picked in SXI's image. [deg]

    Returns
    -------
    lines : str
        Of Python, to be run in a notebook or, from "Without the explorer"
        on, anywhere.
    """
    seen = shown.observations
    settings = _settings(seen)
    parts = [
        f'# The view "{preset}" of {seen.event.name} at {moment(shown.time)},',
        f"# by smile_explore {smile_explore.__version__}",
        _IMPORTS,
        f"time = {_time(shown.time)}",
        "",
        *_observed(seen, settings, run),
        "",
        *_explored(shown, preset, settings, run, pixel),
        "",
        *_computed(shown, preset, run, pixel),
    ]
    return "\n".join(parts) + "\n"


def _settings(seen: Observations) -> dict[str, Any]:
    """Return the settings that are not the default."""
    if seen.sxi.attrs.get("measured"):
        return {}
    now, usual = Settings.of(seen), Settings()
    return {
        field.name: getattr(now, field.name)
        for field in fields(now)
        if getattr(now, field.name) != getattr(usual, field.name)
    }


def _observed(
    seen: Observations, settings: dict[str, Any], run: str
) -> list[str]:
    """Return lines that give the observations, named ``seen``."""
    if not run:
        return [
            "# These observations were handed to explore(); save them with",
            "# smile_explore.data.archive.save and say here where.",
            "from smile_explore.data import archive",
            "",
            f"seen = archive.open({f'smile_{seen.event.name}.nc'!r})",
        ]
    lines = [
        "# What SMILE saw: computed once, then kept. The noise is repeated.",
        "from smile_explore.events import library",
        "",
        f"event = smile.events.load({seen.event.name!r})",
        f"seen = library.keep(event, run={run!r})",
    ]
    if settings:
        told = ", ".join(f"{k}={_plain(v)}" for k, v in settings.items())
        lines += [
            "",
            "# What was set: only what depends on it is computed anew.",
            "from smile_explore.events import simulate",
            "from smile_explore.events.settings import Settings",
            "",
            f"settings = Settings({told})",
            "seen = simulate.again(",
            f"    seen, settings, run={run!r}, rng=library.SEED",
            ")",
        ]
    return lines


def _explored(
    shown: Shown,
    preset: str,
    settings: dict[str, Any],
    run: str,
    pixel: tuple[float, float] | None,
) -> list[str]:
    """Return lines that open the explorer where it stands."""
    name = shown.observations.event.name
    what = f"{name!r}, run={run!r}" if run and not settings else "None, seen"
    lines = [
        "# In the explorer, in a notebook:",
        f"explorer = smile.explore({what})",
        "explorer.cursor.seek(time)",
    ]
    if pixel is not None:
        lines.append(f"explorer.cursor.pixel = {_plain(pixel)}")
    if shown.spot is not None:
        lines.append(f"explorer.cursor.spot = {_plain(shown.spot)}")
    if shown.mlt != Shown.mlt:
        lines.append(f"explorer.cursor.mlt = {_plain(shown.mlt)}")
    turned = ", ".join(
        [f"View: {preset}"]
        + [f"{k}: {v}" for k, v in _chosen(shown).items() if k in _TURNED]
    )
    return [*lines, f"display(explorer)  # then choose {turned}"]


#: Fields of `Shown` that have a widget above the panels.
_TURNED = frozenset({"cut", "image", "method", "estimate", "plane"})


def _chosen(shown: Shown) -> dict[str, Any]:
    """Return the fields that are not the default."""
    return {
        field.name: getattr(shown, field.name)
        for field in fields(shown)
        if field.name not in _APART
        and getattr(shown, field.name) != field.default
    }


def _computed(
    shown: Shown,
    preset: str,
    run: str,
    pixel: tuple[float, float] | None,
) -> list[str]:
    """Return lines that draw and save the same without widgets."""
    chosen = _chosen(shown)
    lines = [
        "# Without the explorer:",
        "from smile_explore.explorer.export.pictures import save_picture",
        "from smile_explore.explorer.export.unseen import unseen",
        "from smile_explore.explorer.panels import Shown",
    ]
    if "box" in chosen:
        lines.append("from smile_explore.views.in_situ import Box")
    lines.append("")
    if pixel is not None:
        lon, lat = map(_plain, pixel)
        where = f", run={run!r}" if run else ""
        lines += [
            "from smile_explore.events import moment",
            "",
            f"glow = moment.emissivity(seen, time{where})",
            "sight = moment.sight(",
            f"    seen, time, glow, fov_lon={lon}, fov_lat={lat}",
            ")",
        ]
    told = [f"{k}={_plain(v)}" for k, v in chosen.items()]
    told += ["sight=sight"] if pixel is not None else []
    name = f"{shown.observations.event.name}_{preset.replace(' ', '-')}.png"
    return [
        *lines,
        f"shown = Shown({', '.join(['seen', 'time', *told])})",
        f"view = unseen(shown, {preset!r})",
        f"save_picture(view, Path({name!r}))",
    ]


def _time(time: np.datetime64) -> str:
    text = np.datetime_as_string(time, unit="ns").rstrip("0").rstrip(".")
    text = text if len(text) >= 19 else np.datetime_as_string(time, unit="s")
    return f'np.datetime64("{text}", "ns")'


def _plain(value: Any) -> str:
    """Return a value as Python writes it, without types of numpy."""
    if isinstance(value, tuple):
        return f"({', '.join(map(_plain, value))})"
    if isinstance(value, np.generic):
        return repr(value.item())
    if hasattr(value, "panel"):  # a Box
        return f"Box({value.panel!r}, {_plain(value.x)}, {_plain(value.y)})"
    return repr(value)
