import dataclasses

import dask.array as da
import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import ALPHA_MASS, ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.instruments import lia
from smile_explore.physics import distributions
from smile_explore.schema import VDF

MASS = PROTON_MASS * 1e6 / ELEMENTARY_CHARGE


def plasma(density=5.0, velocity=(-400.0, 30.0, -20.0), temperature=10.0):
    return xr.Dataset(
        {
            "density": density,
            "velocity": ("component", list(velocity)),
            "temperature": temperature,
            "magnetic_field": ("component", [3.0, -2.0, 4.0]),
        },
        {"component": ["x", "y", "z"]},
    )


def along_time(*states):
    return xr.concat(states, xr.DataArray(np.arange(len(states)), dims="time"))


SHEATH = plasma(20.0, (-120.0, 80.0, 40.0), 200.0)


def errors(found, truth):
    """Relative errors of density, speed and temperature."""
    speed = np.sqrt((found.velocity**2).sum("component"))
    true_speed = np.sqrt((truth.velocity**2).sum("component"))
    return (
        float(found.density / truth.density - 1.0),
        float(speed / true_speed - 1.0),
        float(found.temperature / truth.temperature - 1.0),
    )


def seen(truth, estimate="corrected", *, analyser=lia.LIA, **settings):
    vdf = lia.distribution(
        truth, analyser=analyser, **{"alpha_fraction": 0.0, **settings}
    )
    return distributions.moments(vdf, estimates=(estimate,)).squeeze()


def test_two_sensors_see_the_whole_sky_and_less_of_it_at_high_energies():
    bins = lia.grid()
    assert bins.sizes == {"energy": 64, "elevation": 32, "azimuth": 48}
    assert float(bins.energy_low[0]) == pytest.approx(5.0)
    assert float(bins.energy_high[-1]) == pytest.approx(25_000.0)
    low = bins.measured.sel(energy=12_000.0, method="nearest")
    assert bool(low.all())
    high = bins.measured.sel(energy=20_000.0, method="nearest")
    reached = bins.elevation_high.values[high.values]
    assert reached.max() == pytest.approx(61.875)
    assert bins.elevation_low.values[high.values].min() == -reached.max()


@pytest.mark.parametrize(
    ("name", "shape", "seconds"),
    [("hi", (32, 48), 2.0), ("mid", (16, 24), 1.0), ("lo", (8, 12), 0.25)],
)
def test_modes_trade_angles_for_time(name, shape, seconds):
    analyser = lia.in_mode(name)
    bins = lia.grid(analyser)
    assert (bins.sizes["elevation"], bins.sizes["azimuth"]) == shape
    assert bins.accumulation == seconds
    steps = 64 * shape[0] / 2
    assert analyser.dwell == pytest.approx(seconds / steps)


def test_a_count_is_what_the_geometric_factor_lets_in():
    analyser = dataclasses.replace(lia.LIA, elevation_step=0.5)
    bins = lia.grid(analyser)
    level = bins.sel(elevation=0.25, energy=1000.0, method="nearest")
    flux = 2e8 * (level.energy / MASS) ** 2 * level.one_count
    per_anode = analyser.geometric_factor / 48.0
    counts = flux * per_anode * analyser.dwell
    assert float(counts) == pytest.approx(1.0, rel=1e-4)
    tilted = bins.sel(elevation=60.25, energy=1000.0, method="nearest")
    ratio = float(level.one_count / tilted.one_count)
    assert ratio == pytest.approx(np.cos(np.radians(60.25)), rel=1e-3)


