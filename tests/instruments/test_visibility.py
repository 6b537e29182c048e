import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import orbit
from smile_explore.instruments.camera import aim
from smile_explore.instruments.orbit import Elements
from smile_explore.instruments.surroundings import NOMINAL, landmarks
from smile_explore.instruments.visibility import CONSTRAINTS, visibility
from smile_explore.schema import SOLAR_WIND, TRAJECTORY, VISIBILITY

START = np.datetime64("2018-03-20T10:36", "ns")


def through(places, *, frame="GSM", start=START, step=60):
    position = np.array(places, dtype=float)
    times = start + np.arange(len(position)) * np.timedelta64(step, "s")
    position = xr.DataArray(
        position,
        {"time": times, "component": ["x", "y", "z"]},
        ("time", "component"),
        attrs={"frame": frame},
    )
    return TRAJECTORY.stamp(
        xr.Dataset({"position": position, "velocity": 0.0 * position})
    )


def storm(pressure, bz=0.0):
    return SOLAR_WIND.stamp(
        NOMINAL.assign(
            dynamic_pressure=pressure,
            magnetic_field=("component", [0.0, 0.0, bz]),
        )
    )


@pytest.fixture(scope="module")
def over_the_pole():
    return visibility(through([[0.0, 0.0, 20.0]])).isel(time=0)


@pytest.fixture(scope="module")
def one_orbit():
    times = START + np.arange(0, 51 * 60, 30) * np.timedelta64(60, "s")
    return orbit.trajectory(times)


def test_angles_over_the_pole_are_those_of_a_triangle(over_the_pole):
    seen = over_the_pole
    # the boresight leans toward the Sun from the nadir by limb and disc
    lean = 20.3 + np.degrees(np.arcsin(1.0 / 20.0))
    assert seen["earth_angle"] == pytest.approx(lean)
    assert seen["limb_angle"] == pytest.approx(20.3)
    assert seen["sun_angle"] == pytest.approx(90.0 - lean)
    nose = np.degrees(np.arctan2(seen["standoff"], 20.0))
    assert seen["nose_angle"] == pytest.approx(abs(nose - lean))
    # a cusp lies in the same plane, 63.2 deg from X less the lean of the pole
    tilt = np.radians(seen["dipole_tilt"].item())
    open_angle = np.degrees(1.103 - 0.907 * tilt)
    places = landmarks(NOMINAL, seen["dipole_tilt"].item())
    x, y, z = places.sel(landmark="north cusp").values
    assert np.degrees(np.arctan2(z, x)) == pytest.approx(open_angle)
    assert y == pytest.approx(0.0, abs=1e-12)
    cusp = np.degrees(np.arctan2(x, 20.0 - z))
    assert seen["north_cusp_angle"] == pytest.approx(abs(cusp - lean))


def test_the_cusps_are_mirror_images_for_opposite_tilts():
    leaning, away = (landmarks(NOMINAL, tilt) for tilt in (20.0, -20.0))
    north = leaning.sel(landmark="north cusp").values
    south = away.sel(landmark="south cusp").values
    mirrored = north * [1.0, 1.0, -1.0]
    # but for the model's own coefficient a11, which tells north from south
    np.testing.assert_allclose(south, mirrored, rtol=0.02, atol=1e-12)
    np.testing.assert_allclose(np.cross(south, mirrored), 0.0, atol=1e-9)
    # the pole that leans to the Sun has its cusp nearer to noon
    other = leaning.sel(landmark="south cusp").values
    assert north[0] / north[2] > other[0] / -other[2]


