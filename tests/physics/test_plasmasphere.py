"""The plasmasphere is as published, and scatters as an atom does."""

import numpy as np
import pytest

from smile_explore.physics import plasmasphere as cold

AXIS = np.arange(-8.0, 8.01, 0.5)


def test_published_plasmapause_shrinks_with_kp():
    assert cold.plasmapause(0.0) == pytest.approx(5.6)
    assert cold.plasmapause(5.0) == pytest.approx(3.3)
    assert np.isnan(cold.plasmapause([-1.0, 9.5, np.nan])).all()


def test_densities_are_those_of_the_formulas_on_the_equator():
    """log10 n = -0.3145 L + 3.9043, and 124 (3 / L)^4 beyond."""
    shells = np.array([3.0, 4.0, 6.0])
    density = cold.electron_density(shells, shells, plasmapause=5.0)
    expected = [10**2.9608, 10**2.6463, 124.0 / 16.0]
    np.testing.assert_allclose(density, expected, rtol=1e-6)


def test_density_rises_along_a_field_line_as_told():
    settings = {"plasmapause": 5.0}
    flat = cold.electron_density(4.0, 2.0, field_line_power=0.0, **settings)
    steep = cold.electron_density(4.0, 2.0, field_line_power=2.0, **settings)
    assert steep / flat == pytest.approx(4.0)
    assert np.isnan(cold.electron_density(4.0, 0.9, **settings))


def test_density_within_the_innermost_shell_is_constant():
    inner, edge = cold.electron_density(
        np.array([1.2, 2.25]), np.array([1.2, 2.25]), plasmapause=5.0
    )
    assert inner == pytest.approx(edge)


def test_scattering_rate_is_that_of_the_classical_cross_section():
    """Pi e^2 / (m c) = 0.02654 cm2 Hz; 6e9 in 0.1 A is 6e19 / A at the top."""
    per_angstrom = 6.0e9 / 0.1 * 2 * np.sqrt(np.log(2) / np.pi)
    per_hertz = per_angstrom * 303.78**2 / 2.998e18
    rate = 0.02654 * 0.4162 * per_hertz
    assert cold.scattering_rate() == pytest.approx(rate, rel=1e-3)
    assert cold.scattering_rate(1.2e10, 0.01) == pytest.approx(2 * rate, 1e-3)


@pytest.fixture(scope="module")
def light():
    return cold.emissivity(AXIS, AXIS, AXIS, kp=2.0, rate=1e-5)


def test_emissivity_is_photons_times_their_energy(light):
    density = cold.electron_density(4.0, 4.0, plasmapause=4.68)
    expected = density * 0.15 * 1e-5 * 40.8138
    assert light.sel(x=4, y=0, z=0).item() == pytest.approx(expected, 1e-4)


def test_night_and_earth_are_dark(light):
    assert light.sel(x=-4, y=0, z=0) == 0.0
    assert light.sel(x=-4, y=0, z=1.5) > 0.0
    assert light.sel(x=0.5, y=0, z=0) == 0.0


def test_a_tilted_plasmasphere_is_turned():
    tilted = cold.emissivity(AXIS, AXIS, AXIS, kp=2.0, dipole_tilt=30.0)
    straight = cold.emissivity(AXIS, AXIS, AXIS, kp=2.0)
    turn = np.radians(30.0)  # the northern pole leans to the Sun
    pole = {"x": 4 * np.sin(turn), "y": 0.0, "z": 4 * np.cos(turn)}
    assert tilted.sel(**pole, method="nearest") < straight.max() / 50
    assert tilted.sel(x=3.5, y=0, z=-2) > 5 * straight.sel(x=2, y=0, z=3.5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kp": 12.0}, "kp must be within 0 to 9, got 12"),
        ({"kp": 2.0, "helium_share": 1.5}, "helium_share must be 0 to 1"),
        ({"kp": 2.0, "rate": 0.0}, "rate must be positive"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        cold.emissivity(AXIS, AXIS, AXIS, **settings)
    with pytest.raises(ValueError, match="line_width must be positive"):
        cold.scattering_rate(line_width=0.0)