def test_a_bin_holds_the_mean_flux_and_no_ion_is_lost():
    # far narrower than a bin: a sample at the middle would see nothing
    cold = plasma(3.0, (-400.0, 17.0, 11.0), 0.5)
    vdf = lia.distribution(
        cold, analyser=lia.in_mode("lo"), alpha_fraction=0.0
    )
    speed = np.sqrt(2.0 * vdf.energy / MASS)
    width = vdf.energy_high - vdf.energy_low
    solid = np.sin(np.radians(vdf.elevation_high)) - np.sin(
        np.radians(vdf.elevation_low)
    )
    turn = np.radians(vdf.azimuth_high - vdf.azimuth_low)
    flux = 1e3 * vdf.vdf * speed**2 * width / MASS * solid * turn
    truth = 3.0 * np.sqrt((cold.velocity**2).sum())
    assert float(flux.sum()) == pytest.approx(float(truth), rel=2e-3)


def test_a_wide_distribution_is_seen_as_it_is():
    vdf = lia.distribution(SHEATH, alpha_fraction=0.0, anisotropy=2.0)
    speed = np.sqrt(2.0 * vdf.energy / MASS)
    v = (speed * distributions.directions(vdf)).transpose(*vdf.vdf.dims, ...)
    model = distributions.bi_maxwellian(
        v.values,
        density=20.0,
        bulk_velocity=SHEATH.velocity.values,
        temperature=(120.0, 240.0),
        magnetic_field=SHEATH.magnetic_field.values,
    )
    some = (model > model.max() * 0.05) & vdf.measured.values[..., None]
    np.testing.assert_allclose(vdf.vdf.values[some], model[some], rtol=0.07)


@pytest.mark.parametrize(
    ("truth", "least", "most"),
    [
        (plasma(5.0, (-398.0, 35.0, 20.0), 10.0), 0.18, 0.28),
        (plasma(4.0, (-690.0, 110.0, -45.0), 20.0), 0.27, 0.43),
        (plasma(20.0, (-325.0, 50.0, 25.0), 5.0), 0.24, 0.38),
    ],
)
def test_the_solar_wind_looks_hot_until_the_bins_are_taken_out(
    truth, least, most
):
    density, speed, plain = errors(seen(truth, "plain"), truth)
    assert abs(density) < 2e-3
    assert abs(speed) < 5e-3
    assert least < plain < most
    each = []
    for turn in np.linspace(0.0, 9.0, 4):  # beams at all places of a bin
        tilt = np.radians([turn, 5.0 - turn])
        speed = np.linalg.norm(truth.velocity)
        flow = -np.cos(tilt).prod(), np.sin(tilt[0]), np.sin(tilt[1])
        other = plasma(
            float(truth.density),
            speed * np.array(flow) / np.linalg.norm(flow),
            float(truth.temperature),
        )
        density, fast, corrected = errors(seen(other), other)
        assert abs(density) < 2e-3
        assert abs(fast) < 4e-4
        each.append(corrected)
    assert abs(np.mean(each)) < 0.01
    assert np.max(np.abs(each)) < 0.02


@pytest.mark.parametrize(
    "flow", [(-250.0, 180.0, 220.0), (60.0, -300.0, -210.0)]
)
def test_bins_make_no_beam_anisotropic_once_they_are_taken_out(flow):
    truth = plasma(5.0, flow, 12.0)
    plain = seen(truth, "plain").temperature_tensor
    corrected = seen(truth).temperature_tensor
    isotropic = 12.0 * np.eye(3)
    assert abs(plain - isotropic).max() > 2.0
    np.testing.assert_allclose(corrected, isotropic, atol=0.25)
    np.testing.assert_allclose(seen(truth).velocity, flow, rtol=2e-3)


def test_uncertainties_without_counts_are_those_of_the_counts():
    vdf = lia.expose(
        lia.distribution(plasma(), analyser=lia.in_mode("mid")), rng=1
    )
    counted, derived = (
        distributions.moments(one) for one in (vdf, vdf.drop_vars("counts"))
    )
    xr.testing.assert_allclose(counted, derived, rtol=1e-3)


