"""Moments of ions as other missions name and measure them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import xarray as xr

from smile_explore.constants import ELEMENTARY_CHARGE, PROTON_MASS
from smile_explore.data._mission_variables import MissionVariable, vector
from smile_explore.schema import MOMENTS

__all__ = ["PRODUCTS", "Product", "moments_of", "names_of"]


@dataclass(frozen=True)
class Product:
    """Names of the moments in a data product; * and ? stand for any.

    Parameters
    ----------
    density, velocity, temperature : str or tuple of str
        A velocity of three names has one for each component; a temperature
        of two has those along and across the field.
    frame : str
        Of the velocity, where a variable does not say it.
    thermal_speed : bool
        Whether the temperature is given as sqrt(2 k T / m).
    units : tuple of str
        Of density, velocity and temperature, where a variable does not say
        them, as pyspedas does not with ``notplot=True``.
    """

    density: str
    velocity: tuple[str, ...]
    temperature: tuple[str, ...]
    frame: str = "GSE"
    thermal_speed: bool = False
    units: tuple[str, str, str] = ("cm-3", "km/s", "eV")


#: Names from pyspedas' own tests and documentation and from public code that
#: reads these files. The archive of Cluster writes CIS-HIA, pyspedas CIS_HIA.
PRODUCTS: dict[str, Product] = {
    "Cluster CIS PP": Product(
        "N_p__C?_PP_CIS",
        ("V_p_xyz_gse__C?_PP_CIS",),
        ("T_p_par__C?_PP_CIS", "T_p_perp__C?_PP_CIS"),
        units=("cm-3", "km/s", "MK"),
    ),
    "Cluster CIS HIA": Product(
        "density__C?_CP_CIS?HIA_ONBOARD_MOMENTS",
        ("velocity_gse__C?_CP_CIS?HIA_ONBOARD_MOMENTS",),
        ("temperature__C?_CP_CIS?HIA_ONBOARD_MOMENTS",),
        units=("cm-3", "km/s", "MK"),
    ),
    "Cluster CIS CODIF": Product(
        "density__C?_CP_CIS?CODIF_?S_H1_MOMENTS",
        ("velocity__C?_CP_CIS?CODIF_?S_H1_MOMENTS",),
        ("T__C?_CP_CIS?CODIF_?S_H1_MOMENTS",),
        units=("cm-3", "km/s", "MK"),
    ),
    "THEMIS ESA": Product(
        "th?_pei?_density",
        ("th?_pei?_velocity_gse",),
        ("th?_pei?_avgtemp",),
    ),
    "Wind SWE": Product(
        "Proton_Np_moment",
        ("Proton_VX_moment", "Proton_VY_moment", "Proton_VZ_moment"),
        ("Proton_W_moment",),
        thermal_speed=True,
        units=("cm-3", "km/s", "km/s"),
    ),
    "Wind 3DP": Product("P_DENS", ("P_VELS",), ("P_TEMP",)),
    "ACE SWEPAM": Product(
        "Np", ("V_GSE",), ("Tpr",), units=("cm-3", "km/s", "K")
    ),
}


def names_of(names: list[str], product: str | None) -> tuple[str, list[str]]:
    """Return a product and the names of its variables among those given."""
    if product is not None and product not in PRODUCTS:
        raise ValueError(
            f"product must be one of {', '.join(PRODUCTS)}, got {product!r}"
        )
    for title in [product] if product else list(PRODUCTS):
        one = PRODUCTS[title]
        patterns = (one.density, *one.velocity, *one.temperature)
        found = [
            next((n for n in names if fnmatchcase(n, pattern)), "")
            for pattern in patterns
        ]
        if all(found):
            return title, found
    raise ValueError(
        f"these are no moments of {product or 'a product known here'}: "
        f"{', '.join(names) or 'no variables'}; the products are "
        f"{', '.join(PRODUCTS)}, see in_situ_missions.PRODUCTS"
    )


def moments_of(
    variables: Mapping[str, MissionVariable],
    product: Product,
    about: dict[str, Any],
) -> xr.Dataset:
    """Bring the variables of a product, in its order, to the house's units."""
    ready = list(variables.values())
    count = len(product.velocity)
    dense, flow, warm = ready[0], ready[1 : 1 + count], ready[1 + count :]
    cubic, speed, heat = (
        one.units or usual
        for one, usual in zip(
            (dense, flow[0], warm[0]), product.units, strict=True
        )
    )
    for one in ready[1:]:
        if not np.array_equal(one.time, dense.time):
            raise ValueError(
                f"{one.name} has other times than {dense.name}; give "
                "variables of one file"
            )
    along = flow[0]
    if count == 3:
        columns = np.stack([one.values for one in flow], axis=1)
        along = MissionVariable(flow[0].name, dense.time, columns, speed)
    velocity = vector(along, "velocity", along.frame or product.frame, speed)
    if product.thermal_speed:
        speeds = warm[0].into("velocity", heat) * 1e3
        temperature = PROTON_MASS * speeds**2 / (2.0 * ELEMENTARY_CHARGE)
    else:
        parts = [one.into("temperature", heat) for one in warm]
        temperature = (parts[0] + 2.0 * parts[-1]) / 3.0
    density = dense.into("density", cubic)
    return MOMENTS.stamp(
        xr.Dataset(
            {
                "density": ("time", np.asarray(density, float)),
                "velocity": velocity,
                "temperature": ("time", np.asarray(temperature, float)),
            },
            attrs=about,
        )
    )
