"""The reader of BATS-R-US, on small files written here."""

import pickle

import dask.array
import numpy as np
import pytest
import xarray as xr

from smile_explore import frames
from smile_explore.data import mhd
from smile_explore.data.mhd import _batsrus_layout as layout
from smile_explore.physics.block_grid import BlockGrid
from smile_explore.schema import CUBE
from tests.data.mhd.batsrus_writer import (
    HEADING,
    blocks,
    packed,
    snapshot,
    uniform,
)

AXES = (np.arange(5.0) + 3, np.arange(4.0) - 1, np.arange(3.0))
SHAPE = (3, 4, 5)  # z, y, x
CELLS = (4, 4, 2)


def varied(shape=SHAPE):
    """The uniform plasma with a density that differs from cell to cell."""
    count = int(np.prod(shape))
    return uniform(shape, rho=np.arange(1.0, count + 1).reshape(shape))


def adaptive():
    """Eight blocks around the origin, one of them split; linear density."""
    low = [(x, y, z) for x in (-8, 0) for y in (-8, 0) for z in (-8, 0)]
    low.remove((0, 0, 0))
    fine = [(x, y, z) for x in (0, 4) for y in (0, 4) for z in (0, 4)]
    centres = blocks(low + fine, [8.0] * 7 + [4.0] * 8, CELLS)
    x, y, z = centres
    fields = uniform(x.shape, rho=50 + x - 2 * y + 3 * z)
    return centres, fields


@pytest.fixture
def block_file(tmp_path):
    centres, fields = adaptive()
    data = snapshot(centres, fields, shape=CELLS, parameters=[("R", 2.0)])
    return packed(tmp_path / "3d__var_1.out", data)


def regular_file(folder, name="box.out", **options):
    fields = options.pop("fields", None) or varied()
    return packed(folder / name, snapshot(AXES, fields, **options))


@pytest.mark.parametrize("name", ["box.out", "box.out.gz"])
@pytest.mark.parametrize(
    ("kind", "order"),
    [("real4", "<"), ("real8", "<"), ("real4", ">"), ("real8", ">"),
     ("ascii", "<")],
)  # fmt: skip
def test_every_way_to_write_a_box_is_read(tmp_path, name, kind, order):
    path = regular_file(tmp_path, name, kind=kind, order=order)
    cube = mhd.open_cube(path)
    CUBE.check(cube)
    assert isinstance(cube.density.data, dask.array.Array)
    for axis, nodes in zip("xyz", AXES, strict=True):
        np.testing.assert_array_equal(cube[axis], nodes)
    np.testing.assert_array_equal(
        cube.density.transpose("z", "y", "x"), varied()["rho"]
    )
    np.testing.assert_allclose(cube.velocity[1, 2, 1], [-400.0, 1.0, 2.0])
    np.testing.assert_allclose(cube.magnetic_field[4, 3, 2], [3, -4, 5])
    temperature = 100.0 * 10.0 / cube.density
    np.testing.assert_allclose(cube.temperature, temperature, rtol=1e-6)
    assert cube.attrs["format"] == cube.attrs["model"] == "BATS-R-US"
    word = {"ascii": "text"}.get(kind, kind)
    assert word in cube.attrs["file_kind"]
    assert ("big" in cube.attrs["file_kind"]) == (order == ">")


@pytest.mark.parametrize(
    ("kind", "order"), [("real4", "<"), ("real8", ">"), ("ascii", "<")]
)
def test_adaptive_files_are_exact_for_a_linear_field(tmp_path, kind, order):
    centres, fields = adaptive()
    data = snapshot(
        centres, fields, shape=CELLS, kind=kind, order=order,
        parameters=[("R", 2.0)],
    )  # fmt: skip
    cube = mhd.open_cube(packed(tmp_path / "3d.out", data), grid=0.5)
    x, y, z = xr.broadcast(cube.x, cube.y, cube.z)
    expected = (50 + x - 2 * y + 3 * z).where(x**2 + y**2 + z**2 >= 4.0)
    np.testing.assert_allclose(cube.density, expected, rtol=1e-6)
    np.testing.assert_allclose(
        cube.velocity.sel(x=4, y=-3.5, z=1), [-400, 1, 2]
    )


