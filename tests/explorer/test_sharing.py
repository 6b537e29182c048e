"""An explorer that is opened by a state, and the drawer that shares it."""

import dataclasses
import os
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

import smile_explore as smile
from smile_explore.events import library
from smile_explore.explorer import links
from smile_explore.explorer.state import State, read


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("QUERY_STRING", raising=False)


@pytest.fixture
def known(monkeypatch, observations):
    """The short event is what the library knows of any."""

    def recall(event, *, run=None):
        return dataclasses.replace(
            observations,
            event=dataclasses.replace(
                observations.event,
                name=event.name,
                title=event.title,
                runs=event.runs,
            ),
        )

    monkeypatch.setattr(library, "recall", recall)


def told(explorer):
    return explorer._controls.message.value


@pytest.fixture
def when(observations):
    return observations.cuts.time.values[1]


def test_a_state_gives_the_same_view_again(known, when):
    first = smile.explore("2012-06-16")
    first._controls.preset.value = "X-ray"
    first._controls.image.value = "counts"
    first.cursor.seek(when)
    first.cursor.set_trait("pixel", (-5.0, -2.5))
    first.cursor.mlt = 11.5
    for form in (State.to_json, State.to_query, State.plain):
        second = smile.explore(state=form(first.state))
        assert second.state == first.state
        assert second._scene.shown.image == "counts"
        assert second._scene.shown.time == when
        assert second._scene.preset == "X-ray"
        assert "smile-message" in second._controls.message._dom_classes
        assert told(second) == ""
        second.close()
    first.close()


def test_settings_are_part_of_it(known):
    explorer = smile.explore(
        state={"event": "2012-06-16", "settings": {"exposure": 60}}
    )
    assert explorer._session.settings.exposure == 60.0
    assert explorer.state.settings == {"exposure": 60.0}
    explorer.restore(State(event="2012-06-16"))
    assert explorer.state.settings == {}
    explorer.close()


def test_another_event_can_be_restored(known):
    explorer = smile.explore("2012-06-16")
    explorer.restore("?event=2014-09-12&preset=Aurora")
    assert explorer.state.event == "2014-09-12"
    assert explorer._scene.preset == "Aurora"
    explorer.close()


def test_the_first_explorer_follows_the_link_of_the_page(known, monkeypatch):
    monkeypatch.setenv("QUERY_STRING", "event=2014-09-12&preset=Orbit")
    first = smile.explore("2012-06-16")
    assert (first.state.event, first._scene.preset) == ("2014-09-12", "Orbit")
    assert "QUERY_STRING" not in os.environ
    second = smile.explore("2012-06-16")
    assert second.state.event == "2012-06-16"
    first.close()
    second.close()


def test_words_of_others_in_the_address_are_no_link(known, monkeypatch):
    monkeypatch.setenv("QUERY_STRING", "token=1&reset")
    explorer = smile.explore("2012-06-16")
    assert told(explorer) == ""
    explorer.close()


def test_a_link_to_an_unknown_event_opens_the_default_and_says_why(
    known, monkeypatch
):
    monkeypatch.setenv("QUERY_STRING", "event=1859-09-01")
    explorer = smile.explore("2012-06-16")
    assert explorer.state.event == "2012-06-16"
    assert "1859-09-01" in told(explorer)
    assert "is shown instead" in told(explorer)
    explorer.close()


def test_a_damaged_state_opens_the_default_and_says_why(known):
    explorer = smile.explore("2012-06-16", state='{"event": ')
    assert explorer.state.event == "2012-06-16"
    assert "The state is damaged" in told(explorer)
    explorer.close()


def test_a_time_outside_is_told_and_the_nearest_shown(known, observations):
    explorer = smile.explore(state="?event=2012-06-16&time=2020-01-01T00:00")
    assert explorer.cursor.time == observations.cuts.time.values[-1]
    assert "2020-01-01T00:00 is outside the event" in told(explorer)
    explorer.close()


def test_the_links_hold_the_state(when):
    state = State(event="2012-06-16", time=when, preset="Aurora")
    assert read(links.here(state)) == (state, [])
    binder = links.on_binder(state)
    (path,) = parse_qs(urlsplit(binder).query)["urlpath"]
    assert path.startswith("lab/tree/notebooks/event_explorer.ipynb?")
    assert read(path) == (state, [])


def test_the_drawer_shows_what_is_on_screen_and_opens_another(known):
    explorer = smile.explore("2012-06-16")
    share = explorer._share
    explorer._drawers.open("Share")
    assert links.on_binder(explorer.state) in share.given.value.replace(
        "&amp;", "&"
    )
    share.text.value = "https://x.example/lab?event=2014-09-12&mlt=3.5"
    share.open.click()
    assert explorer.state.event == "2014-09-12"
    assert explorer.cursor.mlt == 3.5
    share.text.value = "hello"
    share.open.click()
    assert "that names a view; nothing was changed" in share.told.value
    assert explorer.state.event == "2014-09-12"
    content = State(event="2012-06-16").to_json().encode()
    share.file.value = (
        {
            "name": "view.smile.json",
            "type": "application/json",
            "size": len(content),
            "content": memoryview(content),
            "last_modified": np.datetime64("now").astype(object),
        },
    )
    assert explorer.state.event == "2012-06-16"
    explorer.close()


def test_an_unknown_event_changes_nothing_and_is_told(known):
    explorer = smile.explore("2012-06-16")
    explorer._share.text.value = "?event=1859-09-01"
    explorer._share.open.click()
    assert explorer.state.event == "2012-06-16"
    assert "1859-09-01" in told(explorer)
    explorer.close()


def test_a_box_on_the_polar_map_chooses_the_hours_of_the_keogram(known):
    explorer = smile.explore("2012-06-16")
    explorer._controls.preset.value = "Aurora"
    explorer._scene._on_box("polar map", ((-10.0, 10.0), (10.0, 20.0)))
    title = explorer._scene.pictures["keogram"].title.text
    assert "9.0 to 15.0 MLT" in title
    explorer._picks.local_time(3.5)
    assert "3.5 MLT" in explorer._scene.pictures["keogram"].title.text
    assert explorer._scene.shown.box is None
    explorer.close()


def test_keys_pick_and_let_go(known):
    explorer = smile.explore("2012-06-16")
    keys = explorer._pick_keys.box.children
    left, right, up, down, earlier, later, none = keys
    up.click()
    assert explorer.cursor.pixel == (0.0, 0.0)
    down.click()
    right.click()
    assert explorer.cursor.pixel == (0.5, -0.5)
    for _ in range(60):
        left.click()
    sxi = explorer._scene.shown.observations.sxi
    assert explorer.cursor.pixel[0] == float(sxi.fov_lon[0])
    none.click()
    assert explorer.cursor.pixel is None
    later.click()
    assert explorer.cursor.mlt == 0.5
    explorer._controls.preset.value = "Aurora"
    earlier.click()
    assert explorer.cursor.mlt == 23.5
    up.click()
    assert (explorer.cursor.spot, explorer.cursor.pixel) == ((0.0, 0.0), None)
    explorer.close()
