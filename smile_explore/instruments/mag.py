"""MAG, the magnetometer: two heads on a boom, and what is made of them.

`measure` is what MAG would deliver: the field seen by both heads (`heads`),
cleaned of the spacecraft's own (`clean`), with its calibration error, its
noise and the cone that the error opens around the direction. `mag_offsets`
finds the calibration error from rotations of the solar wind's field.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from smile_explore.instruments._magnetometer import MAG, Magnetometer
from smile_explore.instruments._vectors import length
from smile_explore.schema import COMPONENTS, MAGNETIC_FIELD

__all__ = [
    "HEADS",
    "MAG",
    "Magnetometer",
    "clean",
    "direction_uncertainty",
    "heads",
    "measure",
]

#: Names along the dimension `head`.
HEADS = ("inner", "outer")


def measure(
    field: xr.Dataset,
    *,
    magnetometer: Magnetometer = MAG,
    offset: ArrayLike | None = None,
    spacecraft_field: ArrayLike | xr.DataArray = (0.0, 0.0, 0.0),
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Measure a magnetic field, as MAG would deliver it.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        The true field along the orbit, such as `magnetosphere.sample` gives.
    magnetometer : Magnetometer
    offset, spacecraft_field, rng
        As in `heads`.

    Returns
    -------
    measured : xarray.Dataset (MAGNETIC_FIELD)
        With `saturated`, where the field is NaN, and `direction_uncertainty`
        [deg]. ``attrs["offset"]`` is the calibration error that is in it.

    Raises
    ------
    ValueError
        As `heads`.
    """
    seen = heads(
        field,
        magnetometer=magnetometer,
        offset=offset,
        spacecraft_field=spacecraft_field,
        rng=rng,
    )
    return clean(seen, magnetometer=magnetometer)


def heads(
    field: xr.Dataset,
    *,
    magnetometer: Magnetometer = MAG,
    offset: ArrayLike | None = None,
    spacecraft_field: ArrayLike | xr.DataArray = (0.0, 0.0, 0.0),
    rng: int | np.random.Generator | None = None,
) -> xr.Dataset:
    """Return what each of the two heads reads.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        The true field. A sample stands for the mean since the last one, but
        never for less than one reading of the magnetometer.
    magnetometer : Magnetometer
    offset : array_like, optional
        Calibration error by component, the same in both heads, or one row
        for each of `HEADS`. By default one is drawn from the ball with the
        radius `magnetometer.accuracy`, **an assumption**: only that radius
        is public. [nT]
    spacecraft_field : array_like or xarray.DataArray
        The spacecraft's dipole field at the outer head, with or without
        `time`; the inner head has more of it. [nT]
    rng : int, numpy.random.Generator or None
        Seed or generator.

    Returns
    -------
    readings : xarray.Dataset (MAGNETIC_FIELD)
        With the leading dimension `head`. A component beyond the range reads
        the end of the range, and is `saturated`.

    Raises
    ------
    ValueError
        If an offset or the spacecraft's field has another shape.

    Notes
    -----
    The axes of the sensors are taken along those of the field's frame: how
    SMILE turns in them, and misalignment, are left out.
    """
    MAGNETIC_FIELD.check(field)
    true = field["magnetic_field"].transpose(..., "component")
    generator = np.random.default_rng(rng).spawn(1)[0]
    error = _offset(offset, magnetometer, generator)
    own = _vector(spacecraft_field, "spacecraft_field")
    share = xr.DataArray([1.0 / magnetometer.ratio, 1.0], _head())
    exact = true + error + share * own
    exact = exact.transpose("head", *true.dims)
    spread = magnetometer.noise * np.sqrt(_rate(field, magnetometer) / 2.0)
    reading = exact + spread * generator.standard_normal(exact.shape)
    if magnetometer.resolution:
        steps = (reading / magnetometer.resolution).round()
        reading = steps * magnetometer.resolution
    limit = magnetometer.full_scale
    saturated = (abs(reading) > limit).any("component")
    reading = reading.clip(-limit, limit)
    reading.attrs = dict(true.attrs)
    return MAGNETIC_FIELD.stamp(
        xr.Dataset(
            {"magnetic_field": reading, "saturated": saturated},
            attrs={
                **field.attrs,
                "magnetometer": magnetometer.name,
                "offset": error.values.tolist(),
                "noise": float(spread),
                "resolution": magnetometer.resolution,
            },
        )
    )


