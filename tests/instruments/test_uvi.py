import numpy as np
import pyproj
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import camera as cameras
from smile_explore.instruments import uvi
from smile_explore.instruments._uvi_geometry import pixel_of, turned
from smile_explore.instruments._uvi_map import camera_of
from smile_explore.physics import apex
from smile_explore.physics.aurora import grid, zhang_paxton
from smile_explore.schema import AURORA, TRAJECTORY, UV_MAP, UVI_IMAGE

TIME = np.datetime64("2012-06-16T22:25", "ns")
SMALL = uvi.binned(8)
MLAT, MLT = grid()


def trajectory(distance=15.0, tilt=20.0, time=TIME):
    """From over the pole, a little toward the night side."""
    lean = np.radians(tilt)
    position = distance * np.array([-np.sin(lean), 0.0, np.cos(lean)])
    times = np.atleast_1d(time)
    data = xr.DataArray(
        np.tile(position, (times.size, 1)),
        {"time": times, "component": ["x", "y", "z"]},
        ("time", "component"),
        attrs={"frame": "GSM"},
    )
    if np.ndim(time) == 0:
        data = data.isel(time=0)
    return TRAJECTORY.stamp(
        xr.Dataset({"position": data, "velocity": 0.0 * data})
    )


def pointing(target="earth", **where):
    return uvi.pointing(trajectory(**where), target=target)


def even(radiance=100.0, energy=1.0):
    """An aurora of one brightness on the whole cap."""
    dims = ("mlat", "mlt")
    shape = (MLAT.size, MLT.size)
    return AURORA.stamp(
        xr.Dataset(
            {
                "energy_flux": (dims, np.ones(shape)),
                "mean_energy": (dims, np.full(shape, energy)),
                "radiance": (dims, np.full(shape, radiance)),
            },
            {"mlat": MLAT, "mlt": MLT},
        )
    )


def exposed(image, rng=1, **settings):
    return uvi.expose(uvi.expected_counts(image, **settings), rng=rng)


# what a pixel sees


def test_a_pixel_sees_where_its_line_meets_110_km_above_wgs84():
    view = pointing(distance=18.0)
    look = uvi.geometry(view, camera=SMALL)
    geo = turned(view)
    for name in ("position", "boresight", "up"):
        vector = view[name].assign_coords(time=TIME)
        rotated = frames.rotate(vector.assign_attrs(frame="GSM"), to="GEO")
        np.testing.assert_allclose(geo[name], rotated, atol=1e-12)
    sights = cameras.pixel_directions(SMALL, geo).values
    seen = np.isfinite(look["glat"].values)
    start, sights = geo["position"].values, sights[seen]
    near = np.full(len(sights), 16.0)
    far = np.full(len(sights), 18.0)  # the height falls along the way
    to_geodetic = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979")
    for _ in range(40):
        middle = 0.5 * (near + far)
        place = (start + middle[:, None] * sights) * EARTH_RADIUS * 1e3
        glat, glon, height = to_geodetic.transform(*place.T)
        near = np.where(height > 110e3, middle, near)
        far = np.where(height > 110e3, far, middle)
    met = abs(height - 110e3) < 1.0  # bisection passes by the limb's chords
    assert met.mean() > 0.9
    # a grazing sight slides: 0.15 m of height are 1e-4 deg at 89 deg
    met &= look["view_zenith_angle"].values[seen] < 85
    assert np.abs(look["glat"].values[seen] - glat)[met].max() < 1e-4
    along = (look["glon"].values[seen] - glon + 180) % 360 - 180
    assert np.abs(along * np.cos(np.radians(glat)))[met].max() < 1e-4


def test_magnetic_coordinates_are_those_of_the_place():
    view = pointing()
    look = uvi.geometry(view, camera=SMALL)
    known = look["glat"].values > 40.0
    glat, glon = (look[name].values[known] for name in ("glat", "glon"))
    mlat, mlon = apex.magnetic(glat, glon, TIME)
    np.testing.assert_allclose(look["mlat"].values[known], mlat, atol=1e-4)
    mlt = apex.local_time(mlon, TIME)
    apart = (look["mlt"].values[known] - mlt + 12) % 24 - 12
    assert np.abs(apart * np.cos(np.radians(mlat))).max() < 1e-4
    assert look["mlat"].values[~known].size


