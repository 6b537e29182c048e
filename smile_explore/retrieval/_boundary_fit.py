"""The boundary fit on one image: a whole model of the sheath, by likelihood.

The brightness of every pixel is compared with that of a magnetosheath
between two surfaces. Amplitudes enter linearly: for each trial of the shape
the best ones are solved for, so that only the shape is searched (variable
projection), by least squares on the residuals of the Poisson deviance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from smile_explore.retrieval import _boundary_model as model
from smile_explore.retrieval import _directions, _tangent_fit
from smile_explore.retrieval._view import NoMagnetopause, Surface, View

__all__ = ["blank", "fit", "labels", "nearest"]

#: Pixels are put together until there are no more than this.
MOST_PIXELS: Final = 1250
#: Counts of 300 s per keV cm-2 s-1 sr-1 and square degree, with the default
#: response of SXI: how an intensity is weighted, which has no noise.
COUNTS: Final = 300.0 * 15.0 * 0.89 / 0.5 * np.radians(1.0) ** 2
#: Correlations beyond this are called degenerate. [1]
DEGENERATE: Final = 0.9
#: What the method itself is off: two in three images without noise of the
#: MHD runs D and E, which no model of this form is, are nearer than this to
#: the last closed field line; 0.02 on its own model, as in `_tangent_fit`.
#: [R_E]
OWN_ERROR: Final = 0.2
_STEP: Final = 1e-3
_TINY: Final = 1e-9


@dataclass(frozen=True)
class _Data:
    """The pixels that are fitted, as counts."""

    counts: np.ndarray
    response: np.ndarray  # counts per intensity
    directions: np.ndarray
    view: View

    def amplitudes(self, vector: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the best amplitudes and the counts they give.

        Weighted non-negative least squares, the weights those of the Poisson
        law for the counts of the round before.
        """
        from scipy.optimize import nnls

        view = self.view
        design = model.components(
            vector, view.family, view.position, self.directions
        )
        if view.quantity == "counts":
            sky = np.full((1, design.shape[1]), 1e-5)
            design = np.concatenate([design, sky])
        design = np.nan_to_num(design * self.response).T
        expected = np.maximum(self.counts, 1.0)
        for _ in range(4):
            weight = 1 / np.sqrt(np.maximum(expected, _TINY))
            found, _ = nnls(design * weight[:, None], self.counts * weight)
            floor = 1e-3 * max(float(self.counts.mean()), _TINY)
            expected = np.maximum(design @ found, floor)
        return found, expected

    def residuals(self, vector: np.ndarray) -> np.ndarray:
        """Signed roots of the deviance of each pixel, then the priors."""
        _, expected = self.amplitudes(vector)
        ratio = np.maximum(self.counts, _TINY) / expected
        deviance = 2 * (self.counts * np.log(ratio) + expected - self.counts)
        misfit = np.sign(self.counts - expected) * np.sqrt(
            np.maximum(deviance, 0.0)
        )
        parameters = model.PARAMETERS[self.view.family.name]
        prior = [
            (value - p.mean) / p.width
            for value, p in zip(vector, parameters, strict=True)
        ]
        return np.concatenate([misfit, prior])


def fit(
    view: View, *, evaluations: int, first: np.ndarray | None = None
) -> Surface:
    """Fit a sheath between a magnetopause and a bow shock to an image.

    From the vector `first`, or from where a simpler method finds it.
    """
    from scipy.optimize import least_squares

    data = _gathered(view)
    first = _start(view) if first is None else first
    parameters = model.PARAMETERS[view.family.name]
    result = least_squares(
        data.residuals,
        first,
        bounds=([p.low for p in parameters], [p.high for p in parameters]),
        x_scale=[min(p.width, 0.3) for p in parameters],
        diff_step=_STEP,
        ftol=1e-4,
        xtol=1e-4,
        gtol=1e-10,
        max_nfev=evaluations,
    )
    freedom = max(data.counts.size - first.size - 3, 1)
    misfit = float((result.fun[: data.counts.size] ** 2).sum() / freedom)
    return _described(view, data, result, misfit)


def _described(view: View, data: _Data, result: Any, misfit: float) -> Surface:
    parameters = model.PARAMETERS[view.family.name]
    names = [p.name for p in parameters]
    # Noise that is larger, or for an intensity smaller, than that of counts.
    scale = max(misfit, 1.0) if view.quantity == "counts" else misfit
    pixels = data.counts.size
    seen, prior = result.jac[:pixels], result.jac[pixels:]
    normal = seen.T @ seen / max(scale, 1e-12) + prior.T @ prior
    covariance = np.linalg.pinv(normal)
    deviation = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(deviation, deviation)
    amplitudes, _ = data.amplitudes(result.x)
    standoff = float(np.exp(result.x[0]))
    bow_shock = standoff * float(np.exp(result.x[names.index("log_gap")]))
    at_bounds = [
        name
        for name, active in zip(names, result.active_mask, strict=True)
        if active
    ]
    converged = result.status > 0 and not at_bounds
    status = "found"
    if result.status <= 0:
        status = (
            f"not converged after {result.nfev} evaluations; the last state "
            f"is given"
        )
    elif at_bounds:
        status = f"not converged: {', '.join(at_bounds)} at its bound"
    return Surface(
        family=view.family,
        standoff=standoff,
        flaring=_mean_flaring(result.x, names, view),
        covariance=_of_surface(covariance, names, view, standoff),
        widest=90.0,
        converged=converged,
        status=status,
        more={
            "bow_shock": bow_shock,
            "bow_shock_uncertainty": bow_shock
            * _spread(covariance, names, ("log_standoff", "log_gap")),
            "misfit": misfit,
            "evaluations": float(result.nfev),
            "parameter_value": result.x,
            "parameter_uncertainty": deviation,
            "correlation": correlation,
            "amplitude_value": _amplitudes(amplitudes, view),
            "degenerate": _degenerate(correlation, names),
        },
    )


