"""What stands in the pages as Python runs as it stands there."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import response_files
from smile_explore.instruments import camera
from smile_explore.instruments.response import tables
from smile_explore.physics import magnetosphere
from smile_explore.physics import solar_wind as wind
from smile_explore.schema import RESPONSE, SOLAR_WIND, TRAJECTORY
from tests.teaching import LESSONS, lessons

PAGE = Path(__file__).parents[1] / "docs" / "sxi.md"
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)


def block(word):
    (found,) = (one for one in BLOCKS if word in one)
    return compile(found, PAGE.name, "exec")


def test_files_of_a_calibration_drop_in(tmp_path, monkeypatch):
    given = tables.assumed(peak_area=11.0, resolution=0.06)
    response_files.write_response(given, tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(block("read_arf"), names)
    RESPONSE.check(names["response"])
    for table in ("optic_area", "redistribution", "psf"):
        np.testing.assert_allclose(names["response"][table], given[table])


@pytest.fixture
def moments():
    times = np.array(["2012-06-16T22", "2012-06-16T23"], "datetime64[ns]")
    vector = {"component": ["x", "y", "z"]}
    driver = SOLAR_WIND.stamp(
        xr.Dataset(
            {
                "density": 20.0,
                "velocity": ("component", [-450.0, 0.0, 0.0]),
                "temperature": 10.0,
                "magnetic_field": ("component", [0.0, 0.0, -3.0]),
                "dynamic_pressure": wind.dynamic_pressure(20.0, 450.0),
            },
            vector,
        )
    )
    axis = np.arange(-14.0, 14.1, 2.0)
    cube = magnetosphere.analytic_cube(driver, axis, axis, axis)
    place = xr.Dataset(
        {
            "position": ("component", [6.57, -5.94, 17.33]),
            "velocity": ("component", [0.0, 0.0, 0.0]),
        },
        vector,
    )
    return {
        "speed": xr.DataArray([450.0, 600.0], {"time": times}, ("time",)),
        "cube": cube.expand_dims(time=times),
        "pointing": camera.aim(TRAJECTORY.stamp(place), target=(8, 0, 0)),
    }


def test_the_composition_is_found_as_the_page_says(moments):
    exec(block("by_speed"), moments)
    found = moments["found"]
    assert found["converged"].all()
    assert found["ratio"].dims == ("time", "ion")
    assert float(found["ratio_uncertainty"].sel(ion="O8+").max()) < 0.3


def test_teachers_find_every_lesson_on_their_page():
    told = lessons()
    assert sorted(told) == [path.stem for path in LESSONS]
    levels = ("secondary school", "undergraduate", "graduate")
    for name, lesson in told.items():
        assert len(lesson.told["Goals"]) > 40, name
        assert len(lesson.told["Misconceptions"]) > 40, name
        assert lesson.told["Before"], name
        assert lesson.told["Level"].startswith(levels), name
        assert 10 <= int(lesson.told["Minutes"]) <= 30, name


@pytest.mark.parametrize("path", LESSONS, ids=[path.stem for path in LESSONS])
def test_a_lesson_asks_and_the_page_answers_all_it_asks(path):
    notebook = json.loads(path.read_text("utf-8"))
    code = "".join(
        line
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        for line in [*cell["source"], "\n"]
    )
    asked = len(re.findall(r"^(?:question|exercise)\(", code, re.M))
    assert asked >= 1
    assert len(lessons()[path.stem].answers) == asked
