"""Point spread functions: an image, and the size of its pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from smile_explore.data._fits import FilePath, declare, opened, write
from smile_explore.data.policy import of_response

__all__ = ["read_psf", "write_psf"]


def write_psf(
    response: xr.Dataset, path: FilePath, *, overwrite: bool = False
) -> None:
    """Write the point spread function as an image with its scale."""
    from astropy.io import fits

    psf = response["psf"].transpose("psf_lat", "psf_lon")
    image = fits.PrimaryHDU(psf.values)
    for axis, name in ((1, "psf_lon"), (2, "psf_lat")):
        offset = psf[name].values
        middle = int(abs(offset[:-1]).argmin())
        image.header[f"CTYPE{axis}"] = ("OFFSET", f"toward +{name[4:]}")
        image.header[f"CUNIT{axis}"] = "deg"
        step = offset[middle + 1] - offset[middle]
        image.header[f"CRPIX{axis}"] = middle + 1.0 - offset[middle] / step
        image.header[f"CRVAL{axis}"] = 0.0
        image.header[f"CDELT{axis}"] = step
    declare(image, response.attrs, "IMAGE", "PSF", "1.0.0")
    write([image], path, overwrite, of_response(response.attrs))


def read_psf(path: FilePath) -> xr.Dataset:
    """Read a point spread function from the first image of a file.

    Returns
    -------
    tables : xarray.Dataset
        `psf`, made to sum to 1, by `psf_lat` and `psf_lon`. [deg]

    Raises
    ------
    FileNotFoundError
        If there is no file.
    ValueError
        If it has no image of two axes, no scale, or is negative or NaN.
    """
    scales = {"deg": 1.0, "arcmin": 1.0 / 60.0, "arcsec": 1.0 / 3600.0}
    with opened(Path(path)) as hdus:
        images = [hdu for hdu in hdus if hdu.is_image and hdu.size]
        if not images or images[0].data.ndim != 2:
            raise ValueError(
                f"{Path(path).name} holds no image of two axes; a point "
                "spread function is one"
            )
        header, data = images[0].header, images[0].data.astype(float)
    axes = {}
    for axis, name in ((1, "psf_lon"), (2, "psf_lat")):
        unit = str(header.get(f"CUNIT{axis}", "deg")).strip()
        if f"CDELT{axis}" not in header or unit not in scales:
            raise ValueError(
                f"{Path(path).name} needs CDELT{axis} in deg, arcmin or "
                f"arcsec, got {header.get(f'CDELT{axis}')} {unit}"
            )
        size = header[f"NAXIS{axis}"]
        reference = header.get(f"CRPIX{axis}", (size + 1) / 2.0)
        # an offset from the spot, whatever place of the sky it is given at
        step = header[f"CDELT{axis}"] * scales[unit]
        axes[name] = (np.arange(1, size + 1) - reference) * step
    total = data.sum()
    if not np.isfinite(total) or (data < 0.0).any() or not total > 0.0:
        raise ValueError(
            f"{Path(path).name}: a point spread function must not be "
            f"negative, NaN or zero; it sums to {total:g}"
        )
    near_one = abs(total - 1.0) < 1e-9
    psf = xr.DataArray(
        data if near_one else data / total,
        dims=("psf_lat", "psf_lon"),
        coords=axes,
    ).sortby(["psf_lat", "psf_lon"])
    return xr.Dataset({"psf": psf}, attrs={"origin": Path(path).name})
