import numpy as np
import pytest

from smile_explore.events import sunlit_oval


def test_winter_is_easier_than_june_and_a_longer_look_easier_than_a_short():
    winter = sunlit_oval.look(month=12)
    june = sunlit_oval.look(month=6)
    long = sunlit_oval.look(month=6, exposure=600.0)
    assert winter.uv_map.solar_zenith_angle.min() > 70.0
    assert june.uv_map.solar_zenith_angle.min() < 45.0
    assert winter.found >= june.found - 1
    assert winter.error < 0.5
    assert winter.hits > 0.85
    assert long.hits >= june.hits


def test_at_solar_maximum_a_quiet_oval_is_lost_in_a_short_look():
    scores = sunlit_oval.sweep([70.0, 250.0], [10.0, 300.0], kp=1.0)
    assert scores.found.dims == ("f107", "exposure")
    lost = scores.hits.sel(f107=250.0, exposure=10.0)
    kept = scores.hits.sel(f107=70.0, exposure=300.0)
    assert lost < kept - 0.3
    assert kept > 0.8


def test_the_truth_is_where_the_source_is_half_as_bright():
    truth = sunlit_oval.look(month=12).truth
    width = truth.poleward - truth.equatorward
    assert ((width > 1.0) & (width < 12.0)).all()
    assert (truth.poleward.diff("mlt").max() < 3.0).all()
    np.testing.assert_array_equal(truth.mlt, np.arange(0.5, 24.0))


def test_a_month_that_is_none_is_refused():
    with pytest.raises(ValueError, match="month must be 1 to 12, got 13"):
        sunlit_oval.look(month=13)
