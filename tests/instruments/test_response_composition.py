"""From a solar wind of changing composition to counts, and back."""

import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import (
    composition,
    events,
    fold,
    tables,
)
from smile_explore.instruments.response import (
    counts as counts_module,
)
from smile_explore.physics import (
    charge_exchange,
    ion_emission,
    magnetosphere,
)
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import SOLAR_WIND, TRAJECTORY

RESPONSE = tables.assumed()
COARSE = camera.Camera("SXI", 27.0, 16.0, 1.0)
#: The ions of the fast wind of this page: O8+ all but gone.
THIN = dataclasses.replace(
    ion_emission.FAST,
    relative={**ion_emission.FAST.relative, "O8+": 0.1, "C6+": 1.5},
)


def law(speed):
    return THIN if speed > 500.0 else ion_emission.SLOW


def series():
    times = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
        4
    ) * np.timedelta64(5, "m")
    speed = xr.DataArray(
        [420.0, 450.0, 600.0, 650.0],
        dims="time",
        coords={"time": times},
    )
    density = 20.0
    solar_wind = SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": density,
                "velocity": ("component", [-450.0, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, -3.0]),
                "dynamic_pressure": wind.dynamic_pressure(density, 450.0),
            },
            {"component": ["x", "y", "z"]},
        )
    )
    axis = np.arange(-16.0, 16.1, 1.0)
    cube = magnetosphere.analytic_cube(solar_wind, axis + 4.0, axis, axis)
    return speed, cube.expand_dims(time=times)


def pointing():
    place = xr.Dataset(
        {
            "position": ("component", [6.57, -5.94, 17.33]),
            "velocity": ("component", [0.0, 0.0, 0.0]),
        },
        {"component": ["x", "y", "z"]},
    )
    return camera.aim(TRAJECTORY.stamp(place), target=(8.0, 0.0, 0.0))


@pytest.fixture(scope="module")
def chain():
    """The whole way from the cube to what is expected by channel."""
    speed, cube = series()
    light = ion_emission.by_speed(speed, wind=law)
    glow = charge_exchange.emissivity(cube, efficiency=light["efficiency"])
    seen = sxi.intensity(glow, pointing(), camera=COARSE)
    image = sxi.expected_counts(
        seen, response=RESPONSE, spectrum=light["spectrum"]
    )
    expected = composition.expected(
        image, RESPONSE, spectrum=light["spectrum"]
    )
    return light, image, expected


def test_the_change_of_composition_is_found_from_the_counts(chain):
    _, _, expected = chain
    counts = composition.expose(expected, rng=4)
    found = composition.estimate(counts, expected, RESPONSE)
    assert found["converged"].all()
    assert found["ratio"].dims == ("time", "ion")
    for ion in ("O8+", "C6+", "Ne8+"):
        truth = [law(v).relative[ion] for v in (420.0, 450.0, 600.0, 650.0)]
        one = found.sel(ion=ion)
        pull = (one["ratio"] - truth) / one["ratio_uncertainty"]
        assert float(abs(pull).max()) < 3.5, ion
    # five minutes tell the wind of the one kind from that of the other
    oxygen = found.sel(ion="O8+")
    change = oxygen["ratio"][1] - oxygen["ratio"][2]
    error = np.hypot(*oxygen["ratio_uncertainty"][1:3])
    assert float(change / error) > 6.0


def test_without_noise_the_composition_comes_back(chain):
    _, _, expected = chain
    # the cross sections of O7+ too: its lines are those of the wind it is in
    found = composition.estimate(
        expected.sum("part").isel(time=slice(2, None)),
        expected.isel(time=slice(2, None)),
        RESPONSE,
        wind=THIN,
    )
    for ion in found["ion"].values.tolist():
        np.testing.assert_allclose(
            found["ratio"].sel(ion=ion), THIN.relative[ion], rtol=1e-3
        )
    assert float(found["deviance"].max()) < 1e-6


