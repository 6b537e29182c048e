"""What is seen at a time, in sentences."""

import numpy as np
import pytest
import xarray as xr

from smile_explore.views import words

TIMES = np.datetime64("2012-06-16T22:00", "ns") + np.arange(
    0, 60, 5
) * np.timedelta64(1, "m")


def standoff(slope, *, image=7.0):
    """A nose that moves by `slope` R_E in an hour, seen at 7 R_E."""
    hours = np.arange(TIMES.size) / 12
    values = np.stack([8.0 + slope * hours, np.full(TIMES.size, image)], 1)
    return xr.Dataset(
        {
            "standoff": (("time", "estimate"), values),
            "uncertainty": (
                ("time", "estimate"),
                np.broadcast_to([np.nan, 0.2], values.shape),
            ),
        },
        coords={"time": TIMES, "estimate": ["last closed", "tangent fit"]},
    )


@pytest.mark.parametrize(
    ("slope", "way"),
    [(-1.2, "moving inward"), (1.2, "moving outward"), (0.3, "at rest")],
)
def test_the_nose_is_told_with_its_motion(slope, way):
    said = words.nose(standoff(slope), TIMES[6])
    assert said.startswith(f"Nose at {8 + slope / 2:.1f} Rᴇ, {way}; ")
    assert said.endswith("SXI: 7.0 ± 0.2 Rᴇ (tangent fit).")


def test_at_the_first_moment_no_motion_is_made_up():
    assert "its motion not known" in words.nose(standoff(1.0), TIMES[0])


def test_what_is_not_known_is_not_told():
    said = words.nose(standoff(1.0, image=np.nan), TIMES[6])
    assert "SXI" not in said
    nothing = standoff(np.nan, image=np.nan)
    assert "is not known" in words.nose(nothing, TIMES[6])


def test_the_wind_is_told_with_where_it_comes_from(observations):
    wind = observations.solar_wind
    time = wind.time.values[5]
    said = words.wind(wind, time)
    assert f"{wind.dynamic_pressure.values[5]:.1f} nPa" in said
    assert "(north)" in said
    assert "reconstruction, not measured" in said


def test_the_headline_names_the_minute(observations):
    time = observations.standoff.time.values[3]
    html = words.headline(observations, time)
    assert str(time)[11:16] + " UTC" in html
    assert "Nose at" in html
