"""Counts with a gap between the CCDs and dark edges tell the same place."""

import numpy as np
import pytest

from smile_explore.instruments import sxi
from smile_explore.instruments.response import tables
from smile_explore.retrieval import bow_shock, magnetopause

#: Wide enough that whole pixels lie off the CCDs, and others half off them.
RESPONSE = tables.assumed(gap=1.0, edge_area=0.6)


@pytest.fixture(scope="module")
def counted(sky):
    image, pointing = sky.views["dawn and north"]
    expected = sxi.expected_counts(image, response=RESPONSE, exposure=900.0)
    return sxi.expose(expected, rng=3), pointing


@pytest.mark.parametrize(
    ("method", "within"),
    [
        ("tangent_fit", 0.2),
        ("boundary_fit", 0.2),
        ("maximum", 0.8),
        ("gradient", 0.8),
    ],
)
def test_a_gap_and_dark_edges_are_no_boundary(sky, counted, method, within):
    image, pointing = counted
    assert 0 < int(image["counts"].isnull().sum()) < 200
    found = magnetopause.locate(
        image, pointing, method=method, quantity="counts", shape="shue"
    )
    assert float(found["standoff"]) == pytest.approx(sky.standoff, abs=within)


def test_what_a_dark_edge_takes_is_given_back(sky, counted):
    image, pointing = counted
    # told that all pixels are alike, the fit is misled
    deceived = image.assign_coords(
        sensitivity=image["sensitivity"] * 0.0 + 1.0
    ).fillna({"counts": 0.0})
    error = {}
    for name, one in (("told", image), ("not told", deceived)):
        found = magnetopause.locate(
            one,
            pointing,
            method="boundary_fit",
            quantity="counts",
            shape="shue",
        )
        error[name] = float(found["misfit"])
    assert error["told"] < 1.6
    assert error["not told"] > 2.0 * error["told"]


def test_counts_lost_elsewhere_are_refused_still(counted):
    image, pointing = counted
    spoilt = image.copy(deep=True)
    spoilt["counts"][4, 4] = np.nan
    with pytest.raises(ValueError, match="counts must not be NaN, 1 of"):
        magnetopause.locate(spoilt, pointing, quantity="counts")


def test_the_bow_shock_takes_them_too(counted):
    image, pointing = counted
    found = magnetopause.locate(
        image, pointing, quantity="counts", shape="shue"
    )
    shock = bow_shock.locate(image, pointing, found, quantity="counts")
    assert "NaN" not in shock["status"].item()
