import holoviews as hv
import ipywidgets as widgets
import pytest

from smile_explore.explorer.lesson import live


def curve(size):
    if size > 5:
        raise ValueError(f"size must be at most 5, got {size}")
    return hv.Curve(range(size)).opts(title=f"{size} points")


def test_a_picture_follows_its_control():
    size = widgets.IntSlider(3, min=1, max=9)
    lesson = live(curve, size=size)
    root = lesson.children[-1]._model
    assert root.children[0].title.text == "3 points"
    size.value = 4
    assert root.children[0].title.text == "4 points"


def test_words_follow_their_controls():
    name = widgets.Text("SMILE")
    lesson = live(lambda name: f"<b>{name}</b>", name=name)
    name.value = "SXI"
    assert lesson.children[-1].value == "<b>SXI</b>"


def test_what_fails_is_told_and_the_old_picture_stays():
    size = widgets.IntSlider(3, min=1, max=9)
    lesson = live(curve, size=size)
    size.value = 7
    assert "size must be at most 5, got 7" in lesson.children[1].value
    assert lesson.children[-1]._model.children[0].title.text == "3 points"
    size.value = 2
    assert lesson.children[1].value == ""


def test_a_first_answer_that_fails_is_no_widget():
    with pytest.raises(ValueError, match="at most 5"):
        live(curve, size=widgets.IntSlider(9, min=1, max=9))
