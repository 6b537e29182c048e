from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.integrate import solve_ivp

from smile_explore import frames
from smile_explore.constants import EARTH_GRAVITY, EARTH_RADIUS
from smile_explore.instruments import orbit
from smile_explore.instruments.orbit import SMILE, Elements
from smile_explore.schema import TRAJECTORY

START = np.datetime64("2026-09-01T00:00", "ns")


def hours(count, *, until):
    """Evenly spaced times from perigee."""
    seconds = np.linspace(0.0, until * 3600.0, count)
    return START + (seconds * 1e9).astype("timedelta64[ns]")


@pytest.fixture(scope="module")
def one_orbit():
    return orbit.trajectory(hours(120, until=SMILE.period / 3600.0))


def at(position, frame="GSM"):
    """A trajectory at rest through the given places."""
    position = np.array(position, dtype=float)
    position = xr.DataArray(
        position,
        dims=("time", "component"),
        coords={"time": hours(len(position), until=1)},
        attrs={"frame": frame},
    )
    return TRAJECTORY.stamp(
        xr.Dataset({"position": position, "velocity": 0.0 * position})
    )


def length(vector):
    return np.sqrt((vector**2).sum("component")).values


def test_the_period_is_the_published_one():
    # 5000 km by 20 equatorial radii: a = 69 470.4 km, 50.62 h
    published = Elements(
        perigee_altitude=5000.0 + 6378.137 - EARTH_RADIUS,
        apogee_radius=20.0 * 6378.137 / EARTH_RADIUS,
    )
    assert published.semi_major_axis == pytest.approx(69470.4, abs=0.1)
    assert published.eccentricity == pytest.approx(0.83622, abs=1e-5)
    assert published.period / 3600 == pytest.approx(50.62, abs=0.005)
    assert SMILE.period / 3600 == pytest.approx(50.62, abs=0.02)


def test_the_time_spent_high_up_is_the_published_one():
    # every crossing once, on the way up; the way down mirrors it
    rising = orbit.trajectory(hours(2500, until=12.0)[::50])
    height = orbit.altitude(rising).values
    since = (rising["time"].values - START) / np.timedelta64(3600, "s")
    radius = height / EARTH_RADIUS + 1.0
    for values, limit, spent in (
        (height, 50_000, 42.1),
        (height, 30_000, 46.1),
        (radius, 15, 29.8),
    ):
        crossed = np.interp(limit, values, since)
        above = SMILE.period / 3600 - 2 * crossed
        assert above == pytest.approx(spent, abs=0.1)


def test_altitudes_are_crossed_at_the_published_times():
    crossings = orbit.trajectory(
        START + np.array([2.235, 4.260]) * np.timedelta64(3600, "s")
    )
    np.testing.assert_allclose(
        orbit.altitude(crossings), [30_000, 50_000], rtol=1e-3
    )


def test_perigee_and_apogee_are_where_the_elements_say():
    times = START + np.array([0.0, SMILE.period / 2]) * np.timedelta64(1, "s")
    radius = length(orbit.trajectory(times)["position"])
    assert radius[0] * EARTH_RADIUS - EARTH_RADIUS == pytest.approx(5000)
    assert radius[1] == pytest.approx(20.02, abs=1e-6)


def test_energy_and_angular_momentum_are_kept(one_orbit):
    position = frames.rotate(one_orbit["position"], to="GEI") * EARTH_RADIUS
    velocity = frames.rotate(one_orbit["velocity"], to="GEI")
    speed = length(velocity)
    energy = speed**2 / 2 - EARTH_GRAVITY / length(position)
    expected = -EARTH_GRAVITY / (2 * SMILE.semi_major_axis)
    np.testing.assert_allclose(energy, expected, rtol=1e-11)
    momentum = np.cross(position, velocity)
    change = np.linalg.norm(momentum - momentum[0], axis=-1)
    assert change.max() < 1e-10 * np.linalg.norm(momentum[0])
    # inclination and node of the plane
    normal = momentum[0] / np.linalg.norm(momentum[0])
    assert np.degrees(np.arccos(normal[2])) == pytest.approx(73.0, abs=1e-6)
    node = np.degrees(np.arctan2(normal[0], -normal[1]))
    assert node % 360 == pytest.approx(180.0, abs=1e-6)


