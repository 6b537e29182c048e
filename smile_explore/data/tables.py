"""Tables of solar wind and indices as text, of four kinds.

Listings of OMNIWeb (``.lst`` with their ``.fmt``), ``IMF.dat`` of the Space
Weather Modeling Framework and tables with a header like it, and lists of Kp
and F10.7 by day of GFZ and of CelesTrak. Each reader returns a `Table`: the
columns as the file names them, NaN for what is fill.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from smile_explore.data.sources.reading import kp_of_tenths

__all__ = ["Table", "days_of_kp", "listing", "swmf"]

FilePath = str | PathLike[str]

_PARTS = ["year", "mo", "dy", "hr", "mn", "sc", "msc"]
_IMF = ["bx", "by", "bz", "ux", "uy", "uz", "rho", "t"]


@dataclass(frozen=True)
class Table:
    """Columns of numbers along time.

    Parameters
    ----------
    columns : pandas.DataFrame
        Indexed by time, in the units of the file.
    frame : str
        Of its vectors, or empty where a column's name says it.
    note : str
        What the file says of itself.
    place : tuple of float
        Where the wind was taken to, if it says so. [R_E]
    """

    columns: pd.DataFrame
    frame: str = ""
    note: str = ""
    place: tuple[float, ...] = ()


def listing(path: FilePath) -> Table:
    """Read a listing of OMNIWeb; its ``.fmt`` must lie beside it.

    Raises
    ------
    FileNotFoundError
        If one of the two is missing.
    ValueError
        If they do not fit together.

    Notes
    -----
    OMNIWeb fills a column with nines, one character less than it is wide:
    9999.99 in F8.2, 99999 in I6.
    """
    path = Path(path)
    form = path.with_suffix(".fmt")
    if not form.is_file():
        raise FileNotFoundError(
            f"{path.name} needs {form.name} beside it, which names its "
            "columns; OMNIWeb offers it with the listing"
        )
    rows = re.findall(
        r"^\s*\d+\s+(\S.*?)\s+([IF])(\d+)(?:\.(\d+))?\s*$",
        form.read_text("utf-8"),
        re.MULTILINE,
    )
    names = [row[0] for row in rows]
    if names[:3] != ["Year", "Day", "Hour"]:
        raise ValueError(
            f"{form.name} is no format of OMNIWeb: its columns must begin "
            f"with Year, Day, Hour, got {', '.join(names[:3]) or 'none'}"
        )
    edges = np.cumsum([0] + [int(row[2]) for row in rows])
    table = _numbers(
        path,
        lambda: pd.read_fwf(
            path,
            colspecs=list(zip(edges[:-1], edges[1:], strict=True)),
            names=names,
            header=None,
        ).astype(float),
    )
    time = pd.to_datetime(
        (table["Year"] * 1000 + table["Day"]).astype(int).astype(str),
        format="%Y%j",
    ) + pd.to_timedelta(table["Hour"], "h")
    if "Minute" in names:
        time = time + pd.to_timedelta(table["Minute"], "min")
    for name, _, width, decimals in rows[3:]:
        digits = int(decimals or 0)
        size = int(width) - 1 - bool(decimals)
        fill = float("9" * (size - digits) + "." + "9" * digits)
        table.loc[np.isclose(table[name], fill, rtol=1e-9), name] = np.nan
    return Table(_along(time, table[names[3:]], path))


def swmf(path: FilePath) -> Table:
    """Read ``IMF.dat`` of SWMF, or a table of times with a header like it.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no such table, or its times do not increase.
    """
    path = Path(path)
    lines = _lines(path)
    begin = next(
        (n for n, line in enumerate(lines) if line.strip() == "#START"), None
    )
    head = lines[:begin]
    header = next(
        (
            n
            for n, one in enumerate(head)
            if one.lower().split()[:2] == _PARTS[:2]
        ),
        None,
    )
    if begin is None:
        if header is None:
            raise ValueError(
                f"{path.name} is no table of SWMF: it has neither #START nor "
                "a header that begins with year mo"
            )
        begin = header
    named = _IMF if header is None else head[header].lower().split()[7:]
    names = _PARTS + named
    table = _numbers(
        path,
        lambda: pd.read_csv(
            StringIO("\n".join(lines[begin + 1 :])),
            sep=r"\s+",
            names=names,
            index_col=False,
        ).astype(float),
    )
    told = _commands(head)
    delay = float(told.get("TIMEDELAY", ["0"])[0])
    calendar = table[_PARTS[:6]].set_axis(
        ["year", "month", "day", "hour", "minute", "second"], axis=1
    )
    time = pd.to_datetime(calendar) + pd.to_timedelta(
        table["msc"] / 1e3 + delay, "s"
    )
    frame = (told.get("COOR") or ["GSM"])[0].upper()
    place = tuple(float(one) for one in told.get("SATELLITEXYZ", [])[:3])
    note = " ".join(
        line.split("#")[0].strip() for line in head if _is_comment(line)
    )
    return Table(
        _along(time, table[names[7:]], path), frame, note.strip(), place
    )


def days_of_kp(path: FilePath) -> Table:
    """Read Kp and F10.7 by day, as GFZ or CelesTrak list them.

    Returns
    -------
    table : Table
        ``kp`` every three hours, and ``f10_7`` as observed, the same all day.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no such list.

    References
    ----------
    .. [1] Matzka et al. (2021), The geomagnetic Kp index,
       https://doi.org/10.1029/2020SW002641
    """
    path = Path(path)
    lines = [
        line
        for line in _lines(path)
        if re.match(r"\s*\d{4}\s+\d+\s+\d+\s", line)
    ]
    if not lines:
        raise ValueError(f"{path.name} has no line that begins with a day")
    gfz = len(lines[0].split()) == 28
    rows = [_gfz(line) if gfz else _celestrak(line, path) for line in lines]
    kp = np.array([row[1] for row in rows])
    flux = np.repeat([row[2] for row in rows], 8)
    days = np.array([row[0] for row in rows], "datetime64[ns]")
    hours = np.arange(0, 24, 3) * np.timedelta64(1, "h")
    time = pd.Series((days[:, None] + hours).ravel())
    flux = np.where(flux > 0.0, flux, np.nan)
    table = pd.DataFrame({"kp": kp.ravel(), "f10_7": flux})
    return Table(_along(time, table, path))


def _gfz(line: str) -> tuple[str, np.ndarray, float]:
    """Read a line of Kp_ap_Ap_SN_F107_since_1932.txt: Kp in decimals."""
    parts = line.split()
    kp = np.round(np.array(parts[7:15], float) * 3.0) / 3.0
    day = "-".join(part.zfill(2) for part in parts[:3])
    return day, np.where(kp >= 0.0, kp, np.nan), float(parts[25])


def _celestrak(line: str, path: Path) -> tuple[str, np.ndarray, float]:
    """Read a line of I4,I3,I3,I5,I3,8I3,I4,8I4,I4,F4.1,I2,I4,F6.1,I2,5F6.1.

    What is not known is blank.
    """
    parts = [line[18 + 3 * n : 21 + 3 * n] for n in range(8)]
    parts.append(line[112:118])
    try:
        if len(line) < 118:
            raise ValueError("it is too short")
        *tenths, flux = (float(p) if p.strip() else np.nan for p in parts)
        day = f"{line[:4]}-{int(line[4:7]):02d}-{int(line[7:10]):02d}"
    except ValueError as error:
        raise ValueError(
            f"{path.name} is no list of Kp of GFZ or CelesTrak: {line!r}"
        ) from error
    return day, kp_of_tenths(np.array(tenths)), flux


def _commands(head: list[str]) -> dict[str, list[str]]:
    """Return what stands after each command, up to the next."""
    told: dict[str, list[str]] = {}
    name = ""
    for line in head:
        # One writer forgets to end the line before a command.
        if match := re.search(r"#([A-Z]+)", line):
            name = "COOR" if match[1].startswith("COOR") else match[1]
            told[name] = []
        elif name and line.strip():
            told[name].append(line.split()[0])
    return told


def _is_comment(line: str) -> bool:
    words = line.split("#")[0].split()
    return len(words) > 1 and words[0].lower() != "year"


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise FileNotFoundError(f"there is no table at {path}")
    try:
        return path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path.name} is no text") from error


def _numbers(path: Path, read: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    try:
        table = read()
    except (ValueError, pd.errors.ParserError) as error:
        raise ValueError(
            f"{path.name} is no table of numbers: {error}"
        ) from error
    if table.empty:
        raise ValueError(f"{path.name} has no rows")
    return table


def _along(time: pd.Series, table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Index a table by time, which must increase."""
    wrong = (~(time.diff().iloc[1:] > pd.Timedelta(0))).to_numpy().nonzero()[0]
    if wrong.size:
        first = time.iloc[wrong[0] + 1]
        raise ValueError(
            f"{path.name}: its times must increase, {wrong.size} of "
            f"{time.size} do not, the first is {first}; sort it"
        )
    return table.set_axis(pd.DatetimeIndex(time).as_unit("ns"), axis=0)
