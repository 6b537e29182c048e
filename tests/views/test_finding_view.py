"""The lesson on finding the magnetopause, and views in a lesson."""

import holoviews as hv
import numpy as np
import pandas as pd
import pytest

from smile_explore.events import requirement
from smile_explore.instruments import sxi
from smile_explore.physics import charge_exchange
from smile_explore.views import finding, tour


@pytest.fixture(scope="module")
def case():
    (one,) = requirement.analytic_cases(densities=(30.0,), speeds=(400.0,))
    return one


@pytest.fixture(scope="module")
def where():
    return requirement.PLACES["ahead of the pole"].pointing()


@pytest.fixture(scope="module")
def sky(case, where):
    return sxi.intensity(charge_exchange.emissivity(case.cube()), where)


@pytest.fixture(scope="module")
def looked(sky, where):
    return finding.exposed(sky, where, exposure=900.0, rng=1)


def test_a_long_exposure_gives_the_nose_that_was_put_in(case, looked):
    exact = case.truth(case.cube())["exact"]
    table = finding.table(looked[1], {"exact": exact})
    assert list(table.index) == ["tangent fit", "maximum", "gradient"]
    assert abs(table.loc["tangent fit", "less exact"]) < 0.15
    np.testing.assert_allclose(
        table["standoff"] - exact, table["less exact"], rtol=1e-12
    )


def test_a_method_that_finds_nothing_is_left_out(sky, where):
    _, found = finding.exposed(sky, where, exposure=0.01)
    assert found == {}


def test_a_background_adds_counts_and_the_same_seed_the_same(sky, where):
    one, other, bright = (
        finding.exposed(sky, where, methods=(), background=level, rng=3)[0]
        for level in (5.0, 5.0, 40.0)
    )
    np.testing.assert_array_equal(one.counts, other.counts)
    light = float(sky.intensity.mean())
    ratio = float(bright.counts.mean() / one.counts.mean())
    assert ratio == pytest.approx((light + 40.0) / (light + 5.0), rel=0.01)


def test_edges_are_drawn_on_the_counts_by_method(looked, where):
    counted, found = looked
    drawn = finding.image(counted, where, found, title="900 s")
    labels = [one.label for one in drawn if isinstance(one, hv.Curve)]
    nose = float(found["maximum"].standoff)
    assert f"maximum, {nose:.2f} Rᴇ" in labels
    assert len(labels) == 3
    hv.render(drawn)
    hv.render(finding.image(counted, where, {}, title="none"))


def test_errors_that_are_not_there_are_not_drawn():
    swept = pd.DataFrame(
        {
            "method": ["maximum", "maximum", "tangent_fit"],
            "exposure": [60.0, 300.0, 60.0],
            "error": [0.2, np.nan, -0.1],
        }
    )
    drawn = finding.scatter(swept)
    dots = {one.label: one for one in drawn if isinstance(one, hv.Scatter)}
    assert len(dots["maximum"]) == len(dots["tangent fit"]) == 1
    hv.render(drawn)


def test_views_stand_side_by_side_or_below_each_other():
    one = hv.Overlay([hv.Curve([1, 2])])
    assert tour.row(one, one).shape == (1, 2)
    assert tour.column([one, one, one]).shape == (3, 1)
