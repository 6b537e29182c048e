"""Moments against closed forms; pyspedas is in test_moments_oracle.py."""

import dask.array as da
import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import ALPHA_MASS, ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.instruments import lia
from smile_explore.physics import distributions
from smile_explore.schema import MOMENTS, VDF

MASS = PROTON_MASS * 1e6 / ELEMENTARY_CHARGE
HEAT = 1e5 * ELEMENTARY_CHARGE * 1e7
FINE = lia.IonAnalyser(
    energy_steps=160,
    elevation_step=3.0,
    azimuth_step=4.0,
    elevation_limit=91.0,
    dead_time=0.0,
    background=0.0,
)


def velocities(bins, mass=PROTON_MASS, charge=1):
    speed = np.sqrt(2 * charge * bins.energy * ELEMENTARY_CHARGE / mass) / 1e3
    return (speed * distributions.directions(bins)).transpose(
        "energy", "elevation", "azimuth", "component"
    )


def measured(function, analyser=FINE):
    """Sample a function of the velocity at the middle of each bin."""
    bins = lia.grid(analyser)
    values = function(velocities(bins).values)
    dims = ("energy", "elevation", "azimuth")
    return VDF.stamp(bins.assign(vdf=(dims, values)))


def tilted(parallel, perpendicular, field):
    unit = np.asarray(field) / np.linalg.norm(field)
    along = np.outer(unit, unit)
    return parallel * along + perpendicular * (np.eye(3) - along)


BEAM = {
    "density": 5.0,
    "bulk_velocity": (-250.0, 60.0, -40.0),
    "temperature": (300.0, 150.0),
    "magnetic_field": (1.0, 2.0, -1.5),
}
RING = {
    "density": 3.0,
    "bulk_velocity": (150.0, -120.0, 90.0),
    "temperature": (120.0, 260.0),
    "magnetic_field": (1.0, 2.0, -1.5),
}


@pytest.fixture(scope="module")
def beam():
    return measured(lambda v: distributions.bi_maxwellian(v, **BEAM))


@pytest.mark.parametrize("estimate", ["plain", "corrected"])
def test_a_plasma_tilted_in_two_planes_returns_all_nine_terms(beam, estimate):
    found = distributions.moments(beam, estimates=(estimate,)).squeeze()
    expected = tilted(300.0, 150.0, BEAM["magnetic_field"])
    assert abs(expected[~np.eye(3, dtype=bool)]).min() > 20.0
    assert found.density == pytest.approx(5.0, rel=2e-3)
    np.testing.assert_allclose(found.velocity, BEAM["bulk_velocity"], atol=0.6)
    np.testing.assert_allclose(found.temperature_tensor, expected, atol=1.2)
    assert found.temperature == pytest.approx(200.0, rel=5e-3)


def test_two_populations_carry_the_known_heat_flux():
    both = measured(
        lambda v: (
            distributions.bi_maxwellian(v, **BEAM)
            + distributions.bi_maxwellian(v, **RING)
        )
    )
    found = distributions.moments(both, estimates=("plain",)).squeeze()
    density = BEAM["density"] + RING["density"]
    flow = sum(
        one["density"] * np.array(one["bulk_velocity"]) for one in (BEAM, RING)
    )
    flow = flow / density
    heat = np.zeros(3)
    for one in (BEAM, RING):
        n, u = one["density"], np.array(one["bulk_velocity"]) - flow
        pressure = n * tilted(*one["temperature"], one["magnetic_field"])
        heat += MASS / 2 * n * (u @ u) * u
        heat += np.trace(pressure) * u / 2 + pressure @ u
    expected = heat * HEAT
    assert np.linalg.norm(expected) > 0.01
    np.testing.assert_allclose(
        found.heat_flux, expected, atol=0.01 * np.linalg.norm(expected)
    )


@pytest.mark.parametrize("index", [2.5, 6.0, np.inf])
def test_a_kappa_distribution_has_the_moments_it_is_named_by(index):
    model = BEAM | {
        "bulk_velocity": (0.0, 0.0, 0.0),
        "temperature": (30.0, 60.0),
        "index": index,
    }
    fine = np.linspace(-1.0, 1.0, 161)
    axis = 6000.0 * fine**5 + 500.0 * fine  # finer where the core is
    step = np.gradient(axis)
    grid = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1)
    volume = step[:, None, None] * step[:, None] * step * 1e3
    weight = distributions.kappa(grid, **model) * volume
    assert weight.sum() == pytest.approx(5.0, rel=5e-3)
    pressure = MASS * np.einsum("abci,abcj,abc->ij", grid, grid, weight)
    expected = tilted(30.0, 60.0, BEAM["magnetic_field"])
    far = 0.03 if index == 2.5 else 0.005  # of the tail is left out
    np.testing.assert_allclose(pressure / 5.0, expected, atol=60 * far)


