from __future__ import annotations

import dask.array as da
import numpy as np
import pytest
import xarray as xr

from smile_explore.physics.boundaries import (
    jelinek_bow_shock,
    lin_magnetopause,
    shue_magnetopause,
    surface_points,
)
from smile_explore.physics.solar_wind import magnetic_pressure

# Standoffs of storms, dynamic pressure and bz: two codes that were written
# apart gave the same to 0.01 R_E (Shue 1998; Jelinek 2012 bow shock).
STORMS = [
    (17.8, 0.0, 7.36, 9.68),  # 16 June 2012, mean of the sheath
    (30.9, 10.0, 6.84, 8.89),
    (8.1, -18.1, 6.55, 10.92),  # its ejecta
    (12.7, 0.0, 7.74, 10.18),  # 12 September 2014, mean of the sheath
    (12.7, -12.9, 6.33, 10.18),
    (2.0, 8.5, 10.35, 13.51),
]

# theta, phi, then the radii of the open code spok 0.1.1 for
# (1) Lin 2010, 2 nPa, B = (3, 4, -3) nT, no tilt,
# (2) Lin 2010, 12.7 nPa, B = (-5, -20, 8.5) nT, tilt 20 deg,
# (3) Shue 1998 and (4) Jelinek 2012, bow shock, both with (2).
SPOK = [
    (0, 0, 10.1411, 7.5279, 7.8274, 10.1894),
    (45, 90, 9.1899, 7.1392, 8.5427, 11.3504),
    (60, 90, 8.9065, 7.9619, 9.1752, 12.5031),
    (60, -90, 8.8874, 8.0115, 9.1752, 12.5031),
    (90, 0, 14.7699, 10.6049, 11.4779, 17.4178),
    (120, 180, 24.6576, 17.1791, 16.8309, 32.3525),
    (135, 37, 31.8676, 22.8371, 22.6138, 53.4573),
]


@pytest.mark.parametrize(("pressure", "bz", "shue", "jelinek"), STORMS)
def test_standoffs_of_storms_are_those_published(pressure, bz, shue, jelinek):
    assert shue_magnetopause(0, pressure, bz) == pytest.approx(shue, abs=0.01)
    assert jelinek_bow_shock(0, pressure) == pytest.approx(jelinek, abs=0.01)


@pytest.mark.parametrize(
    ("pressure", "bz", "strength", "lin"),
    [
        (8.1, -18.1, 41.0, 6.50),  # 16 June 2012, largest field of the ejecta
        (12.7, 0.0, 28.0, 7.54),  # 12 September 2014, field behind the shock
        (2.0, 8.5, 20.0, 10.52),  # its ejecta
    ],
)
def test_lin_standoffs_of_storms_are_those_published(
    pressure, bz, strength, lin
):
    radius = lin_magnetopause(0, 0, pressure, magnetic_pressure(strength), bz)
    assert radius == pytest.approx(lin, abs=0.015)


@pytest.mark.parametrize("row", SPOK)
def test_surfaces_agree_with_spok(row):
    theta, phi, *expected = row
    quiet, strong = (
        magnetic_pressure(np.linalg.norm(field))
        for field in [(3, 4, -3), (-5, -20, 8.5)]
    )
    radii = (
        lin_magnetopause(theta, phi, 2.0, quiet, -3.0),
        lin_magnetopause(theta, phi, 12.7, strong, 8.5, dipole_tilt=20.0),
        shue_magnetopause(theta, 12.7, 8.5),
        jelinek_bow_shock(theta, 12.7),
    )
    assert radii == pytest.approx(expected, abs=1e-4)


def test_the_bow_shock_is_a_paraboloid():
    theta = np.linspace(-170.0, 170.0, 35)
    radius = jelinek_bow_shock(theta, 3.0)
    x, across = (
        radius * np.cos(np.radians(theta)),
        radius * np.sin(np.radians(theta)),
    )
    nose = jelinek_bow_shock(0.0, 3.0)
    assert x == pytest.approx(nose - 1.17**2 * across**2 / (4 * nose))


def test_a_tilt_and_its_opposite_mirror_north_and_south():
    theta, phi = np.meshgrid(np.linspace(0, 90, 10), np.arange(0, 360, 30))

    def radius(sign, tilt):
        return lin_magnetopause(
            theta, sign * phi, 3.0, 0.01, -2.0, dipole_tilt=tilt
        )

    # not exactly: a11 sin(phi) tells north from south without a tilt too
    assert radius(1, 25) == pytest.approx(radius(-1, -25), rel=0.03)
    assert np.abs(radius(1, 25) / radius(1, -25) - 1).max() > 0.1