def test_the_density_of_the_sheath_needs_the_low_energies():
    for energies, most in (((5.0, 25e3), 2e-3), ((50.0, 20e3), 0.055)):
        analyser = dataclasses.replace(lia.LIA, energy_range=energies)
        found = seen(
            plasma(20.0, (-150.0, 0.0, 0.0), 200.0), analyser=analyser
        )
        density = float(found.density / 20.0 - 1.0)
        assert abs(density) < most
    assert density < -0.04


@pytest.mark.parametrize("name", ["mid", "lo"])
def test_a_coarse_mode_flags_the_solar_wind_but_fits_it(name):
    analyser = lia.in_mode(name)
    vdf = lia.distribution(plasma(), analyser=analyser, alpha_fraction=0.0)
    found = distributions.moments(vdf.assign(background=0.0))
    valid = found.temperature_valid
    assert not valid.sel(estimate="plain")
    assert not valid.sel(estimate="corrected")
    assert valid.sel(estimate="fit")
    fit = found.temperature.sel(estimate="fit")
    assert float(fit) == pytest.approx(10.0, rel=0.01)


def test_moments_of_the_finest_mode_are_valid():
    for truth in (plasma(), SHEATH):
        vdf = lia.distribution(truth, alpha_fraction=0.0)
        found = lia.moments(vdf, estimates=("corrected",)).sel(species="H+")
        for name in ("density", "velocity", "temperature"):
            assert found[f"{name}_valid"].item(), name


def test_anisotropy_about_the_field_comes_back():
    found = seen(SHEATH, anisotropy=1.5)
    both = distributions.field_aligned(found, SHEATH.magnetic_field)
    ratio = both.temperature_perpendicular / both.temperature_parallel
    assert float(ratio) == pytest.approx(1.5, rel=0.01)
    assert float(found.temperature) == pytest.approx(200.0, rel=0.01)


def test_alpha_particles_are_split_off_in_the_solar_wind():
    vdf = lia.distribution(plasma(), alpha_fraction=0.04)
    found = lia.moments(vdf, estimates=("corrected",)).squeeze()
    assert found.split
    protons, alphas = found.sel(species="H+"), found.sel(species="He++")
    assert float(protons.density) == pytest.approx(5.0, rel=0.01)
    assert float(protons.temperature) == pytest.approx(10.0, rel=0.03)
    assert float(alphas.density) == pytest.approx(0.2, rel=0.08)
    assert float(alphas.temperature) == pytest.approx(40.0, rel=0.1)
    np.testing.assert_allclose(
        alphas.velocity, plasma().velocity, rtol=0.01, atol=2.0
    )


def test_alpha_particles_left_in_make_the_solar_wind_hot():
    vdf = lia.distribution(plasma(), alpha_fraction=0.04)
    both = lia.moments(vdf, split="never", estimates=("plain",)).squeeze()
    protons = both.sel(species="H+")
    assert 0.45 < float(protons.temperature) / 10.0 - 1.0 < 0.80
    assert float(protons.density) / 5.0 - 1.0 == pytest.approx(0.03, abs=0.01)
    assert np.isnan(both.density.sel(species="He++"))
    assert not both.density_valid.sel(species="He++")


def test_the_merged_peaks_of_the_sheath_are_not_split():
    states = along_time(SHEATH, plasma())
    found = lia.moments(
        lia.distribution(states, analyser=lia.in_mode("mid")),
        estimates=("plain",),
    )
    assert found.split.values.tolist() == [False, True]


def test_a_spectrum_has_two_peaks_at_one_and_two_energies_per_charge():
    cold = plasma(5.0, (-400.0, 0.0, 0.0), 1.0)
    flux = distributions.spectrum(lia.distribution(cold)).energy_flux
    peaks = flux.where(
        (flux > flux.shift(energy=1)) & (flux > flux.shift(energy=-1)),
        drop=True,
    ).energy.values
    energy = MASS * 400.0**2 / 2.0
    per_charge = ALPHA_MASS / PROTON_MASS / 2.0
    np.testing.assert_allclose(peaks, [energy, energy * per_charge], rtol=0.07)


