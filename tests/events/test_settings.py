import dataclasses

import numpy as np
import pytest

from smile_explore.events.settings import Settings
from smile_explore.instruments import orbit
from smile_explore.instruments._kepler import kepler


def test_observations_say_what_they_were_made_with(observations):
    assert Settings.of(observations) == Settings()


def test_measurements_without_settings_have_the_defaults(observations):
    bare = dataclasses.replace(
        observations, sxi=observations.sxi.drop_attrs(deep=False)
    )
    assert Settings.of(bare) == Settings()


def test_what_is_recorded_is_read_back(observations):
    settings = Settings(exposure=60.0, response="full", turn=-20.0)
    kept = observations.sxi.assign_attrs(settings=settings.record())
    assert Settings.of(dataclasses.replace(observations, sxi=kept)) == settings


def test_the_orbit_is_turned_and_smile_is_ahead(short_event):
    moved = Settings(turn=30.0, ahead=2.0).elements(short_event)
    own = orbit.Elements(**short_event.orbit)
    time = np.array(["2012-06-16T22:00"], "datetime64[ns]")
    # where it were two hours later, turned by 30 deg about Earth's axis
    x, y, z = kepler(time + np.timedelta64(2, "h"), own)[0][0]
    turn = np.radians(30.0)
    expected = [
        x * np.cos(turn) - y * np.sin(turn),
        x * np.sin(turn) + y * np.cos(turn),
        z,
    ]
    found = kepler(time, moved)[0][0]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"exposure": -300.0}, "exposure must be from 1 to 86400 s, got -300"),
        ({"exposure": np.nan}, "exposure must be .* got nan"),
        ({"background": -1.0}, "background must be from 0 to 1000 keV"),
        ({"hydrogen": 0.0}, "hydrogen must be from 1 to 1000 cm-3, got 0"),
        ({"efficiency": 1.0}, "efficiency must be from 1e-17 to 1e-13 eV cm2"),
        ({"ahead": 100.0}, "ahead must be from -52 to 52 h, got 100"),
        ({"response": "odd"}, "response must be one of simple, full, got 'od"),
        ({"fitted": "x"}, "fitted must be one of counts, intensity, got 'x'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(wrong, said):
    with pytest.raises(ValueError, match=said):
        Settings(**wrong)
