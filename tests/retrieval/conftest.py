"""Images of surfaces that are known exactly, seen from several places."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.physics import boundaries, line_of_sight
from smile_explore.schema import SXI_IMAGE, TRAJECTORY

STANDOFF, FLARING, TILT = 7.849, 0.6, 15.0
PLACES = {
    "dawn and north": (6.57, -5.94, 17.33),
    "dawn": (4.0, -12.0, 14.0),
    "flank": (10.0, -30.0, 0.0),
    "over the pole": (0.0, 0.0, 19.0),
}
CAMERA = camera.Camera("SXI", 27.0, 16.0, 0.4)
#: Counts of 300 s per keV cm-2 s-1 sr-1 in a pixel of 0.25 deg at 15 cm2 of
#: area, 0.89 of quantum efficiency and 0.5 keV a photon.
COUNTS = 5.8 / 37.7


def shue_level(x, y, z, flaring=FLARING):
    """Standoff distance of the surface of Shue et al. through a point."""
    radius = np.sqrt(x**2 + y**2 + z**2)
    return radius * ((1 + x / np.maximum(radius, 1e-6)) / 2) ** flaring


def lin_level(x, y, z):
    """Level of the cusped surface, `STANDOFF` on it."""
    radius = np.sqrt(x**2 + y**2 + z**2)
    theta = np.degrees(np.arccos((x / np.maximum(radius, 0.1)).clip(-1, 1)))
    phi = np.degrees(np.arctan2(z, y + 0 * radius))
    surface = boundaries.lin_magnetopause(
        theta.clip(0, 179), phi, 12.0, 0.0, 0.0, dipole_tilt=TILT
    )
    return radius * STANDOFF / surface


def sharp(inside_level, spacing=0.25):
    """A sharp dark inside, a sheath, and dim wind. [eV cm-3 s-1]"""
    x, y, z = (
        xr.DataArray(axis, dims=name, coords={name: axis})
        for name, axis in (
            ("x", np.arange(-6.0, 14.01, spacing)),
            ("y", np.arange(-16.0, 16.01, spacing)),
            ("z", np.arange(-16.0, 16.01, spacing)),
        )
    )
    radius = np.maximum(np.sqrt(x**2 + y**2 + z**2), 1.0)
    sheath = 1e-5 * (radius / 10) ** -4
    wind = 0.25e-5 * (radius / 10) ** -3
    bright = xr.where(shue_level(x, y, z, 0.68) > 10.3, wind, sheath)
    # Half of a boundary cell is outside: the edge is a cell wide, not a step.
    outside = (inside_level(x, y, z) - STANDOFF) / spacing + 0.5
    field = (bright * outside.clip(0, 1)).transpose("x", "y", "z")
    field.attrs["units"] = "eV cm-3 s-1"
    return field.astype(np.float32)


def pointing_from(place, target=(7.8, 0.0, 0.0)):
    dims = ("component",)
    trajectory = xr.Dataset(
        {"position": (dims, np.array(place)), "velocity": (dims, np.zeros(3))},
        coords={"component": ["x", "y", "z"]},
    )
    for name in trajectory:
        trajectory[name].attrs["frame"] = "GSM"
    up = (1.0, 0.0, 0.0)
    return camera.aim(TRAJECTORY.stamp(trajectory), target=target, up=up)


def image_of(emissivity, pointing):
    seen = line_of_sight.integrate(
        emissivity,
        pointing["position"],
        camera.pixel_directions(CAMERA, pointing),
    )
    return SXI_IMAGE.stamp(xr.Dataset({"intensity": seen}))


def counted(image, seed, exposure=300.0):
    rng = np.random.default_rng(seed)
    share = COUNTS * (CAMERA.pixel / 0.25) ** 2 * exposure / 300.0
    counts = rng.poisson(share * image.intensity).astype(float)
    return image.assign(
        counts=(image.intensity.dims, counts), exposure=exposure
    )


@pytest.fixture(scope="session")
def sky():
    """What the tests of all methods share."""
    emissivity = sharp(shue_level)
    views = {}
    for name, place in PLACES.items():
        pointing = pointing_from(place)
        views[name] = (image_of(emissivity, pointing), pointing)
    return SimpleNamespace(
        standoff=STANDOFF,
        flaring=FLARING,
        nose=float(
            boundaries.lin_magnetopause(
                0.0, 0.0, 12.0, 0.0, 0.0, dipole_tilt=TILT
            )
        ),
        tilt=TILT,
        views=views,
        emissivity=emissivity,
        camera=CAMERA,
        pointing_from=pointing_from,
        image_of=image_of,
        counted=counted,
    )


@pytest.fixture(scope="session")
def cusped():
    """Emissivity outside a surface of Lin et al., tilted by `TILT`."""
    return sharp(lin_level)
