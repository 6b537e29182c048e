from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import xarray as xr

from smile_explore.physics.charge_exchange import EFFICIENCY, emissivity
from smile_explore.physics.exosphere import cravens_hydrogen
from smile_explore.physics.line_of_sight import integrate
from smile_explore.schema import CUBE


def plasma(density=10.0, speed=400.0, temperature=20.0, fraction=None):
    axes = {
        name: np.linspace(-15.0, 15.0, 7 + 2 * n)
        for n, name in enumerate("xyz")
    }
    shape = [axis.size for axis in axes.values()]
    grid = ("x", "y", "z")
    vector = (*grid, "component")
    velocity = np.zeros((*shape, 3))
    velocity[..., 0] = -speed
    cube = xr.Dataset(
        {
            "density": (grid, np.full(shape, density)),
            "velocity": (vector, velocity),
            "temperature": (grid, np.full(shape, temperature)),
            "magnetic_field": (vector, np.ones((*shape, 3))),
        },
        {**axes, "component": ["x", "y", "z"]},
    )
    if fraction is not None:
        cube["solar_wind_fraction"] = (grid, np.full(shape, fraction))
    return CUBE.stamp(cube)


def at(field, x, y, z):
    return field.sel(x=x, y=y, z=z, method="nearest").item()


def test_emissivity_of_a_cold_wind_is_efficiency_times_flux_times_hydrogen():
    glow = emissivity(plasma(temperature=0.0), mask=None)
    # 1e-15 eV cm2 x 10 cm-3 x 4e7 cm s-1 x 25 cm-3 at 10 R_E
    assert at(glow, 10.0, 0.0, 0.0) == pytest.approx(1e-5)


def test_hot_plasma_at_rest_shines_with_its_thermal_speed():
    glow = emissivity(plasma(speed=0.0, temperature=300.0), mask=None)
    # sqrt(3 x 300 eV / m_p) = 293.6 km s-1
    speed = np.sqrt(3 * 300 * 1.602176634e-19 / 1.67262192e-27) * 100
    assert speed == pytest.approx(2.936e7, rel=1e-3)
    expected = 1e-15 * 10 * speed * 25
    assert at(glow, 10.0, 0.0, 0.0) == pytest.approx(expected)
    both = emissivity(plasma(temperature=300.0), mask=None)
    mixed = np.hypot(4e7, speed) / speed * expected
    assert at(both, 10.0, 0.0, 0.0) == pytest.approx(mixed)


def test_the_pressure_of_the_ions_alone_makes_a_lower_thermal_speed():
    cube = plasma(speed=0.0, temperature=300.0)
    total = emissivity(cube, mask=None)
    ions = emissivity(cube, mask=None, thermal="ion", ion_share=0.64)
    xr.testing.assert_allclose(ions, 0.8 * total)
    assert ions.attrs["thermal"] == "ion pressure, 0.64 of the total"
    whole = emissivity(cube, mask=None, thermal="ion", ion_share=1.0)
    xr.testing.assert_equal(whole, total)
    # the share has no say where the total pressure counts
    xr.testing.assert_equal(emissivity(cube, mask=None, ion_share=0.1), total)
    fast = plasma(speed=400.0, temperature=0.0)
    xr.testing.assert_equal(
        emissivity(fast, mask=None, thermal="ion"), emissivity(fast, mask=None)
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"thermal": "electron"}, "thermal must be total or ion, got 'elec"),
        ({"thermal": "ion", "ion_share": 1.2}, "ion_share must be from 0 to"),
        ({"ion_share": np.nan}, "ion_share must be from 0 to 1, got nan"),
    ],
)
def test_a_thermal_speed_that_cannot_be_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        emissivity(plasma(), mask=None, **settings)


def test_emissivity_falls_with_the_cube_of_distance():
    glow = emissivity(plasma(), mask=None)
    assert at(glow, 10.0, 0.0, 0.0) == pytest.approx(
        at(glow, 5.0, 0.0, 0.0) / 8
    )
    slanted = np.sqrt(10.0**2 + 7.5**2 + 12.0**2) / 10
    assert at(glow, 10.0, -7.5, 12.0) == pytest.approx(
        at(glow, 10.0, 0.0, 0.0) / slanted**3
    )


def test_efficiency_and_hydrogen_are_factors_and_are_recorded():
    dense = partial(cravens_hydrogen, density_at_10=40.0)
    usual = emissivity(plasma(), mask=None)
    other = emissivity(
        plasma(), efficiency=EFFICIENCY["mshpy"], hydrogen=dense, mask=None
    )
    xr.testing.assert_allclose(other, usual * (0.6 * 40 / 25))
    assert usual.attrs == {
        "units": "eV cm-3 s-1",
        "long_name": "X-ray emissivity",
        "efficiency": 1e-15,
        "hydrogen": "cravens_hydrogen(density_at_10=25.0)",
        "mask": "none",
        "thermal": "total pressure",
    }
    assert other.attrs["efficiency"] == 6e-16
    assert other.attrs["hydrogen"] == "cravens_hydrogen(density_at_10=40.0)"


