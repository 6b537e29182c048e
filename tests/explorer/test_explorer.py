"""The explorer as a widget, in Python; tests/browser drives it for real."""

import asyncio
import dataclasses
import html
import re
import shutil
import threading

import ipywidgets as widgets
import numpy as np
import pytest

import smile_explore
from smile_explore import events
from smile_explore.data import samples
from smile_explore.events import library, moment, simulate
from smile_explore.events.settings import Settings
from smile_explore.explorer import explorer as door
from smile_explore.explorer import picks
from smile_explore.explorer.explorer import Explorer
from smile_explore.explorer.opening import explore
from smile_explore.explorer.work import Cancelled
from smile_explore.observations import Observations

JUNE, SEPTEMBER = "2012-06-16", "2014-09-12"


class Picture:
    """Stands for a scene where only the widgets around it matter."""

    pictures = {}  # nothing to describe

    def describe(self, sentences):
        assert sentences == {}

    def __init__(self, shown, *, on_time, on_pixel, preset, **others):
        self.shown = shown
        self.on_time, self.on_pixel = on_time, on_pixel
        self.others = others
        self.times = [shown.time]
        self.preset = preset
        self.zoom = None
        self.figure = widgets.HTML(shown.observations.event.name)

    def change(self, **changes):
        self.shown = dataclasses.replace(self.shown, **changes)
        if "time" in changes:
            self.times.append(changes["time"])
        return []

    def arrange(self, preset):
        self.preset = preset

    def close(self):
        self.figure.close()


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def light(monkeypatch):
    monkeypatch.setattr(door, "Scene", Picture)


@pytest.fixture(scope="module")
def other(observations):
    """An event of two times; the other has four."""
    event = events.load(SEPTEMBER)
    shift = event.focus - observations.cuts.time.values[2]
    shorter = {
        field.name: getattr(observations, field.name)
        for field in dataclasses.fields(Observations)
        if field.name != "event"
    }
    for name, data in shorter.items():
        if "time" not in data.dims:
            continue  # nothing was crossed
        part = data if name == "solar_wind" else data.isel(time=slice(1, 3))
        shorter[name] = part.assign_coords(time=part.time + shift)
    return Observations(event=event, **shorter)


@pytest.fixture
def known(monkeypatch, observations, other):
    """Both events have been computed before; they are recalled at once."""
    seen = {JUNE: observations, SEPTEMBER: other}
    calls = []

    def recall(event, *, run=None):
        calls.append((event.name, run))
        return seen[event.name]

    monkeypatch.setattr(library, "recall", recall)
    return calls


def message(explorer):
    text = explorer._controls.message.value
    return html.unescape(re.sub("<[^>]+>", "", text))


def on_stage(explorer):
    """Name of the event whose picture is on the stage."""
    (figure,) = explorer._stage.children
    return figure.value


async def until(condition):
    async with asyncio.timeout(60):  # of a machine with much else to do
        while not condition():
            await asyncio.sleep(0.002)


# Opening


def test_observations_are_shown_as_they_are(observations, monkeypatch):
    monkeypatch.setattr(simulate, "observe", None)
    explorer = smile_explore.explore(observations=observations)
    assert explorer._stage.children == (explorer._scene.figure,)
    # at the focus, not at the start
    assert explorer.cursor.time == observations.cuts.time[2]
    controls = explorer._controls
    assert "2012-06-16 22:00:00 UTC" in controls.time.value
    assert controls.clock.max == observations.cuts.time.size - 1
    assert observations.event.summary in explorer._about.value
    assert message(explorer) == ""
    # and the panels follow the slider
    controls.clock.value = 0
    first = observations.sxi.intensity.isel(time=0)
    shown = explorer._scene._panels["sxi"].sources["intensity"].data["image"]
    np.testing.assert_array_equal(shown[0], first)
    assert "21:40:00" in controls.time.value


def test_an_event_that_was_computed_before_is_recalled(light, known):
    explorer = explore(SEPTEMBER)
    assert known == [(SEPTEMBER, "BATS-R-US D")]
    assert on_stage(explorer) == SEPTEMBER
    assert explorer._controls.event.value == SEPTEMBER


