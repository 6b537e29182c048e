"""The aurora, what UVI sees of it, and what is found in it."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable
from smile_explore.schema.xray import IMAGE, LAT, LON

__all__ = ["AURORA", "FLUX_BUDGET", "OVAL", "POLAR_CAP", "UVI_IMAGE", "UV_MAP"]

_SZA = ("deg", "solar zenith angle at the height of the aurora")
_VZA = ("deg", "view zenith angle at the height of the aurora")
_MAGNETIC = ("mlat", "mlt")
_MLAT = Variable(("mlat",), "deg", "modified apex latitude")
_MLT = Variable(("mlt",), "h", "magnetic local time")
#: Electrons and their light; of a measured aurora there may be light alone.
AURORA = Schema(
    "AURORA",
    {
        "energy_flux": Variable(
            _MAGNETIC, "mW m-2", "energy flux of electrons", required=False
        ),
        "mean_energy": Variable(
            _MAGNETIC, "keV", "mean energy of electrons", required=False
        ),
        "radiance": Variable(_MAGNETIC, "R", "LBH-long radiance from above"),
    },
    {"mlat": _MLAT, "mlt": _MLT},
)

#: Every pixel may say what it sees at the height of the aurora.
UVI_IMAGE = Schema(
    "UVI_IMAGE",
    {
        "radiance": Variable(IMAGE, "R", "radiance along the line of sight"),
        "uncertainty": Variable(
            IMAGE, "R", "uncertainty of radiance", required=False
        ),
        "dayglow": Variable(IMAGE, "R", "dayglow in radiance", False),
        "expected_counts": Variable(IMAGE, "1", "expected counts", False),
        "counts": Variable(IMAGE, "1", "counts", False),
        "exposure": Variable((), "s", "exposure", False),
        "glat": Variable(IMAGE, "deg", "geodetic latitude", False),
        "glon": Variable(IMAGE, "deg", "geographic longitude", False),
        "mlat": Variable(IMAGE, "deg", "modified apex latitude", False),
        "mlt": Variable(IMAGE, "h", "magnetic local time", False),
        "solar_zenith_angle": Variable(IMAGE, *_SZA, False),
        "view_zenith_angle": Variable(IMAGE, *_VZA, False),
    },
    {"fov_lat": LAT, "fov_lon": LON},
)

#: An image on a magnetic grid, whose axes are the centres of its cells.
UV_MAP = Schema(
    "UV_MAP",
    {
        "radiance": Variable(_MAGNETIC, "R", "radiance along the sight"),
        "uncertainty": Variable(
            _MAGNETIC, "R", "uncertainty of radiance", required=False
        ),
        "coverage": Variable(_MAGNETIC, "1", "share of the cell that is seen"),
        "solar_zenith_angle": Variable(_MAGNETIC, *_SZA, False),
        "view_zenith_angle": Variable(_MAGNETIC, *_VZA, False),
    },
    {"mlat": _MLAT, "mlt": _MLT},
)

_SECTOR = ("mlt",)
#: Edges of the auroral oval in sectors of local time; NaN where not found.
OVAL = Schema(
    "OVAL",
    {
        "poleward": Variable(_SECTOR, "deg", "poleward edge of the oval"),
        "equatorward": Variable(
            _SECTOR, "deg", "equatorward edge of the oval"
        ),
        "poleward_uncertainty": Variable(
            _SECTOR, "deg", "uncertainty of the poleward edge"
        ),
        "equatorward_uncertainty": Variable(
            _SECTOR, "deg", "uncertainty of the equatorward edge"
        ),
        "peak": Variable(_SECTOR, "deg", "latitude of the brightest aurora"),
        "height": Variable(_SECTOR, "R", "brightness above the background"),
        "gaussians": Variable(_SECTOR, "1", "number of Gaussians"),
        "status": Variable(_SECTOR, "", "found, or why not"),
        "found": Variable((), "1", "sectors with an edge"),
    },
    {"mlt": _MLT},
)

#: A circle or ellipse through one edge of the oval, on a plane of colatitude
#: and local time with dawn at the right and noon up, and what it encloses.
POLAR_CAP = Schema(
    "POLAR_CAP",
    {
        "dawn_offset": Variable((), "deg", "offset of the centre to dawn"),
        "noon_offset": Variable((), "deg", "offset of the centre to noon"),
        "semi_major": Variable((), "deg", "greater half axis"),
        "semi_minor": Variable((), "deg", "lesser half axis"),
        "orientation": Variable(
            (), "deg", "greater axis from dawn toward noon"
        ),
        "radius": Variable((), "deg", "radius of the circle of equal area"),
        "radius_uncertainty": Variable((), "deg", "uncertainty of radius"),
        "scatter": Variable((), "deg", "rms distance of the edges"),
        "sectors": Variable((), "1", "edges used"),
        "flux": Variable((), "Wb", "magnetic flux enclosed"),
        "flux_uncertainty": Variable((), "Wb", "uncertainty of flux"),
        "status": Variable((), "", "found, or why not"),
    },
)

#: How fast a polar cap grows, beside what the solar wind opens.
FLUX_BUDGET = Schema(
    "FLUX_BUDGET",
    {
        "flux": Variable((), "Wb", "magnetic flux of the polar cap"),
        "rate": Variable((), "V", "rate of change of the flux"),
        "rate_uncertainty": Variable((), "V", "uncertainty of the rate"),
        "opening": Variable((), "V", "flux opened on the dayside"),
        "closing": Variable((), "V", "flux closed in the tail"),
        "coupling": Variable(
            (), "(km s-1)^(4/3) nT^(2/3)", "Newell coupling function"
        ),
    },
)
