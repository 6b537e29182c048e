"""What a view rests on, in words: facts, sources, what was not measured."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

import smile_explore
from smile_explore.data import policy
from smile_explore.events import aurora
from smile_explore.explorer.fields import copied
from smile_explore.instruments import lia
from smile_explore.observations import Fact, Observations
from smile_explore.physics.boundaries import SHUE_PRESSURES
from smile_explore.views.style import origin

__all__ = ["about", "workers"]

_HOME = "https://github.com/smile-explore/smile_explore"


#: Settings a run records in attrs, in words.
_SETTINGS = {
    "camera": "Camera",
    "efficiency": "Efficiency of charge exchange [eV cm²]",
    "hydrogen": "Hydrogen of the exosphere [cm⁻³ at 10 Rᴇ]",
    "mask_method": "Magnetosphere masked by",
    "tail": "Beyond the cube the emissivity falls as",
    "effective_area": "Effective area of SXI [cm²]",
    "quantum_efficiency": "Quantum efficiency",
    "photon_energy": "Mean photon energy [keV]",
    "background": "Background [keV cm⁻² s⁻¹ sr⁻¹]",
    "seed": "Seed of the photon noise",
    "exposure": "Exposure of an image [s]",
    "response": "Response",
    "fitted": "The magnetopause is looked for in the",
    "turn": "Orbit turned eastward by [deg]",
    "ahead": "SMILE ahead on its orbit by [h]",
    "elements": "Orbit",
    "band": "Energies counted",
    "assumed": "Assumed in the full response",
    "limb_angle": "Boresight to Earth's limb [deg]",
    "minimum_sun_angle": "SXI is off nearer to the Sun than [deg]",
}


def about(observations: Observations) -> str:
    """Return, as HTML, where everything shown of an event comes from."""
    event = observations.event
    sections = [
        f"<p>{escape(event.summary)}</p>",
        _section("What you see", _shown(observations)),
        _section("Settings of this view", _settings(observations)),
        _section(
            "Aurora and UVI", map(escape, aurora.assumptions(observations))
        ),
        _section("In situ", _in_situ(observations)),
        _section("Where the storm left the Sun", _facts(event.origin)),
        _section("What is known", _facts(event.facts)),
        _section("To cite", _cited(observations)),
    ]
    return f"<div style='line-height:1.4'>{''.join(sections)}</div>"


def _cited(observations: Observations) -> list[str]:
    """Return what to cite with this view, and the program as BibTeX."""
    version = smile_explore.__version__
    entry = (
        f"@software{{smile_explore, title = {{smile_explore}}, "
        f"author = {{{{The smile_explore developers}}}}, "
        f"version = {{{version}}}, url = {{{_HOME}}}}}"
    )
    terms = policy.of_observations(observations)
    return [
        escape(f"This program: smile_explore {version}, {_HOME}"),
        *map(escape, (terms.acknowledgement, *terms.references)),
        copied("BibTeX", entry),
    ]


def workers(client: Any) -> str:
    """Return, as HTML, where cubes are computed, and the link to watch it.

    Parameters
    ----------
    client : distributed.Client
    """
    threads = client.nthreads()
    told = (
        f"Cubes are computed by {len(threads)} workers with "
        f"{sum(threads.values())} threads"
    )
    try:
        link = client.dashboard_link
    except KeyError:  # a scheduler without one
        link = None
    if not link:
        return f"{told}; they have no dashboard."
    address = escape(link, quote=True)
    return f"{told}: <a href='{address}' target='_blank'>dashboard</a>"


def _shown(observations: Observations) -> list[str]:
    wind = observations.solar_wind.attrs
    sentences = [
        f"Solar wind, {origin(observations.solar_wind)}: "
        f"{wind.get('note') or wind.get('source', 'source not stated')}",
        *(f"{run.name}: {run.note}" for run in observations.event.runs),
        "Everything SMILE sees here is simulated: quick-look, not for "
        "publication.",
    ]
    peak = observations.solar_wind.dynamic_pressure.max().item()
    if peak > SHUE_PRESSURES[1]:
        sentences.append(
            f"At its height ({peak:.0f} nPa) the wind is stronger than any "
            f"that Shue et al. fitted (up to {SHUE_PRESSURES[1]} nPa): there "
            "model boundaries extrapolate."
        )
    if citation := observations.cuts.attrs.get("citation"):
        sentences.append(f"To be cited with every picture: {citation}")
    return [escape(sentence) for sentence in sentences]


def _settings(observations: Observations) -> list[str]:
    """Gather what the computation recorded, wherever it did."""
    recorded: dict[str, Any] = {}
    for data in (
        observations.sxi,
        *observations.sxi.values(),
        observations.pointing,
        observations.trajectory,
    ):
        recorded |= data.attrs
    recorded |= {
        name: value
        for name, value in recorded.get("settings", {}).items()
        if name in _SETTINGS and name not in recorded
    }
    found = observations.magnetopause
    assumed = (
        [
            f"{name}: {found.assumptions.sel(estimate=name).item()}"
            for name in found.estimate.values
        ]
        if "assumptions" in found
        else []
    )
    return [
        escape(sentence)
        for sentence in (
            *(
                f"{words}: {recorded[name]}"
                for name, words in _SETTINGS.items()
                if name in recorded
            ),
            *(f"Assumed by the {one}" for one in assumed),
            "Tangents along the orbit (Collier and Connor 2018) are not "
            "shown: they ask for a magnetopause at rest, which no storm has.",
        )
    ]


def _in_situ(observations: Observations) -> list[str]:
    """Say how ions and field were measured, and what is assumed of it."""
    told = observations.ions.attrs
    if told.get("mode") not in lia.MODES:
        return []
    share, potential = told["ion_share"], told["potential"]
    field = observations.magnetic_field.attrs
    offset = ", ".join(f"{one:.2f}" for one in field.get("offset", ()))
    assumed = lia.assumptions(lia.in_mode(told["mode"]))
    return [
        f"LIA in mode {escape(told['mode'])}, one distribution at each time "
        "of the clock, simulated from the cube along the orbit: protons and "
        "4 % alpha particles, Maxwellians. Truth, the thin line, is the cube.",
        f"Ions have {share:g} of the temperature in the cube, which is that "
        "of one fluid (assumed).",
        f"Potential of the spacecraft: {potential:g} V (not measured by "
        "SMILE).",
        *_facts(assumed),
        f"MAG's error of calibration, drawn within 2 nT (assumed): ({offset}) "
        "nT GSM.",
        "Crossings are steps between medians of half an hour on both sides: "
        "between cubes lie ten minutes where no run covers the event.",
    ]


def _facts(facts: Iterable[Fact]) -> list[str]:
    return [
        f"{escape(fact.text)} <i>({escape(fact.source)})</i>" for fact in facts
    ]


def _section(title: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f"<b>{title}</b><ul>{listed}</ul>" if listed else ""
