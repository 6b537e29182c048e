"""All files of an event in one folder: what `archive.export` writes."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from smile_explore.data import (
    aurora_files,
    crossing_files,
    in_situ_files,
    policy,
    xray_series,
)
from smile_explore.data._manifest import describe
from smile_explore.data._whole import check_around, whole
from smile_explore.data.policy import Policy
from smile_explore.observations import Observations

__all__ = ["INSTRUMENTS", "check_folder", "checked_instruments", "write"]

INSTRUMENTS: Final = ("SXI", "UVI", "LIA", "MAG")
#: Of the files, as ISTP counts them.
_VERSION: Final = "01"

Progress = Callable[[int, int], object]


@dataclasses.dataclass(frozen=True)
class _Product:
    """One file: whose it is, its dataset, its name, and who writes it."""

    instruments: tuple[str, ...]
    field: str
    name: str
    door: Callable[..., object]
    pointing: str = ""

    def file_name(self, day: str) -> str:
        stem, suffix = self.name.split(".")
        return f"smile_{stem}_{day}_v{_VERSION}.{suffix}"

    def write(self, seen: Observations, path: Path, terms: Policy) -> None:
        looked = getattr(seen, self.pointing) if self.pointing else None
        beside = {"pointing": looked} if looked else {}
        self.door(getattr(seen, self.field), path, terms=terms, **beside)


_SXI, _UVI, _LIA, _MAG = ((name,) for name in INSTRUMENTS)
_PRODUCTS: Final = (
    _Product(_SXI, "sxi", "l2_sxi.fits", xray_series.write_images, "pointing"),
    _Product(
        _UVI, "uvi", "l2_uvi.fits", aurora_files.write_images, "uvi_pointing"
    ),
    _Product(_UVI, "light", "l2_uvi-map.nc", aurora_files.write_map),
    _Product(_UVI, "oval", "l3_uvi-oval.nc", aurora_files.write_oval),
    _Product(
        _UVI,
        "polar_cap",
        "l3_uvi-polar-cap.nc",
        aurora_files.write_polar_cap,
    ),
    _Product(_LIA, "ions", "l2_lia-vdf.cdf", in_situ_files.write_distribution),
    _Product(
        _LIA, "ion_moments", "l2_lia-moments.cdf", in_situ_files.write_moments
    ),
    _Product(_MAG, "magnetic_field", "l2_mag.cdf", in_situ_files.write_field),
    _Product(
        _LIA + _MAG, "crossings", "l3_crossings.csv", crossing_files.write
    ),
)
#: Left out of the file of observations with their instrument.
_FIELDS: Final = {
    "SXI": ("sxi", "magnetopause", "standoff"),
    "UVI": ("uvi", "light", "oval", "polar_cap", "flux_budget"),
    "LIA": ("ions", "ion_spectrum", "ion_moments", "crossings"),
    "MAG": ("magnetic_field", "crossings"),
}


def checked_instruments(names: Sequence[str]) -> tuple[str, ...]:
    """Return instruments in their order, or say which is none."""
    if isinstance(names, str):
        raise TypeError(
            f"instruments must be a list of names, got {names!r}; write "
            f"({names!r},)"
        )
    wrong = [name for name in names if name not in INSTRUMENTS]
    if wrong or not names:
        raise ValueError(
            "instruments must be some of "
            f"{', '.join(INSTRUMENTS)}, got {', '.join(map(str, wrong))}"
            + ("" if wrong else "none")
        )
    return tuple(name for name in INSTRUMENTS if name in names)


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written, or has files in it."""
    check_around(folder)
    if folder.is_dir() and not any(folder.iterdir()):
        return
    if folder.exists():
        what = "has files in it" if folder.is_dir() else "is a file"
        raise FileExistsError(
            f"{folder} is there already and {what}; nothing is replaced: "
            "choose a folder that is not there, or empty"
        )


def write(
    observations: Observations,
    folder: Path,
    *,
    instruments: tuple[str, ...],
    progress: Progress | None,
    save: Callable[[Observations, Path], object],
) -> list[Path]:
    """Write the folder; `archive.export` says how."""
    seen = _only(observations, instruments)
    day = np.datetime_as_string(seen.event.start, "D").replace("-", "")
    made = [
        product
        for product in _PRODUCTS
        if set(product.instruments) <= set(instruments)
        and getattr(seen, product.field)
    ]
    everything = f"smile_l3_observations_{day}_v{_VERSION}.nc"
    rows = []
    with whole(folder) as part:
        part.mkdir()
        for done, product in enumerate(made, 1):
            path = part / product.file_name(day)
            data = getattr(seen, product.field)
            terms = policy.of_observations(seen, data)
            product.write(seen, path, terms)
            rows.append(_row(path, data.attrs.get("schema", ""), terms))
            if progress is not None:
                progress(done, len(made) + 1)
        save(seen, part / everything)
        terms = policy.of_observations(seen)
        rows.append(_row(part / everything, "Observations", terms))
        describe(part, seen, instruments, rows)
        if progress is not None:
            progress(len(made) + 1, len(made) + 1)
    names = [row["name"] for row in rows]
    return [folder / name for name in [*names, "manifest.json", "README.txt"]]


def _only(seen: Observations, instruments: tuple[str, ...]) -> Observations:
    """Return the observations without the instruments not asked for."""
    dropped = {
        field
        for name in INSTRUMENTS
        if name not in instruments
        for field in _FIELDS[name]
    }
    nothing: dict[str, Any] = {name: xr.Dataset() for name in dropped}
    return dataclasses.replace(seen, **nothing)


def _row(path: Path, contents: str, terms: Policy) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.name,
        "contents": contents,
        "measured": terms.measured,
        "bytes": path.stat().st_size,
        "sha256": digest,
    }
