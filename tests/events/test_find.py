import numpy as np
import pytest

from smile_explore.events import find
from smile_explore.retrieval import magnetopause


@pytest.mark.parametrize("method", find.METHODS)
def test_each_method_finds_what_locate_finds(observations, method):
    alone = magnetopause.locate(
        observations.sxi,
        observations.pointing,
        method=method,
        quantity="counts",
        dipole_tilt=observations.cuts.dipole_tilt,
    )
    name = find.words(method)
    found = observations.magnetopause.sel(estimate=name)
    np.testing.assert_allclose(found.standoff, alone.standoff)
    np.testing.assert_allclose(found.radius, alone.radius)
    assert found.assumptions.item() == alone.attrs["assumptions"]
    given = observations.standoff.sel(estimate=name)
    np.testing.assert_allclose(given.standoff, alone.standoff)
    np.testing.assert_allclose(given.uncertainty, alone.standoff_uncertainty)


def test_what_is_not_from_images_has_no_uncertainty(observations):
    others = [
        name
        for name in observations.standoff.estimate.values
        if name not in map(find.words, find.METHODS)
    ]
    assert len(others) == 6
    known = observations.standoff.uncertainty.sel(estimate=others)
    assert np.isnan(known).all()


def test_a_further_method_is_added_image_by_image(observations):
    times = observations.sxi.time.values
    once = find.added(observations, "boundary_fit", times=times[2:3])
    found = once.standoff.standoff.sel(estimate="boundary fit")
    assert np.isfinite(found).values.tolist() == [False, False, True, False]
    told = []
    twice = find.added(
        once,
        "boundary_fit",
        times=times[:1],
        progress=lambda *steps: told.append(steps),
    )
    assert told == [(1, 1)]
    again = twice.standoff.standoff.sel(estimate="boundary fit")
    assert np.isfinite(again).values.tolist() == [True, False, True, False]
    assert again[2] == found[2]
    status = twice.magnetopause.status.sel(estimate="boundary fit").values
    assert status[1] == status[3] == "not asked for"
    # and the other methods are left alone
    for name in map(find.words, find.METHODS):
        one, other = (
            seen.magnetopause.sel(estimate=name)
            for seen in (observations, twice)
        )
        np.testing.assert_array_equal(one.standoff, other.standoff)
    assert once.magnetopause is not observations.magnetopause


def test_looking_can_be_cancelled(observations):
    class Enough(Exception):
        pass

    def progress(done, total):
        assert total == 4
        if done == 4:
            raise Enough

    with pytest.raises(Enough):
        find.located(observations, progress=progress)
