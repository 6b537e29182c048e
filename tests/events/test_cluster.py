"""What dask.distributed does when it goes well, and when it does not."""

import os
import time
from functools import partial
from types import SimpleNamespace

import dask.array as da
import distributed
import numpy as np
import pytest
import xarray as xr
from distributed import Client, LocalCluster

import smile_explore as smile
from smile_explore import events
from smile_explore.events import cluster
from smile_explore.events._steps import compute, shared_out
from smile_explore.events.cluster import active, local_workers, on_client
from smile_explore.explorer.about import workers
from smile_explore.physics.line_of_sight import integrate

SEAT = (6.0, -6.0, 17.0)
#: Of observations, what workers have a part in.
IN_PARTS = ("sxi", "cuts", "magnetopause", "standoff", "plasma", "ions")
IN_PARTS += ("uvi", "light", "oval", "polar_cap")


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
        ) as started,
        Client(started, set_as_default=False) as made,
    ):
        yield made


def glow(times=1, wait=0.0, seed=1):
    """Emissivity that is made by the workers, block by block."""
    axis = np.linspace(-10.0, 10.0, 21)

    def block(block_info=None):
        time.sleep(wait)
        place = block_info[None]["chunk-location"]
        rng = np.random.default_rng([seed, *place])
        return rng.random(block_info[None]["chunk-shape"], np.float32)

    values = da.map_blocks(
        block,
        chunks=((1,) * times, *((7, 7, 7),) * 3),
        dtype=np.float32,
        meta=np.empty((0,) * 4, np.float32),
    )
    dates = np.datetime64("2012-06-16T22", "ns") + np.arange(
        times
    ) * np.timedelta64(1, "m")
    return xr.DataArray(
        values,
        dict.fromkeys("xyz", axis) | {"time": dates},
        ("time", "x", "y", "z"),
    )


def image(field):
    ends = np.random.default_rng(3).uniform(-8.0, 8.0, (200, 3))
    rays = xr.DataArray(ends - SEAT, dims=("ray", "component"))
    return integrate(field, SEAT, rays)


def in_memory():
    return image(glow(2).compute(scheduler="synchronous"))


def on_workers(client):
    with on_client(client):
        return compute((image(glow(2)),), None)[0]


@pytest.mark.parametrize(
    ("scheduler", "workers"),
    [("synchronous", 1), ("threads", 2), ("processes", 1)],
)
def test_an_image_is_the_same_on_every_scheduler_of_dask(scheduler, workers):
    got = image(glow(2)).compute(scheduler=scheduler, num_workers=workers)
    np.testing.assert_allclose(got, in_memory(), rtol=1e-6)


def test_an_image_is_the_same_on_the_workers_of_a_client(client):
    got = on_workers(client)
    xr.testing.assert_identical(got, image(glow(2)).compute())
    np.testing.assert_allclose(got, in_memory(), rtol=1e-6)


def test_steps_are_told_and_what_is_not_lazy_stays(client):
    told = []
    with on_client(client):
        got = compute(
            (image(glow(3)), "known"), lambda *steps: told.append(steps)
        )
    assert got[1] == "known"
    assert got[0].shape == (3, 200)
    assert told[-1] == (3, 3)
    assert sorted(told) == told


def test_what_is_raised_while_telling_cancels_the_work(client):
    def progress(done, total):
        raise InterruptedError

    with on_client(client), pytest.raises(InterruptedError):
        compute((image(glow(40, wait=0.05)),), progress)
    for _ in range(50):
        if not client.processing() or not any(client.processing().values()):
            break
        time.sleep(0.1)
    assert not any(client.processing().values())


def test_an_error_on_a_worker_is_told_as_it_is(client):
    def fail(values):
        raise ValueError("this cube is damaged")

    field = glow().copy(
        data=glow().data.map_blocks(fail, meta=np.empty((0,) * 4, np.float32))
    )
    with (
        on_client(client),
        pytest.raises(ValueError, match="this cube is damaged"),
    ):
        compute((image(field),), None)


def shared(client, parts, progress=None, wait=0.0):
    def work(part):
        time.sleep(wait)
        if part == "bad":
            raise ValueError("this part is damaged")
        return part, os.getpid()

    with on_client(client):
        return shared_out(work, parts, progress, sizes=[2] * len(parts))


def test_parts_are_shared_out_among_workers_and_come_in_order(client):
    told = []
    got = shared(client, range(8), lambda *steps: told.append(steps), 0.02)
    assert [part for part, _ in got] == list(range(8))
    assert {pid for _, pid in got} == set(client.run(os.getpid).values())
    assert told == [(done, 16) for done in range(2, 17, 2)]