def nearest(view: View, standoffs: tuple[float, ...]) -> np.ndarray:
    """Return the start that fits an image best, of those with a standoff."""
    data = _gathered(view)
    starts = [model.start(view.family, s, 0.0) for s in standoffs]
    misfit = [(data.residuals(start) ** 2).sum() for start in starts]
    return starts[int(np.argmin(misfit))]


def blank(shape: str) -> dict[str, Any]:
    """Return what `fit` tells beyond the surface, for no surface."""
    count = len(model.PARAMETERS[shape])
    nothing: dict[str, Any] = {"correlation": np.full((count, count), np.nan)}
    for name in ("value", "uncertainty"):
        nothing[f"parameter_{name}"] = np.full(count, np.nan)
    nothing["amplitude_value"] = np.full(len(model.AMPLITUDES), np.nan)
    return nothing | {"degenerate": ""}


def labels(shape: str) -> dict[str, list[str]]:
    """Return the coordinates of what `fit` tells."""
    names = [p.name for p in model.PARAMETERS[shape]]
    return {
        "parameter": names,
        "with_parameter": names,
        "amplitude": list(model.AMPLITUDES),
    }


def _gathered(view: View) -> _Data:
    """Put pixels together in squares until there are few enough."""
    size = [1, 1]
    while view.values.size / (size[0] * size[1]) > MOST_PIXELS:
        size[int(size[0] == size[1])] += 1
    columns = int(view.column.max()) // size[1] + 1
    flat = (view.row // size[0]) * columns + view.column // size[1]
    pixels = np.bincount(flat)
    used = pixels > 0

    def sums(values: np.ndarray) -> np.ndarray:
        return np.asarray(np.bincount(flat, values)[used])

    ways = np.stack([sums(view.directions[:, n]) for n in range(3)], -1)
    ways /= np.sqrt((ways**2).sum(-1))[:, None]
    values, response = sums(view.values), sums(view.response)
    if view.quantity == "intensity":
        response = sums(np.ones(view.values.size)) * COUNTS * view.pixel**2
        values = values * COUNTS * view.pixel**2
    return _Data(values, response, np.ascontiguousarray(ways), view)


def _start(view: View) -> np.ndarray:
    """Begin where a simpler method finds the magnetopause."""
    try:
        found = _tangent_fit.fit(view)
    except NoMagnetopause:
        found = _directions.one(view, edge="maximum", strip=4.0)
    return model.start(view.family, found.standoff, found.flaring)


def _weights(names: list[str], view: View) -> np.ndarray:
    """Share of each parameter in the exponent in the spacecraft's plane."""
    weights = np.array([float(name == "flaring") for name in names])
    azimuth = np.radians(view.azimuth)
    if view.family.name == "shue":
        weights[names.index("flaring_y")] = np.cos(azimuth) ** 2
        weights[names.index("flaring_z")] = np.sin(azimuth) ** 2
    return weights


def _mean_flaring(vector: np.ndarray, names: list[str], view: View) -> float:
    return float(_weights(names, view) @ vector)


def _of_surface(
    covariance: np.ndarray, names: list[str], view: View, standoff: float
) -> np.ndarray:
    """Covariance of log(standoff) and flaring."""
    first = np.zeros(len(names))
    first[0] = 1.0
    turn = np.stack([first, _weights(names, view)])
    small = turn @ covariance @ turn.T
    small[0, 0] += (OWN_ERROR / standoff) ** 2
    return np.asarray(small)


def _spread(
    covariance: np.ndarray, names: list[str], summed: tuple[str, ...]
) -> float:
    weights = np.array([float(name in summed) for name in names])
    return float(np.sqrt(weights @ covariance @ weights))


def _amplitudes(found: np.ndarray, view: View) -> np.ndarray:
    """Sheath, flank and wind [eV cm-3 s-1], background [keV cm-2 s-1 sr-1]."""
    values = np.full(len(model.AMPLITUDES), np.nan)
    values[0], values[2] = found[0], found[1]
    if view.family.name == "shue":
        values[1], values[2] = found[1], found[2]
    if view.quantity == "counts":
        values[3] = found[-1] * 1e-5
    return values


def _degenerate(correlation: np.ndarray, names: list[str]) -> str:
    pairs = []
    for row, name in enumerate(names):
        for column in range(row):
            value = correlation[row, column]
            if abs(value) > DEGENERATE:
                pairs.append(f"{names[column]} and {name} ({value:+.2f})")
    return "; ".join(pairs)
