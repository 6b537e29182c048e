import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore import events
from smile_explore.data import mhd, samples, solar_wind
from smile_explore.events import cubes, cuts, simulate
from smile_explore.events.settings import Settings
from smile_explore.physics import boundaries
from smile_explore.schema import CUTS, SOLAR_WIND, STANDOFF, SXI_IMAGE


def wind_of(event):
    return solar_wind.load(event.start, event.stop, source=event.solar_wind)


def test_the_run_covers_its_hours_and_the_analytic_cube_the_others(
    observations,
):
    assert observations.cuts.model.values.tolist() == [
        cubes.ANALYTIC,
        cubes.ANALYTIC,
        "BATS-R-US E",
        "BATS-R-US E",
    ]


def test_every_dataset_is_of_its_schema(observations):
    SOLAR_WIND.check(observations.solar_wind)
    CUTS.check(observations.cuts)
    SXI_IMAGE.check(observations.sxi)
    STANDOFF.check(observations.standoff)


def test_model_boundaries_are_those_of_the_wind_behind_each_cube(
    observations, short_event
):
    driver = cubes.driver(
        short_event, wind_of(short_event), observations.cuts.time.values
    )
    expected = boundaries.shue_magnetopause(
        0.0,
        driver.dynamic_pressure,
        driver.magnetic_field.sel(component="z"),
    )
    shown = observations.standoff.standoff.sel(estimate="Shue 1998")
    np.testing.assert_allclose(shown, expected, rtol=1e-6)


def test_boundaries_cut_the_same_nose_in_both_planes(observations):
    nose = observations.cuts.sel(theta=0.0)
    np.testing.assert_allclose(nose.boundary_noon, nose.boundary_equator)


def test_an_idealised_run_is_laid_over_with_its_own_wind():
    event = events.load("2014-09-12")
    run = mhd.open_cube(samples.find(event.runs[0].sample))
    before = np.datetime64("2014-09-12T15:40", "ns")
    times = np.array([before, run.time.values[5]])
    wind = wind_of(event)
    driver = cubes.driver(event, wind, times)
    # Case D imposes n = 22 cm-3 from 10 s on; the event's wind is still calm.
    assert driver.density.values[1] == pytest.approx(22.0, rel=0.01)
    assert driver.density.values[0] == wind.density.sel(time=before)
    # and stands upright, while the dipole of the day is tilted by 13 deg
    assert driver.dipole_tilt.values[1] == 0.0
    assert driver.dipole_tilt.values[0] == pytest.approx(13.5, abs=0.5)


def test_cube_and_driver_say_in_what_frame_their_vectors_are(short_event):
    wind = wind_of(short_event)
    cube = cubes.cube(short_event, wind)
    for data in (cube, cubes.driver(short_event, wind, cube.time.values)):
        for name in ("velocity", "magnetic_field"):
            assert data[name].attrs["frame"] == "GSM"


def test_an_image_says_how_the_magnetosphere_was_masked(observations):
    assert observations.sxi.attrs["mask_method"] == (
        "by_tracing (BATS-R-US E), exact (analytic model)"
    )


def test_an_event_without_runs_is_observed_in_the_analytic_model(short_event):
    alone = events.observe(dataclasses.replace(short_event, runs=()), rng=1)
    assert set(alone.cuts.model.values) == {cubes.ANALYTIC}
    standoff = alone.standoff.standoff
    # found from what SMILE sees of a magnetopause that is known exactly
    np.testing.assert_allclose(
        standoff.sel(estimate="tangent fit"),
        standoff.sel(estimate="exact"),
        atol=0.3,
    )


def test_the_exact_nose_is_known_for_analytic_cubes_only(observations):
    exact = observations.standoff.standoff.sel(estimate="exact")
    assert np.isfinite(exact).values.tolist() == [True, True, False, False]


def test_a_cut_through_a_plane_between_nodes_is_interpolated():
    axis = np.array([-1.0, 3.0])
    field = xr.DataArray(axis * 2.0 + 5.0, coords={"y": axis}, dims="y")
    assert cuts._plane(field, "y").item() == pytest.approx(5.0)


def test_the_same_seed_gives_the_same_photons(observations, short_event):
    again = events.observe(short_event, rng=1)
    np.testing.assert_array_equal(again.sxi.counts, observations.sxi.counts)


def test_progress_reaches_its_end_and_can_cancel(short_event):
    class Enough(Exception):
        pass

    told = []

    def progress(done, total):
        told.append((done, total))
        if done == 5:
            raise Enough

    with pytest.raises(Enough):
        events.observe(short_event, progress=progress)
    assert told[-1][0] == 5
    assert told[-1][1] > 5


def test_an_unknown_run_is_refused_with_the_known_ones(short_event):
    with pytest.raises(ValueError, match="no run 'X'; it has BATS-R-US E, "):
        events.observe(short_event, run="X")


def test_an_event_without_overlap_with_its_run_is_analytic(short_event):
    early = dataclasses.replace(
        short_event,
        start=np.datetime64("2012-06-16T12:00", "ns"),
        stop=np.datetime64("2012-06-16T12:25", "ns"),
    )
    cube = cubes.cube(early, wind_of(early))
    assert set(cube.model.values) == {cubes.ANALYTIC}
    assert cube.sizes["time"] == 3


def by_both_ways(observations, settings):
    """Observed anew from the start, and entered again."""
    anew = events.observe(observations.event, settings=settings, rng=1)
    return anew, simulate.again(observations, settings, rng=1)


@pytest.mark.parametrize(
    "changed",
    [
        {"exposure": 60.0, "hydrogen": 50.0, "fitted": "intensity"},
        {"turn": 20.0, "ahead": -1.0, "hydrogen": 40.0, "response": "full"},
        {"mode": "lo", "ion_share": 0.8, "potential": 5.0},
        {"mode": "lo", "exposure": 60.0},
    ],
    ids=["place kept", "viewpoint", "in situ", "in situ and images"],
)
def test_entering_again_gives_what_starting_anew_gives(observations, changed):
    anew, again = by_both_ways(observations, Settings(**changed))
    for field in dataclasses.fields(again):
        one, other = (getattr(seen, field.name) for seen in (anew, again))
        if field.name == "event":
            assert one == other
            continue
        xr.testing.assert_allclose(one, other)
        assert one.attrs == other.attrs
        for name in one.variables:
            assert one[name].attrs == other[name].attrs, name
    assert Settings.of(again) == Settings(**changed)


def test_without_another_viewpoint_no_cube_is_opened(
    observations, monkeypatch
):
    monkeypatch.setattr(cubes, "cube", None)
    again = simulate.again(observations, Settings(exposure=60.0), rng=1)
    ratio = again.sxi.expected_counts / observations.sxi.expected_counts
    np.testing.assert_allclose(ratio, 0.2)


def test_other_counts_at_once_keep_the_magnetopause(observations):
    brighter = simulate.counted(observations, Settings(hydrogen=50.0), rng=1)
    np.testing.assert_allclose(
        brighter.sxi.intensity, 2.0 * observations.sxi.intensity
    )
    np.testing.assert_allclose(
        brighter.cuts.emissivity_noon, 2.0 * observations.cuts.emissivity_noon
    )
    assert brighter.magnetopause is observations.magnetopause
