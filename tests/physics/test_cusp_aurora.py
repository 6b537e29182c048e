import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import cusp_aurora
from smile_explore.physics.aurora import grid, zhang_paxton

MLAT, MLT = grid()
AURORA = zhang_paxton(2.0, MLAT, MLT)


def spot(**wind):
    given = {"by": 0.0, "bz": 5.0, "dynamic_pressure": 10.0} | wind
    return cusp_aurora.with_spot(AURORA, **given)


def place(lit):
    return lit["cusp_spot"].stack(place=("mlat", "mlt")).idxmax("place").item()


def test_the_cusp_is_at_73_deg_for_bz_of_minus_10():
    mlat, mlt = cusp_aurora.position(0.0, [5.0, -10.0])
    np.testing.assert_allclose(mlat, [80.3, 73.0])
    assert mlt == 12.0


def test_the_spot_adds_light_at_noon_and_says_that_it_is_assumed():
    lit = spot()
    mlat, mlt = place(lit)
    assert mlat == pytest.approx(80.3, abs=0.3)
    assert mlt == pytest.approx(12.0, abs=0.2)
    np.testing.assert_allclose(
        lit["radiance"], AURORA["radiance"] + lit["cusp_spot"]
    )
    assert "assumed: 60 R per nPa" in lit.attrs["cusp_spot"]


def test_it_follows_the_pressure_and_the_setting():
    peak = float(spot()["cusp_spot"].max())
    assert peak == pytest.approx(600.0, rel=0.05)
    doubled = spot(dynamic_pressure=20.0, brightness=30.0)["cusp_spot"]
    assert float(doubled.max()) == pytest.approx(peak)


def test_it_moves_to_the_afternoon_with_by():
    assert place(spot(by=8.0))[1] == pytest.approx(13.2, abs=0.2)
    assert place(spot(by=-40.0))[1] == pytest.approx(10.0, abs=0.2)


def test_a_southward_field_has_no_spot():
    assert float(spot(bz=-5.0)["cusp_spot"].max()) == 0.0


def test_it_comes_and_goes_along_time():
    time = np.datetime64("2012-06-16", "ns") + np.arange(2)
    bz = xr.DataArray([5.0, -5.0], {"time": time}, "time")
    lit = spot(bz=bz)
    assert lit["radiance"].dims == ("time", "mlat", "mlt")
    peak = lit["cusp_spot"].max(("mlat", "mlt"))
    assert peak[0] > 500
    assert peak[1] == 0


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="brightness must not be negative"):
        spot(brightness=-1.0)
    with pytest.raises(ValueError, match="dynamic_pressure must not be neg"):
        spot(dynamic_pressure=-2.0)
