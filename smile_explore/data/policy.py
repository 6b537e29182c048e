"""What the data are, and how they may be used: told in every file.

One `Policy` is made of what the datasets say of themselves, and is written
under the names that the convention of each format has for it.
"""

from __future__ import annotations

import datetime as dt
import textwrap
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import xarray as xr

import smile_explore

if TYPE_CHECKING:
    from astropy.io import fits

    from smile_explore.observations import Event, Observations

__all__ = [
    "Policy",
    "cdf",
    "fits_header",
    "netcdf",
    "of",
    "of_observations",
    "of_response",
    "plain",
]

_MISSION_DOI: Final = "10.1007/978-981-19-6960-7_39"
#: The mission that all of it is about.
MISSION: Final = (
    "Branduardi-Raymont and Wang (2024), The SMILE Mission, "
    f"https://doi.org/{_MISSION_DOI}"
)
#: Attributes in which a dataset names what it was computed with.
_CITED = ("citation", "model")
#: ... and whose measurements drove it.
_SOURCES = ("f107_source", "kp_source")
#: Models that datasets name in short.
_IN_FULL: Final = {
    "Zhang and Paxton (2008)": "Zhang and Paxton (2008), An empirical "
    "Kp-dependent global auroral model based on TIMED/GUVI FUV data, "
    "https://doi.org/10.1016/j.jastp.2008.03.008",
}
#: What is seen or found in UVI's images.
_ULTRAVIOLET: Final = ("UVI_IMAGE", "UV_MAP", "OVAL", "POLAR_CAP")


@dataclass(frozen=True)
class Policy:
    """What a file says of its contents.

    Parameters
    ----------
    measured : bool
        Whether an instrument in space measured what the file is about.
    contents : str
        What the data are.
    rules : str
        How they may be used.
    acknowledgement : str
        The sentence for a talk or a paper.
    references : tuple of str
        What to cite: the MHD model, the event, the mission.
    """

    measured: bool
    contents: str
    rules: str
    acknowledgement: str
    references: tuple[str, ...]


def of(
    *data: xr.Dataset | Mapping[Any, Any],
    event: Event | None = None,
    contents: str = "",
) -> Policy:
    """Return the policy of one file.

    Parameters
    ----------
    *data : xarray.Dataset or mapping
        What the file is about, or its attributes: ``measured`` (by default
        they are not), ``source``, ``PI``, ``citation``, ``model``,
        ``kp_source`` and ``f107_source`` are looked at. The first decides
        whether the file is one of measured data.
    event : Event, optional
        Its references are cited.
    contents : str
        What the data are, where it is neither seen nor simulated as if seen.

    Raises
    ------
    TypeError
        If nothing is given, or what is given has no attributes.
    """
    if not data:
        raise TypeError("a policy is made of at least one dataset")
    told = [_attributes(one) for one in data]
    measured = bool(told[0].get("measured", False))
    cited = [_IN_FULL.get(one, one) for one in _every(told, _CITED)]
    cited += event.references if event is not None else ()
    if not any(_MISSION_DOI in one for one in cited):
        cited.append(MISSION)
    return Policy(
        measured=measured,
        contents=contents
        or (_measured_by(told[0]) if measured else _SIMULATED),
        rules=_RULES_MEASURED if measured else _RULES_SIMULATED,
        acknowledgement=_acknowledgement(told, measured),
        references=tuple(dict.fromkeys(cited)),
    )


def of_observations(
    observations: Observations, first: xr.Dataset | None = None
) -> Policy:
    """Return the policy of a file of observations.

    Parameters
    ----------
    observations : Observations
    first : xarray.Dataset, optional
        What the file is about, by default all of them.
    """
    seen = observations
    # the run behind SXI, LIA and MAG; the model and indices behind UVI
    if first is None:
        made = of(seen.sxi, seen.cuts, seen.uvi, event=seen.event)
        made = _of_all(made, seen)
    elif first.attrs.get("schema") in _ULTRAVIOLET:
        made = of(first, seen.uvi, event=seen.event)
    else:
        made = of(first, seen.cuts, event=seen.event)
    wind = seen.solar_wind.attrs
    how = "measured" if wind.get("measured") else "not measured"
    whose = wind.get("source", "no source told")
    return replace(
        made, contents=f"{made.contents} The solar wind is {how}: {whose}."
    )


def _of_all(made: Policy, seen: Observations) -> Policy:
    """Say so where some of the observations are measured and others not."""
    told = {
        field.name: getattr(seen, field.name).attrs
        for field in fields(seen)
        if field.name not in ("event", "solar_wind")
    }
    measured = {k: v for k, v in told.items() if v.get("measured")}
    if not measured:
        return made
    each = " ".join(f"{k}: {_measured_by(v)}" for k, v in measured.items())
    return replace(
        made,
        measured=True,
        contents=f"{each} All else is simulated by smile_explore.",
        rules=f"Of what is measured: {_RULES_MEASURED} Of what is simulated: "
        f"{_RULES_SIMULATED}",
    )


def of_response(told: Mapping[Any, Any]) -> Policy:
    """Return the policy of a file of an X-ray response.

    Parameters
    ----------
    told : mapping
        Its attributes; ``origin`` says of each table where it is from.
    """
    origin = told.get("origin", "not known")
    return of(
        told,
        contents=f"X-ray response as smile_explore uses it; origin: {origin}",
    )