@pytest.mark.parametrize("potential", [10.0, -8.0])
def test_a_charged_spacecraft_shifts_energies_and_moments_take_it_out(
    potential,
):
    truth = plasma(15.0, (-60.0, 30.0, 20.0), 80.0)
    vdf = lia.distribution(
        truth, alpha_fraction=0.0, spacecraft_potential=potential
    )
    found = distributions.moments(vdf, estimates=("corrected",)).squeeze()
    naive = distributions.moments(
        vdf.drop_vars("spacecraft_potential"), estimates=("corrected",)
    ).squeeze()
    assert abs(errors(found, truth)[0]) < 0.05
    assert abs(errors(naive, truth)[0]) > abs(errors(found, truth)[0])


def test_exposures_scatter_about_what_is_expected():
    vdf = lia.distribution(SHEATH, analyser=lia.in_mode("lo")).compute()
    vdf["background"] = 0.3
    many = lia.expose(vdf.expand_dims(time=400), rng=2)
    expected = (vdf.vdf / vdf.one_count + 0.3).values
    mean = many.counts.mean("time").values
    some = np.isfinite(expected)
    apart = (mean[some] - expected[some]) / np.sqrt(expected[some] / 400)
    assert abs(apart).max() < 5.0
    assert apart.std() == pytest.approx(1.0, abs=0.06)
    np.testing.assert_allclose(
        many.vdf, (many.counts - 0.3) * vdf.one_count, rtol=1e-5
    )
    total = many.vdf.mean("time").values[some].sum()
    assert total == pytest.approx(vdf.vdf.values[some].sum(), rel=0.02)


def test_dead_time_takes_counts_and_its_correction_gives_them_back():
    vdf = lia.distribution(plasma(), alpha_fraction=0.0).compute()
    bright = vdf.assign(vdf=vdf.vdf * 20.0)
    bright.vdf.attrs = vdf.vdf.attrs
    exposed = lia.expose(bright, rng=1)
    expected = (bright.vdf / bright.one_count).max()
    share = float(expected) * vdf.dead_time / vdf.dwell
    assert share > 0.5
    registered = exposed.counts / (
        1.0 + exposed.counts * vdf.dead_time / vdf.dwell
    )
    assert float(registered.max()) < 0.8 * float(expected)
    np.testing.assert_allclose(registered, np.round(registered), atol=0.05)
    total = float(exposed.counts.sum())
    true = float((bright.vdf / bright.one_count).sum())
    assert total == pytest.approx(true, rel=0.02)


def test_the_same_seed_gives_the_same_counts_however_times_are_split():
    states = along_time(plasma(), SHEATH, plasma(9.0))
    vdf = lia.distribution(states, analyser=lia.in_mode("lo"))
    assert isinstance(vdf.vdf.data, da.Array)
    whole = lia.expose(vdf.compute(), rng=7).counts
    split = lia.expose(vdf.chunk(time=2, energy=20), rng=7).counts
    assert isinstance(split.data, da.Array)
    np.testing.assert_array_equal(whole, split.compute())
    other = lia.expose(vdf, rng=8).counts
    assert not np.array_equal(whole, other.compute(), equal_nan=True)


def test_a_generator_that_is_passed_twice_gives_two_exposures():
    vdf = lia.distribution(SHEATH, analyser=lia.in_mode("lo")).compute()
    rng = np.random.default_rng(1)
    first, second = (lia.expose(vdf, rng=rng).counts for _ in range(2))
    assert not np.array_equal(first, second, equal_nan=True)


