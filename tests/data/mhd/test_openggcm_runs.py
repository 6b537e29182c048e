"""Cubes of OpenGGCM as the model writes them.

Files are written here value by value as ``wrn2`` and ``wrnenc`` of
``_jrrle.f90`` (viscid-hub/Viscid) do it, runs of equal bytes shortened.
"""

import math

import dask.array
import numpy as np
import pytest

from smile_explore.data import mhd
from smile_explore.data.mhd import _jrrle, openggcm_runs
from tests.data.mhd import linear_plasma

AXES = {
    "x": np.r_[-20.0:-12.0:3j, -10.0:10.0:11j, 14.0:60.0:5j],
    "y": np.r_[-30.0:-8.0:3j, -6.0:6.0:5j, 8.0:30.0:3j],
    "z": np.r_[-25.0:-8.0:3j, -6.0:6.0:5j, 8.0:20.0:3j],
}
#: Of 4410 over 37 e-foldings, the widest there are: where a field has a 0.
HALF_LEVEL = 1.02 * 37.0 / 4410 / 2
NAMES = {"n": "rr", "p": "pp", "ux": "vx", "uy": "vy", "uz": "vz"}
TIME = "time=   7200.0000 1339884000.00 2012:06:16:22:00:00.000 MHD"


def line(codes):
    """One coded line: its sum, and runs of two or more shortened."""
    made, at = [33 + sum(codes) % 92], 0
    while at < len(codes):
        run = 1
        while at + run < len(codes) and codes[at + run] == codes[at]:
            run += 1
        made += [codes[at]] if run == 1 else [170 + run, codes[at]]
        at += run
    return bytes(made) + b"\n"


