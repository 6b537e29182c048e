import numpy as np
import pytest

from smile_explore.explorer.cursor import Cursor

TIMES = np.arange("2012-06-16T22:00", "2012-06-16T22:50", 10, "datetime64[m]")


@pytest.fixture
def cursor():
    return Cursor(TIMES)


def test_a_clock_begins_at_its_first_time(cursor):
    assert cursor.index == 0
    assert cursor.time == TIMES[0]
    assert cursor.times.dtype == "datetime64[ns]"


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        ("2012-06-16T22:20", 2),
        ("2012-06-16T22:24:59", 2),
        ("2012-06-16T22:25:01", 3),
        ("2011-01-01", 0),
        ("2020-01-01", 4),
    ],
)
def test_it_seeks_the_nearest_time_there_is(cursor, sought, index):
    cursor.seek(np.datetime64(sought))
    assert cursor.index == index
    assert cursor.time == TIMES[index]


@pytest.mark.parametrize(("wanted", "index"), [(-3, 0), (3, 3), (99, 4)])
def test_it_never_points_past_its_ends(cursor, wanted, index):
    cursor.index = wanted
    assert cursor.index == index


def test_callbacks_hear_of_every_move_and_of_nothing_else(cursor):
    heard = []
    cursor.on_move(lambda: heard.append(cursor.index))
    cursor.index = 2
    cursor.index = 2
    cursor.seek(TIMES[2] + np.timedelta64(1, "m"))
    cursor.index = 99
    assert heard == [2, 4]


def test_another_clock_of_fewer_times_is_stood_within(cursor):
    cursor.index = 4
    fewer = np.array(["2014-09-12T16:00", "2014-09-12T16:10"], "datetime64[s]")
    cursor.reset(fewer, fewer[1] + np.timedelta64(20, "m"))
    assert cursor.index == 1
    assert cursor.time == fewer[1]
    assert cursor.times.dtype == "datetime64[ns]"
    cursor.index = 4
    assert cursor.index == 1


def test_another_clock_of_more_times_can_be_gone_through_to_its_end(cursor):
    more = TIMES[0] + np.arange(100) * np.timedelta64(1, "m")
    cursor.reset(more, more[98])
    assert cursor.index == 98


def test_a_picked_pixel_is_told_and_kept_while_the_clock_moves():
    cursor = Cursor(np.arange("2012-06-16T00", "2012-06-16T05", dtype="M8[h]"))
    told = []
    cursor.on_pick(lambda: told.append(cursor.pixel))
    cursor.pixel = (3.0, -2.5)
    cursor.index = 2
    assert cursor.pixel == (3.0, -2.5)
    cursor.pixel = None
    assert told == [(3.0, -2.5), None]
