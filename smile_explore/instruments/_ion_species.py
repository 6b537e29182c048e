"""Protons and alpha particles, told apart by their energy per charge."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.constants import ALPHA_MASS, PROTON_MASS
from smile_explore.physics import distributions

__all__ = [
    "ALPHAS",
    "PROTONS",
    "SPECIES",
    "as_ions",
    "blank",
    "only_beam",
    "per_proton",
    "valley_of",
]

#: Mass and charge of the species that LIA tells apart.
SPECIES = {"H+": (PROTON_MASS, 1), "He++": (ALPHA_MASS, 2)}
#: Where the valley between protons and alpha particles may be, over the
#: energy of the protons' peak: at one speed the other peak is at m / q = 2.
_VALLEY = (1.25, 1.85)
#: Alpha particles are sought up to so many energies of the valley, and
#: protons down to it over this.
ALPHAS = 2.7
PROTONS = 5.0
#: A beam's ions are sought within this angle of its flow: the background of
#: all other directions would make it noisy and hot. [deg]
_CONE = 45.0
#: Energy flux at the cut over that at the peak, and share of all of it that
#: lies around the peak, of a spectrum whose alpha particles stand apart.
_NARROW = (0.15, 0.5)


def per_proton(mass: float, charge: int) -> float:
    """Phase space density over what it looks like if ions were protons.

    A bin lets in 2 E / m^2 f dE, of energies q times those per charge.
    """
    return (mass / PROTON_MASS) ** 2 / charge**2


def as_ions(vdf: xr.Dataset, mass: float, charge: int) -> xr.Dataset:
    """Return the distribution of other ions that would be seen like this."""
    scale = np.float32(per_proton(mass, charge))
    names = [name for name in ("vdf", "one_count") if name in vdf]
    return vdf.assign(
        {
            name: (vdf[name] * scale).assign_attrs(vdf[name].attrs)
            for name in names
        }
    )


def only_beam(
    vdf: xr.Dataset, beam: xr.DataArray, valley: xr.DataArray
) -> xr.Dataset:
    """Blank directions far from the flow where the ions are a beam."""
    first = distributions.moments(
        vdf, estimates=("plain",), lowest=valley / PROTONS, highest=valley
    )
    flow = first["velocity"].squeeze("estimate", drop=True)
    along = (flow * distributions.directions(vdf)).sum("component")
    speed = np.sqrt((flow**2).sum("component"))
    near = (along >= np.cos(np.radians(_CONE)) * speed) | ~beam
    names = [name for name in ("vdf", "counts") if name in vdf]
    return vdf.assign(
        {
            name: vdf[name].where(near).transpose(*vdf[name].dims)
            for name in names
        }
    )


def valley_of(spectrum: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Energy per charge of the valley above the peak, and if it is one."""
    return xr.apply_ufunc(
        _find_valley,
        spectrum,
        kwargs={"energy": spectrum["energy"].to_numpy()},
        input_core_dims=[["energy"]],
        output_core_dims=[[], []],
        dask="parallelized",
        output_dtypes=[float, bool],
    )


def _find_valley(
    flux: np.ndarray, *, energy: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    flux = np.maximum(np.nan_to_num(flux), 0.0)
    top = energy[flux.argmax(axis=-1)]
    over = energy / top[..., None]
    between = np.where((over > _VALLEY[0]) & (over < _VALLEY[1]), flux, np.inf)
    valley = between.argmin(axis=-1)
    depth = between.min(axis=-1)
    around = np.where((over > 0.5) & (over < _VALLEY[0]), flux, 0.0)
    total = flux.sum(axis=-1)
    alone = (depth < _NARROW[0] * flux.max(axis=-1)) & (
        around.sum(axis=-1) > _NARROW[1] * total
    )
    return energy[valley], alone & (total > 0.0)


def blank(moments: xr.Dataset, known: xr.DataArray) -> xr.Dataset:
    """Blank what is not known; flags turn False, not NaN."""
    return moments.map(
        lambda one: one & known if one.dtype == bool else one.where(known),
        keep_attrs=True,
    )
