"""What each picture shows, in a sentence: for those who do not see it.

The numbers come from `export.behind`, which is what a picture is drawn from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import xarray as xr

from smile_explore.explorer import sentences
from smile_explore.explorer.export.behind import BEHIND
from smile_explore.explorer.panels import Shown
from smile_explore.explorer.panels.orbit import visibility_of
from smile_explore.views.orbit import PLANES
from smile_explore.views.solar_wind import QUANTITIES

__all__ = ["SAYS", "says"]

#: What is nowhere in sight, as the picture itself says it.
_NOTHING: Final = {
    "line of sight": "no pixel of the SXI image is picked",
    "lines": "no pixel of the SXI image is picked",
    "spectrum": "no pixel of the SXI image is picked",
    "Sun": "where the storm left the Sun is not known",
}

#: Worked out once for an event; `behind` does so every time.
_KEPT: Final = dict.fromkeys(
    ("window", "visibility", "view angles"), visibility_of
)


def says(panel: str, shown: Shown) -> str:
    """Return what is seen in a picture at the time shown.

    Parameters
    ----------
    panel : str
        A picture of `panels.PANELS`.
    shown : Shown

    Returns
    -------
    sentence : str
        Plain text, with numbers and units.

    Raises
    ------
    ValueError
        If there is no such picture.
    """
    if panel not in SAYS:
        raise ValueError(
            f"{panel!r} is no picture; the pictures are {', '.join(SAYS)}"
        )
    title, sentence = SAYS[panel]
    data = _KEPT.get(panel, BEHIND[panel])(shown)
    said = sentence(data, shown) if data else ""
    return f"{title}: {said or _NOTHING.get(panel, 'nothing was seen')}."


#: Title and sentence by name of the picture; a test says that none is missing.
SAYS: Final[dict[str, tuple[str, Callable[[xr.Dataset, Shown], str]]]] = {
    **{
        name: (f"Solar wind, {name}", sentences.wind(name))
        for name in QUANTITIES
    },
    "standoff": ("Nose of the magnetopause", sentences.standoff),
    "noon": ("Cut from noon to midnight", sentences.cut("noon", "z")),
    "equator": ("Cut along the equator", sentences.cut("equator", "y")),
    "sxi": ("X-ray image of SXI", sentences.image("intensity")),
    "line of sight": ("Emission along the line of sight", sentences.sight),
    "lines": ("Emission lines", sentences.lines),
    "spectrum": ("Spectrum", sentences.spectrum),
    "spectrogram": ("Ion energy flux", sentences.spectrogram),
    "ion density": (
        "Density of protons",
        sentences.protons("density", "cm-3"),
    ),
    "ion speed": ("Speed of protons", sentences.protons("speed", "km s-1")),
    "ion temperature": (
        "Temperature of protons",
        sentences.protons("temperature", "eV"),
    ),
    "field": ("Magnetic field at SMILE", sentences.vector),
    "distribution": ("Distribution of ions", sentences.distribution),
    "hodogram": ("Field at the nearest boundary", sentences.hodogram),
    "uvi": ("Ultraviolet image of UVI", sentences.image("radiance")),
    "polar map": ("Aurora over the pole", sentences.polar),
    "modes": ("What SMILE does", sentences.mode),
    "keogram": ("Keogram of the aurora", sentences.keogram),
    "open flux": (
        "Open magnetic flux",
        sentences.series(lambda data: data.flux / 1e9, "GWb"),
    ),
    "flux rates": ("Flux opened and closed", sentences.rates),
    "Sun": ("Source on the Sun", sentences.sun),
    "CME": ("Way of the coronal mass ejection", sentences.way),
    "arrival": ("Arrival of the coronal mass ejection", sentences.way),
    "sun angle": (
        "Angle of SXI's boresight to the Sun",
        sentences.series(lambda data: data.sun_angle, "deg"),
    ),
    **{
        f"orbit {name}": (f"Orbit of SMILE, {name} plane", sentences.place)
        for name in PLANES
    },
    "window": ("What SMILE has in sight", sentences.region),
    "visibility": ("What can be seen", sentences.region),
    "view angles": ("Angles of the view", sentences.angles),
}
