from __future__ import annotations

import cdflib
import numpy as np
import pytest
import xarray as xr

from smile_explore.constants import EARTH_RADIUS
from smile_explore.data import _cdf, indices, spacecraft
from smile_explore.data.sources import day_files, reading
from smile_explore.data.sources.products import MISSIONS, PRODUCTS
from smile_explore.data.sources.unavailable import DataUnavailable
from smile_explore.schema import INDICES, MAGNETIC_FIELD, MOMENTS, TRAJECTORY
from tests.data.measured import keep
from tests.data.test_in_situ_missions import GSE, TIMES, in_gsm, write

DAY = "2012-06-16"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    return tmp_path


def read(name, path):
    return reading.read(path, PRODUCTS[name])


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("ACE field", "BGSEc"),
        ("Wind field", "BGSE"),
        ("THEMIS A field", "tha_fgs_gse"),
        ("Cluster 1 field", "B_vec_xyz_gse__C1_CP_FGM_SPIN"),
    ],
)
def test_a_field_is_read_from_what_the_mission_calls_it(
    folder, name, variable
):
    path = write(folder / "a.cdf", {variable: (GSE, {"UNITS": "nT"})})
    field = read(name, path)
    MAGNETIC_FIELD.check(field)
    np.testing.assert_allclose(field.magnetic_field, in_gsm(GSE), rtol=1e-5)
    assert field.attrs["variable"] == variable


@pytest.mark.parametrize(
    ("name", "variable", "units", "radius"),
    [
        ("ACE position", "SC_pos_GSE", "km", EARTH_RADIUS),
        ("Wind position", "PGSE", "Re", 1.0),
        ("GOES 15 position", "XYZ_GSE", "km", EARTH_RADIUS),
        (
            "Cluster 2 position",
            "sc_pos_xyz_gse__C2_CP_FGM_SPIN",
            "km",
            EARTH_RADIUS,
        ),
    ],
)
def test_a_place_comes_in_radii_with_the_speed_of_its_change(
    folder, name, variable, units, radius
):
    path = write(
        folder / "a.cdf", {variable: (GSE * radius, {"UNITS": units})}
    )
    orbit = read(name, path)
    TRAJECTORY.check(orbit)
    np.testing.assert_allclose(orbit.position, in_gsm(GSE), rtol=1e-5)
    # GSE grows by 1 R_E a minute along each axis.
    speed = np.linalg.norm(orbit.velocity, axis=1)
    np.testing.assert_allclose(speed, 3**0.5 * EARTH_RADIUS / 60.0, rtol=1e-4)
    assert "differences" in orbit.attrs["velocity_from"]


def test_a_velocity_that_comes_with_the_place_is_taken(folder):
    path = write(
        folder / "a.cdf",
        {
            "tha_pos_gse": (GSE * EARTH_RADIUS, {"UNITS": "km"}),
            "tha_vel_gse": (GSE, {"UNITS": "km/s"}),
        },
    )
    orbit = read("THEMIS A position", path)
    np.testing.assert_allclose(orbit.velocity, in_gsm(GSE), rtol=1e-5)


def test_a_length_in_an_unknown_unit_is_refused(folder):
    path = write(folder / "a.cdf", {"PGSE": (GSE, {"UNITS": "furlong"})})
    with pytest.raises(ValueError, match="'furlong', which is not known"):
        read("Wind position", path)


def test_a_field_of_goes_is_read_from_netcdf(folder):
    values = GSE.copy()
    values[2] = -9999.0e3
    xr.Dataset(
        {"b_gse": (("time", "coordinate"), values, {"units": "nT"})},
        {"time": TIMES},
        {"title": "GOES-15 L2 Magnetometer"},
    ).to_netcdf(folder / "dn.nc")
    field = read("GOES 15 field", folder / "dn.nc")
    expected = in_gsm(GSE)
    expected[2] = np.nan
    np.testing.assert_allclose(field.magnetic_field, expected, rtol=1e-9)
    (folder / "bad.nc").write_text("<html>")
    with pytest.raises(ValueError, match="bad.nc is no NetCDF file"):
        read("GOES 15 field", folder / "bad.nc")


def test_times_are_those_of_the_library_and_fill_is_no_time():
    epochs = np.array([6.31e13 + 0.001, 6.4e13, 62_167_219_200_000.0])
    expected = cdflib.cdfepoch.to_datetime(epochs).astype("datetime64[ms]")
    found = _cdf._from_epoch(epochs).astype("datetime64[ms]")
    np.testing.assert_array_equal(found, expected)
    assert np.isnat(_cdf._from_epoch(np.array([-1e31, 0.0]))).all()


def test_clock_jumps_of_an_archive_are_put_in_order(folder):
    order = [0, 2, 1, 1, 3]
    path = write(
        folder / "a.cdf",
        {"BGSE": (GSE[order], {"UNITS": "nT"})},
        times=TIMES[order],
    )
    field = read("Wind field", path)
    np.testing.assert_array_equal(field.time, TIMES[:4])
    np.testing.assert_allclose(
        field.magnetic_field, in_gsm(GSE)[:4], rtol=1e-5
    )