@pytest.mark.parametrize("timed", [False, True])
def test_an_efficiency_may_change_with_time(timed):
    times = np.array(["2012-06-16T22", "2012-06-16T23"], "datetime64[ns]")
    change = xr.DataArray([1e-15, 4e-16], {"time": times}, ("time",))
    cube = plasma()
    if timed:
        cube = cube.expand_dims(time=times)
    glow = emissivity(cube, efficiency=change, mask=None)
    assert glow.dims == ("time", "x", "y", "z")
    for n, value in enumerate(change.values.tolist()):
        alone = emissivity(plasma(), efficiency=value, mask=None)
        np.testing.assert_allclose(glow[n], alone, rtol=1e-12)
    assert glow.attrs["efficiency"] == [1e-15, 4e-16]
    if timed:
        later = change.assign_coords(time=times + np.timedelta64(1, "m"))
        with pytest.raises(ValueError, match="interp"):
            emissivity(cube, efficiency=later)


def test_the_share_of_solar_wind_is_a_factor():
    whole = emissivity(plasma(fraction=1.0))
    part = emissivity(plasma(fraction=0.3))
    xr.testing.assert_allclose(part, whole * 0.3)
    assert part.attrs["mask"] == "solar_wind_fraction"
    assert part.attrs["mask_method"] == "given with the cube"


def test_a_mask_of_ones_own_is_named():
    def northern_half(cube):
        return (cube["density"] * 0 + cube["z"] > 0).astype(float)

    glow = emissivity(plasma(), mask=northern_half)
    assert glow.attrs["mask"] == "northern_half"
    assert (glow.sel(z=slice(None, 0)) == 0).all()
    assert (glow.sel(z=slice(0.1, None)) > 0).all()
    assert glow.dims == ("x", "y", "z")


def test_nothing_shines_where_there_is_no_solar_wind_not_even_nan():
    cube = plasma(fraction=1.0)
    hole = {"x": 3, "y": 4, "z": 5}
    for name in ("density", "velocity", "temperature"):
        cube[name][hole] = np.nan
    lost = {"x": 1, "y": 1, "z": 1}
    cube["velocity"][{**lost, "component": 0}] = np.nan
    cube["solar_wind_fraction"][hole] = 0.0
    glow = emissivity(cube)
    assert glow[hole] == 0.0
    assert np.isnan(glow[lost])
    assert np.isnan(glow).sum() == 1
    assert np.isnan(emissivity(cube, mask=None)[hole])


def test_a_uniform_wind_is_seen_as_bright_as_its_flux_says():
    # 1e-15 x 10 x 4e7 x 25 (10 / r)^3 outward from 8 R_E to infinity
    cube = plasma(temperature=0.0)
    fine = np.linspace(6.0, 15.0, 90)
    cube = cube.interp(x=fine, y=[-0.1, 0.1], z=[-0.1, 0.1])
    glow = emissivity(cube, mask=None)
    along = xr.DataArray([1.0, 0.0, 0.0], dims="component")
    seen = integrate(glow, (8.0, 0.0, 0.0), along)
    truth = 1e-5 * 1e3 / (2 * 8.0**2) * 6.3712e8 / 1e3 / (4 * np.pi)
    assert seen.item() == pytest.approx(truth, rel=1e-3)


@pytest.mark.parametrize("timed", [False, True])
def test_lazy_cubes_stay_lazy_and_keep_their_chunks(timed):
    cube = plasma(fraction=0.7)
    chunks = {"x": 4, "y": 3, "z": 6}
    if timed:
        cube = xr.concat([cube, cube * 2], "time", join="override")
        cube = CUBE.stamp(cube.assign_coords(time=[0, 1]))
        chunks["time"] = 1
    expected = emissivity(cube)
    lazy = emissivity(cube.chunk(chunks))
    assert lazy.chunksizes == cube["density"].chunk(chunks).chunksizes
    assert lazy.dims == expected.dims
    assert lazy.attrs == expected.attrs
    xr.testing.assert_allclose(lazy.compute(), expected)
    assert expected.dims == (("time",) if timed else ()) + ("x", "y", "z")


def test_single_precision_stays_single():
    cube = plasma(fraction=1.0).astype(np.float32)
    glow = emissivity(CUBE.stamp(cube))
    assert glow.dtype == np.float32
    xr.testing.assert_allclose(
        glow.astype(float), emissivity(plasma(fraction=1.0)), rtol=1e-5
    )


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="efficiency must be zero or above"):
        emissivity(plasma(), efficiency=-1e-15)
    with pytest.raises(ValueError, match="CUBE lacks density"):
        emissivity(plasma().drop_vars("density"))
    wrong = plasma()
    wrong["velocity"].attrs["units"] = "m s-1"
    with pytest.raises(ValueError, match="velocity must be in km s-1, got m"):
        emissivity(wrong)
    with pytest.raises(TypeError, match="CUBE must be an xarray.Dataset"):
        emissivity(plasma()["density"])
