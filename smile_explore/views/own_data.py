"""The exercise of the lesson on data of one's own: a file to be repaired."""

from __future__ import annotations

import tempfile
from html import escape
from pathlib import Path

from smile_explore.data import solar_wind

__all__ = ["BROKEN", "REPAIRED", "judge"]

#: Solar wind as somebody sent it: times that step back, a column that is
#: called otherwise, and a fill value of OMNIWeb left as a number.
BROKEN = """\
time,bx,by,bz,vx,vy,vz,density,T
2015-03-17T04:40:00Z,1.0,2.0,15.0,-410,0,0,9.0,90000
2015-03-17T04:50:00Z,1.0,2.0,20.0,-510,0,0,999.99,180000
2015-03-17T04:45:00Z,1.0,2.0,18.0,-500,0,0,25.0,170000
"""
#: The same, as it can be read.
REPAIRED = """\
time,bx,by,bz,vx,vy,vz,n,T
2015-03-17T04:40:00Z,1.0,2.0,15.0,-410,0,0,9.0,90000
2015-03-17T04:45:00Z,1.0,2.0,18.0,-500,0,0,25.0,170000
2015-03-17T04:50:00Z,1.0,2.0,20.0,-510,0,0,,180000
"""
#: More than any solar wind that has been measured at 1 au, and below the fill
#: values of OMNI (999.99). [cm-3]
_MOST = 200.0


def judge(text: str) -> tuple[bool, str]:
    """Tell whether a CSV of solar wind can be read and believed.

    Parameters
    ----------
    text : str
        The whole file.

    Returns
    -------
    right : bool
    said : str
        Why not, or what is in it. HTML.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wind.csv"
        path.write_text(text, "utf-8")
        try:
            wind = solar_wind.open_file(path)
        except ValueError as error:
            said = str(error).replace(f"{folder}/", "")
            return False, escape(said)
    most = float(wind["density"].max())
    if most > _MOST:
        return False, (
            f"It is read, but believe no {most:g} protons in "
            "a cm³: what is not known is left empty between its commas."
        )
    return True, (
        f"{wind.sizes['time']} times, dynamic pressure up to "
        f"{float(wind['dynamic_pressure'].max()):.1f} nPa."
    )
