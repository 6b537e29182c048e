"""The panels that there are, and the presets that show some of them.

A panel is one entry of `PANELS`, in the file of its instrument: how it is
drawn, and how it follows. A preset is one entry of `PRESETS`: columns of
panels, or of rows of them, each with the room it has. To add a panel, write
its view, enter it in the file of its instrument, and give it a place here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from smile_explore.explorer.panels.aurora import AURORA, local_time
from smile_explore.explorer.panels.in_situ import IN_SITU
from smile_explore.explorer.panels.kinds import Picture, Place, Shown, Text
from smile_explore.explorer.panels.orbit import ORBIT
from smile_explore.explorer.panels.sun import SUN
from smile_explore.explorer.panels.xray import XRAY
from smile_explore.views.solar_wind import QUANTITIES

__all__ = [
    "PANELS",
    "PRESETS",
    "Part",
    "Picture",
    "Place",
    "Shown",
    "Text",
    "local_time",
    "places",
]

#: Panels above each other, or of one row side by side.
Part: TypeAlias = tuple["Place | Part", ...]

#: By name.
PANELS: Final[dict[str, Picture | Text]] = {
    **XRAY,
    **IN_SITU,
    **AURORA,
    **SUN,
    **ORBIT,
}
_wind = [Place(name, 245, 34, brief=True) for name in QUANTITIES]
#: By name on the button: columns, from left to right, of what they show. All
#: of one stands on 1440 x 900 pixels in JupyterLab.
PRESETS: Final[dict[str, tuple[Part, ...]]] = {
    "Overview": (
        (
            *_wind,
            Place("spectrogram", 245, 60, brief=True),
            Place("ion density", 245, 34, brief=True),
            Place("field", 245, 40, brief=True),
            Place("standoff", 245, 92, brief=True),
        ),
        (
            (
                Place("noon", 150, 180, brief=True),
                Place("equator", 150, 175, brief=True),
                Place("sxi", 400, 205, brief=True),
            ),
            (
                Place("uvi", 175, 175, brief=True),
                Place("polar map", 175, 175, brief=True),
                Place("distribution", 155, 155, brief=True),
                Place("orbit xz", 155, 155, brief=True),
            ),
            (
                Place("Sun", 112, 112, brief=True),
                Place("readings", 590),
            ),
        ),
    ),
    "Sun": (
        (Place("Sun", 275, 275), Place("sun angle", 275, 70)),
        (Place("CME", 350, 270), Place("arrival", 350, 150)),
        (Place("sun readings", 385),),
    ),
    "X-ray": (
        (Place("sxi", 455, 270), Place("standoff", 455, 112)),
        (
            Place("line of sight", 300, 150),
            Place("lines", 300, 90),
            Place("spectrum", 300, 125),
        ),
        (Place("noon", 170, 215), Place("readings", 280)),
    ),
    "In situ": (
        (
            Place("spectrogram", 400, 112),
            Place("ion density", 400, 56),
            Place("ion speed", 400, 56),
            Place("ion temperature", 400, 56),
            Place("field", 400, 96),
        ),
        (Place("distribution", 270, 270), Place("moments", 430)),
        (
            Place("noon", 160, 190),
            Place("hodogram", 140, 140),
            Place("crossings", 255),
        ),
    ),
    "Aurora": (
        (Place("uvi", 285, 285), Place("glance", 390)),
        (Place("polar map", 340, 340), Place("aurora readings", 410)),
        (
            Place("modes", 295, 12),
            Place("magnetic field", 295, 52),
            Place("keogram", 295, 116),
            Place("open flux", 295, 62),
            Place("flux rates", 295, 84),
        ),
    ),
    "Orbit": (
        (Place("orbit xy", 145, 145), Place("orbit xz", 145, 145)),
        (Place("orbit yz", 145, 145), Place("view readings", 190)),
        (Place("window", 345, 345),),
        (
            Place("visibility", 255, 185),
            Place("view angles", 255, 95),
            Place("modes", 255, 12),
        ),
    ),
    "Classroom": (
        (
            Place("headline", 400, scale=1.75),
            Place("noon", 250, 300, scale=1.6),
        ),
        (
            Place("sxi", 610, 215, scale=1.6),
            Place("dynamic pressure", 610, 48, scale=1.6),
            Place("standoff", 610, 95, scale=1.6),
        ),
    ),
}


def places(preset: str) -> Iterator[Place]:
    """Yield the places of a preset, column by column."""

    def inside(part: Part) -> Iterator[Place]:
        for one in part:
            if isinstance(one, Place):
                yield one
            else:
                yield from inside(one)

    return inside(PRESETS[preset])
