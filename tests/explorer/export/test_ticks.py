"""Ticks, colours and words, as a browser sets them."""

from __future__ import annotations

import numpy as np
import pytest
from bokeh.models import (
    BasicTicker,
    CategoricalTicker,
    DatetimeAxis,
    DatetimeTicker,
    FixedTicker,
    LinearAxis,
    LinearColorMapper,
    LogColorMapper,
    LogTicker,
)

from smile_explore.explorer.export.colours import coloured
from smile_explore.explorer.export.paper import Paper
from smile_explore.explorer.export.ticks import labels, ticks
from smile_explore.explorer.export.words import draw_words

HOUR = 3.6e6


@pytest.mark.parametrize(
    ("ticker", "ends", "wanted"),
    [
        (BasicTicker(), (0, 100), [0, 20, 40, 60, 80, 100]),
        (BasicTicker(desired_num_ticks=4), (-8, 8), [-5, 0, 5]),
        (BasicTicker(), (1.0, 0.0), [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (FixedTicker(ticks=[1, 10, 100]), (5, 50), [10]),
        (LogTicker(), (1, 1000), [1, 10, 100, 1000]),
        (DatetimeTicker(), (HOUR, 24 * HOUR), np.arange(4, 25, 4) * HOUR),
        (DatetimeTicker(), (0, 6e5), np.arange(0, 11, 2) * 6e4),
    ],
)
def test_ticks_stand_at_round_places(ticker, ends, wanted):
    np.testing.assert_allclose(ticks(ticker, *ends), wanted, atol=1e-12)


def test_a_ticker_that_is_not_known_is_named():
    with pytest.raises(ValueError, match="CategoricalTicker"):
        ticks(CategoricalTicker(), 0, 1)


def test_times_have_the_date_where_a_day_begins():
    begin = np.datetime64("2012-06-16T16:00", "ms").astype(float)
    told = labels(DatetimeAxis(), begin + np.array([0, 4, 8, 12]) * HOUR)
    assert told == [
        "16:00\n16 Jun 2012",
        "20:00",
        "00:00\n17 Jun 2012",
        "04:00",
    ]


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ([-5, 0, 5], ["−5", "0", "5"]),
        ([0, 0.5, 1], ["0.0", "0.5", "1.0"]),
        ([0, 2e5], ["0", "2·10⁵"]),
        ([1e-14, 1e-13], ["10⁻¹⁴", "10⁻¹³"]),
    ],
)
def test_numbers_are_written_as_in_print(values, wanted):
    assert labels(LinearAxis(), np.array(values, float)) == wanted


def test_overrides_stand_in_place_of_numbers():
    axis = LinearAxis(major_label_overrides={0.5: "X"})
    assert labels(axis, np.array([0.5, 1.5])) == ["X", "1.5"]


def test_colours_are_those_of_the_palette():
    palette = ["#FF0000", "#00FF00", "#0000FF"]
    mapper = LinearColorMapper(palette, low=0, high=3, nan_color="#888888")
    values = np.array([[-1.0, 0.0, 1.5, 3.0, 9.0, np.nan]])
    red, green, blue, grey = (
        [255, 0, 0, 255],
        [0, 255, 0, 255],
        [0, 0, 255, 255],
        [136, 136, 136, 255],
    )
    expected = [[red, red, green, blue, blue, grey]]
    assert coloured(values, mapper).tolist() == expected
    log = LogColorMapper(palette, low=1, high=1000, nan_color="#888888")
    values = np.array([[0.0, 2.0, 50.0, 500.0, np.nan]])
    assert coloured(values, log).tolist() == [[red, red, green, blue, grey]]


def test_words_keep_to_their_room_and_their_style():
    paper = Paper(1.0)
    html = (
        "<table><tr><td style='white-space:nowrap'><b>Solar wind</b></td>"
        f"<td>{'fast and dense ' * 20}<i>end</i></td></tr></table>"
    )
    wide, tall = draw_words(paper, html, 50.0, 30.0, 300.0)
    assert wide <= 301.0
    assert tall > 80.0, "several lines"
    found = {one.get_text().strip(): one for one in paper.figure.texts}
    assert found["Solar wind"].get_fontweight() == "bold"
    assert found["end"].get_fontstyle() == "italic"
    for one in paper.figure.texts:
        box = one.get_window_extent()
        assert box.x0 >= 49.0
        assert box.x1 <= 355.0
    assert len([t for t in paper.figure.texts if "dense" in t.get_text()]) > 2


def test_what_may_not_be_broken_is_not():
    paper = Paper(1.0)
    piece = "<span style='white-space:nowrap'>a b c d e f</span> "
    draw_words(paper, piece * 8, 0.0, 0.0, 130.0)
    for one in paper.figure.texts:
        words = one.get_text().split()
        assert len(words) % 6 == 0


def test_a_tag_that_is_not_known_is_named():
    with pytest.raises(ValueError, match="<img>"):
        draw_words(Paper(1.0), "<img src='x'>", 0.0, 0.0, 100.0)
