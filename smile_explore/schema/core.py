"""What a schema is, and how it checks and stamps a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import xarray as xr

__all__ = ["COMPONENTS", "Schema", "Variable"]

COMPONENTS = ("x", "y", "z")


@dataclass(frozen=True)
class Variable:
    """One named quantity: its dimensions, its unit, and its label."""

    dims: tuple[str, ...]
    units: str
    long_name: str
    required: bool = True


@dataclass(frozen=True)
class Schema:
    """The variables a dataset must have; further dimensions may lead them.

    Parameters
    ----------
    name : str
        Name used in messages, e.g. ``"CUBE"``.
    variables : mapping of str to Variable
        Data variables. Those not required are checked only when present.
    axes : mapping of str to Variable
        Coordinates along a dimension of the same name.
    """

    name: str
    variables: Mapping[str, Variable]
    axes: Mapping[str, Variable] = field(default_factory=dict)

    def check(self, data: xr.Dataset) -> None:
        """Refuse a dataset that is not of this schema, and say why.

        Raises
        ------
        TypeError
            If `data` is no dataset.
        ValueError
            If a variable, a dimension or an axis is missing, a unit differs,
            or an axis is not finite and increasing.
        """
        if not isinstance(data, xr.Dataset):
            raise TypeError(
                f"{self.name} must be an xarray.Dataset, "
                f"got {type(data).__name__}"
            )
        self._check(data)
        for name, variable in self.variables.items():
            if name in data:
                _check_units(self.name, data[name], variable)

    def _check(self, data: xr.Dataset) -> None:
        """Check all but the units of what lies on the axes."""
        missing = [
            name
            for name, variable in self.variables.items()
            if variable.required and name not in data
        ]
        if missing:
            raise ValueError(
                f"{self.name} lacks {', '.join(missing)}; it has "
                f"{', '.join(map(str, data.data_vars)) or 'no variables'}"
            )
        for name, variable in self.variables.items():
            if name in data:
                self._check_variable(data[name], variable)
        for name, axis in self.axes.items():
            self._check_axis(data, name, axis)

    def stamp(self, data: xr.Dataset) -> xr.Dataset:
        """Return `data` with the schema's order of dimensions and its units.

        Variables that the schema does not know are kept as they are.
        """
        self._check(data)
        for name in self.variables.keys() & data.coords.keys():
            _check_units(self.name, data[name], self.variables[name])
        stamped = data.copy()
        for name, variable in {**self.variables, **self.axes}.items():
            if name not in stamped.variables:
                continue
            if name in self.variables:
                _put_last(stamped, name, variable.dims)
            stamped[name].attrs.update(
                units=variable.units, long_name=variable.long_name
            )
        stamped.attrs["schema"] = self.name
        return stamped

    def _check_variable(self, array: xr.DataArray, variable: Variable) -> None:
        lacking = [dim for dim in variable.dims if dim not in array.dims]
        if lacking:
            raise ValueError(
                f"{self.name}: {array.name} must have the dimensions "
                f"{variable.dims}, got {tuple(array.dims)}"
            )

    def _check_axis(self, data: xr.Dataset, name: str, axis: Variable) -> None:
        if name not in data.coords:
            raise ValueError(
                f"{self.name} lacks the coordinate {name} [{axis.units}]"
            )
        _check_units(self.name, data[name], axis)
        values = data[name].values
        if not np.isfinite(values).all():
            raise ValueError(
                f"{self.name}: the axis {name} must be finite, it holds "
                f"{int((~np.isfinite(values)).sum())} NaN or infinite values"
            )
        if values.size > 1 and not (np.diff(values) > 0).all():
            raise ValueError(
                f"{self.name}: the axis {name} must increase from sample to "
                f"sample; sort the data with .sortby({name!r})"
            )


def _check_units(schema: str, array: xr.DataArray, variable: Variable) -> None:
    units = array.attrs.get("units", variable.units)
    if units != variable.units:
        raise ValueError(
            f"{schema}: {array.name} must be in {variable.units}, got "
            f"{units}; convert it, then stamp it with {schema}.stamp(data)"
        )


def _put_last(data: xr.Dataset, name: str, dims: tuple[str, ...]) -> None:
    """Order the dimensions; most are in order already, and it is not free."""
    if dims and data[name].dims[-len(dims) :] != dims:
        data[name] = data[name].transpose(..., *dims)
