"""Each mission through pyspedas: its own paths, file names and variables."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from smile_explore.data.sources import day_files, reading, worker
from smile_explore.data.sources.products import PRODUCTS
from tests.authority import quiet_pyspedas
from tests.data.test_in_situ_missions import GSE, in_gsm, write
from tools import archive

DAY = "2012-06-16"
KM, FIELD = {"UNITS": "km"}, {"UNITS": "nT"}
CIS = "N_p__C1_PP_CIS", "V_p_xyz_gse__C1_PP_CIS", "T_p_par__C1_PP_CIS"
FILES = {
    "ACE field": (
        "mag/level_2_cdaweb/mfi_h0/2012/ac_h0_mfi_20120616_v06.cdf",
        {"BGSEc": (GSE, FIELD)},
    ),
    "ACE moments": (
        "swepam/level_2_cdaweb/swe_h0/2012/ac_h0_swe_20120616_v10.cdf",
        {
            "Np": (GSE[:, 0], {"UNITS": "#/cc"}),
            "V_GSE": (GSE, {"UNITS": "km/s"}),
            "Tpr": (GSE[:, 0], {"UNITS": "Kelvin"}),
        },
    ),
    "ACE position": (
        "swepam/level_2_cdaweb/swe_h0/2012/ac_h0_swe_20120616_v10.cdf",
        {"SC_pos_GSE": (GSE * 6371.2, KM)},
    ),
    "Wind field": (
        "mfi/mfi_h0/2012/wi_h0_mfi_20120616_v05.cdf",
        {"BGSE": (GSE, FIELD)},
    ),
    "Wind moments": (
        "swe/swe_h1/2012/wi_h1_swe_20120616_v01.cdf",
        {
            "Proton_Np_moment": (GSE[:, 0], {"UNITS": "n/cc"}),
            "Proton_VX_moment": (GSE[:, 0], {"UNITS": "km/s"}),
            "Proton_VY_moment": (GSE[:, 1], {"UNITS": "km/s"}),
            "Proton_VZ_moment": (GSE[:, 2], {"UNITS": "km/s"}),
            "Proton_W_moment": (GSE[:, 0], {"UNITS": "km/s"}),
        },
    ),
    "Wind position": (
        "mfi/mfi_h0/2012/wi_h0_mfi_20120616_v05.cdf",
        {"PGSE": (GSE, {"UNITS": "Re"})},
    ),
    "THEMIS A field": (
        "tha/l2/fgm/2012/tha_l2_fgm_20120616_v01.cdf",
        {"tha_fgs_gse": (GSE, FIELD)},
    ),
    "THEMIS A moments": (
        "tha/l2/esa/2012/tha_l2_esa_20120616_v01.cdf",
        {
            "tha_peif_density": (GSE[:, 0], {"UNITS": "1/cm^3"}),
            "tha_peif_velocity_gse": (GSE, {"UNITS": "km/s"}),
            "tha_peif_avgtemp": (GSE[:, 0], {"UNITS": "eV"}),
        },
    ),
    "THEMIS A position": (
        "tha/l1/state/2012/tha_l1_state_20120616.cdf",
        {
            "tha_pos_gse": (GSE * 6371.2, KM),
            "tha_vel_gse": (GSE, {"UNITS": "km/s"}),
        },
    ),
    "Cluster 1 field": (
        "c1/cp/2012/c1_cp_fgm_spin_20120616_v01.cdf",
        {"B_vec_xyz_gse__C1_CP_FGM_SPIN": (GSE, FIELD)},
    ),
    "Cluster 1 moments": (
        "c1/pp/cis/2012/c1_pp_cis_20120616_v01.cdf",
        {
            CIS[0]: (GSE[:, 0], {"UNITS": "1/cm^3"}),
            CIS[1]: (GSE, {"UNITS": "km/s"}),
            CIS[2]: (GSE[:, 0], {"UNITS": "MK"}),
            CIS[2].replace("par", "perp"): (GSE[:, 0], {"UNITS": "MK"}),
        },
    ),
    "Cluster 1 position": (
        "c1/cp/2012/c1_cp_fgm_spin_20120616_v01.cdf",
        {"sc_pos_xyz_gse__C1_CP_FGM_SPIN": (GSE * 6371.2, KM)},
    ),
    "OMNI hourly": (
        "hourly/2012/omni2_h0_mrg1hr_20120101_v01.cdf",
        {
            "KP1800": (np.full(5, 63.0), {"FILLVAL": 99.0}),
            "F10_INDEX1800": (np.full(5, 134.5), {"FILLVAL": 999.9}),
        },
    ),
}
#: In GSM, of what each product holds.
VECTOR = {
    "field": "magnetic_field",
    "moments": "velocity",
    "position": "position",
}


@pytest.fixture
def serve(tmp_path, monkeypatch):
    quiet_pyspedas()
    from pyspedas.utilities import download

    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "sleep", lambda seconds: None)
    (tmp_path / "archive").mkdir()

    def ask(name, project):
        path, variables = FILES[name]
        file = tmp_path / "archive" / path
        file.parent.mkdir(parents=True)
        write(
            file,
            variables,
            times=HOURS if name == "OMNI hourly" else TIMES,
        )
        config = import_module(f"pyspedas.projects.{project}.config").CONFIG
        with archive.serving(tmp_path / "archive") as server:
            monkeypatch.setitem(config, "remote_data_dir", server.url)
            monkeypatch.setitem(config, "local_data_dir", "nowhere/")
            told = worker.serve(name, [DAY], [True], lambda step: None)
        return told, server.url + path

    return ask


TIMES = np.datetime64(f"{DAY}T22:00", "ns") + np.arange(5) * np.timedelta64(
    60, "s"
)
HOURS = np.datetime64(f"{DAY}T00:30", "ns") + np.arange(5) * np.timedelta64(
    1, "h"
)


@pytest.mark.parametrize("name", FILES)
def test_pyspedas_finds_the_file_and_it_becomes_a_day(serve, name):
    told, url = serve(name, name.split()[0].lower())
    assert told == ([DAY], "")
    day = day_files.load(name, DAY)
    assert day.attrs["url"] == url
    assert day.attrs["product"] == name
    if name == "OMNI hourly":
        np.testing.assert_allclose(day.kp, 19 / 3)
        return
    seen = day[VECTOR[name.split()[-1]]]
    np.testing.assert_allclose(seen, in_gsm(GSE), rtol=1e-5)


def test_a_unit_of_omni_is_converted_or_refused(tmp_path):
    def omni(units):
        told = {
            **dict.fromkeys(("BX_GSE", "BY_GSM", "BZ_GSM"), "nT"),
            **dict.fromkeys(("Vx", "Vy", "Vz"), units),
            "proton_density": "n/cc",
            "T": "K",
        }
        variables = {
            name: (GSE[:, 0], {"UNITS": unit}) for name, unit in told.items()
        }
        path = tmp_path / f"{units.replace('/', '')}.cdf"
        write(path, variables)
        return reading.read(path, PRODUCTS["OMNI 1 min"])

    usual, other = omni("km/s"), omni("m/s")
    np.testing.assert_allclose(usual.velocity, other.velocity * 1e3, rtol=1e-6)
    with pytest.raises(ValueError, match="'furlong', which is not known as a"):
        omni("furlong")


@pytest.mark.parametrize(
    ("name", "path", "url"),
    [
        (
            "GOES 15 field",
            "mag/goes15/magn-l2-hires/2012/06/"
            "dn_magn-l2-hires_g15_d20120616_v1_0_0.nc",
            "https://www.ncei.noaa.gov/data/goes-space-environment-monitor/"
            "access/science/",
        ),
        (
            "GOES 16 field",
            "goes16/l2/data/magn-l2-avg1m/2012/06/"
            "dn_magn-l2-avg1m_g16_d20120616_v2-0-2.nc",
            "https://data.ngdc.noaa.gov/platforms/"
            "solar-space-observing-satellites/goes/",
        ),
    ],
)
def test_goes_whose_address_is_fixed_in_pyspedas(
    tmp_path, monkeypatch, name, path, url
):
    quiet_pyspedas()
    module = import_module("pyspedas.projects.goes.load")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    monkeypatch.setitem(module.CONFIG, "local_data_dir", "nowhere/")
    asked = []

    def download(*, remote_file, remote_path, local_path, **options):
        asked.append(remote_path)
        assert fnmatchcase(path, *remote_file)
        file = Path(local_path) / path
        file.parent.mkdir(parents=True)
        xr.Dataset(
            {"b_gse": (("time", "coordinate"), GSE)}, {"time": TIMES}
        ).to_netcdf(file)
        return [str(file)]

    monkeypatch.setattr(module, "download", download)
    told = worker.serve(name, [DAY], [True], lambda step: None)
    assert told == ([DAY], "")
    assert asked == [url]
    day = day_files.load(name, DAY)
    assert day.attrs["url"] == url + path
    np.testing.assert_allclose(day.magnetic_field, in_gsm(GSE), rtol=1e-5)