def test_times_are_seen_one_by_one():
    states = along_time(plasma(), SHEATH)
    both = lia.distribution(states, analyser=lia.in_mode("lo"))
    alone = lia.distribution(SHEATH, analyser=lia.in_mode("lo"))
    np.testing.assert_array_equal(both.vdf[1], alone.vdf)
    found = lia.moments(both, estimates=("plain",)).compute()
    one = lia.moments(alone, estimates=("plain",))
    np.testing.assert_allclose(
        found.density.isel(time=1), one.density, rtol=1e-9
    )


def test_where_the_plasma_is_not_known_nothing_is_seen():
    states = along_time(plasma(), plasma(np.nan))
    vdf = lia.expose(
        lia.distribution(states, analyser=lia.in_mode("lo")), rng=1
    )
    assert vdf.vdf[1].isnull().all()
    assert vdf.counts[1].isnull().all()
    found = lia.moments(vdf).compute()
    assert not found.density_valid.isel(time=1).any()
    assert found.velocity.isel(time=1).isnull().all()


def test_settings_that_are_not_public_are_told():
    told = " ".join(
        fact.text + fact.source for fact in lia.assumptions(lia.LIA)
    )
    for word in ("geometric factor", "dead time", "background", "steps"):
        assert word in told
    vdf = lia.distribution(plasma(), analyser=lia.in_mode("lo"))
    assert vdf.measured.dims == ("energy", "elevation")
    assert "simulated" in vdf.attrs["note"]
    assert VDF.check(vdf) is None


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"energy_range": (50.0, 5.0)}, "from a positive energy to a higher"),
        ({"energy_steps": 1}, "energy_steps must be 2 or more, got 1"),
        ({"elevation_step": 7.0}, "elevation_step must divide 90 deg, got 7"),
        ({"azimuth_step": -30.0}, "azimuth_step must divide 360 deg"),
        ({"geometric_factor": 0.0}, "geometric_factor must be positive"),
        ({"dead_time": -1e-6}, "dead_time must not be negative"),
    ],
)
def test_an_analyser_that_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        lia.IonAnalyser(**settings)


def test_a_mode_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="modes hi, mid, lo, got 'burst'"):
        lia.in_mode("burst")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"anisotropy": 0.0}, "anisotropy must be positive, got 0"),
        ({"alpha_fraction": -0.1}, "alpha_fraction must not be negative"),
        ({"ion_share": -1.0}, "ion_share must be positive, got -1"),
        ({"kappa": 1.0}, "kappa must be above 3/2, got 1"),
    ],
)
def test_settings_of_the_plasma_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        lia.distribution(plasma(), **settings)


def test_a_plasma_without_a_field_may_only_be_isotropic():
    bare = plasma().assign(magnetic_field=plasma().magnetic_field * 0.0)
    analyser = lia.in_mode("lo")
    assert lia.distribution(bare, analyser=analyser).vdf.max() > 0.0
    with pytest.raises(ValueError, match="field that is zero or not known"):
        lia.distribution(bare, analyser=analyser, anisotropy=2.0)


def test_a_plasma_that_lacks_something_is_refused():
    with pytest.raises(ValueError, match="this one lacks temperature"):
        lia.distribution(plasma().drop_vars("temperature"))
    turned = plasma()
    turned.velocity.attrs["frame"] = "GSE"
    with pytest.raises(ValueError, match="velocity must be in GSM, got GSE"):
        lia.distribution(turned)
    with pytest.raises(ValueError, match="got also x; sample a cube"):
        lia.distribution(plasma().expand_dims(x=2))


def test_what_knows_no_count_cannot_be_exposed():
    vdf = lia.distribution(plasma(), analyser=lia.in_mode("lo"))
    with pytest.raises(ValueError, match="no one_count to count with"):
        lia.expose(vdf.drop_vars("one_count"))


def test_a_split_that_is_not_known_is_refused():
    vdf = lia.distribution(plasma(), analyser=lia.in_mode("lo"))
    with pytest.raises(ValueError, match="auto, always or never, got 'yes'"):
        lia.moments(vdf, split="yes")