def test_what_is_expected_by_channel_are_the_counts_of_the_image(chain):
    _, image, expected = chain
    for part, total in (
        (None, image["expected_counts"]),
        ("background", image["expected_background"]),
    ):
        by_channel = (
            expected.sum("part") if part is None else expected.sel(part=part)
        )
        np.testing.assert_allclose(
            by_channel.sum("channel"),
            total.sum(["fov_lat", "fov_lon"]),
            rtol=1e-12,
        )
    # and pixel by pixel, each with its own spectrum
    by_pixel = counts_module.spectrum_of(
        image, RESPONSE, spectrum=chain[0]["spectrum"]
    )
    np.testing.assert_allclose(
        by_pixel.sum(["fov_lat", "fov_lon"]).sel(channel=expected["channel"]),
        expected,
        rtol=1e-9,
    )


def test_a_fainter_composition_makes_a_fainter_image(chain):
    light, image, _ = chain
    source = image["expected_counts"] - image["expected_background"]
    total = source.sum(["fov_lat", "fov_lon"]).values
    factor = fold.counts_per_intensity(
        RESPONSE, spectrum=light["spectrum"]
    ).values
    shine = light["efficiency"].values * factor
    np.testing.assert_allclose(total / total[0], shine / shine[0], rtol=1e-6)


def test_photons_one_by_one_tell_the_same(chain):
    light, image, expected = chain
    first = sxi.expose(image, rng=2).isel(time=0)
    drawn = events.draw(
        first, RESPONSE, spectrum=light["spectrum"].isel(time=0), rng=3
    )
    counts = composition.of_events(drawn, RESPONSE)
    assert float(counts.sum()) == float(first["counts"].sum())
    found = composition.estimate(counts, expected.isel(time=0), RESPONSE)
    oxygen = found.sel(ion="O8+")
    assert oxygen["ratio"] == pytest.approx(
        ion_emission.SLOW.relative["O8+"],
        abs=3.5 * float(oxygen["ratio_uncertainty"]),
    )


def test_errors_of_the_composition_are_those_of_repeated_exposures(chain):
    _, _, expected = chain
    once = expected.isel(time=0, drop=True)
    many = once.expand_dims(trial=np.arange(60))
    counts = composition.expose(many, rng=8)
    found = composition.estimate(counts, once, RESPONSE).sel(ion="O8+")
    pull = (found["ratio"] - ion_emission.SLOW.relative["O8+"]) / found[
        "ratio_uncertainty"
    ]
    # 60 draws: the scatter of a unit normal is known to 9 percent
    assert abs(float(pull.mean())) < 0.4
    assert 0.7 < float(pull.std()) < 1.3


def test_what_does_not_fit_together_is_refused(chain):
    light, image, expected = chain
    counts = composition.expose(expected, rng=1)
    with pytest.raises(ValueError, match="use the same band for both"):
        composition.estimate(counts.isel(channel=slice(5)), expected, RESPONSE)
    with pytest.raises(ValueError, match="no expected_background"):
        composition.expected(image[["expected_counts"]], RESPONSE)
    later = light["spectrum"].assign_coords(
        time=light["time"] + np.timedelta64(1, "h")
    )
    with pytest.raises(ValueError, match="spectrum .* image .* must have the"):
        sxi.expected_counts(
            image[["intensity"]], response=RESPONSE, spectrum=later
        )
    with pytest.raises(ValueError, match="select one with .isel"):
        events.draw(
            sxi.expose(image, rng=1).isel(time=0),
            RESPONSE,
            spectrum=light["spectrum"],
        )


def test_a_pause_of_sxi_stays_a_pause(chain):
    light, image, _ = chain
    on = xr.DataArray([True, False, True, True], image["time"].coords)
    seen = sxi.expected_counts(
        image[["intensity"]].where(on),
        response=RESPONSE,
        spectrum=light["spectrum"],
    )
    expected = composition.expected(seen, RESPONSE, spectrum=light["spectrum"])
    counts = composition.expose(expected, rng=1)
    np.testing.assert_array_equal(
        counts.isnull().all("channel"), [False, True, False, False]
    )
    found = composition.estimate(counts, expected, RESPONSE)
    assert found["converged"].values.tolist() == [True, False, True, True]
    oxygen = found["ratio"].sel(ion="O8+")
    np.testing.assert_array_equal(oxygen.isnull(), ~on)
    spoilt = counts.copy()
    spoilt[0, 7] = np.nan
    with pytest.raises(ValueError, match="1 are negative or NaN"):
        composition.estimate(spoilt, expected, RESPONSE)
