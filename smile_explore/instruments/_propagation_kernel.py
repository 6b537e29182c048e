# mypy: allow-untyped-defs
"""Compiled integration of an orbit; imported on first use, never before.

The method is DOP853 of Hairer, Norsett and Wanner (1993), Solving Ordinary
Differential Equations I, section II.5, with the coefficients of scipy's
class of that name. scipy's own loop would need twenty times as long.
"""

from __future__ import annotations

import numpy as np
from numba import njit
from scipy.integrate import DOP853

DONE, ENDED, STUCK = 0, 1, 2

_A = np.zeros((16, 16))
_A[:12, :12] = DOP853.A
_A[12, :12] = DOP853.B
_A[13:, :16] = DOP853.A_EXTRA
_C = np.concatenate([DOP853.C, [1.0], DOP853.C_EXTRA])
_E3, _E5, _D = DOP853.E3, DOP853.E5, DOP853.D
#: Of the controller of the step.
_SAFETY, _LEAST, _MOST = 0.9, 0.2, 6.0


@njit(cache=True, inline="always")
def _place(table, start, step, time, place):
    """Evaluate the piecewise cubic of one body."""
    index = int((time - start) / step)
    index = min(max(index, 0), table.shape[0] - 1)
    since = time - start - index * step
    for m in range(3):
        value = table[index, 0, m]
        for power in range(1, 4):
            value = value * since + table[index, power, m]
        place[m] = value


@njit(cache=True, inline="always")
def _zonal(state, pole, gravity, radius, zonals, rate):
    """Add the pull of J2, J3, ... from the gradient of each harmonic."""
    distance = np.sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2)
    sine = 0.0
    for m in range(3):
        sine += state[m] * pole[m] / distance
    # Legendre polynomials and their derivatives, by recurrence
    before, legendre = 1.0, sine
    slope_before, slope = 0.0, 1.0
    ratio = radius / distance
    scale = gravity / distance**2 * ratio
    for n in range(2, zonals.size + 2):
        before, legendre = (
            legendre,
            ((2 * n - 1) * sine * legendre - (n - 1) * before) / n,
        )
        slope_before, slope = (
            slope,
            ((2 * n - 1) * sine * slope - n * slope_before) / (n - 1),
        )
        scale *= ratio
        radial = (n + 1) * legendre + sine * slope
        for m in range(3):
            rate[3 + m] += (
                scale
                * zonals[n - 2]
                * (radial * state[m] / distance - slope * pole[m])
            )


@njit(cache=True, inline="always")
def _third_body(state, place, gravity, rate):
    """Add the pull of a body, less its pull on Earth."""
    away, distance = 0.0, 0.0
    for m in range(3):
        away += place[m] ** 2
        distance += (place[m] - state[m]) ** 2
    away, distance = away**1.5, distance**1.5
    for m in range(3):
        rate[3 + m] += gravity * (
            (place[m] - state[m]) / distance - place[m] / away
        )


@njit(cache=True, inline="always")
def _radiation(state, sun, push, radius, rate):
    """Add the pressure of sunlight outside Earth's cylindrical shadow."""
    ahead, away2, distance2, radius2 = 0.0, 0.0, 0.0, 0.0
    for m in range(3):
        ahead += state[m] * sun[m]
        away2 += sun[m] ** 2
        distance2 += (sun[m] - state[m]) ** 2
        radius2 += state[m] ** 2
    ahead /= np.sqrt(away2)
    if ahead < 0.0 and radius2 - ahead**2 < radius**2:
        return
    for m in range(3):
        rate[3 + m] -= push * (sun[m] - state[m]) / distance2**1.5


@njit(cache=True)
def rates(time, state, tables, start, step, forces, zonals, rate):
    """Rate of change of a state under all forces.

    `forces` holds GM of Earth, Moon and Sun, the push of sunlight at 1 km
    and the radius of Earth; `tables` the Moon, the Sun and the pole.
    """
    place = np.empty(3)
    distance = np.sqrt(state[0] ** 2 + state[1] ** 2 + state[2] ** 2)
    for m in range(3):
        rate[m] = state[3 + m]
        rate[3 + m] = -forces[0] * state[m] / distance**3
    if zonals.size:
        _place(tables[2], start, step, time, place)
        _zonal(state, place, forces[0], forces[4], zonals, rate)
    if forces[1]:
        _place(tables[0], start, step, time, place)
        _third_body(state, place, forces[1], rate)
    if forces[2] or forces[3]:
        _place(tables[1], start, step, time, place)
        _third_body(state, place, forces[2], rate)
        _radiation(state, place, forces[3], forces[4], rate)


