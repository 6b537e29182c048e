"""Emissivity cubes in the two layouts of the SMILE modelling working group.

Files are written here as the public converters write them: ``ppmlr_fits.py``
and ``batsrus_fits.py`` (FITS) and ``calc_emissivity.py`` (text) of
swharton1/Emissivity_Cubes; what is saved is read back as ``read_fits_cube.py``
of swharton1/SXI_Core reads it.
"""

import dask.array
import numpy as np
import pytest
import xarray as xr
from astropy.io import fits

from smile_explore.constants import KELVIN_PER_EV
from smile_explore.data import mhd
from smile_explore.data.mhd import _emissivity_text
from smile_explore.instruments import camera, sxi
from smile_explore.schema import SOLAR_WIND, TRAJECTORY

WIND = {"n": 12.25, "T": 2e5, "vx": -400.0, "vy": 30.0, "vz": -5.0}
WIND |= {"bx": 1.0, "by": -2.0, "bz": 4.5}
CARDS = {name: name for name in WIND} | {"n": "density", "T": "temp"}
#: Uneven on purpose: fine where the magnetopause is.
AXES = {
    "x": np.r_[-4.0:6.0:6j, 6.5:13.0:14j, 14.0:24.0:6j],
    "y": np.linspace(-20.0, 20.0, 17),
    "z": np.r_[-21.0:-8.0:5j, -7.0:7.0:15j, 8.0:21.0:5j],
}


def emissivity_at(x, y, z):
    """An r^-3 fall outside a paraboloid, and dark inside (made up)."""
    radius = np.sqrt(x**2 + y**2 + z**2).clip(min=1.0)
    outside = x + (y**2 + z**2) / 30.0 > 9.0
    return np.where(outside, 1e-5 * (radius / 10.0) ** -3, 0.0)


def values(axes):
    """On z, y, x, as the files have them."""
    z, y, x = np.meshgrid(axes["z"], axes["y"], axes["x"], indexing="ij")
    return emissivity_at(x, y, z)


def write_fits(path, axes=AXES, eta=None, **cards):
    first = fits.PrimaryHDU(values(axes) if eta is None else eta)
    for name, value in WIND.items():
        first.header[CARDS[name]] = value
    first.header["pdyn"] = 1.64
    for name, value in cards.items():
        first.header[name] = value
    images = [
        fits.ImageHDU(data=axis.astype("f4"), name=name)
        for name, axis in axes.items()
    ]
    fits.HDUList([first, *images]).writeto(path)
    return path


def write_text(path, axes=AXES, end="\n"):
    lines = ["Emissivity Cube derived from OpenGGCM: alpha = 1e-15"]
    lines += [str(WIND[name]) for name in ("T", "n", "vx", "vy", "vz")]
    lines += [str(WIND[name]) for name in ("bx", "by", "bz")]
    lines.append("    ".join(str(axis.size) for axis in axes.values()))
    for axis in axes.values():
        lines += [
            "    ".join(f"{value:.5f}" for value in axis[first : first + 6])
            for first in range(0, axis.size, 6)
        ]
    lines += [f"{value:.10f}" for value in values(axes).ravel()]
    path.write_bytes((end.join(lines) + end).encode())
    return path


WRITERS = {"fits": write_fits, "dat": write_text}


@pytest.fixture(params=WRITERS)
def written(request, tmp_path):
    kind = request.param
    return WRITERS[kind](tmp_path / f"S05D12.25V400B0000-05rad.{kind}")


@pytest.fixture
def solar_wind():
    wind = xr.Dataset(
        {
            "density": 12.25,
            "velocity": ("component", [-400.0, 30.0, -5.0]),
            "temperature": 2e5 / KELVIN_PER_EV,
            "magnetic_field": ("component", [1.0, -2.0, 4.5]),
            "dynamic_pressure": 3.3,
        }
    )
    return SOLAR_WIND.stamp(wind)


def expected():
    axes = [
        xr.DataArray(value, dims=name, coords={name: value})
        for name, value in AXES.items()
    ]
    return xr.DataArray(
        emissivity_at(*xr.broadcast(*axes)),
        dims=tuple(AXES),
        coords=AXES,
        attrs={"units": "eV cm-3 s-1"},
        name="emissivity",
    )


def test_the_emissivity_stands_where_the_file_has_it(written):
    cube = mhd.open_emissivity(written)
    assert cube.attrs["units"] == "eV cm-3 s-1"
    assert cube.attrs["file"] == written.name
    for name, axis in AXES.items():
        np.testing.assert_allclose(cube[name], axis, rtol=1e-6, atol=1e-6)
    x, y, z = (cube[name] for name in "xyz")
    # text has ten decimals
    np.testing.assert_allclose(
        cube, emissivity_at(x, y, z), rtol=1e-6, atol=6e-11
    )


