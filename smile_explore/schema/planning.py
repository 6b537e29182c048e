"""What SMILE can see, and what lies below it."""

from __future__ import annotations

from smile_explore.schema.core import Schema, Variable

__all__ = ["FOOTPOINTS", "PLACES", "VISIBILITY"]


def _met(text: str) -> Variable:
    return Variable((), "1", text)


def _angle(text: str) -> Variable:
    return Variable((), "deg", text)


#: Of every constraint whether it is met, and by how much (`_margin`, negative
#: where it is not).
VISIBILITY = Schema(
    "VISIBILITY",
    {
        "altitude": Variable((), "km", "altitude"),
        "mode": Variable((), "1", "instruments that are on, by altitude"),
        "region": Variable((), "1", "region that SMILE is in"),
        "standoff": Variable((), "R_E", "subsolar standoff distance"),
        "dipole_tilt": _angle("dipole tilt"),
        "sun_angle": _angle("Sun from the boresight of SXI"),
        "earth_angle": _angle("Earth's centre from the boresight of SXI"),
        "limb_angle": _angle("Earth's limb from the boresight of SXI"),
        "nose_angle": _angle("nose from the boresight of SXI"),
        "north_cusp_angle": _angle("north cusp from the boresight of SXI"),
        "south_cusp_angle": _angle("south cusp from the boresight of SXI"),
        "high_for_uvi": _met("high enough for UVI"),
        "high_for_sxi": _met("high enough for SXI"),
        "earth_in_uvi": _met("Earth in UVI's field"),
        "earth_in_uvi_margin": _angle("Earth's centre inside UVI's field"),
        "pole_in_uvi": _met("northern magnetic pole in UVI's field"),
        "earth_outside_sxi": _met("Earth outside SXI's baffle"),
        "earth_outside_sxi_margin": _angle("limb beyond SXI's baffle"),
        "sun_outside_sxi": _met("Sun outside SXI's avoidance"),
        "sun_outside_sxi_margin": _angle("Sun beyond SXI's avoidance"),
        "outside_magnetopause": _met("outside the magnetopause"),
        "outside_magnetopause_margin": Variable(
            (), "R_E", "height above the magnetopause"
        ),
        "outside_bow_shock": _met("outside the bow shock"),
        "outside_bow_shock_margin": Variable(
            (), "R_E", "height above the bow shock"
        ),
        "nose_in_sxi": _met("nose in SXI's field"),
        "nose_in_sxi_margin": _angle("nose from the edge of SXI's field"),
        "north_cusp_in_sxi": _met("north cusp in SXI's field"),
        "south_cusp_in_sxi": _met("south cusp in SXI's field"),
        "observing": _met("SXI may take images"),
        "useful": _met("SXI may look at the nose from outside"),
    },
)

#: Where the field line through a spacecraft meets the northern aurora.
FOOTPOINTS = Schema(
    "FOOTPOINTS",
    {
        "mlat": Variable((), "deg", "magnetic latitude of the footpoint"),
        "mlt": Variable((), "h", "magnetic local time of the footpoint"),
        "glat": Variable((), "deg", "geographic latitude of the footpoint"),
        "glon": Variable((), "deg", "geographic longitude of the footpoint"),
        "connected": _met("on a field line that comes down"),
    },
)

#: Along `place`; of spacecraft along `time`, too.
PLACES = Schema(
    "PLACES",
    {
        "glat": Variable(("place",), "deg", "geographic latitude"),
        "glon": Variable(("place",), "deg", "geographic longitude"),
        "kind": Variable(("place",), "1", "what stands there"),
    },
)
