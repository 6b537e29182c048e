"""Boundaries that are known exactly, as a spacecraft would measure them."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.constants import PROTON_MASS, VACUUM_PERMEABILITY
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, MOMENTS

START = np.datetime64("2012-06-16T22:00", "ns")


def axes_of(normal):
    """L, M and N with L as far north as may be, right-handed."""
    n = np.asarray(normal, float) / np.linalg.norm(normal)
    el = np.array([0.0, 0.0, 1.0]) - n[2] * n
    el /= np.linalg.norm(el)
    return np.stack([el, np.cross(n, el), n])


def ramp(count, at, width):
    """From 0 to 1, half way at the sample `at`."""
    return 0.5 * (1.0 + np.tanh((np.arange(count) - at) / width))


def datasets(density, temperature, velocity, field, spacing=2.0):
    times = START + (np.arange(len(density)) * spacing * 1e9).astype("m8[ns]")
    coords = {"time": times, "component": list(COMPONENTS)}
    vector, gsm = ("time", "component"), {"frame": "GSM"}
    moments = xr.Dataset(
        {
            "density": ("time", np.asarray(density, float)),
            "velocity": (vector, np.asarray(velocity, float), gsm),
            "temperature": ("time", np.asarray(temperature, float)),
        },
        coords=coords,
    )
    magnetic = xr.Dataset(
        {"magnetic_field": (vector, np.asarray(field, float), gsm)},
        coords=coords,
    )
    return MOMENTS.stamp(moments), MAGNETIC_FIELD.stamp(magnetic)


def alfven(field, density):
    rho = np.asarray(density)[:, None] * 1e6 * PROTON_MASS
    return field * 1e-9 / np.sqrt(VACUUM_PERMEABILITY * rho) * 1e-3


def rotational(
    normal=(0.8, 0.2, 0.4),
    frame=(-30.0, 60.0, 120.0),
    *,
    sign=1.0,
    along=8.0,
    count=600,
    at=300.5,
    density=20.0,
):
    """A field of constant length that turns by 120 deg, and the flow."""
    axes = axes_of(normal)
    angle = np.radians(-60.0 + 120.0 * ramp(count, at, 8.0))
    lmn = np.stack(
        [
            40.0 * np.cos(angle),
            40.0 * np.sin(angle),
            np.full(count, along),
        ],
        axis=1,
    )
    field = lmn @ axes
    n = np.full(count, density)
    flow = np.asarray(frame) + sign * alfven(field, n)
    return datasets(n, np.full(count, 200.0), flow, field)


def magnetopause(
    normal=(0.9, 0.3, 0.3),
    frame=(15.0, 60.0, 40.0),
    *,
    inbound=True,
    count=600,
    at=300.5,
):
    """A tangential discontinuity between sheath and magnetosphere."""
    axes = axes_of(normal)
    inside = ramp(count, at, 5.0)
    if not inbound:
        inside = inside[::-1]
    density = np.exp(np.log(25.0) + inside * np.log(0.5 / 25.0))
    temperature = np.exp(np.log(200.0) + inside * np.log(4000.0 / 200.0))
    # 20 nT in the sheath, 50 nT behind it, sheared, none along the normal
    angle = np.radians(130.0 - 130.0 * inside)
    size = 20.0 + 30.0 * inside
    lmn = np.stack(
        [size * np.cos(angle), size * np.sin(angle), 0.0 * angle], axis=1
    )
    field = lmn @ axes
    across = np.outer(1.0 - inside, 60.0 * axes[1])
    flow = np.asarray(frame) @ np.outer(axes[2], axes[2]) + across
    return datasets(density, temperature, flow, field)


def shock(normal=(0.95, 0.2, 0.24), speed=-35.0, *, count=600, at=300.5):
    """A perpendicular-ish shock by the Rankine-Hugoniot relations.

    Mass, tangential momentum, normal field and tangential electric field are
    kept exactly for a compression of 3; the pressure is not needed.
    """
    axes = axes_of(normal)
    n = axes[2]
    up_v, up_b, up_n = (
        np.array([-450.0, 10.0, 20.0]),
        np.array([-3.0, 4.0, 6.0]),
        8.0,
    )
    ratio = 3.0
    un = up_v @ n - speed
    bn = up_b @ n
    bt = up_b - bn * n
    vt = up_v - (up_v @ n) * n
    rho = up_n * 1e6 * PROTON_MASS
    a2 = (bn * 1e-9) ** 2 / (VACUUM_PERMEABILITY * rho) * 1e-6
    grow = ratio * (un**2 - a2) / (un**2 - ratio * a2)
    down_t = grow * bt
    down_v = (
        (un / ratio + speed) * n
        + vt
        + bn
        * (down_t - bt)
        * 1e-18
        / (VACUUM_PERMEABILITY * rho * un * 1e3)
        * 1e-3
    )
    down_b = bn * n + down_t
    f = ramp(count, at, 2.0)[:, None]
    density = (up_n * (1 + (ratio - 1) * f))[:, 0]
    temperature = (10.0 + 290.0 * f)[:, 0]
    velocity = up_v + (down_v - up_v) * f
    field = up_b + (down_b - up_b) * f
    return datasets(density, temperature, velocity, field)


def noisy(moments, field, rng, *, flow=5.0, share=0.05, nano=0.3):
    rng = np.random.default_rng(rng)
    size = moments.sizes["time"]
    moments = moments.assign(
        density=moments.density * np.exp(rng.normal(0, share, size)),
        temperature=moments.temperature * np.exp(rng.normal(0, share, size)),
        velocity=moments.velocity
        + rng.normal(0, flow, moments.velocity.shape),
    )
    moments.velocity.attrs["frame"] = "GSM"
    field = field.assign(
        magnetic_field=field.magnetic_field
        + rng.normal(0, nano, field.magnetic_field.shape)
    )
    field.magnetic_field.attrs["frame"] = "GSM"
    return MOMENTS.stamp(moments), MAGNETIC_FIELD.stamp(field)
