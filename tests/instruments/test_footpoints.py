import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.instruments import orbit
from smile_explore.instruments.conjunctions import (
    conjunctions,
    spacecraft,
    stations,
)
from smile_explore.instruments.footpoints import (
    dipole_foot,
    dipole_line,
    equatorial,
    footpoints,
)
from smile_explore.instruments.surroundings import NOMINAL
from smile_explore.physics import apex, magnetosphere
from smile_explore.schema import CUBE, FOOTPOINTS, PLACES, TRAJECTORY

TIME = np.datetime64("2018-03-20T10:36", "ns")


def through(places, frame="GSM", step=60):
    position = np.array(places, dtype=float)
    times = TIME + np.arange(len(position)) * np.timedelta64(step, "s")
    position = xr.DataArray(
        position,
        {"time": times, "component": ["x", "y", "z"]},
        ("time", "component"),
        attrs={"frame": frame},
    )
    position = frames.rotate(position, to="GSM")
    return TRAJECTORY.stamp(
        xr.Dataset({"position": position, "velocity": 0.0 * position})
    )


def test_a_dipole_line_comes_down_at_its_invariant_latitude():
    # at the equator of SM, 6.6 R_E at noon, 4 R_E at dusk
    feet = footpoints(through([[6.6, 0, 0], [0, 4.0, 0]], "SM"))
    aurora = 1.0 + 110.0 / EARTH_RADIUS
    expected = np.degrees(np.arccos(np.sqrt(aurora / np.array([6.6, 4.0]))))
    np.testing.assert_allclose(feet["mlat"], expected, atol=0.01)
    np.testing.assert_allclose(feet["mlt"], [12.0, 18.0], atol=0.002)
    assert feet["connected"].all()
    FOOTPOINTS.check(feet)


def test_all_places_of_one_line_have_one_foot():
    latitude = np.radians([-50.0, -20.0, 0.0, 35.0, 60.0])
    radius = 5.0 * np.cos(latitude) ** 2
    line = np.stack(
        [-radius * np.cos(latitude), 0 * radius, radius * np.sin(latitude)], 1
    )
    feet = footpoints(through(line, "SM", step=1))
    assert np.ptp(feet["mlat"].values) < 0.01
    hour = (feet["mlt"].values + 12.0) % 24.0
    np.testing.assert_allclose(hour, 12.0, atol=0.01)
    assert np.ptp(feet["glat"].values) < 0.1


def test_geographic_places_are_those_of_apex_coordinates():
    times = TIME + np.arange(0, 51) * np.timedelta64(1, "h")
    feet = footpoints(orbit.trajectory(times))
    for n in (0, 17, 30):
        one = feet.isel(time=n)
        mlon = apex.longitude(one["mlt"].item(), times[n])
        glat, glon = apex.geographic(one["mlat"].item(), mlon, times[n])
        assert one["glat"] == pytest.approx(glat.item(), abs=0.05)
        east = np.cos(np.radians(glat)) * (
            (one["glon"] - glon + 180) % 360 - 180
        )
        assert abs(float(east)) < 0.05


def dipole_cube(tilt):
    axis = np.arange(-9.0, 9.01, 0.25)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    place = np.stack([x, y, z], -1)
    north = np.array([np.sin(tilt), 0.0, np.cos(tilt)])
    radius = np.linalg.norm(place, axis=-1)[..., None]
    with np.errstate(all="ignore"):
        along = (place @ north)[..., None]
        field = 3e4 * (north - 3.0 * along * place / radius**2) / radius**3
    grid = ("x", "y", "z")
    zero = (grid, np.zeros(x.shape))
    return CUBE.stamp(
        xr.Dataset(
            {
                "density": zero,
                "velocity": ((*grid, "component"), 0.0 * place),
                "temperature": zero,
                "magnetic_field": ((*grid, "component"), np.nan_to_num(field)),
            },
            {"x": axis, "y": axis, "z": axis, "component": ["x", "y", "z"]},
        )
    )


def test_a_traced_dipole_comes_down_where_the_formula_says():
    places = [[6.6, 0, 0.5], [-3.0, 5.0, -1.0], [2.0, -5.5, 2.0], [0.5, 0, 8]]
    flown = through(places, "SM", step=1)
    tilt = np.radians(frames.dipole_tilt(TIME))
    traced = footpoints(flown, cube=dipole_cube(tilt))
    plain = footpoints(flown)
    assert traced["connected"].values.tolist() == [True, True, True, True]
    np.testing.assert_allclose(traced["mlat"], plain["mlat"], atol=0.1)
    np.testing.assert_allclose(traced["mlt"], plain["mlt"], atol=0.02)


def test_in_the_solar_wind_no_line_comes_down():
    axis = np.arange(-20.0, 20.1, 1.0)
    cube = magnetosphere.analytic_cube(NOMINAL, axis, axis, axis)
    flown = through([[18.0, 5.0, 3.0], [7.0, 0.0, 1.0]], step=1)
    assert footpoints(flown)["connected"].values.tolist() == [False, True]
    traced = footpoints(flown, cube=cube)
    assert traced["connected"].values.tolist() == [False, True]
    assert np.isnan(traced["mlat"][0])
    assert np.isnan(traced["glat"][0])
    # compressed at noon: the line comes down farther north than a dipole's
    assert traced["mlat"][1] > footpoints(flown)["mlat"][1]


