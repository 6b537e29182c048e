from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics.exosphere import DENSITY_AT_10, cravens_hydrogen


def test_density_falls_with_the_cube_of_distance():
    assert cravens_hydrogen(10.0) == 25.0
    assert cravens_hydrogen(5.0) == pytest.approx(200.0)
    assert cravens_hydrogen(20.0) == pytest.approx(25.0 / 8.0)


@pytest.mark.parametrize(("paper", "density"), DENSITY_AT_10.items())
def test_values_by_paper_stand_at_ten_radii(paper, density):
    assert cravens_hydrogen(10.0, density_at_10=density) == density
    assert 25.0 <= density <= 58.0


def test_there_is_no_exosphere_inside_earth():
    assert np.isnan(cravens_hydrogen([0.0, 0.99, -3.0, np.nan])).all()
    assert cravens_hydrogen(1.0) == pytest.approx(25_000.0)


@pytest.mark.parametrize("density", [-1.0, np.nan, np.inf])
def test_a_density_that_cannot_be_is_refused(density):
    with pytest.raises(ValueError, match="density_at_10 must be zero or abo"):
        cravens_hydrogen(10.0, density_at_10=density)


def test_numbers_arrays_and_labelled_arrays_agree():
    radius = np.array([0.5, 2.0, 8.0])
    expected = [cravens_hydrogen(r) for r in radius]
    np.testing.assert_allclose(cravens_hydrogen(radius), expected)
    labelled = xr.DataArray(radius, dims="x", attrs={"units": "R_E"})
    for array in (labelled, labelled.chunk(x=1)):
        seen = cravens_hydrogen(array)
        assert seen.chunks == array.chunks
        np.testing.assert_allclose(seen, expected)
        assert seen.attrs["units"] == "cm-3"
