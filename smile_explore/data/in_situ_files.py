"""Files of LIA and MAG as CDF, in the form that ISTP gives to all missions.

No format of SMILE's own is public. These files follow ISTP's guidelines and
the layout of SWA-PAS on Solar Orbiter, whose geometry is LIA's: elevations
that depend on the energy, and distributions of which only a part was taken.
A reader of the mission's files can take their place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.data import _cdf, policy
from smile_explore.data._cdf import FilePath
from smile_explore.data._istp import to_istp
from smile_explore.data._istp_reading import from_istp
from smile_explore.data.policy import Policy
from smile_explore.schema import MAGNETIC_FIELD, MOMENTS, VDF, Schema

__all__ = [
    "read_distribution",
    "read_field",
    "read_moments",
    "write_distribution",
    "write_field",
    "write_moments",
]

#: Descriptor, instrument type and name of each product.
_PRODUCTS = {
    "VDF": (
        "LIA>Light Ion Analyser",
        "Plasma and Solar Wind",
        "lia-vdf",
        "ion velocity distributions",
    ),
    "MOMENTS": (
        "LIA>Light Ion Analyser",
        "Plasma and Solar Wind",
        "lia-moments",
        "ion moments",
    ),
    "MAGNETIC_FIELD": (
        "MAG>Magnetometer",
        "Magnetic Fields (space)",
        "mag",
        "magnetic field",
    ),
}
_VERSION = "01"
_SIMULATED = "SMILE-SIM>Virtual SMILE, simulated"


def write_field(
    field: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write a magnetic field to a CDF file.

    Parameters
    ----------
    field : xarray.Dataset (MAGNETIC_FIELD)
        Along `time`.
    path : str or path-like
        Named ``.cdf``.
    terms : Policy, optional
        By default what `policy.of` finds in the dataset.
    overwrite : bool
        Whether a file that is there is replaced.

    Raises
    ------
    ValueError
        If the dataset is not of its schema, has no `time` or times out of
        order, or the name is not of a CDF file.
    FileExistsError
        If the file is there and is not to be replaced.
    OSError
        If it cannot be written; nothing of it is left then.
    """
    _write(field, MAGNETIC_FIELD, path, terms, overwrite)


def read_field(path: FilePath, *, sort: bool = False) -> xr.Dataset:
    """Read a magnetic field that `write_field` wrote.

    Parameters
    ----------
    path : str or path-like
    sort : bool
        Whether times out of order are put in order.

    Returns
    -------
    field : xarray.Dataset (MAGNETIC_FIELD)
        With ``file`` and ``sha256``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged, no CDF file, of other contents, or its times are
        out of order.
    """
    return _read(path, MAGNETIC_FIELD, sort)


