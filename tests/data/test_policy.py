"""What the data are, and how they may be used, stands in every file."""

from __future__ import annotations

import dataclasses
import json
import re

import cdflib
import netCDF4
import numpy as np
import pytest
import xarray as xr
from astropy.io import fits

import smile_explore
from smile_explore.data import (
    archive,
    aurora_files,
    crossing_files,
    in_situ_files,
    policy,
    response_files,
    xray_files,
    xray_series,
)
from smile_explore.data.mhd import _emissivity_fits
from smile_explore.instruments.response import tables
from smile_explore.retrieval import crossings
from smile_explore.schema import EVENTS, SXI_IMAGE
from tests.retrieval.in_situ import magnetopause, noisy

RESPONSE = tables.assumed()
TIME = np.datetime64("2012-06-16T22:00", "ns")
TERMS = dataclasses.replace(
    policy.of({"kp_source": "measured: GFZ (CC BY 4.0)", "citation": "A run"}),
    references=(
        "T\N{LATIN SMALL LETTER O WITH ACUTE}th 2012",
        "B\N{EN DASH}C",
    ),
)


def exposure():
    lat, lon = (np.arange(8) - 3.5) * 0.5, (np.arange(10) - 4.5) * 0.5
    made = xr.Dataset(
        {
            "intensity": (("fov_lat", "fov_lon"), np.full((8, 10), 30.0)),
            "counts": (("fov_lat", "fov_lon"), np.full((8, 10), 3.0)),
            "exposure": 300.0,
        },
        coords={"fov_lat": lat, "fov_lon": lon, "time": TIME},
    )
    return SXI_IMAGE.stamp(made)


def photons():
    numbers = ("elapsed", "frame", "fov_lon", "fov_lat", "photon_energy")
    return EVENTS.stamp(
        xr.Dataset(
            {name: ("event", np.ones(3)) for name in numbers}
            | {"exposure": 300.0}
        )
    )


@pytest.fixture(scope="module")
def found():
    return crossings.find(*noisy(*magnetopause(), 1))


# -- what is told ----------------------------------------------------------


def test_simulated_is_what_does_not_say_that_it_is_measured():
    told = policy.of({"kp_source": "measured: GFZ", "f107_source": "GFZ"})
    assert told.measured is False
    assert told.contents.startswith("Simulated quick-look data")
    assert "say that they are simulated" in told.rules
    assert f"smile_explore {smile_explore.__version__}" in told.acknowledgement
    assert told.acknowledgement.endswith("Indices: GFZ.")
    assert told.references == (policy.MISSION,)


def test_measured_data_belong_to_those_who_measured_them():
    told = policy.of({"measured": True, "source": "IMAGE WIC", "PI": "Mende"})
    assert told.measured is True
    assert told.contents.startswith("Measured data, source: IMAGE WIC; PI Me")
    assert "ask their principal investigator" in told.rules
    assert "simulated" not in told.rules + told.acknowledgement


def test_model_and_event_are_cited_once(observations):
    told = policy.of_observations(observations)
    assert any("j.jcp.2011.02.006" in one for one in told.references)
    assert any("j.jastp.2008.03.008" in one for one in told.references)
    assert set(observations.event.references) <= set(told.references)
    assert len(re.findall("The SMILE Mission", str(told.references))) == 1
    assert told.contents.endswith(
        "The solar wind is not measured: reconstruction."
    )


def test_a_file_cites_what_is_behind_it_and_no_more(observations):
    for name, run, aurora in (
        ("sxi", True, False),
        ("magnetic_field", True, False),
        ("uvi", False, True),
        ("oval", False, True),
    ):
        data = getattr(observations, name)
        told = policy.of_observations(observations, data)
        cited = " ".join(told.references)
        assert ("j.jcp.2011.02.006" in cited) is run, name
        assert ("j.jastp.2008.03.008" in cited) is aurora, name
        assert ("GFZ Potsdam" in told.acknowledgement) is aurora, name


def test_what_is_measured_among_the_observations_is_named(observations):
    seen = dataclasses.replace(
        observations,
        uvi=observations.uvi.assign_attrs(measured=True, source="UVI itself"),
        solar_wind=observations.solar_wind.assign_attrs(
            measured=True, source="OMNI"
        ),
    )
    told = policy.of_observations(seen)
    assert told.measured is True
    assert told.contents.startswith("uvi: Measured data, source: UVI itself")
    assert "All else is simulated" in told.contents
    assert told.contents.endswith("The solar wind is measured: OMNI.")
    assert "ask their principal" in told.rules
    assert "say that they are simulated" in told.rules
    assert policy.of_observations(seen, seen.sxi).measured is False
    assert policy.of_observations(seen, seen.uvi).measured is True


def test_a_policy_needs_something_to_be_made_of():
    with pytest.raises(TypeError, match="at least one dataset"):
        policy.of()
    with pytest.raises(TypeError, match="or their attributes, got str"):
        policy.of("simulated")


