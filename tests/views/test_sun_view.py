"""What the views of the Sun draw and say, with and without the catalogue."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from smile_explore import events
from smile_explore.data import sun as known_sun
from smile_explore.events.journey import journey
from smile_explore.explorer.panel import render
from smile_explore.instruments import orbit
from smile_explore.physics import sun
from smile_explore.physics.ejection import Drag
from smile_explore.schema import SUN_IMAGE, XRAY_FLUX
from smile_explore.views import arrival, ejection, sun_series
from smile_explore.views import sun as sun_view
from smile_explore.views.sun_readings import readings

SIZE = {"frame_width": 300, "frame_height": 300}
STORMS = ("2012-06-16", "2014-09-12")


def seen(name, **changes):
    event = dataclasses.replace(events.load(name), **changes)
    times = np.arange(event.start, event.stop, np.timedelta64(1, "h"))
    trajectory = orbit.trajectory(
        times, elements=orbit.Elements(**event.orbit)
    )
    return SimpleNamespace(
        event=event,
        trajectory=trajectory,
        pointing=orbit.pointing(trajectory),
    )


@pytest.fixture(scope="module", params=STORMS)
def storm(request):
    return seen(request.param)


def text(columns):
    (said,) = columns["text"]
    return said


def test_a_step_of_the_clock_changes_what_is_drawn(storm):
    event = storm.event
    for view, layers in (
        (sun_view.disc, sun_view.layers),
        (ejection.propagation, ejection.propagation_layers),
        (arrival.timeline, arrival.layers),
    ):
        panel = render(view(storm, event.start), SIZE)
        later = layers(storm, event.focus)
        assert later
        panel.show(later)
        for label, columns in later.items():
            for name, values in columns.items():
                shown = panel.sources[label].data[name]
                np.testing.assert_array_equal(shown, values)
        before = layers(storm, event.start)
        assert any(
            not np.array_equal(before[label][name], values)
            for label, columns in later.items()
            for name, values in columns.items()
        )


def test_the_flare_stands_where_it_was_and_its_region_has_turned(storm):
    first = known_sun.eruptions(storm.event)[0]
    place = first.numbers("latitude", "longitude")
    now = sun_view.layers(storm, storm.event.focus)
    x, y, _ = sun.place(*place, sun.disc(first.value("flare peak")))
    assert now["flare"]["x"] == pytest.approx(x)
    assert now["flare"]["y"] == pytest.approx(y)
    assert now["region at the clock"]["x"] > now["flare"]["x"] + 200
    assert "not verified" in text(now["flare, words"])
    if "ejection's axis" in now:
        assert text(now["ejection's axis, words"]) == "N10E06 (second hand)"


def test_a_region_that_has_gone_round_is_not_drawn(storm):
    late = storm.event.focus + np.timedelta64(8, "D")
    now = sun_view.layers(storm, late)["region at the clock"]
    assert np.isnan(now["x"]).all()


def test_stand_ins_say_so(storm):
    time = storm.event.focus
    assert "not an image" in text(sun_view.layers(storm, time)["note"])
    said = text(ejection.propagation_layers(storm, time)["note"])
    assert "not an image" in said
    assert "γ 0.2·10⁻⁷ km⁻¹, wind 450 km/s" in said
    assert "assumed" in said


def test_the_front_is_where_the_model_has_it(storm):
    way = journey(storm.event)
    time = way.eruption.value("shock at L1") - np.timedelta64(10, "h")
    now = ejection.propagation_layers(storm, time)["drag-based"]
    far = np.hypot(now["x"], now["y"])
    apex, _ = way.height(time, way.speeds[0])
    assert np.nanmax(far) == pytest.approx(apex, rel=5e-3)
    assert now["y"][180] == 0.0  # on the Sun-Earth line
    assert now["x"][180] == pytest.approx(apex * way.reach, rel=1e-6)
    mark = arrival.layers(storm, time)["front"]
    assert mark["distance"][0] == pytest.approx(apex * way.reach)


def test_a_width_that_is_not_known_is_drawn_all_around_and_said_so():
    unknown, known = (seen(name) for name in STORMS)
    wide = ejection.propagation_layers(unknown, unknown.event.start)
    assert np.isfinite(wide["drag-based"]["x"]).all()
    assert "drawn all around" in text(wide["note"])
    narrow = ejection.propagation_layers(known, known.event.start)
    share = np.isfinite(narrow["drag-based"]["x"]).mean()
    assert share == pytest.approx(70 / 360, abs=0.03)
    assert "half angle 35°" in text(narrow["note"])


def test_settings_of_the_model_move_the_front_and_are_told(storm):
    time = storm.event.focus
    slow = Drag(gamma=1.0, wind=400.0)
    now = ejection.propagation_layers(storm, time, drag=slow)
    usual = ejection.propagation_layers(storm, time)
    reach = [np.nanmax(one["drag-based"]["x"]) for one in (now, usual)]
    assert reach[0] < reach[1]
    assert "γ 1·10⁻⁷ km⁻¹, wind 400 km/s" in text(now["note"])


def test_readings_give_every_number_its_source_and_status(storm):
    html = readings(storm)
    for one in storm.event.sun:
        assert one.status in html
        assert one.source.split(";")[0] in html
    assert html.count("<tr>") == len(storm.event.sun) + 3
    assert "assumed" in html
    assert "h late" in html or "h early" in html


def test_the_readings_are_of_the_catalogue():
    html = readings(seen("2014-09-12"))
    assert "10° N" in html
    assert "6° E" in html
    assert "1267 km s⁻¹" in html
    assert "after 47.5 h, 2.0 h late" in html
    assert "after 32.9 h, 12.7 h early" in html


def test_an_event_without_a_sun_says_so():
    storm = seen("2014-09-12", sun=())
    time = storm.event.focus
    assert "not in its catalogue" in readings(storm)
    for view, layers in (
        (sun_view.disc, sun_view.layers),
        (ejection.propagation, ejection.propagation_layers),
    ):
        panel = render(view(storm, time), SIZE)
        assert "catalogue" in text(panel.sources["note"].data)
        assert layers(storm, time) == {}
    panel = render(arrival.timeline(storm, time), SIZE)
    assert "catalogue" in panel.figure.title.text
    assert arrival.layers(storm, time) == {}


def test_an_image_of_another_place_has_its_own_grid(storm):
    axis = np.linspace(-1200.0, 1200.0, 41)
    x, y = np.meshgrid(axis, axis)
    told = {
        "instrument": "STEREO A EUVI",
        "time": "2014-09-10T17:46:00",
        "observer_latitude": -3.0,
        "observer_longitude": 30.0,
        "distance": 1.45e8,
        "limb": 989.0,
        "source": "euvi.fits",
    }
    disc = np.where(np.hypot(x, y) < 989.0, 100.0, 1.0)
    image = SUN_IMAGE.stamp(
        xr.Dataset(
            {"intensity": (("y", "x"), disc)}, {"x": axis, "y": axis}, told
        )
    )
    time = storm.event.focus
    now = sun_view.layers(storm, time, image=image)
    first = known_sun.eruptions(storm.event)[0]
    lat, lon = first.numbers("latitude", "longitude")
    if storm.event.name == "2014-09-12":  # the image is of that flare
        here = sun.Disc(-3.0, 0.0, 1.45e8, 989.0)
        x_seen = sun.place(lat, lon - 30.0, here)[0]
        assert now["flare"]["x"][0] == pytest.approx(x_seen, abs=1.0)
    assert text(now["note"]) == "image: euvi.fits"
    panel = render(sun_view.disc(storm, time, image=image), SIZE)
    assert panel.figure.title.text == "STEREO A EUVI, 2014-09-10 17:46:00"
    limb = panel.sources["limb"].data
    np.testing.assert_allclose(np.hypot(limb["x"], limb["y"]), 989.0)


def test_the_angle_from_the_sun_stands_beside_its_limit(storm):
    panel = render(
        sun_series.sun_angle(storm.pointing, storm.event.focus), SIZE
    )
    np.testing.assert_array_equal(
        panel.sources["SXI"].data["angle"], storm.pointing.sun_angle
    )
    assert set(panel.sources["least"].data["angle"]) == {40.0}
    assert "off below 40° (0 of" in panel.figure.title.text
    assert panel.clock is not None
    bare = storm.pointing.drop_vars("sun_angle")
    nothing = sun_series.sun_angle(bare, storm.event.focus)
    assert "not known" in render(nothing, SIZE).figure.title.text


def test_xrays_are_drawn_in_both_channels():
    times = np.datetime64("2014-09-10T17:00", "ns") + np.arange(
        3
    ) * np.timedelta64(60, "s")
    flux = XRAY_FLUX.stamp(
        xr.Dataset(
            {
                "short": ("time", [1e-6, 2e-5, np.nan]),
                "long": ("time", [1e-5, 2e-4, np.nan]),
            },
            {"time": times},
            {"instrument": "GOES 15"},
        )
    )
    panel = render(sun_series.xrays(flux, times[1]), SIZE)
    assert panel.figure.title.text == "X-rays of the Sun: GOES 15"
    assert panel.sources["X-rays, 0.1-0.8 nm"].data["flux"][1] == 2e-4
