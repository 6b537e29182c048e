import numpy as np
import pytest

from smile_explore.data import solar_wind
from smile_explore.events import kept_wind
from tests.events.winds import shocked

START = np.datetime64("2015-03-17T00:00", "ns")
STOP = np.datetime64("2015-03-17T06:00", "ns")


def kept(wind, **options):
    return kept_wind.by_minute(wind, START, STOP, **options)


def test_a_wind_of_every_minute_is_kept_as_it_is():
    wind = shocked().sel(time=slice(START, STOP))
    same = kept(wind)
    assert not same.bridged.any()
    for name in ("density", "velocity", "magnetic_field", "temperature"):
        np.testing.assert_allclose(same[name], wind[name], rtol=1e-12)


def test_a_short_gap_is_bridged_by_a_straight_line_and_told():
    wind = shocked()
    density = wind.density.copy()
    density[100:109] = np.nan  # samples 10 min apart
    density[109] = 15.0
    bridged = kept(wind.assign(density=density))
    assert bridged.density[104] == pytest.approx(10.0)
    assert bridged.bridged[100:108].all()
    assert bridged.bridged.sum() == 9


def test_a_longer_gap_stays_a_gap():
    wind = shocked()
    density = wind.density.copy()
    density[100:110] = np.nan
    gap = kept(wind.assign(density=density))
    assert np.isnan(gap.density[100:110]).all()
    assert np.isnan(gap.dynamic_pressure[100:110]).all()
    assert np.isfinite(gap.magnetic_field).all()
    assert not gap.bridged.any()


def test_nothing_is_bridged_where_nothing_shall_be():
    wind = shocked()
    density = wind.density.copy()
    density[100] = np.nan
    assert np.isnan(kept(wind.assign(density=density), bridge=0).density[100])


def test_a_wind_of_five_minutes_is_read_between_its_samples():
    wind = kept(shocked(cadence=300))
    assert np.isfinite(wind.density).all()
    assert wind.bridged.sum() == 288  # four of five minutes


def test_nothing_is_known_beyond_the_ends():
    wind = kept(shocked().isel(time=slice(60, 120)))
    assert np.isnan(wind.density[:60]).all()
    assert np.isnan(wind.density[120:]).all()


def test_a_file_gives_back_what_was_written(tmp_path):
    wind = kept(shocked(), bridge=10)
    wind.attrs["url"] = "http://archive/omni.cdf"
    path = kept_wind.write(wind, tmp_path / "new", "2015-03-17")
    again = solar_wind.open_file(path)
    for name in ("density", "velocity", "magnetic_field", "temperature"):
        np.testing.assert_allclose(again[name], wind[name], rtol=1e-12)
    assert again.attrs["measured"] is True
    assert "url: http://archive/omni.cdf" in again.attrs["note"]
    assert "source: a test" in again.attrs["note"]


def test_another_wind_never_takes_the_place_of_one_in_use(tmp_path):
    wind = kept(shocked())
    first = kept_wind.write(wind, tmp_path, "storm")
    assert kept_wind.write(wind, tmp_path, "storm") == first
    other = wind.assign(density=2.0 * wind.density)
    assert kept_wind.write(other, tmp_path, "storm") != first