@pytest.mark.parametrize("target", uvi.TARGETS)
@pytest.mark.parametrize("size", [1, 4])
def test_a_place_is_seen_by_the_pixel_that_sees_it(target, size):
    camera = uvi.binned(size)
    view = pointing(target)
    look = uvi.geometry(view, camera=camera)
    seen = np.isfinite(look["mlat"].values)
    row, column = np.nonzero(seen)
    found = pixel_of(
        look["glat"].values[seen], look["glon"].values[seen], view, camera
    )
    assert np.abs(found[0] - row).max() < 0.1
    assert np.abs(found[1] - column).max() < 0.1
    # and by its magnetic coordinates, away from the limb
    near = look["view_zenith_angle"].values[seen] < 75
    mlon = apex.longitude(look["mlt"].values[seen][near], TIME)
    place = apex.geographic(look["mlat"].values[seen][near], mlon, TIME)
    found = pixel_of(*place, view, camera)
    assert np.nanmax(np.abs(found[0] - row[near])) < 0.1
    assert np.nanmax(np.abs(found[1] - column[near])) < 0.1


def test_the_far_side_of_the_earth_is_not_seen():
    look = uvi.geometry(pointing(), camera=SMALL)
    south = float(look["glat"].min()) - np.array([5.0, 40.0])
    row, _ = pixel_of(south, np.zeros(2), pointing(), SMALL)
    assert np.isnan(row).all()


@pytest.mark.parametrize(("distance", "size"), [(15.0, 30.4), (20.0, 41.3)])
def test_the_footprint_meets_the_requirement_of_150_km(distance, size):
    look = uvi.geometry(pointing(distance=distance))
    assert float(look["footprint"].min()) == pytest.approx(size, rel=0.01)
    aside = look["footprint"].where(look["view_zenith_angle"] < 70)
    assert float(aside.max()) < 150.0


def test_the_sun_is_overhead_where_it_should_be():
    look = uvi.geometry(pointing(), camera=SMALL)
    # 22:25 UT in mid June: the terminator is 23 deg from the pole
    pole = look["solar_zenith_angle"].where(look["glat"] > 88)
    assert float(pole.mean()) == pytest.approx(90 - 23.4, abs=1.5)


def test_seen_from_above_noon_is_up_and_dusk_is_left():
    view = pointing("oval", tilt=0.0)
    for mlt, row, column in ((12, 1, 0), (18, 0, -1), (0, -1, 0), (6, 0, 1)):
        place = apex.geographic(70.0, apex.longitude(mlt, TIME), TIME)
        found = pixel_of(*place, view, uvi.UVI)
        away = np.array([float(found[0]), float(found[1])]) - 255.5
        along = away @ [row, column] / np.linalg.norm(away)
        assert along > 0.8, mlt


def test_the_field_is_a_circle():
    view = pointing(distance=6.0)  # the Earth fills all of it
    look = uvi.geometry(view, camera=SMALL)
    radius = np.hypot(look["fov_lon"], look["fov_lat"])
    assert look["glat"].where(radius < 4.95).notnull().sum() > 3000
    assert look["glat"].where(radius > 5.0).isnull().all()


def test_a_view_is_worked_out_once():
    first = uvi.geometry(pointing(), camera=SMALL)
    second = uvi.geometry(pointing(), camera=SMALL)
    assert np.shares_memory(first["glat"].values, second["glat"].values)
    image = uvi.radiance(even(), pointing(), camera=SMALL)
    again = uvi.geometry(pointing(), camera=camera_of(image))
    assert np.shares_memory(first["glat"].values, again["glat"].values)


# pointing


@pytest.mark.parametrize(
    ("target", "distance"),
    [
        ("platform", 9.0),
        ("oval", 9.0),
        ("platform", 20.0),
        ("oval", 20.0),
        ("earth", 20.0),  # nearer by, the oval may be at the edge
    ],
)
def test_the_oval_is_in_the_field_wherever_uvi_is_pointed(target, distance):
    view = pointing(target, distance=distance)
    mlt = np.arange(0.5, 24.0)
    place = apex.geographic(70.0, apex.longitude(mlt, TIME), TIME)
    row, column = pixel_of(*place, view, uvi.UVI)
    radius = np.hypot(row - 255.5, column - 255.5)
    assert (radius < 256).all()


