"""Seats with real kernels, in which a line runs in place of the notebook."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import psutil
import pytest

pytest.importorskip("voila")

from smile_explore.serve import Limits, seats
from smile_explore.serve.seats import FullError, Seats
from smile_explore.serve.server import Kernels

GROW = "kept = bytearray(900_000_000)"


class Room:
    """A class whose kernels run `line`."""

    def __init__(self, limits, line="import os"):
        self.kernels = Kernels()
        self.line, self.links = line, []
        self.seats = Seats(limits, self.kernels, self.render, self.follow)

    async def execute(self, kernel, line):
        client = self.kernels.get_kernel(kernel).client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            reply = await client.execute_interactive(line, timeout=60)
        finally:
            client.stop_channels()
        return reply["content"]["status"]

    async def render(self, kernel):
        assert await self.execute(kernel, self.line) == "ok"
        return f"page of {kernel}"

    async def follow(self, kernel, query):
        self.links.append((kernel, query))

    def process(self, seat):
        return psutil.Process(
            self.kernels.get_kernel(seat.kernel).provisioner.pid
        )


def in_a_room(limits, steps, **options):
    async def work():
        room = Room(limits, **options)
        try:
            await asyncio.wait_for(steps(room), 120)
        finally:
            await asyncio.wait_for(room.kernels.shutdown_all(now=True), 60)

    asyncio.run(work())


@pytest.fixture
def hurried(monkeypatch):
    monkeypatch.setattr(seats, "EVERY", 0.1)


async def ended(room, seat):
    watching = asyncio.create_task(room.seats.watch())
    while not (why := room.seats.why_ended(seat.kernel)):
        await asyncio.sleep(0.1)
    while Path(seat.folder).exists() or seat.kernel in room.kernels:
        await asyncio.sleep(0.1)
    watching.cancel()
    return why


def test_everybody_has_a_kernel_and_the_last_is_told():
    async def steps(room):
        room.seats.fill()
        first, second = room.seats.take(), room.seats.take()
        assert first.kernel != second.kernel
        assert len(room.seats) == 2
        for seat in (first, second):
            assert await seat.page == f"page of {seat.kernel}"
            assert room.process(seat).cwd() == os.path.realpath(seat.folder)
        with pytest.raises(FullError, match="All 2 seats are taken"):
            room.seats.take()
        await room.seats.end(first, "so it is")
        assert room.seats.why_ended(first.kernel) == "so it is"
        assert room.seats.get(first.kernel) is None
        third = room.seats.take()
        assert await third.page == f"page of {third.kernel}"

    in_a_room(Limits(users=2, ready=1), steps)


def test_a_prepared_seat_is_given_first_and_replaced():
    async def steps(room):
        room.seats.fill()
        (ready,) = room.seats._seats.values()
        await ready.page
        assert room.seats.take() is ready
        assert len(room.seats._seats) == 2  # another is being prepared
        await asyncio.gather(*(s.page for s in room.seats._seats.values()))

    in_a_room(Limits(users=3, ready=1), steps)


def test_a_kernel_keeps_to_its_processors():
    async def steps(room):
        held = []
        for _ in range(2):
            seat = room.seats.take()
            await seat.page
            held.append(set(room.process(seat).cpu_affinity()))
        assert [len(one) for one in held] == [1, 1]
        if len(os.sched_getaffinity(0)) > 1:
            assert held[0] != held[1]

    if not hasattr(psutil.Process, "cpu_affinity"):
        pytest.skip("this system holds nobody to a processor")
    in_a_room(Limits(users=2, ready=0, threads=1), steps)


def test_a_link_is_followed_before_the_page_is_given_out():
    async def steps(room):
        seat = room.seats.take()
        room.seats.follow(seat, "event=2014-09-12")
        assert await seat.page == f"page of {seat.kernel}"
        assert room.links == [(seat.kernel, "event=2014-09-12")]

    in_a_room(Limits(users=1, ready=0), steps)


def test_a_seat_that_uses_too_much_memory_ends_and_says_why(hurried):
    async def steps(room):
        seat = room.seats.take()
        await seat.page
        assert await room.execute(seat.kernel, GROW) == "ok"
        assert "GB of memory, and everybody has 0.8" in await ended(room, seat)

    in_a_room(Limits(users=1, ready=0, memory=0.8), steps)


def test_a_seat_whose_kernel_stops_ends(hurried):
    async def steps(room):
        seat = room.seats.take()
        await seat.page
        room.process(seat).kill()
        assert "kernel has stopped" in await ended(room, seat)

    in_a_room(Limits(users=1, ready=0), steps)


def test_a_seat_that_nobody_looks_at_is_given_free(hurried, monkeypatch):
    async def steps(room):
        seat = room.seats.take()
        await seat.page
        monkeypatch.setattr(seats, "_GONE", 0.5)
        assert "page was closed" in await ended(room, seat)

    in_a_room(Limits(users=1, ready=0), steps)


def test_a_seat_that_nobody_moves_is_given_free(hurried):
    async def steps(room):
        seat = room.seats.take()
        await seat.page
        why = await ended(room, seat)
        assert "Nobody moved anything for 0.02 minutes" in why

    in_a_room(Limits(users=1, ready=0, idle=0.02), steps)


def test_a_notebook_that_fails_is_told(hurried):
    async def steps(room):
        seat = room.seats.take()
        assert "could not be opened" in await ended(room, seat)

    in_a_room(Limits(users=1, ready=0), steps, line="1 / 0")
