import asyncio
import contextvars
import threading
import time

import pytest

from smile_explore.explorer import work
from smile_explore.explorer.work import Cancelled, Later, Worker


class Heard:
    """What a worker tells, in the order it is told."""

    def __init__(self):
        self.told = []
        self.threads = set()

    def _hear(self, kind):
        def hear(*values):
            self.threads.add(threading.get_ident())
            self.told.append((kind, *values))

        return hear

    def __getattr__(self, kind):
        return self._hear(kind)

    def of(self, kind):
        return [values for name, *values in self.told if name == kind]


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def worker(heard):
    return Worker(heard.progress)


async def until(condition):
    """Let the loop run until something has come to pass."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.002)


def test_a_result_comes_back_on_the_loop(worker, heard):
    async def main():
        threads = []

        def job(progress):
            threads.append(threading.get_ident())
            return 42

        worker.start(job, heard.done, heard.failure)
        assert heard.of("done") == []
        await until(lambda: heard.of("done"))
        assert threads[0] != threading.get_ident()

    asyncio.run(main())
    assert heard.of("done") == [[42]]
    assert heard.of("failure") == []
    assert heard.threads == {threading.get_ident()}
    assert heard.of("progress") == [[0, 1], [None, 1]]


def test_a_result_comes_back_to_the_request_that_asked_for_it(worker):
    request = contextvars.ContextVar("request")
    answered = []

    async def main():
        request.set("the slider")
        worker.start(
            lambda progress: 42,
            lambda result: answered.append(request.get("nobody")),
            answered.append,
        )
        request.set("something else")
        await until(lambda: answered)

    asyncio.run(main())
    assert answered == ["the slider"]


def test_the_bar_is_gone_before_the_result_is_shown(worker, heard):
    async def main():
        worker.start(lambda progress: 1, heard.done, heard.failure)
        await until(lambda: heard.of("done"))

    asyncio.run(main())
    assert heard.told[-2:] == [("progress", None, 1), ("done", 1)]


def test_progress_is_told_on_the_loop(worker, heard, monkeypatch):
    monkeypatch.setattr(work, "_PULSE", -1.0)

    async def main():
        def job(progress):
            for done in (1, 2, 3):
                progress(done, 3)

        worker.start(job, heard.done, heard.failure)
        await until(lambda: heard.of("done"))

    asyncio.run(main())
    assert heard.of("progress") == [[0, 1], [1, 3], [2, 3], [3, 3], [None, 1]]
    assert heard.threads == {threading.get_ident()}


def test_progress_is_not_told_more_often_than_it_can_be_drawn(worker, heard):
    async def main():
        def job(progress):
            for done in range(10_000):
                progress(done, 10_000)

        worker.start(job, heard.done, heard.failure)
        await until(lambda: heard.of("done"))

    start = time.monotonic()
    asyncio.run(main())
    pulses = (time.monotonic() - start) / work._PULSE + 1
    assert 1 <= len(heard.of("progress")) - 2 <= pulses


def test_a_failure_is_reported_as_it_is(worker, heard):
    trouble = OSError("the sample is damaged")

    async def main():
        def job(progress):
            raise trouble

        worker.start(job, heard.done, heard.failure)
        await until(lambda: heard.of("failure"))

    asyncio.run(main())
    assert heard.of("failure") == [[trouble]]
    assert heard.of("done") == []
    assert heard.of("progress")[-1] == [None, 1]


def test_a_cancelled_job_stops_at_its_next_step(worker, heard):
    steps = []

    async def main():
        begun = threading.Event()

        def job(progress):
            for done in range(1000):
                steps.append(done)
                begun.set()
                progress(done, 1000)
                time.sleep(0.002)

        worker.start(job, heard.done, heard.failure)
        await until(begun.is_set)
        worker.cancel()
        await until(lambda: heard.of("failure"))

    asyncio.run(main())
    ((error,),) = heard.of("failure")
    assert isinstance(error, Cancelled)
    assert len(steps) < 1000
    assert heard.of("progress")[-1] == [None, 1]


def test_what_a_cancelled_job_still_brings_is_thrown_away(worker, heard):
    async def main():
        begun, go_on = threading.Event(), threading.Event()

        def job(progress):
            begun.set()
            go_on.wait(5)
            return "too late"  # without another step

        worker.start(job, heard.done, heard.failure)
        await until(begun.is_set)
        worker.cancel()
        go_on.set()
        await until(lambda: heard.of("failure") or heard.of("done"))

    asyncio.run(main())
    assert heard.of("done") == []
    ((error,),) = heard.of("failure")
    assert isinstance(error, Cancelled)


def test_a_new_job_cancels_the_old_and_silences_it(worker, heard):
    async def main():
        begun, go_on = threading.Event(), threading.Event()
        ended = threading.Event()

        def old(progress):
            begun.set()
            go_on.wait(5)
            try:
                progress(1, 2)
            finally:
                ended.set()

        worker.start(old, heard.old_done, heard.old_failure)
        await until(begun.is_set)
        worker.start(lambda progress: "new", heard.done, heard.failure)
        go_on.set()
        await until(lambda: ended.is_set() and heard.of("done"))
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert heard.of("done") == [["new"]]
    assert heard.of("old_done") == heard.of("old_failure") == []
    assert heard.of("progress").count([None, 1]) == 1


def test_progress_of_an_old_job_does_not_show_on_the_bar_of_the_new(
    worker, heard, monkeypatch
):
    monkeypatch.setattr(work, "_PULSE", -1.0)

    async def main():
        told, finish = threading.Event(), threading.Event()

        def old(progress):
            progress(7, 9)
            told.set()

        def new(progress):
            finish.wait(5)

        worker.start(old, heard.done, heard.failure)
        told.wait(5)  # its progress waits for the loop, which stands here
        worker.start(new, heard.done, heard.failure)
        await asyncio.sleep(0.01)
        finish.set()
        await until(lambda: heard.of("done"))

    asyncio.run(main())
    assert [7, 9] not in heard.of("progress")


def test_without_a_loop_a_job_runs_at_once(worker, heard, monkeypatch):
    monkeypatch.setattr(work, "_PULSE", -1.0)

    def job(progress):
        progress(1, 2)
        return 42

    worker.start(job, heard.done, heard.failure)
    assert heard.told == [
        ("progress", 0, 1),
        ("progress", 1, 2),
        ("progress", None, 1),
        ("done", 42),
    ]


def test_without_a_loop_a_failure_is_reported_at_once(worker, heard):
    def job(progress):
        raise ValueError("no such thing")

    worker.start(job, heard.done, heard.failure)
    ((error,),) = heard.of("failure")
    assert str(error) == "no such thing"


def test_cancelling_without_a_job_does_no_harm(worker, heard):
    worker.cancel()
    worker.start(lambda progress: 1, heard.done, heard.failure)
    assert heard.of("done") == [[1]]


# Answers after a rest


def test_of_many_that_are_asked_the_last_is_answered():
    heard = []

    async def main():
        later = Later(lambda answer: answer)
        for n in range(3):
            later.ask("one", 0.001, lambda n=n: heard.append(n))
        later.ask("other", 0.001, lambda: heard.append("other"))
        assert later.waits("one")
        while len(heard) < 2:
            await asyncio.sleep(0.001)
        assert not later.waits("one")
        later.ask("one", 0.001, lambda: heard.append("given up"))
        later.forget("one")
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert sorted(heard, key=str) == [2, "other"]


def test_without_a_loop_the_answer_comes_at_once():
    heard = []
    Later(lambda answer: answer).ask("one", 60.0, lambda: heard.append(1))
    assert heard == [1]


def test_a_job_that_outlives_its_loop_tells_nobody():
    begun, go_on = threading.Event(), threading.Event()
    told = []

    def job(_):
        begun.set()
        go_on.wait(10)
        return 1

    async def main():
        Worker(lambda *_: None).start(job, told.append, told.append)
        while not begun.is_set():
            await asyncio.sleep(0.01)

    before = set(threading.enumerate())
    asyncio.run(main())
    (thread,) = set(threading.enumerate()) - before
    go_on.set()
    thread.join(10)
    assert not thread.is_alive()
    assert told == []