def test_without_a_name_the_first_event_is_opened(light, known):
    assert explore()._controls.event.value == events.catalog().index[0]


def test_another_run_can_be_asked_for(light, known):
    explorer = explore(JUNE, run="BATS-R-US B")
    assert known == [(JUNE, "BATS-R-US B")]
    assert explorer._controls.run.value == "BATS-R-US B"


def test_without_a_loop_an_event_is_computed_at_once(
    light, observations, short_event, monkeypatch
):
    asked = []

    def observe(event, **options):
        asked.append((event.name, options["run"]))
        return observations

    monkeypatch.setattr(simulate, "observe", observe)
    for _ in range(2):  # the second time it is recalled
        explorer = Explorer(short_event)
        assert on_stage(explorer) == JUNE
        assert message(explorer) == ""
    assert asked == [(JUNE, "BATS-R-US E")]
    assert explorer._controls.progress.layout.display == "none"


def test_an_event_of_ones_own_is_offered_beside_the_known(light, observations):
    event = dataclasses.replace(observations.event, name="mine", title="Mine")
    explorer = Explorer(event, dataclasses.replace(observations, event=event))
    offered = dict(explorer._controls.event.options)
    assert offered["Mine"] == "mine"
    assert {JUNE, SEPTEMBER} < set(offered.values())


def test_an_event_of_a_title_that_is_taken_is_offered_too(light, observations):
    event = dataclasses.replace(observations.event, name="mine")
    explorer = Explorer(event, dataclasses.replace(observations, event=event))
    names = [name for _, name in explorer._controls.event.options]
    assert names == ["mine", JUNE, SEPTEMBER]
    assert explorer._controls.event.value == "mine"


def test_an_unknown_event_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError, match=f"'1859' is not known.* {JUNE}, {SEPTEMBER}"
    ):
        smile_explore.explore("1859")


def test_an_unknown_run_is_refused_with_the_known_ones():
    with pytest.raises(
        ValueError,
        match="no run 'X'; it has BATS-R-US E, BATS-R-US B",
    ):
        smile_explore.explore(JUNE, run="X")


# The clock


@pytest.fixture
def explorer(light, known):
    return explore(JUNE)


def test_slider_and_cursor_are_one(explorer):
    controls = explorer._controls
    controls.clock.value = 1
    assert explorer.cursor.index == 1
    explorer.cursor.index = 3
    assert controls.clock.value == 3
    times = explorer.cursor.times
    assert explorer._scene.times == [times[2], times[1], times[3]]
    assert "22:02:00" in controls.time.value


def test_a_moment_is_jumped_to(explorer):
    event = explorer._event
    explorer._controls.moment.value = event.moments["shock arrives"]
    assert explorer.cursor.index == 0  # the nearest there is
    explorer._controls.moment.value = None
    assert explorer.cursor.index == 0


def test_of_many_taps_and_drags_the_last_is_followed(explorer, monkeypatch):
    monkeypatch.setattr(picks, "_SETTLE", 0.005)
    times = explorer.cursor.times

    async def main():
        for index in (0, 1, 3, 0, 1):
            explorer._scene.on_time(times[index])
        assert explorer.cursor.index == 2
        await until(lambda: explorer.cursor.index == 1)
        explorer._scene.on_time(times[0])
        await until(lambda: explorer.cursor.index == 0)

    asyncio.run(main())
    assert explorer._scene.times == [times[2], times[1], times[0]]


def test_another_quantity_is_drawn_and_kept_with_the_next_event(explorer):
    explorer._controls.cut.value = "emissivity"
    shown = explorer._scene.shown
    assert (shown.cut, shown.image) == ("emissivity", "intensity")
    explorer._controls.image.value = "counts"
    explorer._controls.method.value = "gradient"
    explorer._controls.event.value = SEPTEMBER
    shown = explorer._scene.shown
    assert (shown.cut, shown.image) == ("emissivity", "counts")
    assert shown.method == "gradient"


# Another event


