from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.retrieval.crossings import minimum_variance
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD
from tests.retrieval.in_situ import axes_of, magnetopause, noisy, rotational

NORMAL = np.array([0.8, 0.2, 0.4]) / np.linalg.norm([0.8, 0.2, 0.4])


def field_of(vectors):
    return MAGNETIC_FIELD.stamp(
        xr.Dataset(
            {"magnetic_field": (("time", "component"), vectors)},
            coords={"component": list(COMPONENTS)},
        )
    )


def test_a_rotation_gives_its_normal_and_the_field_along_it():
    _, field = rotational(NORMAL, along=8.0)
    axes = minimum_variance(field)
    np.testing.assert_allclose(axes.direction.sel(axis="N"), NORMAL, atol=1e-7)
    assert float(axes.mean_field.sel(axis="N")) == pytest.approx(8.0)
    np.testing.assert_allclose(np.linalg.det(axes.direction), 1.0, atol=1e-12)
    assert float(axes.direction.sel(axis="L", component="z")) > 0.0


def test_variances_are_those_of_the_components():
    vectors = np.random.default_rng(1).normal(0.0, [3.0, 9.0, 5.0], (500, 3))
    axes = minimum_variance(field_of(vectors), outward=(1.0, 0.0, 0.0))
    seen = vectors @ axes.direction.values.T
    np.testing.assert_allclose(seen.var(axis=0), axes.variance, rtol=1e-12)
    assert (np.diff(axes.variance) < 0.0).all()
    covariance = np.cov(seen.T, bias=True)
    np.testing.assert_allclose(covariance, np.diag(axes.variance), atol=1e-9)


def test_the_normal_points_where_it_is_to():
    _, field = rotational(NORMAL)
    out = minimum_variance(field, outward=NORMAL)
    back = minimum_variance(field, outward=-NORMAL)
    np.testing.assert_allclose(
        out.direction.sel(axis="N"), -back.direction.sel(axis="N")
    )


def test_the_uncertainty_is_the_scatter_of_many_noisy_layers():
    axes = axes_of(NORMAL)
    clean = rotational(NORMAL)[1].isel(time=slice(250, 351))
    rng = np.random.default_rng(2)
    turns, said, along = [], [], []
    for _ in range(400):
        vectors = clean.magnetic_field.values + rng.normal(0, 2.0, (101, 3))
        found = minimum_variance(field_of(vectors))
        normal = found.direction.sel(axis="N").values
        turns.append(np.degrees([normal @ axes[0], normal @ axes[1]]))
        said.append(found.uncertainty.values[:2])
        along.append(
            [
                float(found.mean_field.sel(axis="N")) - 8.0,
                float(found.normal_field_uncertainty),
            ]
        )
    # L and M of the layer are not those of the variance: compare the most.
    scatter = np.std(turns, axis=0)
    mean = np.mean(said, axis=0)
    np.testing.assert_allclose(np.sort(scatter), np.sort(mean), rtol=0.15)
    error, claimed = np.array(along).T
    assert np.std(error) == pytest.approx(np.mean(claimed), rel=0.15)


def test_a_constant_offset_does_not_turn_the_normal():
    _, field = rotational(NORMAL)
    field = noisy(*rotational(NORMAL), 3)[1]
    offset = xr.DataArray([1.5, -1.0, 0.8], dims="component")
    plain = minimum_variance(field)
    moved = minimum_variance(
        field.assign(magnetic_field=field.magnetic_field + offset)
    )
    xr.testing.assert_allclose(plain.direction, moved.direction)
    change = moved.mean_field - plain.mean_field
    np.testing.assert_allclose(change, plain.direction @ offset, atol=1e-9)


def test_a_field_that_changes_along_one_line_needs_the_mean_field():
    normal = np.array([0.9, 0.3, 0.3]) / np.linalg.norm([0.9, 0.3, 0.3])
    axes = axes_of(normal)
    lmn = np.zeros((200, 3))
    lmn[:, 0] = np.linspace(-30.0, 30.0, 200)
    lmn[:, 1] = 15.0
    field = field_of(
        lmn @ axes + np.random.default_rng(4).normal(0, 0.3, (200, 3))
    )
    free = minimum_variance(field, outward=normal)
    assert float(free.variance[1] / free.variance[2]) < 1.5
    bound = minimum_variance(field, outward=normal, tangential=True)
    found = bound.direction.sel(axis="N").values
    assert np.degrees(np.arccos(found @ normal)) < 1.0
    assert float(bound.mean_field.sel(axis="N")) == pytest.approx(
        0.0, abs=1e-9
    )
    assert 0.0 < float(bound.uncertainty.sel(axis="L")) < 0.5


def test_gaps_are_left_out():
    _, field = magnetopause()
    holed = field.where(field.time != field.time[300])
    holed.magnetic_field.attrs = field.magnetic_field.attrs
    assert int(minimum_variance(holed).samples) == field.sizes["time"] - 1


def test_without_noise_and_second_change_the_normal_is_not_known():
    vectors = np.zeros((50, 3))
    vectors[:, 0] = np.linspace(-5.0, 5.0, 50)
    found = minimum_variance(field_of(vectors))
    assert float(found.uncertainty.sel(axis="M")) == pytest.approx(90.0)


def test_bad_input_is_refused():
    flat = field_of(np.tile([5.0, 0.0, 0.0], (50, 1)))
    with pytest.raises(ValueError, match="field does not change"):
        minimum_variance(flat)
    with pytest.raises(ValueError, match="at least 4 samples .* got 3"):
        minimum_variance(flat.isel(time=slice(3)))
    swing = field_of(np.outer(np.tile([-1.0, 1.0], 20), [1.0, 2.0, 3.0]))
    with pytest.raises(ValueError, match="mean field is zero"):
        minimum_variance(swing, tangential=True)
