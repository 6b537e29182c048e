from __future__ import annotations

import dataclasses
import warnings

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import mag
from smile_explore.instruments.mag import MAG, Magnetometer
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD

QUIET = dataclasses.replace(MAG, noise=0.0, resolution=0.0)
NOTHING = (0.0, 0.0, 0.0)


def series(vectors, spacing=1.0, frame="GSM"):
    vectors = np.asarray(vectors, float)
    start = np.datetime64("2012-06-16T22:00", "ns")
    steps = np.arange(len(vectors)) * spacing * 1e9
    return MAGNETIC_FIELD.stamp(
        xr.Dataset(
            {
                "magnetic_field": (
                    ("time", "component"),
                    vectors,
                    {"frame": frame},
                )
            },
            coords={
                "time": start + steps.astype("m8[ns]"),
                "component": list(COMPONENTS),
            },
        )
    )


def constant(vector, count, **options):
    return series(np.tile(vector, (count, 1)), **options)


def test_without_errors_the_field_is_what_it_was():
    true = series(np.random.default_rng(1).normal(0.0, 50.0, (40, 3)))
    measured = mag.measure(true, magnetometer=QUIET, offset=NOTHING, rng=1)
    np.testing.assert_allclose(
        measured.magnetic_field, true.magnetic_field, atol=1e-12
    )
    assert measured.magnetic_field.attrs["frame"] == "GSM"
    assert not measured.saturated.any()


def test_a_dipole_of_the_spacecraft_is_cleaned_off_whatever_it_does():
    true = series(np.random.default_rng(2).normal(0.0, 50.0, (60, 3)))
    own = 30.0 * xr.DataArray(
        np.random.default_rng(3).normal(size=(60, 3)),
        true.coords,
        ("time", "component"),
    )
    seen = mag.heads(
        true, magnetometer=QUIET, offset=NOTHING, spacecraft_field=own, rng=1
    )
    apart = abs(seen.magnetic_field - true.magnetic_field)
    assert float(apart.sel(head="outer").max()) > 30.0
    # cubed distances, 3 m and 2.2 m
    inner = seen.magnetic_field.sel(head="inner") - true.magnetic_field
    np.testing.assert_allclose(inner, own * (3.0 / 2.2) ** 3, rtol=1e-9)
    cleaned = mag.clean(seen, magnetometer=QUIET)
    np.testing.assert_allclose(
        cleaned.magnetic_field, true.magnetic_field, atol=1e-11
    )


def test_cleaning_multiplies_the_noise_as_the_formula_says():
    loud = dataclasses.replace(MAG, noise=1.0, resolution=0.0, rate=100.0)
    true = constant([5.0, -3.0, 20.0], 40_000, spacing=0.01)
    measured = mag.measure(true, magnetometer=loud, offset=NOTHING, rng=4)
    spread = (measured.magnetic_field - true.magnetic_field).std("time")
    # 1 nT Hz-1/2 over 50 Hz; a = (2.2 / 3)^3 by hand: 0.39437
    expected = np.sqrt(50.0) * np.hypot(1.0, 0.39437) / (1.0 - 0.39437)
    assert expected / np.sqrt(50.0) == pytest.approx(1.775, abs=1e-3)
    np.testing.assert_allclose(spread, expected, rtol=0.02)


def test_a_slow_series_has_the_noise_of_means():
    loud = dataclasses.replace(MAG, noise=1.0, resolution=0.0)
    assert mag.heads(
        constant(NOTHING, 9, spacing=2.0), magnetometer=loud, rng=1
    ).attrs["noise"] == pytest.approx(0.5)
    alone = constant(NOTHING, 9).isel(time=0)
    assert mag.heads(alone, magnetometer=loud, rng=1).attrs[
        "noise"
    ] == pytest.approx(np.sqrt(8.0))


def test_readings_are_multiples_of_the_resolution():
    true = series(np.random.default_rng(5).normal(0.0, 50.0, (50, 3)))
    steps = mag.heads(true, rng=1).magnetic_field / MAG.resolution
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)


@pytest.mark.parametrize("component", range(3))
@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_beyond_the_range_a_head_reads_its_end_and_says_so(component, sign):
    vectors = np.zeros((3, 3))
    vectors[1, component] = sign * 12_900.0
    vectors[2, component] = sign * 12_700.0
    true = series(vectors)
    seen = mag.heads(true, offset=NOTHING, rng=1)
    assert (
        seen.saturated.transpose("head", ...).values.tolist()
        == [[False, True, False]] * 2
    )
    np.testing.assert_array_equal(
        seen.magnetic_field.isel(time=1, component=component), sign * 12_800.0
    )
    measured = mag.clean(seen)
    assert measured.saturated.values.tolist() == [False, True, False]
    assert measured.magnetic_field.isnull().all("component").values.tolist()[1]
    assert measured.direction_uncertainty.isnull().values.tolist() == [
        False,
        True,
        False,
    ]


