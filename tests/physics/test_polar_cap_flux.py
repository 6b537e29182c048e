from __future__ import annotations

import numpy as np
import pytest

from smile_explore.physics import polar_cap


def test_a_dipole_has_the_flux_of_its_closed_form():
    # 2 pi B0 R_E^3 / r sin^2
    radius = 6371.2e3 + 110e3
    expected = 2 * np.pi * 3e-5 * 6371.2e3**3 / radius * np.sin(0.3) ** 2
    rim = np.full(24, np.degrees(0.3))
    flux = polar_cap.enclosed_flux(rim, equatorial_field=30_000.0)
    assert flux == pytest.approx(expected, rel=1e-12)


def test_the_flux_of_an_odd_rim_is_that_summed_over_the_sphere():
    hours = (np.arange(720) + 0.5) / 30.0
    rim = 16.0 + 3.0 * np.cos(hours * np.pi / 12.0)
    field, radius = 3e-5 * (6371.2 / 6481.2) ** 3, 6481.2e3
    colat = np.radians((np.arange(3000) + 0.5) * 20.0 / 3000)
    inside = np.degrees(colat)[:, None] < rim
    ring = 2 * field * np.cos(colat) * np.sin(colat) * radius**2
    step = np.radians(20.0 / 3000) * 2 * np.pi / 720
    summed = (ring[:, None] * inside).sum() * step
    flux = polar_cap.enclosed_flux(rim, equatorial_field=30_000.0)
    assert flux == pytest.approx(summed, rel=1e-3)


def test_the_northern_cap_holds_less_than_the_centred_dipole():
    caps = [np.full(24, c) for c in (10.0, 15.0, 25.0)]
    real = np.array([polar_cap.enclosed_flux(c) for c in caps])
    dipole = np.array(
        [polar_cap.enclosed_flux(c, equatorial_field=29_868.0) for c in caps]
    )
    # apexpy 2.1.1, IGRF-14
    np.testing.assert_allclose(real / dipole, [0.924, 0.940, 0.983], atol=2e-3)


def test_bad_settings_of_the_flux_are_refused():
    with pytest.raises(ValueError, match="height must be positive, got -1"):
        polar_cap.enclosed_flux([15.0], height=-1.0)
    with pytest.raises(ValueError, match="equatorial_field must be positive"):
        polar_cap.enclosed_flux([15.0], equatorial_field=0.0)


def test_opening_follows_milan_et_al():
    # 3.8 R_E (v / 400)^(1/3) wide; all of it where the field is southward
    whole = 3.8 * 6371.2e3 * 400e3 * 5e-9
    assert polar_cap.opening_rate(400.0, 0.0, -5.0) == pytest.approx(whole)
    assert polar_cap.opening_rate(400.0, 0.0, 5.0) == pytest.approx(0.0)
    side = polar_cap.opening_rate(400.0, 5.0, 0.0)
    assert side == pytest.approx(whole * np.sin(np.pi / 4) ** 4.5)
    faster = polar_cap.opening_rate(800.0, 0.0, -5.0)
    assert faster == pytest.approx(whole * 2 ** (4 / 3))
