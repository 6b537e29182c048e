import threading
import time

import dask
import dask.array as da
import pytest

from smile_explore.events._steps import compute, shared_out


def lazy():
    return da.ones((100, 100), chunks=10).sum()


def test_every_step_is_told_and_the_results_come():
    told = []
    result = compute((lazy(), lazy() + 1), lambda *steps: told.append(steps))
    assert result == (10000.0, 10001.0)
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] == told[-1][1]


def test_what_is_raised_while_telling_cancels():
    class Enough(Exception):
        pass

    def progress(done, total):
        raise Enough

    with pytest.raises(Enough):
        compute((lazy(),), progress)


def test_what_is_computed_meanwhile_in_another_thread_is_not_told():
    told, elsewhere = [], []

    def progress(done, total):
        told.append(total)
        if done == 5:
            other = threading.Thread(
                target=lambda: elsewhere.append(dask.compute(lazy())[0])
            )
            other.start()
            other.join()

    compute((lazy(),), progress)
    assert elsewhere == [10000.0]
    assert len(told) == told[0]


def test_parts_are_shared_out_and_come_in_order():
    told = []

    def work(part):
        time.sleep(0.02 * (3 - part))  # the last is ready first
        return part**2

    got = shared_out(
        work, [0, 1, 2], lambda *steps: told.append(steps), sizes=[6, 6, 2]
    )
    assert got == [0, 1, 4]
    assert told == [(6, 14), (12, 14), (14, 14)]
    assert shared_out(work, [], None, sizes=[]) == []


def test_what_is_raised_while_telling_leaves_the_other_parts():
    worked = []

    def work(part):
        time.sleep(0.01)
        worked.append(part)

    def progress(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        shared_out(work, range(50), progress, sizes=[1] * 50)
    assert len(worked) < 25
