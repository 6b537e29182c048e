"""What a catalogue may say of the Sun."""

import datetime as dt
import json

import pytest

from smile_explore import events
from smile_explore.data import archive, sun
from smile_explore.events.event import from_entry
from smile_explore.observations import Known

GOOD = {
    "eruption": "14 June",
    "quantity": "latitude",
    "value": -17.0,
    "status": "verified",
    "source": "a list",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"quantity": "colour"}, "quantity must be one of region"),
        ({"status": "sure"}, "status must be one of verified"),
        ({"value": 95.0}, "latitude must be a number from -90 to 90 deg"),
        ({"value": "17 S"}, "latitude must be a number"),
        ({"value": True}, "latitude must be a number"),
        ({"value": float("nan")}, "latitude must be a number"),
        ({"source": " "}, "source must be text"),
        ({"quantity": "flare peak"}, "flare peak must be a time"),
        ({"quantity": "flare peak", "value": "NaT"}, "must be a time"),
        ({"quantity": "region"}, "region must be text"),
    ],
)
def test_what_cannot_be_is_refused(changed, said):
    with pytest.raises(ValueError, match=said):
        sun.check(Known(**{**GOOD, **changed}))


def test_numbers_are_sorted_by_eruption_the_drawn_ones_first():
    first, second = sun.eruptions(events.load("2014-09-12"))
    assert first.name == "10 September 2014"
    assert first.value("flare class") == "X1.6"
    assert first.numbers("latitude", "longitude") == (14.0, -2.0)
    assert [one.value for one in first.known["ejection speed"]] == [1267, 1400]
    assert str(first.value("flare peak"))[:16] == "2014-09-10T17:45"
    assert second.value("latitude") is None
    assert second.numbers("latitude", "longitude") is None


def test_a_catalogue_names_the_row_that_is_wrong(tmp_path):
    entry = {
        name: getattr(events.load("2014-09-12"), name)
        for name in ("title", "summary", "solar_wind")
    }
    for name in ("start", "stop", "focus"):
        entry[name] = dt.datetime(2014, 9, 12)
    rows = [GOOD, {**GOOD, "status": "sure"}]
    with pytest.raises(ValueError, match="sun 2: status must be one of"):
        from_entry("mine", {**entry, "sun": rows}, file=tmp_path / "my.toml")
    short = {k: v for k, v in GOOD.items() if k != "source"}
    with pytest.raises(ValueError, match="sun 1 lacks source"):
        from_entry("mine", {**entry, "sun": [short]}, file=tmp_path / "a.toml")


def test_events_are_saved_with_their_sun_and_older_ones_open_without():
    event = events.load("2012-06-16")
    plain = archive._event_to_plain(event)
    assert archive._event_from_plain(json.dumps(plain)) == event
    del plain["sun"]
    assert archive._event_from_plain(json.dumps(plain)).sun == ()
