from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.data import mhd, samples, solar_wind
from smile_explore.instruments import mag
from smile_explore.physics import boundaries, magnetosphere
from smile_explore.retrieval import crossings
from smile_explore.schema import (
    COMPONENTS,
    CROSSINGS,
    MAGNETIC_FIELD,
    MOMENTS,
    TRAJECTORY,
)
from tests.retrieval.in_situ import (
    START,
    axes_of,
    datasets,
    magnetopause,
    noisy,
    rotational,
    shock,
)

FRAME = (-30.0, 60.0, 120.0)
AXES = axes_of((0.8, 0.2, 0.4))
NORMAL = AXES[2]


def seconds(time):
    return (time - START) / np.timedelta64(1, "s")


def degrees(one, other):
    return np.degrees(np.arccos(np.clip(np.dot(one, other), -1.0, 1.0)))


def at_rest(points, times):
    points = np.asarray(points, float)
    vector, gsm = ("time", "component"), {"frame": "GSM"}
    return TRAJECTORY.stamp(
        xr.Dataset(
            {
                "position": (vector, points, gsm),
                "velocity": (vector, 0.0 * points, gsm),
            },
            coords={"time": times, "component": list(COMPONENTS)},
        )
    )


@pytest.fixture(scope="module")
def wind():
    whole = solar_wind.load("2012-06-16T20", "2012-06-16T23")
    return whole.sel(time="2012-06-16T21:00")


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_rotational_discontinuity_is_described_exactly(sign):
    found = crossings.find(*rotational(NORMAL, FRAME, sign=sign))
    assert found.sizes["crossing"] == 1
    one = found.isel(crossing=0)
    assert one.boundary == "discontinuity"
    # between the samples 300 and 301
    assert seconds(one.time.values) == pytest.approx(601.0, abs=0.01)
    np.testing.assert_allclose(one.normal, NORMAL, atol=1e-7)
    # it turns about N, most across the middle of its turn, which is L
    np.testing.assert_allclose(
        abs(one.tangent.values @ AXES[1]), 1.0, atol=1e-6
    )
    np.testing.assert_allclose(one.frame_velocity, FRAME, atol=1e-7)
    assert float(one.boundary_speed) == pytest.approx(FRAME @ NORMAL)
    assert float(one.normal_field) == pytest.approx(8.0)
    assert float(one.walen_slope) == pytest.approx(sign)
    assert float(one.walen_correlation) == pytest.approx(sign)
    assert float(one.quality) == 1.0
    assert one.notes == "rotational by the Walen relation"


def test_noise_moves_nothing_beyond_its_uncertainty():
    misses = []
    for seed in range(12):
        found = crossings.find(*noisy(*rotational(NORMAL, FRAME), seed))
        assert found.sizes["crossing"] == 1
        one = found.isel(crossing=0)
        assert degrees(one.normal, NORMAL) < 4 * one.normal_uncertainty + 0.1
        miss = (one.frame_velocity - FRAME) / one.frame_velocity_uncertainty
        misses += miss.values.tolist()
        speed = float(one.boundary_speed) - FRAME @ NORMAL
        assert abs(speed) < 4.0 * float(one.boundary_speed_uncertainty)
    # Noise in the field is not in the uncertainty: it adds a little.
    assert np.sqrt(np.mean(np.square(misses))) < 2.0


@pytest.mark.parametrize(
    ("inbound", "direction"), [(True, "inbound"), (False, "outbound")]
)
def test_a_tangential_magnetopause_is_told_and_placed(inbound, direction):
    normal = axes_of((0.9, 0.3, 0.3))[2]
    clean = magnetopause(normal, inbound=inbound)
    for data in (clean, noisy(*clean, 1)):
        found = crossings.find(*data)
        assert found.sizes["crossing"] == 1
        one = found.isel(crossing=0)
        assert (one.boundary, one.direction) == ("magnetopause", direction)
        half = 300.5 if inbound else 598 - 299.5
        assert seconds(one.time.values) == pytest.approx(2 * half, abs=15.0)
        assert degrees(one.normal, normal) < 2.0
        assert abs(one.walen_slope) < 0.1
        assert float(one.boundary_speed) == pytest.approx(
            np.array([15.0, 60.0, 40.0]) @ normal, abs=4.0
        )
        assert abs(one.normal_field) < 0.5
        assert "tangential" in str(one.notes.values)


