import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import camera, sxi
from smile_explore.schema import SXI_IMAGE, TRAJECTORY

COARSE = camera.Camera("coarse", 27.0, 16.0, 1.0)
START = np.datetime64("2012-06-16T22:00", "ns")


def times(count):
    return START + np.arange(count) * np.timedelta64(300, "s")


def pointing(count=3, *, timed=True):
    """From above the pole to the dayside, moving a little."""
    places = [[4.0, -12.0 + i, 14.0] for i in range(count)]
    position = xr.DataArray(
        places,
        dims=("time", "component"),
        coords={"time": times(count)},
        attrs={"frame": "GSM"},
    )
    aimed = camera.aim(
        TRAJECTORY.stamp(
            xr.Dataset({"position": position, "velocity": 0.0 * position})
        ),
        target=(8.0, 0.0, 0.0),
    )
    return aimed if timed else aimed.isel(time=0)


def emissivity(count=None):
    """r^-3 everywhere, growing in time, on a grid that fills the view."""
    axes = {
        "x": np.linspace(-15.0, 25.0, 41),
        "y": np.linspace(-30.0, 30.0, 41),
        "z": np.linspace(-30.0, 30.0, 41),
    }
    grid = [xr.DataArray(v, dims=k, coords={k: v}) for k, v in axes.items()]
    radius = np.sqrt(sum(axis**2 for axis in grid)).clip(min=3.0)
    field = 1e-5 * (radius / 10.0) ** -3
    if count:
        growth = xr.DataArray(
            1.0 + np.arange(count), dims="time", coords={"time": times(count)}
        )
        field = growth * field
    field.attrs = {"units": "eV cm-3 s-1", "efficiency": 6e-16}
    return field.rename("emissivity")


def uniform(value=37.7, camera_used=sxi.SXI, count=None):
    """An image of the same intensity everywhere."""
    directions = camera.pixel_directions(camera_used, pointing(timed=False))
    image = xr.full_like(directions.isel(component=0, drop=True), value)
    image = image.drop_attrs().drop_vars("time")
    if count:
        image = image.expand_dims(time=times(count))
    return SXI_IMAGE.stamp(xr.Dataset({"intensity": image}))


def test_the_image_of_a_cubic_fall_is_the_closed_form():
    # a ray through A r^-3 from S: A / h^2 (1 - b / |S|), h off the origin
    aimed = pointing(timed=False)
    image = sxi.intensity(emissivity(), aimed, camera=COARSE)
    position = aimed["position"].values
    directions = camera.pixel_directions(COARSE, aimed).values
    along = directions @ position
    across = position @ position - along**2
    path = (1.0 - along / np.linalg.norm(position)) / across
    centimetres = EARTH_RADIUS * 1e5
    expected = 1e-5 * 10.0**3 * path * centimetres / 1e3 / (4 * np.pi)
    # only rays that stay clear of the flattened core
    clear = across > 25.0
    assert clear.mean() > 0.5
    np.testing.assert_allclose(
        image["intensity"].values[clear], expected[clear], rtol=0.02
    )
    assert image.attrs["efficiency"] == 6e-16
    assert image.attrs["camera"] == "coarse"


def test_each_time_is_imaged_from_its_own_place_and_field():
    aimed, field = pointing(), emissivity(3)
    many = sxi.intensity(field, aimed, camera=COARSE)["intensity"]
    assert many.dims == ("time", "fov_lat", "fov_lon")
    for index in range(3):
        one = sxi.intensity(
            field.isel(time=index), aimed.isel(time=index), camera=COARSE
        )
        np.testing.assert_allclose(
            many.isel(time=index), one["intensity"], rtol=1e-6
        )
    steady = sxi.intensity(field.isel(time=0, drop=True), aimed, camera=COARSE)
    np.testing.assert_allclose(
        many, steady["intensity"] * (1.0 + np.arange(3))[:, None, None], 1e-6
    )


def test_numpy_and_dask_make_the_same_image():
    field = emissivity(3)
    lazy = sxi.intensity(field.chunk(time=1), pointing(), camera=COARSE)
    assert lazy["intensity"].chunks is not None
    eager = sxi.intensity(field, pointing(), camera=COARSE)
    xr.testing.assert_allclose(lazy.compute(), eager, rtol=1e-6)


@pytest.mark.parametrize("moving", [True, False])
def test_no_image_where_sxi_is_off(moving):
    aimed = pointing()
    aimed["sxi_on"] = ("time", [True, False, True])
    field = emissivity(3) if moving else emissivity()
    image = sxi.intensity(field, aimed, camera=COARSE)["intensity"]
    always = sxi.intensity(field, pointing(), camera=COARSE)["intensity"]
    assert np.isnan(image.isel(time=1)).all()
    xr.testing.assert_allclose(image[::2], always[::2])
    off = aimed.assign(sxi_on=("time", [False] * 3))
    dark = sxi.intensity(field, off, camera=COARSE)["intensity"]
    assert np.isnan(dark).all()
    assert dark.dims == always.dims
    single = sxi.intensity(emissivity(), aimed.isel(time=1), camera=COARSE)
    assert np.isnan(single["intensity"]).all()