def test_the_spacecraft_alone_can_saturate_the_inner_head():
    seen = mag.heads(
        constant([12_000.0, 0.0, 0.0], 2),
        offset=NOTHING,
        spacecraft_field=(500.0, 0.0, 0.0),
        rng=1,
    )
    assert seen.saturated.sel(head="inner").all()
    assert not seen.saturated.sel(head="outer").any()
    assert mag.clean(seen).saturated.all()


def test_the_drawn_offset_lies_in_the_ball_and_is_what_is_wrong():
    true = constant([5.0, 0.0, 0.0], 3)
    lengths = []
    for seed in range(100):
        measured = mag.measure(true, magnetometer=QUIET, rng=seed)
        wrong = (measured.magnetic_field - true.magnetic_field)[0].values
        np.testing.assert_allclose(wrong, measured.attrs["offset"], atol=1e-12)
        lengths.append(np.linalg.norm(wrong))
    assert max(lengths) <= 2.0
    # mean distance from the middle of a ball is 3/4 of its radius
    assert np.mean(lengths) == pytest.approx(1.5, abs=0.12)


def test_offsets_of_the_heads_are_mixed_as_the_field_is():
    true = constant([5.0, 0.0, 0.0], 3)
    own = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
    measured = mag.measure(true, magnetometer=QUIET, offset=own, rng=1)
    wrong = (measured.magnetic_field - true.magnetic_field)[0].values
    a = MAG.ratio
    np.testing.assert_allclose(
        wrong, [-a / (1 - a), 1 / (1 - a), 0.0], atol=1e-12
    )
    np.testing.assert_allclose(measured.attrs["offset"], wrong)


def test_the_same_seed_gives_the_same_and_a_generator_something_new():
    true = constant([5.0, 0.0, 0.0], 30)
    first, again = (mag.measure(true, rng=7) for _ in range(2))
    xr.testing.assert_identical(first, again)
    rng = np.random.default_rng(7)
    one, two = (mag.measure(true, rng=rng) for _ in range(2))
    assert not one.magnetic_field.equals(two.magnetic_field)


@pytest.mark.parametrize(
    ("strength", "degrees"),
    [(5.0, 23.578), (28.0, 4.096), (2.0, 180.0), (1.0, 180.0), (0.0, 180.0)],
)
def test_two_nanotesla_open_a_cone_around_the_direction(strength, degrees):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        cone = mag.direction_uncertainty(constant([0.0, strength, 0.0], 2))
    np.testing.assert_allclose(cone, degrees, atol=1e-3)


def test_no_error_shorter_than_the_accuracy_leaves_the_cone():
    true = constant([3.0, -2.0, 4.0], 2)
    cone = float(mag.direction_uncertainty(true)[0])
    vector = true.magnetic_field[0].values
    rng = np.random.default_rng(0)
    errors = rng.normal(size=(5000, 3))
    errors *= 2.0 / np.linalg.norm(errors, axis=1, keepdims=True)
    other = vector + errors
    cosine = other @ vector / np.linalg.norm(other, axis=1)
    angles = np.degrees(np.arccos(cosine / np.linalg.norm(vector)))
    assert angles.max() <= cone
    assert angles.max() > 0.99 * cone


def test_numpy_and_dask_agree_and_gaps_stay():
    vectors = np.random.default_rng(6).normal(0.0, 20.0, (30, 3))
    vectors[4] = np.nan
    true = series(vectors)
    plain = mag.measure(true, rng=1)
    lazy = mag.measure(true.chunk(time=7), rng=1)
    assert lazy.magnetic_field.chunks is not None
    xr.testing.assert_allclose(plain, lazy.compute())
    gap = plain.magnetic_field.isnull().all("component").values
    assert np.flatnonzero(gap).tolist() == [4]
    assert not plain.saturated[4]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"boom": -1.0}, "boom must be positive, got -1"),
        ({"separation": 3.0}, "must be on the boom, got a separation of 3 m"),
        ({"noise": -0.1}, "noise must not be negative, got -0.1"),
        ({"full_scale": np.nan}, "full_scale must be positive, got nan"),
    ],
)
def test_a_magnetometer_that_cannot_be_built_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        Magnetometer("none", **change)


def test_bad_input_is_refused():
    true = constant([5.0, 0.0, 0.0], 3)
    with pytest.raises(ValueError, match="three components, or a row"):
        mag.measure(true, offset=[1.0])
    with pytest.raises(ValueError, match="spacecraft_field must have"):
        mag.measure(true, spacecraft_field=[1.0, 2.0])
    with pytest.raises(ValueError, match="readings of both heads along"):
        mag.clean(true)
    tesla = true.magnetic_field.assign_attrs(units="T")
    with pytest.raises(ValueError, match="must be in nT, got T"):
        mag.measure(true.assign(magnetic_field=tesla))
    with pytest.raises(ValueError, match="times of the field must increase"):
        mag.measure(true.isel(time=slice(None, None, -1)))
    with pytest.raises(ValueError, match="must not be negative, got -2 nT"):
        mag.direction_uncertainty(true, accuracy=-2.0)
