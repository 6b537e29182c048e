"""What can be had of other missions, and how pyspedas is asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smile_explore.data.sources.unavailable import DataUnavailable

__all__ = ["MISSIONS", "PRODUCTS", "Product", "product"]


@dataclass(frozen=True)
class Product:
    """One kind of file of an archive.

    Parameters
    ----------
    loader : str
        Function of ``pyspedas.projects`` that fetches it, ``"omni.data"``.
    arguments : mapping
        For that function, beside the interval.
    reader : str
        Function of `reading` that makes a dataset of one file.
    variables : tuple of str
        What the reader needs: of several names for one thing the first that
        the file has, separated by a bar. A product of moments is named as in
        `in_situ_missions.PRODUCTS`.
    units : tuple of str
        Of the variables, where a file does not say them.
    remote : str
        Where its files come from, for the record, if not from the address in
        the configuration of the loader's project.
    """

    loader: str
    arguments: Mapping[str, Any]
    reader: str
    variables: tuple[str, ...]
    units: tuple[str, ...] = ()
    remote: str = ""

    @property
    def project(self) -> str:
        """Name of the project of pyspedas."""
        return self.loader.split(".")[0]


def _of(mission: str, **rows: Product) -> dict[str, Product]:
    return {f"{mission} {what}": one for what, one in rows.items()}


def _themis(probe: str) -> dict[str, Product]:
    this = {"probe": probe}
    return _of(
        f"THEMIS {probe.upper()}",
        field=Product(
            "themis.fgm",
            this | {"level": "l2"},
            "field",
            (f"th{probe}_fgs_gse",),
            ("nT",),
        ),
        moments=Product(
            "themis.esa", this | {"level": "l2"}, "moments", ("THEMIS ESA",)
        ),
        position=Product(
            "themis.state",
            this,
            "position",
            (f"th{probe}_pos_gse", f"th{probe}_vel_gse"),
            ("km", "km/s"),
        ),
    )


def _cluster(probe: str) -> dict[str, Product]:
    this, spin = {"probe": probe}, {"probe": probe, "datatype": "cp"}
    end = f"C{probe}_CP_FGM_SPIN"
    return _of(
        f"Cluster {probe}",
        field=Product(
            "cluster.fgm", spin, "field", (f"B_vec_xyz_gse__{end}",)
        ),
        moments=Product("cluster.cis", this, "moments", ("Cluster CIS PP",)),
        position=Product(
            "cluster.fgm", spin, "position", (f"sc_pos_xyz_gse__{end}",)
        ),
    )


def _goes(probe: int) -> dict[str, Product]:
    # The older satellites in the form of the newer, whose vectors are in GSE.
    science = "https://www.ncei.noaa.gov/data/goes-space-environment-monitor/"
    remote = f"{science}access/science/"
    if probe > 15:
        platforms = "https://data.ngdc.noaa.gov/platforms/"
        remote = f"{platforms}solar-space-observing-satellites/goes/"
    return _of(
        f"GOES {probe}",
        field=Product(
            "goes.load",
            {"probe": probe, "instrument": "mag", "goes_r": True},
            "goes_field",
            ("b_gse",),
            ("nT",),
            remote,
        ),
        position=Product(
            "goes.load_orbit",
            {"probe": probe},
            "position",
            ("XYZ_GSE",),
            ("km",),
            "https://spdf.gsfc.nasa.gov/pub/data/goes/",
        ),
    )


_H0 = {"datatype": "h0"}
#: Without the master file, which pyspedas fetches from elsewhere first, and
#: fails for want of.
_WIND = {"addmaster": False}
#: Every product by its name, "<mission> <what>". Names of files and variables
#: are those of pyspedas' own tests and of public code that reads the files.
PRODUCTS: dict[str, Product] = {
    "OMNI 1 min": Product(
        "omni.data",
        {"level": "hro", "datatype": "1min"},
        "omni",
        (
            "BX_GSE",
            "BY_GSM",
            "BZ_GSM",
            "Vx",
            "Vy",
            "Vz",
            "proton_density",
            "T",
        ),
    ),
    "OMNI hourly": Product(
        "omni.data",
        {"datatype": "hourly"},
        "omni_hourly",
        ("KP1800|KP", "F10_INDEX1800|F10_INDEX"),
    ),
    **_of(
        "ACE",
        field=Product("ace.mfi", _H0, "field", ("BGSEc|BGSM",), ("nT",)),
        moments=Product("ace.swe", _H0, "moments", ("ACE SWEPAM",)),
        position=Product("ace.swe", _H0, "position", ("SC_pos_GSE",), ("km",)),
    ),
    **_of(
        "Wind",
        field=Product("wind.mfi", _H0 | _WIND, "field", ("BGSE",), ("nT",)),
        moments=Product(
            "wind.swe", {"datatype": "h1"} | _WIND, "moments", ("Wind SWE",)
        ),
        position=Product(
            "wind.mfi", _H0 | _WIND, "position", ("PGSE",), ("Re",)
        ),
    ),
}
for _probe in "abcde":
    PRODUCTS |= _themis(_probe)
for _probe in "1234":
    PRODUCTS |= _cluster(_probe)
for _number in (13, 14, 15, 16, 17, 18, 19):
    PRODUCTS |= _goes(_number)

#: Missions of which a field or more can be had.
MISSIONS: tuple[str, ...] = tuple(
    name.removesuffix(" field") for name in PRODUCTS if name.endswith(" field")
)


def product(name: str) -> Product:
    """Return a product by its name.

    Raises
    ------
    DataUnavailable
        If there is none of this name.
    """
    if name not in PRODUCTS:
        mission = name.rsplit(" ", 1)[0]
        kin = [one for one in PRODUCTS if one.startswith(f"{mission} ")]
        raise DataUnavailable(
            name,
            f"there is no such product; there are "
            f"{', '.join(kin or ('OMNI', *MISSIONS))}",
        )
    return PRODUCTS[name]
