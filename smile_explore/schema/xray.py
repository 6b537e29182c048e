"""What SXI sees, and what is found in it."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable

__all__ = [
    "AREA",
    "CUSP",
    "EUV_IMAGE",
    "EVENTS",
    "IMAGE",
    "LAT",
    "LON",
    "MAGNETOPAUSE",
    "PROFILE",
    "RESPONSE",
    "SIGHT",
    "STANDOFF",
    "SXI_IMAGE",
]

LON = Variable(("fov_lon",), "deg", "field-of-view longitude")
LAT = Variable(("fov_lat",), "deg", "field-of-view latitude")

IMAGE = ("fov_lat", "fov_lon")
#: X-rays of a field of view, as they arrive and as they are counted.
SXI_IMAGE = Schema(
    "SXI_IMAGE",
    {
        "intensity": Variable(IMAGE, "keV cm-2 s-1 sr-1", "X-ray intensity"),
        "expected_counts": Variable(
            IMAGE, "1", "expected counts", required=False
        ),
        "expected_background": Variable(
            IMAGE, "1", "expected counts of the background", required=False
        ),
        "counts": Variable(IMAGE, "1", "counts", required=False),
        "exposure": Variable((), "s", "exposure", required=False),
    },
    {"fov_lat": LAT, "fov_lon": LON},
)

#: Images of the plasmasphere at 30.4 nm.
EUV_IMAGE = Schema(
    "EUV_IMAGE",
    {
        "radiance": Variable(IMAGE, "R", "radiance at 30.4 nm"),
        "expected_counts": Variable(
            IMAGE, "1", "expected photons counted", required=False
        ),
        "exposure": Variable((), "s", "exposure", required=False),
    },
    {"fov_lat": LAT, "fov_lon": LON},
)

#: Photons that were counted, one by one.
EVENTS = Schema(
    "EVENTS",
    {
        "elapsed": Variable(("event",), "s", "time since the exposure began"),
        "frame": Variable(("event",), "1", "number of the CCD frame"),
        "fov_lon": Variable(("event",), "deg", "field-of-view longitude"),
        "fov_lat": Variable(("event",), "deg", "field-of-view latitude"),
        "photon_energy": Variable(("event",), "keV", "energy measured"),
        "exposure": Variable((), "s", "exposure"),
    },
)

_ENERGY, _CHANNEL = ("photon_energy",), ("channel",)
#: The X-ray response: each variable is a table that can be replaced.
RESPONSE = Schema(
    "RESPONSE",
    {
        "energy_low": Variable(_ENERGY, "keV", "lower edge of the bin"),
        "energy_high": Variable(_ENERGY, "keV", "upper edge of the bin"),
        "optic_area": Variable(_ENERGY, "cm2", "area of the optic"),
        "quantum_efficiency": Variable(_ENERGY, "1", "quantum efficiency"),
        "filter_transmission": Variable(_ENERGY, "1", "filter transmission"),
        "channel_low": Variable(_CHANNEL, "keV", "lower edge of the channel"),
        "channel_high": Variable(_CHANNEL, "keV", "upper edge of the channel"),
        "redistribution": Variable(
            (*_ENERGY, *_CHANNEL), "1", "share of photons in the channel"
        ),
        "psf": Variable(("psf_lat", "psf_lon"), "1", "share of photons"),
        "vignetting": Variable(
            ("vignetting_lat", "vignetting_lon"), "1", "share of the area"
        ),
        "chips": Variable(("chip", "edge"), "deg", "edge of a CCD"),
        "sky": Variable(
            ("sky_component", "sky_energy"), "cm-2 s-1 sr-1", "sky photons"
        ),
        "particles": Variable(
            _CHANNEL, "s-1 cm-2", "counts of particles on the detector"
        ),
    },
    {
        "photon_energy": Variable(_ENERGY, "keV", "photon energy"),
        "channel": Variable(_CHANNEL, "1", "channel"),
        "psf_lon": Variable(("psf_lon",), "deg", "offset toward +fov_lon"),
        "psf_lat": Variable(("psf_lat",), "deg", "offset toward +fov_lat"),
        "vignetting_lon": Variable(
            ("vignetting_lon",), "deg", "field-of-view longitude"
        ),
        "vignetting_lat": Variable(
            ("vignetting_lat",), "deg", "field-of-view latitude"
        ),
        "sky_energy": Variable(("sky_energy",), "keV", "photon energy"),
    },
)

#: A magnetopause found in an image, with its uncertainty.
MAGNETOPAUSE = Schema(
    "MAGNETOPAUSE",
    {
        "radius": Variable(("angle",), "R_E", "distance of the magnetopause"),
        "uncertainty": Variable(("angle",), "R_E", "uncertainty of radius"),
        "standoff": Variable((), "R_E", "subsolar standoff distance"),
        "standoff_uncertainty": Variable(
            (), "R_E", "uncertainty of the standoff distance"
        ),
    },
    {"angle": Variable(("angle",), "deg", "angle from the Sun-Earth line")},
)

_EDGE = ("edge",)
#: Along `edge`, which is "equatorward" and "poleward".
CUSP = Schema(
    "CUSP",
    {
        "angle": Variable(_EDGE, "deg", "angle from +X in the noon meridian"),
        "position": Variable((*_EDGE, "component"), "R_E", "edge of the cusp"),
        "latitude": Variable(_EDGE, "deg", "magnetic latitude, through noon"),
        "invariant_latitude": Variable(
            _EDGE, "deg", "latitude of the foot of a dipole line"
        ),
        "uncertainty": Variable(
            _EDGE, "R_E", "uncertainty along the meridian", required=False
        ),
        "fov_lon": Variable(_EDGE, "deg", LON.long_name, required=False),
        "fov_lat": Variable(_EDGE, "deg", LAT.long_name, required=False),
        "radius": Variable((), "R_E", "distance at which the edges are"),
    },
)

#: Distance of the nose by each model, definition and method.
STANDOFF = Schema(
    "STANDOFF",
    {
        "standoff": Variable(("estimate",), "R_E", "standoff distance"),
        "uncertainty": Variable(
            ("estimate",), "R_E", "uncertainty of standoff", required=False
        ),
    },
)

_ALONG = ("distance",)
#: Light along one line of sight.
PROFILE = Schema(
    "PROFILE",
    {
        "emissivity": Variable(_ALONG, "eV cm-3 s-1", "emissivity"),
        "intensity": Variable(
            _ALONG, "keV cm-2 s-1 sr-1", "part of the intensity"
        ),
        "position": Variable((*_ALONG, "component"), "R_E", "position"),
        "beyond": Variable((), "keV cm-2 s-1 sr-1", "intensity from beyond"),
    },
    {"distance": Variable(_ALONG, "R_E", "distance from SMILE")},
)

#: Pixels that were picked together: their mean lines, and all counts.
AREA = Schema(
    "AREA",
    {
        "photons": Variable(
            ("line",), "cm-2 s-1 sr-1", "mean photons of a line"
        ),
        "photon_energy": Variable(("line",), "keV", "photon energy"),
        "channel_counts": Variable(
            ("part", "channel"), "1", "counts expected of all pixels"
        ),
        "channel_energy": Variable(("channel",), "keV", "energy measured"),
        "pixels": Variable((), "1", "pixels that count"),
    },
)

#: A pixel that was picked: its line of sight, and its spectrum.
SIGHT = Schema(
    "SIGHT",
    {
        **PROFILE.variables,
        "crossing": Variable(("boundary",), "R_E", "distance of a boundary"),
        "share": Variable(("region",), "1", "share of the light"),
        "photons": Variable(
            ("line",), "cm-2 s-1 sr-1", "photons of a line", required=False
        ),
        "photon_energy": Variable(
            ("line",), "keV", "photon energy", required=False
        ),
        "channel_counts": Variable(
            ("part", "channel"), "1", "counts expected", required=False
        ),
        "channel_energy": Variable(
            ("channel",), "keV", "energy measured", required=False
        ),
    },
    PROFILE.axes,
)
