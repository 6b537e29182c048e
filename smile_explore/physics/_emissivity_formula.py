"""The boundary models as numpy formulas; the door is ``emissivity_models``.

Written apart from the compiled rays, so that each can test the other.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["emissivity"]


def emissivity(position: np.ndarray, parameters: Any, shape: Any) -> Any:
    """Both models; `shape` has what comes from the solar wind."""
    p = parameters
    position = position.astype(float)
    radius = np.linalg.norm(position, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        cosine = np.clip(position[..., 0] / radius, -1.0, 1.0)
        theta = np.arccos(cosine)
        phi = np.arctan2(position[..., 2], position[..., 1])
        scaled = radius / 10.0
        fall = scaled ** -(p.slope + p.slope_flank * np.sin(theta) ** 2)
        if shape.kind == 0:
            inner = _flared(theta, phi, shape.magnetopause)
            bright = p.sheath + p.flank * np.sin(theta) ** 8
        else:
            inner = _indented(theta, phi, shape.magnetopause)
            bright = p.sheath * np.exp(-p.fade * (0.5 * theta) ** 4)
        outer = _flared(theta, phi, shape.bow_shock)
        beyond = np.where(radius < outer, bright * fall, p.wind / scaled**3)
    value = np.where(radius < inner, 0.0, beyond)
    return np.where(np.isfinite(radius), value, np.nan)


def _flared(
    theta: np.ndarray, phi: np.ndarray, surface: np.ndarray
) -> np.ndarray:
    standoff, along_y, along_z = surface
    widening = 2.0 / (1.0 + np.cos(theta))
    y, z = standoff * widening**along_y, standoff * widening**along_z
    return 1.0 / np.hypot(np.cos(phi) / y, np.sin(phi) / z)


def _indented(
    theta: np.ndarray, phi: np.ndarray, surface: np.ndarray
) -> np.ndarray:
    """Lin's magnetopause with the numbers of `_lin`."""
    s = surface
    sine = np.sin(phi)
    flaring = s[1] + s[2] * np.cos(phi) + s[3] * sine + s[4] * sine**2
    middle = np.cos(theta / 2.0) + s[5] * np.sin(2.0 * theta) * (
        1.0 - np.exp(-theta)
    )
    radius = s[0] * middle**flaring
    for sign, slope, centre in ((1.0, s[7], s[9]), (-1.0, s[8], s[10])):
        away = np.arccos(
            np.clip(
                np.cos(theta) * np.cos(centre)
                + sign * np.sin(theta) * np.sin(centre) * sine,
                -1.0,
                1.0,
            )
        )
        radius = radius + s[6] * np.exp(slope * away ** s[11])
    return radius
