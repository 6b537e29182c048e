# mypy: allow-untyped-defs
"""Compiled kernel of `magnetosphere.analytic_cube`, imported on first use.

Everything the kernel needs about the boundaries comes in two tables over
(theta, phi), so that any boundary function works at the same speed. Cubic
convolution keeps value and gradient of the tables continuous, and because
the flow and the field are curls of ``W A`` with one smooth scalar ``W``,
their divergence is zero whatever the tables hold.

The loop releases the interpreter lock and is shared among threads by the
caller: no numba threading layer is involved, so dask may call it from
several threads at once.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

__all__ = ["COEFFICIENTS", "STATE", "fill"]

#: Order of the numbers in the state vector of one moment.
STATE = (
    "density",
    "velocity_x",
    "velocity_y",
    "velocity_z",
    "temperature",
    "field_x",
    "field_y",
    "field_z",
    "inner_density",
    "inner_temperature",
    "enthalpy_to_temperature",
    "origin",
    "mirror",
    "moment_x",
    "moment_z",
    "width",
)
#: Rows of the coefficient array. Its columns are the weights of (1 - q)^2,
#: 2 q (1 - q) and q^2: the first is the value at the nose, the last that at
#: theta >= 120 deg, and none between exceeds the range of the three.
COEFFICIENTS = ("density", "flow", "field")

#: q(theta) = sin^2(0.75 theta), flat beyond 120 deg.
_Q_RATE = 0.75
_Q_END = math.radians(120.0)
#: Points closer to the axis than this angle are moved off it, because the
#: direction of phi is not defined there. [rad]
_OFF_AXIS = 1e-5
#: 1/r below which a boundary counts as infinitely far. [1/R_E]
_NOWHERE = 1e-6

_options: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "error_model": "numpy",
}


@njit(inline="always", **_options)
def _weights(t):
    """Cubic convolution (Keys 1981): four weights and their slopes."""
    s = t * t
    c = s * t
    return (
        (
            -0.5 * t + s - 0.5 * c,
            1.0 - 2.5 * s + 1.5 * c,
            0.5 * t + 2.0 * s - 1.5 * c,
            -0.5 * s + 0.5 * c,
        ),
        (
            -0.5 + 2.0 * t - 1.5 * s,
            -5.0 * t + 4.5 * s,
            0.5 + 4.0 * t - 4.5 * s,
            -t + 1.5 * s,
        ),
    )


@njit(**_options)
def _look_up(table, k, i, j, wt, dwt, wp, dwp):
    """Value of column k of a table and its slopes in theta and phi."""
    value = 0.0
    slope_theta = 0.0
    slope_phi = 0.0
    for a in range(4):
        row = 0.0
        row_slope = 0.0
        for b in range(4):
            entry = table[i + a, j + b, k]
            row += wp[b] * entry
            row_slope += dwp[b] * entry
        value += wt[a] * row
        slope_theta += dwt[a] * row
        slope_phi += wt[a] * row_slope
    return value, slope_theta, slope_phi


@njit(inline="always", **_options)
def _ramp(distance, width):
    """Smooth step, 0 to 1 over `width`, 1/2 at distance 0."""
    if width <= 0.0:
        return 1.0 if distance >= 0.0 else 0.0
    t = distance / width + 0.5
    if t <= 0.0:
        return 0.0
    if t >= 1.0:
        return 1.0
    return t * t * (3.0 - 2.0 * t)


@njit(inline="always", **_options)
def _beyond(radius, surface):
    """Distance from a boundary along its normal, positive outside."""
    return (radius - surface[0]) / math.sqrt(
        1.0 + surface[1] ** 2 + surface[2] ** 2
    )


@njit(inline="always", **_options)
def _mix(ax, ay, az, bx, by, bz, share):
    return (
        ax + (bx - ax) * share,
        ay + (by - ay) * share,
        az + (bz - az) * share,
    )


@njit(**_options)
def _inner_field(x, y, z, mx, mz, mirror):
    """Dipole at the origin and its image behind the plane x = mirror."""
    r2 = x * x + y * y + z * z
    if r2 < 1.0:
        return np.nan, np.nan, np.nan
    r5 = r2 * r2 * math.sqrt(r2)
    along = 3.0 * (mx * x + mz * z)
    bx = (along * x - mx * r2) / r5
    by = along * y / r5
    bz = (along * z - mz * r2) / r5
    # The image keeps the component along the plane, reverses the normal one.
    u = x - 2.0 * mirror
    r2 = u * u + y * y + z * z
    r5 = r2 * r2 * math.sqrt(r2)
    along = 3.0 * (-mx * u + mz * z)
    return (
        bx + (along * u + mx * r2) / r5,
        by + along * y / r5,
        bz + (along * z - mz * r2) / r5,
    )


@njit(inline="always", **_options)
def _curl(w, gx, gy, gz, fx, fy, fz, rx, ry, rz):
    """Curl of W A, A = (F x R) / 2: W F + grad W x (F x R) / 2."""
    g_r = gx * rx + gy * ry + gz * rz
    g_f = gx * fx + gy * fy + gz * fz
    return (
        w * fx + 0.5 * (fx * g_r - rx * g_f),
        w * fy + 0.5 * (fy * g_r - ry * g_f),
        w * fz + 0.5 * (fz * g_r - rz * g_f),
    )


@njit(**_options)
def _node(table, theta, phi):
    """Place in a table: first nodes, weights, and nodes per radian."""
    per_theta = (table.shape[0] - 3) / math.pi
    per_phi = (table.shape[1] - 3) / (2.0 * math.pi)
    i = min(int(theta * per_theta), table.shape[0] - 4)
    j = min(int(phi * per_phi), table.shape[1] - 4)
    wt, dwt = _weights(theta * per_theta - i)
    wp, dwp = _weights(phi * per_phi - j)
    to_phi = per_phi / max(math.sin(theta), 1e-12)
    return i, j, wt, dwt, wp, dwp, per_theta, to_phi


@njit(**_options)
def _surface(table, column, node):
    """Radius of a boundary, and its slopes in theta and phi over it."""
    i, j, wt, dwt, wp, dwp, per_theta, to_phi = node
    u, ut, up = _look_up(table, column, i, j, wt, dwt, wp, dwp)
    # The tables hold 1/r, which stays finite down the tail.
    u = max(u, _NOWHERE)
    return 1.0 / u, -ut / u * per_theta, -up / u * to_phi


@njit(inline="always", **_options)
def _bernstein(row, q):
    """Value of a profile's coefficient at q, and its slope."""
    value = (
        row[0] * (1.0 - q) ** 2 + row[1] * 2.0 * q * (1.0 - q) + row[2] * q * q
    )
    return value, 2.0 * ((row[1] - row[0]) * (1.0 - q) + (row[2] - row[1]) * q)


