"""Files as CCSDS, STK, CMEM and others publish their layouts."""

import sys

import numpy as np
import pytest
import xarray as xr
from astropy import units as u
from astropy.coordinates import (
    GCRS,
    ITRS,
    TEME,
    CartesianDifferential,
    CartesianRepresentation,
)
from astropy.time import Time
from astropy.utils import iers

from smile_explore import frames
from smile_explore.constants import EARTH_RADIUS
from smile_explore.data.ephemeris import axes, open_ephemeris, two_line
from smile_explore.instruments import orbit
from smile_explore.physics import clocks, trajectories
from smile_explore.schema import TRAJECTORY

START = np.datetime64("2026-09-01T00:00", "ns")
MINUTE = np.timedelta64(60, "s")
#: Every five minutes from perigee, one orbit.
FLOWN = orbit.trajectory(START + 5 * MINUTE * np.arange(600))
#: The test case 23599 of SGP4 (SGP4-VER.TLE of Vallado et al. 2006): a
#: geostationary transfer orbit.
TLE = (
    "1 23599U 95029B   06171.76535463  .00085586  12891-6  12956-2 0  2905\n"
    "2 23599   6.9327   0.2849 5782022 274.4436  25.2425  4.47796565123555\n"
)


def inertial(trajectory):
    return trajectories.to_inertial(trajectory)[1:]


