import dataclasses
import re

import numpy as np
import pytest
import xarray as xr

from smile_explore.events import moment
from smile_explore.explorer.alternatives import SAYS, says
from smile_explore.explorer.export.behind import BEHIND
from smile_explore.explorer.panels import PANELS, Picture, Shown
from smile_explore.explorer.scene import Scene
from smile_explore.explorer.spoken import Spoken

#: Which variable a sentence tells the greatest of, and what scales it.
GREATEST = {
    "noon": ("density_noon", 1.0),
    "equator": ("density_equator", 1.0),
    "sxi": ("intensity", 1.0),
    "uvi": ("radiance", 1.0),
    "polar map": ("radiance", 1e-3),
}


@pytest.fixture(scope="module")
def shown(observations):
    return Shown(observations, observations.cuts.time.values[2])


@pytest.fixture(scope="module")
def numbers(shown):
    """Every number of a sentence that is no time of day."""

    def read(panel, seen=shown):
        text = re.sub(r"\d\d:\d\d", "", says(panel, seen))
        found = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[+-]\d+)?", text)
        return [float(one) for one in found]

    return read


def near(value, found):
    """Whether one of the numbers is this one, as far as it is written."""
    return any(np.isclose(value, one, rtol=6e-3, atol=6e-3) for one in found)


def now(data, shown):
    return data.sel(time=shown.time, method="nearest")


def test_every_picture_has_a_sentence_with_an_end(shown):
    pictures = {n for n, one in PANELS.items() if isinstance(one, Picture)}
    assert set(SAYS) == pictures
    for name in pictures:
        said = says(name, shown)
        assert said.endswith("."), said
        assert not re.search(r"nan|None|\.\.|array", said), said


def test_a_box_is_told_with_its_pixels(shown, numbers):
    area = moment.area(
        shown.observations,
        shown.time,
        fov_lon=(2.0, 6.0),
        fov_lat=(-6.0, -4.0),
    )
    seen = dataclasses.replace(shown, area=area)
    assert f"the {int(area.pixels)} pixels in the box" in says("lines", seen)
    assert near(area.channel_counts.sum(), numbers("spectrum", seen))


@pytest.mark.parametrize("panel", GREATEST)
def test_a_map_tells_its_greatest_value(panel, shown, numbers):
    name, scale = GREATEST[panel]
    most = float(np.nanmax(BEHIND[panel](shown)[name])) * scale
    assert near(most, numbers(panel))


def test_a_map_tells_where_its_greatest_value_is(shown, numbers):
    image = (
        BEHIND["sxi"](shown)
        .intensity.isel(time=0)
        .stack(pixel=("fov_lon", "fov_lat"))
    )
    lon, lat = image.pixel.values[int(image.argmax("pixel"))]
    assert numbers("sxi")[:2] == pytest.approx([lon, lat], abs=0.06)


@pytest.mark.parametrize("panel", ["density", "dynamic pressure"])
def test_a_series_tells_its_value_and_its_span(panel, shown, numbers):
    wind = shown.observations.solar_wind[panel.replace(" ", "_")]
    clock = shown.observations.cuts.time.values
    event = wind.sel(time=slice(clock[0], clock[-1]))
    for value in (now(wind, shown), event.min(), event.max()):
        assert near(float(value), numbers(panel))


def test_vectors_tell_their_components(shown, numbers):
    for panel, data in (
        ("magnetic field", shown.observations.solar_wind),
        ("field", shown.observations.magnetic_field),
    ):
        for value in now(data, shown).magnetic_field.values:
            assert near(value, numbers(panel)), panel


def test_ions_tell_density_speed_and_the_energy_of_most_flux(shown, numbers):
    seen = shown.observations
    one = now(seen.ion_moments, shown).sel(estimate="corrected")
    one = one.isel(species=0)
    assert near(float(one.density), numbers("ion density"))
    assert near(np.linalg.norm(one.velocity), numbers("ion speed"))
    assert near(float(one.temperature), numbers("ion temperature"))
    flux = now(seen.ion_spectrum, shown).energy_flux
    assert near(float(flux.idxmax("energy")), numbers("spectrogram"))


def test_an_orbit_tells_the_place_and_its_distance(shown, numbers):
    place = now(shown.observations.trajectory, shown).position.values
    found = numbers("orbit xz")
    for value in (np.linalg.norm(place), *place):
        assert any(abs(value - one) < 0.06 for one in found)


def test_what_is_in_sight_tells_side_and_angles(shown, numbers):
    angles = now(BEHIND["visibility"](shown), shown)
    side = "outside" if bool(angles.outside_magnetopause) else "inside"
    assert f"{side} the magnetopause" in says("window", shown)
    assert near(float(angles.nose_angle), numbers("visibility"))
    assert near(float(angles.sun_angle), numbers("view angles"))


def test_rates_flux_and_keogram_tell_the_values_at_the_clock(shown, numbers):
    seen = shown.observations
    rate = float(now(seen.flux_budget, shown).opening) / 1e3
    assert np.isnan(rate) or near(rate, numbers("flux rates"))
    flux = float(now(seen.polar_cap, shown).flux) / 1e9
    assert np.isnan(flux) or near(flux, numbers("open flux"))
    light = now(BEHIND["keogram"](shown), shown).radiance
    assert near(float(light.max()) / 1e3, numbers("keogram"))


def test_a_picked_pixel_is_told(observations, shown, numbers):
    assert "no pixel" in says("lines", shown)
    glow = moment.emissivity(observations, shown.time)
    sight = moment.sight(
        observations, shown.time, glow, fov_lon=-5.1, fov_lat=-2.4
    )
    seen = Shown(observations, shown.time, sight=sight)
    for panel, most in (
        ("line of sight", sight.intensity.sum()),
        ("lines", sight.photons.max()),
        ("spectrum", sight.channel_counts.sum()),
    ):
        assert near(float(most), numbers(panel, seen)), panel


def test_nothing_seen_is_said(observations):
    blind = dataclasses.replace(
        observations, uvi=xr.Dataset(), light=xr.Dataset()
    )
    seen = Shown(blind, blind.cuts.time.values[0])
    for panel in ("uvi", "polar map", "keogram"):
        assert says(panel, seen).endswith(": nothing was seen.")


def test_an_unknown_picture_is_refused(shown):
    with pytest.raises(ValueError, match="'readings' is no picture"):
        says("readings", shown)


def test_the_pictures_on_screen_bear_their_sentences(shown):
    scene = Scene(shown, on_time=print, on_pixel=print, preset="Classroom")
    try:
        spoken = Spoken()
        spoken.tell(scene)
        for name, picture in scene.pictures.items():
            assert picture.html_attributes == {
                "role": "img",
                "aria-label": says(name, shown),
            }
        assert "Nose at" in spoken.widget.value
        assert "Solar wind:" in spoken.widget.value
    finally:
        scene.close()
