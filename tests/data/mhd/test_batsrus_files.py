"""The reader of BATS-R-US on files that the model wrote, beside spacepy."""

import gzip
import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from smile_explore.data import mhd
from smile_explore.data.mhd import _batsrus_headers as headers

SHARED = Path(
    os.environ.get(
        "SMILE_EXPLORE_SHARED", Path(__file__).parents[4] / "shared"
    )
)
FILES = SHARED / "data/mhd/native"
BLOCKS = FILES / "caseA_3d_amr_real4.out.gz"
BOX = FILES / "caseA_box_1RE_ascii.out.gz"
CUT = FILES / "caseA_cut_0p5RE_real4.out.gz"

pytestmark = pytest.mark.skipif(
    not FILES.exists(), reason="no shared data beside us"
)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("native")

    def unpack(path):
        plain = folder / path.stem
        if path.suffix != ".gz":
            return path
        if not plain.exists():
            plain.write_bytes(gzip.decompress(path.read_bytes()))
        return plain

    return unpack


@pytest.mark.parametrize(
    "name",
    [BLOCKS.name, BOX.name, CUT.name, "caseA_y0_ascii.out.gz",
     "caseA_y0_real4.out", "caseA_z0_real8.out"],
)  # fmt: skip
def test_every_number_is_as_spacepy_reads_it(name, unpacked):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from spacepy.pybats import IdlFile

        path = unpacked(FILES / name)
        theirs = IdlFile(str(path), sort_unstructured=False)
    (ours,) = headers.snapshots(FILES / name)
    for word in ours.names[ours.axes :]:
        found = np.asarray(theirs[word])
        np.testing.assert_array_equal(
            ours.values(word), found.ravel(order="F")
        )
    assert ours.step == theirs.attrs["iter"]
    for word in ("g", "r"):
        if word in ours.parameters:
            known = {k.lower(): v for k, v in theirs.attrs.items()}
            assert ours.parameters[word] == pytest.approx(known[word])


@pytest.mark.parametrize(
    "name", ["caseA_y0_real4.out", "caseA_z0_real8.out",
             "caseA_y0_ascii.out.gz", "caseB_z0_real4.out"],
)  # fmt: skip
def test_cuts_are_refused(name):
    with pytest.raises(ValueError, match=f"{name}: it has the axes"):
        mhd.open_cube(FILES / name)


def off(one, other, floor):
    """How far two cubes are from each other, relative."""
    known = np.isfinite(one) & np.isfinite(other)
    scale = np.maximum(abs(other), floor)
    return (abs(one - other) / scale).values[known.values]


FLOORS = {"density": 1.0, "temperature": 1.0}
FLOORS |= {"velocity": 10.0, "magnetic_field": 1.0}


def test_blocks_are_sampled_as_the_model_samples_them(unpacked):
    """BATS-R-US made the box itself, at nodes on faces of its cells."""
    box = mhd.open_cube(BOX).compute()
    blocks = mhd.open_cube(unpacked(BLOCKS), grid=box).isel(time=0).compute()
    for name, floor in FLOORS.items():
        np.testing.assert_array_equal(
            np.isnan(blocks[name]), box[name].isnull()
        )
        miss = off(blocks[name], box[name], floor)
        # They differ where the size of the cells changes.
        assert np.quantile(miss, 0.98) < 1e-3
        assert np.median(miss) < 1e-6


def test_a_regular_file_of_fine_cells_is_what_the_blocks_have_there(unpacked):
    """Its nodes are centres of cells, or within coarser ones."""
    cut = mhd.open_cube(CUT).compute()
    assert "planes with sums of cells" in cut.attrs["grid_note"]
    for axis, last in (("x", 19.25), ("y", 19.25), ("z", 19.25)):
        assert float(cut[axis][-1]) == last
        np.testing.assert_allclose(np.diff(cut[axis]), 0.5)
    part = {"x": slice(-4, 12), "y": slice(-7, 7), "z": slice(-7, 7)}
    cut = cut.sel(part)
    blocks = mhd.open_cube(unpacked(BLOCKS), grid=cut).compute()
    for name in FLOORS:
        ours, theirs = blocks[name].values, cut[name].values
        same = np.isclose(ours, theirs, rtol=1e-4, atol=1e-3)
        assert (same | np.isnan(theirs)).mean() > 0.97


def test_the_cube_that_was_made_of_these_blocks_is_found_again(unpacked):
    made = mhd.open_cube(
        SHARED / "data/mhd/batsrus_caseA_0p25RE.nc",
        box={"x": (-5, 15), "y": (-6, 6), "z": (-3, 3)},
    ).compute()
    blocks = mhd.open_cube(
        unpacked(BLOCKS), grid=made, start="2013-03-20T12:00"
    ).compute()
    np.testing.assert_array_equal(blocks.time, made.time)
    for name, floor in FLOORS.items():
        miss = off(blocks[name], made[name], floor)
        # The cube is rounded to 0.2 and 0.4 %.
        assert np.quantile(miss, 0.999) < 0.012


def test_what_the_file_says_of_itself_is_told():
    cube = mhd.open_cube(BLOCKS)
    assert cube.attrs["resampled"].endswith(
        "792 blocks with cells of 0.25 to 2 R_E"
    )
    assert "x -31 to 31.5 by 0.25" in cube.attrs["grid"]
    assert cube.attrs["inner_boundary"] == 2.5
    assert cube.attrs["dipole_tilt"] == 0.0
    assert cube.time.values == np.datetime64("2013-03-20T12:01:04", "ns")
    assert "64 s off" in cube.attrs["time_from"]
