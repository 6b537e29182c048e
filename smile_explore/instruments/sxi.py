"""SXI, the Soft X-ray Imager: from emissivity to counts in pixels.

`intensity` is what arrives, `expected_counts` what the detector would count
on average, `expose` one exposure with its noise. Without a response there
is one effective area for all energies and directions, no blur of the optics
and no filter; with one, such as `response.tables.assumed()`, there is all of
it. Every number is recorded with what it made.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from smile_explore.instruments._checks import check_same_times
from smile_explore.instruments._noise import draw_counts
from smile_explore.instruments.camera import (
    Camera,
    pixel_directions,
    solid_angle,
)
from smile_explore.instruments.response import counts as _full
from smile_explore.physics import line_of_sight
from smile_explore.schema import POINTING, SXI_IMAGE

__all__ = [
    "BACKGROUND",
    "EFFECTIVE_AREA",
    "PHOTON_ENERGY",
    "QUANTUM_EFFICIENCY",
    "SXI",
    "SXI_FLIGHT",
    "expected_counts",
    "expose",
    "intensity",
]

#: Field of view that papers use: 16 x 27 deg, the long side horizontal
#: (Branduardi-Raymont and Wang 2024, see `constants`).
SXI = Camera("SXI", fov_lon=27.0, fov_lat=16.0, pixel=0.25)
#: Field of view of the flight model, https://le.ac.uk.
SXI_FLIGHT = Camera("SXI flight model", fov_lon=26.5, fov_lat=15.5, pixel=0.25)

#: Area of the optic (Branduardi-Raymont and Wang 2024); its fall with energy
#: and angle is not published in numbers. [cm2]
EFFECTIVE_AREA = 15.0
#: Quantum efficiency of the CCDs (Branduardi-Raymont and Wang 2024).
QUANTUM_EFFICIENCY = 0.89
#: **An assumption**: mean energy of the charge exchange photons, which lie
#: in 0.2-2.5 keV. [keV]
PHOTON_ENERGY = 0.5
#: **An assumption**: sky and detector together, the same in all pixels and
#: at all times. [keV cm-2 s-1 sr-1]
BACKGROUND = 5.0


def intensity(
    emissivity: xr.DataArray, pointing: xr.Dataset, *, camera: Camera = SXI
) -> xr.Dataset:
    """Image the X-rays that reach a camera.

    Parameters
    ----------
    emissivity : xarray.DataArray
        On x, y, z, with or without `time`, as `charge_exchange.emissivity`
        returns it; numpy or dask. [eV cm-3 s-1]
    pointing : xarray.Dataset (POINTING)
        With or without `time`; if both have it, the times must be the same.
    camera : Camera
        SXI unless given; a larger pixel is a faster preview.

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE)
        `intensity`, NaN where the pointing says that SXI is off (`sxi_on`)
        and where a line of sight misses the grid. The settings of the
        emissivity and the camera are in its attributes. Lazy for dask.

    Raises
    ------
    ValueError
        If the times differ, or as `line_of_sight.integrate` does.
    """
    POINTING.check(pointing)
    check_same_times(
        "fly the trajectory at the times of the emissivity, or select the "
        "nearest with .sel(time=..., method='nearest')",
        emissivity=emissivity,
        pointing=pointing,
    )
    seen = _when_on(emissivity, pointing, camera)
    settings = {
        name: value
        for name, value in emissivity.attrs.items()
        if name not in ("units", "long_name")
    }
    image = xr.Dataset(
        {"intensity": seen},
        attrs={**settings, "camera": camera.name},
    )
    return SXI_IMAGE.stamp(image)


def expected_counts(
    image: xr.Dataset,
    *,
    exposure: float | xr.DataArray = 300.0,
    effective_area: float = EFFECTIVE_AREA,
    quantum_efficiency: float = QUANTUM_EFFICIENCY,
    photon_energy: float = PHOTON_ENERGY,
    background: float = BACKGROUND,
    response: xr.Dataset | None = None,
    spectrum: xr.DataArray | None = None,
) -> xr.Dataset:
    """Turn intensity into the counts that an exposure has on average.

    Parameters
    ----------
    image : xarray.Dataset (SXI_IMAGE)
        With `intensity` on all pixels of the camera.
    exposure : float or xarray.DataArray
        Length of an exposure. [s]
    effective_area : float
        Of the optic. [cm2]
    quantum_efficiency : float
        Share of photons that are counted, above 0 and up to 1.
    photon_energy : float
        Mean energy of a photon. [keV]
    background : float
        Added to the intensity in every pixel. [keV cm-2 s-1 sr-1]
    response : xarray.Dataset (RESPONSE), optional
        The full response, in the place of the four numbers above; see
        `response.counts.expected`.
    spectrum : xarray.DataArray, optional
        With a response: relative numbers of photons along photon_energy.

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE)
        With `expected_counts`, whose attributes hold these settings, and
        `exposure`.

    Raises
    ------
    ValueError
        If a setting is not positive (the background: negative), or one of
        the four numbers is given beside a response.

    Notes
    -----
    counts = (I + background) x solid angle x area x efficiency x exposure
    / photon energy. The diffuse sky can be several times brighter than the
    default background (Robertson and Cravens find the geocorona at about a
    quarter of it): raise `background` before judging what can be seen.
    """
    SXI_IMAGE.check(image)
    settings = {
        "effective_area": effective_area,
        "quantum_efficiency": quantum_efficiency,
        "photon_energy": photon_energy,
        "background": background,
    }
    if response is not None:
        _refuse_both(settings)
        return _full.expected(
            image, response, exposure=exposure, spectrum=spectrum
        )
    if spectrum is not None:
        raise ValueError(
            "a spectrum needs a response; give response="
            "response.tables.assumed() too"
        )
    _check_settings(exposure, **settings)
    per_intensity = (
        solid_angle(image)
        * effective_area
        * quantum_efficiency
        / photon_energy
        * exposure
    )
    expected = (image["intensity"] + background) * per_intensity
    expected.attrs = settings
    length = xr.DataArray(exposure).astype(float)
    return SXI_IMAGE.stamp(
        image.assign(expected_counts=expected, exposure=length)
    )


def expose(
    expected: xr.Dataset, *, rng: int | np.random.Generator | None = None
) -> xr.Dataset:
    """Draw one exposure: independent Poisson counts in every pixel.

    Parameters
    ----------
    expected : xarray.Dataset (SXI_IMAGE)
        With `expected_counts`.
    rng : int, numpy.random.Generator or None
        Seed or generator. The same seed gives the same counts, from numpy
        and from dask, and each time a lazy result is computed.

    Returns
    -------
    image : xarray.Dataset (SXI_IMAGE)
        With `counts`, NaN where nothing was expected to be known.

    Raises
    ------
    ValueError
        If there are no expected counts.
    """
    SXI_IMAGE.check(expected)
    if "expected_counts" not in expected:
        raise ValueError(
            "the image has no expected_counts to draw from; make them with "
            "sxi.expected_counts(image, exposure=...)"
        )
    counts = draw_counts(expected["expected_counts"], rng)
    return SXI_IMAGE.stamp(expected.assign(counts=counts))


def _when_on(
    emissivity: xr.DataArray, pointing: xr.Dataset, camera: Camera
) -> xr.DataArray:
    """Integrate along the lines of sight at the times when SXI is on."""
    on = pointing["sxi_on"] if "sxi_on" in pointing else xr.DataArray(True)
    if "time" not in on.dims:
        return _integrate(emissivity, pointing, camera).where(bool(on))
    lit = on.values.astype(bool)
    if not lit.any():
        return _dark(pointing, camera)
    if "time" in emissivity.dims:
        emissivity = emissivity.isel(time=lit)
    seen = _integrate(emissivity, pointing.isel(time=lit), camera)
    return seen.reindex(time=pointing["time"])


def _integrate(
    emissivity: xr.DataArray, pointing: xr.Dataset, camera: Camera
) -> xr.DataArray:
    return line_of_sight.integrate(
        emissivity, pointing["position"], pixel_directions(camera, pointing)
    )


def _dark(pointing: xr.Dataset, camera: Camera) -> xr.DataArray:
    pixels = pixel_directions(camera, pointing).isel(component=0, drop=True)
    return xr.full_like(pixels, np.nan).drop_attrs()


def _refuse_both(settings: dict[str, float]) -> None:
    usual = {
        "effective_area": EFFECTIVE_AREA,
        "quantum_efficiency": QUANTUM_EFFICIENCY,
        "photon_energy": PHOTON_ENERGY,
        "background": BACKGROUND,
    }
    given = [name for name, value in settings.items() if value != usual[name]]
    if given:
        raise ValueError(
            f"{', '.join(given)} cannot be given beside a response, which "
            "has its own; change the response instead"
        )


def _check_settings(exposure: float | xr.DataArray, **settings: float) -> None:
    units = {"effective_area": " cm2", "photon_energy": " keV"}
    positive: dict[str, Any] = {"exposure": np.min(exposure)} | settings
    background = positive.pop("background")
    for name, value in positive.items():
        if not value > 0.0:
            unit = " s" if name == "exposure" else units.get(name, "")
            raise ValueError(
                f"{name} must be positive, got {float(value):g}{unit}"
            )
    if settings["quantum_efficiency"] > 1.0:
        raise ValueError(
            "quantum_efficiency must be a share up to 1, got "
            f"{settings['quantum_efficiency']:g}"
        )
    if not background >= 0.0:
        raise ValueError(
            f"background must not be negative, got {background:g} "
            "keV cm-2 s-1 sr-1"
        )
