"""Real ions and fields of other missions, as the house's own datasets.

From a CDF file (`open_field`, `open_moments`) or from what pyspedas has
loaded already (`field`, `moments`, `distribution`). Nothing here asks the
network. Vectors come out in GSM, fill values as NaN, times in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xarray as xr

from smile_explore.data import _cdf
from smile_explore.data._cdf import FilePath
from smile_explore.data._mission_distributions import distribution
from smile_explore.data._mission_products import (
    PRODUCTS,
    Product,
    moments_of,
    names_of,
)
from smile_explore.data._mission_variables import (
    MissionVariable,
    of_file,
    of_pyspedas,
    vector,
)
from smile_explore.schema import MAGNETIC_FIELD

__all__ = [
    "PRODUCTS",
    "Product",
    "distribution",
    "field",
    "loaded",
    "moments",
    "open_field",
    "open_moments",
]


def open_field(
    path: FilePath,
    *,
    variable: str | None = None,
    frame: str | None = None,
    sort: bool = False,
) -> xr.Dataset:
    """Open a magnetic field of any mission that follows ISTP.

    Parameters
    ----------
    path : str or path-like
        CDF file, such as MFI of ACE and Wind, or FGM of Cluster and THEMIS.
    variable : str, optional
        By default the only vector in nT, of several the one in GSM or GSE.
    frame : str, optional
        Where the file does not say it.
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    field : xarray.Dataset (MAGNETIC_FIELD)
        In GSM, with ``source``, ``file``, ``sha256`` and ``variable``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged or no CDF file, has no such variable, a unit that is
        none of a magnetic field, an unknown frame, or times out of order.
    """
    with _cdf.opened(path) as file:
        names = file.cdf_info().zVariables
        if variable is None:
            variable = _field_variable(file, names, path)
        _refuse_missing(variable, names, path)
        one = of_file(file, variable)
        about = _cdf.provenance(file, path)
    data = _field(one, frame, None, about)
    return _cdf.increasing(data, path, sort)


def open_moments(
    path: FilePath, *, product: str | None = None, sort: bool = False
) -> xr.Dataset:
    """Open moments of ions of a known product.

    Parameters
    ----------
    path : str or path-like
        CDF file.
    product : str, optional
        One of `PRODUCTS`, by default the one whose names the file has.
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)
        In GSM, with ``source``, ``file``, ``sha256`` and ``product``.

    Raises
    ------
    FileNotFoundError, ValueError
        As `open_field`.
    """
    with _cdf.opened(path) as file:
        names = file.cdf_info().zVariables
        chosen, found = names_of(names, product)
        variables = {name: of_file(file, name) for name in found}
        about = _cdf.provenance(file, path) | {"product": chosen}
    data = moments_of(variables, PRODUCTS[chosen], about)
    return _cdf.increasing(data, path, sort)


def loaded(*names: str) -> dict[str, Any]:
    """Return variables that pyspedas has in its memory, by name.

    Raises
    ------
    ValueError
        If one is not there.
    """
    import pyspedas

    found = {name: pyspedas.get_data(name, xarray=True) for name in names}
    if missing := [name for name, one in found.items() if one is None]:
        raise ValueError(
            f"pyspedas has not loaded {', '.join(missing)}; it has "
            f"{', '.join(pyspedas.tplot_names(quiet=True)) or 'nothing'}"
        )
    return found


def field(
    variable: xr.DataArray | Mapping[str, Any],
    *,
    name: str = "",
    frame: str | None = None,
    units: str | None = None,
    sort: bool = False,
) -> xr.Dataset:
    """Return a magnetic field that pyspedas loaded.

    Parameters
    ----------
    variable : xarray.DataArray or mapping
        Of ``get_data(name, xarray=True)``, or the x and y of
        ``notplot=True``, whose unit and frame must be given.
    name, frame, units : str, optional
        What the variable does not say.
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    field : xarray.Dataset (MAGNETIC_FIELD)
        In GSM.

    Raises
    ------
    TypeError
        If it is no variable of pyspedas.
    ValueError
        As `open_field`.
    """
    one = of_pyspedas(variable, name)
    about = {"source": one.name, "measured": True} | one.about
    return _cdf.increasing(_field(one, frame, units, about), one.name, sort)


def moments(
    variables: Mapping[str, Any],
    *,
    product: str | None = None,
    sort: bool = False,
) -> xr.Dataset:
    """Return moments that pyspedas loaded.

    Parameters
    ----------
    variables : mapping
        Variables by name: of `loaded`, or what a loader of pyspedas returns
        with ``notplot=True``.
    product : str, optional
        One of `PRODUCTS`, by default the one whose names are there.
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)
        In GSM.

    Raises
    ------
    TypeError, ValueError
        As `field`; and if the names are of no known product.
    """
    chosen, found = names_of(list(variables), product)
    ready = {name: of_pyspedas(variables[name], name) for name in found}
    first = ready[found[0]]
    about = {"source": chosen, "product": chosen, "measured": True}
    data = moments_of(ready, PRODUCTS[chosen], about | first.about)
    return _cdf.increasing(data, chosen, sort)


def _field_variable(file: Any, names: list[str], path: FilePath) -> str:
    fitting = [
        name
        for name in names
        if str(_cdf.attributes(file, name).get("UNITS", "")).lower() == "nt"
        and list(file.varinq(name).Dim_Sizes)[:1] in ([3], [4])
    ]
    for frame in ("gsm", "gse"):
        if named := [name for name in fitting if frame in name.lower()]:
            return named[0]
    if len(fitting) == 1:
        return fitting[0]
    raise ValueError(
        f"{_file(path)} has {len(fitting)} vectors in nT "
        f"({', '.join(fitting) or 'none'}); name one as variable, of "
        f"{', '.join(names) or 'none'}"
    )


def _refuse_missing(name: str, names: list[str], path: FilePath) -> None:
    if name not in names:
        raise ValueError(
            f"{_file(path)} has no variable {name}; it has {', '.join(names)}"
        )


def _file(path: FilePath) -> str:
    return str(path).rsplit("/", 1)[-1]


def _field(
    one: MissionVariable,
    frame: str | None,
    units: str | None,
    about: dict[str, Any],
) -> xr.Dataset:
    seen = vector(one, "magnetic field", frame, units)
    told = about | {"variable": one.name}
    return MAGNETIC_FIELD.stamp(
        xr.Dataset({"magnetic_field": seen}, attrs=told)
    )