def test_moments_of_another_mission_are_refused(folder):
    path = write(folder / "a.cdf", {"BGSE": (GSE, {"UNITS": "nT"})})
    with pytest.raises(ValueError, match="no moments of THEMIS ESA"):
        read("THEMIS B moments", path)


def test_what_is_in_the_cache_comes_by_mission(folder):
    path = write(folder / "a.cdf", {"BGSE": (GSE, {"UNITS": "nT"})})
    day_files.store("Wind field", DAY, read("Wind field", path))
    field = spacecraft.load(
        "Wind", TIMES[1], TIMES[3], what="field", download=False
    )
    MAGNETIC_FIELD.check(field)
    np.testing.assert_array_equal(field.time, TIMES[1:4])
    assert field.attrs["measured"] is True


def test_every_mission_has_a_field_and_a_place():
    for mission in MISSIONS:
        assert {f"{mission} field", f"{mission} position"} <= set(PRODUCTS)
    assert {"ACE", "Wind", "THEMIS A", "Cluster 4", "GOES 15"} <= set(MISSIONS)


@pytest.mark.parametrize(
    ("mission", "what", "message"),
    [
        ("MMS", "field", "mission must be one of ACE, Wind, THEMIS A"),
        ("ACE", "spectra", "what must be one of field, moments, position"),
        ("GOES 15", "moments", "GOES 15 moments: this spacecraft has no such"),
        (
            "THEMIS A",
            "field",
            "THEMIS A field: no data of 2012-06-16: the",
        ),
    ],
)
def test_what_is_not_there_is_said(mission, what, message):
    with pytest.raises(ValueError, match=message):
        spacecraft.load(mission, DAY, f"{DAY}T12", what=what)


def test_moments_are_moments(folder):
    path = write(
        folder / "a.cdf",
        {
            "Np": (GSE[:, 0], {"UNITS": "#/cc"}),
            "V_GSE": (GSE * 100.0, {"UNITS": "km/s"}),
            "Tpr": (GSE[:, 0] * 1e5, {"UNITS": "Kelvin"}),
        },
    )
    found = read("ACE moments", path)
    MOMENTS.check(found)
    np.testing.assert_allclose(found.velocity, in_gsm(GSE * 100), rtol=1e-5)


class TestIndices:
    @pytest.fixture
    def hourly(self, folder):
        hours = np.datetime64(DAY, "ns") + np.arange(24) * np.timedelta64(
            1, "h"
        )
        half = hours + np.timedelta64(30, "m")
        kp = np.repeat([3, 7, 3, 23, 30, 27, 37, 63], 3).astype(float)
        flux = np.full(24, 134.5)
        flux[5] = 999.9
        path = write(
            folder / "h.cdf",
            {
                "KP1800": (kp, {"FILLVAL": 99.0}),
                "F10_INDEX1800": (flux, {"FILLVAL": 999.9}),
            },
            times=half,
        )
        data = read("OMNI hourly", path)
        day_files.store("OMNI hourly", DAY, data)
        return data

    def load(self, start=f"{DAY}T20:30", stop=f"{DAY}T21:30"):
        return indices.load(start, stop, download=False)

    def test_kp_in_thirds_begins_with_its_hour(self, hourly):
        assert str(hourly.time.values[0]) == "2012-06-16T00:00:00.000000000"
        np.testing.assert_allclose(
            3 * hourly.kp[::3], [1, 2, 1, 7, 9, 8, 11, 19], atol=1e-12
        )
        assert np.isnan(hourly.f10_7[5])

    def test_an_index_stands_at_every_minute_of_its_hours(self, hourly):
        keep(DAY)
        found = self.load()
        INDICES.check(found)
        assert found.sizes["time"] == 61
        kp = found.kp.sel(time=slice(f"{DAY}T20:59", f"{DAY}T21:00"))
        np.testing.assert_allclose(3 * kp, [11, 19], atol=1e-12)
        np.testing.assert_allclose(found.sym_h, -50.0)
        np.testing.assert_allclose(found.f10_7, 134.5)
        assert "OMNI 1 min" in found.al.attrs["source"]
        assert "OMNI hourly" in found.kp.attrs["source"]

    def test_a_missing_value_is_not_filled_from_before(self, hourly):
        keep(DAY)
        found = self.load(f"{DAY}T04:00", f"{DAY}T06:00")
        assert int(np.isnan(found.f10_7).sum()) == 60

    def test_an_hour_that_is_not_listed_is_not_known(self, hourly):
        keep(DAY)
        listed = hourly.isel(time=hourly.time.dt.hour != 5)
        day_files.store("OMNI hourly", DAY, listed)
        found = self.load(f"{DAY}T04:00", f"{DAY}T06:00")
        assert int(np.isnan(found.kp).sum()) == 60

    def test_one_source_alone_is_enough(self, hourly):
        found = self.load()
        assert found.sizes["time"] == 2
        assert float(3 * found.kp[0]) == pytest.approx(11)
        assert np.isnan(found.sym_h).all()
        assert found.sym_h.attrs["source"].startswith("not known: OMNI 1 min")

    def test_without_any_it_says_who_was_asked(self):
        with pytest.raises(DataUnavailable, match="OMNI 1 min: .*OMNI hourly"):
            self.load()
