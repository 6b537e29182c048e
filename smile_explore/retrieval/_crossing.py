"""What one crossing tells: its boundary, normal, frame, and Walen's test."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore.retrieval import _surfaces as surfaces
from smile_explore.retrieval._minimum_variance import minimum_variance
from smile_explore.retrieval._moving_frame import (
    alfven_velocity,
    de_hoffmann_teller,
    walen,
)
from smile_explore.retrieval._sides import (
    BOW_SHOCK,
    OTHER,
    Side,
    boundary_of,
    mixed_mode,
    shock_speed,
)

__all__ = ["row"]

#: Below this ratio of variances the normal is sought across the mean field.
LEAST_EIGENVALUE_RATIO = 3.0
#: What passes as good; the quality is the share that does. Usual limits, see
#: Paschmann and Sonnerup (2008), ISSI SR-008, chapter 7.
MOST_TURN = 10.0
MOST_ANGLE = 30.0
LEAST_CORRELATION = 0.9
MOST_RESIDUAL = 0.1
#: Slopes of the Walen relation that count as that of a rotation, or of none.
ROTATIONAL = (0.7, 1.3)
TANGENTIAL = 0.4
_WALEN = ("walen_slope", "walen_slope_uncertainty", "walen_correlation")


def row(
    sides: tuple[Side, Side],
    plasma: xr.Dataset,
    field: xr.Dataset,
    *,
    time: np.datetime64,
    position: np.ndarray,
    wind: xr.Dataset | None,
) -> dict[str, Any]:
    """Return one crossing, as far as it can be known, by name.

    Parameters
    ----------
    sides : tuple of Side
        Before and after.
    plasma : xarray.Dataset (MOMENTS)
        Of the interval, with `magnetic_field` at its times.
    field : xarray.Dataset (MAGNETIC_FIELD)
        Of the interval, at its own times.
    time : numpy.datetime64
    position : numpy.ndarray
        [R_E], NaN if not known.
    wind : xarray.Dataset (SOLAR_WIND), optional
        At that time.
    """
    boundary, direction = boundary_of(*sides)
    notes: list[str] = []
    found: dict[str, Any] = {
        "boundary": boundary,
        "direction": direction,
        "position": position,
    }
    found |= _from_models(boundary, position, wind, time)
    outward = _outward(found)
    axes = _axes(field, outward, notes)
    found |= _normal(boundary, sides, axes, outward, field, notes)
    found |= _frame(plasma, found, axes, notes)
    if boundary == BOW_SHOCK:
        found["boundary_speed"] = shock_speed(sides, found["normal"])
        found["boundary_speed_uncertainty"] = np.nan
        found |= dict.fromkeys(_WALEN, np.nan)
        notes.append("speed from the mass flux")
    found |= {
        "tangent": _tangent(axes, found["normal"]),
        "angle_shue": _angle(found["normal"], found["normal_shue"]),
        "angle_model": _angle(found["normal"], found["normal_model"]),
    }
    found["quality"] = _quality(found, notes)
    found["notes"] = "; ".join(notes)
    return found


def _from_models(
    boundary: str,
    position: np.ndarray,
    wind: xr.Dataset | None,
    time: np.datetime64,
) -> dict[str, Any]:
    nothing = np.full(3, np.nan)
    found: dict[str, Any] = {
        "normal_shue": nothing,
        "normal_model": nothing,
        "standoff_shue": np.nan,
        "standoff_model": np.nan,
    }
    if wind is None or boundary == OTHER or not np.isfinite(position).all():
        return found
    if boundary == BOW_SHOCK:
        shown = {"model": surfaces.bow_shock(wind)}
    else:
        shown = {
            "shue": surfaces.shue(wind),
            "model": surfaces.lin(wind, time),
        }
    for name, surface in shown.items():
        found[f"normal_{name}"] = surfaces.normal(surface, position)
        found[f"standoff_{name}"] = surfaces.nose(surface, position)
    return found


def _outward(found: dict[str, Any]) -> np.ndarray:
    for candidate in (found["normal_model"], found["position"]):
        if np.isfinite(candidate).all():
            return candidate
    return np.array([1.0, 0.0, 0.0])


def _axes(
    field: xr.Dataset, outward: np.ndarray, notes: list[str]
) -> tuple[xr.Dataset, str] | None:
    try:
        axes = minimum_variance(field, outward=outward)
        if _ratio(axes) >= LEAST_EIGENVALUE_RATIO:
            return axes, "minimum variance"
        return (
            minimum_variance(field, outward=outward, tangential=True),
            "minimum variance across the mean field",
        )
    except ValueError as reason:
        notes.append(f"no minimum variance: {reason}")
        return None


def _ratio(axes: xr.Dataset) -> float:
    _, middle, least = axes["variance"].values
    # Beyond a million the least is the rounding of a series without noise.
    return float(middle / max(least, 1e-6 * middle)) if middle > 0.0 else 1.0


def _normal(
    boundary: str,
    sides: tuple[Side, Side],
    axes: tuple[xr.Dataset, str] | None,
    outward: np.ndarray,
    field: xr.Dataset,
    notes: list[str],
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "normal": np.full(3, np.nan),
        "normal_method": "",
        "normal_uncertainty": np.nan,
        "eigenvalue_ratio": np.nan,
        "normal_field": np.nan,
        "normal_field_uncertainty": np.nan,
    }
    if axes is not None:
        one, method = axes
        found |= {
            "normal": one["direction"].sel(axis="N").values,
            "normal_method": method,
            "normal_uncertainty": float(one["uncertainty"].max()),
            "eigenvalue_ratio": _ratio(one),
            "normal_field": float(one["mean_field"].sel(axis="N")),
            "normal_field_uncertainty": float(one["normal_field_uncertainty"]),
        }
    if boundary == BOW_SHOCK:
        coplanar = mixed_mode(sides)
        if coplanar is not None:
            across = coplanar * np.sign(coplanar @ outward or 1.0)
            mean = (sides[0].field + sides[1].field) / 2.0
            found |= {
                "normal": across,
                "normal_method": "mixed mode",
                "normal_uncertainty": np.nan,
                "normal_field": float(mean @ across),
                "normal_field_uncertainty": np.nan,
            }
    accuracy = float(field.attrs.get("accuracy", 0.0))
    if accuracy:
        found["normal_field_uncertainty"] = np.hypot(
            found["normal_field_uncertainty"], accuracy
        )
        notes.append(f"{accuracy:g} nT of calibration are in normal_field")
    return found


def _tangent(
    axes: tuple[xr.Dataset, str] | None, normal: np.ndarray
) -> np.ndarray:
    """Return the direction of most variance, as far as it is in the layer."""
    if axes is None:
        return np.full(3, np.nan)
    most = axes[0]["direction"].sel(axis="L").values
    most = most - (most @ normal) * normal
    return most / np.linalg.norm(most)


def _frame(
    plasma: xr.Dataset,
    found: dict[str, Any],
    axes: tuple[xr.Dataset, str] | None,
    notes: list[str],
) -> dict[str, Any]:
    names = ("frame_correlation", "frame_residual", "boundary_speed")
    empty: dict[str, Any] = dict.fromkeys(
        (*names, "boundary_speed_uncertainty", *_WALEN), np.nan
    )
    empty["frame_velocity"] = np.full(3, np.nan)
    empty["frame_velocity_uncertainty"] = np.full(3, np.nan)
    flow, magnetic = plasma["velocity"], plasma["magnetic_field"]
    try:
        frame = de_hoffmann_teller(flow, magnetic)
        waves = alfven_velocity(
            magnetic,
            plasma["density"],
            temperature_tensor=plasma.get("temperature_tensor"),
        )
        test = walen(flow, waves, frame["velocity"].values)
    except ValueError as reason:
        notes.append(f"no de Hoffmann-Teller frame: {reason}")
        return empty
    velocity = frame["velocity"].values
    speed, error = _speed(frame, found["normal"], axes)
    return {
        "frame_velocity": velocity,
        "frame_velocity_uncertainty": frame["uncertainty"].values,
        "frame_correlation": float(frame["correlation"]),
        "frame_residual": float(frame["residual"]),
        "boundary_speed": speed,
        "boundary_speed_uncertainty": error,
        "walen_slope": float(test["slope"]),
        "walen_slope_uncertainty": float(test["uncertainty"]),
        "walen_correlation": float(test["correlation"]),
    }


def _speed(
    frame: xr.Dataset,
    normal: np.ndarray,
    axes: tuple[xr.Dataset, str] | None,
) -> tuple[float, float]:
    """Return V_HT along the normal, with the errors of both."""
    velocity = frame["velocity"].values
    variance = normal @ frame["covariance"].values @ normal
    if axes is not None:
        turns = np.radians(axes[0]["uncertainty"].values)
        along = axes[0]["direction"].values @ velocity
        variance += np.nansum((turns * along) ** 2)
    return float(velocity @ normal), float(np.sqrt(variance))


def _angle(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(one @ other, -1.0, 1.0))))


def _quality(found: dict[str, Any], notes: list[str]) -> float:
    """Return the share of the tests that were passed, and note the others."""
    shock = found["boundary"] == BOW_SHOCK
    turn, ratio = found["normal_uncertainty"], found["eigenvalue_ratio"]
    correlation = found["frame_correlation"]
    tests = (
        ("normal uncertain", turn, turn <= MOST_TURN),
        (
            "variances alike",
            np.nan if shock else ratio,
            ratio >= LEAST_EIGENVALUE_RATIO,
        ),
        (
            "normal far from the model's",
            found["angle_model"],
            found["angle_model"] <= MOST_ANGLE,
        ),
        (
            "no clear moving frame",
            correlation,
            correlation >= LEAST_CORRELATION
            and found["frame_residual"] <= MOST_RESIDUAL,
        ),
    )
    made = [(name, good) for name, known, good in tests if np.isfinite(known)]
    notes += [name for name, passed in made if not passed]
    notes += _kind(found)
    return sum(good for _, good in made) / len(made) if made else 0.0


def _kind(found: dict[str, Any]) -> list[str]:
    if found["boundary"] == BOW_SHOCK:
        return []
    slope, least = abs(found["walen_slope"]), ROTATIONAL[0]
    if abs(found["walen_correlation"]) >= LEAST_CORRELATION and (
        least <= slope <= ROTATIONAL[1]
    ):
        return ["rotational by the Walen relation"]
    return ["tangential by the Walen relation"] if slope < TANGENTIAL else []
