import errno
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from smile_explore.data import cache


@dataclass(frozen=True)
class Setting:
    exposure: float
    start: np.datetime64


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def no_folder(tmp_path, monkeypatch):
    """A folder that nobody can make, the superuser included."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "file" / "kept"))


def read(path: Path) -> str:
    text = path.read_text()
    if not text.endswith("."):
        raise ValueError("it does not end")
    return text


def write(result: str, path: Path) -> None:
    path.write_text(result)


def test_the_folder_can_be_chosen(folder):
    assert cache.folder() == folder


def test_the_folder_is_the_users_own_by_default(monkeypatch):
    monkeypatch.delenv("SMILE_EXPLORE_CACHE", raising=False)
    assert cache.folder().name == "smile_explore"


@pytest.mark.parametrize(
    "parts",
    [
        (1, 2.5, "text", None, True),
        ({"b": 1, "a": [1, (2, 3)]},),
        (Setting(300.0, np.datetime64("2012-06-16")),),
        (np.arange(3.0), np.float64(2.0)),
        (Path("here"), read),
    ],
)
def test_the_same_content_has_the_same_key(parts):
    assert cache.key(*parts) == cache.key(*parts)
    assert cache.key(*parts) != cache.key(*parts, "more")


def test_a_key_does_not_depend_on_the_order_of_a_mapping():
    assert cache.key({"a": 1, "b": 2}) == cache.key({"b": 2, "a": 1})


def test_a_key_is_the_same_in_another_process():
    code = (
        "from smile_explore.data import cache;"
        "print(cache.key('event', {'run': 'E', 'exposure': 300.0}))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()
    assert other == cache.key("event", {"exposure": 300.0, "run": "E"})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Setting(300.0, np.datetime64("2012-06-16")),
            Setting(301.0, np.datetime64("2012-06-16")),
        ),
        (
            Setting(300.0, np.datetime64("2012-06-16")),
            Setting(300.0, np.datetime64("2012-06-17")),
        ),
        (np.arange(4), np.arange(4).reshape(2, 2)),
        (np.zeros(2), np.zeros(2, "f4")),
        ("1", 1),
        (["a", "b"], ["ab"]),
    ],
)
def test_other_content_has_another_key(one, other):
    assert cache.key(one) != cache.key(other)


def test_the_unit_of_a_time_does_not_change_its_key():
    day, nanoseconds = (np.datetime64("2012-06-16", u) for u in ("D", "ns"))
    assert cache.key(day) == cache.key(nanoseconds)


def test_a_key_of_something_without_content_is_refused():
    with pytest.raises(TypeError, match="cannot be made of object"):
        cache.key({"a": [object()]})


def test_what_is_stored_comes_back(folder):
    path = cache.store("one.txt", "done.", write=write)
    assert path == folder / "one.txt"
    assert cache.load("one.txt", read=read) == "done."
    assert list(folder.iterdir()) == [path]


def test_what_is_not_there_is_a_key_error(folder):
    with pytest.raises(KeyError, match="none.txt"):
        cache.load("none.txt", read=read)


def test_a_damaged_entry_is_removed(folder):
    folder.mkdir()
    (folder / "one.txt").write_text("half of i")
    with pytest.raises(KeyError, match="one.txt"):
        cache.load("one.txt", read=read)
    assert not (folder / "one.txt").exists()


def test_a_damaged_entry_is_thrown_away_and_made_again(folder, caplog):
    folder.mkdir()
    (folder / "one.txt").write_text("half of i")
    with caplog.at_level(logging.WARNING):
        result = cache.cached(
            "one.txt", lambda: "new.", read=read, write=write
        )
    assert result == "new."
    assert "one.txt: it does not end" in caplog.text
    assert (folder / "one.txt").read_text() == "new."


def test_a_result_is_computed_once(folder):
    calls = []

    def compute():
        calls.append(1)
        return "done."

    for _ in range(3):
        cache.cached("one.txt", compute, read=read, write=write)
    assert len(calls) == 1


def test_an_error_of_the_computation_stores_nothing(folder):
    def compute():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cache.cached("one.txt", compute, read=read, write=write)
    assert not folder.exists()


def test_an_interrupted_write_leaves_what_was_there(folder):
    cache.store("one.txt", "old.", write=write)

    def fail(result, path):
        path.write_text("ne")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(cache.CacheUnwritable, match="No space left on device"):
        cache.store("one.txt", "new.", write=fail)
    assert cache.load("one.txt", read=read) == "old."
    assert [file.name for file in folder.iterdir()] == ["one.txt"]


def test_without_a_folder_the_reason_is_one_sentence(no_folder):
    with pytest.raises(
        cache.CacheUnwritable, match="kept in memory only: .* cannot be"
    ) as caught:
        cache.store("one.txt", "done.", write=write)
    assert isinstance(caught.value, OSError)
    assert "\n" not in str(caught.value)


def test_without_a_folder_the_caller_goes_on_and_is_told(no_folder):
    told = []
    result = cache.cached(
        "one.txt", lambda: "done.", read=read, write=write, warn=told.append
    )
    assert result == "done."
    assert len(told) == 1
    assert "SMILE_EXPLORE_CACHE" in told[0]


def test_without_permission_to_write_the_caller_goes_on_and_is_told(
    folder, monkeypatch
):
    def refuse(**options):  # as a read-only folder does, but not to root
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(cache.tempfile, "TemporaryDirectory", refuse)
    told = []
    result = cache.cached(
        "one.txt", lambda: "done.", read=read, write=write, warn=told.append
    )
    assert result == "done."
    assert told == [
        f"Results are kept in memory only: {folder} cannot be written "
        "(Permission denied); set SMILE_EXPLORE_CACHE to another folder."
    ]
