"""What is seen, for those who hear it: told once the clock rests."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np

from smile_explore.explorer.alternatives import says
from smile_explore.explorer.scene import Scene
from smile_explore.views.words import nose, wind

__all__ = ["RESTED", "Spoken"]

#: Longer than between two steps of the slowest playing. [s]
RESTED = 1.2


class Spoken:
    """Sentences in place of pictures.

    Attributes
    ----------
    widget : ipywidgets.HTML
        Holds the headline; the page reads it out, and does not show it.
    """

    def __init__(self) -> None:
        self.widget = widgets.HTML()
        self.widget.add_class("smile-said")

    def tell(self, scene: Scene) -> None:
        """Give every picture its sentence, and say time, nose and wind.

        Parameters
        ----------
        scene : Scene
        """
        scene.describe(
            {name: says(name, scene.shown) for name in scene.pictures}
        )
        seen, time = scene.shown.observations, scene.shown.time
        when = str(np.datetime_as_string(time, unit="m")).replace("T", " ")
        self.widget.value = (
            f"{when} UTC. {nose(seen.standoff, time)} "
            f"{wind(seen.solar_wind, time)}"
        )
