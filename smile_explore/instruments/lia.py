"""SMILE's Light Ion Analyser: from a plasma to counts and to moments.

A top-hat analyser with deflectors selects energy per charge and direction;
it does not tell protons from alpha particles but by their energy per charge.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.constants import ALPHA_MASS, PROTON_MASS
from smile_explore.instruments._ion_species import (
    ALPHAS,
    PROTONS,
    SPECIES,
    as_ions,
    blank,
    only_beam,
    per_proton,
    valley_of,
)
from smile_explore.instruments.ion_analyser import (
    ENERGY_RANGES,
    GEOMETRIC_FACTORS,
    LIA,
    MODES,
    IonAnalyser,
    assumptions,
    grid,
    in_mode,
)
from smile_explore.physics import distributions, ion_bins
from smile_explore.schema import MOMENTS, VDF

__all__ = [
    "ENERGY_RANGES",
    "GEOMETRIC_FACTORS",
    "LIA",
    "MODES",
    "IonAnalyser",
    "assumptions",
    "distribution",
    "expose",
    "grid",
    "in_mode",
    "moments",
    "plasma",
]

BINS = VDF.variables["vdf"].dims
plasma = ion_bins.plasma


def distribution(
    plasma: xr.Dataset,
    *,
    analyser: IonAnalyser = LIA,
    alpha_fraction: float | xr.DataArray = 0.04,
    alpha_temperature: float = 4.0,
    anisotropy: float = 1.0,
    ion_share: float | xr.DataArray = 1.0,
    kappa: float = np.inf,
    spacecraft_potential: float | xr.DataArray = 0.0,
) -> xr.Dataset:
    """Return what the analyser would see of a plasma, without noise.

    Each bin gets the mean number flux over its energies and directions, not
    that at its middle: a beam narrower than a bin fills it.

    Parameters
    ----------
    plasma : xarray.Dataset
        `density` of the protons [cm-3], `velocity` [km s-1], `temperature`
        [eV] and `magnetic_field` [nT], GSM, with or without `time`: a
        SOLAR_WIND or what `magnetosphere.sample` returns.
    analyser : IonAnalyser
    alpha_fraction : float or xarray.DataArray
        Alpha particles over protons, by number; they come on top of
        `density`. 0.04 is usual in the solar wind.
    alpha_temperature : float
        Over that of the protons; 4 is usual in the solar wind (equal thermal
        speeds). They drift as the protons do.
    anisotropy : float
        Temperature across the field over that along it.
    ion_share : float or xarray.DataArray
        Share of `temperature` that is the ions': 1 for a SOLAR_WIND, less
        for a CUBE, whose temperature is of ions and electrons together.
    kappa : float
        Of kappa distributions; Maxwellians by default.
    spacecraft_potential : float or xarray.DataArray
        A positive one slows ions down before they are measured. [V]

    Returns
    -------
    vdf : xarray.Dataset (VDF)
        As if all ions were protons; float32, lazy in blocks along time, NaN
        where the plasma is not known or the analyser does not look.

    Raises
    ------
    ValueError
        If a setting is out of range, the plasma lacks a variable or its
        vectors are not in GSM; when it is computed, if it is anisotropic
        where there is no field.
    """
    _check_plasma(plasma)
    _check_settings(alpha_fraction, alpha_temperature, anisotropy, ion_share)
    bins = grid(analyser)
    ions = _ions(plasma, ion_share, anisotropy, spacecraft_potential)
    seen = ion_bins.fill(ions, bins, mass=PROTON_MASS, charge=1, kappa=kappa)
    if np.any(np.asarray(alpha_fraction) > 0.0):
        alphas = ions.assign(density=ions.density * alpha_fraction)
        for name in ("temperature_parallel", "temperature_perpendicular"):
            alphas[name] = alphas[name] * alpha_temperature
        as_protons = np.float32(1.0 / per_proton(ALPHA_MASS, 2))
        seen = seen + as_protons * ion_bins.fill(
            alphas, bins, mass=ALPHA_MASS, charge=2, kappa=kappa
        )
    seen = seen.where(bins.measured)
    seen.attrs["frame"] = "GSM"
    vdf = bins.assign(vdf=seen, spacecraft_potential=ions.spacecraft_potential)
    vdf.attrs = {
        "instrument": "LIA",
        "measured": False,
        "note": "simulated; settings of LIA are assumed where not public",
        "dead_time": analyser.dead_time,
        "dwell": analyser.dwell,
        "anodes": analyser.azimuth_step / analyser.anode,
    }
    return VDF.stamp(vdf)


def expose(
    vdf: xr.Dataset, *, rng: int | np.random.Generator | None = None
) -> xr.Dataset:
    """Count: Poisson noise, background and dead time.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        From `distribution`, with `one_count` and `background`.
    rng : int, numpy.random.Generator or None
        Seed or generator. The same seed gives the same counts, from numpy
        and from dask, however the times are split.

    Returns
    -------
    vdf : xarray.Dataset (VDF)
        With `counts`, corrected for dead time, and `vdf` made of them less
        the expected background: some bins are below zero.

    Raises
    ------
    ValueError
        If `vdf` does not know what a count is.

    Notes
    -----
    An anode is blind for a time after each count, and counts in that time
    do not prolong it: of a rate r it registers r / (1 + r tau). The counts
    registered are taken as Poisson's, which they are while r tau is small.
    """
    VDF.check(vdf)
    lacking = [n for n in ("one_count", "background") if n not in vdf]
    if lacking:
        raise ValueError(
            f"the vdf has no {' and no '.join(lacking)} to count with; make "
            "one with lia.distribution(plasma)"
        )
    dead = vdf.attrs.get("dead_time", 0.0) / (
        vdf.attrs.get("dwell", 1.0) * vdf.attrs.get("anodes", 1.0)
    )
    expected = vdf["vdf"] / vdf["one_count"] + vdf["background"]
    lead = [dim for dim in expected.dims if dim not in BINS]
    numbers = np.arange(int(np.prod([expected.sizes[dim] for dim in lead])))
    number = xr.DataArray(
        numbers.reshape([expected.sizes[dim] for dim in lead]), dims=lead
    )
    if expected.chunks is not None:
        expected = expected.chunk(dict.fromkeys(BINS, -1))
        number = number.chunk({dim: expected.chunksizes[dim] for dim in lead})
    counts = xr.apply_ufunc(
        _count,
        expected,
        number,
        kwargs={
            "seed": int(
                np.random.default_rng(rng).spawn(1)[0].integers(2**63)
            ),
            "dead": dead,
        },
        input_core_dims=[BINS, []],
        output_core_dims=[BINS],
        dask="parallelized",
        output_dtypes=[np.float32],
    )
    seen = ((counts - vdf["background"]) * vdf["one_count"]).astype(np.float32)
    seen.attrs = vdf["vdf"].attrs
    if isinstance(rng, int):
        counts.attrs["seed"] = rng
    return VDF.stamp(vdf.assign(counts=counts, vdf=seen))


def _count(
    expected: np.ndarray, number: np.ndarray, *, seed: int, dead: float
) -> np.ndarray:
    """Draw each distribution by a generator of its own number."""
    counts = np.empty(expected.shape, np.float32)
    for place in np.ndindex(number.shape):
        mean = np.maximum(expected[place], 0.0)
        known = np.isfinite(mean)
        mean = np.where(known, mean / (1.0 + dead * mean), 0.0)
        generator = np.random.default_rng([seed, int(number[place])])
        drawn = generator.poisson(mean)
        # an anode that is never free gives no end of counts: keep below it
        share = np.minimum(dead * drawn, 0.99)
        counts[place] = np.where(known, drawn / (1.0 - share), np.nan)
    return counts


def moments(
    vdf: xr.Dataset,
    *,
    split: str = "auto",
    estimates: tuple[str, ...] = distributions.ESTIMATES,
) -> xr.Dataset:
    """Moments of protons and of alpha particles.

    Parameters
    ----------
    vdf : xarray.Dataset (VDF)
        As if all ions were protons, as `distribution` and `expose` give it.
    split : {"auto", "always", "never"}
        Whether what lies beyond the valley above the protons' peak, at 1.25
        to 1.85 times its energy per charge, is taken for alpha particles: by
        itself where the peak is narrow, as in the solar wind. Of what is
        split only directions within 45 deg of the flow are taken. What is
        not split counts as protons.
    estimates : tuple of str
        Some of `distributions.ESTIMATES`.

    Returns
    -------
    moments : xarray.Dataset (MOMENTS)
        Along `species` and `estimate`; with `split`, whether it was. Alpha
        particles that were not split off are NaN and not valid.

    Raises
    ------
    ValueError
        If `split` is not one of the three, or as `distributions.moments`.
    """
    if split not in ("auto", "always", "never"):
        raise ValueError(f"split must be auto, always or never, got {split!r}")
    valley, narrow = valley_of(distributions.spectrum(vdf).energy_flux)
    cut = xr.full_like(narrow, split == "always")
    cut = narrow if split == "auto" else cut
    beam = only_beam(vdf, cut, valley)
    bounds = {
        "H+": {
            "lowest": (valley / PROTONS).where(cut, 0.0),
            "highest": valley.where(cut, np.inf),
        },
        "He++": {"lowest": valley, "highest": ALPHAS * valley},
    }
    found = []
    for species, (mass, charge) in SPECIES.items():
        one = distributions.moments(
            as_ions(beam, mass, charge),
            mass=mass,
            charge=charge,
            estimates=estimates,
            **bounds[species],
        )
        if species != "H+":
            one = blank(one, cut)
        found.append(one.assign_coords(species=species))
    both = xr.concat(found, "species", combine_attrs="drop_conflicts")
    both["split"] = cut.assign_attrs(long_name="alpha particles split off")
    return MOMENTS.stamp(both)


def _ions(
    plasma: xr.Dataset,
    ion_share: float | xr.DataArray,
    anisotropy: float,
    potential: float | xr.DataArray,
) -> xr.Dataset:
    along = plasma["temperature"] * ion_share * 3.0 / (1.0 + 2.0 * anisotropy)
    return xr.Dataset(
        {
            "density": plasma["density"],
            "velocity": plasma["velocity"],
            "magnetic_field": plasma["magnetic_field"],
            "temperature_parallel": along,
            "temperature_perpendicular": along * anisotropy,
            "spacecraft_potential": potential,
        }
    )


def _check_plasma(plasma: xr.Dataset) -> None:
    needed = ("density", "velocity", "temperature", "magnetic_field")
    lacking = [name for name in needed if name not in plasma]
    if lacking:
        raise ValueError(
            f"a plasma has {', '.join(needed)}; this one lacks "
            f"{', '.join(lacking)}"
        )
    for name in ("velocity", "magnetic_field"):
        frame = plasma[name].attrs.get("frame", "GSM")
        if frame != "GSM":
            raise ValueError(
                f"{name} must be in GSM, got {frame}; turn it with "
                'frames.rotate(vector, to="GSM")'
            )
    strange = set(plasma["density"].dims) - {"time"}
    if strange:
        raise ValueError(
            "a plasma may have the dimension time, got also "
            f"{', '.join(sorted(map(str, strange)))}; sample a cube along "
            "the orbit with magnetosphere.sample"
        )


def _check_settings(
    alpha_fraction: float | xr.DataArray,
    alpha_temperature: float,
    anisotropy: float,
    ion_share: float | xr.DataArray,
) -> None:
    for name, value in (
        ("alpha_temperature", alpha_temperature),
        ("anisotropy", anisotropy),
        ("ion_share", np.nanmin(ion_share)),
    ):
        if not value > 0.0:
            raise ValueError(f"{name} must be positive, got {value:g}")
    if not np.nanmin(alpha_fraction) >= 0.0:
        raise ValueError(
            "alpha_fraction must not be negative, got "
            f"{np.nanmin(alpha_fraction):g}"
        )
