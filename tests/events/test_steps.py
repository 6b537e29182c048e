import threading

import dask
import dask.array as da
import pytest

from smile_explore.events._steps import compute


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
