import dataclasses
import html
import re

import numpy as np
import pytest

from smile_explore.events import simulate
from smile_explore.events.settings import Settings
from smile_explore.views.readings import readings


def rows(text):
    """Cells of the table by their heading, without tags."""
    cells = re.findall(r"<td[^>]*><b>(.*?)</b></td><td>(.*?)</td>", text)
    return {
        name: html.unescape(re.sub("<[^>]+>", "", cell))
        for name, cell in cells
    }


@pytest.fixture(scope="module")
def time(observations):
    return observations.cuts.time.values[1]


def test_the_wind_is_that_of_the_time_with_units(observations, time):
    wind = observations.solar_wind.sel(time=time)
    shown = rows(readings(observations, time))
    speed = np.linalg.norm(wind.velocity)
    strength = np.linalg.norm(wind.magnetic_field)
    bz = wind.magnetic_field.values[2]
    assert shown["Solar wind"].startswith(
        f"{wind.density:.1f} cm⁻³, {speed:.0f} km s⁻¹, "
        f"{wind.dynamic_pressure:.1f} nPa, B {strength:.1f} nT, "
        f"Bz {bz:.1f} nT"
    )


def test_what_is_not_measured_is_said_not_to_be(observations, time):
    shown = rows(readings(observations, time))
    assert shown["Solar wind"].endswith(" (not measured)")
    wind = observations.solar_wind.assign_attrs(measured=True)
    real = dataclasses.replace(observations, solar_wind=wind)
    assert "measured" not in rows(readings(real, time))["Solar wind"]


def test_where_smile_is_and_what_it_does(observations, time):
    position = observations.trajectory.position.sel(time=time)
    shown = rows(readings(observations, time))["SMILE"]
    distance, _, mode = shown.partition(", ")
    assert distance == f"{np.linalg.norm(position):.1f} Rᴇ from Earth"
    assert mode == "SXI + UVI + LIA + MAG"


def test_every_estimate_of_the_nose_is_given(observations, time):
    now = observations.standoff.sel(time=time)
    shown = rows(readings(observations, time))
    where = {
        "Nose in cube": ["exact", "last closed", "density gradient"],
        "by models": ["Shue 1998", "Lin 2010"],
        "from SXI": ["tangent fit", "maximum", "gradient"],
    }
    for heading, names in where.items():
        assert shown[heading].endswith(" Rᴇ")
        for name in names:
            value = now.standoff.sel(estimate=name).item()
            assert f" {name} {value:.2f}" in shown[heading]
    for name in where["from SXI"]:
        error = now.uncertainty.sel(estimate=name).item()
        assert f" ± {error:.2f}" in shown["from SXI"]
    assert "±" not in shown["by models"] + shown["Nose in cube"]


def test_the_settings_of_the_images_are_given(observations, time):
    shown = rows(readings(observations, time))["Images"]
    assert shown == (
        "300 s, background 5, hydrogen 25 cm⁻³, efficiency 1e-15 eV cm², "
        "fit to counts"
    )
    other = simulate.counted(
        observations, Settings(exposure=60.0, response="full", hydrogen=40.0)
    )
    shown = rows(readings(other, time))["Images"]
    assert shown.startswith("60 s, full response, hydrogen 40 cm⁻³")


def test_an_estimate_that_knows_nothing_is_left_out(observations):
    run = observations.cuts.time.values[3]
    shown = rows(readings(observations, run))["Nose in cube"]
    assert "exact" not in shown
    assert "nan" not in shown


def test_a_time_outside_the_event_is_refused(observations, time):
    with pytest.raises(ValueError, match="2012-06-17 21:50 is outside the"):
        readings(observations, time + np.timedelta64(1, "D"))