def test_an_infinite_kappa_is_a_maxwellian():
    v = np.random.default_rng(1).normal(0.0, 300.0, (50, 3))
    np.testing.assert_allclose(
        distributions.kappa(v, index=1e6, **BEAM),
        distributions.bi_maxwellian(v, **BEAM),
        rtol=2e-3,
    )


def test_a_fit_returns_the_maxwellian_that_went_in():
    plasma = xr.Dataset(
        {
            "density": 4.0,
            "velocity": ("component", [-420.0, 70.0, -30.0]),
            "temperature": 8.0,
            "magnetic_field": ("component", [0.0, 0.0, 5.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    for name in lia.MODES:
        seen = lia.distribution(
            plasma, analyser=lia.in_mode(name), alpha_fraction=0.0
        )
        seen["background"] = 0.0
        found = distributions.moments(seen, estimates=("fit",)).squeeze()
        assert found.density == pytest.approx(4.0, rel=1e-3)
        np.testing.assert_allclose(
            found.velocity, plasma.velocity, rtol=1e-3, atol=0.1
        )
        assert found.temperature == pytest.approx(8.0, rel=2e-3)


def test_alpha_particles_are_read_with_their_mass_and_charge():
    bins = lia.grid(FINE)
    v = velocities(bins, ALPHA_MASS, 2).values
    model = BEAM | {"mass": ALPHA_MASS, "temperature": (1200.0, 600.0)}
    values = distributions.bi_maxwellian(v, **model)
    vdf = bins.assign(vdf=(("energy", "elevation", "azimuth"), values))
    found = distributions.moments(
        VDF.stamp(vdf), mass=ALPHA_MASS, charge=2, estimates=("corrected",)
    ).squeeze()
    assert found.density == pytest.approx(5.0, rel=2e-3)
    np.testing.assert_allclose(found.velocity, BEAM["bulk_velocity"], atol=0.6)
    assert found.temperature == pytest.approx(800.0, rel=5e-3)


@pytest.mark.parametrize("potential", [8.0, -8.0])
def test_the_potential_of_the_spacecraft_is_taken_out(potential):
    bins = lia.grid(FINE)
    far = bins.assign_coords(energy=bins.energy + potential)
    inside = far.energy > 0
    v = velocities(far.assign_coords(energy=far.energy.clip(1e-6)))
    values = distributions.bi_maxwellian(v.values, **BEAM)
    vdf = bins.assign(vdf=(v.dims[:3], values))
    vdf["vdf"] = vdf.vdf.where(inside.values[:, None, None], 0.0)
    vdf["spacecraft_potential"] = potential
    found = distributions.moments(VDF.stamp(vdf), estimates=("corrected",))
    assert found.density.item() == pytest.approx(5.0, rel=3e-3)
    assert found.temperature.item() == pytest.approx(200.0, rel=8e-3)
    np.testing.assert_allclose(
        found.velocity.squeeze(), BEAM["bulk_velocity"], atol=1.0
    )


def test_a_potential_beyond_all_energies_leaves_nothing(beam):
    found = distributions.moments(beam.assign(spacecraft_potential=-30_000.0))
    assert (found.density.sel(estimate="plain") == 0.0).all()
    assert found.velocity.isnull().all()
    assert not found.density_valid.any()


def test_a_potential_that_hides_ions_is_flagged():
    cold = BEAM | {"bulk_velocity": (0, 0, 0), "temperature": (20.0, 20.0)}
    bins = lia.grid(FINE)
    far = bins.assign_coords(energy=bins.energy + 30.0)
    values = distributions.bi_maxwellian(velocities(far).values, **cold)
    vdf = bins.assign(vdf=(("energy", "elevation", "azimuth"), values))
    vdf["spacecraft_potential"] = 30.0
    found = distributions.moments(VDF.stamp(vdf), estimates=("corrected",))
    assert found.density < 4.0
    assert not found.density_valid.item()


def test_bins_that_were_not_measured_count_as_nothing(beam):
    dark = beam.azimuth < 120.0
    masked = beam.assign(measured=beam.measured & ~dark)
    holes = beam.assign(vdf=beam.vdf.where(~dark))
    zeros = beam.assign(vdf=beam.vdf.where(~dark, 0.0))
    zeros.vdf.attrs["units"] = "s3 m-6"
    each = [
        distributions.moments(one, estimates=("plain",))
        for one in (VDF.stamp(masked), VDF.stamp(holes), zeros)
    ]
    assert each[0].density < 5.0
    for other in each[1:]:
        xr.testing.assert_allclose(each[0], other, rtol=1e-12)


def test_elevations_may_depend_on_the_energy(beam):
    edges = xr.broadcast(beam.elevation_low, beam.energy)[0]
    other = beam.assign(
        elevation_low=edges,
        elevation_high=edges + 3.0,
    )
    xr.testing.assert_allclose(
        distributions.moments(VDF.stamp(other), estimates=("corrected",)),
        distributions.moments(beam, estimates=("corrected",)),
        rtol=1e-9,
    )


@pytest.mark.parametrize("kind", ["numpy", "dask"])
def test_times_are_read_one_by_one_in_memory_or_lazily(beam, kind):
    coarse = beam.isel(energy=slice(None, None, 1))
    several = xr.concat(
        [coarse, coarse.assign(vdf=coarse.vdf * 2.0), coarse], "time"
    )
    for name in coarse.data_vars:
        if name != "vdf":
            several[name] = coarse[name]
    several = VDF.stamp(several)
    potential = xr.DataArray([0.0, 10.0, 10.0], dims="time")
    several["spacecraft_potential"] = potential
    if kind == "dask":
        several["vdf"] = several.vdf.chunk(time=2, energy=40)
    found = distributions.moments(several, estimates=("plain", "corrected"))
    assert isinstance(found.density.data, da.Array) == (kind == "dask")
    for i, factor in enumerate((1.0, 2.0, 1.0)):
        one = coarse.assign(
            vdf=coarse.vdf * factor, spacecraft_potential=potential[i]
        )
        one.vdf.attrs["units"] = "s3 m-6"
        alone = distributions.moments(one, estimates=("plain", "corrected"))
        xr.testing.assert_allclose(
            found.isel(time=i).compute(), alone, rtol=1e-10
        )


def test_single_precision_is_summed_in_double(beam):
    single = beam.assign(vdf=beam.vdf.astype(np.float32))
    single.vdf.attrs = beam.vdf.attrs
    xr.testing.assert_allclose(
        distributions.moments(single, estimates=("plain",)),
        distributions.moments(beam, estimates=("plain",)),
        rtol=1e-6,
    )


def test_uncertainties_are_the_scatter_of_exposures():
    plasma = xr.Dataset(
        {
            "density": 30.0,
            "velocity": ("component", [-150.0, 50.0, 30.0]),
            "temperature": 150.0,
            "magnetic_field": ("component", [0.0, 0.0, 5.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    seen = lia.distribution(
        plasma.expand_dims(time=150),
        analyser=lia.in_mode("lo"),
        alpha_fraction=0.0,
    )
    found = distributions.moments(
        lia.expose(seen, rng=3).compute(), estimates=("corrected", "fit")
    )
    for name in ("density", "velocity", "temperature", "temperature_tensor"):
        scatter = found[name].std("time")
        expected = np.sqrt((found[f"{name}_uncertainty"] ** 2).mean("time"))
        of = scatter.sel(estimate="corrected")
        to = expected.sel(estimate="corrected")
        np.testing.assert_allclose(of, to, rtol=0.25, err_msg=name)
        if name != "temperature_tensor":
            of = scatter.sel(estimate="fit")
            to = expected.sel(estimate="fit")
            np.testing.assert_allclose(of, to, rtol=0.25, err_msg=name)
    heat = found.sel(estimate="corrected")
    np.testing.assert_allclose(
        heat.heat_flux.std("time"),
        np.sqrt((heat.heat_flux_uncertainty**2).mean("time")),
        rtol=0.25,
    )


def test_a_box_gives_the_moments_of_what_is_in_it():
    both = measured(
        lambda v: (
            distributions.bi_maxwellian(
                v, **BEAM | {"temperature": 20.0, "density": 5.0}
            )
            + distributions.bi_maxwellian(
                v, **RING | {"temperature": 10.0, "density": 3.0}
            )
        )
    )
    box = distributions.within(both, azimuth=(270.0, 30.0), energy=(50, 900))
    assert box.azimuth.min() < 30.0
    assert box.azimuth.max() > 270.0
    found = distributions.moments(box, estimates=("corrected",))
    assert found.density.item() == pytest.approx(3.0, rel=0.02)
    np.testing.assert_allclose(
        found.velocity.squeeze(), RING["bulk_velocity"], atol=2.0
    )
    with pytest.raises(ValueError, match="no bin has its elevation between"):
        distributions.within(both, elevation=(10.2, 10.4))


def test_temperatures_along_and_across_the_field(beam):
    found = distributions.moments(beam, estimates=("corrected",))
    field = xr.DataArray(
        np.array([BEAM["magnetic_field"]] * 2) * [[10.0], [0.0]],
        dims=("time", "component"),
        coords={"component": ["x", "y", "z"]},
    )
    aligned = distributions.field_aligned(found, field).squeeze()
    assert aligned.temperature_parallel[0] == pytest.approx(300, rel=5e-3)
    assert aligned.temperature_perpendicular[0] == pytest.approx(150, rel=5e-3)
    assert np.isnan(aligned.temperature_parallel[1])


def test_the_spectrum_counts_directions_by_their_solid_angle(beam):
    steps = np.where(abs(beam.elevation) > 60.0, 10.0, 1.0)
    vdf = beam.assign(vdf=beam.vdf * 0.0 + steps[:, None])
    vdf.vdf.attrs = beam.vdf.attrs
    flux = distributions.spectrum(vdf).energy_flux
    cap = 1.0 - np.sin(np.radians(60.0))
    mean = 10.0 * cap + 1.0 * (1.0 - cap)
    expected = mean * 2e8 * (beam.energy / MASS) ** 2
    np.testing.assert_allclose(flux, expected, rtol=1e-6)
    half = vdf.assign(measured=abs(beam.elevation) < 60.0)
    half["measured"] = half.measured & (beam.energy > 0)
    np.testing.assert_allclose(
        distributions.spectrum(half).energy_flux, expected / mean, rtol=1e-6
    )


@pytest.mark.parametrize("empty", [0.0, np.nan])
def test_a_distribution_without_ions_has_no_velocity(beam, empty):
    vdf = beam.assign(vdf=beam.vdf * 0.0 + empty)
    vdf.vdf.attrs = beam.vdf.attrs
    found = distributions.moments(vdf)
    for name in ("velocity", "temperature", "temperature_tensor"):
        assert found[name].isnull().all()
    for name in ("density", "velocity", "temperature", "heat_flux"):
        assert not found[f"{name}_valid"].any()
    assert MOMENTS.check(found) is None


@pytest.mark.parametrize(
    "units", ["eV cm-2 s-1 sr-1 eV-1", "cm-2 s-1 sr-1 eV-1", "s3 cm-6", None]
)
def test_a_flux_is_refused_by_name(beam, units):
    vdf = beam.copy()
    vdf["vdf"] = beam.vdf.copy()
    vdf.vdf.attrs.pop("units")
    if units:
        vdf.vdf.attrs["units"] = units
    with pytest.raises(
        ValueError, match=f"in s3 m-6, got {units or 'no unit'}; convert it"
    ):
        distributions.moments(vdf)


def test_energies_that_turn_back_are_refused(beam):
    order = np.r_[1, 0, 2 : beam.energy.size]
    with pytest.raises(ValueError, match="axis energy must increase"):
        distributions.moments(beam.isel(energy=order))


def test_energies_that_are_not_positive_are_refused(beam):
    lower = beam.assign_coords(energy=beam.energy - 10.0)
    with pytest.raises(ValueError, match="energy must be positive, got -4"):
        distributions.moments(lower)


def test_edges_that_enclose_nothing_are_refused(beam):
    with pytest.raises(ValueError, match="azimuth_high must be above"):
        distributions.moments(beam.assign(azimuth_high=beam.azimuth_low))


def test_edges_that_vary_in_time_are_refused(beam):
    moving = beam.assign(
        energy_low=beam.energy_low.expand_dims(time=2),
    )
    with pytest.raises(ValueError, match="got also time"):
        distributions.moments(moving)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"estimates": ("best",)}, "plain, corrected, fit, got best"),
        ({"mass": 0.0}, "mass must be positive"),
        ({"charge": -1}, "charge must be positive, got -1"),
    ],
)
def test_options_that_are_not_known_are_refused(beam, options, message):
    with pytest.raises(ValueError, match=message):
        distributions.moments(beam, **options)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"density": 0.0}, "density must be positive, got 0"),
        ({"temperature": (10.0, -1.0)}, "temperature must be positive"),
        ({"magnetic_field": (0.0, 0.0, 0.0)}, "need a magnetic_field"),
        ({"magnetic_field": None}, "need a magnetic_field"),
    ],
)
def test_plasmas_that_cannot_be_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        distributions.bi_maxwellian([0.0, 0.0, 0.0], **BEAM | changes)


def test_a_kappa_without_a_temperature_is_refused():
    with pytest.raises(ValueError, match="kappa must be above 3/2, got 1.5"):
        distributions.kappa([0.0, 0.0, 0.0], index=1.5, **BEAM)