def test_a_pixel_has_the_published_counts():
    # 37.7 keV cm-2 s-1 sr-1 x (0.25 deg)^2 x 15 cm2 x 0.89 x 300 s / 0.5 keV
    # is 5.75 counts; science/sxi.md 1.8 quotes 5.8
    image = sxi.expected_counts(uniform(), background=0.0)
    centre = image["expected_counts"].sel(
        fov_lat=0.125, fov_lon=0.125, method="nearest"
    )
    by_hand = 37.7 * np.radians(0.25) ** 2 * 15 * 0.89 * 300 / 0.5
    assert float(centre) == pytest.approx(by_hand, rel=1e-5)
    assert float(centre) == pytest.approx(5.8, rel=0.01)
    assert float(image["exposure"]) == 300.0


def test_pixels_near_the_upper_edge_are_smaller():
    counts = sxi.expected_counts(uniform())["expected_counts"]
    ratio = counts.isel(fov_lat=-1) / counts.isel(fov_lat=32)
    np.testing.assert_allclose(
        ratio, np.cos(np.radians(7.875)) / np.cos(np.radians(0.125))
    )


def test_counted_energy_is_the_energy_that_arrived():
    image = sxi.expected_counts(
        uniform(20.0), exposure=120.0, photon_energy=0.7, background=3.0
    )
    energy = float(image["expected_counts"].sum()) * 0.7 / (15 * 0.89 * 120)
    solid_angle = np.radians(27.0) * 2 * np.sin(np.radians(8.0))
    assert energy == pytest.approx(23.0 * solid_angle, rel=1e-12)
    assert image["expected_counts"].attrs["photon_energy"] == 0.7
    assert image["expected_counts"].attrs["background"] == 3.0


def test_pixel_size_does_not_change_the_total():
    totals = [
        float(sxi.expected_counts(uniform(5.0, used))["expected_counts"].sum())
        for used in (sxi.SXI, COARSE)
    ]
    assert totals[0] == pytest.approx(totals[1], rel=1e-12)


def test_a_thousand_exposures_average_to_the_expectation():
    expected = sxi.expected_counts(uniform(camera_used=COARSE, count=1000))
    drawn = sxi.expose(expected, rng=12)
    mean = expected["expected_counts"].isel(time=0)
    error = (drawn["counts"].mean("time") - mean) / np.sqrt(mean / 1000)
    # 432 pixels of a unit normal
    assert float(abs(error).max()) < 4.5
    assert float(abs(error.mean())) < 0.2
    assert float(error.std()) == pytest.approx(1.0, abs=0.15)
    scatter = drawn["counts"].var("time") / mean
    assert float(scatter.mean()) == pytest.approx(1.0, abs=0.02)


def test_the_same_seed_gives_the_same_counts_from_numpy_and_dask():
    expected = sxi.expected_counts(uniform(camera_used=COARSE, count=3))
    eager = sxi.expose(expected, rng=5)["counts"]
    lazy = sxi.expose(expected.chunk(time=1), rng=5)["counts"]
    assert lazy.chunks is not None
    np.testing.assert_array_equal(eager, lazy)
    np.testing.assert_array_equal(lazy.compute(), lazy.compute())
    other = sxi.expose(expected, rng=6)["counts"]
    assert not np.array_equal(eager, other)


def test_one_generator_gives_a_new_exposure_each_time():
    expected = sxi.expected_counts(uniform(camera_used=COARSE))
    generator = np.random.default_rng(3)
    first, second = (sxi.expose(expected, rng=generator) for _ in range(2))
    assert not np.array_equal(first["counts"], second["counts"])


def test_unknown_pixels_stay_unknown():
    image = uniform(camera_used=COARSE)
    hole = image.where(image["fov_lon"] > 0)
    counts = sxi.expose(sxi.expected_counts(hole), rng=1)["counts"]
    np.testing.assert_array_equal(np.isnan(counts), np.isnan(hole.intensity))


def test_exposures_may_differ_from_image_to_image():
    image = uniform(camera_used=COARSE, count=2)
    exposure = xr.DataArray([100.0, 300.0], dims="time")
    counts = sxi.expected_counts(image, exposure=exposure)["expected_counts"]
    assert counts.dims == ("time", "fov_lat", "fov_lon")
    np.testing.assert_allclose(counts[1], 3.0 * counts[0])


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"exposure": -300.0}, "exposure must be positive, got -300 s"),
        ({"exposure": 0.0}, "exposure must be positive, got 0 s"),
        ({"effective_area": -1.0}, "effective_area must be positive, got -1 "),
        ({"photon_energy": 0.0}, "photon_energy must be positive, got 0 keV"),
        ({"quantum_efficiency": 89.0}, "must be a share up to 1, got 89"),
        ({"background": -2.0}, "background must not be negative, got -2 keV"),
    ],
)
def test_impossible_settings_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        sxi.expected_counts(uniform(), **settings)


def test_counts_without_expectation_are_refused():
    with pytest.raises(ValueError, match="no expected_counts to draw from"):
        sxi.expose(uniform())


def test_other_times_are_refused():
    with pytest.raises(ValueError, match=r"emissivity \(2 times from 2012"):
        sxi.intensity(emissivity(2), pointing(3), camera=COARSE)


def test_a_pointing_without_boresight_is_refused():
    lacking = pointing().drop_vars("boresight")
    with pytest.raises(ValueError, match="POINTING lacks boresight"):
        sxi.intensity(emissivity(), lacking)
