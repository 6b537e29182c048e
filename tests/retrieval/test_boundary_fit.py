"""The boundary fit returns the surfaces of its own and of other models."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.physics import emissivity_models
from smile_explore.physics import emissivity_rays as kernel
from smile_explore.retrieval import _boundary_model as model
from smile_explore.retrieval import magnetopause
from smile_explore.retrieval._families import Family
from smile_explore.schema import SXI_IMAGE

PLACES = ["dawn and north", "dawn", "flank", "over the pole"]
COARSE = camera.Camera("SXI", 27.0, 16.0, 0.6)
JORGENSEN = replace(
    emissivity_models.JorgensenParameters(),
    magnetopause=7.6,
    bow_shock=9.8,
    magnetopause_y=0.6,
    magnetopause_z=0.55,
)


def of_jorgensen(pointing, background=0.0):
    """Image of the model of Jorgensen et al., without any grid."""
    parts = emissivity_models.components(
        pointing.position, camera.pixel_directions(COARSE, pointing), JORGENSEN
    )
    intensity = (parts * parts.amplitude).sum("name") + background
    image = SXI_IMAGE.stamp(xr.Dataset({"intensity": intensity}))
    solid = camera.solid_angle(image)
    expected = intensity * solid * 300.0 * 15.0 * 0.89 / 0.5
    return image.assign(
        expected_counts=expected.transpose("fov_lat", "fov_lon").drop_attrs()
    )


def drawn(image, seed):
    counts = np.random.default_rng(seed).poisson(image.expected_counts)
    return image.assign(counts=(image.expected_counts.dims, 1.0 * counts))


def fit(image, pointing, **options):
    options = {"shape": "shue", **options}
    return magnetopause.locate(
        image, pointing, method="boundary_fit", **options
    )


@pytest.mark.parametrize("place", PLACES)
def test_its_own_model_is_returned_exactly(sky, place):
    pointing = sky.views[place][1]
    found = fit(of_jorgensen(pointing), pointing)
    assert found.standoff.item() == pytest.approx(7.6, abs=0.03)
    assert found.bow_shock.item() == pytest.approx(9.8, abs=0.15)
    assert found.converged.item()
    assert found.misfit.item() < 1e-3
    amplitude = found.amplitude_value.sel(amplitude="wind").item()
    assert amplitude == pytest.approx(JORGENSEN.wind, rel=0.1)


@pytest.mark.parametrize("place", ["dawn and north", "over the pole"])
def test_counts_of_five_minutes_agree_with_the_uncertainty(sky, place):
    pointing = sky.views[place][1]
    image = of_jorgensen(pointing, background=5.0)
    found = [
        fit(drawn(image, seed), pointing, quantity="counts")
        for seed in range(2)
    ]
    error = np.array([one.standoff.item() for one in found]) - 7.6
    told = np.array([one.standoff_uncertainty.item() for one in found])
    assert (np.abs(error) < 3 * told).all()
    assert np.sqrt((error**2).mean()) < 0.15
    for one in found:
        assert one.misfit.item() == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("place", ["flank", "over the pole"])
def test_a_sheath_of_another_kind_is_found_too(sky, place):
    found = fit(*sky.views[place])
    assert found.standoff.item() == pytest.approx(sky.standoff, abs=0.1)
    assert found.status.item() == "found"


@pytest.mark.parametrize("place", ["dawn", "over the pole"])
def test_the_nose_is_found_over_the_cusps(sky, cusped, place):
    position = sky.views[place][1].position.values
    pointing = sky.pointing_from(position, (7.0, 0.0, 1.0))
    image = sky.image_of(cusped, pointing)
    found = fit(image, pointing, shape="lin", dipole_tilt=sky.tilt)
    assert found.standoff.item() == pytest.approx(sky.nose, abs=0.2)


def test_the_surface_of_the_kernel_is_that_of_the_family():
    family = Family("lin", 15.0)
    vector = model.start(family, 8.0, 0.02)
    shape = model._shape(vector, family)
    rng = np.random.default_rng(0)
    theta, phi = rng.uniform(0, 90, 30), rng.uniform(-180, 180, 30)
    t, p = np.radians(theta), np.radians(phi)
    radius = [
        kernel._indented(
            shape.magnetopause,
            np.cos(a),
            np.sin(a) * np.cos(b),
            np.sin(a) * np.sin(b),
        )
        for a, b in zip(t, p, strict=True)
    ]
    log = family.log_shape(theta, phi, standoff=8.0, flaring=0.02)
    np.testing.assert_allclose(radius, 8.0 * np.exp(log), rtol=0.003)


def test_what_the_image_cannot_tell_apart_is_named(sky):
    pointing = sky.views["dawn"][1]
    image = drawn(of_jorgensen(pointing, 5.0), 0)
    found = fit(image, pointing, quantity="counts")
    correlation = found.correlation
    np.testing.assert_allclose(np.diag(correlation), 1.0)
    np.testing.assert_allclose(correlation, correlation.values.T, atol=1e-9)
    assert (np.abs(correlation) <= 1 + 1e-9).all()
    named = found.degenerate.item()
    names = correlation.parameter.values
    for row, one in enumerate(names):
        for column in range(row):
            pair = f"{names[column]} and {one}"
            strong = abs(correlation.values[row, column]) > 0.9
            assert (pair in named) == strong


def test_a_fit_that_is_stopped_says_so_and_gives_its_state(sky):
    found = fit(*sky.views["dawn"], evaluations=2)
    assert not found.converged.item()
    assert found.status.item().startswith("not converged after 2 evaluations")
    assert np.isfinite(found.standoff)
    assert np.isfinite(found.parameter_value).all()


def test_evaluations_that_cannot_be_are_refused(sky):
    with pytest.raises(ValueError, match="evaluations must be 1 or more"):
        fit(*sky.views["dawn"], evaluations=0)


def test_a_series_has_the_same_variables_at_all_times(sky):
    image, pointing = sky.views["dawn"]
    times = np.array(["2012-06-16T22:00", "2012-06-16T22:05"], "M8[ns]")
    series = xr.concat([image, xr.full_like(image, 1.0)], "time")
    series = SXI_IMAGE.stamp(series.assign_coords(time=times))
    found = fit(series, pointing, evaluations=2)
    single = fit(image, pointing, evaluations=2)
    assert set(found.data_vars) == set(single.data_vars)
    assert found.correlation.dims == ("time", "parameter", "with_parameter")
    assert found.correlation[1].isnull().all()
    xr.testing.assert_allclose(
        found.parameter_value[0].drop_vars("time"), single.parameter_value
    )
    assert not found.converged[1]
