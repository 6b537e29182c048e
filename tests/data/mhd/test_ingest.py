"""Stores made once: right, whole or not there, whatever comes between."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numcodecs
import numpy as np
import pytest
import xarray as xr
import zarr

from smile_explore import cli
from smile_explore.data import mhd, samples
from smile_explore.data.mhd import writing
from smile_explore.data.mhd.store import rounded, width

STEPS = 3


def _cube(times, shape=(9, 8, 7), seed=0):
    """A cube in the house form, noise in full precision, NaN at Earth."""
    rng = np.random.default_rng(seed)
    dims = ("time", "x", "y", "z")
    sizes = (len(times), *shape)
    density = rng.normal(10.0, 1.0, sizes).astype("f4")
    density[:, 4, 4, 3] = np.nan
    vector = rng.normal(0.0, 300.0, (*sizes, 3)).astype("f4")
    return xr.Dataset(
        {
            "density": (dims, density),
            "velocity": ((*dims, "component"), vector),
            "temperature": (dims, np.abs(density) * 10),
            "magnetic_field": ((*dims, "component"), vector / 50),
            "driver_density": ("time", rng.normal(5, 1, len(times))),
        },
        {
            "time": times,
            **{
                a: np.arange(n) * 0.5
                for a, n in zip("xyz", shape, strict=True)
            },
        },
        {"title": "noise", "dipole_tilt": 3.5},
    )


def _time(step):
    return np.datetime64("2012-06-16T22", "ns") + np.timedelta64(step, "m")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Files of one step each, whose names are not in order of time."""
    folder = tmp_path_factory.mktemp("made")
    for step, name in enumerate("cba"):
        _cube([_time(step)], seed=step).to_netcdf(folder / f"{name}.nc")
    return folder


@pytest.fixture
def files(made, tmp_path):
    """Copies of them, in order of time, that a test may spoil."""
    return [Path(shutil.copy(made / f"{name}.nc", tmp_path)) for name in "cba"]


@pytest.fixture(scope="module")
def whole(made, tmp_path_factory):
    """What is in the store that they become, with chunks of 4 nodes."""
    folder = tmp_path_factory.mktemp("whole")
    sources = [made / f"{name}.nc" for name in "cba"]
    return _content(mhd.ingest(sources, folder / "a.zarr", chunks=4))


def _content(store):
    """Every file of a store and what is in it."""
    return {
        str(path.relative_to(store)): path.read_bytes()
        for path in store.rglob("*")
        if path.is_file()
    }


def _bare(cube):
    return cube.drop_attrs(deep=False).compute()


# What is made


@pytest.mark.parametrize("compression", ["zstd", "lz4", "none"])
def test_a_series_comes_back_as_it_was(files, tmp_path, compression):
    store = mhd.ingest(
        files, tmp_path / "a.zarr", compression=compression, chunks=4
    )
    cube = mhd.open_cube(store)
    expected = xr.concat([mhd.open_cube(p) for p in files], "time")
    xr.testing.assert_identical(_bare(cube), _bare(expected))
    assert cube.attrs["title"] == "noise"
    assert cube.attrs["dipole_tilt"] == 3.5
    assert cube.velocity.attrs["frame"] == "GSM"


def test_a_store_keeps_its_own_chunks_when_it_is_opened(files, tmp_path):
    store = mhd.ingest(files, tmp_path / "a.zarr", chunks={"x": 4, "y": 3})
    cube = mhd.open_cube(store)
    assert cube.velocity.chunks == (
        (1,) * STEPS,
        (4, 4, 1),
        (3, 3, 2),
        (7,),
        (3,),
    )
    again = mhd.open_cube(store, chunks={"y": 8})
    assert again.density.chunks == ((1,) * STEPS, (4, 4, 1), (8,), (7,))


def test_a_store_of_another_tool_keeps_its_chunks_too(tmp_path):
    cube = _cube([_time(step) for step in range(4)])
    chunked = cube.chunk({"time": 2, "x": 5})
    chunked.to_zarr(tmp_path / "b.zarr", zarr_format=2, consolidated=True)
    assert mhd.open_cube(tmp_path / "b.zarr").density.chunks[:2] == (
        (2, 2),
        (5, 4),
    )


@pytest.mark.parametrize("size", [1, 40, 95, 97, 161, 256, 1024, 1025])
def test_chunks_are_alike_and_about_64_nodes_wide(size):
    edge = width(size)
    assert min(size, 43) <= edge <= 95
    if size >= 64:
        last = size % edge or edge
        assert last > edge - size / edge


