from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from smile_explore.data import crossing_files
from smile_explore.retrieval import crossings
from tests.retrieval.in_situ import magnetopause, noisy, rotational, shock


@pytest.fixture(scope="module")
def found():
    later = np.timedelta64(1, "h")
    rows = []
    for number, data in enumerate(
        (noisy(*magnetopause(), 1), noisy(*shock(), 2), rotational())
    ):
        one = crossings.find(*data)
        rows.append(one.assign_coords(time=one.time + number * later))
    joined = xr.concat(rows, "crossing", combine_attrs="override")
    joined.notes[0] = 'he said "two, perhaps"; # and no more'
    return joined


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_was_written_is_read_to_the_last_digit(found, form, tmp_path):
    path = tmp_path / f"crossings.{form}"
    crossing_files.write(found, path)
    again = crossing_files.read(path)
    xr.testing.assert_identical(again, found)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_list_of_none_is_a_list(found, form, tmp_path):
    path = tmp_path / f"crossings.{form}"
    crossing_files.write(found.isel(crossing=slice(0)), path)
    again = crossing_files.read(path)
    assert again.sizes["crossing"] == 0
    assert again.attrs["window"] == found.attrs["window"]


def test_a_row_is_a_crossing_and_a_unit_stands_with_it(found, tmp_path):
    path = tmp_path / "crossings.csv"
    crossing_files.write(found, path)
    lines = path.read_text().splitlines()
    head = [line for line in lines if line.startswith("# ")]
    assert head[0] == '# format: "smile_explore crossings 1"'
    assert '"boundary_speed": "km s-1"' in head[2]
    assert lines[len(head)].startswith("time,boundary,direction,score")
    assert "position_x,position_y,position_z" in lines[len(head)]
    assert len(lines) == len(head) + 1 + found.sizes["crossing"]


def test_json_has_nothing_that_json_has_not(found, tmp_path):
    path = tmp_path / "crossings.json"
    crossing_files.write(found, path)

    def refuse(name):
        raise AssertionError(name)

    whole = json.loads(path.read_text(), parse_constant=refuse)
    assert whole["crossings"][0]["position_x"] is None
    assert whole["crossings"][0]["boundary"] == "magnetopause"


def test_a_file_is_replaced_only_when_asked(found, tmp_path):
    path = tmp_path / "crossings.csv"
    crossing_files.write(found, path)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        crossing_files.write(found, path)
    crossing_files.write(found.isel(crossing=[0]), path, overwrite=True)
    assert crossing_files.read(path).sizes["crossing"] == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.csv", "time,boundary\n2012-06-16,none\n", "it lacks the columns"),
        ("a.csv", "", "a.csv is no list of crossings"),
        ("a.json", "[]", "its format is not 'smile_explore crossings 1'"),
        ("a.json", "{", "a.json is no list of crossings"),
        ("a.txt", "", "must be named .csv or .json, got a.txt"),
    ],
)
def test_another_file_is_refused(tmp_path, name, text, message):
    (tmp_path / name).write_text(text)
    with pytest.raises(ValueError, match=message):
        crossing_files.read(tmp_path / name)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no list of crossings at"):
        crossing_files.read(tmp_path / "none.csv")