def test_a_shock_keeps_its_normal_and_its_speed():
    normal = axes_of((0.95, 0.2, 0.24))[2]
    for data, within in ((shock(), 0.1), (noisy(*shock(), 2), 2.0)):
        found = crossings.find(*data)
        assert found.sizes["crossing"] == 1
        one = found.isel(crossing=0)
        assert (one.boundary, one.direction) == ("bow shock", "inbound")
        assert seconds(one.time.values) == pytest.approx(601.0, abs=2.0)
        assert one.normal_method == "mixed mode"
        assert float(one.tangent @ one.normal) == pytest.approx(0.0, abs=1e-9)
        assert degrees(one.normal, normal) < within
        assert float(one.boundary_speed) == pytest.approx(
            -35.0, abs=4.0 * within
        )
        assert np.isnan(one.walen_slope)


def test_a_shock_the_other_way_is_outbound():
    moments, field = (data.copy() for data in shock())
    for data in (moments, field):
        for name in data:
            data[name] = data[name].copy(data=data[name].values[::-1])
    (one,) = crossings.find(moments, field).direction.values
    assert one == "outbound"


def test_a_shock_that_came_with_the_solar_wind_is_no_bow_shock():
    moments, field = shock()
    # an observer whom the solar wind overtakes sees the flow speed up
    flow = moments.velocity.copy(data=-moments.velocity.values[::-1])
    swept = moments.assign(velocity=flow.assign_attrs(frame="GSM"))
    (boundary,) = crossings.find(swept, field).boundary.values
    assert boundary == "discontinuity"


def test_several_crossings_stand_in_order():
    one, other = magnetopause(), magnetopause(inbound=False)
    shift = np.timedelta64(1200, "s")
    moments, field = (
        xr.concat(
            [a, b.assign_coords(time=b.time + shift)], "time", data_vars="all"
        )
        for a, b in zip(one, other, strict=True)
    )
    for data, name in ((moments, "velocity"), (field, "magnetic_field")):
        data[name].attrs["frame"] = "GSM"
    found = crossings.find(moments, field)
    assert found.direction.values.tolist() == ["inbound", "outbound"]
    assert (np.diff(found.time.values) > np.timedelta64(0)).all()


def test_a_quiet_series_has_no_crossing():
    size = 600
    quiet = datasets(
        np.full(size, 5.0),
        np.full(size, 10.0),
        np.tile([-400.0, 0.0, 0.0], (size, 1)),
        np.tile([3.0, -3.0, 1.0], (size, 1)),
    )
    for seed in range(5):
        found = crossings.find(*noisy(*quiet, seed))
        assert found.sizes["crossing"] == 0
        CROSSINGS.check(found)


def test_a_steady_slope_is_no_step():
    size = 600
    slope = datasets(
        np.exp(np.linspace(0.0, 4.0, size)),
        np.exp(np.linspace(9.0, 5.0, size)),
        np.tile([-100.0, 0.0, 0.0], (size, 1)),
        np.tile([3.0, -3.0, 1.0], (size, 1)),
    )
    assert crossings.find(*slope).sizes["crossing"] == 0


def test_outliers_do_not_make_a_crossing():
    moments, field = noisy(*magnetopause(), 3)
    moments["density"][100] = 1e4
    field["magnetic_field"][450] = [1e3, -1e3, 500.0]
    assert crossings.find(moments, field).sizes["crossing"] == 1


def test_a_spectrum_adds_to_the_score():
    moments, field = noisy(*magnetopause(), 4)
    energy = np.geomspace(10.0, 2e4, 24)
    peak = 2.0 * moments.temperature.values[:, None]
    spectrum = xr.DataArray(
        energy**2 * np.exp(-energy / peak),
        {"time": moments.time, "energy": energy},
        ("time", "energy"),
    )
    scores = crossings.scores(moments, field, spectrum=spectrum)
    assert set(scores) == {
        "density",
        "temperature",
        "strength",
        "direction",
        "spectrum",
        "total",
    }
    assert float(scores.spectrum[301]) > 10.0
    assert float(scores.spectrum[150]) < 1.0
    found = crossings.find(moments, field, spectrum=spectrum)
    assert found.sizes["crossing"] == 1
    with pytest.raises(ValueError, match="at the times of the moments"):
        crossings.find(moments, field, spectrum=spectrum[1:])


