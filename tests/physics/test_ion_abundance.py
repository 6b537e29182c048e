from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments.response import fold, tables
from smile_explore.physics import ion_abundance
from smile_explore.physics import ion_emission as ions

ALL = ["C6+", "C5+", "N7+", "O7+", "O8+", "Ne8+"]
EDGES = np.array([0.2, 0.34, 0.41, 0.48, 0.53, 0.6, 0.68, 0.8, 0.86, 1.0])


def blurred_matrix(exposure=1.0, width=0.06):
    """Counts by band of lines that a detector blurs to 60 eV FWHM or so."""
    from scipy.special import ndtr

    spectra = ions.ion_spectra()
    energy = spectra["photon_energy"].values
    sigma = width / 2.355
    below = ndtr((EDGES[:, None] - energy) / sigma)
    response = xr.DataArray(
        np.diff(below, axis=0),
        {"photon_energy": energy},
        dims=("band", "photon_energy"),
    )
    return exposure * (response * spectra).sum("photon_energy")


def amounts(wind=ions.SLOW):
    lines = ions.line_table(wind)
    return lines["share"].groupby("ion").sum().reindex(ion=ALL, fill_value=0)


def test_a_spectrum_without_noise_returns_its_composition():
    matrix = blurred_matrix(1e5)
    truth = amounts()
    counts = (matrix * truth).sum("ion")
    found = ion_abundance.estimate(counts + 30.0, matrix, background=30.0)
    assert found["converged"]
    xr.testing.assert_allclose(found["amount"], truth, rtol=1e-6)
    xr.testing.assert_allclose(
        found["ratio"], truth / truth.sel(ion="O7+", drop=True), rtol=1e-6
    )
    assert float(found["deviance"]) < 1e-6
    assert found["ratio_uncertainty"].sel(ion="O7+") == pytest.approx(0.0)


def test_estimates_scatter_as_their_uncertainty_says():
    matrix, truth = blurred_matrix(3e4), amounts()
    mean = (matrix * truth).sum("ion") + 200.0
    rng = np.random.default_rng(5)
    counts = xr.DataArray(
        rng.poisson(mean.values, (400, mean.size)), dims=("time", "band")
    )
    found = ion_abundance.estimate(counts, matrix, background=200.0)
    assert found["converged"].all()
    for value, width in (
        ("amount", "uncertainty"),
        ("ratio", "ratio_uncertainty"),
    ):
        expected = (
            truth
            if value == "amount"
            else truth / truth.sel(ion="O7+", drop=True)
        )
        pull = (found[value] - expected) / found[width]
        for ion in ("C6+", "N7+", "O8+", "Ne8+"):
            own = pull.sel(ion=ion)
            assert abs(float(own.mean())) < 0.2, (value, ion)
            assert 0.85 < float(own.std()) < 1.15, (value, ion)
    assert float(found["deviance"].mean()) == pytest.approx(
        EDGES.size - 1 - truth.size, abs=0.6
    )


def test_five_minutes_of_sxi_tell_the_oxygen_ions_apart():
    matrix = fold.channel_counts(ions.ion_spectra(), tables.assumed())
    matrix = matrix.rename(channel="band").drop_vars("channel_energy")
    # 20 keV cm-2 s-1 sr-1 over 16 x 27 deg
    photons = ions.spectrum(20.0).groupby("ion").sum()
    photons = photons.reindex(ion=matrix["ion"])
    mean = matrix @ photons * np.radians(16.0) * np.radians(27.0) * 300.0
    rng = np.random.default_rng(3)
    counts = mean.copy(data=rng.poisson(mean))
    oxygen = ion_abundance.estimate(counts, matrix).sel(ion="O8+")
    assert float(oxygen["ratio_uncertainty"]) < 0.05
    assert oxygen["ratio"] == pytest.approx(
        ions.SLOW.relative["O8+"], abs=3 * float(oxygen["ratio_uncertainty"])
    )


def test_an_ion_that_is_not_there_is_found_to_be_none():
    matrix = blurred_matrix(1e4)
    truth = amounts() * (amounts()["ion"] != "Ne8+")
    found = ion_abundance.estimate((matrix * truth).sum("ion"), matrix)
    assert found["amount"].sel(ion="Ne8+") == pytest.approx(0.0, abs=1e-6)
    assert (found["amount"] >= 0.0).all()


def test_a_time_series_shows_the_change_of_composition():
    matrix = blurred_matrix(1e5)
    winds = [ions.SLOW, dataclasses.replace(ions.SLOW, relative={"O8+": 0.1})]
    truth = xr.concat([amounts(wind) for wind in winds], "time")
    counts = (matrix * truth).sum("ion").transpose("time", "band")
    found = ion_abundance.estimate(counts, matrix)
    assert found["amount"].dims == ("time", "ion")
    np.testing.assert_allclose(
        found["ratio"].sel(ion="O8+"), [ions.SLOW.relative["O8+"], 0.1], 1e-4
    )


def test_no_reference_gives_no_ratios():
    matrix = blurred_matrix(1e4)
    found = ion_abundance.estimate(
        (matrix * amounts()).sum("ion"), matrix, reference=None
    )
    assert "ratio" not in found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"counts": -1.0}, "9 are negative or NaN"),
        ({"counts": np.nan}, "9 are negative or NaN"),
        ({"matrix": np.nan}, "matrix must be finite"),
        ({"background": -1.0}, "background must be zero or more"),
        ({"reference": "Fe17+"}, "reference must be one of"),
    ],
)
def test_counts_that_cannot_be_are_refused(change, message):
    matrix = blurred_matrix()
    counts = xr.DataArray(np.ones(9), dims="band")
    settings = {}
    if "counts" in change:
        counts = counts * change["counts"]
    elif "matrix" in change:
        matrix = matrix * change["matrix"]
    else:
        settings = change
    with pytest.raises(ValueError, match=message):
        ion_abundance.estimate(counts, matrix, **settings)


def test_bands_that_cannot_tell_ions_apart_are_refused():
    matrix = blurred_matrix().isel(band=slice(4))
    with pytest.raises(ValueError, match="4 bands cannot tell 6 ions apart"):
        ion_abundance.estimate(xr.DataArray(np.ones(4), dims="band"), matrix)
    with pytest.raises(ValueError, match="must have the dimension band"):
        ion_abundance.estimate(xr.DataArray(np.ones(4), dims="x"), matrix)
