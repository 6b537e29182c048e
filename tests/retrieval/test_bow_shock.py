"""The bow shock is the kink at the outer edge of the bright arc."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.physics import emissivity_models
from smile_explore.retrieval import bow_shock, magnetopause
from smile_explore.schema import SXI_IMAGE

BOW_SHOCK = 9.8
MODEL = replace(
    emissivity_models.JorgensenParameters(),
    magnetopause=7.6,
    bow_shock=BOW_SHOCK,
    magnetopause_y=0.55,
    magnetopause_z=0.55,
)
COARSE = camera.Camera("SXI", 27.0, 16.0, 0.4)


@pytest.fixture(scope="module")
def seen(sky):
    """Image of Jorgensen's model from the flank, and where it was taken."""
    pointing = sky.pointing_from((8.0, -25.0, 10.0), (8.5, 0.0, 0.0))
    parts = emissivity_models.components(
        pointing.position, camera.pixel_directions(COARSE, pointing), MODEL
    )
    intensity = (parts * parts.amplitude).sum("name")
    image = SXI_IMAGE.stamp(xr.Dataset({"intensity": intensity}))
    found = magnetopause.locate(image, pointing, shape="shue")
    return image, pointing, found


def test_the_bow_shock_of_a_known_model_is_found(seen):
    found = bow_shock.locate(*seen)
    assert found.status.item() == "found"
    assert found.standoff.item() == pytest.approx(BOW_SHOCK, abs=0.4)
    error = abs(found.standoff.item() - BOW_SHOCK)
    assert error < 3 * found.standoff_uncertainty.item()


def test_counts_of_a_long_exposure_are_enough(sky, seen):
    image, pointing, mp = seen
    counts = sky.counted(image, 0, exposure=30000.0)
    found = bow_shock.locate(counts, pointing, mp, quantity="counts")
    assert found.standoff.item() == pytest.approx(BOW_SHOCK, abs=0.6)


def test_few_counts_say_why_there_is_none(sky, seen):
    image, pointing, mp = seen
    counts = sky.counted(image, 0, exposure=3.0)
    found = bow_shock.locate(counts, pointing, mp, quantity="counts")
    assert np.isnan(found.standoff)
    assert np.isnan(found.standoff_uncertainty)
    assert found.status.item() != "found"


def test_without_a_magnetopause_there_is_none(seen):
    image, pointing, mp = seen
    nowhere = mp.assign(standoff=mp.standoff * np.nan)
    found = bow_shock.locate(image, pointing, nowhere)
    assert found.status.item() == "the magnetopause was not found"


@pytest.mark.parametrize("rows", [17, 2])
def test_a_field_of_view_that_ends_before_says_so(seen, rows):
    image, pointing, mp = seen
    near = image.isel(fov_lat=slice(0, rows))
    found = bow_shock.locate(near, pointing, mp)
    assert np.isnan(found.standoff)
    assert "field of view" in found.status.item()


def test_a_series_keeps_its_times(seen):
    image, pointing, mp = seen
    times = np.array(["2012-06-16T22:00", "2012-06-16T22:05"], "M8[ns]")
    dark = image.where(image.intensity < 0)
    series = xr.concat([image, dark], "time").assign_coords(time=times)
    both = xr.concat([mp, mp], "time").assign_coords(time=times)
    found = bow_shock.locate(SXI_IMAGE.stamp(series), pointing, both)
    single = bow_shock.locate(*seen)
    assert found.standoff[0].item() == single.standoff.item()
    assert "SXI is off" in found.status[1].item()
    with pytest.raises(ValueError, match="must have the times of the image"):
        bow_shock.locate(SXI_IMAGE.stamp(series), pointing, mp)


def test_a_quantity_that_is_not_there_is_refused(seen):
    with pytest.raises(ValueError, match="the image has no counts"):
        bow_shock.locate(*seen, quantity="counts")