def test_another_event_replaces_picture_clock_and_words(
    explorer, observations, other
):
    explorer.cursor.index = 3
    old = explorer._scene
    controls = explorer._controls
    controls.event.value = SEPTEMBER
    assert on_stage(explorer) == SEPTEMBER
    assert explorer._scene.shown.observations is other
    assert (controls.clock.max, controls.clock.value) == (1, 1)
    assert explorer.cursor.time == other.event.focus
    assert "2014-09-12 15:57:00" in controls.time.value
    assert controls.run.options == ("BATS-R-US D",)
    assert other.event.summary in explorer._about.value
    assert old.figure.comm is None  # closed
    # Neither picture was asked for a time of the other event.
    assert set(old.times) <= set(observations.cuts.time.values)
    assert explorer._scene.times == [other.event.focus]
    controls.event.value = JUNE
    assert (controls.clock.max, controls.clock.value) == (3, 2)
    assert on_stage(explorer) == JUNE


def test_the_slider_never_points_past_the_clock(explorer):
    controls = explorer._controls
    controls.clock.value = 3
    seen = []
    controls.clock.observe(
        lambda change: seen.append((controls.clock.value, controls.clock.max))
    )
    explorer.cursor.observe(
        lambda change: seen.append(
            (explorer.cursor.index, explorer.cursor.times.size - 1)
        )
    )
    controls.event.value = SEPTEMBER
    assert seen
    assert all(value <= last for value, last in seen)


def test_another_run_is_shown_in_place(explorer, known):
    explorer._controls.run.value = "BATS-R-US B"
    assert known[-1] == (JUNE, "BATS-R-US B")
    assert explorer._controls.run.value == "BATS-R-US B"
    assert explorer._controls.event.value == JUNE


class Slow:
    """A computation that waits to be let go."""

    def __init__(self, result):
        self.result = result
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.ended = threading.Event()

    def __call__(self, event, *, run=None, progress=None, warn=None):
        self.begun.set()
        try:
            self.go_on.wait(5)
            progress(1, 2)
            return self.result
        finally:
            self.ended.set()


@pytest.fixture
def slow(known, monkeypatch, observations, other):
    """September must be computed, and takes its time."""
    recall = library.recall

    def forget(event, *, run=None):
        if event.name == SEPTEMBER:
            raise KeyError(event.name)
        return recall(event, run=run)

    job = Slow(other)
    monkeypatch.setattr(library, "recall", forget)
    monkeypatch.setattr(library, "keep", job)
    return job


def test_the_old_picture_lives_until_the_new_one_is_ready(explorer, slow):
    controls, old = explorer._controls, explorer._scene

    async def main():
        controls.event.value = SEPTEMBER
        await until(slow.begun.is_set)
        assert on_stage(explorer) == JUNE
        assert controls.progress.layout.display is None
        controls.clock.value = 3  # and follows the clock meanwhile
        assert old.times[-1] == explorer.cursor.times[3]
        assert old.figure.comm is not None
        slow.go_on.set()
        await until(lambda: on_stage(explorer) == SEPTEMBER)

    asyncio.run(main())
    assert controls.progress.layout.display == "none"
    assert (controls.clock.max, controls.clock.value) == (1, 1)


def test_a_computation_can_be_cancelled(explorer, slow):
    controls = explorer._controls

    async def main():
        controls.event.value = SEPTEMBER
        await until(slow.begun.is_set)
        controls.cancel.click()
        assert controls.progress.layout.display == "none"
        slow.go_on.set()
        await until(slow.ended.is_set)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert on_stage(explorer) == JUNE
    assert controls.event.value == JUNE
    assert message(explorer).startswith("Cancelled")


def test_back_to_the_event_on_screen_gives_the_computation_up(explorer, slow):
    controls = explorer._controls

    async def main():
        controls.event.value = SEPTEMBER
        await until(slow.begun.is_set)
        controls.event.value = JUNE
        slow.go_on.set()
        await until(slow.ended.is_set)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert on_stage(explorer) == JUNE
    assert controls.event.value == JUNE
    assert controls.progress.layout.display == "none"


def test_back_to_the_run_on_screen_gives_the_computation_up(
    explorer, slow, monkeypatch
):
    def forget(event, *, run=None):
        raise KeyError(run)

    monkeypatch.setattr(library, "recall", forget)
    controls = explorer._controls

    async def main():
        controls.run.value = "BATS-R-US B"
        await until(slow.begun.is_set)
        controls.run.value = "BATS-R-US E"
        slow.go_on.set()
        await until(slow.ended.is_set)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert on_stage(explorer) == JUNE
    assert controls.progress.layout.display == "none"


