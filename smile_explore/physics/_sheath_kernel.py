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
def _cell(x, y, z, boundaries, shock, coefficients, state, out, o):
    n0, vx0, vy0, vz0, t0, bx0, by0, bz0 = state[:8]
    n_in, t_in, per_energy, origin, mirror, mx, mz, width = state[8:16]
    radius = math.sqrt(x * x + y * y + z * z)
    axis = math.sqrt(y * y + z * z)
    if axis < _OFF_AXIS * radius or axis == 0.0:
        y, z = _OFF_AXIS * radius, 0.0
        axis = y
    theta = math.atan2(axis, x)
    sine = max(math.sin(theta), 1e-12)
    phi = math.atan2(z, y)
    if phi < 0.0:
        phi += 2.0 * math.pi
    # --- the two boundaries in this direction ---------------------------
    rows = boundaries.shape[0] - 3
    columns = boundaries.shape[1] - 3
    per_theta = rows / math.pi
    per_phi = columns / (2.0 * math.pi)
    i = min(int(theta * per_theta), rows - 1)
    j = min(int(phi * per_phi), columns - 1)
    wt, dwt = _weights(theta * per_theta - i)
    wp, dwp = _weights(phi * per_phi - j)
    u, ut, up = _look_up(boundaries, 0, i, j, wt, dwt, wp, dwp)
    s, st, sp = _look_up(boundaries, 1, i, j, wt, dwt, wp, dwp)
    # The tables hold 1/r, which stays finite down the tail.
    tail = u < _NOWHERE or s < _NOWHERE
    u, s = max(u, _NOWHERE), max(s, _NOWHERE)
    # Slopes of ln r per radian.
    to_phi = per_phi / sine
    mt, mp = -ut / u * per_theta, -up / u * to_phi
    ht, hp = -st / s * per_theta, -sp / s * to_phi
    r_mp = 1.0 / u
    r_bs = 1.0 / s
    from_mp = (radius - r_mp) / math.sqrt(1.0 + mt * mt + mp * mp)
    from_bs = (radius - r_bs) / math.sqrt(1.0 + ht * ht + hp * hp)
    if tail:
        from_mp, from_bs = -np.inf, -np.inf
    outside = _ramp(from_mp, width)
    upstream = _ramp(from_bs, width)
    # --- magnetosheath, between the two or within a ramp of them --------
    n, vx, vy, vz, t = n0, vx0, vy0, vz0, t0
    bx, by, bz = bx0, by0, bz0
    if outside > 0.0 and upstream < 1.0:
        kc = _look_up(shock, 0, i, j, wt, dwt, wp, dwp)
        kf = _look_up(shock, 1, i, j, wt, dwt, wp, dwp)
        kb = _look_up(shock, 2, i, j, wt, dwt, wp, dwp)
        thick = r_bs - r_mp
        f = (radius - r_mp) / thick
        f = min(max(f, 0.0), 1.0)
        bent = min(theta, _Q_END)
        q = math.sin(_Q_RATE * bent) ** 2
        qt = _Q_RATE * math.sin(2.0 * _Q_RATE * bent)
        q0, q1, q2 = (1.0 - q) ** 2, 2.0 * q * (1.0 - q), q * q
        c = coefficients
        drop = c[0, 0] * q0 + c[0, 1] * q1 + c[0, 2] * q2
        n_s = n0 * (1.0 + (kc[0] - 1.0) * (1.0 + drop * (1.0 - f)))
        # Unit vectors, and the gradient of f in their frame.
        e_x, e_y, e_z = x / radius, y / radius, z / radius
        p_y, p_z = -z / axis, y / axis
        t_x = -axis / radius
        t_y, t_z = x / radius * y / axis, x / radius * z / axis
        fr = 1.0 / thick
        ft = -((1.0 - f) * r_mp * mt + f * r_bs * ht) / (thick * radius)
        fp = -((1.0 - f) * r_mp * mp + f * r_bs * hp) / (thick * radius)
        base = f * f * (3.0 - 2.0 * f)
        base_f = 6.0 * f * (1.0 - f)
        inner = f * (1.0 - f) ** 2
        inner_f = (1.0 - f) * (1.0 - 3.0 * f)
        outer = f * f * (f - 1.0)
        outer_f = f * (3.0 * f - 2.0)
        for m in range(2):
            end = kf if m == 0 else kb
            k = m + 1
            a = c[k, 0] * q0 + c[k, 1] * q1 + c[k, 2] * q2
            aq = 2.0 * (
                (c[k, 1] - c[k, 0]) * (1.0 - q) + (c[k, 2] - c[k, 1]) * q
            )
            w = base + a * inner + end[0] * outer
            wf = base_f + a * inner_f + end[0] * outer_f
            gr = wf * fr
            gt = (
                wf * ft
                + (inner * aq * qt + outer * end[1] * per_theta) / radius
            )
            gp = wf * fp + outer * end[2] * to_phi / radius
            gx = gr * e_x + gt * t_x
            gy = gr * e_y + gt * t_y + gp * p_y
            gz = gr * e_z + gt * t_z + gp * p_z
            if m == 0:
                jx, jy, jz = _curl(w, gx, gy, gz, vx0, vy0, vz0, x, y, z)
            else:
                hx, hy, hz = _curl(
                    w, gx, gy, gz, bx0, by0, bz0, x + origin, y, z
                )
        # Nothing flows faster than upstream: it would have to be colder.
        v2 = vx0 * vx0 + vy0 * vy0 + vz0 * vz0
        j2 = jx * jx + jy * jy + jz * jz
        if v2 > 0.0:
            n_s = max(n_s, n0 * math.sqrt(j2 / v2))
        scale = n0 / n_s
        sx, sy, sz = jx * scale, jy * scale, jz * scale
        t_s = t0 + (v2 - j2 * scale * scale) * per_energy
        n = n_s + (n0 - n_s) * upstream
        share = upstream * n0 / n
        vx = sx + (vx0 - sx) * share
        vy = sy + (vy0 - sy) * share
        vz = sz + (vz0 - sz) * share
        t = t_s + (t0 - t_s) * share
        bx = hx + (bx0 - hx) * upstream
        by = hy + (by0 - hy) * upstream
        bz = hz + (bz0 - hz) * upstream
    # --- magnetosphere, and the ramp across the magnetopause -------------
    share = 1.0
    if outside < 1.0:
        ix, iy, iz = _inner_field(x, y, z, mx, mz, mirror)
        mixed = n_in + (n - n_in) * outside
        share = outside * n / mixed if mixed > 0.0 else 0.0
        n = mixed
        vx, vy, vz = vx * share, vy * share, vz * share
        t = t_in + (t - t_in) * share
        bx = ix + (bx - ix) * outside
        by = iy + (by - iy) * outside
        bz = iz + (bz - iz) * outside
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