@pytest.fixture(scope="module")
def pass_by():
    """Feet that run along the meridian of Tromsø, a degree a minute."""
    glat = np.arange(60.0, 80.5, 1.0)
    times = TIME + np.arange(glat.size) * np.timedelta64(60, "s")
    feet = xr.Dataset(
        {
            "mlat": ("time", glat),
            "mlt": ("time", 0.0 * glat),
            "glat": ("time", glat),
            "glon": ("time", 0.0 * glat + 19.2),
            "connected": ("time", glat < 70.0),
        },
        {"time": times},
    )
    return FOOTPOINTS.stamp(feet)


def test_a_pass_over_a_station_is_told_with_its_sun(pass_by):
    found = conjunctions(pass_by, stations(), within_km=300.0)
    row = found[found.place == "EISCAT Tromsø"].iloc[0]
    degree = EARTH_RADIUS * np.pi / 180.0
    assert row.distance == pytest.approx(0.4 * degree, rel=1e-9)
    assert row.closest == pass_by.time.values[10]
    # 69.6 less and more 300 km, 2.70 deg
    assert row.start == pass_by.time.values[7]
    assert row.stop == pass_by.time.values[12]
    sun = apex.solar_zenith_angle(69.6, 19.2, row.closest)
    assert row.solar_zenith_angle == pytest.approx(float(sun), abs=0.02)
    assert not row.night
    assert not row.connected
    assert found.start.is_monotonic_increasing
    assert "Athabasca" not in set(found.place)


def test_only_lines_that_come_down_may_count(pass_by):
    found = conjunctions(pass_by, stations(), within_km=300.0, connected=True)
    row = found[found.place == "EISCAT Tromsø"].iloc[0]
    assert row.stop == pass_by.time.values[9]
    assert row.connected


def test_winter_midnight_is_night(pass_by):
    late = pass_by.assign_coords(
        time=np.datetime64("2018-12-21T22:00", "ns")
        + (pass_by.time.values - pass_by.time.values[0])
    )
    found = conjunctions(late, stations())
    assert found[found.place == "Abisko"].night.all()


def test_a_spacecraft_on_the_same_line_is_in_conjunction():
    latitude = np.radians(np.linspace(-30.0, 30.0, 13))
    radius = 6.0 * np.cos(latitude) ** 2
    line = np.stack(
        [0 * radius, radius * np.cos(latitude), radius * np.sin(latitude)], 1
    )
    flown = through(line, "SM")
    other = through(np.tile([[0.0, 6.0, 0.0]], (13, 1)), "SM")
    # at other times than SMILE's, and no longer than half of them
    other = other.isel(time=slice(0, 7, 2))
    places = spacecraft({"THEMIS A": other}, flown.time)
    PLACES.check(places)
    found = conjunctions(footpoints(flown), places, within_km=50.0)
    assert found.place.tolist() == ["THEMIS A"]
    assert found.stop.iloc[0] == flown.time.values[6]
    assert found.distance.iloc[0] < 15.0


def test_stations_are_where_they_are():
    known = stations()
    PLACES.check(known)
    assert len(set(known.place.values)) == known.sizes["place"] > 40
    assert (known.glat > 49.0).all()
    assert (abs(known.glon) <= 180.0).all()
    here = known.sel(place="Ny-Ålesund (Yellow River)")
    assert (here.glat.item(), here.glon.item()) == (78.9, 11.9)


def test_what_cannot_be_asked_is_said(pass_by):
    with pytest.raises(ValueError, match="positive, got -1 km"):
        conjunctions(pass_by, stations(), within_km=-1.0)
    with pytest.raises(ValueError, match="along time"):
        conjunctions(pass_by.isel(time=0), stations())


def test_a_dipole_line_keeps_its_shell_down_to_the_aurora():
    latitude = np.radians(35.0)
    radius = 5.0 * np.cos(latitude) ** 2
    start = through(
        [[-radius * np.cos(latitude), 0.0, radius * np.sin(latitude)]], "SM"
    ).position.isel(time=0)
    line = dipole_line(start)
    np.testing.assert_allclose(line[0], start, atol=1e-9)
    local = frames.rotate(line, to="SM")
    x, y, z = (local.sel(component=name).values for name in "xyz")
    distance = np.sqrt(x**2 + y**2 + z**2)
    shell = distance / (1.0 - (z / distance) ** 2)
    np.testing.assert_allclose(shell, 5.0, rtol=1e-9)
    assert distance[-1] == pytest.approx(1.0 + 110.0 / EARTH_RADIUS)
    mlat, mlt = dipole_foot(start)
    assert np.degrees(np.arcsin(z / distance))[-1] == pytest.approx(mlat)
    assert mlt == pytest.approx(0.0) or mlt == pytest.approx(24.0)


def test_from_the_south_no_line_is_followed():
    start = through([[3.0, 0.0, -2.0]], "SM").position.isel(time=0)
    assert np.isnan(dipole_line(start)).all()


def test_an_edge_of_the_oval_maps_to_the_foot_it_has():
    mlat, mlt = np.array([60.0, 70.0]), np.array([3.0, 18.0])
    places = equatorial(mlat, mlt, TIME)
    aurora = 1.0 + 110.0 / EARTH_RADIUS
    np.testing.assert_allclose(
        np.linalg.norm(places, axis=-1), aurora / np.cos(np.radians(mlat)) ** 2
    )
    found = dipole_foot(places)
    np.testing.assert_allclose(found, [mlat, mlt], atol=1e-9)