def test_parts_that_are_left_are_cancelled(client):
    def progress(done, total):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        shared(client, range(100), progress, 0.05)
    for _ in range(50):
        if not any(client.processing().values()):
            break
        time.sleep(0.1)
    assert not any(client.processing().values())


def test_an_error_in_a_part_is_told_as_it_is(client):
    with pytest.raises(ValueError, match="this part is damaged"):
        shared(client, [1, "bad", 3])


def test_a_client_that_closes_while_parts_are_out_is_told(client):
    other = Client(client.scheduler.address, set_as_default=False)

    def progress(done, total):
        other.close()

    with pytest.raises(ConnectionError, match=r"client is clos(ed|ing)"):
        shared(other, range(40), progress, 0.05)


def test_local_workers_are_processes_that_end():
    with local_workers(2) as client:
        got = shared(client, range(6), wait=0.02)
        assert os.getpid() not in {pid for _, pid in got}
    assert client.status == "closed"
    for _, pid in got:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_one_local_worker_is_this_process_and_none_is_refused():
    with local_workers(1) as client:
        assert client is None
    with (
        pytest.raises(ValueError, match="1 worker or more, got 0"),
        local_workers(0),
    ):
        pass


def test_few_processors_are_left_to_threads(monkeypatch):
    monkeypatch.setattr(cluster, "processors", lambda: 3)
    with local_workers() as client:
        assert client is None


def test_workers_that_do_not_start_are_told(monkeypatch):
    def fail(**options):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(distributed, "LocalCluster", fail)
    with (
        pytest.raises(RuntimeError, match="2 workers .* in a script, put"),
        local_workers(2),
    ):
        pass


def test_none_leaves_the_client_that_was_chosen(client):
    with on_client(client), on_client(None):
        assert active() is client


def test_without_a_client_dask_decides(client):
    assert active() is None
    with on_client(None):
        assert active() is None
    with client.as_current():
        assert active() is client
    with on_client(client):
        assert active() is client
    assert active() is None


def test_what_is_no_client_is_refused():
    with (
        pytest.raises(TypeError, match=r"must be a dask.distributed.Client"),
        on_client("127.0.0.1:8786"),
    ):
        pass


def test_a_client_that_is_closed_is_refused_in_a_sentence(client):
    other = Client(client.scheduler.address, set_as_default=False)
    other.close()
    with (
        pytest.raises(
            ValueError, match=r"client is clos(ed|ing), it has no workers"
        ),
        on_client(other),
    ):
        pass


def test_a_client_that_closes_in_the_middle_is_told_in_a_sentence(client):
    other = Client(client.scheduler.address, set_as_default=False)

    def progress(done, total):
        other.close()

    with (
        pytest.raises(ConnectionError, match=r"client is clos(ed|ing)"),
        on_client(other),
    ):
        compute((image(glow(40, wait=0.05)),), progress)


def test_the_explorer_tells_where_it_computes(client, observations):
    explorer = smile.explore(observations=observations, client=client)
    told = explorer.children[-1].value
    assert told.startswith("Cubes are computed by 2 workers with 2 threads")
    assert f"<a href='{client.dashboard_link}' target='_blank'>" in told
    bare = SimpleNamespace(nthreads=client.nthreads, dashboard_link=None)
    assert "no dashboard" in workers(bare)
    explorer.close()


def test_the_explorer_refuses_a_client_that_is_closed(client, observations):
    other = Client(client.scheduler.address, set_as_default=False)
    other.close()
    with pytest.raises(ValueError, match="make another with dask.distributed"):
        smile.explore(observations=observations, client=other)


def test_an_event_is_the_same_on_workers(client, short_event, observations):
    seen = events.observe(short_event, rng=1, client=client)
    for name in IN_PARTS:
        xr.testing.assert_identical(
            getattr(seen, name), getattr(observations, name)
        )


def test_a_worker_that_dies_costs_time_and_changes_nothing(client):
    def killer():
        victims = []

        def progress(done, total):
            if done and not victims:
                victims.append(min(client.run(os.getpid).values()))
                os.kill(victims[0], 9)

        return victims, progress

    field = partial(glow, 3, wait=0.02, seed=7)
    victims, progress = killer()
    with on_client(client):
        got = compute((image(field()),), progress)[0]
    assert victims
    xr.testing.assert_identical(got, image(field()).compute())

    victims, progress = killer()
    parts = shared(client, range(20), progress, wait=0.02)
    assert victims
    assert [part for part, _ in parts] == list(range(20))
