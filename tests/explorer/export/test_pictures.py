"""Pictures without a browser: they show what the panels show."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from bokeh.models import Arrow
from bokeh.plotting import figure
from PIL import Image

from smile_explore.explorer.export.colours import coloured
from smile_explore.explorer.export.frame import draw_figure
from smile_explore.explorer.export.paper import Paper
from smile_explore.explorer.export.pictures import save_picture
from smile_explore.explorer.export.sheet import Layout, draw_sheet
from smile_explore.explorer.export.unseen import Alone, unseen
from smile_explore.explorer.panels import PRESETS, places


def texts(paper):
    """All that is written, in axes and beside them."""
    from matplotlib.text import Text

    return [one.get_text() for one in paper.figure.findobj(Text)]


def drawn(bokeh_figure):
    """The axes that a Bokeh figure becomes."""
    bokeh_figure.update(frame_width=200, frame_height=100)
    axes = Paper(1.0).axes(100.0, 100.0, 200.0, 100.0)
    draw_figure(axes, bokeh_figure)
    return axes


@pytest.fixture(scope="module")
def sxi(shown):
    return Alone(shown, "sxi")


@pytest.mark.parametrize("preset", PRESETS)
def test_every_panel_of_every_preset_can_be_drawn(shown, preset, overview):
    scene = overview if preset == "Overview" else unseen(shown, preset)
    layout = Layout()
    paper = draw_sheet(scene, scale=1.0, layout=layout)
    names = {place.panel for place in places(preset)}
    # a hint to tap is of no use on paper
    assert set(layout.frames) == names - {"glance"}
    written = texts(paper)
    for name, one in scene.pictures.items():
        assert one.title.text in written, name
    assert any("Simulated, not measured" in one for one in written)
    assert any(shown.observations.event.title in one for one in written)
    boxes = [layout.frames[name] for name in scene.pictures]
    for number, (left, top, wide, tall) in enumerate(boxes):
        assert 0 < left < layout.width - wide
        assert 0 < top < layout.foot - tall
        for other, above, width, height in boxes[:number]:
            assert (
                left >= other + width
                or other >= left + wide
                or top >= above + height
                or above >= top + tall
            ), "two frames overlap"


def test_an_image_has_the_colours_of_the_panel_where_the_panel_has_them(
    sxi,
):
    paper = draw_sheet(sxi, scale=2.0)
    (axes,) = (one for one in paper.figure.axes if one.images)
    panel = sxi._panel
    values = panel.sources["intensity"].data["image"][0]
    row, column = np.unravel_index(np.nanargmax(values), values.shape)
    left, right, low, high = axes.images[0].get_extent()
    at = axes.transData.transform(
        (
            left + (column + 0.5) * (right - left) / values.shape[1],
            low + (row + 0.5) * (high - low) / values.shape[0],
        )
    )
    paper.figure.canvas.draw()
    pixels = np.asarray(paper.figure.canvas.buffer_rgba())
    found = pixels[pixels.shape[0] - 1 - int(at[1]), int(at[0])]
    wanted = coloured(values, panel.colours)[row, column]
    assert np.abs(found.astype(int) - wanted.astype(int)).max() <= 2


def test_lines_bars_and_the_clock_stand_where_they_are(shown):
    standoff = Alone(shown, "standoff")
    paper = draw_sheet(standoff, scale=1.0)
    axes = paper.figure.axes[0]
    source = standoff._panel.sources["exact"].data
    found = [
        line
        for line in axes.lines
        if len(line.get_ydata()) == len(source["standoff"])
        and np.array_equal(
            line.get_ydata(), source["standoff"], equal_nan=True
        )
    ]
    times = source["time"].astype("datetime64[ms]").astype(float)
    np.testing.assert_allclose(found[0].get_xdata(), times)
    clock = shown.time.astype("datetime64[ms]").astype(float)
    assert any(set(line.get_xdata()) == {clock} for line in axes.lines)
    assert axes.get_ylabel() == "nose [Rᴇ]"
    assert axes.get_legend() is not None


def test_ranges_are_those_on_screen(sxi):
    figure_ = sxi.pictures["sxi"]
    start, end = figure_.x_range.start, figure_.x_range.end
    figure_.x_range.update(start=-3.0, end=2.0)
    try:
        axes = draw_sheet(sxi, scale=1.0).figure.axes[0]
        assert axes.get_xlim() == (-3.0, 2.0)
    finally:
        figure_.x_range.update(start=start, end=end)


def test_a_stretch_of_time_that_is_zoomed_into_is_kept(shown):
    minute = np.timedelta64(1, "m")
    ends = shown.time, shown.time + 10 * minute
    wanted = [one.astype("M8[ms]").astype(float) for one in ends]
    scene = unseen(shown, "X-ray", zoom=ends)
    assert scene.zoom == ends
    for view in (scene, Alone(shown, "standoff", zoom=ends)):
        figures = draw_sheet(view, scale=1.0).figure.axes
        (series,) = (one for one in figures if "nose" in one.get_ylabel())
        assert list(series.get_xlim()) == wanted


def test_a_hole_in_a_polygon_stays_open():
    plot = figure(x_range=(0, 10), y_range=(0, 10))
    outer = [[0, 10, 10, 0], [0, 0, 10, 10]]
    hole = [[2, 8, 8, 2], [2, 2, 8, 8]]
    plot.multi_polygons(
        [[[outer[0], hole[0]]]],
        [[[outer[1], hole[1]]]],
        fill_color="#FF0000",
        line_color=None,
    )
    axes = drawn(plot)
    canvas = axes.figure.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())

    def at(x, y):
        across, up = axes.transData.transform((x, y))
        return tuple(pixels[pixels.shape[0] - 1 - int(up), int(across)][:3])

    assert at(1, 5) == (255, 0, 0)
    assert at(5, 5) != (255, 0, 0)


def test_rows_of_an_image_are_even_on_a_logarithmic_axis():
    """As Bokeh draws them: of two rows from 1 to 100 one ends at 10."""
    plot = figure(x_range=(0, 1), y_range=(1, 100), y_axis_type="log")
    plot.image(
        [np.array([[0.0], [1.0]])],
        x=0,
        y=1,
        dw=1,
        dh=99,
        palette=["#000000", "#FFFFFF"],
    )
    axes = drawn(plot)
    canvas = axes.figure.canvas
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())

    def at(y):
        across, up = axes.transData.transform((0.5, y))
        return tuple(pixels[pixels.shape[0] - 1 - int(up), int(across)][:3])

    assert at(2.0) == at(8.5) == (0, 0, 0)
    assert at(12.0) == at(60.0) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["glyph", "marker", "annotation"])
def test_what_cannot_be_drawn_is_named(kind):
    plot = figure(x_range=(0, 1), y_range=(0, 1))
    if kind == "glyph":
        plot.wedge(0.5, 0.5, 0.1, 0.0, 1.0)
        named = "Wedge"
    elif kind == "marker":
        plot.scatter([0.5], [0.5], marker="hex")
        named = "hex"
    else:
        plot.add_layout(Arrow(x_start=0, y_start=0, x_end=1, y_end=1))
        named = "Arrow"
    with pytest.raises(ValueError, match=f"cannot show.*{named}"):
        drawn(plot)


@pytest.mark.parametrize("panel", [None, "noon"])
def test_png_and_svg_say_what_they_are(overview, tmp_path, panel):
    png = save_picture(overview, tmp_path / "a.png", panel)
    with Image.open(png) as image:
        assert "not measured" in image.info["Description"]
        assert image.width > (2000 if panel is None else 500)
    svg = save_picture(overview, tmp_path / "a.svg", panel)
    root = ET.parse(svg).getroot()
    for one in root.iter():
        for name, value in one.attrib.items():
            if name.endswith("href"):
                assert value.startswith(("#", "data:")), "asks elsewhere"
    assert sorted(tmp_path.iterdir()) == [png, svg]


def test_another_kind_of_picture_is_refused(overview, tmp_path):
    with pytest.raises(ValueError, match=r"\.png or a \.svg, got .*a\.tiff"):
        save_picture(overview, tmp_path / "a.tiff")
    with pytest.raises(ValueError, match="no panel 'words' to draw"):
        save_picture(overview, tmp_path / "a.png", "words")


def test_of_a_picture_that_does_not_fit_the_disk_nothing_is_left(
    overview, tmp_path, full_disk
):
    with pytest.raises(OSError, match="is the disk full"):
        save_picture(overview, tmp_path / "a.png", "noon")
    assert list(tmp_path.iterdir()) == []
