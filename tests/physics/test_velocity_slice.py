import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import lia
from smile_explore.physics import distributions, velocity_slice

MODEL = {
    "density": 20.0,
    "bulk_velocity": (-150.0, 60.0, -40.0),
    "temperature": (150.0, 250.0),
    "magnetic_field": (1.0, 2.0, -1.5),
}
SPEEDS = np.linspace(-500.0, 500.0, 41)


@pytest.fixture(scope="module")
def vdf():
    plasma = xr.Dataset(
        {
            "density": 20.0,
            "velocity": ("component", list(MODEL["bulk_velocity"])),
            "temperature": 650.0 / 3.0,
            "magnetic_field": ("component", list(MODEL["magnetic_field"])),
        },
        {"component": ["x", "y", "z"]},
    )
    seen = lia.distribution(
        plasma, alpha_fraction=0.0, anisotropy=250.0 / 150.0
    )
    return seen.compute()


def axes(plane):
    return velocity_slice.axes(
        plane,
        velocity=MODEL["bulk_velocity"],
        magnetic_field=MODEL["magnetic_field"],
    )


@pytest.mark.parametrize("plane", velocity_slice.PLANES)
def test_a_slice_shows_the_distribution_that_was_measured(vdf, plane):
    basis = axes(plane)
    out = float(np.dot(MODEL["bulk_velocity"], basis[2]))
    found = velocity_slice.cut(vdf, basis, right=SPEEDS, up=SPEEDS, out=out)
    v = SPEEDS[None, :, None] * basis[0] + SPEEDS[:, None, None] * basis[1]
    true = distributions.bi_maxwellian(v + out * basis[2], **MODEL)
    bright = true > 1e-3 * true.max()
    # 14 % steps of energy hide what is below some 30 km/s from rest
    bright &= np.linalg.norm(v + out * basis[2], axis=-1) > 40.0
    error = np.log(found[bright] / true[bright])
    assert np.sqrt((error**2).mean()) < 0.03
    assert abs(error).max() < 0.12


@pytest.mark.parametrize("plane", velocity_slice.PLANES)
def test_axes_are_a_right_handed_frame(plane):
    basis = axes(plane)
    np.testing.assert_allclose(basis @ basis.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(basis) == pytest.approx(1.0)


def test_the_plane_of_b_and_v_holds_both():
    right, up, out = axes("B and V")
    field, flow = MODEL["magnetic_field"], MODEL["bulk_velocity"]
    assert np.dot(right, field) == pytest.approx(np.linalg.norm(field))
    assert np.dot(out, flow) == pytest.approx(0.0, abs=1e-9)
    assert np.dot(up, flow) > 0.0
    assert axes("across B")[2] @ right == pytest.approx(1.0)


def test_a_flow_along_the_field_leaves_any_direction_across_it():
    basis = velocity_slice.axes(
        "B and V", velocity=(0.0, 0.0, 0.0), magnetic_field=(0.0, 0.0, -5.0)
    )
    np.testing.assert_allclose(basis @ basis.T, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("field", [(0.0, 0.0, 0.0), (np.nan, 0.0, 0.0)])
def test_without_a_field_no_plane_is_named_by_it(vdf, field):
    basis = velocity_slice.axes(
        "across B", velocity=(1.0, 0.0, 0.0), magnetic_field=field
    )
    found = velocity_slice.cut(vdf, basis, right=SPEEDS, up=SPEEDS)
    assert np.isnan(found).all()


def test_azimuths_close_at_zero(vdf):
    basis = axes("x and y")
    up = np.linspace(-20.0, 20.0, 9)
    found = velocity_slice.cut(vdf, basis, right=[200.0], up=up)
    assert np.isfinite(found).all()
    steps = abs(np.diff(np.log(found[:, 0])))
    assert steps.max() < 0.15


def test_what_was_not_measured_stays_empty(vdf):
    fast = velocity_slice.cut(
        vdf, axes("x and z"), right=[0.0], up=[1800.0, 1e4]
    )
    assert np.isnan(fast).all()  # beyond 62 deg, and beyond 25 keV
    dark = vdf.assign(vdf=vdf.vdf.where(vdf.azimuth < 180.0, 0.0))
    dark.vdf.attrs = vdf.vdf.attrs
    found = velocity_slice.cut(
        dark, axes("x and y"), right=[-200.0], up=[-50.0, 50.0]
    )
    assert np.isnan(found[0, 0])
    assert np.isfinite(found[1, 0])


def test_a_plane_that_is_not_known_is_refused():
    with pytest.raises(ValueError, match="x and y, x and z, y and z, got 'U"):
        axes("U")


def test_several_times_are_refused(vdf):
    with pytest.raises(ValueError, match="several along time; select one"):
        velocity_slice.cut(
            vdf.assign(vdf=vdf.vdf.expand_dims(time=2)),
            axes("x and y"),
            right=SPEEDS,
            up=SPEEDS,
        )


def test_a_box_keeps_the_bins_whose_middle_lies_in_it(vdf):
    basis = velocity_slice.axes(
        "B and V",
        velocity=MODEL["bulk_velocity"],
        magnetic_field=MODEL["magnetic_field"],
    )
    box = {"right": (-200.0, 50.0), "up": (0.0, 300.0)}
    kept = velocity_slice.within(vdf, basis, **box)
    speed = np.sqrt(2.0 * vdf.energy * 1.602177e-19 / 1.672622e-27) / 1e3
    v = speed * distributions.directions(vdf)
    inside = xr.ones_like(vdf.vdf, dtype=bool)
    for axis, (low, high) in zip(basis, box.values(), strict=False):
        along = (v * xr.DataArray(axis, dims="component")).sum("component")
        inside = inside & (along >= low) & (along <= high)
    expected = vdf.vdf.where(inside)
    xr.testing.assert_allclose(kept.vdf, expected.transpose(*kept.vdf.dims))
    assert 0 < np.isfinite(kept.vdf).sum() < np.isfinite(vdf.vdf).sum()


def test_a_box_on_a_plane_without_direction_is_refused(vdf):
    basis = velocity_slice.axes(
        "B and V", velocity=(1.0, 0.0, 0.0), magnetic_field=(0.0, 0.0, 0.0)
    )
    with pytest.raises(ValueError, match="choose a plane of GSM"):
        velocity_slice.within(vdf, basis, right=(0.0, 1.0), up=(0.0, 1.0))
