"""CCSDS Orbit Ephemeris Messages as text (KVN).

After CCSDS 502.0-B-3 (2023), Orbit Data Messages, section 5. Covariances are
passed over; an OEM in XML is refused.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smile_explore.data.ephemeris.segments import (
    Segment,
    dates,
    in_utc,
    numbers,
)

__all__ = ["read", "sees"]

_NEEDED = ("REF_FRAME", "TIME_SYSTEM", "CENTER_NAME")


def sees(_path: Path, head: bytes) -> bool:
    """Whether a file is an OEM."""
    return b"CCSDS_OEM_VERS" in head or b"<oem" in head


def read(path: Path, _time: np.ndarray | None) -> list[Segment]:
    """Read all segments."""
    text = path.read_text("utf-8", errors="replace")
    if text.lstrip().startswith("<"):
        raise ValueError("it is an OEM in XML; export it as KVN, plain text")
    segments = []
    about: dict[str, str] = {}
    rows: list[list[str]] = []
    within = "data"
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("COMMENT"):
            continue
        if line == "META_START":
            if about:
                segments.append(_segment(about, rows))
            about, rows, within = {}, [], "meta"
        elif line == "META_STOP":
            within = "data"
        elif line == "COVARIANCE_START":
            within = "covariance"
        elif line == "COVARIANCE_STOP":
            within = "data"
        elif within == "meta":
            key, _, value = line.partition("=")
            about[key.strip()] = value.strip()
        elif within == "data" and about:
            rows.append(line.split())
    if within != "data" or not about:
        raise ValueError(f"it was cut off: it ends within {within or 'meta'}")
    return [*segments, _segment(about, rows)]


def _segment(about: dict[str, str], rows: list[list[str]]) -> Segment:
    if lacking := [key for key in _NEEDED if key not in about]:
        raise ValueError(f"its metadata lack {', '.join(lacking)}")
    if about["CENTER_NAME"].upper() != "EARTH":
        raise ValueError(
            "positions must be about EARTH, got CENTER_NAME = "
            f"{about['CENTER_NAME']}"
        )
    if not rows:
        raise ValueError("it holds no positions")
    values = numbers([row[1:] for row in rows], 6)
    time = dates([row[0] for row in rows])
    _complete(time, about)
    clock = about["TIME_SYSTEM"]
    ends = [about.get(f"USEABLE_{end}_TIME") for end in ("START", "STOP")]
    usable = None
    if ends[0] and ends[1]:
        first, last = in_utc(dates([ends[0], ends[1]]), clock)
        usable = (first, last)
    return Segment(
        in_utc(time, clock),
        values[:, :3],
        values[:, 3:],
        about["REF_FRAME"],
        {"object": about.get("OBJECT_NAME", "unknown")},
        usable,
    )


def _complete(time: np.ndarray, about: dict[str, str]) -> None:
    """Refuse a segment that ends before it says it does."""
    if "STOP_TIME" not in about:
        return
    stop = dates([about["STOP_TIME"]])[0]
    if stop - time[-1] > np.timedelta64(1, "s"):
        raise ValueError(
            f"it was cut off: it must reach to {stop}, its last position is "
            f"of {time[-1]}"
        )