_SIMULATED: Final = (
    "Simulated quick-look data of a virtual SMILE, computed by smile_explore: "
    "the spacecraft SMILE measured nothing of this file."
)
_RULES_SIMULATED: Final = (
    "Quick-look, for teaching, planning and the study of methods; not "
    "evidence of what happened. Wherever the data are shown, say that they "
    "are simulated and cite what they were computed with. They may be used, "
    "changed and passed on with this notice, under the licence of "
    "smile_explore (BSD-3-Clause); runs and measurements that went into them "
    "keep the terms of those who made them."
)
# of SMILE: Branduardi-Raymont and Wang (2024), section 5.3
_RULES_MEASURED: Final = (
    "The rules of those who measured the data hold: ask their principal "
    "investigator before publication, and name them as they wish. Data of "
    "SMILE are its instrument teams' own for one year; quick-look plots are "
    "public."
)


def _measured_by(told: Mapping[Any, Any]) -> str:
    who = told.get("source") or told.get("instrument") or "unknown"
    pi = f"; PI {told['PI']}" if told.get("PI") else ""
    return (
        f"Measured data, source: {who}{pi}; kept in a form of smile_explore."
    )


def _acknowledgement(told: list[Mapping[Any, Any]], measured: bool) -> str:
    software = f"smile_explore {smile_explore.__version__}"
    kind = "read and kept" if measured else "simulated"
    named = [one.removeprefix("measured: ") for one in _every(told, _SOURCES)]
    sources = dict.fromkeys(named)
    thanks = f" Indices: {'; '.join(sources)}." if sources else ""
    return (
        f"The data were {kind} with {software}, which follows the mission "
        f"SMILE of ESA and the Chinese Academy of Sciences.{thanks}"
    )


def _every(told: Iterable[Mapping[Any, Any]], names: tuple[str, ...]) -> list:
    found = [one[name] for one in told for name in names if one.get(name)]
    return list(dict.fromkeys(map(str, found)))


def _attributes(one: Any) -> Mapping[Any, Any]:
    if isinstance(one, xr.Dataset):
        return one.attrs
    if isinstance(one, Mapping):
        return one
    raise TypeError(
        "a policy is made of datasets or their attributes, got "
        f"{type(one).__name__}"
    )


def plain(policy: Policy) -> dict[str, Any]:
    """Return a policy for JSON."""
    return asdict(policy) | {"references": list(policy.references)}


def netcdf(policy: Policy) -> dict[str, str]:
    """Return the global attributes of CF and ACDD.

    References
    ----------
    .. [1] Attribute Convention for Data Discovery, version 1.3.
    .. [2] NetCDF Climate and Forecast Metadata Conventions, 2.6.2.
    """
    return {
        "Conventions": "CF-1.8, ACDD-1.3",
        "summary": policy.contents,
        "license": policy.rules,
        "acknowledgement": policy.acknowledgement,
        "references": "; ".join(policy.references),
        "date_created": f"{_now():%Y-%m-%dT%H:%M:%SZ}",
        "history": _history(),
    }


def cdf(policy: Policy, about: str) -> dict[str, str]:
    """Return the global attributes of ISTP, in the ASCII of CDF_CHAR.

    Parameters
    ----------
    policy : Policy
    about : str
        Sentences for TEXT, before what the data are.

    References
    ----------
    .. [1] ISTP Metadata Guidelines: Global Attributes, NASA SPDF.
    """
    told = {
        "TEXT": f"{about} {policy.contents}",
        "Rules_of_use": policy.rules,
        "Acknowledgement": policy.acknowledgement,
        "References": "; ".join(policy.references),
        "Generated_by": f"smile_explore {smile_explore.__version__}",
        "Generation_date": f"{_now():%Y%m%d}",
    }
    return {name: _ascii(text) for name, text in told.items()}


def fits_header(policy: Policy) -> fits.Header:
    """Return keywords, whose long texts go on in CONTINUE, and comments.

    The texts are in ASCII, as FITS wants them.
    """
    from astropy.io import fits

    header = fits.Header()
    header["DATE"] = (f"{_now():%Y-%m-%dT%H:%M:%S}", "when it was written")
    header["MEASURED"] = (policy.measured, "by an instrument in space?")
    header["RULES"] = _ascii(policy.rules)
    header["ACKNOWL"] = _ascii(policy.acknowledgement)
    # of the standard; the others are ours
    header["REFERENC"] = _ascii("; ".join(policy.references))
    for line in textwrap.wrap(_ascii(policy.contents), 72):
        header.add_comment(line)
    for line in textwrap.wrap(_history(), 72):
        header.add_history(line)
    return header


def _ascii(text: str) -> str:
    for dash in "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}":
        text = text.replace(dash, "-")
    apart = unicodedata.normalize("NFKD", text)
    return apart.encode("ascii", "ignore").decode()


def _history() -> str:
    return (
        f"{_now():%Y-%m-%dT%H:%M:%SZ} written by "
        f"smile_explore {smile_explore.__version__}"
    )


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