def test_positions_agree_with_a_numerical_integration():
    seconds = np.linspace(0.0, 2.3 * SMILE.period, 30)
    times = START + (seconds * 1e9).astype("timedelta64[ns]")
    flown = orbit.trajectory(times)
    position = frames.rotate(flown["position"], to="GEI") * EARTH_RADIUS
    velocity = frames.rotate(flown["velocity"], to="GEI")

    def gravity(_, state):
        radius = np.linalg.norm(state[:3])
        return [*state[3:], *(-EARTH_GRAVITY * state[:3] / radius**3)]

    solution = solve_ivp(
        gravity,
        (0.0, seconds[-1]),
        np.concatenate([position[0], velocity[0]]),
        method="DOP853",
        t_eval=seconds,
        rtol=1e-12,
        atol=1e-9,
    )
    np.testing.assert_allclose(position, solution.y[:3].T, atol=0.01)
    np.testing.assert_allclose(velocity, solution.y[3:].T, atol=1e-5)


def test_the_node_and_the_argument_of_perigee_turn_as_defined():
    elements = Elements(raan=30.0, inclination=90.0, argument_of_perigee=0.0)
    perigee = orbit.trajectory(elements.perigee_time, elements=elements)
    inertial = frames.rotate(perigee["position"], to="GEI").values
    angle = np.radians(30.0)
    np.testing.assert_allclose(
        inertial / np.linalg.norm(inertial),
        [np.cos(angle), np.sin(angle), 0.0],
        atol=1e-9,
    )
    # from the ascending node the spacecraft goes north
    velocity = frames.rotate(perigee["velocity"], to="GEI").values
    np.testing.assert_allclose(velocity[:2], 0.0, atol=1e-9)
    assert velocity[2] > 0


def test_apogee_points_where_an_independent_computation_put_it():
    # events.md section 3: Z_GSE of the apogee over a year for i 73, w 270
    for raan, north in ((0.0, 15.2), (90.0, 17.6), (180.0, 19.9)):
        elements = Elements(
            apogee_radius=20.0, raan=raan, argument_of_perigee=270.0
        )
        apogee = START + np.timedelta64(int(elements.period * 5e8), "ns")
        flown = orbit.trajectory(apogee, elements=elements)
        position = frames.rotate(flown["position"], to="GSE")
        assert float(position[2]) == pytest.approx(north, abs=0.1)


@pytest.mark.parametrize("eccentricity", [0.0, 0.5, 0.836, 0.99])
def test_kepler_equation_is_solved_to_rounding(eccentricity):
    from smile_explore.instruments._kepler import _eccentric_anomaly

    mean = np.linspace(-np.pi, np.pi, 10_001)[:-1]
    anomaly = _eccentric_anomaly(mean, eccentricity)
    residual = anomaly - eccentricity * np.sin(anomaly) - mean
    assert abs(residual).max() < 1e-14


def test_one_time_and_many_agree():
    times = hours(5, until=60)
    many = orbit.trajectory(times)
    one = orbit.trajectory(times[3])
    xr.testing.assert_allclose(one, many.isel(time=3), rtol=1e-12)
    xr.testing.assert_allclose(
        orbit.pointing(one), orbit.pointing(many).isel(time=3), rtol=1e-12
    )
    assert many["position"].attrs["frame"] == "GSM"
    assert many["velocity"].attrs["frame"] == "GSM"
    xr.testing.assert_identical(many, orbit.trajectory(many["time"]))


def test_modes_change_at_their_altitudes():
    altitudes = np.array([5000.0, 29_999, 30_001, 49_999, 50_001])
    radius = 1.0 + altitudes / EARTH_RADIUS
    places = at(np.stack([0 * radius, 0 * radius, radius], -1))
    assert orbit.mode(places).values.tolist() == [
        "LIA + MAG",
        "LIA + MAG",
        "UVI + LIA + MAG",
        "UVI + LIA + MAG",
        "SXI + UVI + LIA + MAG",
    ]


def test_the_boresight_keeps_its_angle_from_the_limb(one_orbit):
    pointed = orbit.pointing(one_orbit)
    known = pointed["aim_x"].notnull()
    radius = length(pointed["position"])
    cosine = -(pointed["boresight"] * pointed["position"]).sum("component")
    from_centre = np.degrees(np.arccos(cosine / radius))
    limb = np.degrees(np.arcsin(1.0 / radius))
    np.testing.assert_allclose((from_centre - limb)[known], 20.3, atol=1e-9)
    assert int(known.sum()) > 100


