"""The drawer of exports: what it offers, saves, tells."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import replace

import numpy as np
import pytest

from smile_explore.explorer.export.drawer import ExportDrawer
from smile_explore.explorer.export.files import FOLDER, folder_for, new_file
from smile_explore.explorer.export.unseen import unseen
from smile_explore.explorer.state import State

PICTURES = ("PNG picture", "SVG picture", "MP4 movie", "GIF movie")


@pytest.fixture
def drawer(overview, tmp_path):
    made = ExportDrawer(
        scene=lambda: overview,
        state=lambda: State(event="2012-06-16", run="BATS-R-US E"),
        guard=lambda answer: answer,
        around=tmp_path,
    )
    made.refresh()
    return made


def files(folder):
    return sorted(one.name for one in (folder / FOLDER).iterdir())


def visible(part):
    return part.layout.display is None


def test_of_the_view_and_of_a_panel_there_is_what_can_be_made(drawer):
    assert drawer.what.options[0] == "the whole view"
    assert "sxi" in drawer.what.options
    assert "readings" not in drawer.what.options, "words are no data"
    assert drawer.kind.options == (*PICTURES, "HTML page", "Python lines")
    drawer.what.value = "sxi"
    assert drawer.kind.options == (
        *PICTURES,
        *("CSV data", "NetCDF data", "FITS data", "Python lines"),
    )


def test_only_what_a_kind_needs_can_be_set(drawer):
    for kind, needed in (
        ("PNG picture", []),
        ("MP4 movie", [drawer.range, drawer.rate]),
        ("HTML page", [drawer.range, drawer.frames]),
        ("Python lines", []),
    ):
        drawer.kind.value = kind
        parts = (drawer.range, drawer.rate, drawer.frames)
        assert [part for part in parts if visible(part)] == needed


def test_a_choice_is_kept_while_it_can_be(drawer, overview):
    drawer.what.value = "sxi"
    drawer.kind.value = "FITS data"
    drawer.range.index = (1, 2)
    drawer.refresh()
    assert (drawer.what.value, drawer.kind.value) == ("sxi", "FITS data")
    assert drawer.range.index == (1, 2)
    drawer.what.value = "the whole view"
    assert drawer.kind.value == "PNG picture"


def test_saving_never_replaces_and_gives_a_link(drawer, tmp_path):
    drawer.what.value = "speed"
    drawer.kind.value = "CSV data"
    drawer.save.click()
    drawer.save.click()
    first = "2012-06-16_speed_20120616T215000"
    assert files(tmp_path) == [f"{first}.csv", f"{first}_2.csv"]
    told = drawer.told.value
    assert f"Saved as {FOLDER}/{first}_2.csv" in told
    assert f'download="{first}_2.csv"' in told
    (held,) = re.findall(r"base64,([\w+/=]+)", told)
    path = tmp_path / FOLDER / f"{first}_2.csv"
    assert base64.b64decode(held) == path.read_bytes()


def test_a_movie_is_of_the_stretch_and_leaves_the_screen(
    drawer, overview, tmp_path
):
    before = overview.shown.time
    drawer.what.value = "noon"
    drawer.kind.value = "GIF movie"
    drawer.range.index = (1, 2)
    drawer.save.click()
    assert files(tmp_path) == [
        "2012-06-16_noon_20120616T215000_20120616T220000.gif"
    ]
    assert overview.shown.time == before
    assert not visible(drawer.progress)
    assert not drawer.save.disabled


def test_lines_are_written_and_can_be_copied(drawer, tmp_path):
    drawer.kind.value = "Python lines"
    drawer.save.click()
    (name,) = files(tmp_path)
    assert name.endswith(".py")
    assert "smile.explore(" in (tmp_path / FOLDER / name).read_text()
    assert "navigator.clipboard" in drawer.told.value
    assert "<textarea" in drawer.told.value


def test_where_nothing_is_picked_it_is_told(drawer, shown, tmp_path):
    scene = unseen(replace(shown, sight=None), "X-ray")
    drawer._scene = lambda: scene
    drawer.refresh()
    drawer.what.value = "line of sight"
    drawer.kind.value = "CSV data"
    drawer.save.click()
    assert "nothing behind the panel" in drawer.told.value
    assert files(tmp_path) == []


@pytest.mark.parametrize(
    "kind",
    [
        *("PNG picture", "SVG picture", "MP4 movie", "GIF movie"),
        *("HTML page", "NetCDF data", "Python lines"),
    ],
)
def test_on_a_full_disk_one_sentence_is_told_and_nothing_left(
    drawer, tmp_path, full_disk, kind
):
    drawer.what.value = "the whole view" if kind == "HTML page" else "density"
    drawer.kind.value = kind
    drawer.range.index = (1, 2)
    if kind == "Python lines":
        # a few lines fit: the disk has no room at all
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    drawer.save.click()
    assert "is the disk full" in drawer.told.value
    assert "href" not in drawer.told.value
    assert files(tmp_path) == []


def test_a_folder_that_cannot_be_made_is_told(drawer, tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    for kind in ("PNG picture", "MP4 movie", "Python lines"):
        drawer.kind.value = kind
        drawer.save.click()
        told = drawer.told.value
        assert re.search("cannot be made.*start the notebook", told)
    assert "<textarea" in told, "the lines can still be copied"
    assert [one.name for one in tmp_path.iterdir()] == [FOLDER]


def test_names_are_of_event_panel_and_time(shown, tmp_path):
    folder = folder_for(tmp_path)
    path = new_file(folder, shown, "line of sight", ".nc")
    assert path.name == "2012-06-16_line-of-sight_20120616T215000.nc"
    path.touch()
    assert new_file(folder, shown, "line of sight", ".nc").name.endswith(
        "T215000_2.nc"
    )
    until = shown.time + np.timedelta64(1, "h")
    assert new_file(folder, shown, "X-ray", ".mp4", until=until).name == (
        "2012-06-16_X-ray_20120616T215000_20120616T225000.mp4"
    )


def test_beside_a_notebook_it_shows_how_far_it_is_and_can_be_cancelled(
    drawer, tmp_path
):
    """With the loop of a notebook running the work is done in a thread."""
    told = []
    drawer.progress.observe(
        lambda change: told.append(change["new"]), names="value"
    )
    drawer.what.value = "sxi"
    drawer.kind.value = "MP4 movie"

    async def begin_and_stop():
        drawer.save.click()
        assert drawer.save.disabled
        assert visible(drawer.progress)
        drawer.stop.click()
        while drawer.save.disabled:
            await asyncio.sleep(0.05)

    asyncio.run(begin_and_stop())
    assert "Cancelled; nothing was written." in drawer.told.value
    assert files(tmp_path) == []

    async def begin_and_wait():
        drawer.save.click()
        while drawer.save.disabled:
            await asyncio.sleep(0.05)

    asyncio.run(begin_and_wait())
    assert "Saved as" in drawer.told.value
    assert len(files(tmp_path)) == 1
    assert max(told) >= 1, "frames were counted"
