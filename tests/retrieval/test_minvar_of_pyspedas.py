"""pyspedas as an authority; its import takes long, so it stands alone."""

from __future__ import annotations

import numpy as np
import pytest

from smile_explore.retrieval.crossings import minimum_variance
from tests.authority import quiet_pyspedas
from tests.retrieval.in_situ import noisy, rotational


@pytest.fixture(scope="module")
def minvar():
    return quiet_pyspedas().minvar


@pytest.mark.parametrize("seed", range(5))
def test_axes_and_variances_are_those_of_pyspedas(minvar, seed):
    _, field = noisy(*rotational(), seed, nano=3.0)
    ours = minimum_variance(field)
    _, vectors, values = minvar(field.magnetic_field.values)
    theirs = np.asarray(vectors).T  # rows: most, intermediate, least
    cosines = (ours.direction.values * theirs).sum(axis=1)
    np.testing.assert_allclose(abs(cosines), 1.0, atol=1e-12)
    ratio = np.asarray(values) / ours.variance.values
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-9)
