from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import emissivity_models as models
from smile_explore.physics import emissivity_starts as starts
from smile_explore.physics import solar_wind as wind


def solar_wind(density=20.0, speed=400.0, bz=-5.0):
    return xr.Dataset(
        {
            "density": density,
            "velocity": ("component", [-speed, 0.0, 0.0]),
            "temperature": 10.0,
            "magnetic_field": ("component", [0.0, 0.0, bz]),
            "dynamic_pressure": wind.dynamic_pressure(density, speed),
        }
    )


def test_density_laws_are_the_published_ones():
    p = starts.jorgensen(solar_wind(20.0), method="density")
    assert p.magnetopause == pytest.approx(8.28)
    assert p.bow_shock == pytest.approx(10.84)
    assert p.sheath == pytest.approx(47.7e-6)
    assert p.wind == pytest.approx(17e-6)
    assert (p.flank, p.slope, p.slope_flank) == (-1.8e-5, 2.5, -1.6)
    q = starts.cmem(solar_wind(20.0), method="density")
    assert q.magnetopause_scale == pytest.approx(0.8193)
    assert q.sheath == p.sheath


def test_pressure_starts_have_half_of_the_dynamic_pressure():
    # 20 cm-3 and 400 km/s: m n v^2 is 5.352 nPa
    half = 0.5 * 5.352
    p = starts.jorgensen(solar_wind())
    assert p.magnetopause == pytest.approx(10.7 * half ** (-1 / 6.6), rel=1e-3)
    assert p.bow_shock == p.magnetopause + 3.0
    flaring = 0.63 * (1 + 0.01 * half)
    assert p.magnetopause_y == pytest.approx(flaring, rel=1e-4)
    assert p.bow_shock_z == pytest.approx(flaring + 0.2, rel=1e-4)
    q = starts.cmem(solar_wind())
    assert (q.magnetopause_scale, q.cusp_depth, q.cusp_slope) == (1, 3, 4)
    assert q.bow_shock == pytest.approx(
        3.0 + models.shape(q, solar_wind()).magnetopause[0]
    )


def test_northward_fields_use_the_other_coefficient():
    p = starts.jorgensen(solar_wind(bz=5.0))
    assert p.magnetopause == pytest.approx(
        11.465 * (0.5 * 5.352) ** (-1 / 6.6), rel=1e-3
    )


@pytest.mark.parametrize("density", [0.1, 1.0, 2.0, 5.0, 12.0, 80.0, 150.0])
@pytest.mark.parametrize("method", ["pressure", "density"])
def test_every_wind_has_a_start_that_shines(density, method):
    driver = solar_wind(density)
    p = starts.jorgensen(driver, method=method)
    q = starts.cmem(driver, method=method)
    for start in (p, q):
        assert start.sheath > 0.0 < start.wind
    assert p.bow_shock >= p.magnetopause + 1.0 > 2.0
    nose = models.shape(q, driver).magnetopause[0]
    assert q.bow_shock >= nose + 1.0 - 1e-9


def test_the_clamped_amplitudes_join_the_law():
    above, below = (
        starts.jorgensen(solar_wind(5.0 + h), method="density")
        for h in (1e-9, -1e-9)
    )
    assert above.sheath == pytest.approx(below.sheath)
    assert above.wind == pytest.approx(below.wind)


def test_what_is_no_solar_wind_is_refused():
    with pytest.raises(ValueError, match="must be pressure or density"):
        starts.cmem(solar_wind(), method="best")
    with pytest.raises(ValueError, match="must have a positive density"):
        starts.jorgensen(solar_wind(density=0.0))
    with pytest.raises(ValueError, match="must have a positive density"):
        starts.jorgensen(solar_wind(density=np.nan))
    with pytest.raises(ValueError, match="must be at one time, got 3"):
        starts.jorgensen(solar_wind().expand_dims(time=3))
