"""Responses, event lists and images in the files of X-ray astronomy."""

import numpy as np
import pytest
import xarray as xr
from astropy.io import fits
from astropy.table import Table
from astropy.wcs import WCS

from smile_explore.data import response_files, xray_files
from smile_explore.instruments import sxi
from smile_explore.instruments.response import events, fold, tables
from smile_explore.schema import SXI_IMAGE

RESPONSE = tables.assumed(arm_share=0.3, edge_area=0.8)
START = np.datetime64("2012-06-16T22:00:00.123456789", "ns")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    where = tmp_path_factory.mktemp("response")
    response_files.write_response(RESPONSE, where)
    return where


@pytest.fixture(scope="module")
def image():
    lat, lon = (np.arange(32) - 15.5) * 0.5, (np.arange(54) - 26.5) * 0.5
    bright = 30.0 * (1.0 + lat[:, None] / 16.0 + lon / 27.0)
    made = xr.Dataset(
        {"intensity": (("fov_lat", "fov_lon"), bright)},
        coords={"fov_lat": lat, "fov_lon": lon, "time": START},
        attrs={"camera": "SXI", "efficiency": 6e-16},
    )
    expected = sxi.expected_counts(SXI_IMAGE.stamp(made), response=RESPONSE)
    return sxi.expose(expected, rng=1)


@pytest.fixture(scope="module")
def drawn(image):
    return events.draw(image, RESPONSE, rng=2)


def rewritten(source, target, table, change):
    """Copy a file with one of its tables changed."""
    with fits.open(source) as hdus:
        change(hdus, hdus[table])
        hdus.writeto(target)
    return target


# -- responses ---------------------------------------------------------------


def test_a_response_comes_back_as_it_was(folder):
    again = response_files.read_response(folder)
    assert again.attrs == RESPONSE.attrs
    assert set(again.variables) == set(RESPONSE.variables)
    for name in RESPONSE.variables:
        np.testing.assert_array_equal(again[name], RESPONSE[name], name)


def test_the_files_have_the_columns_of_ogip(folder):
    with fits.open(folder / "sxi.arf", checksum=True) as hdus:
        table = hdus["SPECRESP"]
        assert table.columns.names[:3] == ["ENERG_LO", "ENERG_HI", "SPECRESP"]
        assert table.columns["ENERG_LO"].unit == "keV"
        assert table.header["HDUCLASS"] == "OGIP"
        assert table.header["HDUCLAS1"] == "RESPONSE"
        assert table.header["HDUCLAS2"] == "SPECRESP"
        assert table.header["TELESCOP"] == "SMILE"
        assert table.header["INSTRUME"] == "SXI"
        np.testing.assert_array_equal(
            table.data["SPECRESP"], fold.effective_area(RESPONSE)
        )
    with fits.open(folder / "sxi.rmf", checksum=True) as hdus:
        table = hdus["MATRIX"]
        assert table.columns.names == [
            "ENERG_LO",
            "ENERG_HI",
            "N_GRP",
            "F_CHAN",
            "N_CHAN",
            "MATRIX",
        ]
        assert table.header["HDUCLAS2"] == "RSP_MATRIX"
        assert table.header["CHANTYPE"] == "PI"
        assert table.header["TLMIN4"] == 0
        assert table.header["TLMAX4"] == 539
        assert table.header["NUMGRP"] == table.data["N_GRP"].sum()
        assert table.header["NUMELT"] == sum(
            row["MATRIX"].size for row in table.data
        )
        for row in table.data[::50]:
            assert row["MATRIX"].sum() == pytest.approx(1.0)
            # lists, as most matrices have them and gammapy needs them
            assert row["N_CHAN"].tolist() == [row["MATRIX"].size]
            assert row["F_CHAN"].size == row["N_GRP"] == 1
        bounds = hdus["EBOUNDS"]
        assert bounds.columns.names == ["CHANNEL", "E_MIN", "E_MAX"]
        assert bounds.header["DETCHANS"] == len(bounds.data) == 540
    with fits.open(folder / "sxi_psf.fits", checksum=True) as hdus:
        assert hdus[0].data.sum() == pytest.approx(1.0)
        assert hdus[0].header["HDUCLAS2"] == "PSF"
        assert hdus[0].header["CDELT1"] == pytest.approx(0.5 / 60.0)