def oem(time, position, velocity, *, frame="EME2000", clock="UTC", more=()):
    """An OEM as in the examples of CCSDS 502.0-B, section 5."""
    stamps = np.datetime_as_string(time, "us")
    lines = [
        "CCSDS_OEM_VERS = 2.0",
        "COMMENT made for a test",
        "CREATION_DATE = 2026-08-01T00:00:00",
        "ORIGINATOR = TEST",
        "",
        "META_START",
        "OBJECT_NAME = SMILE",
        "OBJECT_ID = 2026-999A",
        "CENTER_NAME = EARTH",
        f"REF_FRAME = {frame}",
        f"TIME_SYSTEM = {clock}",
        f"START_TIME = {stamps[0]}",
        *more,
        f"STOP_TIME = {stamps[-1]}",
        "META_STOP",
        "",
    ]
    for stamp, x, v in zip(stamps, position, velocity, strict=True):
        lines.append(" ".join([stamp, *map(repr, (*x.tolist(), *v.tolist()))]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def write(tmp_path):
    def write(text, name="orbit.txt"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture(scope="module")
def flown():
    return trajectories.to_inertial(FLOWN)


def same_orbit(found, times, position=1e-3, velocity=1e-6):
    """Compare in km and km/s with the orbit computed at these times."""
    expected = inertial(orbit.trajectory(times))
    np.testing.assert_allclose(inertial(found)[0], expected[0], atol=position)
    np.testing.assert_allclose(inertial(found)[1], expected[1], atol=velocity)


def test_an_oem_is_read_as_it_is(write, flown):
    opened = open_ephemeris(write(oem(*flown)))
    np.testing.assert_array_equal(opened["time"], FLOWN["time"])
    same_orbit(opened, FLOWN["time"].values)
    assert opened["position"].attrs["frame"] == "GSM"
    assert opened.attrs["object"] == "SMILE"
    assert opened.attrs["source"] == "OEM"
    assert len(opened.attrs["sha256"]) == 64
    TRAJECTORY.check(opened)


def test_between_the_times_of_a_file_the_orbit_is_met(write, flown):
    # from perigee on, where five minutes are 11 deg of the orbit
    times = START + (np.array([2.5, 7.1, 61.0, 1500.4, 2994.9]) * 60e9).astype(
        "timedelta64[ns]"
    )
    opened = open_ephemeris(write(oem(*flown)), times)
    same_orbit(opened, times, position=0.01, velocity=1e-4)
    one = open_ephemeris(write(oem(*flown)), times[2])
    xr.testing.assert_allclose(one, opened.isel(time=2), rtol=1e-12)


@pytest.mark.parametrize("clock", ["TAI", "TT", "TDB", "GPS"])
def test_other_clocks_are_turned_into_utc(write, flown, clock):
    time, position, velocity = flown
    told = clocks.from_utc(time, clock=clock)
    opened = open_ephemeris(write(oem(told, position, velocity, clock=clock)))
    np.testing.assert_array_equal(opened["time"], time)


def test_days_of_the_year_are_dates(write, flown):
    text = oem(*[one[:3] for one in flown]).replace("2026-09-01T", "2026-244T")
    opened = open_ephemeris(write(text.replace("000000 ", "000000Z ")))
    np.testing.assert_array_equal(opened["time"], FLOWN["time"][:3])


def test_covariances_are_passed_over_and_segments_kept_apart(write, flown):
    first = oem(*[one[:20] for one in flown])
    usable = "USEABLE_START_TIME = 2026-09-01T02:00:00"
    usable += "\nUSEABLE_STOP_TIME = 2026-09-01T03:00:00"
    second = oem(*[one[22:50] for one in flown], more=[usable])
    second = second[second.index("META_START") :]
    covariance = (
        "COVARIANCE_START\nEPOCH = 2026-09-01T00:00:00\n1.0\n0.1 1.0\n"
        "COVARIANCE_STOP\n"
    )
    path = write(first + covariance + second)
    opened = open_ephemeris(path)
    # 95 min, then the usable hour
    expected = np.concatenate([np.arange(20), np.arange(24, 37)])
    np.testing.assert_array_equal(opened["time"], FLOWN["time"][expected])
    with pytest.raises(ValueError, match=r"1 of 1 times.*01:40.*extrapol"):
        open_ephemeris(path, START + 100 * MINUTE)


@pytest.mark.parametrize(("frame", "ours"), [("ITRF2000", "GEO")])
def test_velocities_in_turning_axes_are_those_of_astropy(write, frame, ours):
    times = FLOWN["time"].values[::60]
    position, velocity = inertial(FLOWN.isel(time=slice(None, None, 60)))
    with iers.conf.set_temp("iers_degraded_accuracy", "ignore"):
        when = Time(times, scale="utc")
        point = CartesianRepresentation(
            position.T * u.km,
            differentials=CartesianDifferential(velocity.T * u.km / u.s),
        )
        there = GCRS(point, obstime=when).transform_to(ITRS(obstime=when))
    given = (
        there.cartesian.xyz.to_value(u.km).T,
        there.velocity.d_xyz.to_value(u.km / u.s).T,
    )
    opened = open_ephemeris(write(oem(times, *given, frame=frame)))
    # the axes are right to 3e-4 deg: 0.7 km at 20 R_E, 0.1 m s-1
    same_orbit(opened, times, position=0.7, velocity=1e-3)


def report(time, position, velocity):
    """The table that CMEM reads: seven lines of heading, GSE."""
    lines = ["", " 01 Aug 2026 10:00:00", "Satellite-SMILE", "", ""]
    lines[1] = "Civil Air Patrol Use Only"
    lines += [
        "Time (UTCG)  x (km)  y (km)  z (km)  vx (km/sec)  vy (km/sec)",
        "-----------  ------  ------  ------  -----------  -----------",
    ]
    for stamp, x, v in zip(time, position, velocity, strict=True):
        date = stamp.astype("datetime64[us]").item()
        numbers = "  ".join(f"{value:.6f}" for value in (*x, *v))
        lines.append(
            f"{date.day} {date:%b %Y %H:%M:%S}.{date.microsecond // 1000:03}"
            f"  {numbers}"
        )
    return "\n".join(lines) + "\n"


def in_gse(trajectory):
    """Coordinates and their rate of change in GSE by differences."""
    time = trajectory["time"].values
    second = np.timedelta64(1, "s")
    places = [
        frames.rotate(orbit.trajectory(one)["position"], to="GSE").values
        * EARTH_RADIUS
        for one in (time - 2 * second, time, time + 2 * second)
    ]
    return time, places[1], (places[2] - places[0]) / 4.0


def test_the_table_of_cmem_is_in_gse(write):
    few = FLOWN.isel(time=slice(0, 300, 12))
    opened = open_ephemeris(write(report(*in_gse(few))))
    np.testing.assert_array_equal(opened["time"], few["time"])
    same_orbit(opened, few["time"].values, position=1e-3, velocity=1e-5)


def stk(time, position, velocity, *, unit="Meters", scale=1e3, count=None):
    since = (time - START) / np.timedelta64(1, "s")
    lines = [
        "stk.v.11.0",
        "# WrittenBy    a test",
        "BEGIN Ephemeris",
        f"NumberOfEphemerisPoints {len(time) if count is None else count}",
        "ScenarioEpoch  1 Sep 2026 00:00:00.000000000",
        "InterpolationMethod Lagrange",
        "CentralBody Earth",
        "CoordinateSystem J2000",
        f"DistanceUnit {unit}" if unit else "",
        "EphemerisTimePosVel",
        "",
    ]
    for second, x, v in zip(
        since, position * scale, velocity * scale, strict=True
    ):
        lines.append(" ".join(f"{value:.16e}" for value in (second, *x, *v)))
    return "\n".join([*lines, "", "END Ephemeris", ""])


@pytest.mark.parametrize(
    ("unit", "scale"), [("Meters", 1e3), ("", 1e3), ("Kilometers", 1.0)]
)
def test_ephemerides_of_stk_are_read(write, flown, unit, scale):
    opened = open_ephemeris(write(stk(*flown, unit=unit, scale=scale), "o.e"))
    np.testing.assert_array_equal(opened["time"], FLOWN["time"])
    same_orbit(opened, FLOWN["time"].values)


def csv(position, frame="GSM", heading="time,x_re,y_re,z_re"):
    rows = [
        ",".join([str(time), *map(repr, place.tolist())])
        for time, place in zip(FLOWN["time"].values, position, strict=True)
    ]
    return "\n".join([f"# frame: {frame}", heading, *rows]) + "\n"


def test_a_csv_of_positions_has_velocities_from_them(write):
    # the same polynomial through eight places; not at the ends
    text = csv(FLOWN["position"].values)
    times = FLOWN["time"].values[50:-50] + MINUTE
    opened = open_ephemeris(write(text), times)
    same_orbit(opened, times, position=0.01, velocity=1e-4)


def test_a_csv_may_have_velocities_and_kilometres(write, flown):
    _, position, velocity = flown
    heading = "time,x_km,y_km,z_km,vx_km_s,vy_km_s,vz_km_s"
    text = csv(np.hstack([position, velocity]), "GCRF", heading)
    same_orbit(open_ephemeris(write(text)), FLOWN["time"].values)


def test_the_axes_of_sgp4_turn_as_published():
    # Vallado (2013), example 3-15: from TEME to GCRF, 6 April 2004
    time = np.array(["2004-04-06T07:51:28.386009"], "datetime64[ns]")
    teme = np.array([5094.18016210, 6127.64465950, 6380.34453270])
    gcrf = np.array([5102.50895790, 6123.01140070, 6378.13692820])
    found = axes.teme_to_gei(time)[0] @ teme
    np.testing.assert_allclose(found, gcrf, atol=2e-3)


def test_two_line_elements_agree_with_astropy_and_sgp4(write):
    from sgp4.api import Satrec

    times = np.datetime64("2006-06-20T18:22", "ns") + 97 * MINUTE * np.arange(
        20
    )
    opened = open_ephemeris(write(TLE), times)
    when = Time(times, scale="utc")
    wrong, place, speed = Satrec.twoline2rv(*TLE.splitlines()).sgp4_array(
        when.jd1, when.jd2
    )
    assert not wrong.any()
    point = CartesianRepresentation(
        place.T * u.km,
        differentials=CartesianDifferential(speed.T * u.km / u.s),
    )
    known = TEME(point, obstime=when).transform_to(GCRS(obstime=when))
    position, velocity = inertial(opened)
    np.testing.assert_allclose(
        position, known.cartesian.xyz.to_value(u.km).T, atol=0.01
    )
    np.testing.assert_allclose(
        velocity, known.velocity.d_xyz.to_value(u.km / u.s).T, atol=1e-4
    )
    assert opened.attrs["object"] == "23599"


def test_the_nearest_of_several_elements_is_taken(write):
    later = TLE.replace("06171.76535463", "06181.76535463")
    later = later.replace("2905", "2906")
    day = np.timedelta64(1, "D")
    at = np.datetime64("2006-06-30T00:00", "ns") + np.array([-9, 0]) * day
    both = open_ephemeris(write(TLE + later), at)
    first = open_ephemeris(write(TLE), at)
    second = open_ephemeris(write(later), at)
    xr.testing.assert_allclose(both.isel(time=0), first.isel(time=0))
    xr.testing.assert_allclose(both.isel(time=1), second.isel(time=1))
    assert not np.allclose(first["position"][1], second["position"][1])


GOOD = oem(*[one[:9] for one in trajectories.to_inertial(FLOWN)])
STK = stk(*[one[:9] for one in trajectories.to_inertial(FLOWN)])
REPORT = report(*in_gse(FLOWN.isel(time=slice(0, 9))))
CSV = csv(FLOWN["position"].values)
ONE, TWO = "2026-09-01T00:05:00.000000", "2026-09-01T00:10:00.000000"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty, which is none of the formats"),
        ("hello", "begins with b'hello', which is none"),
        (GOOD[:-300], "cut off: it must reach to 2026-09-01T00:40"),
        (GOOD[:-30], "cut off: a row must have 6 numbers"),
        (GOOD[: GOOD.index("META_STOP")], "cut off: it ends within meta"),
        (GOOD[: GOOD.index("META_STOP") + 9], "it holds no positions"),
        (GOOD.replace("EME2000", "B1950"), "frame 'B1950' is unknown; the k"),
        (GOOD.replace("= UTC", "= MET"), "unknown clock 'MET'; the known"),
        (GOOD.replace("= EARTH", "= MARS"), "EARTH, got CENTER_NAME = MARS"),
        (GOOD.replace("REF_FRAME", "FRAME"), "metadata lack REF_FRAME"),
        (GOOD.replace(ONE, TWO), "must increase, but 2026-09-01T00:10"),
        (GOOD.replace(ONE, "2026-19-01"), "a time is no date"),
        (GOOD.replace(f"{ONE} ", f"{ONE} nan "), "is no finite number"),
        (GOOD.replace(f"{ONE} ", f"{ONE} x "), "a position is no number"),
        ('<?xml version="1.0"?>\n<oem id="CCSDS_OEM_VERS">', "OEM in XML"),
        (STK[:-20], "cut off: it has no END Ephemeris"),
        (stk(*[o[:9] for o in trajectories.to_inertial(FLOWN)], count=10),
         "cut off: it must hold 10 positions, got 9"),
        (STK.replace("Meters", "Feet"), "Meters or Kilometers, got Feet"),
        (STK.replace("J2000", "MeanOfDate"), "'MeanOfDate' is unknown"),
        (STK.replace("Body Earth", "Body Moon"), "about Earth, got Moon"),
        (STK.replace("ScenarioE", "E"), "ScenarioEpoch|must be one of"),
        (STK.replace("TimePosVel", "LLATimePos"), "must be one of ephem"),
        (REPORT.replace("(km)", "(Re)"), "heading says re"),
        (REPORT[:-25], "cut off: a row must have 6 numbers"),
        (REPORT.replace("00:10", "00:01"), "times must increase"),
        (CSV.replace("# frame: GSM\n", ""), "must name its frame in a line"),
        (CSV.replace("x_re", "x"), "must be named time, x_km"),
        (CSV.replace("z_re", "z"), "lacks the columns z_re"),
        (CSV[:-30], "cut off: a row must have 4 columns"),
        (CSV[: CSV.index("2026")], "it holds no positions"),
        (TLE, "no times of their own; say times="),
    ],
)  # fmt: skip
def test_files_that_cannot_serve_say_why(write, text, message):
    with pytest.raises(ValueError, match=message):
        open_ephemeris(write(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TLE[:-20], "a line 1 has no whole line 2"),
        (TLE.replace("06171.7", "06181.7"), "the checksum of '1 23599U"),
        (TLE + TLE.replace("23599", "23689"), "one object, got 23599, 23689"),
        (TLE, r"serve for 15 d .* 2006-08-01.* is 41\.2 d from"),
    ],
)
def test_elements_that_cannot_serve_say_why(write, text, message):
    with pytest.raises(ValueError, match=message):
        open_ephemeris(write(text), np.datetime64("2006-08-01"))
    assert two_line.REACH == 15.0


