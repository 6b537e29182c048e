"""The process that talks to the archives: ``python -m ...worker REQUEST``.

It alone imports pyspedas, which takes seconds and rewires logging, and which
may wait for minutes or ask for a password. It can be ended at any time: what
it makes becomes part of the cache whole or not at all.

The request is JSON: names of `products`, dates as `days`, and the rungs to
climb as `network`: False for files that pyspedas has, True for the network.
Answers are lines of JSON: ``{"step": ...}`` on the way, and last ``{"days":
{product: [day, ...]}, "reasons": {product: reason}}``.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smile_explore.data import cache
from smile_explore.data.sources import day_files, reading
from smile_explore.data.sources.products import PRODUCTS, Product
from smile_explore.data.sources.unavailable import DataUnavailable

__all__ = ["main", "serve"]

_Tell = Callable[[str], object]
_DAY = np.timedelta64(1, "D")
#: What is meant by what pyspedas logs.
_MEANINGS = {
    "ChunkedEncodingError": "the archive broke off in the middle of a file",
    "Download of": "what the archive sent is no CDF file",
    "onnection error": "the archive cannot be reached",
    "Unable to connect": "the archive cannot be reached",
    "not found": "the archive has no file of it",
    "Unauthorized": "the archive refuses access",
}


def main(request: str) -> None:
    """Serve one request, and answer on standard output."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what pyspedas prints is no answer
    told: dict[str, Any] = {"days": {}, "reasons": {}}

    def tell(step: str) -> None:
        out.write(json.dumps({"step": step}) + "\n")

    asked = json.loads(request)
    if asked["products"]:  # what turns vectors, with the other imports
        importlib.import_module("sunpy.coordinates")
    for name in asked["products"]:
        days, reason = serve(name, asked["days"], asked["network"], tell)
        told["days"][name], told["reasons"][name] = days, reason
    out.write(json.dumps(told) + "\n")
    out.close()


def serve(
    name: str, days: list[str], rungs: list[bool], tell: _Tell
) -> tuple[list[str], str]:
    """Bring days of a product into the cache.

    Parameters
    ----------
    name : str
        One of `products.PRODUCTS`.
    days : list of str
        Dates in order.
    rungs : list of bool
        Whether the network may be asked, attempt by attempt; the first that
        brings all days ends it.
    tell : callable
        Given a word for each step.

    Returns
    -------
    kept : list of str
        Dates that are in the cache now.
    reason : str
        Why some are not, or nothing.
    """
    product = PRODUCTS[name]
    kept: set[str] = set()
    reason = ""
    for network in rungs:
        try:
            files, reason = _fetch(product, days, network, tell)
            for file in files:
                more, why = _keep(name, product, file, days)
                kept, reason = kept | set(more), why or reason
        # Loaders of pyspedas raise whatever they meet, and may even exit.
        except (Exception, SystemExit) as error:
            reason = _clause(error)
        if kept >= set(days):
            return sorted(kept), ""
    missing = ", ".join(day for day in days if day not in kept)
    return sorted(kept), reason or f"its files do not hold {missing}"


def _fetch(
    product: Product, days: list[str], network: bool, tell: _Tell
) -> tuple[list[Path], str]:
    """Return files that pyspedas has or gets, or why there is none."""
    with _Listening() as heard:
        module = importlib.import_module(
            f"pyspedas.projects.{product.project}"
        )
        tell("pyspedas")
        config = importlib.import_module(f"{module.__name__}.config").CONFIG
        # Its default is relative to wherever the program happens to be.
        config["local_data_dir"] = f"{_raw(product)}{os.sep}"
        found = getattr(module, product.loader.split(".")[1])(
            # Without hours, which its half-yearly names cannot read.
            trange=[days[0], str(np.datetime64(days[-1]) + _DAY)],
            downloadonly=True,
            no_update=not network,
            **product.arguments,
        )
    tell("files")
    files = sorted({Path(one) for one in found or []})
    if files:
        return files, ""
    if not network:
        return [], "pyspedas has no file of it"
    return [], _meaning(heard)


def _keep(
    name: str, product: Product, file: Path, days: list[str]
) -> tuple[list[str], str]:
    """Store the days of a file, and say which hold nothing, or what is wrong.

    A file that cannot be read is removed: pyspedas would take it for the
    newest forever.
    """
    try:
        span = (np.datetime64(days[0]), np.datetime64(days[-1]) + _DAY)
        data = reading.read(file, product, span)
    except DataUnavailable as error:
        return [], str(error)
    except Exception as error:  # whatever its bytes lead to
        file.unlink(missing_ok=True)
        return [], _clause(error)
    data.attrs |= {
        "product": name,
        "url": _address(product, file),
        "retrieved": _changed(file),
        "measured": True,
    }
    full, empty = day_files.split(data, reading.MAIN[product.reader])
    for day, part in full.items():
        day_files.store(name, day, part)
    return list(full), _nothing_on(file, empty)


def _raw(product: Product) -> Path:
    return cache.folder() / "pyspedas" / product.project


def _address(product: Product, file: Path) -> str:
    """Return where a file came from: its path is that of the archive."""
    base = product.remote
    if not base:
        module = f"pyspedas.projects.{product.project}.config"
        base = importlib.import_module(module).CONFIG["remote_data_dir"]
    return base + file.relative_to(_raw(product)).as_posix()


def _changed(file: Path) -> str:
    """Return when a file was written, which is when it was fetched."""
    when = pd.Timestamp(file.stat().st_mtime, unit="s").floor("s")
    return f"{when.isoformat()}Z"


def _nothing_on(file: Path, empty: list[str]) -> str:
    if not empty:
        return ""
    return f"{file.name} has nothing but fill values on {', '.join(empty)}"


def _meaning(heard: list[str]) -> str:
    """Return what pyspedas' first complaint amounts to."""
    for complaint in heard:
        for words, meaning in _MEANINGS.items():
            if words in complaint:
                return meaning
    return heard[0] if heard else "the archive has no file of it"


def _clause(error: BaseException) -> str:
    if isinstance(error, ValueError) and str(error):
        return str(error).splitlines()[0]
    return f"{type(error).__name__} {error}".splitlines()[0].strip()


class _Listening(logging.Handler):
    """Collects warnings and errors that pyspedas logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage().splitlines()[0][:200])

    def __enter__(self) -> list[str]:
        logging.getLogger().addHandler(self)
        return self.heard

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


if __name__ == "__main__":
    main(sys.argv[1])
