from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import ion_emission as ions


def test_lines_stand_at_their_published_energies():
    lines = ions.line_table().swap_dims(photon_energy="line")
    energy = lines["photon_energy"]
    assert energy.sel(line="O VII f") == 0.5609
    assert energy.sel(line="O VIII 2p") == 0.6531
    assert energy.sel(line="C VI 2p") == 0.3676
    assert (np.diff(energy) > 0).all()
    assert {"C5+", "C6+", "N7+", "O7+", "O8+", "Ne8+"} == set(
        lines["ion"].values
    )


def test_oxygen_lines_are_the_published_cross_sections():
    slow, fast = (
        ions.line_table(wind).swap_dims(photon_energy="line")
        for wind in (ions.SLOW, ions.FAST)
    )
    assert slow["production"].sel(line="O VII f") == pytest.approx(
        1.48e-5 * 34e-16
    )
    assert fast["production"].sel(line="O VII r") == pytest.approx(
        6.69e-6 * 11e-16
    )
    # forbidden, intercombination and resonance line as elsewhere
    triplet = slow["share"].sel(line=["O VII f", "O VII i", "O VII r"])
    np.testing.assert_allclose(
        triplet / triplet.sum(), [2 / 3, 1 / 6, 1 / 6], atol=0.05
    )


def test_other_ions_shine_as_measured_at_mars():
    lines = ions.line_table().swap_dims(photon_energy="line")["share"]
    carbon = lines.sel(line="C VI 2p") / lines.sel(line="C VI 5p")
    assert carbon == pytest.approx(9.1 / 5.5)
    # C VI alone against the measured lines of O7+, 0.966 of all of O7+
    whole = ions.line_table()["share"].groupby("ion").sum()
    ratio = whole.sel(ion="C6+") / whole.sel(ion="O7+")
    assert ratio == pytest.approx(27.8 / 15.1 * 56.3 / 58.45, rel=1e-3)


def test_efficiency_is_of_the_size_that_others_use():
    # With the little O7+ of one source and the much of another, around the
    # 6e-16 and 1e-15 eV cm2 of `charge_exchange.EFFICIENCY`
    little = ions.efficiency()
    much = ions.efficiency(
        dataclasses.replace(ions.SLOW, oxygen=ions.OXYGEN["latep"])
    )
    assert little < 6e-16 < 1e-15 < much
    assert much / little == pytest.approx(1.1236e-4 / 1.48e-5)


def test_fast_wind_shines_less_per_proton():
    assert ions.composition(400.0) is ions.SLOW
    assert ions.composition(500.0) is ions.SLOW
    assert ions.composition(650.0) is ions.FAST
    ratio = ions.efficiency(ions.FAST) / ions.efficiency()
    assert ratio == pytest.approx(6.69e-6 * 56.0 / (1.48e-5 * 58.45), rel=0.01)


@pytest.mark.parametrize("wind", [ions.SLOW, ions.FAST])
def test_photons_times_energy_are_the_intensity(wind):
    image = xr.DataArray(
        np.random.default_rng(1).uniform(0, 40, (3, 4)),
        dims=("fov_lat", "fov_lon"),
        attrs={"units": "keV cm-2 s-1 sr-1"},
    )
    photons = ions.spectrum(image, wind)
    assert photons.dims == ("fov_lat", "fov_lon", "photon_energy")
    energy = (photons * photons["photon_energy"]).sum("photon_energy")
    np.testing.assert_allclose(energy, image, rtol=1e-12)
    one = ions.spectrum(float(image[0, 0]), wind)
    np.testing.assert_allclose(one, photons[0, 0])
    lazy = ions.spectrum(image.chunk(fov_lat=1), wind)
    assert lazy.chunks is not None
    np.testing.assert_array_equal(lazy, photons)


def test_ones_own_composition_changes_the_spectrum():
    bare = dataclasses.replace(ions.SLOW, relative={"O8+": 2.0})
    lines = ions.line_table(bare)
    assert set(lines["ion"].values) == {"O7+", "O8+"}
    share = lines["share"].groupby("ion").sum()
    assert share.sel(ion="O8+") == pytest.approx(2 / 3)


def test_compositions_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="oxygen must be O7"):
        dataclasses.replace(ions.SLOW, oxygen=0.0)
    with pytest.raises(ValueError, match=r"ions without lines: Fe17\+"):
        dataclasses.replace(ions.SLOW, relative={"Fe17+": 1.0})
    with pytest.raises(ValueError, match="relative must not be negative"):
        dataclasses.replace(ions.SLOW, relative={"O8+": -1.0})
    with pytest.raises(ValueError, match="speed must be positive, got -4"):
        ions.composition(-4.0)
    with pytest.raises(ValueError, match="must be in keV cm-2 s-1 sr-1"):
        ions.spectrum(xr.DataArray(1.0, attrs={"units": "erg"}))


def test_a_wind_that_changes_speed_changes_its_light():
    speed = xr.DataArray(
        [400.0, 600.0, 450.0],
        dims="time",
        coords={"time": np.arange(3).astype("datetime64[ns]")},
    )
    light = ions.by_speed(speed)
    assert light["composition"].values.tolist() == ["slow", "fast", "slow"]
    for n, wind in enumerate([ions.SLOW, ions.FAST, ions.SLOW]):
        assert light["efficiency"][n] == ions.efficiency(wind)
        np.testing.assert_allclose(
            light["spectrum"][n], ions.line_table(wind)["share"], rtol=1e-12
        )


def test_winds_of_other_ions_share_one_list_of_lines():
    bare = dataclasses.replace(ions.SLOW, name="bare", relative={"O8+": 0.5})
    speed = xr.DataArray([400.0, 600.0], dims="time")
    light = ions.by_speed(
        speed, wind=lambda v: bare if v > 500.0 else ions.SLOW
    )
    assert light["composition"].values.tolist() == ["slow", "bare"]
    assert light["spectrum"].sel(photon_energy=0.3785).values[1] == 0.0
    np.testing.assert_allclose(light["spectrum"].sum("photon_energy"), 1.0)


def test_a_speed_that_is_no_series_is_refused():
    with pytest.raises(ValueError, match="must be a series along time"):
        ions.by_speed(xr.DataArray([400.0], dims="place"))
    with pytest.raises(ValueError, match="speed must be positive, got nan"):
        ions.by_speed(xr.DataArray([np.nan], dims="time"))
