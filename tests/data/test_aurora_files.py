"""What UVI saw, and what is found in it, in files and back."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from astropy.io import fits
from astropy.wcs import WCS

from smile_explore.data import aurora_files
from smile_explore.schema import (
    COMPONENTS,
    OVAL,
    POINTING,
    POLAR_CAP,
    UV_MAP,
    UVI_IMAGE,
)
from tests.data.exactly import assert_the_same

TIMES = np.datetime64("2016-12-31T23:59:57", "ns") + np.arange(
    3
) * np.timedelta64(1_000_000_001, "ns")
FIELD = ("time", "fov_lat", "fov_lon")


def images(rng=1):
    """With every type of number an image may have, and gaps."""
    rng = np.random.default_rng(rng)
    shape = (3, 5, 7)
    radiance = rng.normal(100.0, 300.0, shape).astype("f4")
    radiance[:, 0, :2] = np.nan
    data = xr.Dataset(
        {
            "radiance": (FIELD, radiance),
            "uncertainty": (FIELD, rng.random(shape)),
            "counts": (FIELD, rng.integers(0, 65536, shape).astype("u2")),
            "usable": (FIELD, rng.random(shape) > 0.5),
            "flat": (FIELD[1:], rng.random(shape[1:])),
            "kp": ("time", rng.random(3), {"source": "GFZ"}),
            "frames": ("time", np.array([1, 2, 2**32 - 1], "u4")),
            "shots": ("time", np.array([1, 2, 2**16 - 1], "u2")),
            "turned": (FIELD[::-1], rng.random(shape[::-1])),
            "late": (("two", "time"), rng.random((2, 3)).astype("f2")),
            "shut": ("time", [True, False, True]),
            "exposure": ((), 60.1),
        },
        coords={
            "time": TIMES,
            "model": ("time", ["Zhang", "", "a longer name"]),
            # not linear to the last digit
            "fov_lat": np.linspace(-4.966, 4.966, 5) * (1.0 + 1e-15),
            "fov_lon": (np.arange(7) - 3.0) / 3.0,
        },
        attrs={
            "model": "Zhang and Paxton (2008)",
            "measured": False,
            "none": None,
            "who": ["T\N{LATIN SMALL LETTER O WITH ACUTE}th", 2.5],
        },
    )
    return UVI_IMAGE.stamp(data)


def pointing(rng=2):
    rng = np.random.default_rng(rng)
    vectors = {
        name: (("time", "component"), rng.random((3, 3)))
        for name in ("position", "boresight", "up")
    }
    return POINTING.stamp(
        xr.Dataset(
            {**vectors, "uvi_on": ("time", [True, True, False])},
            coords={"time": TIMES, "component": list(COMPONENTS)},
            attrs={"target": "platform", "offset": 24.0},
        )
    )


def light(rng=3):
    rng = np.random.default_rng(rng)
    grid = ("time", "mlat", "mlt")
    return UV_MAP.stamp(
        xr.Dataset(
            {
                "radiance": (grid, rng.random((3, 4, 6)).astype("f4")),
                "coverage": (grid, rng.random((3, 4, 6)).astype("f4")),
            },
            coords={
                "time": TIMES,
                "mlat": np.arange(60.25, 62.0, 0.5),
                "mlt": np.arange(2.0, 24.0, 4.0),
            },
            attrs={"source": "its own", "measured": False, "title": ""},
        )
    )


def oval(rng=4):
    rng = np.random.default_rng(rng)
    names = [
        name for name in OVAL.variables if name not in ("status", "found")
    ]
    data = {name: (("time", "mlt"), rng.random((3, 2))) for name in names}
    data["poleward"][1][0, 1] = np.nan
    data["gaussians"] = (("time", "mlt"), [[1, 0], [2, 1], [1, 1]])
    data["status"] = (
        ("time", "mlt"),
        [["found", "too dim \N{EN DASH} no edge"]] * 3,
    )
    data["found"] = ("time", [2, 2, 1])
    coords = {"time": TIMES, "mlt": [6.0, 18.0]}
    return OVAL.stamp(xr.Dataset(data, coords, attrs={"settings": "few"}))


def polar_cap(rng=5):
    rng = np.random.default_rng(rng)
    data = {name: ("time", rng.random(3)) for name in POLAR_CAP.variables}
    data["status"] = ("time", ["found", "no edge", "found"])
    return POLAR_CAP.stamp(xr.Dataset(data, coords={"time": TIMES}))


KINDS = {
    "images": (images, ".fits"),
    "map": (light, ".nc"),
    "oval": (oval, ".nc"),
    "polar_cap": (polar_cap, ".nc"),
}


def written(kind, folder, **options):
    make, suffix = KINDS[kind]
    path = folder / f"{kind}{suffix}"
    getattr(aurora_files, f"write_{kind}")(make(), path, **options)
    return path


def read(kind, path):
    return getattr(aurora_files, f"read_{kind}")(path)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_written_is_read_bit_by_bit(kind, tmp_path):
    assert_the_same(read(kind, written(kind, tmp_path)), KINDS[kind][0]())


@pytest.mark.parametrize("kind", KINDS)
def test_one_time_is_read_as_it_was(kind, tmp_path):
    one = KINDS[kind][0]().isel(time=1)
    path = tmp_path / f"one{KINDS[kind][1]}"
    getattr(aurora_files, f"write_{kind}")(one, path)
    assert_the_same(read(kind, path), one)


@pytest.mark.parametrize("kind", KINDS)
def test_lazy_data_are_written_as_the_same(kind, tmp_path):
    make, suffix = KINDS[kind]
    path = tmp_path / f"lazy{suffix}"
    getattr(aurora_files, f"write_{kind}")(make().chunk(time=1), path)
    assert_the_same(read(kind, path), make())


def test_the_pointing_stands_by_the_images(tmp_path):
    path = written("images", tmp_path, pointing=pointing())
    assert_the_same(aurora_files.read_pointing(path), pointing())
    assert_the_same(aurora_files.read_images(path), images())
    alone = tmp_path / "alone.fits"
    aurora_files.write_images(images(), alone)
    with pytest.raises(ValueError, match="holds UVI_IMAGE without POINTING"):
        aurora_files.read_pointing(alone)


def test_astropy_finds_images_times_and_pointing(tmp_path):
    path = written("images", tmp_path, pointing=pointing())
    with fits.open(path, checksum=True) as hdus:
        hdus.verify("exception")
        header = hdus[0].header
        assert header["EXTNAME"] == "RADIANCE"
        assert (header["TELESCOP"], header["INSTRUME"]) == ("SMILE", "UVI")
        assert header["BUNIT"] == "R"
        np.testing.assert_array_equal(hdus[0].data, images().radiance)
        np.testing.assert_array_equal(hdus["COUNTS"].data, images().counts)
        assert hdus["COUNTS"].data.dtype == np.dtype("u2")
        times = hdus["TIMES"].data
        assert times["UTC"].tolist() == [str(time) for time in TIMES]
        assert times["SHOTS"].tolist() == [1, 2, 2**16 - 1]
        np.testing.assert_allclose(times["TIME"], [0.0, 1.0, 2.0], atol=1e-8)
        assert (header["DATE-OBS"], header["EXPOSURE"]) == (
            "2016-12-31T23:59:57.000000000",
            60.1,
        )
        # 2016-12-31 is day 57753
        assert header["MJDREFI"] == 57753
        table = hdus["POINTING"]
        assert table.header["COORDSYS"] == "GSM"
        assert table.columns["POSITION"].unit == "R_E"
        np.testing.assert_array_equal(table.data["UP"], pointing()["up"])
        world = WCS(header).celestial
    lon, lat = world.pixel_to_world_values(np.arange(7), 1)
    lon = (np.asarray(lon) + 180.0) % 360.0 - 180.0
    np.testing.assert_allclose(lon, images()["fov_lon"], atol=1e-9)
    np.testing.assert_allclose(lat, images()["fov_lat"][1], atol=1e-9)


@pytest.mark.parametrize("kind", ["map", "oval", "polar_cap"])
def test_xarray_finds_the_same_values(kind, tmp_path):
    path, made = written(kind, tmp_path), KINDS[kind][0]()
    with xr.open_dataset(path) as found:
        xr.testing.assert_equal(found.load(), made)
        assert found.attrs["Conventions"] == "CF-1.8, ACDD-1.3"
        for name in made.data_vars:
            if units := made[name].attrs["units"]:
                assert found[name].attrs["units"] == units


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_replaced_only_when_asked(kind, tmp_path):
    path = written(kind, tmp_path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        written(kind, tmp_path)
    assert path.read_bytes() == before
    written(kind, tmp_path, overwrite=True)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(kind, share, tmp_path):
    path = written(kind, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=f"{path.name} .*(damaged|fetch it)"):
        read(kind, path)


@pytest.mark.parametrize("place", [0.05, 0.3, 0.5, 0.7, 0.9])
def test_a_damaged_image_is_refused(place, tmp_path):
    path = written("images", tmp_path)
    bytes_ = bytearray(path.read_bytes())
    bytes_[int(place * len(bytes_))] ^= 0x41
    path.write_bytes(bytes_)
    with pytest.raises(ValueError, match="images.fits .*(fetch|get) it again"):
        aurora_files.read_images(path)


def test_another_product_is_refused(tmp_path):
    path = written("map", tmp_path)
    with pytest.raises(ValueError, match="map.nc holds no OVAL .* UV_MAP 1"):
        aurora_files.read_oval(path)
    plain = tmp_path / "plain.fits"
    fits.PrimaryHDU(np.zeros((3, 4))).writeto(plain)
    with pytest.raises(
        ValueError, match="holds nothing of smile_explore, expected UVI_IMAGE"
    ):
        aurora_files.read_images(plain)
    for kind in KINDS:
        with pytest.raises(FileNotFoundError, match="there is no"):
            read(kind, tmp_path / "none")
    with pytest.raises(ValueError, match="must be named .nc, got map.cdf"):
        aurora_files.write_map(light(), tmp_path / "map.cdf")


def test_what_fits_cannot_keep_is_refused(tmp_path):
    path = tmp_path / "odd.fits"
    for odd in ("T\N{LATIN SMALL LETTER O WITH ACUTE}th", " blank "):
        named = images().assign_coords(model=("time", [odd] * 3))
        with pytest.raises(ValueError, match=r"\.drop_vars\(\"model\"\)"):
            aurora_files.write_images(named, path)
    with pytest.raises(ValueError, match="at least two pixels along fov_lat"):
        aurora_files.write_images(images().isel(fov_lat=[0]), path)
    with pytest.raises(ValueError, match="POINTING lacks position"):
        aurora_files.write_images(images(), path, pointing=images())
    assert not list(tmp_path.iterdir())


def test_an_attribute_that_cannot_be_kept_is_refused(tmp_path):
    odd = light().assign_attrs(how=object())
    with pytest.raises(TypeError, match="attribute how cannot be saved"):
        aurora_files.write_map(odd, tmp_path / "odd.nc")
    odd = images().assign_attrs(how=object())
    with pytest.raises(TypeError, match="how"):
        aurora_files.write_images(odd, tmp_path / "odd.fits")
    assert not list(tmp_path.iterdir())
