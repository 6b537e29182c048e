import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera as cameras
from smile_explore.instruments.camera import Camera
from smile_explore.schema import TRAJECTORY

SXI = Camera("SXI", 27.0, 16.0, 0.25)
POSITIONS = [[6.57, -5.94, 17.33], [4.0, -12.0, 14.0], [10.0, -30.0, 0.0]]


def trajectory(positions=POSITIONS, frame="GSM"):
    time = np.datetime64("2012-06-16T20:00", "ns") + np.arange(
        len(positions)
    ) * np.timedelta64(60, "s")
    position = xr.DataArray(
        np.array(positions, dtype=float),
        dims=("time", "component"),
        coords={"time": time, "component": ["x", "y", "z"]},
        attrs={"frame": frame},
    )
    return TRAJECTORY.stamp(
        xr.Dataset({"position": position, "velocity": 0.0 * position})
    )


def pointing(**options):
    return cameras.aim(
        trajectory(**options), target=(8.0, 0.0, 0.0), up=(0.0, 0.0, 1.0)
    )


def test_boresight_runs_from_the_spacecraft_to_the_target():
    aimed = pointing()
    sight = np.array([8.0, 0.0, 0.0]) - np.array(POSITIONS)
    sight /= np.linalg.norm(sight, axis=1, keepdims=True)
    np.testing.assert_allclose(aimed["boresight"], sight, atol=1e-15)
    assert aimed["boresight"].attrs["frame"] == "GSM"


def test_up_is_perpendicular_and_nearest_to_what_was_asked():
    aimed = pointing()
    up, boresight = aimed["up"].values, aimed["boresight"].values
    np.testing.assert_allclose((up * boresight).sum(-1), 0.0, atol=1e-15)
    np.testing.assert_allclose(np.linalg.norm(up, axis=-1), 1.0)
    # sin of the angle between boresight and Z is all of Z that is left
    np.testing.assert_allclose(up[:, 2], np.hypot(*boresight[:, :2].T))


def test_an_eye_above_earth_looking_down_has_the_sun_up_and_dusk_left():
    # from over the north pole, with X upward, +Y lies to the left
    seen = cameras.project(
        xr.DataArray([[1.0, 0, 0], [0, 1.0, 0]], dims=("point", "component")),
        SXI,
        cameras.aim(trajectory([[0.0, 0, 20]]), target=(0.0, 0, 0)),
    ).isel(time=0)
    angle = np.degrees(np.arctan(1 / 20))
    np.testing.assert_allclose(seen["fov_lat"], [angle, 0.0], atol=1e-12)
    np.testing.assert_allclose(seen["fov_lon"], [0.0, -angle], atol=1e-12)


def test_pixels_fill_the_field_of_view():
    directions = cameras.pixel_directions(SXI, pointing())
    assert directions.dims == ("time", "fov_lat", "fov_lon", "component")
    assert directions.shape == (3, 64, 108, 3)
    lat, lon = directions["fov_lat"].values, directions["fov_lon"].values
    np.testing.assert_allclose([lat[0], lat[-1]], [-7.875, 7.875])
    np.testing.assert_allclose([lon[0], lon[-1]], [-13.375, 13.375])
    np.testing.assert_allclose(np.diff(lon), 0.25)


def test_a_pixel_that_does_not_divide_the_width_is_adjusted():
    coarse = Camera("coarse", 26.5, 15.5, 1.0)
    lat = cameras.pixel_directions(coarse, pointing())["fov_lat"].values
    assert lat.size == 16
    assert lat[-1] + np.diff(lat)[0] / 2 == pytest.approx(7.75)


def test_directions_are_unit_vectors_at_the_angle_of_their_pixel():
    aimed = pointing()
    directions = cameras.pixel_directions(SXI, aimed)
    np.testing.assert_allclose(
        np.linalg.norm(directions, axis=-1), 1.0, atol=1e-15
    )
    lat, lon = np.radians(directions["fov_lat"]), directions["fov_lon"]
    cosine = xr.dot(directions, aimed["boresight"], dim="component")
    expected = np.cos(lat) * np.cos(np.radians(lon))
    xr.testing.assert_allclose(
        cosine, expected.broadcast_like(cosine), rtol=0, atol=1e-15
    )


def test_project_undoes_unproject():
    wide = Camera("wide", 170.0, 170.0, 10.0)
    aimed = pointing()
    directions = cameras.pixel_directions(wide, aimed)
    seen = cameras.project(aimed["position"] + 7.0 * directions, wide, aimed)
    for name in ("fov_lon", "fov_lat"):
        error = seen[name] - directions[name]
        assert float(abs(error).max()) < 1e-9
    assert bool(seen["in_view"].all())