def test_a_cube_without_time_is_ingested_alone(tmp_path):
    source = samples.path("batsrus_b_2012-06-16.nc")
    steady = mhd.open_cube(source)
    store = mhd.ingest(source, tmp_path / "b.zarr")
    xr.testing.assert_identical(_bare(mhd.open_cube(store)), _bare(steady))
    xr.testing.assert_identical(
        _bare(mhd.driver(mhd.open_cube(store))), _bare(mhd.driver(steady))
    )


def test_a_step_larger_than_memory_is_written_in_slabs(
    files, whole, tmp_path, monkeypatch
):
    seen = []
    read = writing._read

    def watched(part, path):
        seen.append(part.sizes["x"])
        return read(part, path)

    monkeypatch.setattr(writing, "_AT_ONCE", 10_000)
    monkeypatch.setattr(writing, "_read", watched)
    slabs = mhd.ingest(files, tmp_path / "slabs.zarr", chunks=4)
    assert seen == [4, 4, 1] * STEPS
    assert _content(slabs) == whole


@pytest.mark.parametrize("bits", [6, 12])
def test_rounding_keeps_so_many_bits_and_what_is_unknown(
    files, tmp_path, bits
):
    store = mhd.ingest(files, tmp_path / "a.zarr", keep_bits=bits)
    full = mhd.open_cube(files[0]).isel(time=0).compute()
    less = mhd.open_cube(store).isel(time=0).compute()
    error = np.abs(less.velocity / full.velocity - 1).max()
    assert 2.0 ** -(bits + 2) < error <= 2.0 ** -(bits + 1)
    assert (np.isnan(less.density) == np.isnan(full.density)).all()
    assert json.loads(less.attrs["settings"])["keep_bits"] == bits


@pytest.mark.parametrize("bits", [1, 7, 22])
def test_rounding_is_that_of_numcodecs(bits):
    codec = numcodecs.BitRound(keepbits=bits)
    values = np.random.default_rng(3).normal(0.0, 1e3, 5000).astype("f4")
    theirs = codec.decode(codec.encode(values.copy())).view("f4")
    np.testing.assert_array_equal(rounded(values, bits), theirs)


def test_not_a_number_of_any_kind_survives_rounding():
    odd = np.array([0x7FFFFFFF, 0xFFFFFFFF, 0x7F800000], "u4").view("f4")
    kept = rounded(odd, 3)
    assert np.isnan(kept[:2]).all()
    assert kept[2] == np.inf


def test_a_store_names_its_sources_with_their_sha256(files, tmp_path):
    store = mhd.ingest(files, tmp_path / "a.zarr")
    told = json.loads(mhd.open_cube(store).attrs["sources"])
    assert [source["file"] for source in told] == [p.name for p in files]
    for source, path in zip(told, files, strict=True):
        content = path.read_bytes()
        assert source["sha256"] == hashlib.sha256(content).hexdigest()
        assert source["bytes"] == len(content)


def test_a_pattern_stands_for_many_files(files, tmp_path):
    store = mhd.ingest(str(tmp_path / "*.nc"), tmp_path / "a.zarr")
    assert mhd.open_cube(store).sizes["time"] == STEPS


def test_progress_counts_steps_up_to_all(files, tmp_path):
    seen = []
    mhd.ingest(files, tmp_path / "a.zarr", progress=lambda *n: seen.append(n))
    assert seen[-1] == (STEPS, STEPS)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


# Interrupted


@pytest.fixture(scope="module")
def forked():
    """Ingest in a process of its own; returns what it answers, a list."""
    script = Path(__file__).with_name("ingesting.py")
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:

        def order(sources, store, *, chunks=4, **how):
            asked = {"sources": [*map(str, sources)], "store": str(store)}
            text = json.dumps({**asked, "chunks": chunks, **how})
            server.stdin.write(text + "\n")
            server.stdin.flush()
            said = []
            while not (said and re.fullmatch(r"-?\d+", said[-1])):
                line = server.stdout.readline()
                assert line, "the server of processes has ended"
                said.append(line.strip())
            return said

        yield order
        server.stdin.close()


