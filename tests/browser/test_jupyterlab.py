"""The ground the explorer stands on: JupyterLab, ipywidgets, Bokeh."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

FIGURE = """\
import ipywidgets as widgets
from bokeh.io import output_notebook
from bokeh.plotting import figure
from bokeh.resources import Resources
from jupyter_bokeh import BokehModel

output_notebook(Resources(mode="inline", components=["bokeh"]),
                hide_banner=True)
plot = figure(width=400, height=250, title="A line", x_range=(0, 10))
source = plot.line([0, 10], [0, 1], line_width=5).data_source
slider = widgets.IntSlider(max=10, description="end")
slider.observe(
    lambda change: source.data.update(x=[0, 10], y=[change.new, 1]), "value"
)
widgets.VBox([slider, BokehModel(plot)])
"""


def notebook(code: str, **metadata: Any) -> dict[str, Any]:
    cell = {
        "cell_type": "code",
        "execution_count": None,
        "id": "only",
        "metadata": {},
        "outputs": [],
        "source": code,
    }
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    return {
        "cells": [cell],
        "metadata": {"kernelspec": kernel, **metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def test_a_figure_follows_a_slider_without_internet(lab):
    lab.open_notebook(notebook(FIGURE))
    lab.run_all()
    canvas = lab.page.locator(".bk-Canvas").first
    before = lab.wait_drawn(canvas)

    lab.page.locator(".noUi-handle").focus()
    lab.page.keyboard.press("ArrowRight")

    lab.wait_changed(canvas, before)


def test_a_notebook_that_asks_for_it_runs_when_it_is_opened(lab):
    lab.open_notebook(
        notebook("print(6 * 7)", smile_explore={"run_on_open": True})
    )
    lab.outputs().get_by_text("42").wait_for(timeout=60_000)


def test_a_notebook_that_does_not_ask_stays_as_it_is(lab):
    lab.open_notebook(notebook("print(6 * 7)"))
    assert lab.outputs().count() == 0


def test_no_dialog_greets_a_newcomer(lab):
    lab.open_notebook(notebook("print(6 * 7)"))
    assert lab.page.locator(".jp-Dialog, .Toastify__toast").count() == 0


def test_a_page_that_calls_outside_is_caught_and_refused(lab):
    lab.open_notebook(notebook("print(6 * 7)"))
    lab.page.evaluate("fetch('https://example.org/').catch(() => 0)")
    lab.page.wait_for_timeout(200)
    assert lab.attempts == ["https://example.org/"]
    assert len(lab.problems) >= 1
    lab.attempts.clear()
    lab.problems.clear()


def test_widgets_are_answered_in_the_main_thread_of_the_kernel(lab):
    name = "@jupyterlab%2Fapputils-extension%3Akernels-settings"
    settings = lab.server.call(f"/lab/api/settings/{name}")
    chosen = settings["schema"]["properties"]["commsOverSubshells"]
    assert chosen["default"] == "disabled"