def test_the_platform_keeps_its_angle_from_sxi():
    from smile_explore.instruments import orbit

    there = trajectory()
    sxi = orbit.pointing(there)
    beside = uvi.pointing(there, offset=24.0)
    cosine = float(xr.dot(sxi["boresight"], beside["boresight"]))
    assert np.degrees(np.arccos(cosine)) == pytest.approx(24.0)
    assert float(xr.dot(beside["up"], beside["boresight"])) == pytest.approx(
        0.0, abs=1e-12
    )
    # toward the Earth, not away: its centre is 23.2 deg from SXI at 20 R_E
    earth = -there["position"] / 15.0
    assert float(xr.dot(earth, beside["boresight"])) > np.cos(np.radians(1))


def test_uvi_is_on_above_30000_km():
    both = xr.concat(
        [trajectory(distance=5.6), trajectory(distance=5.8)], dim="time"
    )
    on = uvi.pointing(both, target="earth")["uvi_on"]
    np.testing.assert_array_equal(on, [False, True])


# light


def test_a_disc_of_one_brightness_shines_as_one_over_mu():
    view = pointing()
    image = uvi.radiance(
        even(), view, camera=SMALL, f107=None, absorption=False
    )
    look = uvi.geometry(view, camera=SMALL)
    in_oval = (look["mlat"] > 40.0).values
    mu = np.cos(np.radians(look["view_zenith_angle"].values))
    np.testing.assert_allclose(
        image["radiance"].values[in_oval], 100.0 / mu[in_oval], rtol=1e-5
    )
    assert (image["radiance"].values[look["mlat"].values < 39.9] == 0.0).all()


def test_hard_electrons_brighten_less_toward_the_limb():
    view = pointing()
    images = [
        uvi.radiance(even(energy=e), view, camera=SMALL, f107=None)
        for e in (1.0, 10.0)
    ]
    look = uvi.geometry(view, camera=SMALL)
    aside = ((look["mlat"] > 41) & (look["view_zenith_angle"] > 50)).values
    soft, hard = (image["radiance"].values[aside] for image in images)
    assert (soft > 1.05 * hard).all()


def test_an_aurora_of_light_alone_shines_as_of_soft_electrons():
    view = pointing()
    measured = even()[["radiance"]]
    image = uvi.radiance(measured, view, camera=SMALL, f107=None)
    soft = uvi.radiance(even(), view, camera=SMALL, f107=None)
    np.testing.assert_allclose(image["radiance"], soft["radiance"], rtol=0.025)


def test_the_image_has_the_aurora_of_its_magnetic_place():
    view = pointing()
    storm = zhang_paxton(5.0, MLAT, MLT)
    image = uvi.radiance(
        storm, view, camera=SMALL, f107=None, absorption=False
    )
    look = uvi.geometry(view, camera=SMALL)
    some = np.argwhere(look["mlat"].values > 60)[::40]
    for row, column in some:
        pixel = look.isel(fov_lat=row, fov_lon=column)
        above = zhang_paxton(5.0, [pixel["mlat"]], [pixel["mlt"]])
        mu = np.cos(np.radians(float(pixel["view_zenith_angle"])))
        assert float(image["radiance"][row, column]) == pytest.approx(
            above["radiance"].item() / mu, rel=0.03, abs=1.0
        )


def test_dayglow_is_on_the_sunlit_side_and_part_of_the_image():
    view = pointing()
    storm = zhang_paxton(5.0, MLAT, MLT)
    image = uvi.radiance(storm, view, camera=SMALL, f107=150.0)
    dark = uvi.radiance(storm, view, camera=SMALL, f107=None)
    np.testing.assert_allclose(
        image["radiance"] - image["dayglow"], dark["radiance"], atol=0.01
    )
    look = uvi.geometry(view, camera=SMALL)
    glow = image["dayglow"]
    assert float(glow.where(look["solar_zenith_angle"] > 110).max()) < 12
    assert float(glow.where(look["solar_zenith_angle"] < 60).min()) > 300


