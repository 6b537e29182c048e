"""Files by hand; spot values are read off the text by eye."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smile_explore import frames
from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data import indices, solar_wind, tables
from smile_explore.schema import INDICES, SOLAR_WIND
from tools import archive

REAL = (
    Path(
        os.environ.get(
            "SMILE_EXPLORE_SHARED", Path(__file__).parents[3] / "shared"
        )
    )
    / "data/solar_wind/real"
)
real = pytest.mark.skipif(not REAL.exists(), reason="no shared data beside us")
IMF = """Made by hand
#COOR
{frame}

#TIMEDELAY
120.0

#START
2015 03 17 04 00 00 000  1.0 2.0 -3.0  -400.0 0.0 0.0  5.0 116045.18
2015 03 17 04 01 00 500  1.0 2.0 -3.0  -410.0 0.0 0.0  6.0 116045.18
"""


@pytest.fixture
def own(tmp_path):
    def write(name, text):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


@pytest.fixture
def storm(tmp_path):
    """The first 160 minutes of 6 November 2001: rotations cost time."""
    for kind in ("fmt", "lst"):
        lines = (REAL / f"omni_hro_20011105_09.{kind}").read_text()
        kept = lines.splitlines(keepends=True)
        if kind == "lst":
            kept = kept[1440:1600]
        (tmp_path / f"storm.{kind}").write_text("".join(kept))
    return tmp_path / "storm.lst"


@real
def test_a_listing_of_omniweb_has_its_values_and_its_gaps(storm):
    wind = solar_wind.open_file(storm)
    SOLAR_WIND.check(wind)
    assert wind.sizes["time"] == 160
    assert wind.attrs["measured"] is True
    # 2001 310  1 20   -3.02   18.37   -7.66 99999.9 ... and the next minute
    gap = wind.sel(time="2001-11-06T01:20")
    np.testing.assert_allclose(gap.magnetic_field, [-3.02, 18.37, -7.66])
    assert np.isnan(gap.density)
    assert np.isnan(gap.velocity).all()
    assert np.isnan(gap.dynamic_pressure)
    after = wind.sel(time="2001-11-06T01:21")
    assert float(after.density) == 10.63
    assert float(after.temperature) == pytest.approx(26609 / KELVIN_PER_EV)
    flow = frames.rotate(after.velocity, to="GSE")
    np.testing.assert_allclose(flow, [-408.5, 0.9, -44.4], atol=1e-6)
    # Lines with " 99999.9 99999.9 99999.9", counted with grep.
    assert int(np.isnan(wind.velocity[:, 0]).sum()) == 75


@real
def test_all_of_a_listing_is_there():
    table = tables.listing(REAL / "omni_hro_20011105_09.lst").columns
    assert table.index[-1] == pd.Timestamp("2001-11-09T23:59")
    assert len(table) == 7200
    assert int(table["Vx Velocity,km/s"].isna().sum()) == 2080


@real
@pytest.mark.parametrize(
    ("name", "time", "field", "density", "frame"),
    [
        (
            "batsrus_imf19980504.dat",
            "1998-05-04T00:43:41.591",
            [-3.78, -2.07, -6.77],
            10.21,
            "GSM",
        ),
        (
            "swmf_imf_20160311_wind.dat",
            "2016-03-11T22:43:18.696",
            [-4.68, 3.95, 2.86],
            5.58,
            "GSM",
        ),
        (
            "swpctest_ev06_imf.dat",
            "2011-08-05T20:29",
            [0.00, -16.33, 15.92],
            79.73,
            "GSM",
        ),
        (
            "swpctest_ev06_imf_omni_wind.dat",
            "2011-08-05T04:02",
            [3.41, -3.85, -0.50],
            5.44,
            "GSE",
        ),
    ],
)
def test_imf_files_of_swmf_are_read(name, time, field, density, frame):
    wind = solar_wind.open_file(REAL / name)
    SOLAR_WIND.check(wind)
    one = wind.sel(time=time)
    seen = frames.rotate(one.magnetic_field, to=frame)
    np.testing.assert_allclose(seen, field, atol=1e-6)
    assert float(one.density) == density
    assert wind.attrs["measured"] is False
    assert "not said whether measured" in wind.attrs["note"]


@real
def test_missing_minutes_are_not_invented():
    wind = solar_wind.open_file(REAL / "swpctest_ev06_imf_omni_wind.dat")
    steps = wind.sel(
        time=slice("2011-08-05T04:03", "2011-08-05T04:07")
    ).time.values
    assert steps.size == 2


@real
def test_the_pressure_of_a_storm_is_that_of_its_numbers():
    wind = solar_wind.open_file(REAL / "swpctest_ev06_imf.dat")
    peak = wind.sel(time="2011-08-05T20:29").dynamic_pressure
    # 1.67262e-27 kg * 79.73e6 m-3 * (617.59^2 + 66.38^2 + 16.74^2)e6 m2 s-2
    assert float(peak) == pytest.approx(51.49, abs=0.01)


@real
def test_a_cdf_of_another_product_is_refused():
    with pytest.raises(ValueError, match="lacks BX_GSE.*in_situ_missions"):
        solar_wind.open_file(REAL / "ac_h0s_mfi_20011105.cdf")


@real
def test_a_file_can_be_the_source_of_an_interval(storm):
    wind = solar_wind.load(
        "2001-11-06T01:00", "2001-11-06T02:00", source=storm
    )
    assert wind.sizes["time"] == 61


def test_a_cdf_of_omni_is_read(tmp_path):
    values = archive.omni_minutes("201503", days=1, hours=1)
    path = archive.write_omni(tmp_path / "omni.cdf", values)
    wind = solar_wind.open_file(path)
    SOLAR_WIND.check(wind)
    np.testing.assert_allclose(wind.magnetic_field[0], [2.0, 0.0, 5.0])
    assert wind.attrs["source"] == "OMNI_HRO_1MIN"
    assert "sym_h" not in wind
    found = indices.open_file(path)
    assert float(found.sym_h[0]) == -10.0


@pytest.mark.parametrize("frame", ["GSM", "GSE"])
def test_commands_of_imf_files_are_obeyed(own, frame):
    wind = solar_wind.open_file(own("IMF.dat", IMF.format(frame=frame)))
    assert wind.time.values[1] == np.datetime64("2015-03-17T04:03:00.500")
    seen = frames.rotate(wind.magnetic_field, to=frame)
    np.testing.assert_allclose(seen[0], [1.0, 2.0, -3.0], atol=1e-6)
    np.testing.assert_allclose(wind.temperature, 10.0, rtol=1e-6)


def test_a_listing_needs_its_format(own):
    with pytest.raises(FileNotFoundError, match="needs omni.fmt beside it"):
        solar_wind.open_file(own("omni.lst", "2015 76 4 0 1.0\n"))


def test_a_listing_without_plasma_says_what_it_lacks(own):
    own("b.fmt", "1 Year I4\n2 Day I4\n3 Hour I3\n4 BX, nT (GSE, GSM) F8.2\n")
    path = own("b.lst", "2015  76  4    1.00\n")
    with pytest.raises(ValueError, match="b.lst lacks by, bz, vx, vy, vz, de"):
        solar_wind.open_file(path)


def test_fill_of_a_listing_depends_on_the_width_of_its_column(own):
    own(
        "i.fmt",
        "1 Year I4\n2 Day I4\n3 Hour I3\n4 SYM/H, nT I6\n5 AE-index, nT I6\n",
    )
    path = own("i.lst", "2015  76  4   -99   999\n2015  76  5 99999 99999\n")
    found = indices.open_file(path)
    np.testing.assert_array_equal(found.sym_h, [-99.0, np.nan])
    np.testing.assert_array_equal(found.ae, [999.0, np.nan])
    assert np.isnan(found.kp).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            IMF.format(frame="GSM").replace("04 01 00 500", "03 59 00 000"),
            r"IMF.dat: its times must increase, 1 of 2 do not.*04:01",
        ),
        (IMF.format(frame="HEEQ"), "must be one of|frame"),
        (IMF.format(frame="GSM").replace("-400.0", "fast"), "no table of num"),
        (IMF.format(frame="GSM").split("2015")[0], "IMF.dat has no rows"),
    ],
    ids=["clock", "frame", "number", "rows"],
)
def test_a_bad_imf_file_is_refused(own, text, message):
    with pytest.raises(ValueError, match=message):
        solar_wind.open_file(own("IMF.dat", text))


def test_a_file_that_is_nothing_known_is_refused(tmp_path):
    path = tmp_path / "page.cdf"
    path.write_text("<html>We are moving house.</html>")
    with pytest.raises(ValueError, match=r"page.cdf is no CDF file, or damag"):
        solar_wind.open_file(path)
    with pytest.raises(FileNotFoundError, match="no solar wind file at"):
        solar_wind.open_file(tmp_path / "none.dat")


@real
def test_kp_and_f107_are_those_of_the_list():
    found = indices.open_file(REAL / "kp_ap_f107_events_celestrak.txt")
    INDICES.check(found)
    day = found.sel(time="2012-06-16")
    # 3  7  3 23 30 27 37 63: 0+ 1- 0+ 2+ 3o 3- 4- 6+
    np.testing.assert_allclose(
        3.0 * day.kp, [1, 2, 1, 7, 9, 8, 11, 19], atol=1e-12
    )
    np.testing.assert_allclose(day.f10_7, 134.5)
    assert found.kp.attrs["source"] == "kp_ap_f107_events_celestrak.txt"
    assert found.sym_h.attrs["source"] == "not known"


def test_a_blank_in_a_list_of_kp_is_nothing(own):
    line = (
        "2012 06 16 2440 21  3  7  3 23 30 27 37 63 193   2   3   2   9  15"
        "  12  22  94  20 1.0 5 106 138.8 0 130.6 122.7 134.5 126.8 120.5"
    )
    line = f"{line[:36]:42}{line[42:112]:76}{line[118:]}"
    found = indices.open_file(own("kp.txt", line + "\n"))
    np.testing.assert_allclose(
        3.0 * found.kp, [1, 2, 1, 7, 9, 8, np.nan, np.nan], atol=1e-12
    )
    assert np.isnan(found.f10_7).all()


def test_a_list_of_gfz_is_read(own):
    head = "# PURPOSE: Kp, ap, Ap, SN and F10.7\n"
    row = (
        "2012 06 16 29386 29386.5 2440 21  0.333  0.667  0.333  2.333  3.000"
        "  2.667  3.667  6.333    2    3    2    9   15   12   22   94    20"
        " 106    134.5    138.8 2\n"
    )
    gap = row.replace("06 16", "06 17").replace("0.333  0.667", "-1.000 -1.0")
    path = own("Kp_ap.txt", head + row + gap.replace("134.5", " -1.0"))
    found = indices.open_file(path)
    np.testing.assert_allclose(3.0 * found.kp[:2], [1, 2], atol=1e-12)
    assert float(found.f10_7[0]) == 134.5
    assert np.isnan(found.kp[8:10]).all()
    assert np.isnan(found.f10_7[8:]).all()


@real
def test_sym_h_and_al_are_those_of_the_tables():
    found = indices.open_file(REAL / "swpctest_ev06_symh_al.txt")
    one = found.sel(time="2011-08-05T20:29")
    assert (float(one.sym_h), float(one.al)) == (25.0, -329.0)
    assert float(found.sym_h.min()) == -126.0
    listed = indices.open_file(REAL / "omni_hro_20011105_09.lst")
    assert float(listed.sym_h.min()) == -320.0
    one = listed.sel(time="2001-11-06T01:20")
    assert (float(one.ae), float(one.al)) == (1029.0, -755.0)


def test_a_file_without_an_index_is_refused(own):
    with pytest.raises(ValueError, match="IMF.dat has none of kp, sym_h"):
        indices.open_file(own("IMF.dat", IMF.format(frame="GSM")))
    with pytest.raises(ValueError, match="no line that begins with a day"):
        indices.open_file(own("a.txt", "nothing\n"))
    with pytest.raises(FileNotFoundError, match="no file of indices at"):
        indices.open_file("none.txt")


def test_a_table_says_where_its_wind_was_taken_to(own):
    text = IMF.format(frame="GSM").replace(
        "#START", "#SATELLITEXYZ\n32.0\n0.0\n0.0\n\n#START"
    )
    assert tables.swmf(own("IMF.dat", text)).place == (32.0, 0.0, 0.0)