def write_moments(
    moments: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write moments of ions to a CDF file.

    Parameters
    ----------
    moments : xarray.Dataset (MOMENTS)
        Along `time`; species and estimates may be further dimensions.
    path, terms, overwrite
        As in `write_field`.

    Raises
    ------
    ValueError, FileExistsError
        As `write_field`.
    """
    _write(moments, MOMENTS, path, terms, overwrite)


def read_moments(path: FilePath, *, sort: bool = False) -> xr.Dataset:
    """Read moments that `write_moments` wrote.

    Parameters
    ----------
    path, sort
        As in `read_field`.

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_field`.
    """
    return _read(path, MOMENTS, sort)


def write_distribution(
    vdf: xr.Dataset,
    path: FilePath,
    *,
    terms: Policy | None = None,
    overwrite: bool = False,
) -> None:
    """Write ion distributions to a CDF file.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        Along `time`. Where it is NaN nothing was taken: the part that was
        is named for each time by ``start_energy``, ``nb_energy`` and so on,
        counted from 0.
    path, terms, overwrite
        As in `write_field`.

    Raises
    ------
    ValueError, FileExistsError
        As `write_field`.
    """
    VDF.check(vdf)
    if "time" in vdf.dims:
        vdf = vdf.assign(_parts(vdf["vdf"]))
    _write(vdf, VDF, path, terms, overwrite)


def read_distribution(path: FilePath, *, sort: bool = False) -> xr.Dataset:
    """Read ion distributions that `write_distribution` wrote.

    Parameters
    ----------
    path, sort
        As in `read_field`.

    Returns
    -------
    vdf : xarray.Dataset (VDF)
        NaN outside the part that was taken at each time.

    Raises
    ------
    FileNotFoundError, ValueError
        As `read_field`; and if an axis has no DELTA_MINUS_VAR or
        DELTA_PLUS_VAR, without which no bin has a width.
    """
    return _read(path, VDF, sort)


def _write(
    data: xr.Dataset,
    schema: Schema,
    path: FilePath,
    terms: Policy | None,
    overwrite: bool,
) -> None:
    about = _about(data, schema, Path(path).stem)
    words = (
        f"{about['Logical_source_description']}. The mission's own format is "
        "not public; this one follows the guidelines of ISTP."
    )
    told = policy.cdf(terms or policy.of(data), words)
    made = to_istp(data, schema, about | told)
    _cdf.write(made, path, overwrite=overwrite)


def _read(path: FilePath, schema: Schema, sort: bool) -> xr.Dataset:
    with _cdf.opened(path) as file:
        data = from_istp(file, path)
        told = _cdf.provenance(file, path)
        if file.globalattsget().get("Source_name") == [_SIMULATED]:
            told |= {"measured": False, "PI": "none"}
    if missing := [
        name
        for name, variable in schema.variables.items()
        if variable.required and name not in data
    ]:
        raise ValueError(
            f"{Path(path).name} holds no {schema.name}: it lacks "
            f"{', '.join(missing)}; it has {', '.join(map(str, data))}. Real "
            "data of other missions are read by data.in_situ_missions"
        )
    try:
        schema.check(data)
    except ValueError as error:
        raise ValueError(f"{Path(path).name}: {error}") from error
    data = _cdf.increasing(_only_parts(data), path, sort)
    data.attrs = told | data.attrs
    data.attrs |= {key: told[key] for key in ("file", "sha256")}
    return schema.stamp(data)


_AXES = ("energy", "elevation", "azimuth")


def _parts(vdf: xr.DataArray) -> dict[str, xr.DataArray]:
    """Return first index and number of the bins with values, by time."""
    found = {}
    taken = vdf.notnull()
    for axis in _AXES:
        others = [dim for dim in vdf.dims if dim not in ("time", axis)]
        some = taken.any(others).transpose("time", axis).values
        first = some.argmax(axis=1)
        number = some.shape[1] - some[:, ::-1].argmax(axis=1) - first
        number = np.where(some.any(axis=1), number, 0)
        for name, values in (("start", first), ("nb", number)):
            words = "first bin" if name == "start" else "number of bins"
            found[f"{name}_{axis}"] = xr.DataArray(
                values.astype(np.int32),
                dims="time",
                attrs={"units": "1", "long_name": f"{words} taken, {axis}"},
            )
    return found


def _only_parts(data: xr.Dataset) -> xr.Dataset:
    """Leave NaN in a distribution outside the part that was taken."""
    names = [f"{kind}_{axis}" for axis in _AXES for kind in ("start", "nb")]
    if not set(names) <= set(data):
        return data
    inside = xr.DataArray(True)
    for axis in _AXES:
        place = xr.DataArray(np.arange(data.sizes[axis]), dims=axis)
        first, number = data[f"start_{axis}"], data[f"nb_{axis}"]
        inside = inside & (place >= first) & (place < first + number)
    told = data["vdf"].attrs
    vdf = data["vdf"].where(inside).transpose(*data["vdf"].dims)
    return data.drop_vars(names).assign(vdf=vdf.assign_attrs(told))


def _about(data: xr.Dataset, schema: Schema, name: str) -> dict[str, Any]:
    """Return what ISTP wants to know of a file; nothing is made up."""
    descriptor, kind, product, words = _PRODUCTS[schema.name]
    measured = bool(data.attrs.get("measured", False))
    told = "measured" if measured else "simulated by smile_explore"
    return {
        "Project": "SMILE>Solar wind Magnetosphere Ionosphere Link Explorer",
        "Source_name": "SMILE>SMILE" if measured else _SIMULATED,
        "Discipline": "Space Physics>Magnetospheric Science",
        "Data_type": "L2>Level 2",
        "Descriptor": descriptor,
        "Data_version": _VERSION,
        "Logical_source": f"smile_l2_{product}",
        "Logical_source_description": f"{descriptor.split('>')[1]}: {words}",
        "Logical_file_id": name,
        "PI_name": str(data.attrs.get("PI", "none: " + told)),
        "PI_affiliation": str(data.attrs.get("PI_affiliation", "none")),
        "Instrument_type": kind,
        "Mission_group": "SMILE",
        "MODS": "none",
    }
