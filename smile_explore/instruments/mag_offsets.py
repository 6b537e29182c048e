"""The offset of a magnetometer, from rotations of the solar wind's field.

An Alfvenic change turns the field and leaves its length. An offset that was
not taken off makes the length change with the direction, and is found as the
vector without which it does not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD

__all__ = ["solar_wind_offset"]

#: Length of the intervals that are judged one by one. [s]
WINDOW = 180.0
#: Least fluctuation of an interval, all components together. [nT]
FLUCTUATION = 0.5
#: Most that the length may fluctuate, over the fluctuation of the vector.
COMPRESSION = 0.15
#: Fewest intervals that make an offset.
FEWEST = 10
#: Share of the intervals that is trusted at first.
_TRUSTED = 0.4
_STARTS = 30
_SMALL = 5
_MOST_ROUNDS = 20


class _Windows(NamedTuple):
    """Covariances of B and of its square in each interval."""

    field: np.ndarray  # (window, 3, 3)
    cross: np.ndarray  # (window, 3), of B with |B|^2
    square: np.ndarray  # (window,), of |B|^2
    mean: np.ndarray  # (window, 3)


def solar_wind_offset(
    field: xr.Dataset,
    *,
    window: float = WINDOW,
    fluctuation: float = FLUCTUATION,
    compression: float = COMPRESSION,
) -> xr.Dataset:
    """Find the offset in a field that was measured in the solar wind.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        Along `time`, in axes that stand still with the sensor.
    window : float
        Length of the intervals that are judged one by one. [s]
    fluctuation : float
        Least standard deviation of the vector in an interval. [nT]
    compression : float
        Most that the standard deviation of the length may be, as a share of
        that of the vector, for an interval to count as a rotation.

    Returns
    -------
    found : xarray.Dataset
        `offset` and `uncertainty` by component [nT], to be subtracted from
        the field, and the number of `windows` used. One standard deviation,
        by leaving out one interval after the other.

    Raises
    ------
    ValueError
        If there are no times, or too few intervals are rotations.

    Notes
    -----
    The method of Davis and Smith (1968), as derived by Leinweber et al.: the
    offset O with the least variance of |B - O|^2 within intervals solves
    2 sum C O = sum c, C the covariance matrix of B and c the covariance of B
    with |B|^2. In the sums an interval weighs 1 / (tr C |B|^2), so that what
    adds up is the square of its compression and no storm outweighs the rest.
    Which intervals are rotations depends on the offset: both are sought in
    turn, from the offset on which the purest agree. The limits are settings
    of ours, simpler than Leinweber's. Plaschke combines single estimates by
    a probability density instead of the sum, and finds that 20 h of solar
    wind give 0.3 nT and 40 h 0.2 nT.

    References
    ----------
    .. [1] Leinweber et al. (2008), Meas. Sci. Technol. 19, 055104,
       https://doi.org/10.1088/0957-0233/19/5/055104
    .. [2] Plaschke (2019), https://doi.org/10.5194/gi-8-285-2019
    """
    MAGNETIC_FIELD.check(field)
    for name, value in (
        ("window", window),
        ("fluctuation", fluctuation),
        ("compression", compression),
    ):
        if not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value:g}")
    if "time" not in field.dims:
        raise ValueError(
            "an offset needs a series along time, got the dimensions "
            f"{tuple(field.dims)}"
        )
    times, values = _known(field)
    centre = values.mean(axis=0) if len(values) else np.zeros(3)
    windows = _covariances(times, values - centre, window)
    windows = _pick(windows, np.sqrt(_total(windows)) > fluctuation)
    offset, used, weights = _rotations(windows, compression)
    one_less = _without_one(_pick(windows, used), weights[used])
    spread = one_less - one_less.mean(axis=0)
    count = int(used.sum())
    variance = (spread**2).sum(axis=0) * (count - 1) / count
    vector = {"units": "nT", "frame": _frame(field)}
    return xr.Dataset(
        {
            "offset": ("component", offset + centre, vector),
            "uncertainty": ("component", np.sqrt(variance), vector),
            "windows": ((), count, {"units": "1"}),
        },
        coords={"component": list(COMPONENTS)},
        attrs={
            "method": "Davis and Smith (1968)",
            "window": window,
            "fluctuation": fluctuation,
            "compression": compression,
        },
    )


def _frame(field: xr.Dataset) -> str:
    return field["magnetic_field"].attrs.get("frame", "GSM")


def _known(field: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return times [s] and vectors of the samples that are not NaN."""
    vector = field["magnetic_field"].transpose("time", "component").values
    kept = np.isfinite(vector).all(axis=1)
    times = field["time"].values[kept].astype("datetime64[ns]")
    seconds = (times - field["time"].values[0]) / np.timedelta64(1, "s")
    return seconds, vector[kept].astype(float)