def test_the_emissivity_stays_in_the_file_until_it_is_needed(written):
    cube = mhd.open_emissivity(written, chunks={"x": 10, "z": 5})
    assert isinstance(cube.data, dask.array.Array)
    assert cube.chunksizes["x"] == (10, 10, 6)
    assert cube.chunksizes["z"] == (5, 5, 5, 5, 5)


def test_the_solar_wind_of_the_header_is_that_of_the_run(written):
    wind = mhd.emissivity_driver(mhd.open_emissivity(written))
    assert float(wind.density) == 12.25
    np.testing.assert_allclose(wind.temperature * KELVIN_PER_EV, 2e5)
    np.testing.assert_array_equal(wind.velocity, [-400.0, 30.0, -5.0])
    np.testing.assert_array_equal(wind.magnetic_field, [1.0, -2.0, 4.5])
    # m_p n v^2 = 1.67262e-27 kg * 12.25e6 m-3 * (401.15e3 m/s)^2
    np.testing.assert_allclose(wind.dynamic_pressure, 3.2973, rtol=1e-4)
    assert wind.velocity.attrs["frame"] == "GSM"


def test_an_emissivity_of_ones_own_has_no_driver():
    with pytest.raises(ValueError, match="does not say what solar wind"):
        mhd.emissivity_driver(expected())


def test_falling_axes_as_openggcm_has_them_are_turned_round(tmp_path):
    falling = AXES | {name: AXES[name][::-1] for name in "xy"}
    for kind, write in WRITERS.items():
        cube = mhd.open_emissivity(write(tmp_path / f"og.{kind}", falling))
        assert (cube.x.diff("x") > 0).all()
        xr.testing.assert_allclose(
            cube.drop_attrs(),
            expected().astype("f4").drop_attrs(),
            rtol=1e-6,
            atol=6e-11,
        )


def test_a_text_of_another_system_is_read_too(tmp_path):
    path = write_text(tmp_path / "windows.dat", end="\r\n")
    again = mhd.open_emissivity(path)
    np.testing.assert_allclose(
        again, expected().astype("f4"), rtol=1e-6, atol=6e-11
    )


def test_dipole_and_time_of_a_header_are_kept(tmp_path):
    cards = {"DIPOLE": 24.1, "TIME": "2012/06/16 22:00"}
    cube = mhd.open_emissivity(write_fits(tmp_path / "a.fits", **cards))
    assert cube.attrs["dipole_tilt"] == 24.1
    assert cube.attrs["model_time"] == "2012/06/16 22:00"


# -- the whole way ----------------------------------------------------------


@pytest.fixture
def pointing():
    position = xr.DataArray(
        [6.6, -5.9, 17.3], dims="component", attrs={"frame": "GSM"}
    )
    flown = xr.Dataset({"position": position, "velocity": 0.0 * position})
    return camera.aim(TRAJECTORY.stamp(flown), target=(8.0, 0.0, 0.0))


@pytest.mark.parametrize("chunks", [None, {"x": 9, "y": 6, "z": 11}])
def test_an_image_from_a_file_is_that_from_memory(tmp_path, pointing, chunks):
    cube = mhd.open_emissivity(write_fits(tmp_path / "a.fits"), chunks=chunks)
    coarse = camera.Camera("coarse", 27.0, 16.0, 1.0)
    from_file = sxi.intensity(cube, pointing, camera=coarse).intensity
    from_memory = sxi.intensity(expected(), pointing, camera=coarse).intensity
    assert float(from_memory.max()) > 5.0
    np.testing.assert_allclose(from_file, from_memory, rtol=3e-6)


# -- saving ------------------------------------------------------------------


def test_a_saved_cube_is_read_as_sxi_core_reads_it(tmp_path, solar_wind):
    mhd.save_emissivity(expected(), tmp_path / "ours.fits", solar_wind)
    with fits.open(tmp_path / "ours.fits", checksum=True) as hdus:
        header = hdus[0].header
        for name, value in WIND.items():
            assert header[CARDS[name].upper()] == pytest.approx(value)
        size = [header[f"NAXIS{n}"] for n in (1, 2, 3)]
        assert size == [axis.size for axis in AXES.values()]
        for name, axis in AXES.items():
            np.testing.assert_array_equal(hdus[name].data, axis)
        np.testing.assert_array_equal(
            hdus[0].data.astype("float32"), values(AXES).astype("f4")
        )


def test_a_saved_cube_comes_back_with_its_wind(tmp_path, solar_wind):
    path = tmp_path / "ours.fits"
    made = expected().assign_attrs(dipole_tilt=-3.5, title="made up")
    mhd.save_emissivity(made.chunk(x=5), path, solar_wind)
    again = mhd.open_emissivity(path)
    np.testing.assert_array_equal(again, made.astype("f4"))
    assert (again.attrs["dipole_tilt"], again.attrs["title"]) == (
        -3.5,
        "made up",
    )
    wind = mhd.emissivity_driver(again)
    for name in ("density", "velocity", "temperature", "magnetic_field"):
        np.testing.assert_allclose(wind[name], solar_wind[name], rtol=1e-12)