def test_margins_over_the_pole_are_what_is_left_to_each_limit(over_the_pole):
    seen = over_the_pole
    lean = 20.3 + np.degrees(np.arcsin(1.0 / 20.0))
    assert seen["sun_outside_sxi_margin"] == pytest.approx(50.0 - lean)
    assert seen["earth_outside_sxi_margin"] == pytest.approx(0.0, abs=1e-9)
    # UVI looks 24 deg below, and sees 4.985 deg around
    uvi = 9.97 / 2.0 - (24.0 - lean)
    assert seen["earth_in_uvi_margin"] == pytest.approx(uvi)
    # the nose stands across the short side of the field, 15.5 deg
    edge = 7.75 - abs(seen["nose_angle"].item())
    assert seen["nose_in_sxi_margin"] == pytest.approx(edge)
    for name in ("earth_outside_sxi", "sun_outside_sxi", "earth_in_uvi"):
        assert seen[name]
    assert seen["pole_in_uvi"]
    assert seen["mode"] == "SXI + UVI + LIA + MAG"


def test_on_the_sun_earth_line_regions_change_at_the_published_noses():
    # Pd 17.8 nPa, Bz 0: Lin 7.07 with the field of the storm, which is left
    # out here, and Jelinek 9.68 (spok 0.1.1)
    x = np.arange(6.0, 11.0, 0.01)
    flown = through(np.outer(x, [1.0, 0.0, 0.0]), step=1)
    looking = aim(flown, target=(0.0, 0.0, 0.0), up=(0.0, 0.0, 1.0))
    seen = visibility(flown, solar_wind=storm(17.8), pointing=looking)
    named = seen["region"].values
    change = x[1:][named[1:] != named[:-1]]
    np.testing.assert_allclose(change, [7.07, 9.68], atol=0.05)
    assert list(dict.fromkeys(named.tolist())) == [
        "magnetosphere",
        "magnetosheath",
        "solar wind",
    ]
    np.testing.assert_allclose(
        seen["outside_magnetopause_margin"], x - seen["standoff"]
    )
    np.testing.assert_allclose(seen["sun_angle"], 180.0)
    np.testing.assert_allclose(seen["earth_angle"], 0.0, atol=1e-5)
    np.testing.assert_allclose(
        seen["limb_angle"], -np.degrees(np.arcsin(1.0 / x)), atol=1e-5
    )
    # with the Earth amid its field SXI may not look
    assert not seen["earth_outside_sxi"].any()
    assert not seen["observing"].any()
    assert seen["nose_in_sxi"].values[x > 7.1].all()


def test_altitude_switches_at_the_mission_s_numbers():
    radius = 1.0 + np.array([29_999, 30_001, 49_999, 50_001]) / EARTH_RADIUS
    seen = visibility(through(np.outer(radius, [0.0, 0.6, 0.8])))
    assert seen["high_for_uvi"].values.tolist() == [False, True, True, True]
    assert seen["high_for_sxi"].values.tolist() == [False, False, False, True]


def test_near_earth_its_centre_leaves_uvi_s_field():
    # 24 + 4.985 deg from SXI: 20.3 + asin(1 / r)
    limit = 1.0 / np.sin(np.radians(24.0 + 9.97 / 2.0 - 20.3))
    radius = limit + np.array([-0.01, 0.01])
    seen = visibility(through(np.outer(radius, [0.0, 0.0, 1.0])))
    assert seen["earth_in_uvi"].values.tolist() == [False, True]


def test_the_pole_is_hidden_from_the_south():
    seen = visibility(through([[0.0, 0.0, -15.0]]))
    assert seen["earth_in_uvi"].all()
    assert not seen["pole_in_uvi"].any()


def test_the_sun_stops_sxi_40_degrees_from_it(one_orbit):
    seen = visibility(one_orbit)
    rule = orbit.pointing(one_orbit)
    known = rule["sun_angle"] > 0.0
    np.testing.assert_allclose(
        seen["sun_angle"], rule["sun_angle"].where(known), atol=1e-6
    )
    np.testing.assert_array_equal(seen["observing"], rule["sxi_on"])
    strict = visibility(one_orbit, minimum_sun_angle=60.0)
    assert strict["observing"].sum() < seen["observing"].sum()
    np.testing.assert_allclose(
        strict["sun_outside_sxi_margin"], seen["sun_angle"] - 60.0
    )