def test_a_gap_makes_no_crossing():
    moments, field = magnetopause()
    away = abs(moments.time - moments.time[300]) > np.timedelta64(200, "s")
    found = crossings.find(moments.isel(time=away), field.isel(time=away))
    assert found.sizes["crossing"] == 0


def test_field_and_ions_need_not_have_the_same_times():
    moments, field = rotational(NORMAL, FRAME)
    fast = np.arange(0.0, 1198.0, 0.25)
    since = seconds(field.time.values)
    dense = np.stack(
        [np.interp(fast, since, one) for one in field.magnetic_field.values.T],
        axis=1,
    )
    other = datasets(fast, fast, dense, dense, spacing=0.25)[1]
    one = crossings.find(moments, other).isel(crossing=0)
    assert degrees(one.normal, NORMAL) < 0.1
    np.testing.assert_allclose(one.frame_velocity, FRAME, atol=0.5)
    slow = crossings.find(moments, field.isel(time=slice(None, None, 3)))
    assert degrees(slow.normal[0], NORMAL) < 0.1


def test_what_mag_does_not_know_is_in_the_row():
    moments, field = rotational(NORMAL, FRAME)
    measured = mag.measure(field, offset=(0.0, 1.5, 0.0), rng=1)
    one = crossings.find(moments, measured).isel(crossing=0)
    assert degrees(one.normal, NORMAL) < 0.1  # an offset turns no normal
    wrong = float(one.normal_field) - 8.0
    assert wrong == pytest.approx(1.5 * NORMAL[1], abs=0.02)
    assert abs(wrong) < float(one.normal_field_uncertainty)
    assert float(one.normal_field_uncertainty) == pytest.approx(2.0, abs=0.01)
    assert "2 nT of calibration are in normal_field" in str(one.notes.values)


def flight(cube, start, stop, time, *, count=2700, spacing=4.0):
    share = np.linspace(0.0, 1.0, count)[:, None]
    points = np.array(start) * (1.0 - share) + np.array(stop) * share
    since = (np.arange(count) - count / 2) * spacing * 1e9
    path = at_rest(points, time + since.astype("m8[ns]"))
    seen = magnetosphere.sample(cube, path).compute()
    for name in ("velocity", "magnetic_field"):
        seen[name].attrs["frame"] = "GSM"
    return (
        MOMENTS.stamp(seen[["density", "velocity", "temperature"]]),
        MAGNETIC_FIELD.stamp(seen[["magnetic_field"]]),
        path,
    )


def test_a_flight_through_a_cube_finds_its_two_boundaries(wind):
    tilt = float(frames.dipole_tilt(wind.time.values))
    axes = (
        np.arange(3.0, 14.6, 0.25),
        np.arange(1.5, 4.6, 0.25),
        np.arange(0.5, 4.6, 0.25),
    )
    cube = magnetosphere.analytic_cube(wind, *axes, dipole_tilt=tilt)
    moments, field, path = flight(
        cube, (14.0, 4.0, 4.0), (4.0, 2.0, 1.0), wind.time.values
    )
    found = crossings.find(
        moments,
        field,
        trajectory=path,
        solar_wind=wind,
        window=600.0,
        interval=600.0,
    )
    assert found.boundary.values.tolist() == ["bow shock", "magnetopause"]
    assert found.direction.values.tolist() == ["inbound", "inbound"]
    outer, inner = (found.isel(crossing=i) for i in range(2))
    # The ramp of the cube is 0.5 R_E wide; the shock's is cut by its foot.
    assert float(outer.standoff_model) == pytest.approx(
        float(cube.bow_shock_standoff), abs=0.12
    )
    assert float(inner.standoff_model) == pytest.approx(
        float(cube.magnetopause_standoff), abs=0.05
    )
    assert np.isnan(outer.standoff_shue)
    assert float(outer.angle_model) < 3.0
    np.testing.assert_allclose(np.linalg.norm(found.normal_model, axis=1), 1.0)
    assert "far from the model" in str(inner.notes.values)  # no closed dipole


def test_the_bow_shock_of_an_mhd_run_has_the_normal_of_the_model():
    cube = mhd.open_cube(samples.find("batsrus_b_2012-06-16.nc"))
    cube = cube.isel(time=0).drop_vars("time").load()
    driver = mhd.driver(
        mhd.open_cube(samples.find("batsrus_b_2012-06-16.nc"))
    ).isel(time=0)
    moments, field, path = flight(
        cube, (14.0, 4.0, 4.0), (4.0, 2.0, 1.0), driver.time.values
    )
    found = crossings.find(
        moments,
        field,
        trajectory=path,
        solar_wind=driver,
        window=600.0,
        interval=600.0,
    )
    (one,) = found.boundary.values
    assert one == "bow shock"
    assert float(found.angle_model[0]) < 5.0


