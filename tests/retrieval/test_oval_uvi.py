"""From the source through UVI's camera and its noise, and back."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import orbit, uvi
from smile_explore.physics import aurora
from smile_explore.retrieval import dayglow, oval

KP = 5.0
FINE = np.arange(45.05, 90.0, 0.1)


def half_maximum():
    """Latitudes where the source, hour by hour, is half as bright as ever."""
    source = aurora.zhang_paxton(KP, FINE, np.arange(0.125, 24, 0.25))
    light = source.radiance.values.reshape(FINE.size, 24, 4).mean(-1)
    bright = light >= light.max(0) / 2.0
    last = FINE.size - 1 - bright[::-1].argmax(0)
    return FINE[last], FINE[bright.argmax(0)]


def counted(time, f107, exposure):
    """Map of an exposure from 19.2 R_E over the north."""
    trajectory = orbit.trajectory(np.array([time], "datetime64[ns]"))
    place = xr.zeros_like(trajectory["position"])
    place[:] = [6.57, -5.94, 17.33]
    trajectory = trajectory.assign(position=place)
    pointing = uvi.pointing(trajectory, target="oval").isel(time=0)
    source = aurora.zhang_paxton(KP, *aurora.grid(lowest=45.0))
    image = uvi.radiance(source, pointing, f107=f107)
    image = uvi.expose(uvi.expected_counts(image, exposure=exposure), rng=1)
    return uvi.to_magnetic_grid(image, pointing, *aurora.grid(lowest=50.0))


@pytest.mark.parametrize(
    ("time", "f107"),
    [
        ("2012-12-17T22:00", 130.0),
        ("2012-06-16T22:00", 70.0),
        ("2012-06-16T22:00", 130.0),
        ("2012-06-16T22:00", 200.0),
    ],
)
def test_half_the_edges_are_right_to_half_a_degree_dark_or_sunlit(time, f107):
    light = dayglow.remove(counted(time, f107, 60.0))
    found = oval.boundaries(light, offset=0.5)
    assert found.found >= 20
    north, south = half_maximum()
    away = np.abs([found.poleward - north, found.equatorward - south])
    assert np.nanmedian(away) < 0.5


def test_the_edges_of_the_paper_move_equatorward_as_dayglow_hides_the_wing():
    edges = [
        oval.boundaries(
            dayglow.remove(counted("2012-06-16T22:00", f107, 60.0))
        )
        for f107 in (None, 200.0)
    ]
    shift = (edges[1].poleward - edges[0].poleward).median()
    assert -2.5 < shift < 0.3
    bright = edges[1].poleward_uncertainty.median()
    assert bright > edges[0].poleward_uncertainty.median()