def test_a_known_run_chosen_meanwhile_gives_the_computation_up(explorer, slow):
    controls = explorer._controls

    async def main():
        controls.event.value = SEPTEMBER
        await until(slow.begun.is_set)
        controls.run.value = "BATS-R-US B"
        slow.go_on.set()
        await until(slow.ended.is_set)
        await asyncio.sleep(0.01)

    asyncio.run(main())
    assert on_stage(explorer) == JUNE
    assert controls.event.value == JUNE
    assert controls.run.value == "BATS-R-US B"
    assert controls.progress.layout.display == "none"
    assert message(explorer) == ""


# What goes wrong is said in a sentence


def test_a_computation_that_fails_is_told_and_the_old_picture_kept(
    explorer, slow, monkeypatch
):
    def fail(event, **options):
        raise OSError("the cube is missing; reinstall smile-explore")

    monkeypatch.setattr(library, "keep", fail)
    controls = explorer._controls

    async def main():
        controls.event.value = SEPTEMBER
        await until(lambda: message(explorer))

    asyncio.run(main())
    assert message(explorer) == "the cube is missing; reinstall smile-explore"
    assert on_stage(explorer) == JUNE
    assert controls.event.value == JUNE
    assert controls.progress.layout.display == "none"
    # The next thing that goes well takes the sentence away.
    controls.clock.value = 0
    assert message(explorer) == ""


@pytest.mark.parametrize(
    ("act", "broken"),
    [
        (lambda controls: setattr(controls.clock, "value", 0), "change"),
        (
            lambda controls: setattr(controls.cut, "value", "emissivity"),
            "change",
        ),
        (
            lambda controls: setattr(controls.preset, "value", "X-ray"),
            "arrange",
        ),
    ],
    ids=["clock", "cut", "preset"],
)
def test_an_error_in_a_callback_becomes_a_sentence(
    explorer, monkeypatch, act, broken
):
    def fail(*values, **options):
        raise RuntimeError("the panel broke")

    monkeypatch.setattr(explorer._scene, broken, fail)
    act(explorer._controls)
    assert message(explorer) == "the panel broke"


def test_an_error_without_words_is_told_by_its_kind(explorer, monkeypatch):
    def fail(**changes):
        raise ZeroDivisionError

    monkeypatch.setattr(explorer._scene, "change", fail)
    explorer._controls.clock.value = 0
    assert message(explorer) == "ZeroDivisionError"


def test_an_event_that_cannot_be_loaded_becomes_a_sentence(
    explorer, monkeypatch
):
    def fail(name):
        raise ValueError("events.toml is not valid TOML")

    monkeypatch.setattr(door, "load", fail)
    explorer._controls.event.value = SEPTEMBER
    assert message(explorer) == "events.toml is not valid TOML"
    assert on_stage(explorer) == JUNE


def test_without_a_loop_a_pick_is_followed_at_once(explorer):
    explorer._scene.on_time(explorer.cursor.times[0])
    assert explorer.cursor.index == 0


def test_panels_that_fail_are_named_until_they_follow_again(
    explorer, monkeypatch
):
    failures = ["The panel noon failed: no cube."]
    monkeypatch.setattr(explorer._scene, "change", lambda **_: failures)
    explorer._controls.clock.value = 0
    assert message(explorer) == "The panel noon failed: no cube."
    failures.clear()
    explorer._controls.clock.value = 1
    assert message(explorer) == ""


def test_cancelling_is_no_failure_to_tell(explorer):
    explorer._fail(Cancelled("cancelled"))
    assert message(explorer) == ""


def test_a_damaged_sample_is_named_with_what_to_do(
    light, short_event, tmp_path, monkeypatch
):
    shipped = samples.path(short_event.runs[0].sample)
    copies = tmp_path / "samples"
    copies.mkdir()
    shutil.copy(samples.path(short_event.solar_wind), copies)
    (copies / shipped.name).write_bytes(shipped.read_bytes()[:100_000])
    monkeypatch.setattr(samples, "_FOLDER", copies)
    explorer = Explorer(short_event)
    said = message(explorer)
    assert f"{copies / shipped.name} is damaged: it has 100000 bytes" in said
    assert "git checkout" in said
    assert "\n" not in said
    assert explorer._stage.children == ()
    assert explorer._controls.progress.layout.display == "none"
    # Another event can still be chosen.
    assert explorer._controls.event.value == JUNE


