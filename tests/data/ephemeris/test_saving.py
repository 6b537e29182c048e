import re
from pathlib import Path

import numpy as np
import pytest

from smile_explore.data.ephemeris import open_ephemeris, save_ephemeris
from smile_explore.instruments import orbit, propagation
from smile_explore.physics import trajectories

START = np.datetime64("2026-09-01T00:00", "ns")
MINUTE = np.timedelta64(60, "s")
FLOWN = propagation.propagate(START + 10 * MINUTE * np.arange(-40, 40))


def inertial(trajectory):
    return np.concatenate(trajectories.to_inertial(trajectory)[1:], axis=-1)


def test_what_is_saved_is_opened_again(tmp_path):
    path = tmp_path / "smile.oem"
    save_ephemeris(FLOWN, path)
    opened = open_ephemeris(path)
    np.testing.assert_array_equal(opened["time"], FLOWN["time"])
    np.testing.assert_allclose(inertial(opened), inertial(FLOWN), atol=1e-8)


def test_another_reader_finds_the_same_orbit(tmp_path):
    """The package oem, with its own interpolation, also between the times."""
    other = pytest.importorskip("oem")
    from astropy.time import Time

    path = tmp_path / "smile.oem"
    save_ephemeris(FLOWN, path, name="SMILE", identifier="2026-999A")
    message = other.OrbitEphemerisMessage.open(path)
    (segment,) = message.segments
    assert segment.metadata["OBJECT_ID"] == "2026-999A"
    assert segment.metadata["REF_FRAME"] == "GCRF"
    states = np.array(
        [[*one.position, *one.velocity] for one in message.states]
    )
    np.testing.assert_allclose(states, inertial(FLOWN), atol=1e-8)
    between = START + MINUTE * np.array([-133, 47, 222])
    ours = inertial(open_ephemeris(path, between))
    for time, state in zip(between, ours, strict=True):
        found = message(Time(time, scale="utc"))
        np.testing.assert_allclose(found.position, state[:3], atol=1e-6)
        np.testing.assert_allclose(found.velocity, state[3:], atol=1e-6)


def test_a_propagation_goes_on_from_a_file(tmp_path):
    path = tmp_path / "smile.oem"
    save_ephemeris(FLOWN, path)
    begin = open_ephemeris(path, START + 15 * MINUTE)
    on = propagation.propagate(START + 300 * MINUTE, start=begin)
    expected = propagation.propagate(START + 300 * MINUTE)
    # from 10 min apart near perigee the interpolation is right to 0.1 km
    away = inertial(on)[:3] - inertial(expected)[:3]
    assert np.linalg.norm(away) < 5.0


def test_what_cannot_be_saved_is_refused(tmp_path):
    path = tmp_path / "smile.oem"
    with pytest.raises(ValueError, match="named .oem, got smile.txt"):
        save_ephemeris(FLOWN, tmp_path / "smile.txt")
    gap = FLOWN.where(FLOWN["time"] > FLOWN["time"][1])
    with pytest.raises(ValueError, match="got 2 of 80 missing"):
        save_ephemeris(gap, path)
    with pytest.raises(ValueError, match="along time"):
        save_ephemeris(FLOWN.isel(time=0), path)
    with pytest.raises(ValueError, match="must increase; sort them"):
        save_ephemeris(FLOWN.isel(time=slice(None, None, -1)), path)
    with pytest.raises(ValueError, match="TRAJECTORY lacks"):
        save_ephemeris(FLOWN[["position"]], path)
    save_ephemeris(FLOWN, path)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        save_ephemeris(orbit.trajectory(FLOWN["time"]), path)
    save_ephemeris(orbit.trajectory(FLOWN["time"]), path, overwrite=True)
    assert "COMMENT source: two-body orbit" in path.read_text()


def test_the_page_on_the_orbit_runs_as_it_stands_there(tmp_path, monkeypatch):
    page = Path(__file__).parents[3] / "docs" / "orbit.md"
    (block,) = re.findall(
        r"```python\n(.*?)```", page.read_text("utf-8"), re.S
    )
    monkeypatch.chdir(tmp_path)
    names = {}
    exec(compile(block, page.name, "exec"), names)
    plan, again = inertial(names["plan"]), inertial(names["again"])
    assert np.linalg.norm((again - plan)[-1, :3]) < 10.0
