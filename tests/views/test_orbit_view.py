import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.explorer.panel import render
from smile_explore.instruments import orbit as orbits
from smile_explore.instruments import uvi
from smile_explore.instruments.camera import project
from smile_explore.instruments.surroundings import (
    NOMINAL,
    boundary_radii,
    landmarks,
)
from smile_explore.instruments.sxi import SXI_FLIGHT
from smile_explore.instruments.visibility import CONSTRAINTS, visibility
from smile_explore.views import orbit, window
from smile_explore.views import visibility as visible

TIMES = np.datetime64("2018-06-20T00:00", "ns") + np.arange(
    0, 51 * 60, 30
) * np.timedelta64(60, "s")


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def gse(vector):
    return frames.rotate(vector.assign_attrs(frame="GSM"), to="GSE").values


@pytest.fixture(scope="module")
def flown():
    return orbits.trajectory(TIMES)


@pytest.fixture(scope="module")
def pointing(flown):
    return orbits.pointing(flown)


@pytest.fixture(scope="module")
def seen(flown):
    return visibility(flown)


@pytest.mark.parametrize("plane", orbit.PLANES)
def test_smile_stands_in_gse_and_looks_at_its_aim(flown, pointing, plane):
    time = TIMES[40]
    view = orbit.plane(flown, time, plane=plane, pointing=pointing)
    across, up = orbit.PLANES[plane]
    place = gse(flown["position"].sel(time=time))
    columns = ["xyz".index(across), "xyz".index(up)]
    smile = part(view, "SMILE")
    np.testing.assert_allclose(
        [smile[across][0], smile[up][0]], place[columns], atol=5e-3
    )
    sight = part(view, "boresight")
    start, end = np.column_stack([sight[across], sight[up]])
    aim = np.array([pointing["aim_x"].sel(time=time).item(), 0.0, 0.0])
    along = (end - start) @ (aim[columns] - start)
    size = np.linalg.norm(end - start) * np.linalg.norm(aim[columns] - start)
    assert along == pytest.approx(size, rel=1e-4)
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.xaxis.axis_label == f"{across.upper()} GSE [Rᴇ]"
    assert figure.title.text == f"Orbit, {plane.upper()} of GSE [Rᴇ]"


def test_the_orbit_is_coloured_by_what_is_on(flown):
    now = orbit.layers(flown, TIMES[50])
    mode = orbits.mode(flown).values
    place = gse(flown["position"])
    for name in np.unique(mode):
        line = now[name]
        here = mode == name
        np.testing.assert_allclose(line["x"][here], place[here, 0], atol=5e-3)
        # one point more before it, so that there is no hole
        assert np.isfinite(line["x"]).sum() <= here.sum() + 2


def test_of_a_long_trajectory_one_orbit_is_shown():
    times = TIMES[0] + np.arange(0, 240, 2) * np.timedelta64(1, "h")
    flown = orbits.trajectory(times)
    line = orbit.layers(flown, times[60])["LIA + MAG"]
    assert line["x"].size == 25
    first = orbit.layers(flown, times[0])["LIA + MAG"]
    assert first["x"].size == 13


@pytest.mark.parametrize("plane", ["xy", "xz"])
def test_boundaries_cross_the_line_to_the_sun_at_their_noses(flown, plane):
    time = TIMES[30]
    now = orbit.layers(flown, time, plane=plane)
    tilt = float(frames.dipole_tilt(time))
    noses = boundary_radii(0.0, 0.0, NOMINAL, tilt)
    up = orbit.PLANES[plane][1]
    for name, nose in zip(orbit.BOUNDARY, noses, strict=True):
        line = now[name]
        on_axis = np.abs(line[up]) < 1e-9
        np.testing.assert_allclose(line["x"][on_axis], nose)
        # one side after the other, and no jump between
        assert (np.diff(line[up]) > -1e-9).all() or name == "magnetopause"
        assert np.nanmax(np.abs(np.diff(line[up]))) < 3.0


def test_across_the_sun_line_the_section_is_at_smile_s_x(flown):
    time = TIMES[40]
    place = gse(flown["position"].sel(time=time))
    line = orbit.layers(flown, time, plane="yz")["bow shock"]
    radius = np.hypot(line["y"], line["z"])
    theta = np.arctan2(radius, place[0])
    expected = boundary_radii(np.degrees(theta), 0.0, NOMINAL, 0.0)[1]
    np.testing.assert_allclose(np.hypot(radius, place[0]), expected, rtol=2e-3)
    # farther sunward than the nose there is none
    ahead = flown.copy()
    ahead["position"] = xr.zeros_like(flown["position"]) + xr.DataArray(
        [30.0, 1.0, 1.0], dims="component"
    )
    ahead["position"].attrs = flown["position"].attrs
    line = orbit.layers(ahead, time, plane="yz")["magnetopause"]
    assert np.isnan(line["y"]).all()


def test_an_unknown_plane_is_refused(flown):
    with pytest.raises(ValueError, match="plane must be one of xy, xz, yz"):
        orbit.plane(flown, TIMES[0], plane="zx")


def test_the_window_shows_nose_and_cusps_where_the_camera_sees_them(
    flown, pointing
):
    time = TIMES[45]
    now = window.layers(pointing, time)
    here = pointing.sel(time=time)
    places = landmarks(NOMINAL, float(frames.dipole_tilt(time)))
    expected = project(places, SXI_FLIGHT, here)
    found = np.r_[now["nose"]["fov_lon"], now["cusps"]["fov_lon"]]
    np.testing.assert_allclose(found, expected["fov_lon"], atol=1e-9)
    found = np.r_[now["nose"]["fov_lat"], now["cusps"]["fov_lat"]]
    np.testing.assert_allclose(found, expected["fov_lat"], atol=1e-9)


