import dataclasses

import pytest

from smile_explore.events.settings import PARTS, Settings
from smile_explore.explorer.settings_drawer import (
    SettingsDrawer,
    settings_from,
)


@pytest.fixture
def told():
    return []


@pytest.fixture
def drawer(told):
    return SettingsDrawer(told.append)


def test_it_has_a_field_for_every_setting(drawer):
    names = {field.name for field in dataclasses.fields(Settings)}
    assert set(drawer.fields) == names


def test_what_it_is_filled_with_it_says(drawer, told):
    settings = Settings(
        exposure=60.0, hydrogen=40.0, response="full", turn=-35.0, ahead=2.5
    )
    drawer.fill(settings)
    assert told == []  # nobody has changed anything
    drawer.fields["background"].value = "20"
    assert settings_from(told[0]) == dataclasses.replace(
        settings, background=20.0
    )


def test_values_by_paper_can_be_chosen_again_and_again(drawer, told):
    for _ in range(2):
        drawer.papers["hydrogen"].value = 58.0
        assert drawer.fields["hydrogen"].value == "58"
        assert drawer.papers["hydrogen"].value is None
        drawer.fields["hydrogen"].value = "25"
    assert [one["hydrogen"] for one in told] == ["58", "25"] * 2


def test_reset_asks_for_the_defaults(drawer, told):
    drawer.fill(Settings(exposure=60.0))
    drawer.reset.click()
    assert settings_from(told[0]) == Settings()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_reset_and_the_others_stay(drawer, told, part):
    turned = Settings(
        exposure=60.0, potential=5.0, uv_scale=0.7, turn=-35.0, mode="hi"
    )
    drawer.fill(turned)
    drawer.resets[part].click()
    asked = settings_from(told[0])
    assert asked.part(part) == Settings().part(part)
    assert asked.changed_from(turned) == {part}


def test_tips_say_from_where_to_where(drawer):
    assert "From 1 to 86400 s." in drawer.fields["exposure"].tooltip
    assert "cm⁻³" in drawer.fields["hydrogen"].tooltip


def test_a_comma_is_understood_and_no_number_refused():
    assert settings_from({"hydrogen": "36,8"}).hydrogen == 36.8
    with pytest.raises(ValueError, match="exposure must be a number, got 'x'"):
        settings_from({"exposure": "x"})


@pytest.mark.parametrize(
    ("preset", "shown", "hidden"),
    [
        ("Overview", "exposure", "kp"),
        ("X-ray", "hydrogen", "mode"),
        ("In situ", "mode", "exposure"),
        ("Aurora", "kp", "ion_share"),
    ],
)
def test_a_preset_shows_its_settings_and_the_viewpoint(
    drawer, preset, shown, hidden
):
    drawer.arrange(preset)

    def seen(name):
        return any(
            drawer.fields[name] in row.children
            for rows in drawer.box.children
            if rows.layout.display != "none"
            for row in rows.children
        )

    assert seen(shown)
    assert not seen(hidden)
    assert seen("turn")