def test_an_area_in_electron_volts_without_parts_is_read(tmp_path):
    # as the archives have them: eV, single precision, one column
    edges = np.linspace(100.0, 4000.0, 79, dtype="f4")
    table = Table(
        {
            "ENERG_LO": edges[:-1],
            "ENERG_HI": edges[1:],
            "SPECRESP": np.full(78, 11.0, "f4"),
        },
        units={"ENERG_LO": "eV", "ENERG_HI": "eV"},
        meta={"EXTNAME": "SPECRESP"},
    )
    table.write(tmp_path / "esa.arf", format="fits")
    read = response_files.read_arf(tmp_path / "esa.arf")
    other = tables.replace(RESPONSE, read)
    np.testing.assert_allclose(fold.area_at(other, np.array([0.5, 2.0])), 11.0)
    assert "esa.arf" in other.attrs["origin"]


def test_a_matrix_whose_rows_are_equally_long_comes_back(tmp_path):
    flat = RESPONSE["redistribution"] * 0.0 + 1.0 / 540.0
    response_files.write_rmf(
        RESPONSE.assign(redistribution=flat), tmp_path / "flat.rmf"
    )
    again = response_files.read_rmf(tmp_path / "flat.rmf")
    np.testing.assert_array_equal(again["redistribution"], flat)


def test_a_matrix_with_several_groups_is_read(tmp_path):
    # channels from 0, fixed rows, two groups: a peak and its escape
    low = np.linspace(0.1, 4.9, 49)
    starts = np.stack([np.zeros(49), np.arange(49)], axis=1).astype("i2")
    sizes = np.tile(np.array([1, 1], "i2"), (49, 1))
    shares = np.tile(np.array([0.1, 0.9], "f4"), (49, 1))
    sizes[0], shares[0] = [1, 0], [1.0, 0.0]
    columns = [
        fits.Column("ENERG_LO", "E", "keV", array=low),
        fits.Column("ENERG_HI", "E", "keV", array=low + 0.1),
        fits.Column("N_GRP", "I", array=np.r_[1, np.full(48, 2)]),
        fits.Column("F_CHAN", "2I", array=starts),
        fits.Column("N_CHAN", "2I", array=sizes),
        fits.Column("MATRIX", "2E", array=shares),
    ]
    matrix = fits.BinTableHDU.from_columns(columns, name="SPECRESP MATRIX")
    matrix.header["TLMIN4"] = 0
    bounds = fits.BinTableHDU.from_columns(
        [
            fits.Column("CHANNEL", "I", array=np.arange(49)),
            fits.Column("E_MIN", "E", "keV", array=low),
            fits.Column("E_MAX", "E", "keV", array=low + 0.1),
        ],
        name="EBOUNDS",
    )
    path = tmp_path / "esa.rmf"
    fits.HDUList([fits.PrimaryHDU(), bounds, matrix]).writeto(path)
    read = response_files.read_rmf(path)["redistribution"]
    np.testing.assert_allclose(read.sum("channel"), 1.0)
    assert float(read[10, 0]) == pytest.approx(0.1)
    assert float(read[10, 10]) == pytest.approx(0.9)
    assert float(read[0, 0]) == 1.0
    other = tables.replace(RESPONSE, response_files.read_rmf(path))
    assert other.sizes["channel"] == 49


def test_a_spot_in_arcminutes_is_read_and_summed_to_one(tmp_path):
    spot = fits.PrimaryHDU(np.full((5, 7), 2.0, "f4"))
    spot.header.update(CDELT1=-3.0, CDELT2=3.0, CRPIX1=4.0, CRPIX2=3.0)
    spot.header.update(CUNIT1="arcmin", CUNIT2="arcmin", CRVAL1=83.6)
    spot.writeto(tmp_path / "psf.fits")
    read = response_files.read_psf(tmp_path / "psf.fits")["psf"]
    assert float(read.sum()) == pytest.approx(1.0)
    np.testing.assert_allclose(read["psf_lon"], np.arange(-3, 4) * 0.05)
    np.testing.assert_allclose(read["psf_lat"], np.arange(-2, 3) * 0.05)


