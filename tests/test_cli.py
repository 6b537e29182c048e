from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smile_explore import __version__, cli, events, lab
from smile_explore.cli import progress as told
from smile_explore.data import archive
from smile_explore.events import cluster, library


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """Start no workers, but tell how many were to be."""
    counts = []

    @contextlib.contextmanager
    def local_workers(count=None):
        counts.append(count)
        yield None

    monkeypatch.setattr(cluster, "local_workers", local_workers)
    return counts


@pytest.fixture
def saved(monkeypatch):
    """Replace the simulation and the writer; what they were asked for."""
    asked = {}

    def observe(event, *, run=None, rng=None, progress=None, client=None):
        asked.update(event=event.name, run=run, rng=rng, client=client)
        progress(1, 2)
        progress(2, 2)
        return "observations"

    def save(observations, path):
        asked.update(observations=observations)
        Path(path).write_text("whole")

    monkeypatch.setattr(events, "observe", observe, raising=False)
    monkeypatch.setattr(archive, "save", save)
    return asked


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])
    assert stop.value.code == 0
    text = capsys.readouterr().out
    known = ("list", "make", "run", "observe", "warm", "ingest", "info")
    for command in (*known, "export"):
        assert f"\n    {command} " in text


def test_no_command_is_a_mistake_of_usage(capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main([])
    assert stop.value.code == 2
    assert "usage: smile-explore" in capsys.readouterr().err


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "smile_explore", "--version"]
    answer = subprocess.run(command, capture_output=True, text=True)
    assert answer.returncode == 0
    assert answer.stdout.strip() == __version__


def test_list_shows_every_event_with_its_time_and_title(capsys):
    assert cli.main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(events.catalog().index)
    assert "2012-06-16 12:00 to 2012-06-17 14:00 UTC" in lines[0]
    assert events.load("2012-06-16").title in lines[0]


