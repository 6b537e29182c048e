import dask.array
import numpy as np
import pytest
import xarray as xr

from smile_explore.physics import ultraviolet as uv

#: GLOW, mean of three atmospheres: R per mW m-2 by mean energy in keV.
GLOW = {0.2: 177, 1: 244, 2: 263, 4: 264, 6: 251, 10: 220, 20: 165, 30: 133}
#: GLOW's dayglow at equinox, by F10.7 and solar zenith angle.
SUNLIT = {
    130: {40: 961, 61: 592, 77: 258, 88: 62, 94: 13},
    70: {40: 488, 61: 302, 77: 133, 88: 31, 94: 5},
    200: {40: 1469, 61: 897, 77: 386, 88: 96, 94: 23},
}


def test_the_yield_of_electrons_is_that_of_glow():
    light = uv.auroral_radiance(1.0, list(GLOW), scale=1.0)
    np.testing.assert_allclose(light, list(GLOW.values()), rtol=0.016)


def test_light_goes_with_the_flux_and_the_scale():
    base = uv.auroral_radiance(1.0, 3.0)
    assert uv.auroral_radiance(4.0, 3.0, scale=2.0) == pytest.approx(
        16.0 * base
    )
    assert 120 < base < 140  # 133 R per mW m-2 at 3 keV


def test_beyond_its_energies_the_yield_is_held():
    assert uv.auroral_radiance(1.0, 0.0) == uv.auroral_radiance(1.0, 0.2)
    assert uv.auroral_radiance(1.0, 90.0) == uv.auroral_radiance(1.0, 30.0)
    assert np.isnan(uv.auroral_radiance(1.0, np.nan))


@pytest.mark.parametrize("f107", SUNLIT)
def test_the_dayglow_is_that_of_glow(f107):
    # the rounded angles of the table make 2 R more of the 15 R of the fit
    angles, light = zip(*SUNLIT[f107].items(), strict=True)
    found = uv.dayglow(angles, f107, scale=1.0)
    np.testing.assert_allclose(found, light, atol=20.0, rtol=0.01)


def test_summer_is_a_quarter_to_a_third_brighter():
    ratio = uv.dayglow(65.0, 130.0, fit=uv.DAYGLOW_SUMMER) / uv.dayglow(
        65.0, 130.0
    )
    assert 1.2 < ratio < 1.4


def test_the_night_has_no_dayglow():
    assert uv.dayglow(115.0, 130.0) < 2.0
    assert uv.dayglow(180.0, 130.0) < 1.0


def test_soft_light_brightens_as_the_path_lengthens():
    cosine = np.array([1.0, 0.8, 0.5, 0.3])
    np.testing.assert_allclose(uv.slant(cosine, 1.0), 1 / cosine, rtol=0.03)
    np.testing.assert_allclose(uv.slant(cosine), 1 / cosine, rtol=0.04)


def test_hard_light_brightens_less():
    assert uv.slant(0.5, 10.0) == pytest.approx(1.73, abs=0.01)
    assert uv.slant(0.3, 10.0) == pytest.approx(2.54, abs=0.01)
    assert uv.slant(1.0, [0.1, 3.0, 50.0]) == pytest.approx(1.0)


def test_the_limb_does_not_brighten_without_end():
    assert uv.slant(0.01) == uv.slant(uv.SMALLEST_COSINE)
    assert uv.slant(0.01, 10.0) == pytest.approx(3.426)
    assert np.isnan(uv.slant([0.0, -0.5], 3.0)).all()


@pytest.mark.parametrize("kind", [list, xr.DataArray, dask.array.from_array])
def test_numpy_xarray_and_dask_agree(kind):
    values = np.array([50.0, 75.0, 95.0])
    for function in (
        lambda angle: uv.dayglow(angle, 130.0),
        lambda energy: uv.auroral_radiance(2.0, energy),
    ):
        found = np.asarray(function(kind(values)))
        one_by_one = [float(function(value)) for value in values]
        np.testing.assert_allclose(found, one_by_one)


def test_results_are_labelled():
    light = uv.auroral_radiance(xr.DataArray([1.0], dims="time"), 3.0)
    assert light.attrs["units"] == "R"
    glow = uv.dayglow(xr.DataArray([60.0], dims="time"), 130.0)
    assert glow.name == "dayglow"


@pytest.mark.parametrize("f107", [0.0, 1300.0, np.nan])
def test_a_solar_flux_that_cannot_be_is_refused(f107):
    with pytest.raises(ValueError, match=r"F10\.7 must be within 50-400"):
        uv.dayglow(60.0, f107)


def test_a_scale_that_is_not_positive_is_refused():
    with pytest.raises(ValueError, match="scale must be positive"):
        uv.auroral_radiance(1.0, 1.0, scale=0.0)
    with pytest.raises(ValueError, match="scale must be positive"):
        uv.dayglow(60.0, 130.0, scale=-1.0)
