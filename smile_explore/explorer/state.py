"""The state of a view: what one would have to turn to see the same again.

It travels as JSON or as the query of a link. Whatever comes in may be damaged
or of another version: what cannot be used is left out, and told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import numpy as np

from smile_explore.events.settings import Settings
from smile_explore.explorer.panels import PRESETS
from smile_explore.physics.distributions import ESTIMATES
from smile_explore.physics.velocity_slice import PLANES
from smile_explore.views.box import BOXED, Box

__all__ = ["State", "concerns_view", "read"]

_VERSION: Final = 1
_SETTING = "set."


@dataclass(frozen=True)
class State:
    """What a view shows; None, or nothing, where it is the default.

    Parameters
    ----------
    event, run : str, optional
        Names in the catalog.
    time : numpy.datetime64, optional
        Of the clock; the nearest is shown.
    preset, cut, image, method, estimate, plane : str, optional
        As the buttons are called.
    pixel, spot : (float, float), optional
        Picked in the images of SXI and UVI. [deg]
    mlt : float, optional
        Local time of the keogram. [h]
    box : Box, optional
        Drawn on a distribution, or on an image.
    zoom : (numpy.datetime64, numpy.datetime64), optional
        The times in sight.
    settings : mapping
        Fields of `Settings` that are not at their default.
    """

    event: str | None = None
    run: str | None = None
    time: np.datetime64 | None = None
    preset: str | None = None
    cut: str | None = None
    image: str | None = None
    method: str | None = None
    estimate: str | None = None
    plane: str | None = None
    pixel: tuple[float, float] | None = None
    spot: tuple[float, float] | None = None
    mlt: float | None = None
    box: Box | None = None
    zoom: tuple[np.datetime64, np.datetime64] | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return what is not at its default, as JSON has it."""
        plain: dict[str, Any] = {}
        for one in fields(self):
            value = getattr(self, one.name)
            if value is None or value == {}:
                continue
            if isinstance(value, np.datetime64):
                value = _written(value)
            elif one.name == "zoom":
                value = tuple(map(_written, value))
            elif isinstance(value, Box):
                value = {"panel": value.panel, "x": value.x, "y": value.y}
            plain[one.name] = dict(value) if one.name == "settings" else value
        return plain

    def to_json(self) -> str:
        """Return the state as JSON text, with its version."""
        return json.dumps({"smile_explore": _VERSION, **self.plain()})

    def to_query(self) -> str:
        """Return the state as the query of a link, ``event=...&time=...``."""
        plain = self.plain()
        settings = plain.pop("settings", {})
        box = plain.pop("box", None)
        if box is not None:
            ends = (*box["x"], *box["y"])
            plain["box"] = ",".join([box["panel"], *map(_text, ends)])
        pairs = {
            name: ",".join(map(_text, value))
            if isinstance(value, tuple)
            else value
            for name, value in plain.items()
        }
        pairs |= {_SETTING + name: value for name, value in settings.items()}
        return urlencode(pairs, safe=":,")


def read(source: Any) -> tuple[State, list[str]]:
    """Return the state that something holds, as far as it can be used.

    Parameters
    ----------
    source : State, mapping or str
        JSON text, a link, or the query of one.

    Returns
    -------
    state : State
    notices : list of str
        One sentence for each part that was left out. Nothing is raised.
    """
    if isinstance(source, State):
        source = source.plain()
    if isinstance(source, str):
        text = source.strip()
        if text.startswith("{"):
            try:
                source = json.loads(text)
            except (ValueError, RecursionError) as error:
                return State(), [
                    f"The state is damaged ({error}); the default is shown."
                ]
        else:
            source = _from_query(text)
            if not source:
                return State(), [
                    f"{_brief(text)} is no state: neither JSON nor a link "
                    "that names a view; the default is shown."
                ]
    if not isinstance(source, Mapping):
        return State(), [
            f"A state is JSON, a link or a mapping, got "
            f"{type(source).__name__}; the default is shown."
        ]
    version = source.get("smile_explore", _VERSION)
    if version != _VERSION:
        return State(), [
            f"The state is of version {version!r}, known is {_VERSION}; the "
            "default is shown."
        ]
    return _checked(source)


def concerns_view(query: str) -> bool:
    """Tell whether a query says anything of a view; others have words too."""
    return bool(_from_query(query))