@pytest.mark.parametrize("minutes", [-1, 41])
def test_nothing_is_extrapolated(write, minutes):
    with pytest.raises(ValueError, match="1 of 2 times.*nothing is extrapol"):
        open_ephemeris(write(GOOD), START + MINUTE * np.array([5, minutes]))


def test_a_kernel_of_spice_names_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "spiceypy", None)
    path = tmp_path / "smile.bsp"
    path.write_bytes(b"DAF/SPK \x02\x00\x00\x00")
    with pytest.raises(ValueError, match="needs spiceypy; install it with"):
        open_ephemeris(path, START)


def test_a_kernel_that_spice_wrote_is_read(tmp_path, flown):
    spiceypy = pytest.importorskip("spiceypy")
    time, position, velocity = flown
    tdb = clocks.from_utc(time, clock="TDB") - np.datetime64("2000-01-01T12")
    tdb = tdb / np.timedelta64(1, "s")
    path = tmp_path / "smile.bsp"
    handle = spiceypy.spkopn(str(path), "test", 0)
    spiceypy.spkw13(
        handle,
        -999,
        399,
        "J2000",
        tdb[0],
        tdb[-1],
        "orbit",
        7,
        len(tdb),
        np.hstack([position, velocity]),
        tdb,
    )
    spiceypy.spkcls(handle)
    times = START + MINUTE * np.array([333, 12, 1444])
    same_orbit(open_ephemeris(path, times), times, 0.01, 1e-4)
    with pytest.raises(ValueError, match="SPICE says: SPICE.SPKINSUFFDATA"):
        open_ephemeris(path, START - MINUTE)
    with pytest.raises(ValueError, match="no times of its own"):
        open_ephemeris(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no ephemeris at .*none.oem"):
        open_ephemeris(tmp_path / "none.oem")
