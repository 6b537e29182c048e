"""UVI in the flow: from Kp to the oval, and only what depends anew."""

import dataclasses

import numpy as np
import pytest
import xarray as xr

from smile_explore import events
from smile_explore.data import archive
from smile_explore.data.sources import day_files
from smile_explore.events import activity, aurora, aurora_moment, simulate
from smile_explore.events.settings import Settings
from smile_explore.instruments import uvi
from smile_explore.schema import (
    FLUX_BUDGET,
    OVAL,
    POINTING,
    POLAR_CAP,
    UV_MAP,
    UVI_IMAGE,
)

FIELDS = (
    "uvi",
    "uvi_pointing",
    "light",
    "oval",
    "polar_cap",
    "flux_budget",
)


def time(text):
    return np.datetime64(text, "ns")


def tuned(observations, **changed):
    return simulate.again(observations, Settings(**changed), rng=1)


def test_every_time_of_the_clock_has_an_image_and_an_oval(observations):
    schemas = UVI_IMAGE, POINTING, UV_MAP, OVAL, POLAR_CAP, FLUX_BUDGET
    for name, schema in zip(FIELDS, schemas, strict=True):
        data = getattr(observations, name)
        schema.check(data)
        np.testing.assert_array_equal(data.time, observations.cuts.time)
    assert (observations.oval.found >= 20).all()
    # the storm's Kp of 6+ has its midnight oval at 60 to 70 deg
    midnight = observations.oval.sel(mlt=[22.5, 23.5, 0.5])
    assert ((midnight.equatorward > 57) & (midnight.equatorward < 66)).all()
    assert (midnight.poleward > midnight.equatorward + 2.0).all()


@pytest.mark.parametrize(
    ("name", "at", "kp"),
    [
        ("2012-06-16", "2012-06-16T20:59", 11 / 3),
        ("2012-06-16", "2012-06-16T21:00", 19 / 3),
        ("2014-09-12", "2014-09-12T15:57", 5.0),
        ("2014-09-12", "2014-09-12T14:59", 5 / 3),
    ],
)
def test_the_measured_kp_is_that_of_its_three_hours(name, at, kp):
    event = events.load(name)
    driver, said = activity.driver(
        event, xr.Dataset(), np.array([time(at)]), Settings()
    )
    assert driver.item() == pytest.approx(kp)
    assert said["kp_source"].startswith("measured: GFZ Potsdam")
    assert said["f107"] == {"2012": 134.5, "2014": 152.0}[name[:4]]


def test_an_event_without_indices_says_what_is_used_instead(observations):
    bare = dataclasses.replace(observations.event, activity={})
    times = observations.cuts.time.values
    wind = observations.solar_wind
    driver, said = activity.driver(bare, wind, times, Settings())
    assert said["kp_source"].endswith("the event has no measured Kp")
    assert said["f107"] == uvi.F107
    assert "assumed" in said["f107_source"]
    chosen, _ = activity.driver(
        observations.event, wind, times, Settings(kp="solar wind")
    )
    np.testing.assert_array_equal(driver, chosen)
    assert np.unique(chosen).size > 1  # it follows the minutes


def test_an_event_without_its_own_takes_published_indices(
    observations, tmp_path, monkeypatch
):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path))
    hours = np.datetime64("2012-06-16", "ns") + np.arange(24) * np.timedelta64(
        1, "h"
    )
    day_files.store(
        "OMNI hourly",
        "2012-06-16",
        xr.Dataset(
            {
                "kp": ("time", np.where(np.arange(24) < 22, 4.0, 19 / 3)),
                "f10_7": ("time", np.full(24, 138.8)),
            },
            {"time": hours},
            {"source": "OMNI2_H0_MRG1HR", "file": "h.cdf"},
        ),
    )
    bare = dataclasses.replace(observations.event, activity={})
    times = np.array([time("2012-06-16T21:59"), time("2012-06-16T22:01")])
    driver, said = activity.driver(bare, xr.Dataset(), times, Settings())
    np.testing.assert_allclose(driver, [4.0, 19 / 3])
    assert said["kp_source"] == "measured: OMNI2_H0_MRG1HR (OMNI hourly)"
    assert said["f107"] == 138.8
    assert said["f107_source"] == "OMNI2_H0_MRG1HR (OMNI hourly)"


def test_a_kp_that_is_no_kp_is_refused(observations):
    odd = dataclasses.replace(
        observations.event,
        activity={"kp": ["six"], "kp_from": "2012-06-16T21:00"},
    )
    with pytest.raises(ValueError, match="written as \"3-\", .* got 'six'"):
        activity.driver(
            odd, xr.Dataset(), observations.cuts.time.values, Settings()
        )


def test_counts_are_those_of_the_radiance_and_whole(observations):
    seen = observations.uvi
    assert seen.counts.dtype == np.uint16
    full = aurora_moment.glance(observations, seen.time.values[1])
    on = full.radiance.notnull()
    assert not full.counts.where(~on, 0).any()
    expected = full.expected_counts.where(on).sum()
    drawn = full.counts.where(on).sum()
    assert abs(float(drawn - expected)) < 4.0 * np.sqrt(float(expected))


