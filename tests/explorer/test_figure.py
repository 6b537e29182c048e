import base64
import gzip
import json

import numpy as np
import pytest
from bokeh.models import ColumnDataSource
from bokeh.plotting import figure

from smile_explore.explorer import figure as door
from smile_explore.explorer.figure import Figure


@pytest.fixture
def source():
    return ColumnDataSource({"x": np.arange(3.0), "y": np.zeros(3)})


@pytest.fixture
def shown(source, monkeypatch):
    """A figure on a page, and what is sent there."""
    plot = figure()
    plot.line("x", "y", source=source)
    widget = Figure(plot)
    sent = []
    monkeypatch.setattr(
        widget,
        "send",
        lambda content, buffers=None: sent.append((content, buffers)),
    )
    yield plot, widget, sent
    widget.close()


def messages(sent):
    """Contents of the messages sent, each of which comes in three parts."""
    assert len(sent) % 3 == 0
    assert all(buffers is None for _, buffers in sent)
    assert {content["msg"] for content, _ in sent} <= {"patch"}
    parts = [json.loads(content["payload"]) for content, _ in sent]
    assert all(part["msgtype"] == "PATCH-DOC" for part in parts[::3])
    return parts[2::3]


def array_of(encoded):
    data = gzip.decompress(base64.b64decode(encoded["array"]["data"]))
    return np.frombuffer(data, encoded["dtype"]).reshape(encoded["shape"])


def test_many_changes_travel_in_one_message(shown, source):
    plot, widget, sent = shown
    with widget.one_message():
        plot.title.text = "later"
        plot.x_range.start = 3.0
        source.data = {**source.data, "y": np.array([1.0, 2.0, 3.0])}
        assert sent == []
    (message,) = messages(sent)
    title, start, data = message["events"]
    assert (title["attr"], title["new"]) == ("text", "later")
    assert title["model"]["id"] == plot.title.id
    assert (start["attr"], start["new"]) == ("start", 3.0)
    assert data["model"]["id"] == source.id


def test_arrays_travel_inside_the_message(shown, source):
    _, widget, sent = shown
    image = np.random.default_rng(0).normal(size=(4, 5))
    with widget.one_message():
        source.data = {"x": np.arange(1.0, 2.0), "y": [image]}
    (message,) = messages(sent)
    (event,) = message["events"]
    assert event["kind"] == "ColumnDataChanged"
    columns = dict(event["data"]["entries"])
    np.testing.assert_array_equal(array_of(columns["y"][0]), image)
    np.testing.assert_array_equal(array_of(columns["x"]), [1.0])


def test_nothing_is_sent_when_nothing_has_changed(shown):
    plot, widget, sent = shown
    with widget.one_message():
        plot.title.text = plot.title.text
    with widget.one_message():
        pass
    assert sent == []


def test_a_change_outside_of_a_block_is_sent_at_once(shown):
    plot, widget, sent = shown
    plot.title.text = "alone"
    (message,) = messages(sent)
    assert message["events"][0]["new"] == "alone"
    with widget.one_message():
        plot.title.text = "in a block"
    plot.title.text = "alone again"
    assert len(messages(sent)) == 3


def test_what_changed_before_a_failure_is_sent_and_later_changes_too(shown):
    plot, widget, sent = shown

    def fail_halfway():
        with widget.one_message():
            plot.title.text = "before"
            raise ValueError("the rest failed")

    with pytest.raises(ValueError, match="the rest failed"):
        fail_halfway()
    assert messages(sent)[0]["events"][0]["new"] == "before"
    plot.title.text = "after"
    assert messages(sent)[1]["events"][0]["new"] == "after"


def test_what_the_page_did_itself_is_not_sent_back(shown):
    plot, widget, sent = shown
    widget._sync_model(
        widget,
        {
            "event": "jsevent",
            "kind": "ModelChanged",
            "model": {"id": plot.x_range.id},
            "attr": "start",
            "new": 7.5,
        },
        [],
    )
    assert plot.x_range.start == 7.5
    assert sent == []


def test_models_that_are_new_to_the_page_travel_whole_once(shown, source):
    plot, widget, sent = shown
    with widget.one_message():
        plot.scatter("x", "y", source=source)
    with widget.one_message():
        plot.title.text = "later"
    first, second = (json.dumps(message) for message in messages(sent))
    assert '"Scatter"' in first
    assert '"Scatter"' not in second


def test_bokeh_is_brought_to_the_page_without_the_internet(monkeypatch):
    published = []
    monkeypatch.setattr(door, "publish_display_data", published.append)
    door.load_bokeh()
    (data,) = published
    assert len(set(data.values())) == 1
    script = next(iter(data.values()))
    assert len(script) > 1_000_000  # the library itself, not a link to it
    assert script.startswith("(function() {")
    assert script.endswith("}).call(window);")
    assert "cdn.bokeh.org" not in script


def test_a_figure_can_be_closed_before_it_is_collected(shown):
    plot, widget, sent = shown
    widget.close()
    widget.close()  # as garbage collection does
    plot.title.text = "later"
    assert sent == []
