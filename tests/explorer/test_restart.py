"""What a view showed, after the kernel was restarted."""

import json

import pytest

from smile_explore.explorer import restart
from smile_explore.explorer.state import State

SEEN = State(event="2012-06-16", preset="Aurora")


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """A kernel whose ports are written in a file of its own."""
    ports = tmp_path / "kernel-1.json"
    ports.write_text("{}")
    monkeypatch.setattr(restart, "_ports", lambda: ports)
    return ports


def begin_again(monkeypatch):
    monkeypatch.setattr(restart, "_RUN", restart._RUN + "+")


def test_outside_of_a_kernel_nothing_is_kept():
    restart.remember("2012-06-16", SEEN)
    assert restart.recall("2012-06-16") is None


def test_it_comes_back_in_the_next_run_and_not_in_this_one(
    kernel, monkeypatch
):
    restart.remember("2012-06-16", SEEN)
    assert restart.recall("2012-06-16") is None
    begin_again(monkeypatch)
    assert restart.recall("2012-06-16") == SEEN
    assert restart.recall("2014-09-12") is None


def test_two_views_come_back_one_after_the_other(kernel, monkeypatch):
    other = State(event="2014-09-12", mlt=3.5)
    restart.remember("2012-06-16", SEEN)
    restart.remember("2014-09-12", other)
    begin_again(monkeypatch)
    assert restart.recall("2012-06-16") == SEEN
    restart.remember("2012-06-16", State(event="2012-06-16"))
    assert restart.recall("2014-09-12") == other


def test_another_kernel_knows_nothing_of_it(kernel, monkeypatch):
    restart.remember("2012-06-16", SEEN)
    begin_again(monkeypatch)
    other = kernel.with_name("kernel-2.json")
    monkeypatch.setattr(restart, "_ports", lambda: other)
    assert restart.recall("2012-06-16") is None


def test_a_damaged_file_is_as_none(kernel):
    kept = kernel.with_name("smile_explore-kernel-1.json")
    for text in ("{", "[]", json.dumps({"run": "x", "views": 3})):
        kept.write_text(text)
        assert restart.recall("2012-06-16") is None
        restart.remember("2012-06-16", SEEN)
    assert json.loads(kept.read_text())["views"]


def test_what_ended_kernels_left_is_removed(kernel):
    left = kernel.with_name("smile_explore-kernel-0.json")
    left.write_text("{}")
    restart.remember("2012-06-16", SEEN)
    assert not left.exists()
