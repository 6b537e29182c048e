import dataclasses

import numpy as np
import pytest

from smile_explore.events import moment, simulate
from smile_explore.events.settings import Settings
from smile_explore.instruments import orbit
from smile_explore.physics import boundaries


@pytest.fixture(scope="module")
def times(observations):
    return observations.cuts.time.values


@pytest.fixture(scope="module", params=[0, 2], ids=["analytic", "run"])
def now(request, observations, times):
    """A time, and what glows then."""
    time = times[request.param]
    return time, moment.emissivity(observations, time)


PIXELS = [(0.125, -4.125), (-8.0, 3.0), (5.0, -7.9)]


@pytest.mark.parametrize(("lon", "lat"), PIXELS)
def test_light_along_the_line_adds_up_to_the_pixel(
    observations, now, lon, lat
):
    time, glow = now
    sight = moment.sight(observations, time, glow, fov_lon=lon, fov_lat=lat)
    pixel = observations.sxi.intensity.sel(time=time).sel(
        fov_lon=lon, fov_lat=lat, method="nearest"
    )
    whole = sight.intensity.sum() + sight.beyond
    assert whole.item() == pytest.approx(pixel.item(), rel=1e-5)
    energy = (sight.photons * sight.photon_energy).sum()
    assert energy.item() == pytest.approx(pixel.item(), rel=1e-9)
    sides = sight.share.sel(region=list(moment.REGIONS[:3]))
    assert sides.sum().item() == pytest.approx(1.0)
    assert (sides >= 0.0).all()


def test_boundaries_are_crossed_where_they_are(observations, now):
    time, glow = now
    sight = moment.sight(observations, time, glow, fov_lon=0.0, fov_lat=-5.0)
    driver = observations.cuts.sel(time=time)
    shocks = sight.crossing.sel(boundary="bow shock").values
    assert shocks.size == 2
    for place in shocks:
        x, y, z = sight.position.interp(distance=place).values
        radius = np.sqrt(x**2 + y**2 + z**2)
        model = boundaries.jelinek_bow_shock(
            np.degrees(np.arccos(x / radius)), driver.dynamic_pressure.item()
        )
        assert radius == pytest.approx(model, abs=0.02)


def test_most_light_of_the_arc_comes_from_the_sheath(observations, now):
    time, glow = now
    sight = moment.sight(observations, time, glow, fov_lon=0.0, fov_lat=-4.0)
    share = sight.share.sel(region="magnetosheath").item()
    assert 0.5 < share < 0.95


def test_counts_of_the_spectrum_go_with_the_exposure(observations, now):
    time, glow = now
    pixel = {"fov_lon": 5.0, "fov_lat": -4.0}
    once = moment.sight(observations, time, glow, **pixel)
    longer = simulate.counted(observations, Settings(exposure=600.0))
    twice = moment.sight(longer, time, glow, **pixel)
    np.testing.assert_allclose(
        twice.channel_counts, 2.0 * once.channel_counts, rtol=1e-9
    )
    assert twice.exposure == 600.0


def test_a_sight_while_sxi_is_off_has_no_spectrum(observations, now):
    time, glow = now
    dark = dataclasses.replace(
        observations,
        sxi=observations.sxi.assign(
            intensity=observations.sxi.intensity * np.nan
        ),
    )
    sight = moment.sight(dark, time, glow, fov_lon=0.0, fov_lat=0.0)
    assert "photons" not in sight
    assert sight.intensity.sum() > 0.0


def test_a_preview_is_the_image_from_the_new_place(observations, now):
    time, glow = now
    settings = Settings(turn=25.0, hydrogen=50.0, exposure=60.0)
    seen = moment.preview(observations, settings, time, glow, rng=1)
    full = simulate.again(observations, settings, rng=1)
    np.testing.assert_allclose(seen.pointing.position, full.pointing.position)
    coarse, fine = (
        one.sxi.intensity.sel(time=time).coarsen(fov_lat=4, fov_lon=4).mean()
        for one in (seen, full)
    )
    np.testing.assert_allclose(coarse, fine, rtol=0.25)
    assert (coarse / fine).mean().item() == pytest.approx(1.0, abs=0.01)
    # every fourth pixel is new
    assert np.unique(seen.sxi.intensity.sel(time=time)).size <= 27 * 16
    assert Settings.of(seen) == settings
    others = seen.sxi.intensity.drop_sel(time=time)
    assert np.isnan(others).all()
    assert "preview" in str(seen.sxi.remark.sel(time=time).item())
    assert np.isnan(seen.magnetopause.rim_lon).all()


def test_elements_of_the_preview_are_those_of_the_settings(observations, now):
    time, glow = now
    settings = Settings(ahead=1.5)
    seen = moment.preview(observations, settings, time, glow)
    expected = orbit.trajectory(
        observations.cuts.time.values,
        elements=settings.elements(observations.event),
    )
    np.testing.assert_allclose(seen.trajectory.position, expected.position)


def test_a_box_of_one_pixel_is_that_pixel(observations, now):
    time, glow = now
    one = moment.sight(observations, time, glow, fov_lon=5.1, fov_lat=-4.1)
    lon, lat = one.fov_lon.item(), one.fov_lat.item()
    box = moment.area(
        observations,
        time,
        fov_lon=(lon - 0.01, lon + 0.01),
        fov_lat=(lat - 0.01, lat + 0.01),
    )
    assert box.pixels == 1
    np.testing.assert_allclose(box.photons, one.photons)
    np.testing.assert_allclose(box.channel_counts, one.channel_counts)


def test_a_box_sums_counts_and_takes_the_mean_of_lines(observations, now):
    time, glow = now
    step = float(np.diff(observations.sxi.fov_lon)[0])
    inside = {
        "fov_lon": (4.9 - step, 5.0 + step),
        "fov_lat": (-4.2, -4.05 + step),
    }
    box = moment.area(observations, time, **inside)
    pixels = observations.sxi.sel(
        time=time, **{name: slice(*ends) for name, ends in inside.items()}
    )
    singles = [
        moment.sight(observations, time, glow, fov_lon=x, fov_lat=y)
        for x in pixels.fov_lon.values
        for y in pixels.fov_lat.values
    ]
    assert box.pixels == len(singles) > 2
    counts = sum(one.channel_counts for one in singles)
    np.testing.assert_allclose(box.channel_counts, counts, rtol=1e-6)
    photons = sum(one.photons for one in singles) / len(singles)
    np.testing.assert_allclose(box.photons, photons, rtol=1e-6)


def test_a_box_beside_the_image_is_refused(observations, now):
    with pytest.raises(ValueError, match="no pixel that SXI saw lies in"):
        moment.area(
            observations, now[0], fov_lon=(40.0, 41.0), fov_lat=(0.0, 1.0)
        )
