from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import mag, mag_offsets
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD

OFFSET = np.array([1.3, -0.9, 1.1])


def turning(count, rng, strength=5.0, step=0.04):
    """A field of constant length that wanders over the sphere."""
    vector = np.empty((count, 3))
    vector[0] = [strength, 0.0, 0.0]
    kicks = rng.normal(0.0, step * strength, (count, 3))
    for i in range(1, count):
        moved = vector[i - 1] + kicks[i]
        vector[i] = strength * moved / np.linalg.norm(moved)
    return vector


def series(vectors, spacing=4.0):
    start = np.datetime64("2014-09-12T00:00", "ns")
    steps = (np.arange(len(vectors)) * spacing * 1e9).astype("m8[ns]")
    return MAGNETIC_FIELD.stamp(
        xr.Dataset(
            {
                "magnetic_field": (
                    ("time", "component"),
                    vectors,
                    {"frame": "GSM"},
                )
            },
            coords={"time": start + steps, "component": list(COMPONENTS)},
        )
    )


def test_pure_rotations_give_the_offset_exactly():
    true = turning(9000, np.random.default_rng(1))
    found = mag_offsets.solar_wind_offset(series(true + OFFSET))
    np.testing.assert_allclose(found.offset, OFFSET, atol=1e-9)
    assert float(found.uncertainty.max()) < 1e-9
    assert 150 < int(found.windows) <= 200


def test_an_offset_that_mag_measured_with_is_found_within_its_error():
    true = series(turning(20_000, np.random.default_rng(2)))
    misses = []
    for seed in range(12):
        measured = mag.measure(true, rng=seed)
        found = mag_offsets.solar_wind_offset(measured)
        miss = found.offset - np.array(measured.attrs["offset"])
        misses.append((miss / found.uncertainty).values)
        assert float(abs(miss).max()) < 0.05
    # about as far off as it says it may be
    assert 0.3 < np.sqrt(np.mean(np.square(misses))) < 2.0


def test_compressions_are_left_out():
    rng = np.random.default_rng(3)
    true = turning(20_000, rng)
    squeezed = true.copy()
    # every other three minutes the length swings by half
    phase = np.arange(20_000) * 4.0
    swing = 1.0 + 0.5 * np.sin(2.0 * np.pi * phase / 90.0)
    loud = (phase // 180.0) % 2 == 1
    squeezed[loud] *= swing[loud, None]
    found = mag_offsets.solar_wind_offset(series(squeezed + OFFSET))
    np.testing.assert_allclose(found.offset, OFFSET, atol=0.02)
    assert int(found.windows) <= 225
    all_in = mag_offsets.solar_wind_offset(
        series(squeezed + OFFSET), compression=1e3
    )
    assert float(abs(all_in.offset - OFFSET).max()) > 0.1


def test_gaps_do_not_matter():
    true = turning(9000, np.random.default_rng(4)) + OFFSET
    true[1000:1300] = np.nan
    found = mag_offsets.solar_wind_offset(series(true))
    np.testing.assert_allclose(found.offset, OFFSET, atol=1e-9)


def test_a_field_that_does_not_turn_is_refused():
    still = np.tile([5.0, 0.0, 0.0], (5000, 1))
    with pytest.raises(ValueError, match="only 0 of 0 intervals"):
        mag_offsets.solar_wind_offset(series(still))
    with pytest.raises(ValueError, match="needs a series along time"):
        mag_offsets.solar_wind_offset(series(still).isel(time=0))
    with pytest.raises(ValueError, match="window must be positive, got 0"):
        mag_offsets.solar_wind_offset(series(still), window=0.0)


def test_a_series_of_nothing_is_refused():
    with pytest.raises(ValueError, match="only 0 of 0 intervals"):
        mag_offsets.solar_wind_offset(series(np.full((100, 3), np.nan)))