def test_a_series_has_the_images_of_its_moments():
    times = TIME + np.arange(3) * np.timedelta64(10, "m")
    views = pointing(time=times)
    kp = xr.DataArray([1.0, 5.0, 8.0], {"time": times}, "time")
    flux = xr.DataArray([100.0, 130.0, 160.0], {"time": times}, "time")
    series = zhang_paxton(kp, MLAT, MLT)
    images = uvi.radiance(series, views, camera=SMALL, f107=flux)
    UVI_IMAGE.check(images)
    assert images["radiance"].dims == ("time", "fov_lat", "fov_lon")
    alone = uvi.radiance(
        series.isel(time=1), views.isel(time=1), camera=SMALL, f107=130.0
    )
    np.testing.assert_array_equal(images["radiance"][1], alone["radiance"])
    maps = uvi.to_magnetic_grid(images, views, MLAT, MLT)
    assert maps["radiance"].dims == ("time", "mlat", "mlt")
    np.testing.assert_array_equal(maps["time"], times)


def test_where_uvi_is_off_the_image_is_nan():
    both = xr.concat(
        [
            trajectory(distance=5.0, time=TIME),
            trajectory(time=TIME + np.timedelta64(1, "h")),
        ],
        dim="time",
    )
    view = uvi.pointing(both, target="earth")
    image = uvi.radiance(even(), view, camera=SMALL)
    assert image["radiance"][0].isnull().all()
    assert image["radiance"][1].notnull().any()


# detector


def test_signal_to_noise_at_150_rayleigh_is_what_was_asked_for():
    image = uvi.radiance(even(), pointing(), f107=None, absorption=False)
    flat = image.assign(radiance=xr.full_like(image["radiance"], 150.0))
    for excess in (1.0, 1.8):
        counts = exposed(flat, excess_noise=excess)["counts"]
        ratio = float(counts.mean() / counts.std())
        assert ratio == pytest.approx(3.0, rel=0.02)


def test_counts_go_with_time_and_area():
    image = uvi.radiance(even(), pointing(), camera=SMALL, f107=None)
    minute = uvi.expected_counts(image)["expected_counts"]
    hour = uvi.expected_counts(image, exposure=3600.0)["expected_counts"]
    np.testing.assert_allclose(hour, 60.0 * minute)
    # 0.06 counts per R and minute in a pixel of 512 x 512, 64 of them here
    per_rayleigh = (minute / image["radiance"]).where(image["radiance"] > 0)
    np.testing.assert_allclose(per_rayleigh.mean(), 0.06 * 64, rtol=1e-5)
    dark = uvi.expected_counts(image, dark_rate=0.1)["expected_counts"]
    assert float((dark - minute).min()) == pytest.approx(0.1 * 60 * 64)


def test_detection_counts_the_noise_of_the_dayglow_too():
    view = pointing()
    dark = uvi.radiance(even(), view, camera=SMALL, f107=None)
    flat = dark.assign(radiance=0.0 * dark["dayglow"] + 150.0)
    settings = {"signal_to_noise": 3.0 / 8.0}  # 3 in a pixel of 8 x 8
    seen = uvi.detection(uvi.expected_counts(flat, **settings), wanted=6.0)
    for name, value in (("signal_to_noise", 3.0), ("exposure_needed", 240.0)):
        found = seen[name].values[np.isfinite(dark["radiance"].values)]
        np.testing.assert_allclose(found, value, rtol=1e-5)
    # three times as much dayglow as aurora doubles the noise
    lit = flat.assign(
        radiance=flat["radiance"] + 450.0, dayglow=flat["dayglow"] + 450.0
    )
    seen = uvi.detection(uvi.expected_counts(lit, **settings))
    assert float(seen["signal_to_noise"].max()) == pytest.approx(1.5)
    assert float(seen["signal_to_noise"].min()) == pytest.approx(1.5)
    nothing = flat.assign(radiance=0.0 * dark["radiance"])
    seen = uvi.detection(uvi.expected_counts(nothing))
    assert float(seen["signal_to_noise"].max()) == 0.0
    assert float(seen["exposure_needed"].min()) == np.inf