def test_killed_again_and_again_it_ends_as_if_never_killed(
    files, whole, tmp_path, forked
):
    store = tmp_path / "killed.zarr"
    for step, places in ((0, 1), (1, 3), (1, 4), (2, 2)):
        assert forked(files, store, step=step, places=places) == ["-9"]
        assert not store.exists()
        part = tmp_path / "killed.zarr.part"
        with pytest.raises(ValueError, match="is an unfinished store"):
            mhd.open_cube(part)
        with pytest.raises(ValueError, match="cannot be read as Zarr"):
            mhd.open_cube(part / "killed.zarr")
        assert f"no: {step} of 3 steps" in mhd.info(part)
    mhd.ingest(files, store, chunks=4)
    assert _content(store) == whole
    assert not part.exists()


def test_killed_at_any_moment_it_ends_as_if_never_killed(
    files, whole, tmp_path, forked
):
    store = tmp_path / "killed.zarr"
    for seconds in np.random.default_rng(5).uniform(0.05, 0.7, 4):
        assert forked(files, store, seconds=seconds)[-1] in ("-9", "0")
    mhd.ingest(files, store, chunks=4)
    assert _content(store) == whole


def test_going_on_reads_only_what_is_missing(files, tmp_path, monkeypatch):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    store = tmp_path / "a.zarr"
    with pytest.raises(KeyboardInterrupt):
        mhd.ingest(files, store, progress=stop)
    seen = []
    mhd.ingest(files, store, progress=lambda done, _: seen.append(done))
    assert seen == [1, 2, 2, 3]


def test_a_torn_line_of_the_journal_costs_one_step(files, whole, tmp_path):
    store = _begun(files, tmp_path)
    journal = tmp_path / "a.zarr.part" / "journal.jsonl"
    journal.write_text(journal.read_text()[:-9])
    _begun(files, tmp_path)  # goes on, and is stopped once more
    mhd.ingest(files, store, chunks=4)
    assert _content(store) == whole


