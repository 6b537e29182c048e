"""Moments against pyspedas, which takes 12 s to import: hence its own file.

pyspedas follows the IDL SPEDAS; only `plain` is made as it makes them.
"""

import logging
import warnings

import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE
from smile_explore.instruments import lia
from smile_explore.physics import distributions, flux_units
from smile_explore.schema import VDF

#: pyspedas's own mass of the proton, 0.0104535 eV / (km/s)^2. [kg]
MASS = 0.0104535 * ELEMENTARY_CHARGE / 1e6


@pytest.fixture(scope="module")
def moments_3d():
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspedas.particles.moments.moments_3d import moments_3d
    logging.captureWarnings(False)
    root.setLevel(level)
    root.handlers[:] = handlers
    return moments_3d


@pytest.fixture(scope="module")
def vdf():
    """Two random populations, with noise, at 20 potentials."""
    rng = np.random.default_rng(5)
    bins = lia.grid(lia.in_mode("mid"))
    del bins["measured"]
    speed = np.sqrt(2.0 * bins.energy * ELEMENTARY_CHARGE / MASS) / 1e3
    v = speed * distributions.directions(bins)
    v = v.transpose("energy", "elevation", "azimuth", "component").values
    each = []
    for _ in range(20):
        parts = [
            distributions.bi_maxwellian(
                v,
                density=rng.uniform(1.0, 20.0),
                bulk_velocity=rng.normal(0.0, 150.0, 3),
                temperature=tuple(rng.uniform(50.0, 800.0, 2)),
                magnetic_field=rng.normal(size=3),
                mass=MASS,
            )
            for _ in range(2)
        ]
        each.append(sum(parts) * rng.uniform(0.5, 1.5, v.shape[:3]))
    bins["vdf"] = (("time", "energy", "elevation", "azimuth"), each)
    bins["spacecraft_potential"] = ("time", rng.uniform(-20.0, 20.0, 20))
    return VDF.stamp(bins)


@pytest.fixture(scope="module")
def theirs(moments_3d, vdf):
    flux = flux_units.convert(vdf.vdf, to="eV cm-2 s-1 sr-1 eV-1", mass=MASS)
    shape = (vdf.sizes["energy"], -1)

    def flat(one):
        full = one.broadcast_like(vdf.vdf.isel(time=0))
        full = full.transpose("energy", "elevation", "azimuth")
        return full.values.reshape(shape).astype(float)

    found = []
    for i in range(vdf.sizes["time"]):
        data = {
            "charge": 1.0,
            "mass": 0.0104535,
            "magf": np.array([0.0, 0.0, 5.0]),
            "energy": flat(vdf.energy),
            "denergy": flat(vdf.energy_high - vdf.energy_low),
            "theta": flat(vdf.elevation),
            "dtheta": flat(vdf.elevation_high - vdf.elevation_low),
            "phi": flat(vdf.azimuth),
            "dphi": flat(vdf.azimuth_high - vdf.azimuth_low),
            "bins": np.ones((vdf.sizes["energy"], vdf.vdf[0, 0].size)),
            "data": flux[i].values.reshape(shape),
        }
        potential = float(vdf.spacecraft_potential[i])
        found.append(moments_3d(data, sc_pot=potential))
    return found


@pytest.fixture(scope="module")
def ours(vdf):
    found = distributions.moments(vdf, mass=MASS, estimates=("plain",))
    return found.squeeze("estimate")


def test_density_and_velocity_agree_to_a_part_in_a_million_million(
    ours, theirs
):
    density = np.array([one["density"] for one in theirs])
    velocity = np.array([one["velocity"] for one in theirs])
    np.testing.assert_allclose(ours.density, density, rtol=1e-12)
    apart = np.linalg.norm(ours.velocity - velocity, axis=1)
    assert (apart / np.linalg.norm(velocity, axis=1)).max() < 1e-12


def test_all_terms_of_the_temperature_agree(ours, theirs):
    full = np.array([one["ttens"] for one in theirs])
    trace = np.trace(full, axis1=1, axis2=2)
    apart = abs(ours.temperature_tensor - full).max(axis=(1, 2))
    assert (apart / trace).max() < 1e-11
    average = np.array([one["avgtemp"] for one in theirs])
    np.testing.assert_allclose(ours.temperature, average, rtol=1e-11)


def test_the_heat_flux_agrees(ours, theirs):
    flux = np.array([one["qflux"] for one in theirs])
    flux = flux * ELEMENTARY_CHARGE * 1e7  # from eV cm-2 s-1 to mW m-2
    apart = np.linalg.norm(ours.heat_flux - flux, axis=1)
    assert (apart / np.linalg.norm(flux, axis=1)).max() < 1e-8


def test_a_potential_beyond_the_lowest_energy_cuts_as_pyspedas_does(
    vdf, theirs, ours
):
    hidden = vdf.spacecraft_potential.values < -vdf.energy.values[0]
    assert hidden.any()
    for i in np.flatnonzero(hidden):
        alone = distributions.moments(
            vdf.isel(time=i), mass=MASS, estimates=("plain",)
        )
        assert alone.density.item() == pytest.approx(
            theirs[i]["density"], rel=1e-12
        )
        xr.testing.assert_allclose(
            alone.velocity.squeeze("estimate"), ours.velocity[i], rtol=1e-12
        )
