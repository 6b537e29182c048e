import dataclasses
import html
import re

import pytest

import smile_explore
from smile_explore.data import policy
from smile_explore.explorer.about import about
from smile_explore.observations import Fact


@pytest.fixture(scope="module")
def text(observations):
    return html.unescape(re.sub("<[^>]+>", "|", about(observations)))


def test_everything_that_is_known_is_said_with_its_source(observations, text):
    event = observations.event
    assert event.summary in text
    for fact in (*event.facts, *event.origin):
        assert f"{fact.text} |({fact.source})" in text
    for reference in event.references:
        assert reference in text


def test_it_says_what_to_cite(observations, text):
    assert f"smile_explore {smile_explore.__version__}, https://" in text
    assert "@software{smile_explore, title = {smile_explore}, " in text
    terms = policy.of_observations(observations)
    for reference in (terms.acknowledgement, *terms.references):
        assert reference in text


def test_it_says_what_each_run_is_and_is_not(observations, text):
    for run in observations.event.runs:
        assert f"{run.name}: {run.note}" in text


def test_it_says_what_was_not_measured(observations, text):
    assert "Solar wind, reconstruction, not measured: SYNTHETIC" in text
    assert "simulated: quick-look, not for publication" in text
    wind = observations.solar_wind.assign_attrs(
        measured=True, source="Wind", note=""
    )
    real = dataclasses.replace(observations, solar_wind=wind)
    assert "Solar wind, measured: Wind" in about(real)


def test_it_says_how_the_x_rays_were_computed(observations, text):
    recorded = observations.sxi.attrs
    assert f"[eV cm²]: {recorded['efficiency']}" in text
    assert f"[cm⁻³ at 10 Rᴇ]: {recorded['hydrogen']}" in text
    assert f"masked by: {recorded['mask_method']}" in text
    counts = observations.sxi.expected_counts.attrs
    assert f"Background [keV cm⁻² s⁻¹ sr⁻¹]: {counts['background']}" in text
    for assumed in observations.magnetopause.assumptions.values:
        assert assumed in text
    assert "Exposure of an image [s]: 300.0" in text
    assert "looked for in the: counts" in text
    assert observations.trajectory.attrs["elements"] in text


def test_it_asks_to_cite_the_makers_of_the_run(text):
    assert "cited with every picture: BATS-R-US: Toth et al. (2012)" in text


def test_what_an_event_says_is_text_and_no_markup(observations):
    odd = Fact("n < 5 & <script>", "A <b>")
    event = dataclasses.replace(
        observations.event, summary="1 < 2", facts=(odd,), references=("<i>",)
    )
    said = about(dataclasses.replace(observations, event=event))
    assert "<p>1 &lt; 2</p>" in said
    assert "n &lt; 5 &amp; &lt;script&gt; <i>(A &lt;b&gt;)</i>" in said
    assert "<li>&lt;i&gt;</li>" in said


def test_a_section_without_anything_is_left_out(observations):
    event = dataclasses.replace(
        observations.event, origin=(), facts=(), references=()
    )
    said = about(dataclasses.replace(observations, event=event))
    assert "References" not in said
    assert "What you see" in said


def test_it_says_where_model_boundaries_extrapolate(observations, text):
    assert "stronger than any that Shue et al. fitted (up to 8.5 nPa)" in text
    calm = observations.solar_wind.assign(
        dynamic_pressure=observations.solar_wind.dynamic_pressure * 0 + 2.0
    )
    said = about(dataclasses.replace(observations, solar_wind=calm))
    assert "extrapolate" not in said
