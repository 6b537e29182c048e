import numpy as np
import pytest

import smile_explore as smile
from smile_explore import events
from smile_explore.events import comparison as models
from smile_explore.explorer.comparison import Comparison
from tests.events.test_comparison import model

TIME = np.datetime64("2012-06-16T22:25", "ns")


@pytest.fixture(scope="module")
def parts():
    cubes = {"one": model(step=1.0), "denser": model(step=1.0, factor=2.0)}
    glows = models.emissivities(cubes)
    pointing = models.seat(events.load("2012-06-16"), TIME)
    compared = models.compare(
        cubes, pointing, glows=glows, methods=["maximum"]
    )
    return compared, glows, pointing


@pytest.fixture
def shown(parts):
    return Comparison(*parts)


def figures(shown):
    images, planes, foot = shown._figure._model.children
    return images.children, planes.children, foot.children


def test_images_move_together_and_planes_move_together(shown):
    images, planes, _ = figures(shown)
    assert len(images) == len(planes) == 3
    for kind in (images, planes):
        assert len({figure.x_range.id for figure in kind}) == 1
        assert len({figure.y_range.id for figure in kind}) == 1
    assert images[0].x_range is not planes[0].x_range


def test_a_tapped_pixel_is_marked_in_all_images_and_seen_in_all_models(
    shown, parts
):
    shown.pick(1.0, -2.0)
    marks = [panel.sources["picked"].data for panel in shown._images]
    pixel = parts[0].sel(fov_lon=1.0, fov_lat=-2.0, method="nearest")
    for mark in marks:
        assert list(mark["fov_lon"]) == [float(pixel.fov_lon)]
        assert list(mark["fov_lat"]) == [float(pixel.fov_lat)]
    for name in ("one", "denser"):
        seen = shown._sight.sources[name].data
        own = models.sights(
            parts[1],
            parts[2],
            fov_lon=float(pixel.fov_lon),
            fov_lat=float(pixel.fov_lat),
        )[name]
        np.testing.assert_allclose(seen["emissivity"], own.emissivity)
    assert "Line of sight at" in shown.message.value


def test_another_plane_is_drawn_in_place_of_the_first(shown):
    assert figures(shown)[1][0].yaxis.axis_label == "Z GSM [Rᴇ]"
    shown.plane.value = "equator"
    _, planes, _ = figures(shown)
    assert planes[0].yaxis.axis_label == "Y GSM [Rᴇ]"
    assert len({figure.x_range.id for figure in planes}) == 1


def test_the_numbers_stand_beside_the_pictures(shown, parts):
    page = figures(shown)[2][-1].elements[0].html
    exact = float(parts[0].standoff.sel(model="one", estimate="exact"))
    assert f">{exact:.2f}<" in page
    assert "peak intensity [keV cm⁻² s⁻¹ sr⁻¹]" in page


def test_the_door_takes_an_event(monkeypatch):
    from smile_explore.explorer import comparison as lab

    asked = {}
    seat = models.seat

    def watched(event, time, settings=None):
        asked.update(event=event.name, time=time)
        return seat(event, time, settings)

    monkeypatch.setattr(models, "seat", watched)
    monkeypatch.setattr(lab, "METHODS", ())
    cubes = {"a": model(step=1.5), "b": model(step=1.5)}
    shown = smile.compare(cubes, "2012-06-16", methods=())
    focus = events.load("2012-06-16").focus
    assert asked == {"event": "2012-06-16", "time": focus}
    assert list(shown.table.columns) == ["a", "b"]
    with pytest.raises(ValueError, match="1859-09-01"):
        smile.compare(cubes, "1859-09-01")


def test_the_door_tells_how_far_it_is():
    told = []
    smile.compare(
        {"a": model(step=1.5), "b": model(step=1.5)},
        "2012-06-16",
        methods=(),
        progress=lambda *now: told.append(now),
    )
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
