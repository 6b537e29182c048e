"""What a view rests on, in words: facts, sources, what was not measured."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from smile_explore.observations import Fact, Observations

__all__ = ["about"]


def about(observations: Observations) -> str:
    """Return, as HTML, where everything shown of an event comes from."""
    event = observations.event
    return "".join(
        [
            f"<p>{escape(event.summary)}</p>",
            _section("What you see", _shown(observations)),
            _section("Where the storm left the Sun", _facts(event.origin)),
            _section("What is known", _facts(event.facts)),
            _section("References", map(escape, event.references)),
        ]
    )


def _shown(observations: Observations) -> list[str]:
    wind = observations.solar_wind.attrs
    kind = "measured" if wind.get("measured") else "not measured"
    sentences = [
        f"Solar wind ({kind}): {wind.get('source', 'source not stated')}",
        *(f"{run.name}: {run.note}" for run in observations.event.runs),
        "Everything SMILE sees here is simulated: quick-look, not for "
        "publication.",
        *(
            f"{name}: {value}"
            for name, value in sorted(observations.sxi.attrs.items())
            if name not in ("schema",)
        ),
    ]
    return [escape(str(sentence)) for sentence in sentences]


def _facts(facts: Iterable[Fact]) -> list[str]:
    return [
        f"{escape(fact.text)} <i>({escape(fact.source)})</i>" for fact in facts
    ]


def _section(title: str, items: Iterable[str]) -> str:
    listed = "".join(f"<li>{item}</li>" for item in items)
    return f"<b>{title}</b><ul>{listed}</ul>" if listed else ""
