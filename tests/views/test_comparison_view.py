import holoviews as hv
import numpy as np
import pytest
import xarray as xr

from smile_explore.schema import COMPARISON, PROFILE
from smile_explore.views import comparison as views

MODELS = ["reference", "brighter", "farther"]


@pytest.fixture
def compared():
    """Three small models, numbers that can be told from each other."""
    lat, lon = np.arange(3.0), np.arange(4.0)
    x, y, z = np.arange(5.0), np.arange(6.0), np.arange(7.0)
    image = np.arange(12.0).reshape(3, 4)
    images = np.stack([image, 2.0 * image, image])
    noon = np.ones((3, 7, 5)) * 1e-5 * np.array([1, 2, 1])[:, None, None]
    equator = np.ones((3, 6, 5)) * 1e-5
    standoff = np.array(
        [[8.0, np.nan, 8.1], [8.0, np.nan, 8.2], [9, np.nan, np.nan]]
    )
    pixels = ("model", "fov_lat", "fov_lon")
    by_estimate = ("model", "estimate")
    data = xr.Dataset(
        {
            "intensity": (pixels, images),
            "intensity_difference": (pixels, images - images[0]),
            "expected_counts": (pixels, images),
            "emissivity_noon": (("model", "z", "x"), noon),
            "emissivity_equator": (("model", "y", "x"), equator),
            "ratio_noon": (("model", "z", "x"), np.log10(noon / noon[0])),
            "ratio_equator": (("model", "y", "x"), 0.0 * equator),
            "standoff": (by_estimate, standoff),
            "uncertainty": (by_estimate, 0.3 + 0.0 * standoff),
            "standoff_difference": (by_estimate, standoff - standoff[0]),
            **{
                name: ("model", np.arange(3.0))
                for name, told in COMPARISON.variables.items()
                if told.dims == ("model",)
            },
        },
        {
            "model": MODELS,
            "estimate": ["exact", "current", "tangent fit"],
            **{"fov_lat": lat, "fov_lon": lon, "x": x, "y": y, "z": z},
        },
        {"reference": "reference"},
    )
    return COMPARISON.stamp(data)


def profile(height):
    distance = np.arange(11.0)
    emissivity = height * np.exp(-((distance - 5.0) ** 2))
    return PROFILE.stamp(
        xr.Dataset(
            {
                "emissivity": ("distance", emissivity),
                "intensity": ("distance", emissivity),
                "position": (("distance", "component"), np.zeros((11, 3))),
                "beyond": 1.0,
            },
            {"distance": distance},
        )
    )


def element(overlay, kind, label=""):
    return next(
        e
        for e in overlay
        if isinstance(e, kind) and (not label or e.label == label)
    )


def test_images_of_all_models_have_the_same_colours(compared):
    for number, model in enumerate(MODELS):
        pixels = element(views.image(compared, model), hv.Image)
        assert pixels.vdims[0].range == (0.0, 22.0)
        seen = pixels.dimension_values(2, flat=False)
        np.testing.assert_allclose(seen, compared.intensity.isel(model=number))


def test_differences_are_white_at_zero_for_all_models(compared):
    for model in MODELS[1:]:
        drawn = views.difference(compared, model)
        pixels = element(drawn, hv.Image)
        assert pixels.vdims[0].range == (-11.0, 11.0)
        assert pixels.opts.get().kwargs["cmap"] == "RdBu_r"
    seen = element(views.difference(compared, "brighter"), hv.Image)
    np.testing.assert_allclose(
        seen.dimension_values(2, flat=False), compared.intensity[0]
    )


def test_a_ratio_is_its_logarithm_about_zero(compared):
    drawn = views.ratio(compared, "brighter")
    field = element(drawn, hv.Image)
    assert field.vdims[0].range == (-1.0, 1.0)
    np.testing.assert_allclose(
        field.dimension_values(2, flat=False), np.log10(2.0)
    )
    assert drawn.opts.get("plot").kwargs["title"] == (
        "log₁₀ brighter / reference"
    )


