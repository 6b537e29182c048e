from __future__ import annotations

import dask.array as da
import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import solar_wind as wind


def test_dynamic_pressure_is_m_n_v_squared_without_a_half():
    # 1.67262192e-27 kg x 5e6 m-3 x (4e5 m s-1)^2
    assert wind.dynamic_pressure(5.0, 400.0) == pytest.approx(1.3380975)
    assert wind.dynamic_pressure(5.0, -400.0) == pytest.approx(1.3380975)


def test_five_percent_of_alphas_give_the_flow_pressure_of_omni():
    pressure = wind.dynamic_pressure(7.0, 450.0, alpha_ratio=0.05)
    assert pressure == pytest.approx(2.0e-6 * 7.0 * 450.0**2, rel=0.005)


def test_magnetic_pressure_of_a_hundred_nanotesla():
    # (1e-7 T)^2 / (8 pi 1e-7) = 3.97887 nPa
    assert wind.magnetic_pressure(100.0) == pytest.approx(3.97887, rel=1e-5)


@pytest.mark.parametrize(
    ("by", "bz", "angle"),
    [(0, 5, 0), (3, 0, 90), (1, -1, 135), (-1, -1, -135), (-2, 0, -90)],
)
def test_clock_angle_turns_from_north_over_dusk_to_south(by, bz, angle):
    assert wind.clock_angle(by, bz) == pytest.approx(angle)


def test_a_field_along_x_has_the_clock_angle_of_north():
    assert wind.clock_angle(0.0, 0.0) == 0.0
    assert wind.newell_coupling(400.0, 0.0, 0.0) == 0.0


def test_alfven_speed_is_that_of_the_plasma_formulary():
    # NRL Plasma Formulary: 2.18e11 B / sqrt(n) cm s-1 with B in gauss
    formulary = 2.18e11 * 5e-5 / np.sqrt(5.0) / 1e5
    assert wind.alfven_speed(5.0, 5.0) == pytest.approx(formulary, rel=2e-3)


def test_sound_speed_is_that_of_the_plasma_formulary():
    # NRL Plasma Formulary: 9.79e5 sqrt(gamma Z Te) cm s-1, here with Te + Ti
    formulary = 9.79e5 * np.sqrt(5 / 3 * 30.0) / 1e5
    speed = wind.sound_speed(10.0, electron_temperature=20.0)
    assert speed == pytest.approx(formulary, rel=2e-3)
    assert wind.sound_speed(30.0, electron_temperature=0.0) == speed


def test_speeds_are_near_the_rounded_ones_of_omni():
    # protons at 1e5 K; OMNI's numbers hold 5 percent of alphas
    temperature = 1e5 / 11604.518
    omni = 0.12 * np.sqrt(1e5 + 1.28e5)
    assert wind.sound_speed(temperature) == pytest.approx(omni, rel=0.03)
    alfven = 20.0 * 6.0 / np.sqrt(8.0)
    assert wind.alfven_speed(8.0, 6.0) == pytest.approx(alfven, rel=0.1)


def test_mach_numbers_of_a_run_are_those_of_its_sheath():
    # case A of the MHD runs: 12 cm-3, 400 km s-1, 1.5e5 K in all, 5 nT
    total = 1.5e5 / 11604.518
    alfven = wind.alfven_mach(400.0, 12.0, 5.0)
    fast = wind.magnetosonic_mach(
        400.0, 12.0, total, 5.0, electron_temperature=0.0
    )
    assert alfven == pytest.approx(12.7, abs=0.05)
    assert fast == pytest.approx(7.2, abs=0.1)
    sonic = wind.sonic_mach(400.0, total, electron_temperature=0.0)
    assert fast**-2 == pytest.approx(alfven**-2 + sonic**-2)


def test_beta_is_the_ratio_of_the_squares_of_two_speeds():
    args = {"electron_temperature": 12.0}
    sound = wind.sound_speed(8.0, **args)
    alfven = wind.alfven_speed(6.0, 7.0)
    beta = wind.plasma_beta(6.0, 8.0, 7.0, **args)
    assert beta == pytest.approx(2 / (5 / 3) * (sound / alfven) ** 2)


def test_beta_is_near_the_rounded_one_of_omni():
    # [(T 4.16e-5) + 5.34] n / B^2, T in K, 5 percent of alphas
    temperature, density, field = 1e5, 5.0, 5.0
    omni = (temperature * 4.16e-5 + 5.34) * density / field**2
    beta = wind.plasma_beta(density, temperature / 11604.518, field)
    assert beta == pytest.approx(omni, rel=0.15)


def test_coupling_follows_newell():
    full = 400.0 ** (4 / 3) * 5.0 ** (2 / 3)
    assert wind.newell_coupling(400.0, 0.0, -5.0) == pytest.approx(full)
    assert full == pytest.approx(8617.7, abs=0.1)
    east = wind.newell_coupling(-400.0, 5.0, 0.0)
    assert east == pytest.approx(full * 0.5 ** (4 / 3))
    assert east == wind.newell_coupling(400.0, -5.0, 0.0)
    assert wind.newell_coupling(400.0, 0.0, 5.0) == 0.0


def test_what_is_not_finite_is_nan():
    assert np.isnan(wind.alfven_speed(0.0, 5.0))
    assert np.isnan(wind.alfven_mach(400.0, 5.0, 0.0))
    assert np.isnan(wind.plasma_beta(5.0, 10.0, 0.0))
    assert np.isnan(wind.sonic_mach(400.0, 0.0, electron_temperature=0.0))
    assert np.isnan(wind.dynamic_pressure(np.nan, 400.0))


FUNCTIONS = [
    (wind.dynamic_pressure, "nPa"),
    (wind.clock_angle, "deg"),
    (wind.alfven_speed, "km s-1"),
    (wind.sonic_mach, "1"),
    (lambda a, b: wind.alfven_mach(a, b, 5.0), "1"),
    (lambda a, b: wind.magnetosonic_mach(400.0, a, b, 5.0), "1"),
    (lambda a, b: wind.plasma_beta(a, b, 5.0), "1"),
    (
        lambda a, b: wind.newell_coupling(400.0, a, b),
        "(km s-1)^(4/3) nT^(2/3)",
    ),
]


@pytest.mark.parametrize(("function", "units"), FUNCTIONS)
def test_numbers_arrays_and_labelled_arrays_agree(function, units):
    first, second = np.array([3.0, 7.0, 20.0]), np.array([4.0, 9.0, 400.0])
    expected = [
        float(function(a, b)) for a, b in zip(first, second, strict=True)
    ]
    np.testing.assert_allclose(function(first, second), expected)
    np.testing.assert_allclose(function(list(first), list(second)), expected)
    lazy = function(da.from_array(first, chunks=1), second)
    assert isinstance(lazy, da.Array)
    np.testing.assert_allclose(lazy.compute(), expected)
    time = np.arange(3)
    labelled = [
        xr.DataArray(values, {"time": time}, attrs={"units": "stale"})
        for values in (first, second)
    ]
    seen = function(*labelled)
    np.testing.assert_allclose(seen, expected)
    assert seen.dims == ("time",)
    assert seen.attrs["units"] == units