def test_many_exposures_have_the_expected_mean_and_spread():
    coarse = uvi.binned(64)
    image = uvi.radiance(even(), pointing(), camera=coarse, f107=60.0)
    expected = uvi.expected_counts(
        image, excess_noise=1.5, signal_to_noise=0.5
    )
    many = expected.expand_dims(exposure_number=1000)
    counts = uvi.expose(many, rng=7)["counts"]
    mean = expected["expected_counts"]
    sigma = np.sqrt(1.5 * mean / 1000)
    deviation = ((counts.mean("exposure_number") - mean) / sigma).where(
        mean > 1
    )
    assert float(abs(deviation).max()) < 4.5
    spread = (counts.var("exposure_number") / (1.5 * mean)).where(mean > 1)
    assert float(spread.mean()) == pytest.approx(1.0, abs=0.03)


def test_a_seed_gives_the_same_counts():
    image = uvi.radiance(even(), pointing(), camera=SMALL)
    first, second = exposed(image, rng=5), exposed(image, rng=5)
    np.testing.assert_array_equal(first["counts"], second["counts"])
    assert (exposed(image, rng=6)["counts"] != first["counts"]).any()


def test_a_lazy_image_is_exposed_and_mapped_as_one_in_memory():
    view = pointing()
    image = uvi.radiance(even(), view, camera=SMALL)
    lazy = image.chunk(fov_lat=16)
    aurora = even().chunk(mlat=50)
    xr.testing.assert_allclose(image, uvi.radiance(aurora, view, camera=SMALL))
    seen = exposed(lazy, rng=5)
    assert seen["counts"].chunks is not None
    np.testing.assert_array_equal(
        seen["counts"], exposed(image, rng=5)["counts"]
    )
    xr.testing.assert_allclose(
        uvi.to_magnetic_grid(seen, view, MLAT, MLT),
        uvi.to_magnetic_grid(exposed(image, rng=5), view, MLAT, MLT),
    )


def test_calibration_gives_the_radiance_back_within_its_uncertainty():
    image = uvi.radiance(even(300.0), pointing(), camera=SMALL)
    seen = exposed(image, excess_noise=1.3, dark_rate=0.02)
    measured = uvi.calibrate(seen)
    pull = (measured["radiance"] - image["radiance"]) / measured["uncertainty"]
    assert float(pull.mean()) == pytest.approx(0.0, abs=0.1)
    assert float(pull.std()) == pytest.approx(1.0, abs=0.1)


def test_a_pixel_without_a_count_is_uncertain_by_one_photon():
    image = uvi.radiance(even(0.0), pointing(), camera=SMALL, f107=None)
    measured = uvi.calibrate(exposed(image, excess_noise=2.0))
    # two counts of a photon that the intensifier makes two of
    per_rayleigh = 2.0 * 0.06 * 64
    assert float(measured["radiance"].max()) == 0.0
    assert float(measured["uncertainty"].min()) == pytest.approx(
        2.0 / per_rayleigh
    )


def test_shift_and_add_keeps_an_edge_that_wandering_frames_blur():
    image = uvi.radiance(even(), pointing(), f107=None, absorption=False)
    light = xr.where(image["fov_lon"] > 0, 200.0, 100.0)
    edge = image.assign(
        radiance=image["radiance"] * 0 + light, dayglow=0 * image["dayglow"]
    )

    def width(blurred):
        row = blurred["radiance"].sel(fov_lat=0, method="nearest")
        return float(((row > 102) & (row < 198)).sum())

    jitter = 3.0 * uvi.NATIVE_PIXEL
    wild = uvi.co_add(edge, jitter=jitter, shift_and_add=False, rng=1)
    steady = uvi.co_add(edge, jitter=jitter, rng=1)
    assert width(edge) == 0
    assert width(steady) <= 2
    assert width(wild) > 5
    still = uvi.co_add(edge, jitter=0.0)
    np.testing.assert_allclose(still["radiance"], edge["radiance"])
    # nothing is lost, and the limb is not darkened by the sky
    assert float(wild["radiance"].min()) == pytest.approx(100.0)
    assert float(wild["radiance"].max()) == pytest.approx(200.0)


