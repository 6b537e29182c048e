"""The whole way back on real images: a substorm of 28 August 2000."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from smile_explore.data import wic
from smile_explore.instruments import uvi
from smile_explore.physics import aurora
from smile_explore.retrieval import dayglow, oval, polar_cap

SHARED = Path(
    os.environ.get(
        "SMILE_EXPLORE_SHARED", Path(__file__).parents[3] / "shared"
    )
)
IMAGES = SHARED / "data/uvi/wic_20000828_small.nc"
pytestmark = pytest.mark.skipif(
    not IMAGES.exists(), reason="no shared data beside us"
)
#: The onset stands between the images of 09:36:52 and 09:38:55.
BEFORE, AFTER = slice(0, 5), slice(10, 15)


@pytest.fixture(scope="module")
def substorm():
    grid = aurora.grid(lowest=50.0)
    uv_map = uvi.to_magnetic_grid(wic.read(IMAGES), None, *grid)
    light = dayglow.remove(uv_map)
    edges = oval.boundaries(light)
    return SimpleNamespace(light=light, edges=edges, cap=polar_cap.fit(edges))


def test_edges_are_found_all_around_in_each_of_the_15_images(substorm):
    found = substorm.edges.found.values
    assert found.size == 15
    assert (found >= 17).all()
    assert np.median(found) >= 21


def test_the_edges_lie_where_ovals_lie(substorm):
    poleward = substorm.edges.poleward.median("mlt")
    equatorward = substorm.edges.equatorward.median("mlt")
    assert ((poleward > 70) & (poleward < 75)).all()
    assert ((equatorward > 61) & (equatorward < 67)).all()


def test_the_onset_brightens_one_sector_before_midnight(substorm):
    height = substorm.edges.height.ffill("time")
    ratio = height.isel(time=6) / height.isel(time=4)
    hour = float(ratio.idxmax("mlt"))
    assert 19.0 < hour < 24.0
    assert ratio.max() > 3.0


def test_the_polar_cap_loses_a_tenth_or_more_of_its_flux(substorm):
    assert (substorm.cap.status == "found").all()
    flux = substorm.cap.flux
    before, after = (float(flux[part].mean()) for part in (BEFORE, AFTER))
    assert 6e8 < before < 9e8
    assert 0.75 < after / before < 0.95
    assert (substorm.cap.flux_uncertainty < 6e7).all()


def test_the_centre_of_the_oval_lies_toward_midnight(substorm):
    assert (
        (substorm.cap.noon_offset > -7) & (substorm.cap.noon_offset < -2)
    ).all()


def test_the_dayglow_that_goes_is_ten_times_the_aurora_that_stays(substorm):
    noon = substorm.light.sel(mlt=slice(9, 15), mlat=slice(50, 65))
    assert (noon.dayglow.max(["mlat", "mlt"]) > 6000).all()
    rest = np.abs(noon.radiance).median()
    assert rest < 0.06 * float(noon.dayglow.median())


def test_the_power_trebles(substorm):
    power = polar_cap.hemispheric_power(substorm.light, substorm.edges)
    before, after = (float(power[part].mean()) for part in (BEFORE, AFTER))
    assert 2.0 < after / before < 4.0