def test_list_shows_what_meets_a_limit(capsys):
    assert cli.main(["list", "--pressure", "20", "--bz", "-5"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("2012-06-16")


def test_make_adds_an_event(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SMILE_EXPLORE_EVENTS", str(tmp_path / "own.toml"))
    monkeypatch.setenv("SMILE_EXPLORE_OFFLINE", "1")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    begin = ["make", "2012-06-16T20:00", "--hours", "1"]
    assert cli.main([*begin, "--name", "shock"]) == 0
    said = capsys.readouterr()
    assert said.out == "shock  16 June 2012: 13 nPa\n"
    assert "shock overlaps 2012-06-16." in said.err
    assert events.load("shock").stop == np.datetime64("2012-06-16T21:00")
    assert cli.main(["make", "2012-06-16", "--hours", "99"]) == 1
    assert "up to 72 hours, got 99" in capsys.readouterr().err


def test_list_ends_quietly_when_nobody_reads_on():
    command = f"{sys.executable} -m smile_explore list"
    reader = subprocess.Popen(
        [sys.executable, "-c", ""], stdin=subprocess.PIPE
    )
    reader.wait()
    answer = subprocess.run(
        command.split(),
        stdout=reader.stdin,
        stderr=subprocess.PIPE,
        text=True,
    )
    reader.stdin.close()
    assert answer.stderr == ""


@pytest.mark.parametrize(
    "command", [["observe", "--out", "a.nc"], ["run", "--no-browser"]]
)
def test_an_unknown_event_is_one_sentence_with_the_known_ones(
    command, capsys, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert cli.main([*command, "1859-09-01"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.count("\n") == 1
    assert "1859-09-01" in complaint
    for name in events.catalog().index:
        assert name in complaint
    assert list(tmp_path.iterdir()) == []


def test_observe_writes_what_was_asked_for(saved, started, tmp_path, capsys):
    out = tmp_path / "seen.nc"
    command = ["observe", "2012-06-16", "--out", str(out), "--workers", "3"]
    assert cli.main([*command, "--run", "B", "--seed", "7"]) == 0
    assert started == [3]
    assert saved == {
        "event": "2012-06-16",
        "run": "B",
        "rng": 7,
        "client": None,
        "observations": "observations",
    }
    assert out.read_text() == "whole"
    assert f"Wrote {out}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("seen.txt", r"--out must end in \.nc, got .*seen\.txt"),
        ("none/seen.nc", "the folder .*none does not exist"),
        ("there.nc", r"there\.nc exists already.*--overwrite"),
    ],
)
def test_a_target_that_cannot_be_is_refused_before_the_work(
    name, complaint, saved, tmp_path, capsys
):
    (tmp_path / "there.nc").write_text("old")
    out = str(tmp_path / name)
    assert cli.main(["observe", "2012-06-16", "--out", out]) == 1
    assert re.search(complaint, capsys.readouterr().err)
    assert saved == {}
    assert (tmp_path / "there.nc").read_text() == "old"


def test_a_folder_that_cannot_be_written_is_refused(
    saved, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(os, "access", lambda *_: False)
    out = str(tmp_path / "seen.nc")
    assert cli.main(["observe", "2012-06-16", "--out", out]) == 1
    assert "cannot be written" in capsys.readouterr().err
    assert saved == {}


def test_an_existing_file_is_replaced_only_on_demand(saved, tmp_path):
    out = tmp_path / "there.nc"
    out.write_text("old")
    command = ["observe", "2012-06-16", "--out", str(out), "--overwrite"]
    assert cli.main(command) == 0
    assert out.read_text() == "whole"


def test_ctrl_c_leaves_no_file(tmp_path, capsys, monkeypatch):
    def observe(*_, progress, **__):
        progress(1, 5)
        raise KeyboardInterrupt

    monkeypatch.setattr(events, "observe", observe, raising=False)
    out = str(tmp_path / "seen.nc")
    assert cli.main(["observe", "2012-06-16", "--out", out]) == 130
    assert "Stopped." in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_bar_shows_the_steps_on_a_terminal_only(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    for stream, shown in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with told.bar("2012-06-16") as progress:
            progress(3, 4)
        assert ("2012-06-16:" in stream.getvalue()) is shown


def test_an_error_of_ours_is_one_sentence_too(capsys, monkeypatch):
    def search(**_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(events, "search", search)
    assert cli.main(["list"]) == 1
    complaint = capsys.readouterr().err
    assert complaint.startswith("smile-explore: ZeroDivisionError: division")
    assert "--debug" in complaint
    assert "Traceback" not in complaint
    with pytest.raises(ZeroDivisionError):
        cli.main(["--debug", "list"])


def test_warm_keeps_every_event(monkeypatch, started, capsys):
    kept = []

    def keep(event, *, progress, warn):
        progress(1, 1)
        warn("The cache cannot be written.")
        kept.append(event.name)

    monkeypatch.setattr(library, "keep", keep)
    assert cli.main(["warm"]) == 0
    assert started == [None]
    assert kept == list(events.catalog().index)
    said = capsys.readouterr().err
    assert "2012-06-16 is ready." in said
    assert "The cache cannot be written." in said


def test_run_says_which_port_it_uses_when_the_usual_one_is_taken(
    tmp_path, capsys, monkeypatch
):
    started = []
    monkeypatch.setattr(lab, "_is_free", lambda port: port > 8889)
    monkeypatch.setattr(
        lab, "start", lambda *given, **options: started.append(options)
    )
    assert cli.main(["run", "--folder", str(tmp_path)]) == 0
    assert "Port 8888 is taken" in (said := capsys.readouterr().out)
    assert "using 8890" in said
    assert started == [{"port": 8890, "browser": True}]


def test_run_takes_an_event_or_a_notebook(capsys):
    command = ["run", "2012-06-16", "--notebook", "mine.ipynb"]
    assert cli.main(command) == 1
    assert "either EVENT or --notebook" in capsys.readouterr().err


# requirement


def test_the_published_requirement_is_written_anew(tmp_path, capsys):
    assert (
        cli.main(["requirement", "--published", "--out", str(tmp_path)]) == 0
    )
    told = capsys.readouterr().out
    for name in (
        "requirement.md",
        "requirement.csv",
        "images/requirement.png",
    ):
        assert (tmp_path / name).stat().st_size > 0
        assert name in told


def test_a_page_is_not_overwritten_unless_asked(tmp_path, capsys):
    (tmp_path / "requirement.md").write_text("mine")
    command = ["requirement", "--published", "--out", str(tmp_path)]
    assert cli.main(command) == 1
    assert "exists already" in capsys.readouterr().err
    assert (tmp_path / "requirement.md").read_text() == "mine"
    assert cli.main(["requirement", "--out", str(tmp_path / "none")]) == 1
    assert "does not exist" in capsys.readouterr().err


def test_the_requirement_is_measured_with_the_seed_that_is_given(
    tmp_path, capsys, monkeypatch
):
    from smile_explore.events import requirement

    seeds = []

    def study(*, rng, progress):
        seeds.append(rng)
        progress(1, 2)
        return requirement.published()

    monkeypatch.setattr(requirement, "study", study)
    command = ["requirement", "--out", str(tmp_path), "--seed", "5"]
    assert cli.main(command) == 0
    assert seeds == [5]
    rows = pd.read_csv(tmp_path / "requirement_rows.csv")
    assert tuple(rows.columns) == requirement.COLUMNS


@pytest.fixture
def exported(monkeypatch):
    """Replace what is kept and the writer; what they were asked for."""
    asked = {}

    def keep(event, *, run=None, progress=None, warn=None):
        assert callable(warn)
        asked.update(event=event.name, run=run)
        progress(2, 2)
        return "observations"

    def export(seen, folder, *, instruments, progress):
        asked.update(seen=seen, instruments=instruments)
        progress(1, 1)
        return [folder / "README.txt"]

    monkeypatch.setattr(library, "keep", keep)
    monkeypatch.setattr(archive, "export", export)
    return asked


def test_export_writes_what_was_asked_for(exported, tmp_path, capsys):
    out = tmp_path / "storm"
    command = ["export", "2012-06-16", "--out", str(out), "--run", "B"]
    assert cli.main([*command, "--instruments", "MAG", "SXI"]) == 0
    assert exported == {
        "event": "2012-06-16",
        "run": "B",
        "seen": "observations",
        "instruments": ("SXI", "MAG"),
    }
    assert f"Wrote {out / 'README.txt'}." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "more", "complaint"),
    [
        ("none/storm", (), "the folder .*none does not exist"),
        ("there", (), "there is there already and has files in it"),
        ("file", (), "file is there already and is a file"),
        ("storm", ("--instruments", "WIC"), "SXI, UVI, LIA, MAG, got WIC"),
    ],
)
def test_what_cannot_be_exported_is_refused_before_the_work(
    name, more, complaint, exported, tmp_path, capsys
):
    (tmp_path / "there").mkdir()
    for file in (tmp_path / "there" / "old.txt", tmp_path / "file"):
        file.write_text("old")
    command = ["export", "2012-06-16", "--out", str(tmp_path / name)]
    assert cli.main([*command, *more]) == 1
    assert re.search(complaint, capsys.readouterr().err)
    assert exported == {}
    assert (tmp_path / "there" / "old.txt").read_text() == "old"
