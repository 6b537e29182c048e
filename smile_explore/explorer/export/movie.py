"""Movies of a stretch of the clock: MP4 by ffmpeg, GIF by Pillow."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from smile_explore.data.whole import whole
from smile_explore.explorer.export.sheet import Layout, credit, draw_sheet
from smile_explore.explorer.export.unseen import Alone

if TYPE_CHECKING:
    from smile_explore.explorer.scene import Scene

__all__ = ["RATES", "frames", "save_movie", "stretch"]

Progress = Callable[[int, int], object]
#: Frames a second that may be asked for; browsers show no more in a GIF.
RATES: Final = (1, 50)
#: Pixels of the movie in one of the page; a panel alone has room for more.
_SHEET, _PANEL = 1.25, 2.0
#: What every browser, phone and slide show plays.
_H264: Final = (
    *("-c:v", "libx264", "-pix_fmt", "yuv420p", "-crf", "18"),
    *("-preset", "fast", "-movflags", "+faststart"),
)


def stretch(
    clock: np.ndarray,
    start: np.datetime64 | None = None,
    stop: np.datetime64 | None = None,
    *,
    most: int | None = None,
) -> np.ndarray:
    """Return the times of the clock from `start` to `stop`, both included.

    Parameters
    ----------
    clock : numpy.ndarray of datetime64
    start, stop : numpy.datetime64, optional
        By default its first and last.
    most : int, optional
        As many of them at most, evenly.

    Raises
    ------
    ValueError
        If there are none, or `most` is less than two.
    """
    first = clock[0] if start is None else start
    last = clock[-1] if stop is None else stop
    times = clock[(clock >= first) & (clock <= last)]
    if not len(times):
        raise ValueError(
            f"no time of the clock lies from {first} to {last}; it runs from "
            f"{clock[0]} to {clock[-1]}"
        )
    if most is not None:
        if most < 2:
            raise ValueError(f"frames must be 2 or more, got {most}")
        wanted = min(most, len(times))
        times = times[
            np.linspace(0, len(times) - 1, wanted).round().astype(int)
        ]
    return times


def frames(
    view: Scene | Alone,
    times: np.ndarray,
    *,
    progress: Progress | None = None,
) -> Iterator[np.ndarray]:
    """Draw a view at each of these times.

    Parameters
    ----------
    view : Scene or Alone
        One that no page shows; its clock is moved.
    times : numpy.ndarray of datetime64
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels.

    Yields
    ------
    frame : numpy.ndarray of uint8
        Red, green, blue; all of one size, which is even.

    Raises
    ------
    ValueError
        If a panel cannot follow the clock.
    """
    layout = Layout()
    scale = _PANEL if isinstance(view, Alone) else _SHEET
    for done, time in enumerate(times):
        if progress is not None:
            progress(done, len(times))
        failures = view.change(time=time)
        if failures:
            raise ValueError(" ".join(failures))
        paper = draw_sheet(view, scale=scale, layout=layout)
        canvas: Any = paper.figure.canvas
        canvas.draw()
        yield np.asarray(canvas.buffer_rgba())[..., :3].copy()


def save_movie(
    view: Scene | Alone,
    path: Path,
    times: np.ndarray,
    *,
    rate: float = 10.0,
    progress: Progress | None = None,
) -> Path:
    """Write a movie, whole or not at all.

    Parameters
    ----------
    view : Scene or Alone
        One that no page shows.
    path : path
        Named ``.mp4`` or ``.gif``.
    times : numpy.ndarray of datetime64
        One frame each.
    rate : float
        Frames a second. [Hz]
    progress : callable, optional
        ``progress(done, total)``; an exception raised in it cancels, and
        nothing is left.

    Raises
    ------
    ValueError
        If the name is of another kind of file, or the rate out of `RATES`.
    OSError
        If the file cannot be written.
    """
    writers = {".mp4": _write_mp4, ".gif": _write_gif}
    if path.suffix not in writers:
        raise ValueError(
            f"a movie is an .mp4 or a .gif, got the name {path.name}"
        )
    low, high = RATES
    if not low <= rate <= high:
        raise ValueError(
            f"frames a second must be from {low} to {high}, got {rate:g}"
        )
    told = credit(view.shown.observations)
    with whole(path) as part:
        drawn = frames(view, times, progress=progress)
        writers[path.suffix](drawn, part, rate, told)
    return path


def _write_mp4(
    drawn: Iterator[np.ndarray], path: Path, rate: float, told: str
) -> None:
    """Hand frames to ffmpeg, and believe it only if it ends well."""
    import imageio_ffmpeg

    first = next(drawn)
    tall, wide, _ = first.shape
    source = f"-f rawvideo -pix_fmt rgb24 -s {wide}x{tall} -r {rate:g} -i -"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y"]
    command += [*source.split(), *_H264, "-metadata", f"comment={told}"]
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            [*command, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        ) as ffmpeg:
            assert ffmpeg.stdin is not None
            try:
                ffmpeg.stdin.write(first.tobytes())
                for frame in drawn:
                    ffmpeg.stdin.write(frame.tobytes())
                ffmpeg.stdin.close()
            except BrokenPipeError:
                pass  # it tells the reason itself
            except BaseException:
                ffmpeg.kill()
                raise
        if ffmpeg.returncode:
            said.seek(0)
            lines = said.read().decode(errors="replace").split("\n")
            reason = next(
                filter(None, map(str.strip, lines)), "it was stopped"
            )
            raise OSError(f"ffmpeg could not write the movie: {reason}")


def _write_gif(
    drawn: Iterator[np.ndarray], path: Path, rate: float, told: str
) -> None:
    from PIL import Image

    first, *others = (
        Image.fromarray(frame).quantize(256, dither=Image.Dither.NONE)
        for frame in drawn
    )
    first.save(
        path,
        save_all=True,
        append_images=others,
        duration=1000.0 / rate,
        loop=0,
        comment=told.encode(),
    )
