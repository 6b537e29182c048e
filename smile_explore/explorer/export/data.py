"""Data behind a panel as files: CSV, NetCDF, FITS."""

from __future__ import annotations

from pathlib import Path

import xarray as xr

from smile_explore.data import (
    aurora_files,
    dataset_files,
    policy,
    xray_series,
)
from smile_explore.data.policy import Policy
from smile_explore.explorer.export.behind import behind
from smile_explore.explorer.panels import Shown

__all__ = ["save_data"]


def save_data(panel: str, shown: Shown, path: Path) -> Path:
    """Write the data behind a panel, whole or not at all.

    Images of SXI and UVI become the FITS files of `data.xray_series` and
    `data.aurora_files`, with where the instrument looked.

    Parameters
    ----------
    panel : str
    shown : Shown
    path : path
        Named ``.csv``, ``.nc`` or ``.fits``.

    Raises
    ------
    ValueError
        If the name is of another kind of file, or there is nothing behind
        the panel.
    OSError
        If the file cannot be written.
    """
    data = behind(panel, shown).compute()
    seen = shown.observations
    terms = policy.of_observations(seen, data)
    if path.suffix == ".fits" and panel in ("sxi", "uvi"):
        _write_images(panel, shown, data, path, terms)
    else:
        title = f"{panel}: {seen.event.title}"
        data = data.assign_attrs(title=title, event=seen.event.name)
        dataset_files.write(data, path, terms)
    return path


def _write_images(
    panel: str, shown: Shown, data: xr.Dataset, path: Path, terms: Policy
) -> None:
    seen = shown.observations
    door, looks = {
        "sxi": (xray_series.write_images, seen.pointing),
        "uvi": (aurora_files.write_images, seen.uvi_pointing),
    }[panel]
    looks = looks.sel(time=data.time.values, method="nearest")
    data.attrs.pop("panel")  # no setting of the instrument
    door(data, path, pointing=looks, terms=terms)
