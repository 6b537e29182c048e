"""The auroral model of Zhang and Paxton (2008), in numbers.

Energy flux and mean energy are given at six values of Kp, each as an Epstein
function of magnetic colatitude whose four coefficients are Fourier series in
magnetic local time.
"""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["LOWEST_LATITUDE", "coefficients", "precipitation"]

#: Nothing is given closer to the equator: at Kp 9, the exponential tail of
#: the model has 1.7 mW m-2 there, and below 0.001 up to Kp 7. [deg]
LOWEST_LATITUDE = 40.0

_FILE = Path(__file__).with_name("aurora_coefficients.json")


@functools.lru_cache(maxsize=1)
def coefficients() -> dict[str, Any]:
    """Return the published numbers of all auroral models, by its name."""
    return json.loads(_FILE.read_text("utf-8"))


def hemispheric_power(kp: np.ndarray) -> np.ndarray:
    """Power into one hemisphere, the paper's fit to Kp, in GW."""
    quiet = 38.66 * np.exp(0.1967 * kp) - 33.99
    storm = 4.592 * np.exp(0.4731 * kp) + 20.47
    return np.where(kp <= 5.0, quiet, storm)


def precipitation(
    kp: np.ndarray, mlat: np.ndarray, mlt: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Energy flux and mean energy on a grid.

    Parameters
    ----------
    kp : numpy.ndarray
        Of any shape, 0 to 9 or NaN.
    mlat, mlt : numpy.ndarray
        Of one dimension. [deg, h]

    Returns
    -------
    energy_flux, mean_energy : numpy.ndarray
        The shape of `kp`, then mlat, mlt. [mW m-2, keV]

    Notes
    -----
    The appendix's step 5 has a misprint: the second exponential holds
    (x - B) / D. Between the values of Kp the flux is linear in the
    hemispheric power, the energy in Kp; below 0.75 the first two are
    extrapolated.
    """
    model = np.array(coefficients()["zhang_paxton_2008"]["kp"])
    power = hemispheric_power(model)
    flux, energy = _at_model_kp(mlat.tobytes(), mlt.tobytes())
    by_power = _weights(hemispheric_power(kp), power)
    by_kp = _weights(kp, model)
    # an extrapolation below Kp 0.75 may pass through zero
    return (
        np.maximum(np.tensordot(by_power, flux, 1), 0.0),
        np.maximum(np.tensordot(by_kp, energy, 1), 0.0),
    )


def _weights(value: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """Weights of the nodes in a linear interpolation, (..., node)."""
    after = np.clip(np.searchsorted(nodes, value), 1, nodes.size - 1)
    share = (value - nodes[after - 1]) / (nodes[after] - nodes[after - 1])
    weights = np.zeros((*np.shape(value), nodes.size))
    np.put_along_axis(weights, after[..., None] - 1, 1 - share[..., None], -1)
    np.put_along_axis(weights, after[..., None], share[..., None], -1)
    return weights


@functools.lru_cache(maxsize=4)
def _at_model_kp(mlat: bytes, mlt: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Flux and energy (kp, mlat, mlt) at the six values of Kp."""
    model = coefficients()["zhang_paxton_2008"]
    latitude = np.abs(np.frombuffer(mlat))
    colatitude = np.where(
        latitude >= LOWEST_LATITUDE, 90.0 - latitude, np.nan
    )[:, None]
    order = np.arange(1, 7)[:, None]
    angle = order * np.frombuffer(mlt) * np.pi / 12.0
    series = np.concatenate(
        [np.ones_like(angle[:1]), np.cos(angle), np.sin(angle)]
    )
    found = []
    for name in ("energy_flux", "mean_energy"):
        # (kp, term, column) and (term, mlt) to (column, kp, 1, mlt)
        a, b, c, d = np.einsum("ktc,tm->ckm", np.array(model[name]), series)[
            :, :, None
        ]
        rise = np.exp((colatitude - b) / c)
        found.append(a * rise / (1.0 + np.exp((colatitude - b) / d)) ** 2)
    return found[0], found[1]