@njit(**_options)
def _profile(f, q, qt, row, end):
    """W and its slopes in f, theta and phi at constant f.

    The cubic from 0 to 1 with the slopes `row` at the magnetopause and `end`
    at the bow shock.
    """
    a, aq = _bernstein(row, q)
    inner = f * (1.0 - f) ** 2
    outer = f * f * (f - 1.0)
    w = f * f * (3.0 - 2.0 * f) + a * inner + end[0] * outer
    wf = (
        6.0 * f * (1.0 - f)
        + a * (1.0 - f) * (1.0 - 3.0 * f)
        + end[0] * f * (3.0 * f - 2.0)
    )
    return w, wf, inner * aq * qt + outer * end[1], outer * end[2]


@njit(**_options)
def _sheath(x, y, z, radius, theta, node, low, high, shock, rows, state):
    """Density, velocity, temperature and field between the boundaries."""
    r_mp, mt, mp = low
    r_bs, ht, hp = high
    thick = r_bs - r_mp
    f = min(max((radius - r_mp) / thick, 0.0), 1.0)
    bent = min(theta, _Q_END)
    q = math.sin(_Q_RATE * bent) ** 2
    qt = _Q_RATE * math.sin(2.0 * _Q_RATE * bent)
    # Gradient of f along the unit vectors of r, theta and phi.
    fr = 1.0 / thick
    ft = -((1.0 - f) * r_mp * mt + f * r_bs * ht) / (thick * radius)
    fp = -((1.0 - f) * r_mp * mp + f * r_bs * hp) / (thick * radius)
    axis = math.sqrt(y * y + z * z)
    p_y, p_z = -z / axis, y / axis
    t_x, t_y, t_z = -axis / radius, x / radius * p_z, -x / radius * p_y
    i, j, wt, dwt, wp, dwp, per_theta, to_phi = node
    n0, vx0, vy0, vz0, t0, bx0, by0, bz0 = state[:8]
    jx, jy, jz, hx, hy, hz = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for m in range(2):
        e, et, ep = _look_up(shock, m + 1, i, j, wt, dwt, wp, dwp)
        end = (e, et * per_theta, ep * to_phi)
        w, wf, wt_, wp_ = _profile(f, q, qt, rows[m + 1], end)
        gr, gt, gp = wf * fr, wf * ft + wt_ / radius, wf * fp + wp_ / radius
        gx = gr * x / radius + gt * t_x
        gy = gr * y / radius + gt * t_y + gp * p_y
        gz = gr * z / radius + gt * t_z + gp * p_z
        if m == 0:
            jx, jy, jz = _curl(w, gx, gy, gz, vx0, vy0, vz0, x, y, z)
        else:
            u = x + state[11]  # from the origin of the vector potential
            hx, hy, hz = _curl(w, gx, gy, gz, bx0, by0, bz0, u, y, z)
    ratio, _, _ = _look_up(shock, 0, i, j, wt, dwt, wp, dwp)
    drop, _ = _bernstein(rows[0], q)
    n = n0 * (1.0 + (ratio - 1.0) * (1.0 + drop * (1.0 - f)))
    # Nothing flows faster than upstream: it would have to be colder.
    v2 = vx0 * vx0 + vy0 * vy0 + vz0 * vz0
    j2 = jx * jx + jy * jy + jz * jz
    if v2 > 0.0:
        n = max(n, n0 * math.sqrt(j2 / v2))
    s = n0 / n
    t = t0 + (v2 - j2 * s * s) * state[10]
    return n, jx * s, jy * s, jz * s, t, hx, hy, hz