def test_a_glance_tells_the_dayglow_that_was_put_in(observations):
    moment = observations.uvi.time.values[1]
    full = aurora_moment.glance(observations, moment)
    dark = tuned(observations, f107=50.0, kp="measured")
    other = aurora_moment.glance(dark, moment)
    # the aurora is what is left, whatever the Sun does
    for image in (full, other):
        assert float(image.dayglow.max()) > 100.0
    np.testing.assert_allclose(
        full.radiance - full.dayglow,
        other.radiance - other.dayglow,
        atol=0.1,
    )


def test_only_settings_of_the_aurora_make_it_anew(observations, monkeypatch):
    monkeypatch.setattr(simulate, "located", None)
    again = tuned(observations, uv_exposure=600.0, uv_scale=1.0)
    np.testing.assert_allclose(
        again.uvi.radiance, 2.0 * observations.uvi.radiance, atol=0.05
    )
    counts = [float(seen.uvi.counts.sum()) for seen in (again, observations)]
    assert counts[0] / counts[1] == pytest.approx(20.0, rel=0.02)
    assert Settings.of(again).uv_exposure == 600.0
    xr.testing.assert_identical(again.sxi.counts, observations.sxi.counts)


def test_x_ray_settings_leave_the_aurora_as_it_is(observations, monkeypatch):
    monkeypatch.setattr(aurora, "watched", None)
    again = tuned(observations, exposure=60.0)
    for name in FIELDS:
        assert getattr(again, name) is getattr(observations, name)


def test_the_cusp_spot_is_there_when_it_is_asked_for(observations):
    lit = tuned(observations, cusp_spot="on")
    assert "assumed" in lit.uvi.attrs["cusp_spot"]
    bz = observations.solar_wind.magnetic_field.sel(component="z")
    north = bz.sel(time=lit.uvi.time, method="nearest")
    brighter = (lit.uvi.radiance - observations.uvi.radiance).max(
        ["fov_lat", "fov_lon"]
    )
    np.testing.assert_array_equal(brighter > 1.0, north > 0.0)


def test_where_uvi_is_off_nothing_is_seen_and_nothing_fails(observations):
    low = observations.trajectory.copy()
    low["position"] = low.position * xr.where(
        low.time == low.time[1], 0.25, 1.0
    ).assign_coords(time=low.time)
    low["position"].attrs = observations.trajectory.position.attrs
    partly = aurora.watched(
        dataclasses.replace(observations, trajectory=low), Settings(), rng=1
    )
    assert partly.uvi.radiance.isel(time=1).isnull().all()
    assert not partly.uvi.counts.isel(time=1).any()
    assert partly.oval.status.isel(time=1).values[0] == "UVI saw nothing"
    assert np.isnan(partly.polar_cap.flux[1])
    assert np.isfinite(partly.polar_cap.flux[0])
    never = low.assign(position=observations.trajectory.position / 4.0)
    never["position"].attrs = low.position.attrs
    blind = aurora.watched(
        dataclasses.replace(observations, trajectory=never), Settings()
    )
    for name in ("uvi", "light", "oval", "polar_cap", "flux_budget"):
        assert not getattr(blind, name)
    assert "saw nothing" in aurora.assumptions(blind)[0]


def test_what_was_seen_opens_as_it_was_saved(observations, tmp_path):
    again = archive.open(archive.save(observations, tmp_path / "seen.nc"))
    for name in FIELDS:
        before, after = (getattr(s, name) for s in (observations, again))
        xr.testing.assert_identical(after, before)
        assert after.attrs == before.attrs
    nothing = dataclasses.replace(observations, uvi=xr.Dataset())
    again = archive.open(archive.save(nothing, tmp_path / "nothing.nc"))
    assert not again.uvi


def test_it_can_be_cancelled_between_any_two_parts(observations):
    class Enough(Exception):
        pass

    def progress(done, total):
        assert (done, total) == (4, 4)
        raise Enough

    with pytest.raises(Enough):
        aurora.watched(observations, Settings(), progress=progress)


def test_all_that_is_assumed_is_said(observations):
    said = " ".join(aurora.assumptions(observations))
    for word in ("0.5", "134.5", "150 R", "24°", "measured: GFZ", "60 s"):
        assert word in said


def test_a_preview_is_the_image_that_the_full_series_has(observations):
    moment = observations.uvi.time.values[1]
    settings = Settings(uv_scale=1.0, uv_exposure=120.0, f107=90.0)
    soon = aurora_moment.preview(observations, settings, moment, rng=1)
    full = tuned(observations, uv_scale=1.0, uv_exposure=120.0, f107=90.0)
    now = soon.uvi.sel(time=moment)
    xr.testing.assert_equal(
        now.radiance.drop_vars("remark"), full.uvi.radiance.sel(time=moment)
    )
    assert now.exposure == 120.0
    # photons are drawn anew, so counts agree within their noise
    drawn, wanted = float(now.counts.sum()), full.uvi.counts.sel(time=moment)
    assert abs(drawn - float(wanted.sum())) < 6.0 * np.sqrt(drawn)
    others = soon.uvi.drop_sel(time=moment)
    assert others.radiance.isnull().all()
    assert not others.counts.any()
    assert (others.remark == "the full series is on its way").all()
    assert soon.oval is observations.oval


def test_a_preview_of_nothing_is_nothing(observations):
    blind = dataclasses.replace(observations, uvi=xr.Dataset())
    moment = observations.cuts.time.values[0]
    assert aurora_moment.preview(blind, Settings(), moment) is blind