def _begun(files, tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mhd.ingest(files, tmp_path / "a.zarr", chunks=4, progress=stop)
    return tmp_path / "a.zarr"


def test_a_step_that_lost_bytes_since_is_written_again(files, whole, tmp_path):
    store = _begun(files, tmp_path)
    chunk = tmp_path / "a.zarr.part/a.zarr/density/c/1/0/0/0"
    chunk.write_bytes(b"")  # as after a power cut
    mhd.ingest(files, store, chunks=4)
    assert _content(store) == whole


def test_other_settings_than_those_it_was_begun_with_are_refused(
    files, tmp_path
):
    store = _begun(files, tmp_path)
    with pytest.raises(ValueError, match="begun with other settings: remove"):
        mhd.ingest(files, store, chunks=4, keep_bits=9)
    with pytest.raises(ValueError, match="begun with other sources, times"):
        mhd.ingest(files[:-1], store, chunks=4)


def test_a_source_that_changed_since_is_refused(files, tmp_path):
    store = _begun(files, tmp_path)
    _cube([_time(1)], seed=99).to_netcdf(files[1])
    with pytest.raises(ValueError, match=r"b\.nc has changed since"):
        mhd.ingest(files, store, chunks=4)
    assert not store.exists()


def test_a_source_that_changes_while_it_is_read_is_refused(files, tmp_path):
    def touch(done, total):
        if done == 2:
            os.utime(files[1], ns=(1, 1))

    with pytest.raises(ValueError, match=r"b\.nc has changed since"):
        mhd.ingest(files, tmp_path / "a.zarr", progress=touch)


def test_the_same_again_leaves_the_store_as_it_is(files, tmp_path):
    store = mhd.ingest(files, tmp_path / "a.zarr")
    before = (store / "zarr.json").stat().st_mtime_ns
    assert mhd.ingest(files, store) == store
    assert (store / "zarr.json").stat().st_mtime_ns == before
    with pytest.raises(FileExistsError, match="exists already, of other"):
        mhd.ingest(files, store, chunks=3)
    _cube([_time(1)], seed=99).to_netcdf(files[1])
    with pytest.raises(FileExistsError, match="exists already, of other"):
        mhd.ingest(files, store)


def test_two_at_a_time_are_refused(files, tmp_path):
    def twice(done, total):
        mhd.ingest(files, tmp_path / "a.zarr")

    with pytest.raises(BlockingIOError, match=r"another process is making a"):
        mhd.ingest(files, tmp_path / "a.zarr", progress=twice)


def test_a_full_disk_leaves_nothing_that_opens_and_says_so(
    files, tmp_path, forked
):
    store = tmp_path / "a.zarr"
    said, code = forked(files, store, chunks=9, largest=3_000)
    assert code == "1"
    assert said.startswith("there is no room for a.zarr (File too large); ")
    assert said.endswith("a.zarr.part: make room and run it again")
    assert not store.exists()
    with pytest.raises(ValueError, match="is an unfinished store"):
        mhd.open_cube(tmp_path / "a.zarr.part")
    mhd.ingest(files, store, chunks=9)
    never_full = mhd.ingest(files, tmp_path / "b.zarr", chunks=9)
    assert _content(store) == _content(never_full)


# Refused


def test_a_store_of_a_newer_version_is_refused(files, tmp_path):
    store = mhd.ingest(files, tmp_path / "a.zarr")
    zarr.open_group(store, mode="r+").attrs["store_version"] = 2
    with pytest.raises(ValueError, match="version 2, written by smile_explo"):
        mhd.open_cube(store)


def test_a_chunk_that_rotted_is_noticed_when_it_is_read(files, tmp_path):
    store = mhd.ingest(files, tmp_path / "a.zarr", compression="none")
    chunk = store / "density/c/1/0/0/0"
    spoiled = bytearray(chunk.read_bytes())
    spoiled[100] ^= 1
    chunk.write_bytes(spoiled)
    with pytest.raises(ValueError, match="checksum"):
        mhd.open_cube(store).density.isel(time=1).compute()


def _same_time(files):
    _cube([_time(1)]).to_netcdf(files[2])


def _other_grid(files):
    _cube([_time(2)], shape=(9, 8, 6)).to_netcdf(files[2])


def _other_variables(files):
    cube = _cube([_time(2)])
    cube["solar_wind_fraction"] = cube.density
    cube.to_netcdf(files[2])


def _no_time(files):
    _cube([_time(2)]).isel(time=0, drop=True).to_netcdf(files[2])


def _empty(files):
    files[2].write_bytes(b"")


def _cut_short(files):
    files[2].write_bytes(files[2].read_bytes()[:9000])


def _zip(files):
    files[2].write_bytes(b"PK\x03\x04../../etc/cron.d/evil")


def _tar(files):
    files[2].write_bytes(b"\0" * 257 + b"ustar")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (_same_time, r"22:01:00 comes twice, in b\.nc and a\.nc; leave"),
        (_other_grid, r"a\.nc has another grid than c\.nc: 6 nodes of z"),
        (_other_variables, "only one has solar_wind_fraction"),
        (_no_time, r"a\.nc does not say its time"),
        (_empty, r"a\.nc is empty, which is none of the formats"),
        (_cut_short, r"a\.nc cannot be read as NetCDF: it is damaged"),
        (_zip, r"a\.nc is a zip archive.*unpack it"),
        (_tar, r"a\.nc is a tar archive.*unpack it"),
    ],
)
def test_a_bad_series_is_refused_before_anything_is_written(
    files, tmp_path, spoil, message
):
    spoil(files)
    with pytest.raises(ValueError, match=message):
        mhd.ingest(files, tmp_path / "a.zarr")
    assert not list(tmp_path.glob("*.zarr*"))


def test_times_of_files_that_overlap_are_refused(tmp_path):
    for name, steps in (("a", (0, 4)), ("b", (2, 6))):
        _cube([_time(step) for step in steps]).to_netcdf(
            tmp_path / f"{name}.nc"
        )
    with pytest.raises(ValueError, match="22:02:00 is out of order"):
        mhd.ingest(tmp_path / "*.nc", tmp_path / "a.zarr")


def _with_a_gap(files, tmp_path):
    _cube([_time(4)]).to_netcdf(tmp_path / "later.nc")
    return [*files, tmp_path / "later.nc"]


def test_a_missing_step_is_told(files, tmp_path):
    with pytest.warns(
        UserWarning,
        match="1 times lie further apart .* 60 s, first after .*22:02:00",
    ):
        mhd.ingest(_with_a_gap(files, tmp_path), tmp_path / "a.zarr")