# -- where it stands -------------------------------------------------------


def cited_in_ascii(terms):
    cited = "; ".join(terms.references)
    return cited.replace("\N{EN DASH}", "-").replace("\xf3", "o")


def assert_told_in_fits(path, terms, contents=None):
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        header = hdus[0].header
        assert header["MEASURED"] is terms.measured
        assert header["RULES"] == terms.rules
        assert header["ACKNOWL"] == terms.acknowledgement
        assert header["REFERENC"] == cited_in_ascii(terms)
        assert " ".join(header["COMMENT"]).endswith(contents or terms.contents)
        assert "written by smile_explore" in str(header["HISTORY"])


FITS = {
    "images of SXI": lambda path, **o: xray_series.write_images(
        exposure(), path, **o
    ),
    "an image": lambda path, **o: xray_files.write_image(
        exposure(), path, **o
    ),
    "events": lambda path, **o: xray_files.write_events(photons(), path, **o),
}


@pytest.mark.parametrize("kind", FITS)
@pytest.mark.parametrize("terms", [None, TERMS])
def test_fits_files_tell_it(kind, terms, tmp_path):
    FITS[kind](tmp_path / "a.fits", **({"terms": terms} if terms else {}))
    assert_told_in_fits(tmp_path / "a.fits", terms or policy.of({}))


def test_files_of_a_response_tell_where_its_tables_are_from(tmp_path):
    told = policy.of_response(RESPONSE.attrs)
    assert told.contents.endswith("published numbers and assumptions")
    for path in response_files.write_response(RESPONSE, tmp_path):
        assert_told_in_fits(path, told)


def test_files_of_emissivity_tell_the_model(tmp_path):
    axes = {axis: np.arange(3.0) for axis in "xyz"}
    cube = xr.DataArray(
        np.ones((3, 3, 3)), axes, attrs={"citation": "A model of 2024"}
    )
    path = tmp_path / "cube.fits"
    wind = dict.fromkeys(_emissivity_fits.WIND, 1.0)
    _emissivity_fits.write(cube, wind, path, overwrite=False)
    told = policy.of(cube.attrs, contents="nothing of it is measured.")
    assert told.references[0] == "A model of 2024"
    assert_told_in_fits(path, told)


@pytest.mark.parametrize("terms", [None, TERMS])
def test_netcdf_files_tell_it_as_cf_and_acdd_do(terms, observations, tmp_path):
    path = tmp_path / "a.nc"
    aurora_files.write_map(observations.light, path, terms=terms)
    wanted = terms or policy.of(observations.light)
    with netCDF4.Dataset(path) as file:
        assert file.Conventions == "CF-1.8, ACDD-1.3"
        assert file.summary == wanted.contents
        assert file.license == wanted.rules
        assert file.acknowledgement == wanted.acknowledgement
        assert file.references == "; ".join(wanted.references)
        assert "smile_explore" in file.history
        assert file.title


def test_the_archive_tells_it(observations, tmp_path):
    wanted = policy.of_observations(observations)
    with netCDF4.Dataset(
        archive.save(observations, tmp_path / "a.nc")
    ) as file:
        assert file.license == wanted.rules
        assert file.summary == wanted.contents
        assert file.acknowledgement == wanted.acknowledgement
        assert file.references == "; ".join(wanted.references)


@pytest.mark.parametrize("terms", [None, TERMS])
@pytest.mark.parametrize("kind", ["field", "distribution", "moments"])
def test_cdf_files_tell_it_as_istp_does(kind, terms, observations, tmp_path):
    data = {
        "field": observations.magnetic_field,
        "distribution": observations.ions,
        "moments": observations.ion_moments,
    }[kind]
    path = tmp_path / "a.cdf"
    getattr(in_situ_files, f"write_{kind}")(data, path, terms=terms)
    wanted = terms or policy.of(data)
    told = cdflib.CDF(path).globalattsget()
    assert told["Rules_of_use"] == [wanted.rules]
    assert told["Acknowledgement"] == [wanted.acknowledgement]
    assert told["References"] == [cited_in_ascii(wanted)]
    assert wanted.contents in told["TEXT"][0]
    assert told["Generated_by"] == [
        f"smile_explore {smile_explore.__version__}"
    ]


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_lists_of_crossings_tell_it(suffix, found, tmp_path):
    path = tmp_path / f"a{suffix}"
    crossing_files.write(found, path, terms=TERMS)
    text = path.read_text("utf-8")
    if suffix == ".json":
        told = json.loads(text)["policy"]
    else:
        (line,) = re.findall("^# policy: (.*)$", text, re.M)
        told = json.loads(line)
    assert told == policy.plain(TERMS)
    crossing_files.write(found, path, overwrite=True)
    assert "Simulated quick-look data" in path.read_text("utf-8")
    xr.testing.assert_identical(crossing_files.read(path), found)
