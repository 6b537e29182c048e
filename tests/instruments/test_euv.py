"""Light of the plasmasphere becomes rayleighs, photons and long exposures."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera, euv
from smile_explore.physics import plasmasphere
from smile_explore.physics.plasmasphere import PHOTON_ENERGY
from smile_explore.schema import TRAJECTORY

CAMERA = camera.Camera("EUV", 27.0, 16.0, 1.0)
R_E = 6.3712e8  # cm


def flown(*places, target=(0.0, 0.0, 0.0)):
    """Pointing from one place, or from several along time."""
    dims = ("time", "component") if len(places) > 1 else ("component",)
    position = np.array(places if len(places) > 1 else places[0], float)
    trajectory = xr.Dataset(
        {"position": (dims, position), "velocity": (dims, 0 * position)},
        coords={"component": ["x", "y", "z"]},
    )
    for name in trajectory:
        trajectory[name].attrs["frame"] = "GSM"
    if len(places) > 1:
        start = np.datetime64("2026-09-01T00:00", "ns")
        step = np.timedelta64(300, "s")
        trajectory["time"] = start + step * np.arange(len(places))
    return camera.aim(TRAJECTORY.stamp(trajectory), target=target)


def uniform(photons):
    """Scatter so many photons [cm-3 s-1] everywhere in a box of 20 R_E."""
    axis = np.arange(-10.0, 10.1, 1.0)
    return xr.DataArray(
        np.full((axis.size,) * 3, photons * PHOTON_ENERGY),
        dict.fromkeys("xyz", axis),
        attrs={"units": "eV cm-3 s-1"},
    )


def test_a_column_of_ions_has_the_brightness_of_its_photons():
    """10 R_E at 1e-3 cm-3 s-1 is 6.4e6 photons per cm2 and s: 6.4 R."""
    pointing = flown((0.0, 0.0, 0.0 + 2.0), target=(0.0, 10.0, 2.0))
    image = euv.radiance(uniform(1e-3), pointing, camera=CAMERA)
    middle = image.radiance.interp(fov_lon=0.0, fov_lat=0.0)
    assert middle.item() == pytest.approx(10 * R_E * 1e-9, rel=2e-2)


def test_lines_of_sight_that_meet_earth_are_not_known():
    image = euv.radiance(uniform(1e-3), flown((0.0, -8.0, 0.0)), camera=CAMERA)
    away = np.hypot(image.fov_lon, image.fov_lat)
    limb = np.degrees(np.arcsin(1 / 8))
    assert image.radiance.where(away < limb - 0.7).isnull().all()
    assert image.radiance.where(away > limb + 0.7, 1.0).notnull().all()


def test_seen_from_far_it_is_as_bright_as_published():
    """He et al. (2013) simulate a greatest brightness of 12.3 R."""
    axis = np.arange(-8.0, 8.01, 0.25)
    light = plasmasphere.emissivity(axis, axis, axis, kp=1.0)
    image = euv.radiance(light, flown((0.0, -30.0, 5.0)), camera=CAMERA)
    assert 3.0 < image.radiance.max() < 40.0


def test_counts_are_photons_through_area_time_and_solid_angle():
    pointing = flown((0.0, 0.0, 2.0), target=(0.0, 10.0, 2.0))
    image = euv.radiance(uniform(1e-3), pointing, camera=CAMERA)
    image["radiance"] = xr.full_like(image.radiance, 4 * np.pi)
    image = image.assign(radiance=image.radiance.assign_attrs(units="R"))
    counted = euv.expected_counts(
        image, effective_area=0.5, exposure=100.0, background=4 * np.pi
    )
    whole = np.radians(27.0) * 2 * np.sin(np.radians(8.0))  # sr
    expected = 2 * 1e6 * 0.5 * 100.0 * whole
    assert counted.expected_counts.sum().item() == pytest.approx(expected)
    assert counted.expected_counts.effective_area == 0.5


@pytest.fixture(scope="module")
def frames():
    """Three frames of the plasmasphere near perigee, in the south."""
    axis = np.arange(-8.0, 8.01, 0.5)
    light = plasmasphere.emissivity(axis, axis, axis, kp=3.0)
    places = [(3.0, -1.0, -3.0), (2.0, 0.0, -3.5), (1.0, 1.0, -3.5)]
    pointing = flown(*places, target=(5.0, 0.0, 0.0))
    image = euv.radiance(light, pointing, camera=CAMERA)
    length = xr.DataArray([100.0, 200.0, 300.0], dims="time")
    return euv.expected_counts(image, effective_area=1.0, exposure=length)


def test_accumulated_frames_keep_every_photon(frames):
    summed = euv.accumulate(frames)
    assert summed.exposure.item() == 600.0
    known = frames.expected_counts.notnull().all("time")
    total = frames.expected_counts.where(known).sum()
    assert summed.expected_counts.sum().item() == pytest.approx(total.item())
    assert summed.frames == 3
    assert summed.stop.startswith("2026-09-01T00:10")


def test_the_mean_radiance_gives_the_accumulated_counts(frames):
    summed = euv.accumulate(frames)
    again = euv.expected_counts(
        summed[["radiance"]], effective_area=1.0, exposure=600.0
    )
    np.testing.assert_allclose(again.expected_counts, summed.expected_counts)


def test_motion_smears_what_stands_still(frames):
    """The sharpest edge of the sum is less sharp than those of the frames."""
    steepest = abs(frames.radiance.diff("fov_lon")).max(("fov_lon", "fov_lat"))
    smeared = abs(euv.accumulate(frames).radiance.diff("fov_lon")).max()
    assert smeared < steepest.max()


def test_lazy_emissivity_gives_the_same_image():
    pointing = flown((0.0, -8.0, 3.0))
    field = uniform(1e-3)
    lazy = euv.radiance(field.chunk({"x": 7}), pointing, camera=CAMERA)
    now = euv.radiance(field, pointing, camera=CAMERA)
    np.testing.assert_allclose(lazy.radiance, now.radiance, rtol=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"effective_area": 0.0}, "effective_area must be positive, got 0"),
        ({"effective_area": 1.0, "exposure": -3.0}, "exposure must be pos"),
        ({"effective_area": 1.0, "background": -1.0}, "must not be negative"),
    ],
)
def test_settings_that_cannot_be_are_refused(frames, settings, message):
    with pytest.raises(ValueError, match=message):
        euv.expected_counts(frames, **settings)


def test_what_cannot_be_accumulated_is_refused(frames):
    with pytest.raises(ValueError, match="no expected_counts to add"):
        euv.accumulate(frames.drop_vars("expected_counts"))
    with pytest.raises(ValueError, match="needs a series along time"):
        euv.accumulate(frames.isel(time=0))
