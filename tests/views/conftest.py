"""An hour of aurora, seen by UVI and brought onto the map."""

from types import SimpleNamespace

import numpy as np
import pytest

from smile_explore.instruments import orbit, uvi
from smile_explore.physics import aurora
from smile_explore.retrieval import dayglow, oval, polar_cap

TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    3
) * np.timedelta64(10, "m")


@pytest.fixture(scope="session")
def uvi_hour():
    trajectory = orbit.trajectory(TIMES)
    pointing = uvi.pointing(trajectory, target="oval")
    source = aurora.zhang_paxton(5.0, *aurora.grid(lowest=45.0))
    seen = uvi.radiance(source, pointing, camera=uvi.binned(4))
    images = uvi.expose(uvi.expected_counts(seen), rng=1)
    grid = aurora.grid(lowest=50.0)
    light = dayglow.remove(uvi.to_magnetic_grid(images, pointing, *grid))
    edges = oval.boundaries(light)
    return SimpleNamespace(
        times=TIMES,
        trajectory=trajectory,
        pointing=pointing,
        images=images,
        light=light,
        edges=edges,
        cap=polar_cap.fit(edges),
    )