def clean(
    readings: xr.Dataset, *, magnetometer: Magnetometer = MAG
) -> xr.Dataset:
    """Remove the spacecraft's own field with the difference of two heads.

    Parameters
    ----------
    readings : xarray.Dataset (MAGNETIC_FIELD)
        With the dimension `head`, as `heads` returns them.
    magnetometer : Magnetometer

    Returns
    -------
    field : xarray.Dataset (MAGNETIC_FIELD)
        With `direction_uncertainty` [deg]. NaN where a head was saturated.

    Raises
    ------
    ValueError
        If there are not the two heads.

    Notes
    -----
    B = (B_outer - a B_inner) / (1 - a), a the ratio of the distances cubed:
    exact for a dipole at the foot of the boom, whatever it does in time. It
    keeps an offset that both heads share, and multiplies independent noise
    by sqrt(1 + a^2) / (1 - a), 1.77 for MAG. Of a source that lies elsewhere
    a part is left.

    References
    ----------
    .. [1] Ness et al. (1971), Use of two magnetometers for magnetic field
       measurements on a spacecraft, https://doi.org/10.1029/JA076i016p03564
    """
    MAGNETIC_FIELD.check(readings)
    both = readings["magnetic_field"]
    if "head" not in both.coords or set(both["head"].values) != set(HEADS):
        raise ValueError(
            "cleaning needs the readings of both heads along a dimension "
            f"head ({', '.join(HEADS)}), got the dimensions {both.dims}; "
            "mag.heads(field) makes them"
        )
    a = magnetometer.ratio
    inner, outer = (both.sel(head=name, drop=True) for name in HEADS)
    field = (outer - a * inner) / (1.0 - a)
    saturated = xr.zeros_like(field.isel(component=0, drop=True), dtype=bool)
    if "saturated" in readings:
        saturated = readings["saturated"].any("head")
        field = field.where(~saturated)
    field.attrs = dict(both.attrs)
    cleaned = xr.Dataset(
        {"magnetic_field": field, "saturated": saturated},
        attrs={**readings.attrs, "accuracy": magnetometer.accuracy},
    )
    if "offset" in cleaned.attrs:
        error = np.asarray(cleaned.attrs["offset"])
        mixed = (error[1] - a * error[0]) / (1.0 - a)
        cleaned.attrs["offset"] = mixed.tolist()
    cone = direction_uncertainty(cleaned, accuracy=magnetometer.accuracy)
    return MAGNETIC_FIELD.stamp(cleaned.assign(direction_uncertainty=cone))


def direction_uncertainty(
    field: xr.Dataset, *, accuracy: float = MAG.accuracy
) -> xr.DataArray:
    """Half angle of the cone around a field that holds its true direction.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
    accuracy : float
        Length that the error of the field may have. [nT]

    Returns
    -------
    angle : xarray.DataArray
        arcsin(accuracy / B), 24 deg for 2 nT on 5 nT; 180 where the field is
        no longer than its error and so has any direction. [deg]

    Raises
    ------
    ValueError
        If the accuracy is negative.
    """
    MAGNETIC_FIELD.check(field)
    if not accuracy >= 0.0:
        raise ValueError(f"accuracy must not be negative, got {accuracy:g} nT")
    strength = length(field["magnetic_field"])
    known = strength > accuracy
    sine = accuracy / strength.where(known, 2.0 * accuracy + 1.0)
    angle = xr.where(known, np.degrees(np.arcsin(sine)), 180.0)
    angle = angle.where(strength.notnull())
    angle.attrs = {
        "units": "deg",
        "long_name": "half angle of the cone that holds the direction",
    }
    return angle.rename("direction_uncertainty")


def _head() -> dict[str, Any]:
    return {"head": list(HEADS)}


def _offset(
    given: ArrayLike | None,
    magnetometer: Magnetometer,
    generator: np.random.Generator,
) -> xr.DataArray:
    """Return the calibration error of each head, drawn if not given."""
    if given is None:
        away = generator.standard_normal(3)
        share = generator.random() ** (1.0 / 3.0)
        given = magnetometer.accuracy * share * away / np.linalg.norm(away)
    values = np.asarray(given, dtype=float)
    if values.shape not in ((3,), (2, 3)):
        raise ValueError(
            "offset must have three components, or a row of three for each "
            f"head, got the shape {values.shape}"
        )
    return xr.DataArray(
        np.broadcast_to(values, (2, 3)),
        {**_head(), "component": list(COMPONENTS)},
        ("head", "component"),
    )


def _vector(given: ArrayLike | xr.DataArray, name: str) -> xr.DataArray:
    if not isinstance(given, xr.DataArray):
        values = np.asarray(given, dtype=float)
        given = xr.DataArray(
            values, dims=("component",) if values.ndim == 1 else None
        )
    if given.sizes.get("component") != len(COMPONENTS):
        raise ValueError(
            f"{name} must have the three components x, y, z, got "
            f"{dict(given.sizes)}"
        )
    return given


def _rate(field: xr.Dataset, magnetometer: Magnetometer) -> float:
    """Return the samples per second whose noise a sample has."""
    if "time" not in field.dims or field.sizes["time"] < 2:
        return magnetometer.rate
    spacing = np.median(np.diff(field["time"].values)) / np.timedelta64(1, "s")
    if not spacing > 0.0:
        raise ValueError(
            "the times of the field must increase; sort it with "
            '.sortby("time")'
        )
    return float(min(1.0 / spacing, magnetometer.rate))