def test_the_grid_of_an_adaptive_file_is_that_of_its_finest_cells(block_file):
    cube = mhd.open_cube(block_file)
    # The finest cells are 1 R_E in x and y, 2 R_E in z; the coarsest, whose
    # centres bound what is known, twice that.
    assert cube.attrs["grid"] == (
        "x -7 to 7 by 1, y -7 to 7 by 1, z -6 to 6 by 1 R_E"
    )
    assert cube.attrs["resampled"] == (
        "trilinear, from 15 blocks with cells of 1 to 2 R_E"
    )
    inner = np.isnan(cube.density)
    np.testing.assert_array_equal(
        inner, cube.x**2 + cube.y**2 + cube.z**2 < 4.0
    )


def test_a_box_and_axes_choose_what_is_made(block_file):
    box = {"x": (-3, 3), "y": (0, 9)}
    cube = mhd.open_cube(block_file, grid=0.75, box=box)
    np.testing.assert_array_equal(cube.x, np.arange(-3, 3.1, 0.75))
    assert float(cube.y[-1]) == 9.0
    assert np.isnan(cube.density.sel(y=9.0)).all()  # beyond the domain
    same = mhd.open_cube(block_file, grid=cube)
    xr.testing.assert_identical(same.density, cube.density)


def test_chunks_of_any_size_give_the_same(block_file):
    whole = mhd.open_cube(block_file, grid=0.4)
    parts = mhd.open_cube(
        block_file, grid=0.4, chunks={"x": 7, "y": 5, "z": 30}
    )
    assert parts.density.chunksizes["y"][:2] == (5, 5)
    xr.testing.assert_equal(whole.compute(), parts.compute())


def test_only_the_variable_and_the_part_asked_for_are_read(
    block_file, tmp_path, monkeypatch
):
    box = regular_file(tmp_path)
    cubes = mhd.open_cube(block_file), mhd.open_cube(box)
    read = []
    values = layout.Snapshot.values

    def watched(self, name):
        read.append(name)
        return values(self, name)

    monkeypatch.setattr(layout.Snapshot, "values", watched)
    for cube in cubes:
        cube.magnetic_field.sel(component="y").isel(z=1).compute()
    assert read == ["by", "by"]


def test_only_the_chunks_asked_for_are_made(block_file, monkeypatch):
    chunks = dict.fromkeys("xyz", 16)
    cube = mhd.open_cube(block_file, grid=0.25, chunks=chunks)
    made = []
    sample = BlockGrid.sample

    def watched(self, values, *axes):
        made.append([axis.size for axis in axes])
        return sample(self, values, *axes)

    monkeypatch.setattr(BlockGrid, "sample", watched)
    cut = cube.density.sel(x=1.0, y=slice(2, 3)).compute()
    y, z = xr.broadcast(cut.y, cut.z)
    np.testing.assert_allclose(cut, 51 - 2 * y + 3 * z, rtol=1e-5)
    assert 0 < len(made) <= 8
    assert np.max(made) <= 16


def test_a_cube_travels_to_other_processes(block_file):
    cube = mhd.open_cube(block_file)
    again = pickle.loads(pickle.dumps(cube))
    xr.testing.assert_identical(cube.compute(), again.compute())


def test_names_of_any_case_and_variables_unknown_here_do_not_matter(tmp_path):
    fields = {**varied(), "status": np.ones(SHAPE), "jx": np.ones(SHAPE)}
    path = regular_file(
        tmp_path,
        fields=fields,
        names="Rho Ux Uy Uz Bx By Bz P status Jx",
        heading=f"{HEADING} -- uA/m2",
    )
    cube = mhd.open_cube(path)
    np.testing.assert_allclose(cube.magnetic_field[0, 0, 0], [3, -4, 5])


def test_si_units_are_brought_to_those_of_the_house(tmp_path):
    proton, radius = 1.67262192369e-27, 6371.2e3
    fields = {name: field.copy() for name, field in varied().items()}
    fields["rho"] *= 1e6 * proton
    for name, factor in (("u", 1e3), ("b", 1e-9)):
        for axis in "xyz":
            fields[name + axis] *= factor
    fields["p"] *= 1e-9
    data = snapshot(
        [axis * radius for axis in AXES],
        fields,
        kind="real8",
        heading="m m m {kg/m3} m/s m/s m/s T T T Pa",
        parameters=(),
    )
    cube = mhd.open_cube(packed(tmp_path / "si.out", data))
    plain = mhd.open_cube(regular_file(tmp_path, parameters=()))
    xr.testing.assert_allclose(cube.compute(), plain.compute())


