"""Read images of the Sun and its X-rays from files."""

from __future__ import annotations

import hashlib
import warnings
from os import PathLike
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.physics.sun import RADIUS
from smile_explore.schema import SUN_IMAGE, XRAY_FLUX

__all__ = ["open_image", "open_xrays"]

#: What the channels are called in files of NOAA, with their flags: of the
#: 1-minute averages, and of the irradiances of GOES 13 to 15.
_CHANNELS: Final = (
    ("xrsa_flux", "xrsb_flux", "xrsa_flag", "xrsb_flag"),
    ("a_flux", "b_flux", "a_flags", "b_flags"),
)
_FILL: Final = -9999.0
#: What sunpy and astropy raise at files that are none; their own exceptions
#: are of these kinds.
_UNREADABLE: Final = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RuntimeError,
    Warning,
)


def open_image(path: str | PathLike[str], *, size: int = 512) -> xr.Dataset:
    """Open an image of the Sun and turn solar north up.

    Parameters
    ----------
    path : str or path-like
        FITS that sunpy knows (AIA, HMI, LASCO and others), or JPEG 2000 of
        Helioviewer where glymur is installed.
    size : int
        Pixels along the longer side of what is returned; those of the file
        are averaged.

    Returns
    -------
    image : xarray.Dataset (SUN_IMAGE)
        ``attrs``: `instrument`, `time` (ISO, UTC), `file_units`, the
        observer's heliographic `observer_latitude` and `observer_longitude`
        [deg] and `distance` [km], `source` and its `sha256`.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it holds no image of the Sun that sunpy can place on the sky.

    Notes
    -----
    The first call imports `sunpy.map`, which takes seconds; `fetch_image`
    does it aside. An image that does not say from where it was taken is
    taken for one from Earth, as sunpy does.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no image of the Sun at {path}")
    if size < 16:
        raise ValueError(f"size must be 16 pixels or more, got {size}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of headers
            # sunpy would take it for an image of today
            warnings.filterwarnings("error", message=".*observation time")
            image = _as_dataset(_map(path), size)
    except _UNREADABLE as error:
        why = (str(error) or type(error).__name__).splitlines()[0]
        raise ValueError(
            f"{path} holds no image of the Sun that sunpy can place on the "
            f"sky ({why}); give FITS with helioprojective coordinates"
        ) from error
    image.attrs.update(
        source=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        measured=True,
    )
    return SUN_IMAGE.stamp(image)


def _map(path: Path) -> Any:
    import sunpy.map

    opened = sunpy.map.Map(path)
    found = opened[0] if isinstance(opened, list) else opened
    if found.data.ndim != 2 or "HPLN" not in str(found.wcs.wcs.ctype[0]):
        raise ValueError("no plane of helioprojective longitude and latitude")
    return found


def _as_dataset(solar: Any, size: int) -> xr.Dataset:
    """Sample a map on axes of helioprojective x and y."""
    import astropy.units as u
    from scipy.ndimage import map_coordinates

    together = max(1, max(solar.data.shape) // size)
    if together > 1:
        solar = solar.superpixel([together] * 2 * u.pix, func=np.nanmean)
    rows, columns = solar.data.shape
    edge = np.array([0.0, columns - 1.0]), np.array([0.0, rows - 1.0])
    corners = solar.wcs.pixel_to_world_values(*np.meshgrid(*edge))
    x_seen, y_seen = (_arcsec(one) for one in corners)
    step = max(np.ptp(x_seen) / (columns - 1), np.ptp(y_seen) / (rows - 1))
    x, y = (
        np.arange(one.min(), one.max() + 0.5 * step, step)
        for one in (x_seen, y_seen)
    )
    asked = np.meshgrid(x / 3600.0, y / 3600.0)
    column, row = solar.wcs.world_to_pixel_values(*asked)
    intensity = map_coordinates(
        np.asarray(solar.data, float), [row, column], order=1, cval=np.nan
    )
    seen = solar.observer_coordinate
    return xr.Dataset(
        {"intensity": (("y", "x"), intensity.astype(np.float32))},
        {"x": x, "y": y},
        {
            "instrument": _instrument(solar),
            "time": str(solar.date.utc.isot)[:19],
            "file_units": str(solar.unit or "not stated"),
            "observer_latitude": float(seen.lat.deg),
            "observer_longitude": float(seen.lon.wrap_at(180 * u.deg).deg),
            "distance": float(seen.radius.to_value(u.km)),
            "limb": float(
                np.degrees(np.arcsin(RADIUS / seen.radius.to_value(u.km)))
                * 3600.0
            ),
        },
    )


def _instrument(solar: Any) -> str:
    camera, detector = str(solar.instrument), str(solar.detector)
    if camera.startswith(detector):  # "AIA 3" and "AIA"
        camera = ""
    parts = (str(solar.observatory), camera, detector)
    name = " ".join(part for part in dict.fromkeys(parts) if part)
    if not (length := getattr(solar.wavelength, "value", None)):
        return name
    unit = str(solar.wavelength.unit).replace("Angstrom", "Å")
    return f"{name} {length:g} {unit}"


def _arcsec(degrees: np.ndarray) -> np.ndarray:
    """Return degrees around zero as arcsec; sunpy counts to 360."""
    return ((np.asarray(degrees) + 180.0) % 360.0 - 180.0) * 3600.0


def open_xrays(path: str | PathLike[str]) -> xr.Dataset:
    """Open X-rays of the Sun in a NetCDF file of NOAA.

    Parameters
    ----------
    path : str or path-like
        Science-quality GOES XRS, such as
        ``sci_xrsf-l2-avg1m_g15_d20140910_v2-2-1.nc``.

    Returns
    -------
    flux : xarray.Dataset (XRAY_FLUX)
        NaN where flagged or filled.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is damaged, or not of that layout.

    Notes
    -----
    Science-quality fluxes of GOES 8 to 15 are true irradiances. Classes given
    at the time were 0.7 of them in the long channel [1]_: X1.6 was 2.3e-4
    W m-2.

    References
    ----------
    .. [1] NOAA NCEI, GOES 1-15 XRS science-quality data, readme.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file of X-rays at {path}")
    try:
        with xr.open_dataset(path, engine="netcdf4") as file:
            found = file.load()
    except (OSError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{path} is damaged or no NetCDF file of GOES X-rays"
        ) from error
    for short, long, *flags in _CHANNELS:
        if {short, long} <= set(found.data_vars) and "time" in found.coords:
            names = {"short": (short, flags[0]), "long": (long, flags[1])}
            break
    else:
        raise ValueError(
            f"{path} holds no X-rays of GOES: it lacks xrsa_flux and "
            f"xrsb_flux along time, it has {', '.join(map(str, found))}"
        )
    flux = xr.Dataset(
        {name: _good(found, *parts) for name, parts in names.items()},
        {"time": found.time.values.astype("datetime64[ns]")},
        {"source": path.name, "measured": True},
    )
    if platform := found.attrs.get("platform"):
        flux.attrs["instrument"] = f"GOES {platform}".replace(
            "GOES g", "GOES "
        )
    return XRAY_FLUX.stamp(flux)


def _good(file: xr.Dataset, name: str, flag: str) -> tuple[str, np.ndarray]:
    values = file[name].values.astype(float)
    bad = ~(values > 0.0) | (values == _FILL)
    if flag in file:  # zero is good data in every version
        bad |= np.nan_to_num(file[flag].values.astype(float)) != 0
    return "time", np.where(bad, np.nan, values)