def test_the_limb_stands_where_the_rule_holds_it(flown, pointing):
    time = TIMES[45]
    limb = window.layers(pointing, time)["limb"]
    lon, lat = np.radians(limb["fov_lon"]), np.radians(limb["fov_lat"])
    angle = np.degrees(np.arccos(np.cos(lat) * np.cos(lon)))
    assert angle.min() == pytest.approx(20.3, abs=0.02)
    radius = np.linalg.norm(flown["position"].sel(time=time))
    width = 2.0 * np.degrees(np.arcsin(1.0 / radius))
    assert angle.max() == pytest.approx(20.3 + width, abs=0.02)
    # Sun up: Earth stands below, in the middle
    assert np.degrees(lon).mean() == pytest.approx(0.0, abs=0.1)
    assert limb["fov_lat"].max() == pytest.approx(-20.3, abs=0.02)


def test_uvi_s_frame_is_its_own_camera_s(flown, pointing):
    time = TIMES[45]
    plain = window.layers(pointing, time)["UVI"]
    own = window.layers(
        pointing, time, uvi_pointing=uvi.pointing(flown, target="platform")
    )["UVI"]
    for axis in ("fov_lon", "fov_lat"):
        np.testing.assert_allclose(plain[axis], own[axis], atol=1e-9)
    middle = np.isclose(plain["fov_lon"], 0.0, atol=1e-9)
    heights = np.unique(np.round(plain["fov_lat"][middle], 6))
    np.testing.assert_allclose(heights, [-29.0, -19.0])


def test_what_is_behind_the_earth_is_not_drawn(flown, pointing):
    here = pointing.sel(time=TIMES[45])
    place = here["position"].values
    up = place / np.linalg.norm(place)
    side = np.cross(up, [1.0, 0.0, 0.0])
    seen = window._seen(
        np.stack([1.001 * up, -1.001 * up, -3.0 * up, 1.5 * side]), here
    )
    assert np.isfinite(seen["fov_lon"]).tolist() == [True, False, False, True]


@pytest.mark.parametrize("name", ["aurora", "terminator", "coastlines"])
def test_on_the_earth_lines_are_within_its_limb(pointing, name):
    now = window.layers(pointing, TIMES[45])
    here = pointing.sel(time=TIMES[45])
    earth = project(0.0 * here["position"], SXI_FLIGHT, here)
    lat = now[name]["fov_lat"] - earth["fov_lat"].item()
    away = np.hypot(now[name]["fov_lon"], lat)
    shown = np.isfinite(away)
    assert shown.any()
    limb = 0.5 * np.ptp(now["limb"]["fov_lat"])
    assert away[shown].max() < 1.2 * limb


def test_the_window_says_where_the_rule_has_no_direction(flown, pointing):
    blind = pointing.copy()
    for name in ("boresight", "up"):
        blind[name] = blind[name] * np.nan
    (said,) = window.layers(blind, TIMES[3])["note"]["text"]
    assert said == "The pointing rule has no direction here"
    (said,) = window.layers(pointing, TIMES[45])["note"]["text"]
    assert said.startswith("Sun ")


def test_bars_stand_where_constraints_are_met(seen):
    view = visible.bars(seen, TIMES[10])
    assert set(CONSTRAINTS) < set(visible.ROWS)
    for name in visible.ROWS:
        bars = part(view, name)
        inside = np.zeros(TIMES.size, dtype=bool)
        for start, stop in zip(bars["time"], bars["until"], strict=True):
            inside |= (start <= TIMES) & (stop >= TIMES)
        np.testing.assert_array_equal(inside, seen[name])
    figure = hv.renderer("bokeh").get_plot(view).state
    share = 100 * float(seen["useful"].mean())
    assert figure.title.text.endswith(f"useful {share:.0f} %")


def test_angles_are_drawn_with_the_limit_of_the_sun(seen):
    view = visible.angles(seen, TIMES[10])
    for label, (name, _) in visible.ANGLES.items():
        np.testing.assert_array_equal(
            part(view, label)["sun_angle"], seen[name]
        )
    assert part(view, "limit")["sun_angle"].tolist() == [40.0, 40.0]
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.yaxis.axis_label == "angle [deg]"


def test_words_say_what_is_not_met(seen):
    low = int(np.argmin(seen["altitude"].values))
    said = visible.readings(seen, TIMES[low])
    assert "takes no images" in said
    assert "high enough for SXI" in said
    high = int(np.argmax(seen["altitude"].values))
    said = visible.readings(seen, TIMES[high])
    assert "may take images" in said
    assert f"{seen['altitude'].values[high]:,.0f} km high" in said


def test_columns_of_every_view_are_those_that_it_draws(flown, pointing):
    """A panel takes them, as the clock moves on."""
    size = {"frame_width": 200, "frame_height": 200}
    for plane in orbit.PLANES:
        options = {"plane": plane, "pointing": pointing}
        panel = render(orbit.plane(flown, TIMES[5], **options), size)
        moved = orbit.layers(flown, TIMES[60], **options)
        panel.show(moved)
        across, _ = orbit.PLANES[plane]
        for name in ("SMILE", "magnetopause", "SXI + UVI + LIA + MAG"):
            np.testing.assert_array_equal(
                panel.sources[name].data[across], moved[name][across]
            )
    panel = render(window.window(pointing, TIMES[5]), size)
    moved = window.layers(pointing, TIMES[60])
    panel.show(moved)
    for name, columns in moved.items():
        if name != "note":
            np.testing.assert_array_equal(
                panel.sources[name].data["fov_lat"], columns["fov_lat"]
            )