def test_a_file_that_is_there_is_replaced_only_if_asked(tmp_path, solar_wind):
    path = write_fits(tmp_path / "a.fits")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        mhd.save_emissivity(expected(), path, solar_wind)
    mhd.save_emissivity(2.0 * expected(), path, solar_wind, overwrite=True)
    again = mhd.open_emissivity(path)
    np.testing.assert_array_equal(again, (2.0 * expected()).astype("f4"))


def test_several_times_are_not_saved_as_one(tmp_path, solar_wind):
    several = expected().expand_dims(time=2)
    with pytest.raises(ValueError, match="is of one time"):
        mhd.save_emissivity(several, tmp_path / "a.fits", solar_wind)


def test_the_time_is_saved_as_it_is_read_elsewhere(tmp_path, solar_wind):
    # convert_cube_to_gse.py: strptime(header["TIME"], "%Y/%m/%d %H:%M")
    moment = np.array(["2012-06-16T22:25:30"], "M8[ns]")
    timed = expected().expand_dims(time=moment)
    mhd.save_emissivity(timed, tmp_path / "a.fits", solar_wind)
    cube = mhd.open_emissivity(tmp_path / "a.fits")
    assert cube.attrs["model_time"] == "2012/06/16 22:25"


def test_a_bare_array_is_not_saved(tmp_path, solar_wind):
    with pytest.raises(TypeError, match="must be an xarray.DataArray, got nd"):
        mhd.save_emissivity(values(AXES), tmp_path / "a.fits", solar_wind)


def test_a_wind_in_gse_is_not_saved(tmp_path, solar_wind):
    solar_wind.velocity.attrs["frame"] = "GSE"
    with pytest.raises(ValueError, match="velocity must be in GSM, got GSE"):
        mhd.save_emissivity(expected(), tmp_path / "a.fits", solar_wind)


# -- refused -----------------------------------------------------------------


def test_open_cube_says_which_door_opens_emissivity(written):
    with pytest.raises(ValueError, match=r"rad.* open it with data\.mhd\.op"):
        mhd.open_cube(written)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"emissivity cube at .*no\.f"):
        mhd.open_emissivity(tmp_path / "no.fits")


@pytest.mark.parametrize("content", [b"", b"CDF\x01 something", b"a\nb\nc\n"])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    (tmp_path / "other.dat").write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.dat .* no emissivity cube"):
        mhd.open_emissivity(tmp_path / "other.dat")


@pytest.mark.parametrize("share", [0.001, 0.2, 0.9, 0.99])
def test_a_file_cut_short_is_refused(written, share):
    whole = written.read_bytes()
    written.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"rad\.(fits|dat) "):
        mhd.open_emissivity(written)


def test_a_text_with_a_word_for_a_number_is_refused(tmp_path):
    path = write_text(tmp_path / "a.dat")
    path.write_text(path.read_text().replace("6.50000", "six"))
    with pytest.raises(ValueError, match="words that are no numbers"):
        mhd.open_emissivity(path)


@pytest.mark.parametrize("piece", [1, 7, 4096])
def test_numbers_are_counted_whatever_the_pieces(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(_emissivity_text, "_PIECE", piece)
    small = {name: axis[:3] for name, axis in AXES.items()}
    path = write_text(tmp_path / "a.dat", small)
    assert mhd.open_emissivity(path).shape == (3, 3, 3)


def test_a_text_with_too_much_is_refused(tmp_path):
    path = write_text(tmp_path / "a.dat")
    path.write_text(path.read_text() + "1.0\n")
    with pytest.raises(ValueError, match=r"a\.dat must have 1\d{4} numbers"):
        mhd.open_emissivity(path)


@pytest.mark.parametrize(
    ("axes", "cards", "message"),
    [
        (AXES, {"BUNIT": "keV"}, "must be in eV cm-3 s-1, got keV"),
        (
            AXES,
            {"HISTORY": "Emissivity_Cubes/convert_cube_to_gse.py"},
            "was turned to GSE",
        ),
        (AXES | {"x": AXES["x"][:-1]}, {}, "but its axes are"),
        (AXES | {"y": AXES["y"][[0, 2, 1, *range(3, 17)]]}, {}, "must incr"),
    ],
)
def test_a_cube_that_does_not_fit_is_refused(tmp_path, axes, cards, message):
    path = write_fits(tmp_path / "a.fits", axes, values(AXES), **cards)
    with pytest.raises(ValueError, match=f"a.fits.* {message}"):
        mhd.open_emissivity(path)


def test_fits_of_another_kind_is_refused(tmp_path):
    fits.PrimaryHDU(np.zeros((2, 2))).writeto(tmp_path / "image.fits")
    for door in (mhd.open_emissivity, mhd.open_cube):
        with pytest.raises(ValueError, match=r"image\.fits .* lacks NAXIS3"):
            door(tmp_path / "image.fits")