def test_temperature_takes_the_place_of_pressure(tmp_path):
    fields = varied()
    del fields["p"]
    fields["T"] = np.full(SHAPE, 1.160451812e6)  # 100 eV
    path = regular_file(
        tmp_path, fields=fields, heading=HEADING.replace("nPa", "K")
    )
    np.testing.assert_allclose(
        mhd.open_cube(path).temperature, 100.0, rtol=1e-6
    )


def test_electron_pressure_kept_apart_is_added(tmp_path):
    fields = {**uniform(SHAPE), "Pe": np.full(SHAPE, 0.0801088317)}
    path = regular_file(tmp_path, fields=fields, heading=f"{HEADING} nPa")
    np.testing.assert_allclose(
        mhd.open_cube(path).temperature, 150.0, rtol=1e-6
    )


def test_the_body_is_masked_by_its_radius_or_by_its_empty_cells(tmp_path):
    axes = (np.arange(-3.0, 4), np.arange(-3.0, 4), np.array([0.0, 1.0]))
    shape = (2, 7, 7)
    z, y, x = np.meshgrid(*axes[::-1], indexing="ij")
    body = x**2 + y**2 + z**2 < 2.5**2
    told = packed(tmp_path / "a.out", snapshot(axes, uniform(shape)))
    fields = uniform(shape)
    fields["rho"][body] = 0.0
    silent = packed(tmp_path / "b.out", snapshot(axes, fields, parameters=()))
    for path in (told, silent):
        cube = mhd.open_cube(path)
        for name in ("density", "magnetic_field", "temperature"):
            lost = np.isnan(cube[name].transpose("z", "y", "x", ...)).values
            lost = lost.all(axis=-1) if lost.ndim == 4 else lost
            np.testing.assert_array_equal(lost, body)
    assert mhd.open_cube(told).attrs["inner_boundary"] == 2.5
    assert "zero" in cube.attrs["inner_boundary_from"]


def test_the_tilt_of_the_file_has_the_other_sign(tmp_path):
    path = regular_file(tmp_path, parameters=[("th", np.radians(-24.1))])
    cube = mhd.open_cube(path)
    assert cube.attrs["dipole_tilt"] == pytest.approx(24.1, abs=1e-4)


def test_the_radius_of_the_run_is_told(tmp_path):
    cube = mhd.open_cube(regular_file(tmp_path, parameters=[("xSI", 6.378e6)]))
    assert cube.attrs["earth_radius"] == pytest.approx(6378.0)
    assert "0.1% more" in cube.attrs["earth_radius_note"]


DATED = f"2013-03-20T12:01:04; {HEADING}"


@pytest.mark.parametrize(
    ("name", "options", "start", "time", "source"),
    [
        ("a.out", {"heading": DATED}, None, "2013-03-20T12:01:04", "64 s off"),
        ("a_e20140912-160000-250.out", {"heading": DATED}, None,
         "2014-09-12T16:00:00.250", "name of the file"),
        ("a_t00001000_n00000200.out", {"time": 600.0, "heading": DATED},
         "2014-09-12T15:50", "2014-09-12T16:00", "start of the run"),
        # A name that spacepy cannot read.
        ("a_t0600s.out", {"time": 600.0}, "2014-09-12T15:50",
         "2014-09-12T16:00", "start of the run"),
    ],
)  # fmt: skip
def test_the_time_and_where_it_is_from_are_told(
    tmp_path, name, options, start, time, source
):
    cube = mhd.open_cube(regular_file(tmp_path, name, **options), start=start)
    assert cube.time.values == np.datetime64(time, "ns")
    assert source in cube.attrs["time_from"]


def test_a_file_without_date_is_a_cube_without_time(tmp_path):
    cube = mhd.open_cube(regular_file(tmp_path))
    assert "time" not in cube.coords
    assert "give start=" in cube.attrs["time_from"]
    still = regular_file(tmp_path, "other.out")
    with pytest.raises(ValueError, match=r"does not say its time.*give start"):
        mhd.open_cube([tmp_path / "box.out", still])


