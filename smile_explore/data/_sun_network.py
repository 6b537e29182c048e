"""Fetch images of the Sun and its X-rays: aside, with a deadline, kept.

Nothing here runs unless it is asked for. The work is done by a Python process
of its own, which is ended at the deadline: neither a server that hangs nor a
slow import holds up the notebook.
"""

from __future__ import annotations

import http.client
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.data import cache
from smile_explore.data._aside import Progress, Unavailable, in_process
from smile_explore.data._sun_files import open_image, open_xrays

__all__ = ["INSTRUMENTS", "fetch_image", "fetch_xrays"]

#: 1024 x 1024 pixels every two minutes, level 1.5; the readme there has the
#: layout.
_SYNOPTIC = "https://jsoc1.stanford.edu/data/aia/synoptic/"
#: Science-quality X-rays of GOES 8 to 15, by satellite and month.
_XRAYS = (
    "https://www.ncei.noaa.gov/data/goes-space-environment-monitor/access/"
    "science/xrs/"
)
#: Of GOES, in the order in which they are asked.
_SATELLITES: Final = (15, 14, 13)
#: What can be fetched: AIA by the address of its file, the others by a search
#: of sunpy's Fido.
INSTRUMENTS: Final = ("AIA 171", "AIA 193", "AIA 304", "HMI", "LASCO C2")


def fetch_image(
    time: np.datetime64 | str,
    instrument: str = "AIA 193",
    *,
    deadline: float = 30.0,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Fetch the image of the Sun nearest to a time, or take it from the cache.

    Parameters
    ----------
    time : numpy.datetime64 or str
        UTC.
    instrument : str
        One of `INSTRUMENTS`.
    deadline : float
        Given up after this. [s]
    progress : callable, optional
        ``progress(elapsed, deadline)`` in seconds, a few times a second; an
        exception raised in it cancels.

    Returns
    -------
    image : xarray.Dataset (SUN_IMAGE)
        As `open_image` returns it.

    Raises
    ------
    ValueError
        If there is no such instrument.
    Unavailable
        If it cannot be had: no network, no such image, too late.
    """
    if instrument not in INSTRUMENTS:
        raise ValueError(
            f"instrument must be one of {', '.join(INSTRUMENTS)}, got "
            f"{instrument!r}"
        )
    when = np.datetime64(str(time), "m")
    if instrument.startswith("AIA "):
        urls = _aia_addresses(when, int(instrument[4:]))
        get = partial(_download, urls, cache.folder() / "sun", b"SIMPLE  =")
    else:
        get = partial(_by_fido, str(when), instrument, cache.folder() / "sun")
    return in_process(partial(_then, get, open_image), deadline, progress)


def fetch_xrays(
    day: np.datetime64 | str,
    *,
    deadline: float = 30.0,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Fetch a day of the Sun's X-rays, or take it from the cache.

    Parameters
    ----------
    day : numpy.datetime64 or str
        Of 2010 to 2019, when GOES 13 to 15 watched.
    deadline, progress
        As in `fetch_image`.

    Returns
    -------
    flux : xarray.Dataset (XRAY_FLUX)
        Averages of one minute.

    Raises
    ------
    Unavailable
        If it cannot be had.
    """
    get = partial(
        _listed,
        _XRAYS,
        str(np.datetime64(str(day), "D")),
        cache.folder() / "sun",
    )
    return in_process(partial(_then, get, open_xrays), deadline, progress)


def _then(get: Callable[[], Path], read: Callable[[Path], Any]) -> Any:
    """Read what was fetched; what cannot be read is not kept."""
    path = get()
    try:
        return read(path)
    except ValueError:
        path.unlink(missing_ok=True)
        raise


def _aia_addresses(when: np.datetime64, wavelength: int) -> list[str]:
    """Return addresses of images, nearest first: every even minute has one.

    Some are missing or spoilt, so the five on either side are asked for too.
    """
    minutes = when.astype("datetime64[m]").astype(int)
    nearest = 2 * round(minutes / 2)
    addresses = []
    for step in sorted(range(-10, 11, 2), key=abs):
        moment = np.datetime64(nearest + step, "m").item()
        addresses.append(
            f"{_SYNOPTIC}{moment:%Y/%m/%d/H%H00/AIA%Y%m%d_%H%M}"
            f"_{wavelength:04d}.fits"
        )
    return addresses


def _download(urls: Sequence[str], folder: Path, begins: bytes) -> Path:
    """Keep the first of the files that there is, whole or not at all."""
    kept = [folder / url.rsplit("/", 1)[-1] for url in urls]
    for path in kept:
        if path.is_file():
            return path
    for url, path in zip(urls, kept, strict=True):
        content = _read(url)
        if content is None:
            continue
        if not content.startswith(begins):
            raise Unavailable(
                f"{url} sent something else than the file asked for; a proxy "
                "or a login page may stand before it."
            )
        folder.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".part-{os.getpid()}-{path.name}")
        part.write_bytes(content)
        part.replace(path)
        return path
    raise Unavailable(
        f"None of {len(urls)} files looked for is there, the nearest being "
        f"{urls[0]}."
    )


def _read(url: str) -> bytes | None:
    """Return what an address holds, None if it holds nothing."""
    try:
        with urllib.request.urlopen(url, timeout=15.0) as answer:  # noqa: S310
            return answer.read()
    except urllib.error.HTTPError as error:
        if error.code == 404:
            return None
        raise Unavailable(f"{url} answers {error.code}.") from error
    except http.client.IncompleteRead as error:
        raise Unavailable(
            f"{url} broke off before its end; try again."
        ) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        why = getattr(error, "reason", None) or error
        raise Unavailable(
            f"{url} cannot be reached ({why}); are you online?"
        ) from error


def _listed(server: str, day: str, folder: Path) -> Path:
    """Fetch the newest version of a day's X-rays that a server lists."""
    year, month, date = day.split("-")
    name = rf"sci_xrsf-l2-avg1m_g\d\d_d{year}{month}{date}_v[\d-]+\.nc"
    for path in sorted(folder.glob("sci_xrsf-*.nc"), reverse=True):
        if re.fullmatch(name, path.name):
            return path
    for satellite in _SATELLITES:
        url = f"{server}goes{satellite}/xrsf-l2-avg1m_science/{year}/{month}/"
        page = (_read(url) or b"").decode(errors="replace")
        if found := sorted(set(re.findall(name, page))):
            return _download([url + found[-1]], folder, b"\x89HDF")
    raise Unavailable(f"No X-rays of {day} are listed at {server}.")


def _by_fido(time: str, instrument: str, folder: Path) -> Path:
    """Fetch the nearest image that the virtual solar observatory knows."""
    import warnings

    warnings.simplefilter("ignore")  # a process of its own
    import astropy.units as u
    from sunpy.net import Fido
    from sunpy.net import attrs as a

    moment = np.datetime64(time, "m")
    half_hour = np.timedelta64(30, "m")
    kind = {
        "HMI": (a.Instrument.hmi, a.Physobs.intensity, a.Sample(720 * u.s)),
        "LASCO C2": (a.Instrument.lasco, a.Detector.c2),
    }[instrument]
    ends = str(moment - half_hour), str(moment + half_hour)
    found = Fido.search(a.Time(*ends, near=str(moment)), *kind)
    if not len(found) or not len(found[0]):
        raise Unavailable(f"No image of {instrument} is known near {time}.")
    files = Fido.fetch(found[0][:1], path=str(folder / "{file}"))
    if not files:
        raise Unavailable(f"The image of {instrument} could not be fetched.")
    return Path(files[0])
