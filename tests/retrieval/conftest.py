"""Images of surfaces that are known exactly, seen from several places."""

from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera
from smile_explore.physics import apex, boundaries, geodesy, line_of_sight
from smile_explore.schema import SXI_IMAGE, TRAJECTORY, UV_MAP

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


# --- ovals whose edges are known exactly, on a magnetic map --------------

#: Counts per rayleigh and minute in a pixel of 41 km: signal to noise 3 at
#: 150 R.
PER_RAYLEIGH = 0.06
FULL_WIDTH = 2.0 * np.sqrt(2.0 * np.log(2.0))


def _peak(mlt, centre, radius):
    """Latitude of a circle of some radius about a centre (dawn, noon)."""
    angle = np.radians((mlt - 6.0) * 15.0)
    along = np.cos(angle) * centre[0] + np.sin(angle) * centre[1]
    rest = radius**2 - centre[0] ** 2 - centre[1] ** 2
    return 90.0 - along - np.sqrt(rest + along**2)


def _geometry(mlat, mlt, time, distance):
    """Zenith angles of the Sun and of a view from over the pole."""
    glat, glon = apex.geographic(mlat, apex.longitude(mlt, time), time)
    upward = geodesy.unit_vector(glat, glon)
    sun = apex.sunward(time)
    seat = np.array([0.0, 0.0, 0.93]) + 0.3 * sun
    seat *= distance / np.linalg.norm(seat)
    sight = seat - geodesy.cartesian(glat, glon, 110.0)
    sight /= np.linalg.norm(sight, axis=-1, keepdims=True)
    return (upward @ sun).clip(-1, 1), (upward * sight).sum(-1)


def _scene(
    time="2012-12-16T22:00",
    *,
    height=400.0,
    f107=130.0,
    exposure=60.0,
    centre=(0.0, -3.5),
    radius=20.5,
    width=1.8,
    rng=1,
):
    """Map of an oval in sunlight, and its edges in each hour."""
    lat, hour = np.arange(50.25, 90, 0.5), np.arange(0.125, 24, 0.25)
    mlat, mlt = np.meshgrid(lat, hour, indexing="ij")
    sun, view = _geometry(mlat, mlt, time, 19.0)
    share = 0.6 + 0.4 * np.cos((mlt - 23.0) * np.pi / 12.0)
    away = (mlat - _peak(mlt, centre, radius)) / width
    aurora = height * share * np.exp(-0.5 * away**2)
    # the fit to GLOW, halved as the source model halves it
    smooth = (sun + np.sqrt(sun**2 + 0.082**2)) / 2.0
    glow = 0.5 * max(-50.4 + 10.11 * f107, 0.0) * smooth**1.091
    total = (aurora + glow) / np.sqrt(view**2 + 0.04)
    total = np.where(view > np.cos(np.radians(75.0)), total, np.nan)
    cell = (6481.0**2) * np.radians(0.5) * np.radians(3.75)
    pixels = cell * np.cos(np.radians(mlat)) * view / 41.0**2
    rate = PER_RAYLEIGH * exposure / 60.0 * np.maximum(pixels, 0.3)
    error = np.sqrt(np.maximum(total, 1.0) / rate)
    if rng is not None:
        draw = np.random.default_rng(rng).poisson(np.nan_to_num(total) * rate)
        total = np.where(np.isfinite(total), draw / rate, np.nan)
    columns = {
        "radiance": total,
        "uncertainty": error,
        "coverage": np.isfinite(total) * 1.0,
        "solar_zenith_angle": np.degrees(np.arccos(sun)),
        "view_zenith_angle": np.degrees(np.arccos(view)),
    }
    uv_map = xr.Dataset(
        {name: (("mlat", "mlt"), v) for name, v in columns.items()},
        coords={"mlat": lat, "mlt": hour, "time": np.datetime64(time, "ns")},
    )
    hours = np.arange(0.5, 24.0)
    middle = _peak(hours, centre, radius)
    dark = (
        uv_map["solar_zenith_angle"]
        .sel(
            mlat=xr.DataArray(middle, dims="mlt"),
            mlt=xr.DataArray(hours, dims="mlt"),
            method="nearest",
        )
        .values
        > 95.0
    )
    return SimpleNamespace(
        uv_map=UV_MAP.stamp(uv_map),
        poleward=middle + FULL_WIDTH * width,
        equatorward=middle - FULL_WIDTH * width,
        dark=dark,
    )


@pytest.fixture(scope="session")
def uv_scene():
    return _scene
