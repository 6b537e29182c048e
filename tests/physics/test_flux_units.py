import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import ALPHA_MASS, ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.physics import flux_units


def density(units="s3 m-6"):
    return xr.DataArray(
        [1e-9, 2e-10],
        {"energy": [1000.0, 5000.0]},
        "energy",
        attrs={"units": units, "frame": "GSM"},
    )


def test_the_flux_of_a_keV_proton_is_v_squared_f_over_m():
    flux = flux_units.convert(density(), to="cm-2 s-1 sr-1 eV-1")
    energy = np.array([1000.0, 5000.0]) * ELEMENTARY_CHARGE
    # J = v^2 f / m per joule and m2
    expected = 2.0 * energy / PROTON_MASS**2 * density().values
    expected = expected * ELEMENTARY_CHARGE * 1e-4
    np.testing.assert_allclose(flux, expected, rtol=1e-12)
    assert flux.attrs == {"units": "cm-2 s-1 sr-1 eV-1", "frame": "GSM"}


@pytest.mark.parametrize("charge", [1, 2])
def test_the_energy_flux_is_the_flux_times_the_energy(charge):
    ions = {"mass": ALPHA_MASS, "charge": charge}
    flux, energy_flux = (
        flux_units.convert(density(), to=to, **ions)
        for to in ("cm-2 s-1 sr-1 eV-1", "eV cm-2 s-1 sr-1 eV-1")
    )
    np.testing.assert_allclose(
        energy_flux, flux * charge * flux.energy, rtol=1e-12
    )


@pytest.mark.parametrize("units", flux_units.UNITS)
def test_there_and_back_nothing_is_lost(units):
    there = flux_units.convert(density(), to=units)
    back = flux_units.convert(there, to="s3 m-6")
    np.testing.assert_allclose(back, density(), rtol=1e-12)


@pytest.mark.parametrize(
    ("small", "large", "factor"),
    [
        ("s3 m-6", "s3 km-6", 1e18),
        ("s3 cm-6", "s3 m-6", 1e12),
        ("cm-2 s-1 sr-1 eV-1", "cm-2 s-1 sr-1 keV-1", 1e3),
        ("cm-2 s-1 sr-1 eV-1", "m-2 s-1 sr-1 eV-1", 1e4),
        ("eV cm-2 s-1 sr-1 eV-1", "keV cm-2 s-1 sr-1 keV-1", 1.0),
        ("eV cm-2 s-1 sr-1 eV-1", "eV m-2 s-1 sr-1 eV-1", 1e4),
    ],
)
def test_the_same_in_other_units_is_more_or_fewer_of_them(
    small, large, factor
):
    given = density(small)
    other = flux_units.convert(given, to=large)
    np.testing.assert_allclose(other, factor * given, rtol=1e-12)


def test_units_that_are_not_known_are_refused_by_name():
    with pytest.raises(ValueError, match="data must be in one of .*got no"):
        flux_units.convert(density().drop_attrs(), to="s3 m-6")
    with pytest.raises(ValueError, match="to must be in .* got counts"):
        flux_units.convert(density(), to="counts")


def test_a_flux_without_energies_is_refused():
    with pytest.raises(ValueError, match="no coordinate energy"):
        flux_units.convert(density().drop_vars("energy"), to="s3 cm-6")
