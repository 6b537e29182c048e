import re

import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import uvi
from smile_explore.views import _uv_picture, aurora
from smile_explore.views.box import Box


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def drawn(view, label):
    """Columns of a drawn element, as the layers name them."""
    return part(view, label)


def test_a_pixel_has_the_colour_of_its_value(uvi_hour):
    view = aurora.image(uvi_hour.images, uvi_hour.times[1])
    seen = uvi_hour.images.radiance.isel(time=1)
    image = part(view, "radiance")
    for lat, lon in ((64, 64), (40, 90)):
        spot = seen[lat, lon]
        assert image[float(spot.fov_lon), float(spot.fov_lat)] == spot.item()


@pytest.mark.parametrize("quantity", ["radiance", "counts"])
def test_axes_and_title_say_the_unit_and_that_it_is_simulated(
    uvi_hour, quantity
):
    view = aurora.image(uvi_hour.images, uvi_hour.times[0], quantity=quantity)
    figure = hv.renderer("bokeh").get_plot(view).state
    unit = {"radiance": "R", "counts": "1"}[quantity]
    assert figure.title.text == f"UVI {quantity} [{unit}]"
    assert figure.xaxis.axis_label == "field-of-view longitude [deg]"
    assert figure.yaxis.axis_label == "field-of-view latitude [deg]"
    (text,) = part(view, "note")["text"]
    assert text.startswith("simulated, quick-look")


def test_lines_lie_where_the_pixels_see_them(uvi_hour):
    now = aurora.layers(
        uvi_hour.images,
        uvi_hour.times[2],
        pointing=uvi_hour.pointing,
        oval=uvi_hour.edges,
    )
    look = uvi.geometry(uvi_hour.pointing.isel(time=2))

    def at(label, name):
        spots = {k: xr.DataArray(v, dims="p") for k, v in now[label].items()}
        shown = np.isfinite(now[label]["fov_lon"])
        return look[name].interp(spots).values[shown]

    lat = at("latitudes", "mlat")
    lat = lat[np.isfinite(lat)]
    assert np.abs(lat - np.round(lat, -1)).max() < 0.1
    assert set(np.round(lat, -1)) == {60.0, 70.0, 80.0}
    sun = at("terminator", "solar_zenith_angle")
    assert np.nanmax(np.abs(sun - 90.0)) < 0.2
    north = at("poleward", "mlat")
    known = uvi_hour.edges.poleward.isel(time=2).values
    np.testing.assert_allclose(north, known[np.isfinite(known)], atol=0.1)


def test_an_image_with_its_own_geometry_needs_no_pointing(uvi_hour):
    look = uvi.geometry(uvi_hour.pointing.isel(time=0), camera=uvi.binned(4))
    images = uvi_hour.images.isel(time=[0, 1]).assign(
        mlat=look.mlat, solar_zenith_angle=look.solar_zenith_angle
    )
    now = aurora.layers(images, uvi_hour.times[0])
    spots = {
        k: xr.DataArray(v, dims="p") for k, v in now["terminator"].items()
    }
    sun = look.solar_zenith_angle.interp(spots).values
    assert np.isfinite(sun).sum() > 20
    assert np.nanmax(np.abs(sun - 90.0)) < 0.2


def test_what_moves_with_the_clock_is_what_the_view_draws(uvi_hour):
    options = {"pointing": uvi_hour.pointing, "oval": uvi_hour.edges}
    moved = aurora.layers(uvi_hour.images, uvi_hour.times[1], **options)
    view = aurora.image(uvi_hour.images, uvi_hour.times[1], **options)
    labels = {one.label for one in view} | {"colours"}
    assert set(moved) == labels - {"ground", "picked", "box"}
    for label in ("coastlines", "terminator", "poleward"):
        shown = part(view, label)
        for name, values in moved[label].items():
            np.testing.assert_array_equal(shown.dimension_values(name), values)


def test_uvi_that_is_off_is_said_to_be_off(uvi_hour):
    images = uvi_hour.images.copy()
    images["radiance"] = images.radiance * np.nan
    view = aurora.image(images, uvi_hour.times[0])
    (text,) = part(view, "note")["text"]
    assert text.startswith("UVI is off")
    assert hv.renderer("bokeh").get_plot(view).state.title.text


