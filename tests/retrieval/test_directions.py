"""The brightest and the steepest direction are turned into a standoff."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval import magnetopause
from smile_explore.schema import SXI_IMAGE

PLACES = ["dawn and north", "dawn", "flank", "over the pole"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("method", "off"), [("maximum", 0.25), ("gradient", -0.15)]
)
def test_the_standoff_lies_between_gradient_and_maximum(
    sky, place, method, off
):
    found = magnetopause.locate(*sky.views[place], method=method, shape="shue")
    error = found.standoff.item() - sky.standoff
    assert error == pytest.approx(off, abs=0.25)
    assert abs(error) < 2 * found.standoff_uncertainty.item()
    assert found.status.item() == "found"
    assert found.attrs["method"] == method
    assert "strip of 4 deg" in found.attrs["assumptions"]


def test_a_steeper_rise_far_from_the_peak_is_not_the_magnetopause(sky):
    image, pointing = sky.views["dawn and north"]
    found = magnetopause.locate(image, pointing, method="gradient")
    # A dark strip near the edge toward Earth, 7 deg and more from the peak.
    shade = xr.where(image.fov_lat < -6.0, 0.3, 1.0)
    dark = SXI_IMAGE.stamp(image.assign(intensity=image.intensity * shade))
    again = magnetopause.locate(dark, pointing, method="gradient")
    assert again.standoff.item() == pytest.approx(found.standoff.item())


def test_over_the_pole_the_direction_crosses_the_axis_beyond_the_nose(sky):
    found = magnetopause.locate(
        *sky.views["over the pole"], method="maximum", shape="shue"
    )
    assert found.axis_crossing.item() > found.standoff.item() + 0.8
    # In the plane of the Sun-Earth line, from (0, 0, 19).
    angle = np.radians(found.elongation.item())
    assert found.axis_crossing.item() == pytest.approx(19 * np.tan(angle))
    assert 20 < found.tangent_angle.item() < 45
    assert np.isnan(found.radius.sel(angle=60.0))


@pytest.mark.parametrize("method", ["maximum", "gradient"])
def test_noise_of_five_minutes_scatters_as_told(sky, method):
    image, pointing = sky.views["dawn and north"]
    still = magnetopause.locate(image, pointing, method=method, shape="shue")
    found = [
        magnetopause.locate(
            sky.counted(image, seed),
            pointing,
            method=method,
            quantity="counts",
            shape="shue",
        )
        for seed in range(12)
    ]
    elongation = np.array([one.elongation.item() for one in found])
    told = np.mean([one.elongation_uncertainty.item() for one in found])
    assert 0.3 < told / elongation.std() < 3.0
    offset = elongation.mean() - still.elongation.item()
    assert abs(offset) < 0.6


def test_a_longer_exposure_tells_the_direction_better(sky):
    image, pointing = sky.views["dawn and north"]
    told = [
        magnetopause.locate(
            sky.counted(image, 1, exposure),
            pointing,
            method="maximum",
            quantity="counts",
        ).elongation_uncertainty.item()
        for exposure in (300.0, 30000.0)
    ]
    assert told[1] < 0.4 * told[0]


def test_the_same_counts_give_the_same_answer(sky):
    image, pointing = sky.views["dawn"]
    counts = sky.counted(image, 3)
    first, second = (
        magnetopause.locate(
            counts, pointing, method="gradient", quantity="counts"
        )
        for _ in range(2)
    )
    xr.testing.assert_identical(first, second)


@pytest.mark.parametrize("method", ["maximum", "gradient"])
def test_a_series_is_found_one_by_one_lazy_or_not(sky, method):
    image, pointing = sky.views["dawn"]
    time = np.array(["2012-06-16T22:00", "2012-06-16T22:05"], "datetime64[ns]")
    series = SXI_IMAGE.stamp(
        xr.concat([image, xr.full_like(image, 1.0)], "time").assign_coords(
            time=time
        )
    )
    tilt = 0.0
    found = magnetopause.locate(
        series, pointing, method=method, dipole_tilt=tilt
    )
    single = magnetopause.locate(
        image, pointing, method=method, dipole_tilt=tilt
    )
    assert found.standoff[0].item() == single.standoff.item()
    assert np.isnan(found.standoff[1])
    assert np.isnan(found.elongation[1])
    assert "uniform" in found.status[1].item()
    lazy = magnetopause.locate(
        series.chunk(time=1), pointing, method=method, dipole_tilt=tilt
    )
    xr.testing.assert_identical(lazy, found)


METHODS = ["tangent_fit", "maximum", "gradient", "boundary_fit"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("target", "message"),
    [
        ((2.0, 0.0, 0.0), "Earth is inside the field of view"),
        ((400.0, 0.0, 0.0), "the Sun is inside the field of view"),
    ],
)
def test_earth_or_sun_in_the_field_of_view_is_named(
    sky, method, target, message
):
    image, _ = sky.views["flank"]
    pointing = sky.pointing_from((10.0, -30.0, 0.0), target)
    with pytest.raises(ValueError, match=message):
        magnetopause.locate(image, pointing, method=method)


@pytest.mark.parametrize("method", METHODS)
def test_too_few_counts_tell_the_exposure_that_would_do(sky, method):
    image, pointing = sky.views["dawn"]
    few = sky.counted(image, 0, exposure=0.2)
    total = few.counts.sum().item()
    assert 0 < total < 100
    enough = float(f"{1.2 * 0.2 * 100 / total:.2g}")
    message = f"{total:g} counts, .* expose longer, {enough:g} s instead of 0"
    with pytest.raises(ValueError, match=message):
        magnetopause.locate(few, pointing, method=method, quantity="counts")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("value", "message"),
    [(-1.0, "must not be negative"), (np.nan, "counts must not be NaN")],
)
def test_counts_that_cannot_be_are_refused(sky, method, value, message):
    image, pointing = sky.views["dawn"]
    bad = sky.counted(image, 0)
    bad["counts"][3, 4] = value
    with pytest.raises(ValueError, match=message):
        magnetopause.locate(bad, pointing, method=method, quantity="counts")


@pytest.mark.parametrize("method", METHODS)
def test_a_pointing_that_misses_the_sheath_is_refused(sky, method):
    image, _ = sky.views["dawn"]
    away = sky.pointing_from((4.0, -12.0, 14.0), (40.0, -30.0, 60.0))
    with pytest.raises(ValueError, match="misses the magnetosheath"):
        magnetopause.locate(image, away, method=method)


def test_from_the_sun_earth_line_no_direction_can_be_told(sky):
    image, _ = sky.views["dawn"]
    pointing = sky.pointing_from((-20.0, 0.0, 0.01), (8.0, 12.0, 0.0))
    with pytest.raises(ValueError, match="on the Sun-Earth line"):
        magnetopause.locate(image, pointing, method="maximum")


def test_a_strip_that_cannot_be_is_refused(sky):
    with pytest.raises(ValueError, match="strip must be within 0 to 30 deg"):
        magnetopause.locate(*sky.views["dawn"], strip=-1.0)
