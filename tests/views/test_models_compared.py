"""The lesson on models that are compared."""

import holoviews as hv
import numpy as np
import pytest

from smile_explore import events
from smile_explore.events import comparison
from smile_explore.views import models_compared as views
from tests.events.test_comparison import TIME, model, wind


@pytest.fixture(scope="module")
def run():
    """A cube that says what drove it, as an MHD run does."""
    cube = model(step=1.0, electron_temperature=0.0)
    driven = wind()
    return cube.assign(
        {
            f"driver_{name}": driven[name]
            for name in (
                "density",
                "velocity",
                "temperature",
                "magnetic_field",
            )
        }
    )


@pytest.fixture(scope="module")
def pointing():
    return comparison.seat(events.load("2012-06-16"), TIME)


@pytest.fixture(scope="module")
def compared(run, pointing):
    return comparison.compare(
        {"run": run, "denser": model(step=1.0, factor=2.0)},
        pointing,
        methods=["maximum"],
    )


def test_errors_are_those_of_each_method_against_the_chosen_truth(compared):
    page = views.errors(compared, "exact")
    off = compared.standoff.sel(estimate="maximum") - compared.standoff.sel(
        estimate="exact"
    )
    for value in off.values:
        assert f"{value:+.2f}" in page
    assert "last closed" not in page


def test_the_nose_is_drawn_where_the_comparison_has_it(run, compared):
    drawn = views.nose(run, compared, "run", "exact")
    exact = float(compared.standoff.sel(model="run", estimate="exact"))
    lines = [e for e in drawn if e.label.startswith("exact")]
    np.testing.assert_allclose(lines[0].dimension_values("x"), exact)
    assert not [e for e in drawn if e.label.startswith("current")]
    hv.render(drawn)


def test_a_wind_that_fits_is_told_from_one_that_does_not(
    run, compared, pointing
):
    """The nose of Lin et al. goes with the pressure to the power -0.194."""
    there = float(compared.standoff.sel(model="run", estimate="last closed"))
    own = float(compared.standoff.sel(model="run", estimate="exact"))
    right, same = views.answer(run, compared, pointing, 1.0)
    assert not right
    assert f"the nose is at {own:.2f} R_E" in same
    assert "1.00 times as bright" in same
    fitting = (there / own) ** (-1.0 / 0.194)
    assert views.answer(run, compared, pointing, fitting)[0]
    found = views.factor(run, compared)
    assert found == pytest.approx(fitting, rel=0.02)
    assert views.answer(run, compared, pointing, found)[0]
