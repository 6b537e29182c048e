import holoviews as hv
import numpy as np
import pytest

from smile_explore import frames
from smile_explore.explorer.panel import render
from smile_explore.physics import apex
from smile_explore.retrieval import polar_cap
from smile_explore.views import _polar_map, polar
from smile_explore.views.box import Box


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def everything(hour):
    return {
        "oval": hour.edges,
        "cap": hour.cap,
        "trajectory": hour.trajectory,
    }


def test_noon_is_up_and_dawn_at_the_right():
    x, y = _polar_map.place([70.0, 70.0, 60.0, 90.0], [12.0, 6.0, 0.0, 3.0])
    np.testing.assert_allclose(x, [0, 20, 0, 0], atol=1e-9)
    np.testing.assert_allclose(y, [20, 0, -30, 0], atol=1e-9)


def test_every_pixel_of_the_map_has_the_value_of_its_cell(uvi_hour):
    view = polar.polar_map(uvi_hour.light, uvi_hour.times[1])
    image = part(view, "radiance")
    now = uvi_hour.light.radiance.isel(time=1)
    for lat, hour in ((65.25, 23.125), (72.25, 12.125), (58.25, 6.125)):
        x, y = _polar_map.place(lat, hour)
        shown = image[float(x), float(y)]
        # the pixel's centre may lie in the cell beside
        near = now.sel(
            mlat=slice(lat - 0.6, lat + 0.6), mlt=slice(hour - 0.3, hour + 0.3)
        )
        assert shown in near.values


def test_beyond_50_deg_there_is_no_map(uvi_hour):
    shown = polar.layers(uvi_hour.light, uvi_hour.times[1])["radiance"]
    picture = shown["image"][0]
    assert np.isnan(picture[0, 0])
    assert np.isfinite(picture[160, 160])


def test_the_coast_turns_with_the_earth_under_local_time(uvi_hour):
    early = _polar_map.coastlines(uvi_hour.times[0])
    late = _polar_map.coastlines(uvi_hour.times[0] + np.timedelta64(6, "h"))
    before, after = (p["x"] + 1j * p["y"] for p in (early, late))
    seen = np.isfinite(before) & np.isfinite(after)
    turn = np.angle(after[seen] / before[seen], deg=True)
    # six hours; apex longitude and the Sun move by little
    assert np.median(turn) == pytest.approx(90.0, abs=4.0)
    place = np.flatnonzero(np.isfinite(early["x"]))[0]
    glat, glon = (c[place] for c in _polar_map.coasts())
    mlat, mlon = apex.magnetic(glat, glon, uvi_hour.times[0])
    x, y = _polar_map.place(mlat, apex.local_time(mlon, uvi_hour.times[0]))
    assert early["x"][place] == pytest.approx(float(x), abs=0.05)
    assert early["y"][place] == pytest.approx(float(y), abs=0.05)


def test_the_terminator_is_where_the_sun_is_90_deg_from_the_zenith(uvi_hour):
    late = uvi_hour.times[2]
    line = _polar_map.terminator(late)
    sun = uvi_hour.light.solar_zenith_angle.isel(time=2)
    mlat = 90.0 - np.hypot(line["x"], line["y"])
    mlt = (np.degrees(np.arctan2(line["y"], line["x"])) / 15 + 6) % 24
    inside = (mlat > 52) & (mlt > 1) & (mlt < 23)
    seen = [
        float(sun.interp(mlat=a, mlt=b))
        for a, b in zip(mlat[inside], mlt[inside], strict=True)
    ]
    seen = np.array(seen)[np.isfinite(seen)]
    assert seen.size > 10
    np.testing.assert_allclose(seen, 90.0, atol=0.4)


def test_edges_and_circle_lie_at_their_latitudes(uvi_hour):
    now = polar.layers(
        uvi_hour.light, uvi_hour.times[0], **everything(uvi_hour)
    )
    edges = uvi_hour.edges.isel(time=0)
    for name in ("poleward", "equatorward"):
        lat = 90.0 - np.hypot(now[name]["x"], now[name]["y"])
        np.testing.assert_allclose(lat, edges[name])
        ends = now[f"{name} error"]
        lat = 90.0 - np.hypot(ends["x"], ends["y"]).reshape(-1, 3)
        np.testing.assert_allclose(
            lat[:, 1] - lat[:, 0], 2 * edges[f"{name}_uncertainty"], atol=1e-9
        )
    circle = now["polar cap"]
    rim = polar_cap.rim(uvi_hour.cap.isel(time=0), [0.0]).values
    assert 90.0 - np.hypot(circle["x"][0], circle["y"][0]) == pytest.approx(
        rim.item()
    )


