"""Where Bokeh puts its ticks, which it works out only in the browser."""

from __future__ import annotations

from typing import Any

import numpy as np
from bokeh.models import (
    AdaptiveTicker,
    CompositeTicker,
    DatetimeTickFormatter,
    FixedTicker,
    LogTicker,
    PrintfTickFormatter,
)

__all__ = ["labels", "ticks"]

_DAY = 86_400_000.0
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: Numbers beyond these are written by powers of ten.
_PLAIN = (1e-3, 1e5)


def ticks(ticker: Any, low: float, high: float) -> np.ndarray:
    """Return the places of ticks from `low` to `high`.

    Parameters
    ----------
    ticker : bokeh.models.Ticker
    low, high : float
        Times are in milliseconds since 1970.

    Raises
    ------
    ValueError
        If the ticker is of a kind that is not known here.
    """
    low, high = min(low, high), max(low, high)
    if isinstance(ticker, FixedTicker):
        at = np.asarray(ticker.ticks, float)
    elif isinstance(ticker, CompositeTicker):
        return _every(_time_step(ticker, high - low), low, high)
    elif isinstance(ticker, LogTicker) and low > 0 and high / low >= 100:
        powers = 10.0 ** np.arange(
            np.ceil(np.log10(low) - 1e-9), np.floor(np.log10(high) + 1e-9) + 1
        )
        at = powers[:: int(np.ceil(len(powers) / ticker.desired_num_ticks))]
    elif isinstance(ticker, AdaptiveTicker):
        return _every(_step(ticker, high - low), low, high)
    else:
        raise ValueError(
            f"a picture cannot place the ticks of {type(ticker).__name__} "
            "yet; say where they are in export/ticks.py"
        )
    return at[(at >= low) & (at <= high)]


def _every(step: float, low: float, high: float) -> np.ndarray:
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    return step * np.arange(first, last + 1)


def _step(ticker: AdaptiveTicker, width: float) -> float:
    """Return the round step that gives nearest to the ticks desired."""
    wanted = ticker.desired_num_ticks
    base, mantissas = ticker.base, [float(one) for one in ticker.mantissas]
    power = base ** np.floor(np.log(width / wanted) / np.log(base))
    around = [mantissas[-1] / base, *mantissas, mantissas[0] * base]
    steps = np.asarray(around) * power
    return float(steps[np.abs(wanted - width / steps).argmin()])


def _time_step(ticker: CompositeTicker, width: float) -> float:
    """Return the step [ms] of a clock's minutes, hours or days."""
    steps = [_DAY * days for days in (1, 2, 5, 10, 20)]
    for one in ticker.tickers:
        if isinstance(one, AdaptiveTicker):
            power = max(one.min_interval or 1.0, 1.0)
            while power <= (one.max_interval or power):
                steps += [power * float(part) for part in one.mantissas]
                power *= one.base
    even = np.asarray(steps)
    first: Any = ticker.tickers[0]
    wanted = first.desired_num_ticks
    return float(even[np.abs(wanted - width / even).argmin()])


def labels(axis: Any, at: np.ndarray) -> list[str]:
    """Return what stands at the ticks of an axis or a colour bar.

    Parameters
    ----------
    axis : bokeh.models.Axis or bokeh.models.ColorBar
    at : numpy.ndarray
        Of `ticks`.
    """
    written = dict(axis.major_label_overrides or {})
    if isinstance(axis.formatter, DatetimeTickFormatter):
        made = _clock(at)
    elif isinstance(axis.formatter, PrintfTickFormatter):
        form = axis.formatter.format
        power = form.endswith(("e", "E"))  # better read as powers of ten
        made = [_power(one) if power else form % one for one in at]
    else:
        made = _plain(at)
    return [
        str(written.get(float(one), text))
        for one, text in zip(at, made, strict=True)
    ]


def _clock(at: np.ndarray) -> list[str]:
    """Return hours and minutes, and the date below where a day begins."""
    times = np.round(at).astype("int64").astype("datetime64[ms]")
    made, last = [], ""
    whole_days = bool(len(at)) and bool(np.all(at % _DAY == 0))
    for time in times:
        moment = time.item()
        day = f"{moment.day} {moment:%b}"
        year = f"{moment:%Y}"
        if whole_days:
            new = "" if year == last else f"\n{year}"
            made.append(f"{day}{new}")
            last = year
        else:
            seconds = "" if not moment.second else f":{moment:%S}"
            new = "" if day == last else f"\n{day} {year}"
            made.append(f"{moment:%H:%M}{seconds}{new}")
            last = day
    if len(made) > 1 and made[0].count("\n") == made[1].count("\n") == 1:
        made[0] = made[0].split("\n")[0]  # two dates have no room
    return made


def _plain(at: np.ndarray) -> list[str]:
    """Return numbers, all of them to the same place, or powers of ten."""
    size = np.abs(at[at != 0])
    if size.size and (size.max() >= _PLAIN[1] or size.max() < _PLAIN[0]):
        return [_power(float(one)) for one in at]
    if size.size and size.max() / size.min() > 50 and (at > 0).all():
        return [f"{one:.10g}" for one in at]  # a scale of powers of ten
    places = 0
    while places < 6 and not np.allclose(at, np.round(at, places), atol=1e-9):
        places += 1
    return [f"{one + 0.0:.{places}f}".replace("-", "−") for one in at]


def _power(value: float) -> str:
    """Return ``2·10⁵`` for 200000."""
    if abs(value) < 1e-300:
        return "0"
    power = int(np.floor(np.log10(abs(value)) + 1e-9))
    front = f"{value / 10.0**power:.3g}".replace("-", "−")
    ten = f"10{str(power).translate(_SUPERSCRIPT)}"
    return {"1": ten, "−1": f"−{ten}"}.get(front, f"{front}·{ten}")