def test_a_measured_image_is_not_called_simulated(uvi_hour):
    images = uvi_hour.images.assign_attrs(
        measured=True, instrument="IMAGE WIC, 140 to 190 nm"
    )
    view = aurora.image(images, uvi_hour.times[0])
    (text,) = part(view, "note")["text"]
    assert text == "measured: IMAGE WIC"
    assert "IMAGE WIC radiance" in view.opts.get().kwargs["title"]


def test_a_quantity_or_time_that_is_not_there_is_refused(uvi_hour):
    with pytest.raises(ValueError, match="one of radiance, counts, got 'ligh"):
        aurora.image(uvi_hour.images, uvi_hour.times[0], quantity="light")
    early = uvi_hour.times[0] - np.timedelta64(1, "h")
    with pytest.raises(ValueError, match="2012-06-16 21:00 is outside the"):
        aurora.image(uvi_hour.images, early)


def rows(html):
    found = re.findall(r"<b>(.*?)</b></td><td>(.*?)</td>", html)
    return dict(found)


def test_the_inspector_says_what_a_pixel_sees_and_counts(uvi_hour):
    table = rows(
        aurora.pixel(
            uvi_hour.images,
            uvi_hour.times[0],
            uvi_hour.pointing,
            fov_lon=0.0,
            fov_lat=0.0,
        )
    )
    now = uvi_hour.images.isel(time=0)
    one = now.sel(fov_lon=0.0, fov_lat=0.0, method="nearest")
    glow = float(one.dayglow)
    light = float(one.radiance) - glow
    assert table["Light"] == f"aurora {light:.0f} R, dayglow {glow:.0f} R"
    # 0.06 counts per rayleigh in a pixel of the detector, 16 of them here
    counts = 0.06 * 16 * (light + glow)
    told = float(table["Counts"].split()[0])
    assert told == pytest.approx(counts, rel=0.01)
    ratio = 0.06 * 16 * light / np.sqrt(counts)
    assert float(table["Signal to noise"].split()[0]) == pytest.approx(
        ratio, abs=0.06
    )
    needed = 60.0 * (3.0 / ratio) ** 2
    assert float(table["Exposure for 3"].split()[0]) == pytest.approx(
        needed, rel=0.05
    )
    across, along = re.findall(r"[\d.]+", table["Footprint"])
    assert float(along) >= float(across) > 100.0
    assert "MLT" in table["Magnetic"]


def test_the_inspector_says_where_there_is_no_earth(uvi_hour):
    table = rows(
        aurora.pixel(
            uvi_hour.images,
            uvi_hour.times[0],
            uvi_hour.pointing,
            fov_lon=4.9,
            fov_lat=4.9,
        )
    )
    assert table["Sees"] == "no part of the Earth"
    assert "Counts" not in table


def test_an_image_that_sees_nothing_has_no_lines(uvi_hour):
    images = uvi_hour.images.assign(mlat=uvi_hour.images.radiance * np.nan)
    now = aurora.layers(images, uvi_hour.times[0])
    for label in ("latitudes", "terminator"):
        assert np.isnan(now[label]["fov_lon"]).all()


def test_colours_are_held_from_one_image_to_the_next():
    values = np.linspace(0.0, 1100.0, 500)
    held = _uv_picture.limits(values)
    assert _uv_picture.limits(1.01 * values) == held
    assert held["high"] >= np.percentile(values, 99.7)
    assert held["high"] < 1.3 * 1100.0


def test_a_box_is_framed_and_counted(uvi_hour):
    images, time = uvi_hour.images, uvi_hour.times[0]
    ends = {"fov_lon": (-1.0, 0.5), "fov_lat": (-0.5, 1.0)}
    table = rows(aurora.area(images, time, **ends))
    inside = images.isel(time=0).sel({k: slice(*v) for k, v in ends.items()})
    lit = inside.radiance.notnull()
    assert table["Box"].startswith(f"{int(lit.sum())} pixels")
    assert f"mean {float(inside.radiance.mean()):.0f} R" in table["Light"]
    counts = float(inside["counts"].where(lit).sum())
    assert table["Counts"].startswith(f"{counts:.0f} in all")
    away = aurora.area(images, time, fov_lon=(50, 51), fov_lat=(0, 1))
    assert "no pixel that sees the Earth" in away
    frame = aurora.boxed(Box("uvi", *ends.values()))["box"]
    assert set(frame["fov_lon"]) == {-1.0, 0.5}
