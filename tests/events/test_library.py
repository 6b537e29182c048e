import contextlib
import dataclasses
import os
from pathlib import Path

import pytest

from smile_explore.data import samples
from smile_explore.events import library, simulate


@pytest.fixture
def made(monkeypatch, observations):
    """Count the simulations, and answer them with one made before."""
    calls = []

    def observe(event, **options):
        calls.append(event.name)
        return observations

    monkeypatch.setattr(simulate, "observe", observe)
    return calls


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))


def test_an_event_is_simulated_once(made, short_event, observations):
    with pytest.raises(KeyError):
        library.recall(short_event)
    library.keep(short_event)
    again = library.keep(short_event)
    assert made == [short_event.name]
    assert again.sxi.identical(library.recall(short_event).sxi)
    assert again.event == observations.event


def test_what_the_code_made_before_it_changed_is_made_anew(
    made, short_event, monkeypatch
):
    library.keep(short_event)
    monkeypatch.setattr(library, "_code", lambda: "another version")
    with pytest.raises(KeyError):
        library.recall(short_event)


def test_what_a_file_held_before_it_changed_is_made_anew(
    made, short_event, tmp_path
):
    table = tmp_path / "wind.csv"
    table.write_bytes(samples.path(short_event.solar_wind).read_bytes())
    event = dataclasses.replace(short_event, solar_wind=str(table))
    library.keep(event)
    library.recall(event)
    os.utime(table, ns=(0, 0))
    with pytest.raises(KeyError):
        library.recall(event)


@pytest.mark.parametrize(
    ("file", "counts"),
    [
        ("constants.py", True),
        ("frames.py", True),
        ("physics/boundaries.py", True),
        ("views/cube.py", False),
        ("cli/__init__.py", False),
        ("serve/seats.py", False),
    ],
)
def test_the_code_that_makes_observations_is_part_of_their_name(
    monkeypatch, file, counts
):
    before = library._code.__wrapped__()
    read = Path.read_bytes

    def edited(path):
        return read(path) + b"#" * path.as_posix().endswith(file)

    monkeypatch.setattr(Path, "read_bytes", edited)
    assert (library._code.__wrapped__() != before) == counts


def test_a_cache_that_cannot_be_written_costs_a_sentence(
    made, short_event, monkeypatch, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "file" / "cache"))
    told = []
    library.keep(short_event, warn=told.append)
    assert len(told) == 1
    assert "SMILE_EXPLORE_CACHE" in told[0]


@pytest.mark.parametrize(
    ("most", "in_notebook", "workers"),
    [(3, True, None), (4, True, 1), (3, False, 1)],
)
def test_a_long_event_is_made_by_workers_in_a_notebook(
    made, short_event, monkeypatch, most, in_notebook, workers
):
    started = []

    @contextlib.contextmanager
    def local_workers(count):
        started.append(count)
        yield None

    monkeypatch.setattr(library, "local_workers", local_workers)
    monkeypatch.setattr(library, "starts_processes", lambda: in_notebook)
    monkeypatch.setattr(library, "_LONG", most)  # it has four images
    library.keep(short_event)
    assert started == [workers]
