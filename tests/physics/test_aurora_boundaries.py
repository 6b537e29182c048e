import numpy as np
import pytest

from smile_explore.physics import aurora_boundaries as boundaries
from smile_explore.physics.aurora import grid, zhang_paxton

MLT = np.arange(24.0)


def test_starkov_is_the_sum_of_its_harmonics():
    # AL of 10 nT: the logarithm and its powers are 1, so that columns add up
    size = 14.09, 1.68, 0.27, 0.31
    phase = -1.05, 5.23, 0.79
    expected = 90.0 - size[0]
    for order in (1, 2, 3):
        angle = np.radians(15.0 * (order * 21.0 + phase[order - 1]))
        expected -= size[order] * np.cos(angle)
    found = boundaries.starkov([21.0], al=-10.0)["poleward"]
    assert found.item() == pytest.approx(expected)


@pytest.mark.parametrize("kp", [1.0, 3.0, 5.0])
def test_the_edges_of_an_oval_lie_in_order(kp):
    al = boundaries.al_from_kp(kp)
    oval = boundaries.starkov(MLT, al=float(al))
    assert (oval["poleward"] > oval["equatorward"]).all()
    assert (oval["equatorward"] > oval["diffuse"]).all()
    if kp < 2.0:  # where its lines of brightness pass through nothing
        return
    seen = boundaries.carbary(MLT, kp=kp).dropna("mlt")
    assert (seen["poleward"] > seen["peak"]).all()
    assert (seen["peak"] > seen["equatorward"]).all()


def test_al_grows_with_kp_as_the_cubic_says():
    assert boundaries.al_from_kp(0.0) == 18.0
    assert boundaries.al_from_kp(3.0) == pytest.approx(171.9)


def test_carbary_has_its_table_at_whole_hours_and_lines_between():
    seen = boundaries.carbary([0.0, 23.0, 23.5, 24.0], kp=3.0)
    at_0, at_23 = 67.22 - 3 * 1.89, 67.56 - 3 * 1.88
    np.testing.assert_allclose(
        seen["equatorward"], [at_0, at_23, 0.5 * (at_0 + at_23), at_0]
    )
    assert seen["radiance"][0] == pytest.approx((3.71 + 16.5) * 28.2)


def test_around_noon_carbary_has_nothing():
    seen = boundaries.carbary([8.0, 8.5, 11.0, 13.5, 14.0], kp=3.0)
    known = seen["equatorward"].notnull().values
    np.testing.assert_array_equal(known, [True, False, False, False, True])


def test_the_oval_of_zhang_and_paxton_peaks_where_polar_saw_it():
    mlat, _ = grid()
    hours = [0.0, 3.0, 6.0, 18.0, 21.0]
    light = zhang_paxton(3.0, mlat, hours)["radiance"]
    seen = boundaries.carbary(hours, kp=3.0)
    assert float(abs(light.idxmax("mlat") - seen["peak"]).max()) < 2.0
    # with the default scale, the brightness agrees too
    ratio = light.max("mlat") / seen["radiance"]
    assert float(abs(np.log(ratio)).max()) < np.log(1.6)


def test_drivers_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="Kp must be within 0-9, got 12"):
        boundaries.carbary(MLT, kp=12.0)
    with pytest.raises(ValueError, match="Kp must be within 0-9"):
        boundaries.al_from_kp(-1.0)
    with pytest.raises(ValueError, match="AL must be 1 nT or stronger"):
        boundaries.starkov(MLT, al=0.0)
