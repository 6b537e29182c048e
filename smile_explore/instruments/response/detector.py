"""Where the field of view lies on silicon, and where the optic darkens."""

from __future__ import annotations

import numpy as np
import xarray as xr

from smile_explore.instruments._pixels import pixel_size

__all__ = [
    "CCD_SIDE",
    "FLIGHT_FIELD",
    "FOCAL_LENGTH",
    "FRAME_TIME",
    "GAP",
    "PILE_UP_CELL",
    "chips",
    "live_share",
    "vignetting",
    "vignetting_at",
]

#: Focal length (Branduardi-Raymont et al. 2022). [cm]
FOCAL_LENGTH = 30.0
#: Side of a CCD, https://www2.le.ac.uk: 15.5 deg of the field. [cm]
CCD_SIDE = 8.1
#: Time of a frame, about 4 s (Branduardi-Raymont et al. 2022). [s]
FRAME_TIME = 4.0
#: **Assumed**: space between the two CCDs in the middle of the long side.
#: [deg]
GAP = 0.4
#: **Assumed**: two photons closer than a cell of this side in one frame
#: are read as one, three binned pixels of 0.1 mm. [deg]
PILE_UP_CELL = 0.06
#: Field of the flight model: the long side from https://le.ac.uk, the short
#: side that of a CCD. [deg]
FLIGHT_FIELD = (26.5, float(np.degrees(CCD_SIDE / FOCAL_LENGTH)))


def chips(
    *, field: tuple[float, float] = (27.0, 16.0), gap: float = GAP
) -> xr.DataArray:
    """Edges of the two CCDs, side by side along the long side.

    Parameters
    ----------
    field : (float, float)
        Widths of what both cover together, gap included; `FLIGHT_FIELD` is
        the flight model. [deg]
    gap : float
        Between them. [deg]

    Returns
    -------
    chips : xarray.DataArray
        (chip, edge), edges lon_low, lon_high, lat_low, lat_high. [deg]

    Raises
    ------
    ValueError
        If the gap is negative or leaves nothing of the field.
    """
    lon, lat = field[0] / 2.0, field[1] / 2.0
    if not 0.0 <= gap < field[0]:
        raise ValueError(
            f"the gap must lie between 0 and the field of {field[0]:g} deg, "
            f"got {gap:g} deg"
        )
    return xr.DataArray(
        [[-lon, -gap / 2.0, -lat, lat], [gap / 2.0, lon, -lat, lat]],
        dims=("chip", "edge"),
        coords={"edge": ["lon_low", "lon_high", "lat_low", "lat_high"]},
        name="chips",
    )


def live_share(
    image: xr.Dataset | xr.DataArray, chips: xr.DataArray
) -> xr.DataArray:
    """Share of each pixel that lies on a CCD.

    Parameters
    ----------
    image : xarray.Dataset or xarray.DataArray
        With fov_lat and fov_lon.
    chips : xarray.DataArray
        As the function `chips` returns it.

    Returns
    -------
    share : xarray.DataArray
        (fov_lat, fov_lon), 0 to 1.
    """
    size = pixel_size(image)
    edges = chips.transpose("chip", "edge").values
    by_lon = _covered(image["fov_lon"].values, size["fov_lon"], edges[:, :2])
    by_lat = _covered(image["fov_lat"].values, size["fov_lat"], edges[:, 2:])
    share = np.einsum("ci,cj->ij", by_lat, by_lon)
    return xr.DataArray(
        share.clip(0.0, 1.0),
        dims=("fov_lat", "fov_lon"),
        coords={name: image[name] for name in ("fov_lat", "fov_lon")},
    )


def vignetting(
    *,
    field: tuple[float, float] = (27.0, 16.0),
    edge: float = 1.0,
    margin: float = 2.0,
) -> xr.DataArray:
    """Table of the area across the field of view, 1 in the middle.

    Parameters
    ----------
    field : (float, float)
        Widths of the field of view. [deg]
    edge : float
        Share of the area at the very edge. **Assumed** 1: a lobster eye has
        no axis; where its pores end is not published.
    margin : float
        Width of the rim along which the area falls linearly. [deg]

    Returns
    -------
    vignetting : xarray.DataArray
        (vignetting_lat, vignetting_lon), 0 to 1.
    """
    axes = []
    for name, width in zip(("lon", "lat"), field, strict=True):
        half = width / 2.0
        places = [-half, margin - half, half - margin, half]
        axes.append(
            xr.DataArray(
                [edge, 1.0, 1.0, edge],
                dims=f"vignetting_{name}",
                coords={f"vignetting_{name}": places},
            )
        )
    table = axes[1] * axes[0]
    return table.transpose("vignetting_lat", "vignetting_lon")


def vignetting_at(
    image: xr.Dataset | xr.DataArray, table: xr.DataArray
) -> xr.DataArray:
    """Interpolate the table to the pixels; beyond it, its edge holds."""
    lat, lon = image["fov_lat"].values, image["fov_lon"].values
    values = table.transpose("vignetting_lat", "vignetting_lon").values
    rows = _weights(table["vignetting_lat"].values, lat)
    columns = _weights(table["vignetting_lon"].values, lon)
    return xr.DataArray(
        rows @ values @ columns.T,
        dims=("fov_lat", "fov_lon"),
        coords={name: image[name] for name in ("fov_lat", "fov_lon")},
    )


def _covered(centre: np.ndarray, size: float, spans: np.ndarray) -> np.ndarray:
    """(span, pixel): share of each pixel within each span."""
    low = np.maximum(centre - size / 2.0, spans[:, :1])
    high = np.minimum(centre + size / 2.0, spans[:, 1:])
    return ((high - low) / size).clip(0.0, 1.0)


def _weights(known: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """(wanted, known): weights of linear interpolation."""
    unit = np.eye(known.size)
    return np.stack([np.interp(wanted, known, row) for row in unit], axis=1)
