"""Seats of a class: a kernel each, prepared, handed out, and taken back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import tempfile
import time
import uuid
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import psutil

from smile_explore.serve.limits import Limits

__all__ = ["FullError", "Seat", "Seats"]

_LOGGER = logging.getLogger(__name__)
#: Between two looks at what every kernel uses. [s]
EVERY: Final = 5.0
#: A page that is gone so long does not come back. [s]
_GONE: Final = 60.0
#: Why a seat ended is kept for so many.
_REMEMBERED: Final = 1000


class FullError(RuntimeError):
    """Every seat of the class is taken."""


@dataclass
class Seat:
    """A kernel in which the notebook runs, and the page that shows it.

    Attributes
    ----------
    kernel : str
        Its name for the server, which nobody can guess.
    folder : str
        What it writes goes here, and with it.
    page : asyncio.Task
        Of the HTML; done when the notebook has run.
    taken : bool
        Whether it is somebody's.
    seen : float
        When a page was last there, on the clock `time.monotonic`.
    """

    kernel: str
    folder: str
    page: asyncio.Task[str]
    taken: bool = False
    seen: float = 0.0


class Seats:
    """Hands out seats, and ends those that are left or use too much.

    Parameters
    ----------
    limits : Limits
    kernels : jupyter_server.services.kernels.kernelmanager
        Starts and ends kernels.
    render : callable
        Runs the notebook in a kernel, and returns its page.
    follow : callable
        Shows the view of a link in a kernel.
    """

    def __init__(
        self,
        limits: Limits,
        kernels: Any,
        render: Callable[[str], Awaitable[str]],
        follow: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self.limits = limits
        self._kernels, self._render, self._follow = kernels, render, follow
        self._seats: dict[str, Seat] = {}
        self._ended: OrderedDict[str, str] = OrderedDict()

    def __len__(self) -> int:
        """Seats that are somebody's."""
        return sum(seat.taken for seat in self._seats.values())

    def get(self, kernel: str) -> Seat | None:
        """Return a seat that still is, and take note that it is used."""
        seat = self._seats.get(kernel)
        if seat is not None:
            seat.seen = time.monotonic()
        return seat

    def why_ended(self, kernel: str) -> str:
        """Say why a seat is no more; empty where nothing is known of it."""
        return self._ended.get(kernel, "")

    def fill(self) -> None:
        """Prepare free seats, as many as shall stand ready."""
        free = sum(not seat.taken for seat in self._seats.values())
        room = self.limits.users - len(self._seats)
        for _ in range(min(self.limits.ready - free, room)):
            self._prepare()

    def take(self) -> Seat:
        """Give a seat away, one that is ready first.

        Raises
        ------
        FullError
            If all are taken.
        """
        free = [seat for seat in self._seats.values() if not seat.taken]
        free.sort(key=lambda seat: not seat.page.done())
        if not free and len(self._seats) >= self.limits.users:
            raise FullError(
                f"All {self.limits.users} seats are taken; this page looks "
                "again by itself."
            )
        seat = free[0] if free else self._prepare()
        seat.taken, seat.seen = True, time.monotonic()
        self.fill()
        return seat

    def follow(self, seat: Seat, query: str) -> None:
        """Show the view of a link on a seat, before its page is given out."""
        before = seat.page

        async def both() -> str:
            page = await before
            await self._follow(seat.kernel, query)
            return page

        seat.page = asyncio.create_task(both())

    async def watch(self) -> None:
        """Look after the seats, again and again."""
        while True:
            await asyncio.sleep(EVERY)
            for seat in list(self._seats.values()):
                try:
                    if why := await self._why(seat):
                        await self.end(seat, why)
                except Exception:
                    _LOGGER.exception("a seat could not be looked after")

    async def end(self, seat: Seat, why: str) -> None:
        """End a seat and say why; another is prepared in its place."""
        if self._seats.pop(seat.kernel, None) is None:
            return
        _LOGGER.warning("Seat %s ended: %s", seat.kernel[:8], why)
        self._ended[seat.kernel] = why
        while len(self._ended) > _REMEMBERED:
            self._ended.popitem(last=False)
        if seat.page.done() and not seat.page.cancelled():
            seat.page.exception()  # told by `why`; asyncio need not
        seat.page.cancel()
        if seat.kernel in self._kernels:
            await self._kernels.shutdown_kernel(seat.kernel, now=True)
        shutil.rmtree(seat.folder, ignore_errors=True)
        if seat.taken:  # what fails while prepared would fail again
            self.fill()

    def _prepare(self) -> Seat:
        kernel = str(uuid.uuid4())
        folder = tempfile.mkdtemp(prefix="smile_explore-seat-")
        page = asyncio.create_task(self._open(kernel, folder))
        seat = Seat(kernel, folder, page)
        self._seats[kernel] = seat
        return seat

    async def _open(self, kernel: str, folder: str) -> str:
        await self._kernels.start_kernel(kernel_id=kernel, cwd=folder)
        self._hold(kernel)
        return await self._render(kernel)

    def _process(self, kernel: str) -> psutil.Process:
        provisioner = self._kernels.get_kernel(kernel).provisioner
        return psutil.Process(provisioner.pid)

    def _hold(self, kernel: str) -> None:
        """Keep a kernel on the processors on which the fewest are."""
        process = self._process(kernel)
        if not hasattr(process, "cpu_affinity"):  # macOS
            return
        used: Counter[int] = Counter()
        for seat in self._seats.values():
            if seat.kernel != kernel and seat.kernel in self._kernels:
                used.update(self._process(seat.kernel).cpu_affinity())
        # Before it imports anything: the threads it then starts inherit it.
        known = sorted(process.cpu_affinity(), key=lambda one: used[one])
        process.cpu_affinity(known[: self.limits.threads])

    async def _why(self, seat: Seat) -> str:
        """Say why a seat must end, if it must."""
        if seat.page.done() and (error := seat.page.exception()):
            return f"The explorer could not be opened: {error}"
        if seat.kernel not in self._kernels:
            return ""  # about to start
        kernel = self._kernels.get_kernel(seat.kernel)
        if not await kernel.is_alive():
            return "The explorer's kernel has stopped."
        used = _memory(self._process(seat.kernel))
        if used > self.limits.memory:
            return (
                f"The explorer used {used:.1f} GB of memory, and everybody "
                f"has {self.limits.memory:g}: choose a shorter event, or a "
                "coarser setting."
            )
        if not seat.taken:
            return ""
        if self._kernels.connections(seat.kernel):
            seat.seen = time.monotonic()
        if time.monotonic() - seat.seen > _GONE:
            return "The page was closed."
        still = datetime.now(UTC) - kernel.last_activity
        if still.total_seconds() > 60 * self.limits.idle:
            return (
                f"Nobody moved anything for {self.limits.idle:g} minutes, "
                "and the seat was given free."
            )
        return ""


def _memory(process: psutil.Process) -> float:
    """Memory of a process and of those that it has started, in GB."""
    used = 0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            used += one.memory_info().rss
    return used / 1e9
