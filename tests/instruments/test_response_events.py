"""Photons one by one."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.instruments import camera, sxi
from smile_explore.instruments.response import events, fold, tables
from smile_explore.schema import EVENTS, SXI_IMAGE

RESPONSE = tables.assumed()
USED = camera.Camera("coarse", 27.0, 16.0, 0.5)


def exposed(value=37.7, *, exposure=302.0, seed=1):
    lat = (np.arange(32) - 15.5) * 0.5
    lon = (np.arange(54) - 26.5) * 0.5
    bright = value * (1.0 + lat[:, None] / 16.0 + lon / 27.0)
    image = xr.Dataset(
        {"intensity": (("fov_lat", "fov_lon"), bright)},
        coords={"fov_lat": lat, "fov_lon": lon},
    ).assign_coords(time=np.datetime64("2012-06-16T22:00", "ns"))
    expected = sxi.expected_counts(
        SXI_IMAGE.stamp(image), response=RESPONSE, exposure=exposure
    )
    return sxi.expose(expected, rng=seed)


def uniform_events(number, *, seed=0, frames=1000, cell=0.1, width=2.0):
    """Photons anywhere in a square, in any frame."""
    rng = np.random.default_rng(seed)
    place = rng.uniform(-width / 2, width / 2, (2, number))
    frame = np.sort(rng.integers(0, frames, number))
    columns = {
        "elapsed": frame * 4.0 + 2.0,
        "frame": frame,
        "fov_lon": place[0],
        "fov_lat": place[1],
        "photon_energy": np.full(number, 0.5),
    }
    made = xr.Dataset({k: ("event", v) for k, v in columns.items()})
    made["exposure"] = 4.0 * frames
    made.attrs["pile_up_cell"] = cell
    return EVENTS.stamp(made)


def test_events_counted_in_the_pixels_are_the_image():
    image = exposed()
    drawn = events.draw(image, RESPONSE, rng=2)
    again = events.image_of(drawn, USED)
    np.testing.assert_array_equal(again, image["counts"].fillna(0.0))
    double = events.image_of(drawn, camera.Camera("wide", 27.0, 16.0, 1.0))
    np.testing.assert_array_equal(
        double,
        image["counts"].fillna(0.0).coarsen(fov_lat=2, fov_lon=2).sum(),
    )


def test_events_fall_evenly_into_the_frames():
    drawn = events.draw(exposed(), RESPONSE, rng=3)
    frame = drawn["frame"].values
    assert (np.diff(frame) >= 0).all()
    # 302 s are 75 whole frames and a half one
    number = np.bincount(frame)
    assert number.size == 76
    mean = drawn.sizes["event"] * 4.0 / 302.0
    assert abs((number[:75] - mean) / np.sqrt(mean)).max() < 4.5
    assert number[75] == pytest.approx(mean / 2, abs=4.5 * np.sqrt(mean / 2))
    assert float(drawn["elapsed"][-1]) == 301.0
    assert float(drawn["elapsed"][0]) == 2.0


def test_events_have_the_spectrum_that_is_expected():
    image = exposed(300.0)
    image["expected_background"] = 0.0 * image["expected_background"]
    drawn = events.draw(image, RESPONSE, rng=4)
    expected = fold.channel_counts(fold.charge_exchange_spectrum(), RESPONSE)
    inside = fold.channels_in(RESPONSE, fold.BAND)
    share = expected.values[inside] / expected.values[inside].sum()
    edges = np.append(
        RESPONSE["channel_low"].values[inside],
        RESPONSE["channel_high"].values[inside][-1],
    )
    seen, _ = np.histogram(drawn["photon_energy"], edges)
    mean = share * drawn.sizes["event"]
    many = mean > 20
    error = (seen - mean)[many] / np.sqrt(mean[many])
    assert abs(error).max() < 4.5
    assert error.std() == pytest.approx(1.0, abs=0.3)


def test_photons_of_the_background_are_harder():
    bright = events.draw(exposed(300.0), RESPONSE, rng=5)
    dark = events.draw(exposed(0.0), RESPONSE, rng=5)
    assert float(dark["photon_energy"].mean()) > 1.1 * float(
        bright["photon_energy"].mean()
    )


def test_a_band_chooses_events():
    drawn = events.draw(exposed(), RESPONSE, rng=6)
    soft = events.image_of(drawn, USED, band=(0.2, 0.7))
    hard = events.image_of(drawn, USED, band=(0.7, 2.5))
    whole = events.image_of(drawn, USED)
    np.testing.assert_array_equal(soft + hard, whole)
    assert 0 < float(hard.sum()) < float(soft.sum())


def test_the_same_seed_gives_the_same_events():
    image = exposed()
    first, again = (events.draw(image, RESPONSE, rng=7) for _ in range(2))
    xr.testing.assert_identical(first, again)


def test_pile_up_keeps_the_energy_and_loses_what_is_expected():
    # 20 x 20 cells of 0.1 deg, 1000 frames, 0.25 photons in each
    drawn = uniform_events(100_000)
    piled = events.pile_up(drawn)
    assert float(piled["photon_energy"].sum()) == pytest.approx(
        float(drawn["photon_energy"].sum()), rel=1e-12
    )
    rate = 100_000 / 4000.0 / 4.0
    share = events.pile_up_share(rate, cell=0.1, frame_time=4.0)
    lost = 1.0 - piled.sizes["event"] / drawn.sizes["event"]
    assert lost == pytest.approx(float(share), rel=0.02)
    assert (np.diff(piled["frame"]) >= 0).all()


def test_pile_up_grows_with_the_square_of_the_rate():
    lost = []
    for number in (10_000, 20_000):
        drawn = uniform_events(number, seed=number)
        lost.append(number - events.pile_up(drawn).sizes["event"])
    # m / 2 of the photons: 125 and 500
    assert lost[0] == pytest.approx(10_000**2 / 400_000 / 2, rel=0.3)
    assert lost[1] / lost[0] == pytest.approx(4.0, rel=0.3)
    rate = np.array([1e-4, 2e-4])
    share = events.pile_up_share(rate, cell=0.06, frame_time=4.0)
    np.testing.assert_allclose(share, rate * 0.06**2 * 4.0 / 2.0, rtol=1e-5)
    assert events.pile_up_share(0.0, cell=0.06, frame_time=4.0) == 0.0


def test_no_counts_make_no_events():
    image = exposed()
    image["counts"] = 0.0 * image["counts"]
    drawn = events.draw(image, RESPONSE, rng=1)
    assert drawn.sizes["event"] == 0
    assert events.pile_up(drawn).sizes["event"] == 0
    assert float(events.image_of(drawn, USED).sum()) == 0.0


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda i: i.drop_vars("counts"), "the image has no counts; make"),
        (lambda i: i.assign(counts=-i["counts"]), "must be whole numbers"),
        (lambda i: i.assign(counts=i["counts"] / 2), "must be whole numbers"),
        (lambda i: i.expand_dims("time"), "select one with .isel"),
    ],
)
def test_images_that_cannot_be_drawn_from_are_refused(spoil, message):
    with pytest.raises(ValueError, match=message):
        events.draw(spoil(exposed()), RESPONSE, rng=1)
