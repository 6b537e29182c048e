"""What a folder of files says of itself, to machines and to people."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

import smile_explore
from smile_explore.data import policy
from smile_explore.data.policy import Policy
from smile_explore.observations import Observations

__all__ = ["describe"]

_FORMAT: Final = "smile_explore export 1"
#: By which an instrument has seen something.
_FIRST: Final = {
    "SXI": "sxi",
    "UVI": "uvi",
    "LIA": "ions",
    "MAG": "magnetic_field",
}


def describe(
    folder: Path,
    seen: Observations,
    instruments: tuple[str, ...],
    rows: list[dict[str, Any]],
) -> None:
    """Write manifest and README.

    Parameters
    ----------
    folder : pathlib.Path
    seen : Observations
    instruments : tuple of str
        That were asked for.
    rows : list of dict
        One for each file: name, contents, measured, bytes, sha256.
    """
    event, terms = seen.event, policy.of_observations(seen)
    nothing = [n for n in instruments if not getattr(seen, _FIRST[n])]
    manifest = {
        "format": _FORMAT,
        "software": f"smile_explore {smile_explore.__version__}",
        "created": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "event": {
            "name": event.name,
            "title": event.title,
            "start": str(event.start),
            "stop": str(event.stop),
        },
        "instruments": list(instruments),
        "saw_nothing": nothing,
        "policy": policy.plain(terms),
        "provenance": _provenance(seen),
        "files": rows,
    }
    text = json.dumps(manifest, indent=1, default=str)
    (folder / "manifest.json").write_text(text + "\n", "utf-8")
    (folder / "README.txt").write_text(
        _readme(manifest, terms), "utf-8", newline="\n"
    )


def _provenance(seen: Observations) -> dict[str, Any]:
    """Say what the observations were made of."""
    named = ("solar_wind", "trajectory", "cuts", "sxi", "uvi")
    models = np.ravel(seen.cuts["model"]) if "model" in seen.cuts else ()
    return {
        "runs": [dataclasses.asdict(run) for run in seen.event.runs],
        "models": sorted({str(model) for model in models}),
        "activity": dict(seen.event.activity),
        **{name: dict(getattr(seen, name).attrs) for name in named},
    }


def _readme(manifest: dict[str, Any], terms: Policy) -> str:
    event = manifest["event"]
    files = "\n".join(
        f"  {row['name']}  ({row['contents']})" for row in manifest["files"]
    )
    nothing = ", ".join(manifest["saw_nothing"])
    return f"""{event["title"]}
{event["start"][:16]} to {event["stop"][:16]} UTC

WHAT THE DATA ARE
{terms.contents}

RULES OF USE
{terms.rules}

ACKNOWLEDGEMENT
{terms.acknowledgement}

PLEASE CITE
{chr(10).join(f"  {one}" for one in terms.references)}

FILES
{files}
Saw nothing, so without a file: {nothing or "none"}.
manifest.json has the SHA-256 of each file, and what it was made of. FITS opens
with astropy, NetCDF with xarray, CDF with pyspedas or cdflib; all of it with
smile_explore, from which the file of observations opens whole:
  from smile_explore.data import archive
  seen = archive.open("{manifest["files"][-1]["name"]}")
"""