# the map


def test_an_image_comes_back_as_the_aurora_that_made_it():
    view = pointing(distance=18.0)
    storm = zhang_paxton(4.0, MLAT, MLT)
    image = uvi.radiance(storm, view, f107=None, absorption=False)
    mapped = uvi.to_magnetic_grid(image, view, MLAT, MLT)
    UV_MAP.check(mapped)
    mu = np.cos(np.radians(mapped["view_zenith_angle"]))
    above = (mapped["radiance"] * mu).where(mapped["coverage"] > 0.99)
    apart = (above - storm["radiance"]).where(mapped["view_zenith_angle"] < 65)
    assert float(apart.notnull().mean()) > 0.6
    assert float(abs(apart).max()) < 0.04 * float(storm["radiance"].max())
    assert float(abs(apart).mean()) < 1.0


def test_an_image_that_says_where_it_looks_needs_no_pointing():
    view = pointing(distance=18.0)
    storm = zhang_paxton(4.0, MLAT, MLT)
    image = uvi.radiance(storm, view, camera=uvi.binned(2), f107=None)
    look = uvi.geometry(view, camera=uvi.binned(2))
    own = UVI_IMAGE.stamp(image.assign(look.data_vars))
    by_itself = uvi.to_magnetic_grid(own, None, MLAT, MLT)
    pointed = uvi.to_magnetic_grid(image, view, MLAT, MLT)
    apart = (by_itself - pointed).where(pointed["coverage"] > 0.99)
    # samples of one way are half as far apart as those of the other
    assert float(abs(apart["radiance"]).mean()) < 3.0
    assert float(abs(apart["coverage"]).mean()) < 0.01


def test_the_uncertainty_of_a_cell_is_that_of_the_mean_of_its_pixels():
    view = pointing()
    image = uvi.radiance(even(300.0), view, camera=uvi.binned(4), f107=None)
    expected = uvi.expected_counts(image)
    rng = np.random.default_rng(3)
    maps = [
        uvi.to_magnetic_grid(
            uvi.expose(expected, rng=rng), view, MLAT[40:80:4], MLT[::8]
        )
        for _ in range(30)
    ]
    radiance = xr.concat([m["radiance"] for m in maps], dim="exposure_number")
    ratio = radiance.std("exposure_number") / maps[0]["uncertainty"]
    assert float(ratio.mean()) == pytest.approx(1.0, abs=0.1)


def test_an_arc_of_150_rayleigh_is_detected_in_one_minute():
    arc = even(0.0)
    lit = (abs(arc["mlat"] - 70.0) < 1.0) & (arc["mlt"] < 3.0)
    arc["radiance"] = arc["radiance"].where(~lit, 150.0)
    view = pointing(distance=20.0)
    image = uvi.radiance(arc, view, f107=None)
    # cells of 100 by 150 km
    mlat, mlt = grid(step_mlat=1.0, step_mlt=0.25)
    mapped = uvi.to_magnetic_grid(exposed(image), view, mlat, mlt)
    significance = mapped["radiance"] / mapped["uncertainty"]
    in_arc = significance.where(
        (abs(mapped["mlat"] - 70.0) < 0.6) & (mapped["mlt"] < 2.9)
    )
    assert float(in_arc.min()) > 3.0
    beside = significance.sel(mlat=slice(73, 80))
    assert float((beside > 3.0).mean()) < 0.01


def test_an_exposure_is_mapped_by_its_counts():
    view = pointing()
    image = uvi.radiance(even(300.0), view, camera=SMALL)
    seen = exposed(image)
    mapped = uvi.to_magnetic_grid(seen, view, MLAT, MLT)
    again = uvi.to_magnetic_grid(uvi.calibrate(seen), view, MLAT, MLT)
    xr.testing.assert_identical(mapped, again)
    assert "uncertainty" in mapped


def test_the_limb_is_left_out_of_the_map():
    view = pointing()
    image = uvi.radiance(even(), view, camera=SMALL)
    mapped = uvi.to_magnetic_grid(
        image, view, MLAT, MLT, largest_view_angle=40.0
    )
    seen = mapped.where(mapped["radiance"].notnull())
    assert float(seen["view_zenith_angle"].max()) <= 40.0


