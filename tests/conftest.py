"""What many tests look at: a short event, observed once."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import numpy as np
import pytest

from smile_explore import events
from smile_explore.data.sources import day_files
from smile_explore.observations import Event, Observations

# No test asks a network, nor a process that one starts.
os.environ["SMILE_EXPLORE_OFFLINE"] = "1"


@pytest.fixture(scope="session", autouse=True)
def _nothing_measured() -> Iterator[None]:
    """Hide what was fetched into the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(day_files, "_FOLDER", "measured-for-tests")
        yield


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
