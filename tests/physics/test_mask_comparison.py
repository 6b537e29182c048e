from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import mhd, samples
from smile_explore.physics import charge_exchange, mask_comparison, masks
from smile_explore.schema import CUBE

SEAT = (0.0, 0.0, 25.0)
AXIS = np.linspace(-16.0, 16.0, 65)


def uniform_wind(axis=AXIS):
    grid = ("x", "y", "z")
    shape = (axis.size,) * 3
    vector = np.zeros((*shape, 3))
    vector[..., 0] = -400.0
    return CUBE.stamp(
        xr.Dataset(
            {
                "density": (grid, np.full(shape, 10.0)),
                "velocity": ((*grid, "component"), vector),
                "temperature": (grid, np.zeros(shape)),
                "magnetic_field": ((*grid, "component"), vector),
            },
            dict.fromkeys(grid, axis),
        )
    )


def outside(radius):
    def sphere(cube):
        square = cube["x"] ** 2 + cube["y"] ** 2 + cube["z"] ** 2
        return (square > radius**2).astype(float) + 0.0 * cube["density"]

    return sphere


def half(cube):
    return 0.5 + 0.0 * cube["density"]


def looking_at(x):
    """Rays from over the pole to points on the X axis."""
    x = np.asarray(x, float)
    points = np.stack([x, 0 * x, 0 * x], axis=-1)
    return xr.DataArray(points - SEAT, dims=("ray", "component"))


def test_half_the_solar_wind_keeps_half_of_the_emission():
    table = mask_comparison.compare(
        uniform_wind(),
        SEAT,
        looking_at([5.0, 8.0, 12.0]),
        methods={"all": outside(1.0), "half": half},
        reference="all",
    )
    assert table["kept"].sel(mask="half") == pytest.approx(0.5)
    assert table["peak_change"].sel(mask="half") == pytest.approx(-0.5)
    assert table["peak_shift"].sel(mask="half") == pytest.approx(0.0, abs=1e-5)
    assert (table["peak_change"].sel(mask="all")) == 0.0


def test_a_sphere_is_kept_from_its_edge_on():
    aims = np.arange(4.0, 13.0, 0.25)
    table = mask_comparison.compare(
        uniform_wind(),
        SEAT,
        looking_at(aims),
        methods={
            "none": outside(2.0),
            "small": outside(6.0),
            "large": outside(9.0),
        },
        reference="small",
    )
    np.testing.assert_allclose(table["edge"], [2.5, 6.5, 9.5])
    # n_H falls as r^-3, so a shell between a and b holds 4 pi ln(b / a)
    kept = table["kept"]
    shell = float(kept.sel(mask="small") - kept.sel(mask="large"))
    more = float(kept.sel(mask="none") - kept.sel(mask="small"))
    assert shell / more == pytest.approx(
        np.log(9.0 / 6.0) / np.log(6.0 / 5.0), rel=0.05
    )
    # the brightest ray grazes the sphere, and the larger one is farther out
    shift = table["peak_shift"].sel(mask="large")
    expected = np.degrees(np.arcsin(9.25 / 25) - np.arcsin(6.25 / 25))
    assert shift == pytest.approx(expected, abs=1.2)


def test_nodes_count_by_their_volume_on_an_uneven_grid():
    even = np.linspace(-1.0, 1.0, 65)
    uneven = 16.0 * (0.5 * even + 0.5 * even**3)
    methods = {"all": outside(1.0), "some": outside(9.0)}
    kept = [
        mask_comparison.compare(
            uniform_wind(axis),
            SEAT,
            looking_at([10.0, 11.0]),
            methods=methods,
            reference="all",
        )["kept"].sel(mask="some")
        for axis in (AXIS, uneven)
    ]
    assert kept[1] == pytest.approx(float(kept[0]), rel=0.04)


def test_the_masks_of_the_package_differ_as_their_page_says():
    series = mhd.open_cube(samples.path("batsrus_e_2012-06-16.nc"))
    cube = series.isel(time=0).compute()
    aims = looking_at(np.arange(4.0, 14.0, 0.25))
    table = mask_comparison.compare(cube, SEAT, aims)
    assert table["mask"].values.tolist() == [
        "none", "threshold", "flow", "tracing",
    ]  # fmt: skip
    kept, edge = table["kept"].values, table["edge"].values
    assert (np.diff(kept) < 0.0).all()
    assert (np.diff(edge) > 0.0).all()
    # the last closed field line of this run is at 6.5 R_E
    assert edge[-1] == pytest.approx(6.5, abs=0.5)
    assert (table["peak_change"] >= 0.0).all()


def test_what_shines_is_ones_own_choice():
    bright = partial(charge_exchange.emissivity, efficiency=3e-15)
    settings = {"methods": {"half": half}, "reference": "half"}
    arguments = (uniform_wind(), SEAT, looking_at([8.0]))
    usual = mask_comparison.compare(*arguments, **settings)
    thrice = mask_comparison.compare(*arguments, emissivity=bright, **settings)
    np.testing.assert_allclose(thrice["peak"], 3.0 * usual["peak"])
    np.testing.assert_allclose(thrice["kept"], usual["kept"])


def test_several_times_or_an_unknown_reference_are_refused():
    cube = uniform_wind()
    with pytest.raises(ValueError, match="cube must be at one time"):
        mask_comparison.compare(
            cube.expand_dims(time=2), SEAT, looking_at([8.0])
        )
    with pytest.raises(ValueError, match="reference must be one of tracing"):
        mask_comparison.compare(
            cube,
            SEAT,
            looking_at([8.0]),
            methods={"tracing": masks.by_tracing},
            reference="flow",
        )
