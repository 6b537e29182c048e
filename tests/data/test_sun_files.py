"""Images of the Sun and its X-rays, from files in the published layouts."""

import netCDF4
import numpy as np
import pytest
from astropy.io import fits

from smile_explore.data import sun

STEP = 20.0  # arcsec a pixel


def header(turn=0.0):
    """Of an image as AIA's level 1.5, solar north turned by an angle."""
    angle = np.radians(turn)
    return {
        "TELESCOP": "SDO/AIA",
        "INSTRUME": "AIA_3",
        "WAVELNTH": 193,
        "WAVEUNIT": "angstrom",
        "DATE-OBS": "2014-09-10T17:46:06.84",
        "T_OBS": "2014-09-10T17:46:07.84",
        "EXPTIME": 2.0,
        "BUNIT": "DN",
        "CTYPE1": "HPLN-TAN",
        "CTYPE2": "HPLT-TAN",
        "CUNIT1": "arcsec",
        "CUNIT2": "arcsec",
        "CDELT1": STEP,
        "CDELT2": STEP,
        "CRPIX1": 64.5,
        "CRPIX2": 64.5,
        "CRVAL1": 0.0,
        "CRVAL2": 0.0,
        "PC1_1": np.cos(angle),
        "PC1_2": -np.sin(angle),
        "PC2_1": np.sin(angle),
        "PC2_2": np.cos(angle),
        "HGLN_OBS": 0.0,
        "HGLT_OBS": 7.24,
        "DSUN_OBS": 1.506e11,
        "RSUN_REF": 695_700_000.0,
        "RSUN_OBS": 952.7,
    }


def write(path, x, y, turn=0.0):
    """Write an image with one bright spot at a place on the sky."""
    angle = np.radians(turn)
    column = (np.cos(angle) * x + np.sin(angle) * y) / STEP + 63.5
    row = (-np.sin(angle) * x + np.cos(angle) * y) / STEP + 63.5
    rows, columns = np.mgrid[:128, :128]
    spot = np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 8.0)
    data = (1000.0 * spot + 10.0).astype(np.float32)
    hdu = fits.PrimaryHDU(data)
    hdu.header.update(header(turn))
    hdu.writeto(path)
    return path


def brightest(image):
    top = image.intensity.where(image.intensity == image.intensity.max())
    found = top.stack(all=("x", "y")).dropna("all")
    return float(found.x[0]), float(found.y[0])


@pytest.mark.parametrize("turn", [0.0, 30.0, 180.0])
def test_a_spot_is_where_it_is_on_the_sky_however_the_camera_is_turned(
    tmp_path, turn
):
    path = write(tmp_path / "aia.fits", -400.0, 300.0, turn)
    image = sun.open_image(path)
    assert brightest(image) == pytest.approx((-400.0, 300.0), abs=STEP)
    told = image.attrs
    assert told["instrument"] == "SDO AIA 193 Å"
    assert told["time"].startswith("2014-09-10T17:46")
    assert told["observer_latitude"] == pytest.approx(7.24, abs=0.01)
    assert told["observer_longitude"] == pytest.approx(0.0, abs=1e-6)
    assert told["limb"] == pytest.approx(952.8, abs=0.2)
    assert len(told["sha256"]) == 64
    assert told["measured"]


def test_a_large_image_is_averaged(tmp_path):
    path = write(tmp_path / "aia.fits", -400.0, 300.0)
    image = sun.open_image(path, size=32)
    assert image.sizes == {"y": 32, "x": 32}
    assert brightest(image) == pytest.approx((-400.0, 300.0), abs=4 * STEP)


@pytest.mark.parametrize("content", [b"", b"<html>no</html>", b"SIMPLE  ="])
def test_what_is_no_image_is_refused(tmp_path, content):
    path = tmp_path / "aia.fits"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="holds no image of the Sun"):
        sun.open_image(path)


def test_an_image_without_a_time_is_refused(tmp_path):
    path = write(tmp_path / "aia.fits", 0.0, 0.0)
    for name in ("DATE-OBS", "T_OBS"):
        fits.delval(path, name)
    with pytest.raises(ValueError, match="observation time"):
        sun.open_image(path)


def test_an_image_of_something_else_is_refused(tmp_path):
    path = tmp_path / "stars.fits"
    hdu = fits.PrimaryHDU(np.ones((8, 8), np.float32))
    hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN"})
    hdu.writeto(path)
    with pytest.raises(ValueError, match="holds no image of the Sun"):
        sun.open_image(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="no image of the Sun at"):
        sun.open_image(tmp_path / "aia.fits")
    with pytest.raises(FileNotFoundError, match="no file of X-rays at"):
        sun.open_xrays(tmp_path / "xrs.nc")
    path = write(tmp_path / "a.fits", 0.0, 0.0)
    with pytest.raises(ValueError, match="size must be 16 pixels or more"):
        sun.open_image(path, size=3)


def write_xrays(path, *, averages=True):
    """Write what NOAA does: 1-minute averages, or irradiances."""
    short, long, flags = (
        ("xrsa_flux", "xrsb_flux", ("xrsa_flag", "xrsb_flag"))
        if averages
        else ("a_flux", "b_flux", ("a_flags", "b_flags"))
    )
    with netCDF4.Dataset(path, "w") as file:
        file.platform = "g15"
        file.createDimension("time", 4)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "seconds since 2000-01-01 12:00:00 UTC"
        start = np.datetime64("2014-09-10T17:44") - np.datetime64(
            "2000-01-01T12:00"
        )
        time[:] = start / np.timedelta64(1, "s") + 60.0 * np.arange(4)
        for name, peak in ((short, 2e-5), (long, 2.3e-4)):
            flux = file.createVariable(
                name, "f4", ("time",), fill_value=-9999.0
            )
            flux.units = "W/m2"
            flux[:] = [peak / 2, peak, -9999.0, peak / 3]
        for name in flags:
            flag = file.createVariable(name, "i4", ("time",))
            flag[:] = [0, 0, 0, 16]
    return path


@pytest.mark.parametrize("averages", [True, False])
def test_xrays_of_goes_are_read_without_what_is_flagged(tmp_path, averages):
    flux = sun.open_xrays(write_xrays(tmp_path / "x.nc", averages=averages))
    assert flux.attrs["instrument"] == "GOES 15"
    assert str(flux.time.values[1])[:16] == "2014-09-10T17:45"
    np.testing.assert_allclose(flux.long[:2], [1.15e-4, 2.3e-4], rtol=1e-6)
    np.testing.assert_allclose(flux.short[:2], [1e-5, 2e-5], rtol=1e-6)
    assert flux.long[2:].isnull().all()
    assert flux.long.attrs["units"] == "W m-2"


def test_what_holds_no_xrays_is_refused(tmp_path):
    path = tmp_path / "x.nc"
    path.write_bytes(b"<html>")
    with pytest.raises(ValueError, match="no NetCDF file of GOES X-rays"):
        sun.open_xrays(path)
    with netCDF4.Dataset(tmp_path / "y.nc", "w") as file:
        file.createDimension("time", 1)
        file.createVariable("magnetic_field", "f4", ("time",))
    with pytest.raises(ValueError, match="it has magnetic_field"):
        sun.open_xrays(tmp_path / "y.nc")