def test_useful_is_all_of_its_parts(one_orbit):
    seen = visibility(one_orbit)
    parts = (
        seen["high_for_sxi"]
        & seen["sun_outside_sxi"]
        & seen["earth_outside_sxi"]
        & seen["nose_in_sxi"]
        & (seen["region"] != "magnetosphere")
    )
    np.testing.assert_array_equal(seen["useful"], parts)
    assert 0.1 < float(parts.mean()) < 0.9
    assert set(CONSTRAINTS) <= set(seen)
    VISIBILITY.check(seen)


def test_gse_and_gsm_see_alike(one_orbit):
    turned = one_orbit.assign(
        {
            name: frames.rotate(
                one_orbit[name].assign_attrs(frame="GSM"), to="GSE"
            )
            for name in ("position", "velocity")
        }
    )
    here, there = visibility(one_orbit), visibility(turned)
    for name in ("nose_angle", "north_cusp_angle"):
        np.testing.assert_allclose(here[name], there[name], atol=0.1)
    np.testing.assert_array_equal(here["region"], there["region"])


def test_a_wind_that_changes_moves_the_boundary(one_orbit):
    early, late = one_orbit.time.values[[5, 90]]
    series = xr.concat(
        [storm(2.0).drop_attrs(), storm(30.0).drop_attrs()],
        xr.Variable("time", [early, late]),
    )
    seen = visibility(one_orbit, solar_wind=SOLAR_WIND.stamp(series))
    standoff = seen["standoff"]
    for time, pressure in ((early, 2.0), (late, 30.0)):
        alone = visibility(one_orbit, solar_wind=storm(pressure))
        here = {"time": time}
        assert standoff.sel(here) == pytest.approx(
            alone["standoff"].sel(here).item()
        )
    # between the two nothing is known
    hour = np.timedelta64(1, "h")
    gap = seen.sel(time=slice(early + hour, late - hour))
    assert gap["standoff"].isnull().all()
    assert (gap["region"] == "").all()
    assert not gap["useful"].any()
    assert gap["observing"].any()


def test_several_orbits_are_seen_at_once(one_orbit):
    both = xr.concat(
        [one_orbit, one_orbit.roll(time=30)], xr.Variable("raan", [0, 90])
    )
    seen = visibility(both.assign_attrs(one_orbit.attrs))
    alone = visibility(one_orbit)
    assert seen["useful"].dims == ("raan", "time")
    np.testing.assert_array_equal(seen["useful"].isel(raan=0), alone["useful"])


def test_a_gap_in_the_orbit_sees_nothing(one_orbit):
    holed = one_orbit.where(one_orbit.time != one_orbit.time[50])
    seen = visibility(TRAJECTORY.stamp(holed)).isel(time=50)
    assert np.isnan(seen["sun_angle"])
    assert seen["region"].item() == ""
    for name in (*CONSTRAINTS, "observing", "useful"):
        assert not seen[name], name


def test_the_node_at_180_deg_sees_in_every_season():
    """Usable shares of an orbit with the argument of perigee at 270 deg."""
    shares = {}
    for raan in (0.0, 180.0):
        for month in (3, 6, 12):
            elements = Elements(raan=raan, argument_of_perigee=270.0)
            start = np.datetime64(f"2018-{month:02d}-01T00", "ns")
            times = start + np.arange(0, 51 * 60, 120) * np.timedelta64(
                60, "s"
            )
            seen = visibility(orbit.trajectory(times, elements=elements))
            shares[raan, month] = float(seen["observing"].mean())
    assert min(share for (node, _), share in shares.items() if node) > 0.7
    assert shares[0.0, 12] < 0.4


@pytest.mark.parametrize(
    ("frame", "words"), [("SM", "got SM"), ("GSM", "coordinates component")]
)
def test_a_frame_or_a_missing_time_is_refused(frame, words):
    flown = through([[0.0, 0.0, 20.0]], frame=frame)
    if frame == "GSM":
        flown = flown.isel(time=0).drop_vars("time")
    with pytest.raises(ValueError, match=words):
        visibility(flown)