@pytest.mark.parametrize(("plane", "side"), [("noon", "Z"), ("equator", "Y")])
def test_planes_have_the_axes_of_the_schema(compared, plane, side):
    drawn = views.plane(compared, "farther", plane=plane)
    x, up = element(drawn, hv.Image).kdims
    assert (x.label, up.label) == ("X GSM [Rᴇ]", f"{side} GSM [Rᴇ]")


def test_a_line_of_sight_is_drawn_for_every_model(compared):
    profiles = {name: profile(n + 1.0) for n, name in enumerate(MODELS)}
    now = views.sight_layers(profiles, MODELS)
    for number, name in enumerate(MODELS):
        assert max(now[name]["emissivity"]) == pytest.approx(number + 1.0)
    low, high = now["ranges"]["x"]
    assert 1.0 < low < 5.0 < high < 9.0
    total = 1.0 + float(profile(2.0).intensity.sum())
    assert f"brighter: {total:.1f} keV cm⁻² s⁻¹ sr⁻¹" in now["note"]["text"][0]
    hv.render(views.sight(profiles, MODELS))


def test_before_a_pixel_is_picked_it_says_what_to_do():
    now = views.sight_layers(None, MODELS)
    assert now["note"]["text"] == ["tap a pixel of an image"]
    assert views.picked((1.0, 2.0))["picked"] == {
        "fov_lon": [1.0],
        "fov_lat": [2.0],
    }


def test_standoffs_leave_out_estimates_that_nothing_has(compared):
    drawn = views.standoffs(compared)
    points = element(drawn, hv.Scatter, "brighter")
    np.testing.assert_allclose(points.dimension_values("standoff"), [8.0, 8.2])
    ticks = dict(drawn.opts.get("plot").kwargs["yticks"])
    assert list(ticks.values()) == ["exact", "tangent fit"]


def test_everything_can_be_drawn(compared):
    for drawn in (
        views.image(compared, "reference"),
        views.difference(compared, "brighter"),
        views.plane(compared, "reference"),
        views.ratio(compared, "brighter", plane="equator"),
        views.standoffs(compared),
    ):
        hv.render(drawn)


def test_an_unknown_model_or_plane_is_refused(compared):
    with pytest.raises(ValueError, match="model must be one of reference, b"):
        views.image(compared, "none")
    with pytest.raises(ValueError, match="plane must be one of noon, equato"):
        views.plane(compared, "reference", plane="dusk")


def test_a_long_title_takes_two_lines_and_keeps_the_ends_of_names(compared):
    long = "BATS-R-US, 16 June 2012, dipole tilt 24 degrees, run B"
    named = compared.assign_coords(model=["reference", long, "farther"])
    title = views.difference(named, long).opts.get("plot").kwargs["title"]
    first, second = title.split("\n")
    assert first.startswith("BATS-R-US")
    assert "…" in first
    assert first.endswith("run B −")
    assert second == "reference"
    assert len(first) <= 27


def test_the_rim_of_each_method_that_found_one_lies_on_the_image(compared):
    rim = np.full((3, 3, 2), np.nan)
    rim[1, 2] = [1.0, 2.0]
    rimmed = compared.assign(
        rim_lon=(("model", "estimate", "point"), rim),
        rim_lat=(("model", "estimate", "point"), rim + 1.0),
    )
    drawn = views.image(rimmed, "brighter")
    for model, legend in (("brighter", True), ("reference", False)):
        shown = views.image(rimmed, model).opts.get("plot").kwargs
        assert shown["show_legend"] is legend
    line = element(drawn, hv.Curve, "tangent fit")
    np.testing.assert_allclose(line.dimension_values(1), [2.0, 3.0])
    assert not [e for e in drawn if e.label == "exact"]
    hv.render(drawn)