def test_a_cache_that_cannot_be_written_costs_a_sentence(
    light, observations, short_event, tmp_path, monkeypatch
):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" / "cache"
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(folder))
    monkeypatch.setattr(
        simulate, "observe", lambda event, **options: observations
    )
    explorer = Explorer(short_event)
    assert on_stage(explorer) == JUNE
    said = message(explorer)
    assert said.count(".") == said.rstrip(".").count(".") + 1  # one sentence
    assert str(folder) in said
    assert "set SMILE_EXPLORE_CACHE to another folder" in said


def test_observations_of_an_event_without_runs_can_be_shown(observations):
    unsimulated = dataclasses.replace(observations.event, runs=())
    measured = dataclasses.replace(observations, event=unsimulated)
    explorer = Explorer(unsimulated, measured)
    assert explorer.cursor.time == observations.cuts.time.values[2]
    assert "smile-message" in explorer._controls.message._dom_classes
    assert explorer._controls.message.value == ""


def test_observations_of_another_event_are_refused(observations):
    with pytest.raises(ValueError, match="are of 2012-06-16, not of 2014-09"):
        explore("2014-09-12", observations)


def test_a_moment_can_be_jumped_to_twice(observations):
    explorer = Explorer(observations.event, observations)
    moment = explorer._controls.moment
    start = observations.cuts.time.values[0]
    moment.options = [("a moment ...", None), ("start", start)]
    for _ in range(2):
        explorer.cursor.index = 3
        moment.value = start
        assert explorer.cursor.index == 0


# Settings


@pytest.fixture
def swift(monkeypatch):
    """Nothing rests long before it is followed."""
    for name in ("_SETTLE", "REST"):
        monkeypatch.setattr(picks, name, 0.002)
    for name in ("REST", "_RESOLVED"):
        monkeypatch.setattr(door, name, 0.002)


def exposure_of(explorer):
    return float(explorer._scene.shown.observations.sxi.exposure)


def complete(explorer, **settings):
    return Settings.of(explorer._session.seen) == Settings(**settings)


def test_a_setting_is_followed_at_once_and_then_in_full(explorer, swift):
    before = explorer._session.seen.standoff

    async def main():
        explorer._settings.fields["exposure"].value = "60"
        assert exposure_of(explorer) == 60.0
        shown = explorer._scene.shown.observations
        assert shown.standoff is before  # kept until the new one is there
        await until(lambda: complete(explorer, exposure=60.0))

    asyncio.run(main())
    seen = explorer._session.seen
    assert explorer._scene.shown.observations is seen
    assert not seen.standoff.equals(before)
    assert "60.0" in explorer._about.value
    assert explorer._controls.progress.layout.display == "none"
    assert message(explorer) == ""


def test_a_wrong_value_is_told_and_loses_nothing(explorer, swift):
    seen = explorer._session.seen
    field = explorer._settings.fields["exposure"]
    for wrong, said in (
        ("-5", "exposure must be from 1 to 86400 s, got -5"),
        ("many", "exposure must be a number, got 'many'"),
    ):
        field.value = wrong
        assert message(explorer) == said
        assert field.value == "300"
    assert explorer._scene.shown.observations is seen
    assert explorer._session.settings == Settings()


def test_images_that_were_measured_have_no_settings(
    light, observations, swift
):
    image = observations.sxi.assign_attrs(measured=True)
    real = dataclasses.replace(observations, sxi=image)
    explorer = Explorer(real.event, real)
    explorer._settings.fields["exposure"].value = "60"
    assert message(explorer).startswith("these images were measured")
    assert explorer._settings.fields["exposure"].value == "300"
    assert explorer._scene.shown.observations is real