def no_column(hdus, table):
    hdus[1] = fits.BinTableHDU.from_columns(
        table.columns[:2], name=table.name, header=table.header
    )


def other_unit(hdus, table):
    table.columns["ENERG_LO"].unit = "m"


def falling(hdus, table):
    table.data["ENERG_HI"][3] = 0.0


def beyond(hdus, table):
    table.data["F_CHAN"][0] = np.array([540], "i4")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("sxi.arf", no_column, "bad: SPECRESP lacks the column SPECRESP"),
        ("sxi.arf", other_unit, "ENERG_LO must be in keV or eV, got m"),
        ("sxi.arf", falling, "must rise from bin to bin"),
        ("sxi.rmf", beyond, "lies beyond the 540 channels"),
    ],
)
def test_damaged_tables_are_refused(folder, tmp_path, name, change, message):
    path = rewritten(folder / name, tmp_path / "bad", 1, change)
    read = getattr(response_files, f"read_{name[-3:]}")
    with pytest.raises(ValueError, match=message):
        read(path)


def test_files_of_another_kind_are_refused(folder, tmp_path):
    with pytest.raises(ValueError, match="has no table SPECRESP; it has"):
        response_files.read_arf(folder / "sxi.rmf")
    with pytest.raises(ValueError, match="holds no image of two axes"):
        response_files.read_psf(folder / "sxi.arf")
    with pytest.raises(FileNotFoundError, match="there is no FITS file at"):
        response_files.read_rmf(tmp_path / "none.rmf")
    (tmp_path / "text.arf").write_text("no FITS at all")
    with pytest.raises(ValueError, match="cannot be read as FITS"):
        response_files.read_arf(tmp_path / "text.arf")


def test_nothing_is_replaced_unasked(folder):
    with pytest.raises(FileExistsError, match="overwrite=True"):
        response_files.write_response(RESPONSE, folder)
    response_files.write_response(RESPONSE, folder, overwrite=True)


# -- events ------------------------------------------------------------------


def test_events_come_back_as_they_were(drawn, tmp_path):
    xray_files.write_events(drawn, tmp_path / "e.fits", response=RESPONSE)
    again = xray_files.read_events(tmp_path / "e.fits")
    xr.testing.assert_identical(again, drawn)


def test_other_tools_find_what_they_look_for_in_events(drawn, tmp_path):
    path = tmp_path / "e.fits"
    xray_files.write_events(drawn, path, response=RESPONSE)
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        header = hdus["EVENTS"].header
        assert header["HDUCLAS1"] == "EVENTS"
        assert header["TELESCOP"] == "SMILE"
        assert header["INSTRUME"] == "SXI"
        assert header["EXPOSURE"] == header["LIVETIME"] == 300.0
        assert header["DATE-OBS"] == str(START)
        # 2012-06-16 is day 56094
        assert header["MJDREFI"] == 56094
        assert header["MJDREFF"] == pytest.approx(22.0 / 24.0, abs=1e-5)
        assert header["TSTOP"] == hdus["GTI"].data["STOP"][0] == 300.0
        assert (header["TIMEDEL"], header["TIMEPIXR"]) == (4.0, 0.5)
        assert header["CHANTYPE"] == "PI"
        pi = hdus["EVENTS"].columns.names.index("PI") + 1
        assert (header[f"TLMIN{pi}"], header[f"TLMAX{pi}"]) == (0, 539)
        table = hdus["EVENTS"]
        x, y = (table.columns.names.index(n) + 1 for n in "XY")
        lon = (table.data["X"] - header[f"TCRPX{x}"]) * header[f"TCDLT{x}"]
        np.testing.assert_allclose(lon, drawn["fov_lon"], atol=1e-9)
        assert header[f"TCTYP{y}"] == "FVLT-CAR"
        channel = table.data["PI"]
        low = RESPONSE["channel_low"].sel(channel=channel).values
        high = RESPONSE["channel_high"].sel(channel=channel).values
        assert (low <= table.data["ENERGY"]).all()
        assert (table.data["ENERGY"] < high).all()