# bad input


def test_a_spacecraft_below_the_shell_is_refused():
    low = pointing(distance=1.005).assign(uvi_on=True)
    with pytest.raises(ValueError, match="above the shell at 110 km"):
        uvi.geometry(low, camera=SMALL)


def test_a_camera_that_looks_away_from_the_earth_is_refused():
    away = cameras.aim(trajectory(), target=(30.0, 0.0, 30.0))
    with pytest.raises(ValueError, match="UVI .* does not see the Earth"):
        uvi.radiance(even(), away, camera=SMALL)


@pytest.mark.parametrize("year", ["1998", "2031"])
def test_a_time_without_a_field_model_is_refused(year):
    then = np.datetime64(f"{year}-06-01T12:00", "ns")
    with pytest.raises(ValueError, match="2000 to 2030"):
        uvi.radiance(even(), pointing(time=then), camera=SMALL)


def test_an_image_of_another_shape_is_refused():
    view = pointing()
    image = uvi.radiance(even(), view, camera=SMALL)
    with pytest.raises(ValueError, match="the image is cut: its fov_lat"):
        uvi.to_magnetic_grid(image.isel(fov_lat=slice(10)), view, MLAT, MLT)
    with pytest.raises(ValueError, match="at least two pixels along fov_lon"):
        uvi.to_magnetic_grid(image.isel(fov_lon=[32]), view, MLAT, MLT)


def test_an_image_without_light_is_refused():
    view = pointing()
    image = uvi.radiance(even(), view, camera=SMALL)
    empty = image.assign(radiance=np.nan * image["radiance"])
    with pytest.raises(ValueError, match="all its pixels are NaN"):
        uvi.to_magnetic_grid(empty, view, MLAT, MLT)


def test_images_without_a_place_or_of_other_times_are_refused():
    view = pointing()
    image = uvi.radiance(even(), view, camera=SMALL)
    with pytest.raises(ValueError, match="it lacks mlat, mlt"):
        uvi.to_magnetic_grid(image, None, MLAT, MLT)
    times = TIME + np.arange(2) * np.timedelta64(10, "m")
    series = zhang_paxton(
        xr.DataArray([1.0, 2.0], {"time": times}, "time"), MLAT, MLT
    )
    with pytest.raises(ValueError, match="the aurora .* the same times"):
        uvi.radiance(series, pointing(time=times[::-1]), camera=SMALL)
    with pytest.raises(ValueError, match="has no time"):
        uvi.geometry(view.drop_vars("time"), camera=SMALL)
    with pytest.raises(ValueError, match="that of one moment"):
        uvi.geometry(pointing(time=times), camera=SMALL)


def test_settings_that_cannot_be_are_refused():
    image = uvi.radiance(even(), pointing(), camera=SMALL)
    for name, value in {
        "exposure": -60.0,
        "signal_to_noise": 0.0,
        "excess_noise": 0.5,
        "dark_rate": -1.0,
    }.items():
        with pytest.raises(ValueError, match=f"{name} must .* got {value:g}"):
            uvi.expected_counts(image, **{name: value})
    with pytest.raises(ValueError, match="jitter must not be negative"):
        uvi.co_add(image, jitter=-1.0)
    with pytest.raises(ValueError, match="no expected_counts to draw from"):
        uvi.expose(image)
    with pytest.raises(ValueError, match="detection needs expected_counts"):
        uvi.detection(image)
    with pytest.raises(ValueError, match="wanted must be positive"):
        uvi.detection(image, wanted=0.0)
    with pytest.raises(ValueError, match="exposure must be positive"):
        uvi.co_add(image, exposure=0.0)
    with pytest.raises(ValueError, match="no counts to calibrate"):
        uvi.calibrate(image)
    with pytest.raises(ValueError, match="platform, oval, earth, got 'moon'"):
        uvi.pointing(trajectory(), target="moon")
    with pytest.raises(ValueError, match="taken together by 3"):
        uvi.binned(3)
    with pytest.raises(ValueError, match="mlt must be at least two centres"):
        uvi.to_magnetic_grid(image, pointing(), MLAT, [1.0, 2.0, 4.0])