def test_the_cusps_follow_the_tilt():
    theta = np.arange(20.0, 90.0, 0.1)

    def deepest(tilt):
        smooth = lin_magnetopause(theta, 0.0, 3.0, 0.01, 0.0)
        north = lin_magnetopause(theta, 90, 3.0, 0.01, 0.0, dipole_tilt=tilt)
        return theta[np.argmin(north / smooth)]

    # the middle of the indentation: 1.103 - 0.907 tilt [rad]
    assert deepest(0.0) == pytest.approx(63.2, abs=3.0)
    assert deepest(20.0) == pytest.approx(45.1, abs=3.0)


def test_a_stronger_wind_and_a_southward_field_push_the_nose_in():
    pressure, bz = np.meshgrid(np.linspace(0.5, 30, 20), np.arange(-15, 1.0))
    for nose in (
        shue_magnetopause(0.0, pressure, bz),
        lin_magnetopause(0.0, 0.0, pressure, 0.01, bz),
    ):
        assert (np.diff(nose, axis=1) < 0).all()
        assert (np.diff(nose, axis=0) > 0).all()


MODELS = [
    lambda theta, pressure: shue_magnetopause(theta, pressure, -5.0),
    lambda theta, pressure: lin_magnetopause(theta, 30, pressure, 0.01, -5.0),
    jelinek_bow_shock,
]


@pytest.mark.parametrize("model", MODELS, ids=["shue", "lin", "jelinek"])
def test_outside_the_domain_there_is_no_surface(model):
    assert np.isnan(model(180.0, 2.0))
    assert np.isnan(model(250.0, 2.0))
    assert np.isnan(model([30.0, 30.0, 30.0], [0.0, -1.0, np.nan])).all()
    assert np.isfinite(model(179.0, 2.0))


def test_lin_has_no_surface_where_its_cusps_reach_through_earth():
    theta, phi = np.arange(0.0, 179.0), 90.0
    radius = lin_magnetopause(theta, phi, 0.05, 0.0, 0.0)
    assert np.isnan(radius[60:66]).any()  # the cusp is at 63 deg
    assert not np.isnan(radius[[0, 90]]).any()
    assert np.nanmin(radius) > 0.0


def test_lin_has_no_negative_theta_and_no_negative_dynamic_pressure():
    assert np.isnan(lin_magnetopause(-30.0, 0.0, 2.0, 0.01, 0.0))
    assert np.isnan(lin_magnetopause(30.0, 0.0, -2.0, 9.0, 0.0))


@pytest.mark.parametrize("model", MODELS, ids=["shue", "lin", "jelinek"])
@pytest.mark.parametrize("lazy", [False, True], ids=["numpy", "dask"])
def test_numbers_arrays_and_labelled_arrays_agree(model, lazy):
    theta = np.array([0.0, 40.0, 95.0])
    pressure = np.array([1.0, 5.0])
    expected = model(theta, pressure[:, None])
    assert [model(30.0, 2.0)] == pytest.approx(model([30], [2]))
    labelled = xr.DataArray(pressure, {"time": [0, 1]}, attrs={"units": "nPa"})
    if lazy:
        labelled = labelled.chunk(time=1)
        raw = model(theta, da.from_array(pressure[:, None], chunks=1))
        assert isinstance(raw, da.Array)
        np.testing.assert_allclose(raw.compute(), expected)
    angle = xr.DataArray(theta, dims="theta", attrs={"units": "deg"})
    seen = model(angle, labelled)
    assert (seen.chunks is not None) == lazy
    np.testing.assert_allclose(seen.transpose("time", "theta"), expected)
    assert (seen.name, seen.attrs["units"]) == ("radius", "R_E")


def test_points_lie_on_the_surface_they_are_made_of():
    theta = xr.DataArray(np.linspace(0, 120, 7), dims="theta")
    phi = xr.DataArray(np.arange(0, 360, 45), dims="phi")
    radius = lin_magnetopause(theta, phi, 2.0, 0.01, 0.0, dipole_tilt=10.0)
    points = surface_points(radius, theta, phi)
    assert points.dims[-1] == "component"
    assert (points.attrs["units"], points.attrs["frame"]) == ("R_E", "GSM")
    x, y, z = (points.sel(component=name, drop=True) for name in "xyz")
    xr.testing.assert_allclose(np.hypot(np.hypot(x, y), z), radius)
    np.testing.assert_allclose(x / radius, np.cos(np.radians(theta)) + 0 * phi)
    around = np.degrees(np.arctan2(z, y)).isel(theta=slice(1, None)) % 360
    np.testing.assert_allclose(around, 0 * theta[1:] + phi)


def test_points_of_a_round_surface_have_all_dimensions():
    theta, phi = np.array([0.0, 90.0]), np.array([[0.0], [90.0], [180.0]])
    points = surface_points(shue_magnetopause(theta, 2.0, 0.0), theta, phi)
    assert points.shape == (3, 2, 3)
    flank = shue_magnetopause(90.0, 2.0, 0.0)
    expected = [[0, flank, 0], [0, 0, flank], [0, -flank, 0]]
    np.testing.assert_allclose(points[:, 1], expected, atol=1e-12)