def test_reset_brings_back_what_was_kept(explorer, swift, known):
    seen = explorer._session.seen

    async def main():
        explorer._settings.fields["hydrogen"].value = "50"
        await until(lambda: complete(explorer, hydrogen=50.0))
        explorer._settings.reset.click()
        await until(lambda: explorer._session.seen is seen)

    asyncio.run(main())
    assert explorer._settings.fields["hydrogen"].value == "25"
    assert explorer._scene.shown.observations is seen


def test_of_many_changes_the_last_is_computed(explorer, swift, monkeypatch):
    monkeypatch.setattr(door, "_RESOLVED", 0.02)
    asked = []
    again = simulate.again

    def counted(seen, settings, **options):
        asked.append(settings.exposure)
        return again(seen, settings, **options)

    monkeypatch.setattr(simulate, "again", counted)

    async def main():
        for value in ("60", "120", "900"):
            explorer._settings.fields["exposure"].value = value
        await until(lambda: complete(explorer, exposure=900.0))

    asyncio.run(main())
    assert asked == [900.0]


class Held:
    """Stands for a step of the work that waits to be let go."""

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.ended = threading.Event()

    def __call__(self, seen, *_, progress=None, **options):
        self.begun.set()
        try:
            self.go_on.wait(60)
            progress(1, 2)
            return seen
        finally:
            self.ended.set()


def test_a_change_of_settings_can_be_cancelled(explorer, swift, monkeypatch):
    held = Held()
    monkeypatch.setattr(simulate, "again", held)
    seen = explorer._session.seen

    async def main():
        explorer._settings.fields["exposure"].value = "60"
        await until(held.begun.is_set)
        assert exposure_of(explorer) == 60.0
        explorer._controls.cancel.click()
        held.go_on.set()
        await until(held.ended.is_set)
        await asyncio.sleep(0.02)

    asyncio.run(main())
    assert explorer._scene.shown.observations is seen
    assert explorer._settings.fields["exposure"].value == "300"
    assert explorer._session.settings == Settings()
    assert message(explorer).startswith("Cancelled")


def test_a_change_that_fails_goes_back(explorer, swift, monkeypatch):
    def fail(*_, **options):
        raise OSError("the disk is full")

    monkeypatch.setattr(simulate, "again", fail)
    seen = explorer._session.seen

    async def main():
        explorer._settings.fields["exposure"].value = "60"
        await until(lambda: message(explorer))

    asyncio.run(main())
    assert message(explorer) == "the disk is full"
    assert explorer._scene.shown.observations is seen
    assert explorer._settings.fields["exposure"].value == "300"


def test_another_viewpoint_is_previewed_and_then_seen_in_full(
    explorer, swift, monkeypatch
):
    held = Held()
    monkeypatch.setattr(simulate, "again", held)
    times = explorer.cursor.times

    def remark():
        image = explorer._scene.shown.observations.sxi
        return str(image.remark.sel(time=explorer.cursor.time).item())

    def previewed():
        image = explorer._scene.shown.observations.sxi
        return "remark" in image.coords and "preview" in remark()

    async def main():
        explorer._settings.fields["turn"].value = 20.0
        await until(previewed)
        await until(held.begun.is_set)
        explorer.cursor.index = 0  # and follows the clock meanwhile
        await until(previewed)
        assert explorer.cursor.time == times[0]
        held.go_on.set()
        await until(
            lambda: (
                explorer._scene.shown.observations is explorer._session.seen
            )
        )

    asyncio.run(main())
    assert "remark" not in explorer._session.seen.sxi.coords


# Methods


def test_the_boundary_fit_is_added_on_demand(explorer, swift):
    assert "boundary fit" not in explorer._controls.method.options
    here = explorer.cursor.time

    async def main():
        explorer._controls.fit.value = "this"
        await until(
            lambda: "boundary fit" in explorer._controls.method.options
        )

    asyncio.run(main())
    assert explorer._controls.fit.value == ""  # to be chosen again
    nose = explorer._scene.shown.observations.standoff.standoff
    found = nose.sel(estimate="boundary fit")
    assert np.isfinite(found.sel(time=here))
    assert np.isnan(found.drop_sel(time=here)).all()
    explorer._controls.method.value = "boundary fit"
    assert explorer._scene.shown.method == "boundary fit"


# Single pixels


