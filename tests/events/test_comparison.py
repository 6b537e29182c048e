"""Models of one solar wind beside each other."""

import numpy as np
import pytest
import xarray as xr

from smile_explore import events
from smile_explore.data import mhd, samples
from smile_explore.events import comparison
from smile_explore.events.settings import Settings
from smile_explore.physics import magnetosphere
from smile_explore.physics.line_of_sight import integrate

TIME = np.datetime64("2012-06-16T22:25", "ns")


def wind(pressure_factor=1.0):
    """A northward storm wind; the pressure by the density."""
    return xr.Dataset(
        {
            "density": 40.0 * pressure_factor,
            "velocity": ("component", [-500.0, 0.0, 0.0]),
            "temperature": 13.0,
            "magnetic_field": ("component", [0.0, 0.0, 5.0]),
            "dynamic_pressure": 16.7 * pressure_factor,
        },
        {"component": ["x", "y", "z"]},
    )


def model(*, factor=1.0, step=0.75, **how):
    axes = (
        np.arange(-4.5, 16.1, step),
        np.arange(-12.0, 12.1, step),
        np.arange(-10.5, 19.6, step),
    )
    return magnetosphere.analytic_cube(wind(factor), *axes, **how)


@pytest.fixture(scope="module")
def pointing():
    return comparison.seat(events.load("2012-06-16"), TIME)


@pytest.fixture(scope="module")
def cubes():
    return {"one": model(), "denser": model(factor=2.0)}


@pytest.fixture(scope="module")
def glows(cubes):
    return comparison.emissivities(cubes)


@pytest.fixture(scope="module")
def compared(cubes, glows, pointing):
    return comparison.compare(cubes, pointing, glows=glows)


def test_a_model_does_not_differ_from_itself(pointing):
    same = comparison.compare({"a": model(), "b": model()}, pointing)
    assert float(abs(same.intensity_difference).max()) == 0.0
    assert float(abs(same.standoff_difference).max()) == 0.0
    np.testing.assert_allclose(same.relative_difference, 0.0, atol=1e-12)
    np.testing.assert_allclose(same.correlation, 1.0)
    np.testing.assert_allclose(same.ratio_noon.fillna(0.0), 0.0)


def test_twice_the_emissivity_is_twice_the_light(cubes, glows, pointing):
    """The same cube, glowing twice as much: ratios of 2 everywhere."""
    twice = comparison.compare(
        {"one": cubes["one"], "twice": cubes["one"]},
        pointing,
        glows={"one": glows["one"], "twice": 2.0 * glows["one"]},
    ).sel(model="twice")
    assert float(twice.relative_difference) == pytest.approx(1.0)
    lit = twice.ratio_noon.values[np.isfinite(twice.ratio_noon.values)]
    np.testing.assert_allclose(lit, np.log10(2.0), rtol=1e-5)
    np.testing.assert_allclose(
        twice.intensity_difference, twice.intensity / 2.0, rtol=1e-5
    )


def test_more_pressure_brings_the_nose_nearer_by_every_estimate(compared):
    nearer = compared.standoff_difference.sel(model="denser")
    # Lin et al. (2010): with the pressure to the -0.194, but for the cusps.
    expected = compared.standoff.sel(model="one") * (2.0**-0.194 - 1.0)
    known = nearer.estimate.values[np.isfinite(nearer.values)]
    assert {"exact", "last closed", "tangent fit", "maximum"} <= set(known)
    exact = nearer.sel(estimate="exact")
    np.testing.assert_allclose(
        exact, expected.sel(estimate="exact"), rtol=0.03
    )
    for name in known:
        assert float(nearer.sel(estimate=name)) < 0.0
    assert float(compared.relative_difference.sel(model="denser")) > 0.5


def test_another_grid_is_brought_onto_that_of_the_reference(pointing):
    coarse = model(step=1.0).sel(x=slice(None, 12))
    seen = comparison.compare({"fine": model(), "coarse": coarse}, pointing)
    there = seen.emissivity_noon.sel(model="coarse")
    assert there.sizes["x"] == model().sizes["x"]
    assert there.sel(x=slice(12.1, None)).isnull().all()
    # The smooth solar wind ahead of the shock is the same within the
    # interpolation of its r^-2 neutrals.
    ahead = seen.ratio_noon.sel(model="coarse", x=slice(11, 11.9), z=0.0)
    np.testing.assert_allclose(ahead, 0.0, atol=0.02)


def test_the_line_of_sight_of_a_pixel_has_its_light(compared, glows, pointing):
    pixel = compared.isel(fov_lon=40, fov_lat=30)
    seen = comparison.sights(
        glows,
        pointing,
        fov_lon=float(pixel.fov_lon),
        fov_lat=float(pixel.fov_lat),
    )
    for name, profile in seen.items():
        total = float(profile.intensity.sum() + profile.beyond)
        own = float(pixel.intensity.sel(model=name))
        assert total == pytest.approx(own, rel=1e-5)


def test_a_line_of_sight_through_an_edge_of_cells_is_seen(glows, pointing):
    """The middle of the picture lies in a plane of symmetry of the camera."""
    for lat in np.arange(-7.5, 7.5, 1.1):
        comparison.sights(glows, pointing, fov_lon=7e-15, fov_lat=lat)


