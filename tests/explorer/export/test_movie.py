"""Movies: every frame, playable, and nothing on screen moves."""

from __future__ import annotations

import subprocess

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image

from smile_explore.explorer.export.movie import frames, save_movie, stretch
from smile_explore.explorer.export.unseen import Alone, unseen
from smile_explore.explorer.work import Cancelled


@pytest.fixture(scope="module")
def times(shown):
    return shown.observations.cuts.time.values


@pytest.fixture(scope="module")
def scene(shown):
    return unseen(shown, "Sun")


@pytest.fixture(scope="module")
def sxi(shown):
    return Alone(shown, "sxi")


def decoded(path, shape):
    """What ffmpeg says of a movie, and its frames."""
    program = imageio_ffmpeg.get_ffmpeg_exe()
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    done = subprocess.run(
        [program, "-i", str(path), *raw], capture_output=True, check=True
    )
    found = np.frombuffer(done.stdout, np.uint8).reshape(-1, *shape)
    return done.stderr.decode(), found


def test_an_mp4_has_every_frame_and_plays_everywhere(
    sxi, times, overview, shown, tmp_path
):
    steps = []
    path = save_movie(
        sxi,
        tmp_path / "a.mp4",
        times,
        rate=4.0,
        progress=lambda *one: steps.append(one),
    )
    assert steps == [(n, len(times)) for n in range(len(times))]
    wanted = list(frames(sxi, times))
    about, found = decoded(path, wanted[0].shape)
    for word in ("h264", "yuv420p", "4 fps", "not measured"):
        assert word in about
    assert len(found) == len(wanted) == len(times)
    for one, other in zip(found, wanted, strict=True):
        away = np.abs(one.astype(float) - other).mean()
        assert away < 4.0, "only what compression takes"
    assert not np.array_equal(wanted[0], wanted[-1])
    # what is on screen stands where it stood
    assert overview.shown.time == shown.time
    assert list(tmp_path.iterdir()) == [path]


def test_the_whole_view_is_drawn_and_a_gif_turns_forever(
    scene, times, tmp_path
):
    path = save_movie(scene, tmp_path / "a.gif", times[:2], rate=5.0)
    with Image.open(path) as gif:
        assert gif.n_frames == 2
        assert gif.info["duration"] == 200
        assert gif.info["loop"] == 0
        assert gif.width > 1200


def test_what_is_cancelled_leaves_nothing(sxi, times, tmp_path):
    def progress(done, total):
        if done == 2:
            raise Cancelled("cancelled")

    for name in ("a.mp4", "a.gif"):
        with pytest.raises(Cancelled):
            save_movie(sxi, tmp_path / name, times, progress=progress)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.mp4", "a.gif"])
def test_of_a_movie_that_does_not_fit_the_disk_nothing_is_left(
    sxi, times, tmp_path, full_disk, name
):
    with pytest.raises(OSError, match="cannot be written.*disk full"):
        save_movie(sxi, tmp_path / name, times)
    assert list(tmp_path.iterdir()) == []


def test_bad_input_is_refused(sxi, times, tmp_path):
    with pytest.raises(ValueError, match=r"\.mp4 or a \.gif, got .*a\.avi"):
        save_movie(sxi, tmp_path / "a.avi", times)
    with pytest.raises(ValueError, match="from 1 to 50, got 99"):
        save_movie(sxi, tmp_path / "a.mp4", times, rate=99)


def test_a_stretch_of_the_clock_has_both_its_ends():
    clock = np.arange("2012-06-16T00", "2012-06-17T00", dtype="M8[h]")
    clock = clock.astype("M8[ns]")
    some = stretch(clock, clock[3], clock[9])
    assert some[0] == clock[3]
    assert some[-1] == clock[9]
    assert len(some) == 7
    even = stretch(clock, most=5)
    assert even[0] == clock[0]
    assert even[-1] == clock[-1]
    assert len(even) == 5
    assert len(stretch(clock, most=400)) == 24
    with pytest.raises(ValueError, match="no time of the clock"):
        stretch(clock, clock[-1] + 1)
    with pytest.raises(ValueError, match="2 or more, got 1"):
        stretch(clock, most=1)
