import holoviews as hv
import numpy as np
import pytest

from smile_explore.instruments import orbit
from smile_explore.retrieval import oval
from smile_explore.views import keogram


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def test_a_keogram_shows_the_mean_of_the_sector_with_its_edges(uvi_hour):
    view = keogram.keogram(
        uvi_hour.light, uvi_hour.times[1], mlt=22.4, oval=uvi_hour.edges
    )
    strip = oval.keogram(uvi_hour.light, 22.4)
    shown = part(view, "radiance").dimension_values(2, flat=False)
    np.testing.assert_allclose(shown, strip.values.T)
    for name in ("poleward", "equatorward"):
        line = part(view, name)
        np.testing.assert_allclose(
            line["mlat"], uvi_hour.edges[name].sel(mlt=22.5)
        )
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.title.text.startswith("Aurora at 22.4 MLT [R]: simulated")
    assert figure.yaxis.axis_label == "MLat [deg]"


def test_a_gap_in_time_stays_a_gap(uvi_hour):
    minutes = np.array([0, 10, 20, 60, 70]) * np.timedelta64(1, "m")
    times = uvi_hour.times[0] + minutes
    light = uvi_hour.light.isel(time=[0, 1, 2, 0, 1]).assign_coords(time=times)
    view = keogram.keogram(light, times[0], mlt=0.0)
    shown = part(view, "radiance").dimension_values(2, flat=False)
    assert shown.shape[1] == 8
    np.testing.assert_array_equal(
        np.isnan(shown).all(0), [0, 0, 0, 0, 1, 0, 0, 0]
    )


def test_local_time_runs_up_the_other_keogram(uvi_hour):
    view = keogram.local_time_keogram(uvi_hour.light, uvi_hour.times[0])
    strip = oval.local_time_keogram(uvi_hour.light)
    shown = part(view, "radiance").dimension_values(2, flat=False)
    np.testing.assert_allclose(shown, strip.values.T)
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.title.text.startswith("Aurora from 60° to 75° [R]")


def test_the_strip_shows_where_uvi_is_on():
    times = np.datetime64("2012-06-16", "ns") + np.arange(
        0, 24 * 60, 10
    ) * np.timedelta64(1, "m")
    trajectory = orbit.trajectory(times)
    view = keogram.modes(trajectory, times[5])
    mode = orbit.mode(trajectory).values
    bars = [one for one in view if isinstance(one, hv.Rectangles)]
    assert {one.label for one in bars} == set(mode)
    altitude = orbit.altitude(trajectory).values
    off = part(view, "LIA + MAG")
    for start, stop in zip(off["time"], off["until"], strict=True):
        inside = (times >= start) & (times < stop)
        assert inside.any()
        assert (altitude[inside] <= 30_000.0).all()
    assert hv.renderer("bokeh").get_plot(view).state.title.text


@pytest.mark.parametrize("mlt", [-1.5, 25.0])
def test_local_times_run_around(uvi_hour, mlt):
    view = keogram.keogram(uvi_hour.light, uvi_hour.times[0], mlt=mlt)
    strip = oval.keogram(uvi_hour.light, mlt % 24)
    shown = part(view, "radiance").dimension_values(2, flat=False)
    np.testing.assert_allclose(shown, strip.values.T)