def test_dates_in_single_precision_do_not_spoil_the_cadence(tmp_path):
    # A minute apart, but dated to 128 s, as single precision does.
    for n, second in enumerate(("12:01:04", "12:01:04", "12:01:04")):
        heading = f"2013-03-20T{second}; {HEADING}"
        regular_file(tmp_path, f"{n}.out", heading=heading, time=60.0 * n)
    cube = mhd.open_cube(tmp_path / "*.out")
    assert (np.diff(cube.time) == np.timedelta64(60, "s")).all()
    assert "64 s off" in cube.attrs["time_from"]
    data = b"".join((tmp_path / f"{n}.out").read_bytes() for n in range(3))
    whole = mhd.open_cube(packed(tmp_path / "all.outs", data))
    xr.testing.assert_equal(whole.time, cube.time)
    assert "64 s off" in whole.attrs["time_from"]


def test_every_file_named_after_its_time_has_that_time(tmp_path):
    for minute in (0, 1, 2):
        name = f"3d__var_1_e20140912-160{minute}00-000.out"
        regular_file(tmp_path, name, heading=DATED, time=0.0)
    cube = mhd.open_cube(tmp_path / "*_e*.out")
    assert cube.time.values[2] == np.datetime64("2014-09-12T16:02", "ns")


@pytest.mark.parametrize("kind", ["real4", "ascii"])
def test_snapshots_in_one_file_are_a_series(tmp_path, kind):
    parts = [
        snapshot(AXES, uniform(SHAPE, rho=n + 1.0), kind=kind, time=30.0 * n)
        for n in range(3)
    ]
    path = packed(tmp_path / "box.outs", b"".join(parts))
    cube = mhd.open_cube(path, start="2014-09-12T15:50")
    assert cube.density.chunksizes["time"] == (1, 1, 1)
    np.testing.assert_array_equal(cube.density[:, 1, 2, 1], [1.0, 2.0, 3.0])
    assert cube.time.values[2] == np.datetime64("2014-09-12T15:51", "ns")
    assert cube.attrs["file"] == "box.outs"
    with pytest.raises(ValueError, match=r"snapshot 1 does not say its time"):
        mhd.open_cube(path)
    packed(path, b"".join([*parts, parts[0]]))
    with pytest.raises(ValueError, match=r"snapshot 1 and box.outs, snapsh"):
        mhd.open_cube(path, start="2014-09-12T15:50")


def test_what_was_opened_can_be_kept_and_opened_as_a_series(tmp_path):
    for n in range(2):
        heading = f"2013-03-20T12:0{n}:00; {HEADING}"
        path = regular_file(
            tmp_path, f"{n}.out", heading=heading, time=60.0 * n
        )
        mhd.open_cube(path).to_netcdf(tmp_path / f"{n}.nc")
    kept = mhd.open_cube(tmp_path / "*.nc")
    xr.testing.assert_equal(kept, mhd.open_cube(tmp_path / "*.out"))
    both = mhd.open_cube([tmp_path / "0.out", tmp_path / "1.nc"])
    xr.testing.assert_equal(kept, both)


def test_a_grid_that_adapts_in_time_wants_one_grid_for_all(tmp_path):
    centres, fields = adaptive()
    coarse = centres[:, :7], {n: field[:7] for n, field in fields.items()}
    for n, (places, values) in enumerate(((centres, fields), coarse)):
        data = snapshot(places, values, shape=CELLS, time=60.0 * n)
        packed(tmp_path / f"{n}.out", data)
    options = {"start": "2014-09-12T15:50"}
    with pytest.raises(ValueError, match=r"0.out differ in .* give grid="):
        mhd.open_cube(tmp_path / "*.out", **options)
    box = {"x": (-6, -4), "y": (-6, -4), "z": (-4, -2)}
    cube = mhd.open_cube(tmp_path / "*.out", grid=0.5, box=box, **options)
    np.testing.assert_array_equal(cube.density[0], cube.density[1])


def test_an_adaptive_run_in_gse_is_turned_onto_the_grid_in_gsm(tmp_path):
    time = np.datetime64("2012-06-16T16:00", "ns")
    centres, fields = adaptive()
    data = snapshot(centres, fields, shape=CELLS, parameters=())
    path = packed(tmp_path / "gse_e20120616-160000-000.out", data)
    box = dict.fromkeys("xyz", (-3, 3))
    cube = mhd.open_cube(path, grid=0.5, frame="GSE", box=box)
    assert cube.attrs["turned_from"] == "GSE"
    grid = np.stack(xr.broadcast(cube.x, cube.y, cube.z), -1)
    place = xr.DataArray(
        grid,
        {"time": time, "component": ["x", "y", "z"]},
        ("x", "y", "z", "component"),
        attrs={"frame": "GSM"},
    )
    x, y, z = np.moveaxis(frames.rotate(place, to="GSE").values, -1, 0)
    np.testing.assert_allclose(
        cube.density[0], 50 + x - 2 * y + 3 * z, rtol=1e-5
    )
    wind = xr.DataArray(
        [-400.0, 1.0, 2.0],
        {"time": time},
        ("component",),
        attrs={"frame": "GSE"},
    )
    np.testing.assert_allclose(
        cube.velocity[0, 2, 3, 4], frames.rotate(wind, to="GSM"), rtol=1e-5
    )