def test_models_through_a_place_are_scaled_to_it(wind):
    # Where the surface of Shue et al. is 8.4 R_E away, and 20 % beyond it
    theta, phi = 35.0, 60.0
    pressure = float(wind.dynamic_pressure)
    bz = float(wind.magnetic_field.sel(component="z"))
    radius = boundaries.shue_magnetopause(theta, pressure, bz)
    nose = boundaries.shue_magnetopause(0.0, pressure, bz)
    place = boundaries.surface_points(1.2 * radius, theta, phi)
    moments, field = magnetopause()
    path = at_rest([place, place], moments.time.values[[0, -1]])
    one = crossings.find(
        moments, field, trajectory=path, solar_wind=wind
    ).isel(crossing=0)
    np.testing.assert_allclose(one.position, place)
    assert float(one.standoff_shue) == pytest.approx(1.2 * nose, rel=1e-6)
    # The normal of a round surface: tan of its turn from the radius is
    # -(dR/dtheta) / R = -alpha tan(theta / 2)
    alpha = (0.58 - 0.007 * bz) * (1.0 + 0.024 * np.log(pressure))
    turn = theta - np.degrees(
        np.arctan(alpha * np.tan(np.radians(theta / 2.0)))
    )
    expected = boundaries.surface_points(1.0, turn, phi)
    np.testing.assert_allclose(one.normal_shue, expected, atol=1e-6)


def test_without_a_place_or_a_wind_models_are_left_out(wind):
    moments, field = magnetopause()
    alone = crossings.find(moments, field).isel(crossing=0)
    assert alone.position.isnull().all()
    assert np.isnan(alone.angle_model)
    assert np.isnan(alone.standoff_model)
    elsewhere = at_rest(
        [[9.0, 0.0, 0.0]] * 2,
        moments.time.values[[0, -1]] + np.timedelta64(1, "D"),
    )
    late = crossings.find(
        moments, field, trajectory=elsewhere, solar_wind=wind
    )
    assert late.position.isnull().all()
    assert late.standoff_model.isnull().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda m, f: (m.expand_dims(estimate=["fit"]), f),
            "moments must be a series along time, got .*; choose one",
        ),
        (
            lambda m, f: (m, f.isel(time=slice(None, None, -1))),
            "times of the field must increase; sort",
        ),
        (
            lambda m, f: (m.isel(time=slice(None, None, -1)), f),
            "times of the moments must increase; sort",
        ),
        (
            lambda m, f: (m.isel(time=slice(6)), f),
            "at least 7 moments are needed to see a step, got 6",
        ),
        (
            lambda m, f: (
                m,
                f.assign_coords(time=f.time + np.timedelta64(1, "D")),
            ),
            "no sample of the field is known at the times of the moments",
        ),
        (
            lambda m, f: (
                m,
                f.assign(
                    magnetic_field=f.magnetic_field.assign_attrs(frame="GSE")
                ),
            ),
            "magnetic_field must be in GSM, got GSE; turn it",
        ),
        (
            lambda m, f: (
                m.assign(density=m.density.assign_attrs(units="m-3")),
                f,
            ),
            "density must be in cm-3, got m-3",
        ),
    ],
    ids=["estimate", "field", "moments", "few", "apart", "frame", "unit"],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        crossings.find(*change(*magnetopause()))


@pytest.mark.parametrize("name", ["window", "interval", "threshold"])
def test_settings_must_be_positive(name):
    with pytest.raises(ValueError, match=f"{name} must be positive, got 0"):
        crossings.find(*magnetopause(), **{name: 0.0})


def test_a_field_of_zero_is_said_in_the_notes():
    moments, field = magnetopause()
    dark = field.assign(magnetic_field=0.0 * field.magnetic_field)
    dark.magnetic_field.attrs["frame"] = "GSM"
    one = crossings.find(moments, dark).isel(crossing=0)
    assert one.boundary == "magnetopause"
    assert one.normal.isnull().all()
    assert "the field does not change" in str(one.notes.values)
    assert "is zero or keeps its direction" in str(one.notes.values)
