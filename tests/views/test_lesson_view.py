import holoviews as hv
import numpy as np

from smile_explore.events import sunlit_oval
from smile_explore.views import lesson


def test_the_lesson_shows_before_after_and_the_score():
    look = sunlit_oval.look(month=12)
    before, after = lesson.before_and_after(look)
    labels = [{one.label for one in view} for view in (before, after)]
    assert "poleward" not in labels[0]
    assert {"poleward", "equatorward", "polar cap"} <= labels[1]
    title = after.opts.get().kwargs["title"]
    assert title.startswith(f"{look.found} of 24 h found, median error")
    assert hv.renderer("bokeh").get_plot(hv.Layout([before, after])).state


def test_the_scores_are_drawn_by_solar_flux():
    swept = sunlit_oval.sweep([70.0, 250.0], [30.0, 60.0])
    view = lesson.scores(swept)
    assert [one.label for one in view] == ["F10.7 70", "F10.7 250"]
    for one, flux in zip(view, (70.0, 250.0), strict=True):
        np.testing.assert_allclose(one["hits"], swept.hits.sel(f107=flux))
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.xaxis.axis_label == "exposure [s]"
    assert "simulated" in figure.title.text
