"""What many tests look at: a short event, observed once."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from smile_explore import events
from smile_explore.observations import Event, Observations


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser last: its driver keeps an event loop running."""
    items.sort(key=lambda item: bool(item.get_closest_marker("browser")))


@pytest.fixture(scope="session")
def short_event() -> Event:
    """23 minutes of 16 June 2012: two analytic cubes, then two of the run."""
    return dataclasses.replace(
        events.load("2012-06-16"),
        start=np.datetime64("2012-06-16T21:40", "ns"),
        stop=np.datetime64("2012-06-16T22:03", "ns"),
        focus=np.datetime64("2012-06-16T22:00", "ns"),
    )


@pytest.fixture(scope="session")
def observations(short_event: Event) -> Observations:
    return events.observe(short_event, rng=1)