def test_smile_stands_at_the_foot_of_its_dipole_line(uvi_hour):
    # high over the pole a line starts at the pole, whatever its distance
    place = uvi_hour.trajectory.position.isel(time=0).copy()
    found = _polar_map.footpoint(place)
    assert np.hypot(*found.values())[0] < 25.0
    on_axis = place.copy(data=[0.0, 0.0, 15.0]).assign_attrs(frame="SM")
    pole = _polar_map.footpoint(frames.rotate(on_axis, to="GSM"))
    assert np.hypot(pole["x"], pole["y"])[0] == pytest.approx(0.0, abs=1e-4)
    # cos^2 of the foot is cos^2 here over r: 45 deg at 4 R_E is 69.2 deg
    dusk = place.copy(data=[0.0, 2.8284, 2.8284]).assign_attrs(frame="SM")
    foot = _polar_map.footpoint(frames.rotate(dusk, to="GSM"))
    expected = np.degrees(np.arccos(np.sqrt(0.5 / 4.0 * 1.0173)))
    assert foot["x"][0] == pytest.approx(-(90.0 - expected), abs=1e-3)
    assert foot["y"][0] == pytest.approx(0.0, abs=1e-3)


def test_what_moves_with_the_clock_is_what_the_view_draws(uvi_hour):
    options = everything(uvi_hour)
    moved = polar.layers(uvi_hour.light, uvi_hour.times[1], **options)
    view = polar.polar_map(uvi_hour.light, uvi_hour.times[1], **options)
    still = {"ground", "frame", "hours", "circles", "picked", "box"}
    assert set(moved) == {one.label for one in view} - still | {"colours"}
    for label, columns in moved.items():
        if label in ("colours", "radiance"):
            continue
        for name, values in columns.items():
            np.testing.assert_array_equal(
                part(view, label).dimension_values(name), values
            )


def test_the_map_is_drawn_and_says_what_it_is(uvi_hour):
    view = polar.polar_map(
        uvi_hour.light, uvi_hour.times[1], **everything(uvi_hour)
    )
    figure = hv.renderer("bokeh").get_plot(view).state
    assert figure.title.text == "Aurora over the pole [R]"
    assert part(view, "hours")["text"].tolist() == ["00 MLT", "06", "12", "18"]
    (text,) = part(view, "note")["text"]
    assert text == "simulated, quick-look"


def test_a_time_outside_is_refused(uvi_hour):
    late = uvi_hour.times[2] + np.timedelta64(1, "h")
    for door in (polar.polar_map, polar.layers):
        with pytest.raises(ValueError, match="is outside the event, which"):
            door(uvi_hour.light, late)


def test_a_panel_of_the_explorer_moves_every_part_of_the_map(uvi_hour):
    options = everything(uvi_hour)
    panel = render(
        polar.polar_map(uvi_hour.light, uvi_hour.times[0], **options),
        {"frame_width": 200, "frame_height": 200},
    )
    later = polar.layers(uvi_hour.light, uvi_hour.times[2], **options)
    panel.show(later)
    assert panel.colours.high == later["colours"]["high"]
    for name in ("coastlines", "poleward", "polar cap", "SMILE"):
        np.testing.assert_array_equal(
            panel.sources[name].data["x"], later[name]["x"]
        )


@pytest.mark.parametrize(
    ("x", "y", "mlt", "width"),
    [
        # noon is up: 45 deg to either side are three hours
        ((-10.0, 10.0), (10.0, 20.0), 12.0, 6.0),
        ((10.0, 20.0), (-10.0, 10.0), 6.0, 6.0),
        ((-10.0, 10.0), (-20.0, -10.0), 0.0, 6.0),
        ((-5.0, 5.0), (-5.0, 5.0), 12.0, 24.0),
        ((-0.1, 0.1), (20.0, 21.0), 12.0, 1.0),
    ],
)
def test_a_box_reaches_over_local_times(x, y, mlt, width):
    box = Box("polar map", x, y)
    found = polar.sector(box, 3.5)
    away = (found["mlt"] - mlt + 12.0) % 24.0 - 12.0
    assert away == pytest.approx(0.0, abs=1e-9)
    assert found["width"] == pytest.approx(width)
    wedge = polar.boxed(box)["box"]
    assert np.hypot(wedge["x"], wedge["y"]).max() == pytest.approx(
        90.0 - _polar_map.LOWEST
    )


def test_a_box_of_another_panel_is_none_here():
    box = Box("sxi", (0.0, 1.0), (0.0, 1.0))
    assert polar.sector(box, 3.5) == {"mlt": 3.5, "width": 1.0}
    assert np.isnan(polar.boxed(box)["box"]["x"]).all()
