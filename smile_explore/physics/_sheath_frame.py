"""One moment of `magnetosphere.analytic_cube`, from solar wind to arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.physics import _sheath_profiles as profiles
from smile_explore.physics import _sheath_tables as sheath
from smile_explore.physics.threads import in_parts
from smile_explore.schema import COMPONENTS

__all__ = [
    "VARIABLES",
    "Settings",
    "axis",
    "boundaries",
    "compute",
    "moments",
    "standoff",
]

Boundary = Callable[..., Any]

#: Field of Earth's dipole at the equator: IGRF-13 has 29 950 nT in 2010 and
#: 29 867 nT in 2015. [nT]
DIPOLE_FIELD = 29_900.0

#: Variables of the cube in the kernel's order, and whether each is a vector.
VARIABLES = {
    "density": False,
    "velocity": True,
    "temperature": False,
    "magnetic_field": True,
    "solar_wind_fraction": False,
}


@dataclass(frozen=True)
class Settings:
    """Numbers of the model that no solar wind gives; see `analytic_cube`."""

    boundary_width: float
    electron_temperature: float
    magnetosphere_density: float
    magnetosphere_temperature: float

    def __post_init__(self) -> None:
        """Refuse what is not a number or is negative."""
        for name, value in vars(self).items():
            if not (np.isfinite(value) and value >= 0.0):
                raise ValueError(
                    f"{name} must be zero or positive, got {value}"
                )


def axis(name: str, values: Any) -> np.ndarray:
    """Return an axis of the grid as floats; refuse one that is not one."""
    values = np.array(values, dtype=float)
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"the axis {name} must be one-dimensional and not empty, "
            f"got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        raise ValueError(
            f"the axis {name} must be finite, it holds "
            f"{int((~np.isfinite(values)).sum())} NaN or infinite values"
        )
    if not (np.diff(values) > 0).all():
        raise ValueError(
            f"the axis {name} must increase from sample to sample; sort it"
        )
    return values


def moments(
    solar_wind: xr.Dataset, dipole_tilt: Any, settings: Settings
) -> list[sheath.Moment]:
    """Take the solar wind apart, one `Moment` per time (or a single one)."""
    _check_tilt(dipole_tilt, solar_wind)
    wind = solar_wind[
        ["density", "velocity", "temperature", "magnetic_field"]
        + ["dynamic_pressure"]
    ].assign(dipole_tilt=dipole_tilt)
    lead = [dim for dim in wind.dims if dim != "component"]
    if set(lead) - {"time"}:
        raise ValueError(
            "the solar wind may have the dimension time, "
            f"got {', '.join(map(str, lead))}; select one of the others"
        )
    if "component" in wind.coords:
        wind = wind.sel(component=list(COMPONENTS))
    columns: dict[str, np.ndarray] = {}
    for name, array in wind.data_vars.items():
        vector = name in ("velocity", "magnetic_field")
        if array.attrs.get("frame", "GSM") != "GSM":
            raise ValueError(
                f"the solar wind's {name} must be in GSM, got "
                f"{array.attrs['frame']}; turn it with frames.rotate"
            )
        _, array = xr.broadcast(wind["density"], array)
        array = array.transpose(*lead, ..., *("component",) * vector)
        columns[str(name)] = array.to_numpy().reshape(
            (-1, 3) if vector else -1
        )
    for name in ("density", "temperature", "dynamic_pressure"):
        _positive(name, columns[name], strict=name != "temperature")
    columns["temperature"] = (
        columns["temperature"] + settings.electron_temperature
    )
    rows = zip(*columns.values(), strict=True)
    return [_moment(dict(zip(columns, row, strict=True))) for row in rows]


def _check_tilt(dipole_tilt: Any, solar_wind: xr.Dataset) -> None:
    if isinstance(dipole_tilt, xr.DataArray):
        same = dipole_tilt.dims == () or (
            dipole_tilt.dims == ("time",)
            and "time" in solar_wind.dims
            and dipole_tilt.indexes.get("time") is not None
            and dipole_tilt.indexes["time"].equals(solar_wind.indexes["time"])
        )
        if not same:
            raise ValueError(
                "dipole_tilt must be one number or have the times of the "
                "solar wind; compute it with frames.dipole_tilt there"
            )
    elif np.ndim(dipole_tilt):
        raise TypeError(
            "dipole_tilt must be a number or an xarray.DataArray along time, "
            f"got {type(dipole_tilt).__name__}"
        )


def _moment(row: dict[str, Any]) -> sheath.Moment:
    vectors = ("velocity", "magnetic_field")
    numbers = {k: float(v) for k, v in row.items() if k not in vectors}
    triples = {k: tuple(map(float, row[k])) for k in vectors}
    return sheath.Moment(**numbers, **triples)  # type: ignore[arg-type]


def _positive(name: str, values: np.ndarray, *, strict: bool) -> None:
    bad = values <= 0.0 if strict else values < 0.0
    if bad.any():
        raise ValueError(
            f"the solar wind's {name} must be positive, "
            f"got {values[bad][0]:g}; mark gaps with NaN"
        )


def standoff(
    magnetopause: Boundary, bow_shock: Boundary, moment: sheath.Moment
) -> tuple[float, float]:
    """Both boundaries on the Sun-Earth line [R_E]; NaN in a data gap."""
    if not moment.complete:
        return np.nan, np.nan
    nose = np.zeros((1, 1))
    inner, outer = sheath.radii(magnetopause, bow_shock, nose, nose, moment)
    return float(inner[0, 0]), float(outer[0, 0])


def boundaries(
    magnetopause: Boundary, bow_shock: Boundary, moment: sheath.Moment
) -> tuple[Any, ...]:
    """Tables of both boundaries of one moment, and what goes with them.

    They serve every block of a grid; in a data gap there is nothing.
    """
    if not moment.complete:
        return ()
    coefficients, origin = profiles.blend(moment.bz)
    return coefficients, *sheath.tables(
        magnetopause, bow_shock, moment, origin=origin
    )


def compute(
    axes: tuple[np.ndarray, ...],
    moment: sheath.Moment,
    settings: Settings,
    tables: tuple[Any, ...],
) -> tuple[np.ndarray, ...]:
    """Arrays of one moment in the order of `VARIABLES`; NaN in a data gap.

    `tables` are those that `boundaries` makes.
    """
    shape = tuple(axis.size for axis in axes)
    cells = int(np.prod(shape))
    out = tuple(
        np.full((cells, 3) if vector else cells, np.nan, np.float32)
        for vector in VARIABLES.values()
    )
    if tables:
        _fill(axes, moment, settings, tables, out)
    return tuple(array.reshape(shape + array.shape[1:]) for array in out)


def _fill(
    axes: tuple[np.ndarray, ...],
    moment: sheath.Moment,
    settings: Settings,
    tables: tuple[Any, ...],
    out: tuple[np.ndarray, ...],
) -> None:
    from smile_explore.physics import _sheath_kernel

    # Copies: dask may hand over read-only arrays, which the kernel refuses.
    coefficients, table, shock = (np.array(one) for one in tables[:3])
    noses, origin = tables[3:]
    state = _state(moment, settings, origin, noses[0])
    own = [np.array(axis) for axis in axes]

    def fill(first: int, last: int) -> None:
        _sheath_kernel.fill(  # type: ignore[call-arg]
            *own, first, last, table, shock, coefficients, state, *out
        )

    in_parts(fill, axes[0].size, each=4)


def _state(
    moment: sheath.Moment, settings: Settings, origin: float, mirror: float
) -> np.ndarray:
    """Numbers in the order of the kernel's `STATE`."""
    # Total enthalpy per proton, v^2 / 2 + gamma / (gamma - 1) k T / m, is
    # the same on both sides of the shock and all along a streamline.
    enthalpy = sheath.GAMMA / (sheath.GAMMA - 1.0)
    per_energy = 0.5e6 * PROTON_MASS / (enthalpy * ELEMENTARY_CHARGE)
    tilt = np.radians(moment.dipole_tilt)
    return np.array(
        [
            moment.density,
            *moment.velocity,
            moment.temperature,
            *moment.magnetic_field,
            settings.magnetosphere_density,
            settings.magnetosphere_temperature,
            per_energy,
            origin,
            mirror,
            # The moment points south: positive tilt, north pole sunward.
            -DIPOLE_FIELD * np.sin(tilt),
            -DIPOLE_FIELD * np.cos(tilt),
            settings.boundary_width,
        ]
    )
