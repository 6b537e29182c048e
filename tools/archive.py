"""An archive on this computer, for tests and benchmarks: a real HTTP server.

It serves CDF files as OMNI's of one minute are, with their names, variables
and fill values, and can be as unkind as real servers are.
"""

from __future__ import annotations

import functools
import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cdflib
import numpy as np
from cdflib.cdfwrite import CDF

__all__ = ["LAYOUT", "Archive", "omni_minutes", "serving", "write_omni"]

#: Where the file of a month lies below the address of OMNI.
LAYOUT = "hro_1min/{month:.4}/omni_hro_1min_{month}01_v01.cdf"
#: Fill values by variable, as in the files; those without a point are of
#: variables of whole numbers.
FILL = {
    "BX_GSE": 9999.99,
    "BY_GSM": 9999.99,
    "BZ_GSM": 9999.99,
    "Vx": 99999.9,
    "Vy": 99999.9,
    "Vz": 99999.9,
    "proton_density": 999.99,
    "T": 9999999.0,
    "SYM_H": 99999,
    "AE_INDEX": 99999,
    "AL_INDEX": 99999,
}
_UNITS = {"V": "km/s", "p": "n/cc", "T": "K"}


def omni_minutes(
    month: str, days: int = 31, hours: int = 24
) -> dict[str, np.ndarray]:
    """Return values by variable: a field that turns, a wind of 400 km/s.

    Of each day only the first `hours`.
    """
    first = np.datetime64(f"{month[:4]}-{month[4:6]}-01", "ns")
    minutes = np.arange(days * 1440)
    minutes = minutes[minutes % 1440 < 60 * hours]
    time_ = first + minutes * np.timedelta64(60, "s")
    angle = minutes * 2.0 * np.pi / 1440.0
    one = np.ones(time_.size)
    return {
        "time": time_,
        "BX_GSE": 2.0 * one,
        "BY_GSM": 5.0 * np.sin(angle),
        "BZ_GSM": 5.0 * np.cos(angle),
        "Vx": -400.0 * one,
        "Vy": 30.0 * one,
        "Vz": 0.0 * one,
        "proton_density": 5.0 + np.sin(angle),
        "T": 116045.18 * one,
        "SYM_H": np.round(-20.0 * one + 10.0 * np.cos(angle)),
        "AE_INDEX": 200.0 * one,
        "AL_INDEX": -150.0 * one,
    }


def write_omni(path: Path, values: dict[str, np.ndarray]) -> Path:
    """Write a CDF file of OMNI's form; NaN is written as fill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    file = CDF(str(path), cdf_spec={"Compressed": 0})
    file.write_globalattrs({"Logical_source": {0: "OMNI_HRO_1MIN"}})
    since_1970 = values["time"] - np.datetime64("1970-01-01")
    milliseconds = since_1970 / np.timedelta64(1, "ms")
    epoch = float(cdflib.cdfepoch.compute_epoch([1970, 1, 1, 0, 0, 0, 0]))
    _write(file, "Epoch", 31, milliseconds + epoch, {"UNITS": "ms"})
    for name, fill in FILL.items():
        if name in values:
            whole = isinstance(fill, int)
            kind = (4, "CDF_INT4") if whole else (44, "CDF_FLOAT")
            filled = np.where(np.isnan(values[name]), fill, values[name])
            told = {
                "DEPEND_0": "Epoch",
                "FILLVAL": [fill, kind[1]],
                "UNITS": _UNITS.get(name[0], "nT"),
                "VAR_TYPE": "data",
            }
            _write(file, name, kind[0], filled, told)
    file.close()
    return path


def _write(
    file: CDF, name: str, kind: int, values: np.ndarray, told: dict
) -> None:
    dtype = {4: np.int32, 31: np.float64, 44: np.float32}[kind]
    file.write_var(
        {
            "Variable": name,
            "Data_Type": kind,
            "Num_Elements": 1,
            "Rec_Vary": True,
            "Dim_Sizes": [],
        },
        var_attrs=told,
        var_data=values.astype(dtype),
    )


class Archive:
    """What a server does with each request.

    Attributes
    ----------
    folder : pathlib.Path
        What is served.
    moods : dict
        By a part of the path: ``"html"``, ``"half"``, ``"error"``, ``"hang"``
        or ``"slow"``.
    asked : list of str
        Paths that were asked for.
    url : str
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.moods: dict[str, str] = {}
        self.asked: list[str] = []
        self.url = ""
        self.closing = threading.Event()

    def mood(self, path: str) -> str:
        """Return how a path is answered."""
        return next((m for part, m in self.moods.items() if part in path), "")


class _Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, archive: Archive, *given: object) -> None:
        self.archive = archive
        super().__init__(*given, directory=str(archive.folder))  # type: ignore[arg-type]

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:  # noqa: N802 (the library's name)
        self.archive.asked.append(self.path)
        mood = self.archive.mood(self.path)
        if mood == "hang":
            self.archive.closing.wait(120.0)
        elif mood == "error":
            self.send_error(500)
        elif mood == "html" and self.path.endswith(".cdf"):
            self._send(b"<html>We are moving house.</html>", "text/html")
        elif mood in ("half", "slow") and self.path.endswith(".cdf"):
            content = (self.archive.folder / self.path[1:]).read_bytes()
            self._send(content, "application/x-cdf", mood)
        else:
            super().do_GET()

    def _send(self, content: bytes, kind: str, mood: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if mood == "half":
            self.wfile.write(content[: len(content) // 2])
            self.close_connection = True
        elif mood == "slow":
            for part in np.array_split(np.frombuffer(content, "u1"), 10):
                time.sleep(0.1)
                self.wfile.write(part.tobytes())
        else:
            self.wfile.write(content)


@contextmanager
def serving(folder: Path) -> Iterator[Archive]:
    """Serve a folder until the block ends."""
    archive = Archive(folder)
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, archive)
    )
    server.daemon_threads = True
    archive.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield archive
    finally:
        archive.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