def test_project_finds_the_position_of_a_known_point():
    aimed = cameras.aim(
        trajectory([[0.0, -30.0, 0.0]]), target=(0, 0, 0), up=(0, 0, 1)
    )
    point = xr.DataArray([3.0, -30 + 30.0, 4.0], dims="component")
    seen = cameras.project(point, SXI, aimed).isel(time=0)
    assert float(seen["fov_lon"]) == pytest.approx(
        np.degrees(np.arctan2(3, 30))
    )
    assert float(seen["fov_lat"]) == pytest.approx(
        np.degrees(np.arcsin(4 / np.sqrt(9 + 16 + 900)))
    )
    assert bool(seen["in_view"])


def test_points_behind_the_camera_are_nowhere():
    aimed = pointing()
    behind = aimed["position"] - 3.0 * aimed["boresight"]
    seen = cameras.project(behind, SXI, aimed)
    assert np.isnan(seen["fov_lon"]).all()
    assert np.isnan(seen["fov_lat"]).all()
    assert not seen["in_view"].any()


def test_a_point_just_outside_the_field_of_view_is_not_in_view():
    aimed = pointing()
    lat = xr.DataArray([7.999, 8.001, -8.001], dims="point")
    points = aimed["position"] + cameras.unproject(0.0, lat, aimed)
    in_view = cameras.project(points, SXI, aimed)["in_view"]
    np.testing.assert_array_equal(in_view, [[True, False, False]] * 3)


def test_solid_angles_add_up_to_the_field_of_view():
    image = cameras.pixel_directions(SXI, pointing())
    total = float(cameras.solid_angle(image).sum()) * image.sizes["fov_lon"]
    assert total == pytest.approx(
        np.radians(27.0) * 2 * np.sin(np.radians(8.0)), rel=1e-12
    )


def test_one_time_and_many_agree():
    aimed = pointing()
    many = cameras.pixel_directions(SXI, aimed)
    for index in range(3):
        one = cameras.aim(
            trajectory().isel(time=index), target=(8, 0, 0), up=(0, 0, 1)
        )
        xr.testing.assert_allclose(
            cameras.pixel_directions(SXI, one),
            many.isel(time=index),
            rtol=0,
            atol=1e-15,
        )


def test_a_moving_target_is_followed():
    target = xr.DataArray(
        [[8.0, 0, 0], [9.0, 0, 0], [10.0, 0, 0]],
        dims=("time", "component"),
        coords={"time": trajectory()["time"]},
    )
    aimed = cameras.aim(trajectory(), target=target)
    seen = cameras.project(target, SXI, aimed)
    assert float(abs(seen["fov_lon"]).max()) < 1e-12
    assert float(abs(seen["fov_lat"]).max()) < 1e-12


def test_dask_and_numpy_points_agree():
    aimed = pointing()
    points = xr.DataArray(
        np.random.default_rng(2).normal(size=(40, 3)),
        dims=("point", "component"),
    )
    lazy = cameras.project(points.chunk(point=10), SXI, aimed)
    assert lazy["fov_lon"].chunks is not None
    xr.testing.assert_allclose(lazy, cameras.project(points, SXI, aimed))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": POSITIONS[0]}, "the spacecraft is at the target"),
        ({"target": (8, 0, 0), "up": (0, 0, 0)}, "up must not be zero"),
        ({"target": (10, 0, 0), "up": (0, 1, 0)}, "parallel to up; choose"),
        ({"target": (8, 0)}, "target must have the three components x, y, z"),
        (
            {"target": trajectory(frame="GSE")["position"]},
            "target is in GSE, the spacecraft in GSM; rotate one",
        ),
    ],
)
def test_aims_that_leave_the_view_open_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        cameras.aim(trajectory(), **options)


def test_a_spacecraft_inside_earth_is_refused():
    with pytest.raises(ValueError, match="inside Earth at 1 of 2 positions"):
        cameras.aim(trajectory([[0, 0, 0.9], [0, 0, 2]]), target=(8, 0, 0))


@pytest.mark.parametrize(
    ("fov_lon", "pixel", "message"),
    [
        (0.0, 1.0, "must lie between 0 and 180 deg, got 0 x 16 deg"),
        (180.0, 1.0, "must lie between 0 and 180 deg"),
        (27.0, 0.0, "the pixel of SXI must be positive"),
        (27.0, 17.0, "no larger than its field of view of 27 x 16 deg"),
    ],
)
def test_impossible_cameras_are_refused(fov_lon, pixel, message):
    with pytest.raises(ValueError, match=message):
        Camera("SXI", fov_lon, 16.0, pixel)


def test_bare_arrays_are_refused():
    with pytest.raises(TypeError, match="name its dimension with"):
        cameras.unproject(np.arange(3.0), 0.0, pointing())
    with pytest.raises(TypeError, match="points must be an xarray"):
        cameras.project(np.zeros(3), SXI, pointing())


def test_pixels_of_unknown_size_are_refused():
    image = cameras.pixel_directions(SXI, pointing())
    for choice in ([0], [0, 1, 5]):
        with pytest.raises(ValueError, match="two evenly spaced values of"):
            cameras.solid_angle(image.isel(fov_lon=choice))