def test_the_boresight_meets_the_sun_earth_line_at_the_aim(one_orbit):
    pointed = orbit.pointing(one_orbit)
    pointed = pointed.isel(time=pointed["sxi_on"].values)
    x, y, z = pointed["position"].values.T
    lx, ly, lz = pointed["boresight"].values.T
    distance = -y / ly
    np.testing.assert_allclose(z + distance * lz, 0.0, atol=1e-9)
    np.testing.assert_allclose(x + distance * lx, pointed["aim_x"], atol=1e-9)
    np.testing.assert_allclose(
        pointed["sun_angle"], np.degrees(np.arccos(lx)), atol=1e-9
    )


def test_the_sun_is_up_and_earth_below(one_orbit):
    pointed = orbit.pointing(one_orbit)
    pointed = pointed.isel(time=pointed["sxi_on"].values)
    up = pointed["up"].values
    right = np.cross(pointed["boresight"].values, up)
    earth = -pointed["position"].values
    assert (up[:, 0] > 0).all()
    assert ((earth * up).sum(-1) < 0).all()
    # the roll is fixed: Sun and Earth are both straight above and below
    np.testing.assert_allclose(right[:, 0], 0.0, atol=1e-12)
    np.testing.assert_allclose((earth * right).sum(-1), 0.0, atol=1e-12)


def test_earth_is_as_far_below_the_image_as_published():
    # 23.2 deg at 20 R_E, 26.8 deg at 50 000 km altitude (r = 8.84 R_E)
    for radius, angle in ((20.0, 23.2), (8.84, 26.8)):
        pointed = orbit.pointing(at([[0.0, 0.0, radius]])).isel(time=0)
        earth = -pointed["boresight"].values[2]
        assert np.degrees(np.arccos(earth)) == pytest.approx(angle, abs=0.05)


def test_sxi_looks_only_from_high_up_and_away_from_the_sun():
    radius = 20.0
    # lc = 23.166 deg; the Sun angle is 90 - (lc - alpha)
    limit = np.radians(20.3 + np.degrees(np.arcsin(1 / radius)) - 50.0)
    places = [
        [radius * np.sin(alpha), 0.0, radius * np.cos(alpha)]
        for alpha in (limit + 0.01, limit - 0.01, -np.radians(80.0))
    ]
    pointed = orbit.pointing(at([*places, [0.0, 0.0, 8.0]]))
    assert pointed["sxi_on"].values.tolist() == [True, False, False, False]
    assert pointed["sun_angle"].values[:2] == pytest.approx(40.0, abs=0.6)
    # the line of sight runs away from the axis: there is no aim
    assert np.isnan(pointed["aim_x"].values[2])
    assert np.isnan(pointed["boresight"].values[2]).all()
    eased = orbit.pointing(at([places[1]]), minimum_sun_angle=35.83)
    assert eased["sxi_on"].values.tolist() == [True]


def test_sxi_can_look_for_the_published_share_of_the_orbit():
    # events.md section 3: at least 0.75 in all months for RAAN 180, w 270
    for day in ("2026-12-01", "2027-03-01", "2026-06-15"):
        elements = replace(
            SMILE, argument_of_perigee=270.0, raan=180.0, perigee_time=day
        )
        start = np.datetime64(day, "ns")
        times = start + np.arange(0, 50, 2) * np.timedelta64(3600, "s")
        pointed = orbit.pointing(orbit.trajectory(times, elements=elements))
        assert float(pointed["sxi_on"].mean()) > 0.7


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ({"perigee_altitude": -1.0}, "must be above ground, got -1 km"),
        ({"apogee_radius": 1.0}, r"below the perigee of 1\.78 R_E, got 1 R_E"),
        ({"perigee_time": "NaT"}, "perigee_time must be a time, got NaT"),
    ],
)
def test_impossible_orbits_are_refused(elements, message):
    with pytest.raises(ValueError, match=message):
        Elements(**elements)


def test_missing_times_are_refused():
    with pytest.raises(ValueError, match="with 1 missing"):
        orbit.trajectory(np.array(["2026-09-01", "NaT"], "datetime64[ns]"))


def test_a_pointing_outside_gsm_or_from_inside_earth_is_refused():
    with pytest.raises(ValueError, match="in GSM or GSE, got SM; rotate"):
        orbit.pointing(at([[0.0, 0.0, 10.0]], frame="SM"))
    with pytest.raises(ValueError, match="inside Earth at 1 of 1 positions"):
        orbit.pointing(at([[0.0, 0.0, 0.5]]))