def coded(name, values, time=TIME, kind="3D"):
    """A field as text; `values` with the first index of Fortran last."""
    flat = values.ravel()
    sizes = [abs(float(value)) for value in flat]
    most = math.log(max(sizes))
    least = max(math.log(max(min(sizes), 1e-33)), most - 37.0)
    if most - least <= 1e-5:
        least, most = least - 1.0, most + 1.0
    shape = "".join(f"{n:12d}" for n in reversed(values.shape))
    parts = [
        f"FIELD-{kind}-1\n{name:<80}\n{time:<80}\n{0:12d}{shape}\n".encode(),
        f"WRN2{flat.size:8d}{least:14.7E}{most:14.7E}{0:14.7E}".encode(),
        f"{0:8d}FUNC-3-1\n".encode(),
    ]
    for first in range(0, flat.size, 64):
        high, low = [], []
        for value in flat[first : first + 64]:
            size = max(abs(float(value)), math.exp(least))
            level = int(4410 / (most - least) * (math.log(size) - least) + 0.5)
            level = min(max(level, 0), 4414)
            high.append(33 + level // 94 + (47 if value < 0.0 else 0))
            low.append(33 + level % 94)
        parts += [line(high), line(low)]
    return b"".join(parts)


def write(path, drop=(), **axes):
    axes = AXES | axes
    made = linear_plasma.in_model_axes(axes)
    made["p"] = 1000.0 * made["p"]  # pPa
    fields = {NAMES.get(name, name): made[name] for name in made}
    fields["resis"] = 0.0 * made["p"] + 1e-5
    path.write_bytes(
        b"".join(coded(n, v) for n, v in fields.items() if n not in drop)
    )
    return path


def write_grid2(path):
    lines = [
        text
        for axis in AXES.values()
        for text in (f"{axis.size}", *(f"{value:14.7E}" for value in axis))
    ]
    path.write_text("\n".join(lines) + "\n")


def write_tables(path):
    for name, axis in AXES.items():
        rows = [f"{v:.7f} {1.0:.7f} {v + 0.5:.7f}" for v in axis]
        (path.parent / f"grid{name}.txt").write_text(
            "\n".join(["x dx x_b", *rows]) + "\n"
        )


def write_fields(path):
    path.write_bytes(
        b"".join(
            coded(f"grid{name}", axis, kind="1D")
            for name, axis in AXES.items()
        )
    )


GRIDS = {"run.grid2": write_grid2, "gridx.txt": write_tables}
GRIDS |= {"run.grid": write_fields}


@pytest.fixture
def path(tmp_path):
    write_grid2(tmp_path / "run.grid2")
    return write(tmp_path / "run.3df.007200")


def test_every_value_stands_where_it_was_computed(path):
    # as the reader has it: the door turns it from GSE to GSM
    cube = openggcm_runs.read(path, {}).isel(time=0).compute()
    np.testing.assert_allclose(cube.x, -AXES["x"][::-1], rtol=1e-6)
    np.testing.assert_allclose(cube.y, -AXES["y"][::-1], rtol=1e-6)
    np.testing.assert_allclose(cube.z, AXES["z"], rtol=1e-6)
    linear_plasma.check(cube, rtol=HALF_LEVEL, atol=1e-6)


def test_a_run_is_lazy_and_says_what_it_is(path):
    cube = openggcm_runs.read(path, {"time": 1, "x": 10})
    assert isinstance(cube.density.data, dask.array.Array)
    assert cube.density.chunksizes["x"] == (10, 9)
    assert cube.attrs["frame"] == "GSE"
    assert cube.attrs["model"] == "OpenGGCM"
    assert cube.time.values == np.datetime64("2012-06-16T22:00")


@pytest.mark.parametrize("above", [False, True])
@pytest.mark.parametrize("name", GRIDS)
def test_the_grid_is_found_in_each_of_its_forms(tmp_path, name, above):
    (tmp_path / "target").mkdir()
    GRIDS[name]((tmp_path if above else tmp_path / "target") / name)
    path = write(tmp_path / "target" / "run.3df.007200")
    cube = openggcm_runs.read(path, {})
    # .grid is coded as fields are: right to half a level
    np.testing.assert_allclose(
        cube.x, -AXES["x"][::-1], rtol=HALF_LEVEL, atol=1e-6
    )


def test_a_constant_and_a_short_field_come_back(tmp_path):
    path = tmp_path / "a.3df.000000"
    values = np.r_[np.full(64, -3.5), 7.0, -7.0, 0.5]
    path.write_bytes(
        coded("one", np.full((2, 3, 4), 2.5))
        + coded("two", values.reshape(1, 1, -1))
    )
    fields = _jrrle.fields_of(path)
    one = _jrrle.values_of(path, "one", fields["one"])
    two = _jrrle.values_of(path, "two", fields["two"])
    np.testing.assert_allclose(one, np.full((2, 3, 4), 2.5), rtol=3e-4)
    np.testing.assert_allclose(two.ravel(), values, rtol=4e-4)


# -- refused -----------------------------------------------------------------


@pytest.mark.parametrize("share", [0.001, 0.3, 0.77])
def test_a_file_cut_short_is_refused(path, share):
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    with pytest.raises(ValueError, match=r"run\.3df\.007200"):
        mhd.open_cube(path)


def test_a_byte_that_is_wrong_is_noticed(path):
    whole = bytearray(path.read_bytes())
    at = whole.index(b"FUNC-3-1\n") + 20
    whole[at] = 34 if whole[at] != 34 else 35
    path.write_bytes(whole)
    cube = mhd.open_cube(path)
    with pytest.raises(ValueError, match="field rr is cut short or damaged"):
        cube.density.compute()


def test_a_run_without_its_grid_is_refused(tmp_path):
    path = write(tmp_path / "run.3df.007200")
    with pytest.raises(ValueError, match=r"put its grid, run\.grid2 or"):
        mhd.open_cube(path)


def test_the_grid_of_another_run_is_refused(path):
    write(path, x=AXES["x"][:-1])
    with pytest.raises(ValueError, match=r"rr has the size \(18, 11, 11\), b"):
        mhd.open_cube(path)


@pytest.mark.parametrize(
    "text", ["", "3\n1\n2\n", "2\n1\n1\n2\n1\n2\n2\n1\n2"]
)
@pytest.mark.parametrize("name", GRIDS)
def test_a_grid_that_is_none_is_refused(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    path = write(tmp_path / "run.3df.007200")
    with pytest.raises(ValueError, match="is no whole grid of OpenGGCM"):
        mhd.open_cube(path)


def test_a_file_without_a_field_is_refused(path):
    write(path, drop=("pp", "bz"))
    with pytest.raises(ValueError, match="lacks the fields pp, bz; it has rr"):
        mhd.open_cube(path)
