"""The Python lines that give the view again, with and without the explorer."""

from __future__ import annotations

from dataclasses import fields
from pprint import pformat
from typing import Any

import numpy as np

import smile_explore
from smile_explore.explorer.export.sheet import moment
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.state import State
from smile_explore.observations import Observations

__all__ = ["script"]

_IMPORTS = """\
from pathlib import Path

import numpy as np
from IPython.display import display

import smile_explore as smile
"""
#: Fields of `Shown` that lines of their own give.
_APART = frozenset({"observations", "time", "sight", "area", "glance"})


def script(shown: Shown, state: State) -> str:
    """Return lines that give what is shown.

    Parameters
    ----------
    shown : Shown
    state : State
        Of the explorer; without a run for observations that were handed over.

    Returns
    -------
    lines : str
        Of Python, for a notebook.
    """
    name = shown.observations.event.name
    run, preset = state.run or "", state.preset or "Overview"
    parts = [
        f'# The view "{preset}" of {name} at {moment(shown.time)},',
        f"# by smile_explore {smile_explore.__version__}",
        _IMPORTS,
        *_explored(state, run),
        "",
        "# Without the explorer",
        "",
        *_observed(shown.observations, dict(state.settings), run),
        "",
        *_computed(shown, preset, run, state.pixel),
    ]
    return "\n".join(parts) + "\n"


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


def _explored(state: State, run: str) -> list[str]:
    """Return lines that open the explorer where it stands."""
    plain = pformat(state.plain(), width=70, sort_dicts=False)
    if not run:
        return ["# The explorer showed observations that it was given."]
    return [
        "# The explorer, as it stood",
        f"state = {plain}",
        "display(smile.explore(state=state))",
    ]


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
        "# All that panels depend on, and a picture of them",
        "from smile_explore.explorer.export.pictures import save_picture",
        "from smile_explore.explorer.export.unseen import unseen",
        "from smile_explore.explorer.panels import Shown",
    ]
    if "box" in chosen:
        lines.append("from smile_explore.views.box import Box")
    lines.append("")
    lines.append(f"time = {_time(shown.time)}")
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
    boxed = shown.box and shown.box.on("sxi")
    if boxed:
        lines += [
            "from smile_explore.events import moment",
            "",
            "area = moment.area(",
            f"    seen, time, fov_lon={_plain(boxed.x)}, "
            f"fov_lat={_plain(boxed.y)}",
            ")",
        ]
    told = [f"{k}={_plain(v)}" for k, v in chosen.items()]
    told += ["area=area"] if boxed else []
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
