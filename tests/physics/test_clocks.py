import numpy as np
import pytest
from astropy.time import Time

from smile_explore.physics import clocks

TIMES = np.array(
    ["1999-06-01", "2012-06-30T23:59:59", "2012-07-01", "2026-09-01T03:04:05"],
    "datetime64[ns]",
)


@pytest.mark.parametrize(
    ("clock", "scale"), [("TAI", "tai"), ("TT", "tt"), ("TDB", "tdb")]
)
def test_clocks_agree_with_astropy(clock, scale):
    shown = clocks.from_utc(TIMES, clock=clock)
    known = getattr(Time(TIMES, scale="utc"), scale).datetime64
    np.testing.assert_allclose(
        (shown - known) / np.timedelta64(1, "s"),
        0.0,
        atol=0.002 if clock == "TDB" else 1e-6,
    )


@pytest.mark.parametrize("clock", clocks.CLOCKS)
def test_there_and_back_is_the_same_time(clock):
    shown = clocks.from_utc(TIMES, clock=clock)
    np.testing.assert_array_equal(clocks.to_utc(shown, clock=clock), TIMES)


def test_gps_is_ahead_of_utc_by_18_s():
    gps = clocks.from_utc("2026-09-01", clock="GPS")
    assert gps - np.datetime64("2026-09-01") == np.timedelta64(18, "s")


@pytest.mark.parametrize("change", [clocks.from_utc, clocks.to_utc])
def test_an_unknown_clock_is_refused(change):
    with pytest.raises(ValueError, match="'UT1'; the known ones are UTC, TAI"):
        change("2026-09-01", clock="UT1")