def _checked(source: Mapping[str, Any]) -> tuple[State, list[str]]:
    state, notices = State(), []
    for name, value in source.items():
        if name == "smile_explore" or value is None:
            continue
        if name not in _READ:
            notices.append(f"{name!r} is not known, and was left out.")
            continue
        if name == "settings":
            settings, wrong = _settings(value)
            notices += wrong
            state = replace(state, settings=settings)
            continue
        try:
            state = replace(state, **{name: _READ[name](value)})
        except (ValueError, OverflowError) as error:
            notices.append(f"{name} {_brief(value)} was left out: {error}.")
        except (TypeError, KeyError, AttributeError):
            notices.append(
                f"{name} {_brief(value)} was left out: it has another form."
            )
    return state, notices


def _from_query(text: str) -> dict[str, Any]:
    """Return what a query says of the view; others have words there too."""
    if "?" in text:  # of an address only what follows
        text = text.partition("?")[2].partition("#")[0]
    plain: dict[str, Any] = {}
    settings = {}
    for name, value in parse_qsl(text.lstrip("?")):
        if name.startswith(_SETTING):
            settings[name.removeprefix(_SETTING)] = value
        elif name in _READ and name != "settings":
            plain[name] = value
    if settings:
        plain["settings"] = settings
    return plain


def _settings(value: Any) -> tuple[dict[str, Any], list[str]]:
    """Return the settings that can be, each by itself."""
    if not isinstance(value, Mapping):
        return {}, [f"settings {_brief(value)} were left out: no mapping."]
    good: dict[str, Any] = {}
    wrong = []
    default = Settings()
    known = {one.name for one in fields(Settings)}
    for name, one in value.items():
        try:
            if name not in known:
                raise ValueError("there is no such setting")
            if not isinstance(getattr(default, name), str):
                one = float(one)  # noqa: PLW2901
            Settings(**{name: one})
        except (ValueError, TypeError, OverflowError) as error:
            wrong.append(
                f"The setting {name} {_brief(one)} was left out: {error}."
            )
        else:
            good[name] = one
    return good, wrong


def _one_of(known: Any) -> Callable[[Any], str]:
    def read_one(value: Any) -> str:
        if value not in tuple(known):
            raise ValueError(f"it must be one of {', '.join(known)}")
        return str(value)

    return read_one


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("it must be a name")
    return value


def _time(value: Any) -> np.datetime64:
    wanted = "it must be a time such as 2012-06-16T22:24"
    try:
        time = np.datetime64(str(value).rstrip("Z"), "ns")
    except ValueError:
        raise ValueError(wanted) from None
    # beyond the years of nanoseconds a number wraps around
    if np.isnat(time) or str(time)[:4] != str(value)[:4]:
        raise ValueError(wanted)
    return time


def _finite(value: Any) -> float:
    number = float(value)
    if not np.isfinite(number):
        raise ValueError("it must be finite")
    return number


def _place(value: Any) -> tuple[float, float]:
    if isinstance(value, str):
        value = value.split(",")
    lon, lat = map(_finite, value)
    return lon, lat


def _span(value: Any) -> tuple[np.datetime64, np.datetime64]:
    if isinstance(value, str):
        value = value.split(",")
    start, stop = map(_time, value)
    if not start < stop:
        raise ValueError("it must begin before it ends")
    return start, stop


def _hour(value: Any) -> float:
    hour = _finite(value)
    if not 0.0 <= hour < 24.0:
        raise ValueError("it must be from 0 to 24 h")
    return hour


def _box(value: Any) -> Box:
    if isinstance(value, str):
        panel, *ends = value.split(",")
        left, right, low, high = ends
        value = {"panel": panel, "x": (left, right), "y": (low, high)}
    panel = _one_of(BOXED)(value["panel"])
    return Box(panel, _place(value["x"]), _place(value["y"]))


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "event": _name,
    "run": _name,
    "time": _time,
    "preset": _one_of(PRESETS),
    "cut": _one_of(("density", "emissivity")),
    "image": _one_of(("intensity", "counts")),
    "method": _name,
    "estimate": _one_of(ESTIMATES),
    "plane": _one_of(PLANES),
    "pixel": _place,
    "spot": _place,
    "mlt": _hour,
    "box": _box,
    "zoom": _span,
    "settings": dict,
}


def _written(time: np.datetime64) -> str:
    """Return a time, to the minute if it is a whole one."""
    whole = time == time.astype("datetime64[m]")
    return str(np.datetime_as_string(time, unit="m" if whole else "s"))


def _brief(value: Any) -> str:
    """Return what came, in a length that can be told."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"
