import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import aurora
from smile_explore.schema import AURORA

MODEL_KP = [0.75, 2.25, 3.75, 5.25, 7.0, 9.0]
MLAT, MLT = aurora.grid()


def at(kp, mlat, mlt):
    seen = aurora.zhang_paxton(kp, [mlat], [mlt]).squeeze()
    return float(seen["energy_flux"]), float(seen["mean_energy"])


@pytest.mark.parametrize("kp", MODEL_KP)
def test_the_flux_adds_up_to_the_power_of_the_paper(kp):
    modelled = aurora.power(aurora.zhang_paxton(kp, MLAT, MLT))
    assert modelled == pytest.approx(
        float(aurora.zhang_paxton_power(kp)), rel=0.06
    )


def test_the_power_of_the_paper_has_its_printed_values():
    found = aurora.zhang_paxton_power([1.0, 3.0, 5.0, 6.5])
    np.testing.assert_allclose(found, [13.1, 35.8, 69.4, 120.0], rtol=5e-3)


def test_flux_and_energy_are_the_formula_at_midnight():
    # at 0 MLT each coefficient is the sum of its constant and its cosines
    a = 9.5988037 + 5.1430543 - 1.7371661 - 0.2230598 + 0.0422935
    a += -0.0122696 + 0.008051
    b = 21.479304 + 6.607545 - 1.2566572 + 0.3451542 - 0.05647
    b += -0.1576626 + 0.2253359
    c = 3.1926672 + 1.2270596 - 0.005454 + 0.1229414 + 0.0573293
    c += -0.0562889 + 0.095604
    d = 1.9755171 - 0.3518031 - 0.0143734 - 0.0291659 - 0.0337693
    d += 0.0388444 + 0.0575712
    x = 90.0 - 65.0
    expected = a * np.exp((x - b) / c) / (1 + np.exp((x - b) / d)) ** 2
    assert at(3.75, 65.0, 0.0)[0] == pytest.approx(expected)


def test_flux_is_linear_in_power_and_energy_in_kp_between_the_models():
    low, high = at(3.75, 66.0, 22.0), at(5.25, 66.0, 22.0)
    power = aurora.zhang_paxton_power([3.75, 4.5, 5.25])
    share = (power[1] - power[0]) / (power[2] - power[0])
    flux, energy = at(4.5, 66.0, 22.0)
    assert flux == pytest.approx(low[0] + share * (high[0] - low[0]))
    assert energy == pytest.approx(0.5 * (low[1] + high[1]))


def test_the_oval_is_at_midnight_brighter_and_nearer_than_at_noon():
    quiet = aurora.zhang_paxton(3.0, MLAT, MLT)["energy_flux"]
    peak = quiet.idxmax("mlat")
    assert 65 < float(peak.sel(mlt=0, method="nearest")) < 70
    assert float(peak.sel(mlt=12, method="nearest")) > 73
    assert (
        quiet.sel(mlt=0, method="nearest").max()
        > 2 * quiet.sel(mlt=12, method="nearest").max()
    )


def test_a_series_of_kp_gives_a_series_of_auroras():
    time = np.datetime64("2012-06-16", "ns") + np.arange(3)
    kp = xr.DataArray([0.0, 4.5, np.nan], {"time": time}, "time")
    series = aurora.zhang_paxton(kp, MLAT, MLT)
    AURORA.check(series)
    assert series["radiance"].dims == ("time", "mlat", "mlt")
    alone = aurora.zhang_paxton(4.5, MLAT, MLT)
    np.testing.assert_allclose(series["radiance"][1], alone["radiance"])
    assert (series["energy_flux"][0] >= 0.0).all()
    assert series["energy_flux"][2].isnull().all()


def test_a_list_an_array_and_a_lazy_series_of_kp_agree():
    kp = xr.DataArray([1.0, 4.5], dims="time")
    labelled = aurora.zhang_paxton(kp, MLAT, MLT)["radiance"]
    lazy = aurora.zhang_paxton(kp.chunk(time=1), MLAT, MLT)["radiance"]
    bare = aurora.zhang_paxton(kp.values, MLAT, MLT)["radiance"]
    np.testing.assert_array_equal(labelled, lazy)
    np.testing.assert_array_equal(labelled, bare)


def test_an_aurora_of_another_model_gets_its_light():
    electrons = xr.Dataset(
        {
            "energy_flux": (("mlat", "mlt"), [[2.0]]),
            "mean_energy": (("mlat", "mlt"), [[4.0]]),
        },
        {"mlat": [70.0], "mlt": [0.0]},
    )
    lit = aurora.from_precipitation(electrons, scale=1.0, model="mine")
    assert lit["radiance"].item() == pytest.approx(2 * 264, rel=0.015)
    assert lit.attrs["model"] == "mine"
    with pytest.raises(ValueError, match="electrons lack mean_energy"):
        aurora.from_precipitation(electrons.drop_vars("mean_energy"))


def test_the_model_ends_at_forty_degrees():
    flux = aurora.zhang_paxton(5.0, [39.0, 41.0], [0.0])["energy_flux"]
    np.testing.assert_array_equal(flux.isnull().values.ravel(), [True, False])


def test_the_cells_of_a_grid_fill_the_cap():
    mlat, mlt = aurora.grid(step_mlat=0.7, step_mlt=0.5, lowest=50.0)
    assert mlat[0] - (mlat[1] - mlat[0]) / 2 == pytest.approx(50.0)
    assert mlat[-1] + (mlat[1] - mlat[0]) / 2 == pytest.approx(90.0)
    assert mlt.size == 48


@pytest.mark.parametrize("kp", [-0.1, 9.1, 63.0])
def test_a_kp_outside_its_scale_is_refused(kp):
    with pytest.raises(ValueError, match=f"Kp must be within 0-9, got {kp:g}"):
        aurora.zhang_paxton([1.0, kp][1], MLAT, MLT)
    with pytest.raises(ValueError, match="Kp must be within 0-9"):
        aurora.zhang_paxton_power([1.0, kp])


def test_grids_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="step_mlat must be positive"):
        aurora.grid(step_mlat=0.0)
    with pytest.raises(ValueError, match="lowest latitude .* got 95"):
        aurora.grid(lowest=95.0)
    with pytest.raises(ValueError, match="power needs energy_flux"):
        aurora.power(aurora.zhang_paxton(3, MLAT, MLT)[["radiance"]])
    with pytest.raises(ValueError, match="at least two cells along mlat"):
        aurora.power(aurora.zhang_paxton(3.0, [70.0], MLT))
    with pytest.raises(ValueError, match="axis mlat must increase"):
        aurora.zhang_paxton(3.0, [70.0, 60.0], MLT)