def test_a_picked_pixel_is_looked_along_and_let_go(explorer, swift):
    def sight():
        return explorer._scene.shown.sight

    async def main():
        explorer._scene.on_pixel((5.1, -4.1))
        await until(sight)
        assert sight().time == explorer.cursor.time
        assert float(sight().fov_lon) == 5.125
        explorer.cursor.index = 0
        await until(lambda: sight().time == explorer.cursor.times[0])
        explorer._scene.on_pixel((5.2, -4.0))
        assert explorer.cursor.pixel is None
        assert sight() is None

    asyncio.run(main())


def test_a_box_on_the_image_is_summed_until_a_pixel_is_picked(explorer, swift):
    def area():
        return explorer._scene.shown.area

    async def main():
        explorer._scene.on_pixel((5.1, -4.1))
        await until(lambda: explorer._scene.shown.sight)
        explorer._scene.others["on_box"]("sxi", ((2.0, 6.0), (-6.0, -4.0)))
        await until(lambda: area() is not None)
        assert explorer.cursor.pixel is None
        assert explorer._scene.shown.sight is None
        assert area().time == explorer.cursor.time
        explorer.cursor.index = 0
        await until(lambda: area().time == explorer.cursor.times[0])
        link = explorer.state.to_query()
        explorer._scene.on_pixel((5.1, -4.1))
        assert area() is None
        assert explorer._scene.shown.box is None
        await until(lambda: explorer._scene.shown.sight)
        explorer.restore(link)
        await until(lambda: area() is not None)
        assert explorer.cursor.pixel is None

    asyncio.run(main())


def test_a_pixel_that_cannot_be_looked_along_is_told(
    explorer, swift, monkeypatch
):
    def fail(*_, **options):
        raise ValueError("no ray crosses the grid")

    monkeypatch.setattr(moment, "sight", fail)

    async def main():
        explorer._scene.on_pixel((5.1, -4.1))
        await until(lambda: message(explorer))

    asyncio.run(main())
    assert message(explorer) == "no ray crosses the grid"
    assert explorer._scene.shown.sight is None


def test_a_pixel_is_kept_with_the_next_event(explorer, swift):
    async def main():
        explorer._scene.on_pixel((5.1, -4.1))
        await until(lambda: explorer._scene.shown.sight is not None)
        explorer._controls.event.value = SEPTEMBER
        assert explorer._scene.shown.sight is None
        await until(lambda: explorer._scene.shown.sight is not None)

    asyncio.run(main())
    assert explorer.cursor.pixel == (5.1, -4.1)


def test_another_view_is_arranged_and_kept_with_the_next_event(explorer):
    explorer._controls.preset.value = "X-ray"
    assert explorer._scene.preset == "X-ray"
    explorer._controls.event.value = SEPTEMBER
    assert explorer._scene.preset == "X-ray"


def test_the_drawer_of_settings_opens(explorer):
    explorer._drawers.open("Settings")
    assert explorer._settings.box.layout.display is None


# The drawer of events


def test_a_search_narrows_the_chooser_and_keeps_what_is_shown(light, known):
    explorer = explore(JUNE)
    explorer._events.text.value = "September"
    names = [name for _, name in explorer._controls.event.options]
    assert names == [JUNE, SEPTEMBER]
    explorer._events.text.value = "aardvark"
    names = [name for _, name in explorer._controls.event.options]
    assert names == [JUNE, SEPTEMBER], "nothing found: all are offered"
    assert explorer._controls.event.value == JUNE
    explorer._events.text.value = "northward compression merged"
    assert [n for _, n in explorer._controls.event.options] == [JUNE]
    assert known == [(JUNE, "BATS-R-US E")], "nothing is opened by it"


def test_an_event_that_is_brought_is_opened_and_offered(
    light, known, observations, monkeypatch
):
    explorer = explore(JUNE)
    new = dataclasses.replace(
        observations.event, name="mine", title="Mine", runs=()
    )
    seen = dataclasses.replace(observations, event=new)
    monkeypatch.setattr(library, "recall", lambda event, *, run: seen)
    explorer._bring(new)
    assert on_stage(explorer) == "mine"
    assert explorer._controls.event.value == "mine"
    assert explorer._controls.run.value == "analytic model"