def _covariances(
    times: np.ndarray, values: np.ndarray, window: float
) -> _Windows:
    """Return the covariances of every interval with enough samples."""
    label = np.floor(times / window).astype(np.int64)
    _, group, count = np.unique(label, return_inverse=True, return_counts=True)
    square = (values**2).sum(axis=1)
    joint = np.column_stack([values, square])
    mean = _sums(group, joint) / count[:, None]
    away = joint - mean[group]
    pairs = (away[:, :, None] * away[:, None, :]).reshape(len(away), 16)
    matrix = (_sums(group, pairs) / count[:, None]).reshape(-1, 4, 4)
    # Four unknowns and a mean: fewer samples say nothing of a rotation.
    enough = count >= 5
    return _pick(
        _Windows(
            matrix[:, :3, :3], matrix[:, :3, 3], matrix[:, 3, 3], mean[:, :3]
        ),
        enough,
    )


def _sums(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    if not len(group):
        return np.zeros((0, values.shape[1]))
    return np.stack(
        [np.bincount(group, column) for column in values.T], axis=1
    )


def _pick(windows: _Windows, which: np.ndarray) -> _Windows:
    return _Windows(*(part[which] for part in windows))


def _rotations(
    windows: _Windows, compression: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Seek the offset, the intervals that rotate without it, their weights."""
    every = len(windows.square)
    _refuse_few(every, every)
    offset = _majority(windows)
    used = np.zeros(every, dtype=bool)
    for _ in range(_MOST_ROUNDS):
        strength = _strength(windows, offset)
        impure = _impurity(windows, offset) / (2.0 * strength)
        picked = impure < compression
        _refuse_few(int(picked.sum()), every)
        weights = 1.0 / (_total(windows) * strength**2)
        offset = _solve(_pick(windows, picked), weights[picked])
        same, used = np.array_equal(picked, used), picked
        if same:
            break
    return offset, used, weights


def _refuse_few(count: int, every: int) -> None:
    if count < FEWEST:
        raise ValueError(
            f"only {count} of {every} intervals with a fluctuation are "
            f"rotations of a field of constant length, {FEWEST} are needed; "
            "give a longer series from the solar wind"
        )


def _majority(windows: _Windows) -> np.ndarray:
    """Return an offset that the purest of the intervals agree on.

    Least trimmed squares: from several small sets of intervals, each time
    the purest for the last offset are kept.
    """
    rng = np.random.default_rng(0)
    every = len(windows.square)
    kept = max(FEWEST, int(_TRUSTED * every))
    weights = 1.0 / _total(windows)
    best, least = np.zeros(3), np.inf
    for _ in range(_STARTS):
        picked = rng.permutation(every)[:_SMALL]
        for _ in range(_MOST_ROUNDS):
            offset = _solve(_pick(windows, picked), weights[picked])
            impure = _impurity(windows, offset)
            order = np.sort(np.argsort(impure)[:kept])
            if np.array_equal(order, picked):
                break
            picked = order
        total = float(np.square(impure[order]).sum())
        if total < least:
            best, least = offset, total
    return best


def _total(windows: _Windows) -> np.ndarray:
    return np.trace(windows.field, axis1=1, axis2=2)


def _impurity(windows: _Windows, offset: np.ndarray) -> np.ndarray:
    """Return std of |B - offset|^2 over that of B,, by interval [nT]."""
    along = windows.cross @ offset
    turned = np.einsum("i,wij,j->w", offset, windows.field, offset)
    square = np.maximum(windows.square - 4.0 * along + 4.0 * turned, 0.0)
    return np.sqrt(square / _total(windows))


def _strength(windows: _Windows, offset: np.ndarray) -> np.ndarray:
    """Return the rms of |B - offset|, by interval [nT]."""
    mean = ((windows.mean - offset) ** 2).sum(axis=1)
    return np.sqrt(mean + _total(windows))


def _solve(windows: _Windows, weights: np.ndarray) -> np.ndarray:
    matrix = 2.0 * np.tensordot(weights, windows.field, 1)
    return np.linalg.lstsq(matrix, weights @ windows.cross, rcond=None)[0]


def _without_one(windows: _Windows, weights: np.ndarray) -> np.ndarray:
    """Return the offset without each of the intervals."""
    each = weights[:, None, None] * windows.field
    right = weights[:, None] * windows.cross
    matrix = 2.0 * (each.sum(axis=0) - each)
    return np.linalg.solve(matrix, (right.sum(axis=0) - right)[:, :, None])[
        :, :, 0
    ]
