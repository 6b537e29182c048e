import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import archive
from smile_explore.events import cubes, in_situ, simulate
from smile_explore.events.settings import Settings
from smile_explore.physics import magnetosphere
from smile_explore.schema import (
    CROSSINGS,
    MAGNETIC_FIELD,
    MOMENTS,
    SPECTRUM,
    VDF,
)

TIMES = np.datetime64("2012-06-16T20:00", "ns") + np.arange(
    24
) * np.timedelta64(10, "m")


@pytest.fixture(scope="module")
def crossed(observations):
    """From the magnetosheath into the magnetosphere between two samples."""
    inside = np.arange(TIMES.size) >= 12
    velocity = np.where(inside[:, None], [0.0, 0, 0], [-150.0, 40.0, 30.0])
    field = np.where(inside[:, None], [5.0, 5, 60], [3.0, -25, -10])
    plasma = xr.Dataset(
        {
            "density": ("time", np.where(inside, 0.5, 30.0)),
            "velocity": (("time", "component"), velocity, {"frame": "GSM"}),
            "temperature": ("time", np.where(inside, 4000.0, 300.0)),
            "magnetic_field": (("time", "component"), field, {"frame": "GSM"}),
        },
        {"time": TIMES, "component": ["x", "y", "z"]},
    )
    where = np.broadcast_to([8.0, 1.0, 4.0], (TIMES.size, 3))
    position = xr.Dataset(
        {
            name: (("time", "component"), where * at_rest, {"frame": "GSM"})
            for name, at_rest in (("position", 1.0), ("velocity", 0.0))
        },
        {"time": TIMES, "component": ["x", "y", "z"]},
    )
    seen = dataclasses.replace(observations, trajectory=position)
    return in_situ.measured(seen, plasma, Settings(mode="lo"), rng=1)


def test_every_dataset_is_of_its_schema_and_says_it_is_simulated(crossed):
    for name, schema in (
        ("ions", VDF),
        ("ion_spectrum", SPECTRUM),
        ("ion_moments", MOMENTS),
        ("magnetic_field", MAGNETIC_FIELD),
        ("crossings", CROSSINGS),
    ):
        schema.check(getattr(crossed, name))
    for name in in_situ.IN_SITU[:-1]:
        if name != "plasma":
            assert getattr(crossed, name).attrs["measured"] is False


def test_the_plasma_is_that_of_the_cube_where_smile_is(
    observations, short_event
):
    cube = cubes.cube(short_event, observations.solar_wind)
    there = magnetosphere.sample(cube, observations.trajectory)
    for name in ("density", "velocity", "temperature", "magnetic_field"):
        np.testing.assert_allclose(
            observations.plasma[name], there[name], rtol=1e-6
        )


def test_moments_are_the_truth_within_their_uncertainty(observations):
    truth = in_situ.truth(observations)
    fit = observations.ion_moments.sel(species="H+", estimate="fit")
    assert fit.density_valid.all()
    np.testing.assert_allclose(fit.density, truth.density, rtol=0.02)
    np.testing.assert_allclose(fit.velocity, truth.velocity, atol=10.0)
    # of the single fluid's temperature half is taken for the protons'
    np.testing.assert_allclose(
        truth.temperature, observations.plasma.temperature / 2.0
    )
    np.testing.assert_allclose(fit.temperature, truth.temperature, rtol=0.1)


def test_the_field_is_the_truth_within_two_nanotesla(observations):
    error = (
        observations.magnetic_field.magnetic_field
        - observations.plasma.magnetic_field
    )
    length = np.sqrt((error**2).sum("component"))
    assert ((length > 0.0) & (length < 2.1)).all()


def test_a_magnetopause_is_found_where_it_is_crossed(crossed):
    (row,) = [
        crossed.crossings.isel(crossing=n)
        for n in range(crossed.crossings.sizes["crossing"])
    ]
    assert row.boundary == "magnetopause"
    assert row.direction == "inbound"
    assert TIMES[11] <= row.time.values <= TIMES[12]
    np.testing.assert_allclose(row.position, [8.0, 1.0, 4.0])


def test_a_few_samples_have_no_crossing(observations):
    assert not observations.crossings


def test_another_mode_needs_no_cube_and_moves_no_image(
    observations, monkeypatch
):
    monkeypatch.setattr(cubes, "cube", None)
    monkeypatch.setattr(simulate, "located", None)
    again = simulate.again(observations, Settings(mode="lo"), rng=1)
    assert again.ions.sizes["azimuth"] == 12
    assert observations.ions.sizes["azimuth"] == 24
    assert Settings.of(again) == Settings(mode="lo")
    assert again.magnetopause is observations.magnetopause
    xr.testing.assert_identical(
        again.magnetic_field, observations.magnetic_field
    )


def test_other_settings_of_images_keep_what_was_seen_in_situ(observations):
    again = simulate.again(observations, Settings(exposure=60.0), rng=1)
    for name in in_situ.IN_SITU:
        assert getattr(again, name) is getattr(observations, name)


def test_a_preview_of_images_does_not_claim_another_mode(observations):
    now = simulate.counted(observations, Settings(mode="hi", exposure=60.0))
    assert Settings.of(now) == Settings(exposure=60.0)


def test_everything_opens_as_it_was_saved(crossed, tmp_path):
    again = archive.open(archive.save(crossed, tmp_path / "event.nc"))
    for name in in_situ.IN_SITU:
        before, after = getattr(crossed, name), getattr(again, name)
        xr.testing.assert_identical(after, before)
        assert after.attrs == before.attrs


def test_a_part_has_its_share_of_the_density(observations):
    time = observations.ions.time.values[0]
    whole = in_situ.partial(observations, time)
    truth = in_situ.truth(observations).isel(time=0)
    energy = 5.22e-3 * float((truth.velocity**2).sum())
    parts = [
        in_situ.partial(observations, time, energy=band).density
        for band in ((5.0, energy), (energy, 2.5e4))
    ]
    np.testing.assert_allclose(sum(parts), whole.density, rtol=1e-6)
    assert all((part > 0.05 * whole.density).all() for part in parts)


def test_the_halves_of_a_plane_make_the_whole(observations):
    time = observations.ions.time.values[0]
    whole = in_situ.partial(observations, time).density
    for plane in ("B and V", "x and y"):
        halves = [
            in_situ.partial(observations, time, plane=plane, up=side).density
            for side in ((-np.inf, 10.0), (10.0, np.inf))
        ]
        np.testing.assert_allclose(sum(halves), whole, rtol=1e-6)


def test_an_empty_box_is_refused_in_one_sentence(observations):
    time = observations.ions.time.values[0]
    with pytest.raises(ValueError, match="no bin lies between 1 and 1.1 km/s"):
        in_situ.partial(
            observations, time, plane="x and y", right=(1.0, 1.1), up=(1, 1.1)
        )