@pytest.mark.parametrize("kind", ["real4", "ascii"])
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75, 0.9, 0.999])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_a_file_cut_short_is_refused(tmp_path, kind, share, suffix):
    path = regular_file(tmp_path, f"box.out{suffix}", kind=kind)
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(ValueError, match=r"box.out.* (cut short|none of the)"):
        mhd.open_cube(path)


def test_a_series_cut_short_in_its_second_snapshot_is_refused(tmp_path):
    one = snapshot(AXES, varied())
    path = packed(tmp_path / "box.outs", one + one[:700])
    with pytest.raises(ValueError, match="cut short or damaged"):
        mhd.open_cube(path, start="2014-09-12")


def test_records_that_do_not_end_as_they_begin_are_refused(tmp_path):
    path = regular_file(tmp_path)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="does not end as it begins"):
        mhd.open_cube(path)


def test_a_damaged_number_is_refused_when_it_is_read(tmp_path):
    path = regular_file(tmp_path, kind="ascii")
    path.write_bytes(path.read_bytes().replace(b"-4.0000000000E+02", b"****"))
    with pytest.raises(ValueError, match="box.out is damaged"):
        mhd.open_cube(path).density.compute()


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "empty.out").touch()
    with pytest.raises(ValueError, match=r"empty.out is empty, .* BATS-R-US"):
        mhd.open_cube(tmp_path / "empty.out")


def _without(*names):
    return {n: field for n, field in varied().items() if n not in names}


def _without_dipole():
    names = {"bx": "b1x", "by": "b1y", "bz": "b1z"}
    return {names.get(n, n): field for n, field in varied().items()}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fields": _without("uy")}, "box.out: it lacks uy; it has x y z rho"),
        ({"fields": _without("p")}, "it lacks p; .* and p or t$"),
        ({"fields": _without_dipole()}, "lacks bx, .* without Earth's dipole"),
        ({"heading": HEADING.replace("nPa", "atm")}, "p is in atm, which is "),
        ({"heading": "normalized variables"}, "must give a unit for each"),
        ({"parameters": [("xSI", 7.1492e7)]}, "71492 km .* not Earth's"),
        ({"parameters": [("Rot11", 0.0), ("Rot12", 1.0)]}, "box is rotated"),
    ],
)
def test_files_that_make_no_cube_are_refused(tmp_path, options, message):
    with pytest.raises(ValueError, match=message):
        mhd.open_cube(regular_file(tmp_path, **options))


def test_a_cut_is_refused(tmp_path):
    axes = (np.arange(3.0), np.arange(4.0), np.zeros(1))
    data = snapshot(axes[:2], {n: f[:1, :4, :3] for n, f in varied().items()})
    with pytest.raises(ValueError, match="axes x, y; a cube needs"):
        mhd.open_cube(packed(tmp_path / "y=0.out", data))


def test_blocks_that_are_not_whole_are_refused(tmp_path):
    centres, fields = adaptive()
    for cells, message in (
        ((4, 4, 9), "do not fit its"),
        ((2, 8, 2), "no ax"),
    ):
        data = snapshot(centres, fields, shape=cells)
        with pytest.raises(ValueError, match=message):
            mhd.open_cube(packed(tmp_path / "3d.out", data))


def test_cells_on_no_regular_grid_are_refused(tmp_path):
    rng = np.random.default_rng(1)
    places = rng.uniform(-5, 5, (3, *SHAPE))
    data = snapshot(places, varied(), shape=(5, 4, 3))
    data = data.replace(
        np.array([60, 1, 1], "<i4").tobytes(),
        np.array([5, 4, 3], "<i4").tobytes(),
    ).replace(b"\xfd\xff\xff\xff", b"\x03\x00\x00\x00")
    with pytest.raises(ValueError, match="lie on no regular grid along x"):
        mhd.open_cube(packed(tmp_path / "sphere.out", data))