def test_a_link_that_leads_out_of_a_store_is_refused(tmp_path):
    (tmp_path / "secret").write_text("secret")
    inside = mhd.ingest(
        samples.path("batsrus_b_2012-06-16.nc"), tmp_path / "b.zarr"
    )
    (inside / "density" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(ValueError, match=r"link leads out of b\.zarr"):
        mhd.ingest(inside, tmp_path / "c.zarr")
    assert not list(tmp_path.glob("c.zarr*"))


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"sources": "none.nc"}, FileNotFoundError, "no MHD cube at none.nc"),
        ({"sources": []}, ValueError, "no sources were given"),
        ({"store": "a.nc"}, ValueError, r"must end in \.zarr, got a\.nc"),
        ({"store": "none/a.zarr"}, FileNotFoundError, "the folder none does"),
        ({"compression": "gzip"}, ValueError, "one of zstd, .* got 'gzip'"),
        ({"keep_bits": 24}, ValueError, "from 1 to 22, .* got 24"),
        ({"chunks": 0}, ValueError, "whole number of nodes .* got 0"),
        ({"chunks": {"time": 2}}, ValueError, "chunks has time; they can"),
    ],
)
def test_bad_input_is_one_sentence(
    tmp_path, monkeypatch, given, error, message
):
    monkeypatch.chdir(tmp_path)
    source = samples.path("batsrus_b_2012-06-16.nc")
    asked = {"sources": source, "store": "a.zarr", **given}
    with pytest.raises(error, match=message):
        mhd.ingest(**asked)
    assert not list(tmp_path.iterdir())


def test_a_source_that_is_given_twice_is_refused(files, tmp_path):
    with pytest.raises(ValueError, match=r"c\.nc was given twice"):
        mhd.ingest([*files, files[0]], tmp_path / "a.zarr")


# The commands


def test_the_commands_ingest_and_tell(files, tmp_path, capsys):
    store = tmp_path / "a.zarr"
    names = [str(path) for path in files]
    assert (
        cli.main(["ingest", *names, "--out", str(store), "--chunk", "4"]) == 0
    )
    assert f"Wrote {store}." in capsys.readouterr().out
    assert cli.main(["info", str(store)]) == 0
    said = capsys.readouterr().out
    for line in (
        "cube store, version 1 (Zarr 3), of smile_explore",
        "complete    yes",
        "x           9 nodes, 0 to 4 R_E GSM, every 0.5",
        "times       3, 2012-06-16 22:00:00 to 2012-06-16 22:02:00 UTC",
        "chunks      4 x 4 x 4 nodes, 36 a variable",
        "settings    chunks 4 x 4 x 4, compression zstd, all bits kept",
        f"c.nc  {files[0].stat().st_size / 1e3:.3g} kB  sha256 "
        f"{hashlib.sha256(files[0].read_bytes()).hexdigest()}",
    ):
        assert line in said


def test_of_many_sources_the_first_are_told_unless_all_are_asked_for(
    files, tmp_path, monkeypatch
):
    store = mhd.ingest(files, tmp_path / "a.zarr")
    monkeypatch.setitem(mhd.info.__globals__, "_FEW", 2)
    said = mhd.info(store)
    assert "b.nc" in said
    assert "a.nc" not in said
    assert "and 1 more (--sources lists all)" in said
    assert "a.nc" in mhd.info(store, every_source=True)


def test_a_sample_is_told_with_its_citation(capsys):
    assert (
        cli.main(["info", str(samples.path("batsrus_e_2012-06-16.nc"))]) == 0
    )
    said = capsys.readouterr().out
    assert "NetCDF or Zarr" in said
    assert "citation    " in said
    assert "10.1016/j.jcp.2011.02.006" in said


def test_a_missing_step_is_a_note_of_the_command(files, tmp_path, capsys):
    names = [str(path) for path in _with_a_gap(files, tmp_path)]
    assert cli.main(["ingest", *names, "--out", str(tmp_path / "a.zarr")]) == 0
    assert "Note: steps seem to be missing" in capsys.readouterr().err


def test_the_command_hands_on_how_to_read(monkeypatch, tmp_path):
    asked = {}
    monkeypatch.setattr(
        mhd, "ingest", lambda *given, **how: asked.update(how, files=given[0])
    )
    command = ["ingest", "a.out", "--out", str(tmp_path / "a.zarr")]
    command += ["--grid", "0.5", "--start", "2012-06-16", "--box"]
    assert cli.main([*command, "-5", "16", "-9", "9", "-8", "20"]) == 0
    assert asked.pop("progress") is not None
    assert asked == {
        "files": ["a.out"],
        "chunks": None,
        "compression": "zstd",
        "keep_bits": None,
        "grid": 0.5,
        "start": "2012-06-16",
        "box": {"x": (-5.0, 16.0), "y": (-9.0, 9.0), "z": (-8.0, 20.0)},
    }