def test_settings_reach_the_counts(cubes, glows, pointing, compared):
    longer = comparison.compare(
        cubes,
        pointing,
        glows=glows,
        settings=Settings(exposure=600.0),
        methods=(),
    )
    np.testing.assert_allclose(
        longer.total_counts, 2.0 * compared.total_counts
    )
    assert "tangent fit" not in longer.estimate
    assert longer.attrs["settings"]["exposure"] == 600.0


def test_the_table_has_every_number_and_its_unit(compared):
    table = comparison.table(compared)
    assert list(table.columns) == ["one", "denser"]
    exact = compared.standoff.sel(estimate="exact").values
    np.testing.assert_allclose(table.loc["standoff, exact [R_E]"], exact)
    assert table.loc["excess of the mean intensity [1]", "one"] == 0.0
    assert "peak intensity [keV cm-2 s-1 sr-1]" in table.index


def test_the_twin_of_a_run_has_its_wind_its_tilt_and_its_grid():
    run = mhd.open_cube(samples.path("batsrus_b_2012-06-16.nc"))
    twin = comparison.analytic_twin(run).isel(time=0)
    ahead = twin.sel(x=16.0, y=0.0, z=0.0, method="nearest")
    imposed = mhd.driver(run).isel(time=0)
    np.testing.assert_allclose(ahead.density, imposed.density, rtol=1e-5)
    np.testing.assert_allclose(
        ahead.temperature, imposed.temperature, rtol=1e-5
    )
    np.testing.assert_allclose(twin.x, run.x)
    # A 24 degree tilt: the model's northern cusp leans to the Sun.
    noon = twin.solar_wind_fraction.interp(y=0.0)
    north = float(noon.interp(x=3.0).sel(z=slice(0, None)).idxmax("z"))
    south = float(noon.interp(x=3.0).sel(z=slice(None, 0)).idxmax("z"))
    assert north < -south


def test_one_cube_alone_is_refused(cubes, pointing):
    with pytest.raises(ValueError, match="needs two cubes or more, got 1"):
        comparison.compare({"one": cubes["one"]}, pointing)


def test_cubes_of_many_times_need_one(pointing):
    run = mhd.open_cube(samples.path("batsrus_e_2012-06-16.nc"))
    two = {"E": run, "again": run}
    with pytest.raises(ValueError, match=r"E has \d+ times from .* time=\.\."):
        comparison.compare(two, pointing)
    with pytest.raises(ValueError, match=r"E has times from .*, not 1999-01"):
        comparison.compare(two, pointing, time=np.datetime64("1999-01-01"))


def test_a_pointing_of_many_times_or_with_sxi_off_is_refused(cubes, pointing):
    times = np.array([TIME, TIME + np.timedelta64(1, "h")])
    both = pointing.drop_vars("time").expand_dims(time=times)
    with pytest.raises(ValueError, match="that of one time, got 2"):
        comparison.compare(cubes, both)
    off = pointing.assign(sxi_on=False)
    with pytest.raises(ValueError, match="SXI is off there"):
        comparison.compare(cubes, off)


def test_what_is_not_found_is_nan_and_told(pointing, cubes, glows):
    """No light, no arc: the estimate stays, and says why it is empty."""
    dark = {name: 0.0 * glow for name, glow in glows.items()}
    seen = comparison.compare(
        cubes,
        pointing,
        glows=dark,
        settings=Settings(fitted="intensity"),
        methods=["maximum"],
    )
    assert seen.standoff.sel(estimate="maximum").isnull().all()
    assert (seen.status.sel(estimate="maximum") != "found").all()


def test_the_integral_behind_an_image_is_that_of_the_line_of_sight(
    compared, glows, pointing
):
    from smile_explore.instruments import camera, sxi

    where = pointing.drop_vars("time")
    rays = camera.pixel_directions(sxi.SXI, where)
    own = integrate(
        glows["one"].drop_vars("time", errors="ignore"), where.position, rays
    )
    np.testing.assert_allclose(
        compared.intensity.sel(model="one"), own, rtol=1e-6
    )


def test_the_edge_that_was_found_passes_the_nose_as_the_image_shows_it(
    compared, pointing
):
    """Rims of a farther magnetopause lie farther from Earth."""
    rims = compared[["rim_lon", "rim_lat"]].sel(estimate="tangent fit")
    assert rims.rim_lon.dims == ("model", "point")
    # toward the Sun is up in the field of view, where SMILE is over the pole
    tops = rims.rim_lat.max("point")
    standoff = compared.standoff.sel(estimate="tangent fit")
    assert (tops.sel(model="one") > tops.sel(model="denser")) == (
        standoff.sel(model="one") > standoff.sel(model="denser")
    )
    assert compared.rim_lon.sel(estimate="exact").isnull().all()


def test_emissivities_tell_how_far_they_are(cubes):
    told = []
    comparison.emissivities(cubes, progress=lambda *now: told.append(now))
    assert told == [(1, 2), (2, 2)]