@njit(**_options)
def _cell(x, y, z, boundaries, shock, rows, state, out, o):
    """Mix magnetosphere, magnetosheath and solar wind in one cell."""
    n, vx, vy, vz, t, bx, by, bz = state[:8]
    n_in, t_in, _, _, mirror, mx, mz, width = state[8:16]
    radius = math.sqrt(x * x + y * y + z * z)
    if math.sqrt(y * y + z * z) <= _OFF_AXIS * radius:
        y, z = max(_OFF_AXIS * radius, _OFF_AXIS), 0.0
    theta = math.atan2(math.sqrt(y * y + z * z), x)
    phi = math.atan2(z, y)
    node = _node(boundaries, theta, phi + 2.0 * math.pi * (phi < 0.0))
    low = _surface(boundaries, 0, node)
    high = _surface(boundaries, 1, node)
    outside = _ramp(_beyond(radius, low), width)
    upstream = _ramp(_beyond(radius, high), width)
    if outside > 0.0 and upstream < 1.0:
        n_s, sx, sy, sz, t_s, hx, hy, hz = _sheath(
            x, y, z, radius, theta, node, low, high, shock, rows, state
        )
        mixed = n_s + (n - n_s) * upstream
        share = upstream * n / mixed
        n = mixed
        vx, vy, vz = _mix(sx, sy, sz, vx, vy, vz, share)
        t = t_s + (t - t_s) * share
        bx, by, bz = _mix(hx, hy, hz, bx, by, bz, upstream)
    share = 1.0
    if outside < 1.0:
        mixed = n_in + (n - n_in) * outside
        share = outside * n / mixed if mixed > 0.0 else 0.0
        n = mixed
        vx, vy, vz = vx * share, vy * share, vz * share
        t = t_in + (t - t_in) * share
        hx, hy, hz = _inner_field(x, y, z, mx, mz, mirror)
        bx, by, bz = _mix(hx, hy, hz, bx, by, bz, outside)
    out[0][o] = n
    out[1][o, 0], out[1][o, 1], out[1][o, 2] = vx, vy, vz
    out[2][o] = t
    out[3][o, 0], out[3][o, 1], out[3][o, 2] = bx, by, bz
    out[4][o] = share


@njit(
    "void(f8[::1], f8[::1], f8[::1], i8, i8, f8[:,:,::1], f8[:,:,::1],"
    " f8[:,::1], f8[::1], f4[::1], f4[:,::1], f4[::1], f4[:,::1], f4[::1])",
    **_options,
)
def fill(
    x,
    y,
    z,
    first,
    last,
    boundaries,
    shock,
    coefficients,
    state,
    density,
    velocity,
    temperature,
    magnetic_field,
    solar_wind_fraction,
):
    """Fill the planes x[first:last] of the five variables.

    Parameters
    ----------
    x, y, z : ndarray
        Axes, GSM. [R_E]
    first, last : int
        Planes along x to fill.
    boundaries, shock : ndarray, shape (theta + 3, phi + 3, 2 and 3)
        Tables with one leading and two trailing ghost nodes: 1/r of
        magnetopause and bow shock; compression and the slopes of W for flow
        and field at the shock.
    coefficients : ndarray, shape (3, 3)
        Profiles in the order of `COEFFICIENTS`.
    state : ndarray
        Numbers in the order of `STATE`.
    density, velocity, temperature, magnetic_field, solar_wind_fraction
        Flat output arrays of the whole grid; vectors as (cell, 3).
    """
    out = (density, velocity, temperature, magnetic_field, solar_wind_fraction)
    for i in range(first, last):
        for j in range(y.size):
            for k in range(z.size):
                _cell(
                    x[i],
                    y[j],
                    z[k],
                    boundaries,
                    shock,
                    coefficients,
                    state,
                    out,
                    (i * y.size + j) * z.size + k,
                )
