"""Ions and field of a spacecraft on the same times."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD, MOMENTS

__all__ = ["FEWEST", "plasma", "series"]

#: Samples on either side of a step, at least.
FEWEST = 3


def plasma(moments: xr.Dataset, field: xr.Dataset) -> xr.Dataset:
    """Return the moments with the mean `magnetic_field` at their times.

    Raises
    ------
    ValueError
        If one is no series along time in GSM, out of order or too short, or
        they share no time.
    """
    MOMENTS.check(moments)
    MAGNETIC_FIELD.check(field)
    _check_series(moments, "moments", "velocity")
    _check_series(field, "field", "magnetic_field")
    fewest = 2 * FEWEST + 1
    if moments.sizes["time"] < fewest:
        raise ValueError(
            f"at least {fewest} moments are needed to see a step, got "
            f"{moments.sizes['time']}"
        )
    vector = field["magnetic_field"].transpose("time", "component")
    mean = _mean_at(vector, moments["time"].values)
    if not np.isfinite(mean).any():
        raise ValueError(
            "no sample of the field is known at the times of the moments, "
            f"{_span(moments)}; the field covers {_span(field)}"
        )
    together = xr.DataArray(
        mean,
        {"time": moments["time"].values, "component": list(COMPONENTS)},
        ("time", "component"),
        attrs=vector.attrs,
    )
    kept = moments.drop_vars("magnetic_field", errors="ignore")
    return kept.assign(magnetic_field=together)


def _check_series(data: xr.Dataset, name: str, vector: str) -> None:
    dims = data[vector].dims
    if "time" not in dims or set(dims) - {"time", "component"}:
        raise ValueError(
            f"the {name} must be a series along time, got the dimensions "
            f'{dims}; choose one, as .sel(species="H+", estimate="corrected")'
        )
    frame = data[vector].attrs.get("frame", "GSM")
    if frame != "GSM":
        raise ValueError(
            f"{vector} must be in GSM, got {frame}; turn it with "
            'frames.rotate(vector, to="GSM")'
        )
    if not (np.diff(data["time"].values) > np.timedelta64(0)).all():
        raise ValueError(
            f"the times of the {name} must increase; sort them with "
            '.sortby("time") and drop what is double'
        )


def _mean_at(vector: xr.DataArray, here: np.ndarray) -> np.ndarray:
    """Return the mean around each time, of a slow series the nearest."""
    there = vector["time"].values
    step = np.median(np.diff(here))
    if there.size < 2 or np.median(np.diff(there)) > step // 2:
        far = max(step, np.median(np.diff(there)) if there.size > 1 else step)
        near = vector.reindex(time=here, method="nearest", tolerance=far)
        return near.values.astype(float)
    first = np.searchsorted(there, here - step // 2, side="left")
    last = np.searchsorted(there, here + step // 2, side="right")
    values = vector.values.astype(float)
    known = np.isfinite(values).all(axis=1)
    joint = np.column_stack([np.where(known[:, None], values, 0.0), known])
    sums = np.concatenate([np.zeros((1, 4)), np.cumsum(joint, axis=0)])
    inside = sums[last] - sums[first]
    with np.errstate(invalid="ignore"):
        return inside[:, :3] / np.where(
            inside[:, 3:] > 0, inside[:, 3:], np.nan
        )


def _span(data: xr.Dataset) -> str:
    first, last = np.datetime_as_string(data["time"].values[[0, -1]], "s")
    return f"{first} to {last}"


def series(
    together: xr.Dataset, spectrum: xr.DataArray | None
) -> dict[str, np.ndarray]:
    """Return what is searched for steps, (time, component) each.

    Logarithms of density, temperature and field strength, the direction of
    the field, and the logarithm of the spectrum if there is one.
    """
    vector = together["magnetic_field"].transpose("time", "component").values
    strength = np.linalg.norm(vector, axis=1, keepdims=True)
    found = {
        name: _logarithm(together[name].values[:, None])
        for name in ("density", "temperature")
    }
    found["strength"] = _logarithm(strength)
    found["direction"] = vector / np.where(strength > 0.0, strength, np.nan)
    if spectrum is not None:
        found["spectrum"] = _of_spectrum(spectrum, together["time"])
    return found


def _logarithm(values: np.ndarray) -> np.ndarray:
    return np.log(np.where(values > 0.0, values, np.nan))


def _of_spectrum(spectrum: xr.DataArray, time: xr.DataArray) -> np.ndarray:
    if set(spectrum.dims) != {"time", "energy"} or not np.array_equal(
        spectrum["time"].values, time.values
    ):
        raise ValueError(
            "the spectrum must be along time and energy, at the times of the "
            f"moments, got the dimensions {spectrum.dims} and "
            f"{spectrum.sizes.get('time', 0)} times for {time.size}"
        )
    values = spectrum.transpose("time", "energy").values.astype(float)
    # An empty channel counts as a thousandth of the fullest, not as nothing.
    least = 1e-3 * np.nan_to_num(values).max(axis=1, keepdims=True)
    full = _logarithm(np.maximum(values, least))
    return np.nan_to_num(full) / np.sqrt(values.shape[1])
