"""What is drawn, once for all tests of exporting."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from smile_explore.events import moment
from smile_explore.explorer.export.unseen import unseen
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.scene import Scene

PIXEL = (-5.1, -2.4)


@pytest.fixture(scope="session")
def shown(observations) -> Shown:
    """The second time of the short event, with a pixel picked."""
    time = observations.cuts.time.values[1]
    glow = moment.emissivity(observations, time)
    lon, lat = PIXEL
    sight = moment.sight(observations, time, glow, fov_lon=lon, fov_lat=lat)
    return Shown(observations, time, sight=sight, spot=(0.5, 0.5))


@pytest.fixture(scope="session")
def _overview(shown) -> Scene:
    return unseen(shown, "Overview")


@pytest.fixture
def overview(_overview, shown) -> Scene:
    """The first preset at the time of `shown`, whatever a test has done."""
    _overview.change(time=shown.time)
    return _overview


@pytest.fixture
def full_disk() -> Iterator[None]:
    """Let no file grow beyond 2 kB, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