@njit(cache=True, inline="always")
def _stage(s, time, state, size, slopes, told, trial):
    """Compute slope number `s` from those before it."""
    for m in range(6):
        total = 0.0
        for k in range(s):
            total += _A[s, k] * slopes[k, m]
        trial[m] = state[m] + size * total
    rates(time + _C[s] * size, trial, *told, slopes[s])


@njit(cache=True, inline="always")
def _error(state, trial, slopes, size, tolerance):
    """Estimate the error of a step over the tolerance."""
    third, fifth = 0.0, 0.0
    for half in range(2):
        # of the whole vector: one of its components may be zero
        here, there = 0.0, 0.0
        for m in range(3 * half, 3 * half + 3):
            here += state[m] ** 2
            there += trial[m] ** 2
        scale = tolerance * np.sqrt(max(here, there))
        for m in range(3 * half, 3 * half + 3):
            three, five = 0.0, 0.0
            for k in range(13):
                three += _E3[k] * slopes[k, m]
                five += _E5[k] * slopes[k, m]
            third += (three / scale) ** 2
            fifth += (five / scale) ** 2
    total = fifth + 0.01 * third
    if total == 0.0:
        return 0.0
    return abs(size) * fifth / np.sqrt(6.0 * total)


@njit(cache=True, inline="always")
def _dense(share, state, trial, slopes, size, out):
    """Evaluate the continuous extension of a step (7th order)."""
    for m in range(6):
        change = trial[m] - state[m]
        first = size * slopes[0, m] - change
        second = 2.0 * change - size * (slopes[12, m] + slopes[0, m])
        value = 0.0
        for j in range(3, -1, -1):
            part = 0.0
            for k in range(16):
                part += _D[j, k] * slopes[k, m]
            value += size * part
            value *= share if j % 2 else 1.0 - share
        value = (value + second) * share
        value = (value + first) * (1.0 - share)
        out[m] = state[m] + (value + change) * share


@njit(cache=True, nogil=True)
def integrate(state, times, tolerance, least_radius, told, found):
    """Integrate from time 0 to the last of the times, all on one side.

    Fills `found`, one row for each time. Returns how it ended, the time then
    and the number of steps: DONE, ENDED below the least radius, or STUCK.
    """
    state = state.copy()
    sign = 1.0 if times[-1] >= 0.0 else -1.0
    size = 10.0 * sign
    time, row, steps = 0.0, 0, 0
    slopes, trial, point = np.empty((16, 6)), np.empty(6), np.empty(6)
    rates(time, state, *told, slopes[0])
    while row < times.size:
        for s in range(1, 12):
            _stage(s, time, state, size, slopes, told, trial)
        _stage(12, time, state, size, slopes, told, trial)
        error = _error(state, trial, slopes, size, tolerance)
        factor = _MOST
        if error > 0.0:
            factor = min(max(_SAFETY * error**-0.125, _LEAST), _MOST)
        if not error < 1.0:
            size *= min(factor, 1.0) if error == error else _LEAST
            if abs(size) < 1e-6:
                return STUCK, time, steps
            continue
        new = trial.copy()
        reach = time + size
        if sign * (reach - times[row]) >= 0.0:
            for s in range(13, 16):
                _stage(s, time, state, size, slopes, told, point)
            while row < times.size and sign * (reach - times[row]) >= 0.0:
                share = (times[row] - time) / size
                _dense(share, state, new, slopes, size, found[row])
                row += 1
        time, steps = reach, steps + 1
        state[:] = new
        slopes[0] = slopes[12]
        size *= factor
        if state[0] ** 2 + state[1] ** 2 + state[2] ** 2 < least_radius**2:
            return ENDED, time, steps
    return DONE, time, steps