def test_x_and_y_count_the_image(drawn, image, tmp_path):
    xray_files.write_events(drawn, tmp_path / "e.fits")
    table = Table.read(tmp_path / "e.fits", hdu="EVENTS")
    counted, *_ = np.histogram2d(
        table["Y"], table["X"], [np.arange(33) + 0.5, np.arange(55) + 0.5]
    )
    np.testing.assert_array_equal(counted, image["counts"].fillna(0.0))


def test_events_without_a_time_or_an_exposure(drawn, tmp_path):
    timeless = drawn.drop_vars("time")
    path = tmp_path / "e.fits"
    xray_files.write_events(timeless, path)
    xr.testing.assert_identical(xray_files.read_events(path), timeless)

    def no_exposure(hdus, table):
        del table.header["EXPOSURE"]

    bad = rewritten(path, tmp_path / "bad.fits", "EVENTS", no_exposure)
    with pytest.raises(ValueError, match="EVENTS lacks EXPOSURE"):
        xray_files.read_events(bad)


# -- images ------------------------------------------------------------------


def test_an_image_comes_back_as_it_was(image, tmp_path):
    xray_files.write_image(image, tmp_path / "i.fits")
    again = xray_files.read_image(tmp_path / "i.fits")
    assert set(again.variables) == set(image.variables)
    for name in image.variables:
        np.testing.assert_array_equal(again[name], image[name], name)
    assert again.attrs == image.attrs


def test_world_coordinates_are_the_field_of_view(image, tmp_path):
    xray_files.write_image(image, tmp_path / "i.fits")
    with fits.open(tmp_path / "i.fits", checksum=True) as hdus:
        hdus.verify("exception")
        header = hdus[0].header
        assert header["EXTNAME"] == "COUNTS"
        assert header["EXPOSURE"] == 300.0
        assert header["BUNIT"] == "count"
        assert {h.name for h in hdus} >= {"COUNTS", "INTENSITY"}
        world = WCS(header)
    lon, lat = world.pixel_to_world_values(np.arange(54), 10)
    lon = (np.asarray(lon) + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(lon, image["fov_lon"], atol=1e-9)
    np.testing.assert_allclose(lat, image["fov_lat"][10], atol=1e-9)


def test_counts_alone_are_an_image(tmp_path):
    plain = fits.PrimaryHDU(np.arange(6.0).reshape(2, 3))
    plain.header.update(CRPIX1=2.0, CRVAL1=0.0, CDELT1=0.5)
    plain.header.update(CRPIX2=1.5, CRVAL2=0.0, CDELT2=0.5)
    plain.writeto(tmp_path / "i.fits")
    read = xray_files.read_image(tmp_path / "i.fits")
    np.testing.assert_array_equal(read["counts"], np.arange(6).reshape(2, 3))
    np.testing.assert_allclose(read["fov_lon"], [-0.5, 0.0, 0.5])
    np.testing.assert_allclose(read["fov_lat"], [-0.25, 0.25])
    assert np.isnan(read["intensity"]).all()
    del plain.header["CDELT2"]
    plain.writeto(tmp_path / "bad.fits")
    with pytest.raises(ValueError, match="CDELT2 missing"):
        xray_files.read_image(tmp_path / "bad.fits")


def test_several_exposures_are_refused(image, tmp_path):
    with pytest.raises(ValueError, match="select one with .isel"):
        xray_files.write_image(image.expand_dims("time"), tmp_path / "i.fits")
    with pytest.raises(ValueError, match="holds no image"):
        xray_files.read_image(_table_only(tmp_path / "t.fits"))


def _table_only(path):
    fits.HDUList([fits.PrimaryHDU()]).writeto(path)
    return path
