import holoviews as hv
import numpy as np
import pytest

from smile_explore.events import moment
from smile_explore.explorer.panel import render
from smile_explore.views import sight as views

PANELS = {
    "along": (views.along, views.along_layers),
    "lines": (views.lines, views.lines_layers),
    "spectrum": (views.spectrum, views.spectrum_layers),
}


@pytest.fixture(scope="module")
def sight(observations):
    time = observations.cuts.time.values[1]
    glow = moment.emissivity(observations, time)
    return moment.sight(observations, time, glow, fov_lon=5.1, fov_lat=-5.1)


@pytest.fixture(params=PANELS)
def panel(request):
    return PANELS[request.param]


def part(overlay, label):
    return next(one for one in overlay if one.label == label)


def test_without_a_pixel_it_says_what_to_do(panel):
    view, layers = panel
    for note in (
        part(view(None), "note")["text"],
        layers(None)["note"]["text"],
    ):
        assert note[0].startswith("Tap a pixel of the SXI image")
    assert hv.renderer("bokeh").get_plot(view(None)).state.title.text


def test_layers_are_what_the_view_is_drawn_from(panel, sight):
    view, layers = panel
    empty, full = render(view(None), {}), render(view(sight), {})
    empty.show(layers(sight))
    for label in layers(sight):
        if label == "ranges":
            continue
        for name, values in full.sources[label].data.items():
            np.testing.assert_array_equal(
                empty.sources[label].data[name], values
            )
    for axis in ("x_range", "y_range"):
        one, other = (getattr(p.figure, axis) for p in (empty, full))
        assert one.start == pytest.approx(other.start)
        assert one.end == pytest.approx(other.end)


def test_emissivity_is_drawn_against_the_way(sight):
    light = part(views.along(sight), "light")
    np.testing.assert_array_equal(light["distance"], sight.distance)
    np.testing.assert_array_equal(light["emissivity"], sight.emissivity)


@pytest.mark.parametrize("name", ["magnetopause", "bow shock"])
def test_crossings_are_marked_where_they_are(sight, name):
    marks = part(views.along(sight), name)["distance"]
    expected = sight.crossing.values[sight.boundary.values == name]
    assert set(marks[np.isfinite(marks)]) == set(expected)


def test_it_is_said_where_the_light_comes_from(sight):
    (text,) = views.along_layers(sight)["note"]["text"]
    sheath = 100.0 * sight.share.sel(region="magnetosheath").item()
    near = 100.0 * sight.share.values[-1]
    assert f"{sheath:.0f} % sheath" in text
    assert text.endswith(f"\n{near:.0f} % within 2 Rᴇ of the magnetopause")


def test_lines_are_sorted_by_element(sight):
    view = views.lines(sight)
    oxygen = part(view, "O")
    energies = oxygen["photon_energy"]
    ions = sight.ion.values
    own = sight.photon_energy.values[[ion.startswith("O") for ion in ions]]
    assert set(energies[np.isfinite(energies)]) == set(own)
    total = sum(
        np.nansum(part(view, element)["photons"])
        for element in ("C", "N", "O", "Ne")
    )
    assert total == pytest.approx(sight.photons.sum().item())
    (text,) = part(view, "note")["text"]
    assert text == "slow solar wind, as assumed"


def test_the_spectrum_has_source_and_background(sight):
    view = views.spectrum(sight)
    for name in ("magnetosheath", "background"):
        counts = sight.channel_counts.sel(part=name)
        np.testing.assert_array_equal(
            part(view, name)["channel_counts"], counts
        )
    (text,) = part(view, "note")["text"]
    source, behind = sight.channel_counts.sum("channel").values
    assert text == (
        f"{source:.1f} + {behind:.1f} counts in 300 s, full response"
    )


def test_a_pixel_between_the_ccds_and_sxi_off_are_said(sight):
    gap = sight.assign(channel_counts=sight.channel_counts * np.nan)
    (text,) = views.spectrum_layers(gap)["note"]["text"]
    assert text == "This lies between the two CCDs"
    off = sight.drop_vars(["photons", "channel_counts"])
    for layers in (views.lines_layers, views.spectrum_layers):
        assert layers(off)["note"]["text"] == ["SXI is off"]


def test_a_box_says_how_many_pixels_it_sums(observations):
    time = observations.cuts.time.values[1]
    area = moment.area(
        observations, time, fov_lon=(2.0, 6.0), fov_lat=(-6.0, -4.0)
    )
    number = int(area.pixels)
    assert number > 10
    (mean,) = views.lines_layers(area)["note"]["text"]
    assert mean.startswith(f"mean of {number} pixels")
    (summed,) = views.spectrum_layers(area)["note"]["text"]
    assert f"counts\nof {number} pixels" in summed
    whole = float(summed.partition(" + ")[0])
    assert whole == pytest.approx(
        area.channel_counts.sel(part="magnetosheath").sum().item(), abs=0.51
    )
