"""Numbers of the aurora at the clock, as a small table."""

from __future__ import annotations

from html import escape

import numpy as np
import xarray as xr

from smile_explore.observations import Observations
from smile_explore.views.aurora import HEAD
from smile_explore.views.style import at, pretty

__all__ = ["readings"]


def readings(observations: Observations, time: np.datetime64) -> str:
    """Return what is known of the aurora at a time as an HTML table.

    Parameters
    ----------
    observations : Observations
    time : numpy.datetime64

    Returns
    -------
    html : str
    """
    if not observations.uvi:
        rows = [("UVI", "saw nothing: off, or the Earth out of its field")]
    else:
        rows = [
            ("Driven by", _driver(at(observations.uvi, time))),
            ("Image", _image(observations.uvi)),
            *_found(observations, time),
        ]
    cells = "".join(
        f"<tr><td style='{HEAD};vertical-align:top'><b>{name}</b></td>"
        f"<td>{text}</td></tr>"
        for name, text in rows
    )
    return f"<table style='font-size:12px'>{cells}</table>"


def _driver(now: xr.Dataset) -> str:
    if "kp" not in now:
        return "nature: a measured image"
    source = str(now.attrs.get("kp_source", "not stated"))
    short = escape(source.partition(":")[0].partition(",")[0])
    if "no measured Kp" in source:
        short += ", for none is measured"
    return (
        f"Kp {now.kp.item():.1f} ({short}), "
        f"dayglow at F10.7 of {now.attrs['f107']:g}"
    )


def _image(images: xr.Dataset) -> str:
    record = images.attrs
    if record.get("measured"):
        return "measured"
    return (
        f"simulated, {record['exposure']:g} s; assumed: brightness × "
        f"{record['scale']:g}, signal to noise "
        f"{record['signal_to_noise']:g} at 150 R"
    )


def _found(
    observations: Observations, time: np.datetime64
) -> list[tuple[str, str]]:
    if not observations.oval:
        return []
    oval = at(observations.oval, time)
    rows = [("Oval", escape(str(oval.verdict.item())))]
    cap = at(observations.polar_cap, time)
    if np.isfinite(cap.flux):
        text = (
            f"radius {cap.radius.item():.1f}° ± "
            f"{cap.radius_uncertainty.item():.1f}°, open flux "
            f"{cap.flux.item() / 1e6:.0f} ± "
            f"{cap.flux_uncertainty.item() / 1e6:.0f} {pretty('MWb')}"
        )
        if cap.status.item() != "found":
            text += f" ({escape(str(cap.status.item()))})"
    else:
        text = escape(str(cap.status.item()))
    rows.append(("Polar cap", text))
    budget = at(observations.flux_budget, time)
    rates = [
        f"{word} {budget[name].item() / 1e3:.0f} kV"
        for word, name in (("opened", "opening"), ("growth", "rate"))
        if np.isfinite(budget[name])
    ]
    if rates:
        rows.append(("Flux", f"{', '.join(rates)}, over 20 min"))
    return rows
