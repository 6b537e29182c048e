import ipywidgets as widgets
import pytest

from smile_explore.explorer.lesson import exercise, question


def nose(**kept):
    return question(
        "How far is the nose?",
        **{
            "answer": lambda: 7.86,
            "unit": "R_E",
            "tolerance": 0.1,
            "hint": "Pressure pushes.",
            "why": "It balances.",
            **kept,
        },
    )


def said(asked, answer):
    asked.controls["answer"].value = answer
    asked.check()
    return asked.message.value


def look(asked):
    """Return the button that shows the answer."""
    return asked.children[-2].children[1]


@pytest.mark.parametrize(
    "answer", ["7.9", "7,8", " 7.96 R_E", "7.76", "786e-2"]
)
def test_a_number_within_the_limit_is_right(answer):
    asked = nose()
    told = said(asked, answer)
    assert asked.right
    assert "Right" in told
    assert "7.86 R_E" in told
    assert "It balances" in told


@pytest.mark.parametrize("answer", ["7.75", "8", "-7.86"])
def test_a_number_beyond_it_gets_a_hint_that_keeps_the_secret(answer):
    asked = nose()
    told = said(asked, answer)
    assert not asked.right
    assert "Not yet" in told
    assert "Pressure pushes" in told
    assert "7.86" not in told
    assert "balances" not in told


def test_a_wrong_power_of_ten_is_told():
    assert "power of ten" in said(nose(), "0.0786")
    assert "power of ten" not in said(nose(), "0.3")


def test_percent_are_of_what_is_right():
    asked = nose(tolerance=None, percent=10.0, answer=2e-5, unit="eV")
    assert "± 10 %" in asked.controls["answer"].description
    for answer, right in (("2.19e-5", True), ("2.21e-5", False)):
        said(asked, answer)
        assert asked.right is right


@pytest.mark.parametrize(
    ("answer", "told"),
    [("far", "must be a number, got &#x27;far&#x27;"), ("", "a number first")],
)
def test_what_is_no_number_is_told_and_is_no_try(answer, told):
    asked = nose()
    for _ in range(4):
        assert told in said(asked, answer)
    assert look(asked).layout.display == "none"


def test_the_answer_may_be_seen_after_three_different_wrong_ones():
    asked = nose()
    for answer in ("1", "1", "1", "2"):
        said(asked, answer)
        assert look(asked).layout.display == "none"
    said(asked, "3")
    assert look(asked).layout.display == ""
    look(asked).click()
    assert "The answer:</b> 7.86 R_E." in asked.message.value
    assert "It balances" in asked.message.value
    assert not asked.right


def test_enter_checks_as_the_button_does():
    asked = nose()
    field = asked.controls["answer"]
    field.value = "7.86"
    field._handle_custom_msg({"event": "submit"}, [])
    assert asked.right
    field.value = "1"
    assert asked.right  # nothing is judged before one asks for it
    asked.children[-2].children[0].click()
    assert not asked.right


def test_an_answer_is_computed_once_and_not_before_it_is_needed():
    calls = []
    asked = nose(answer=lambda: calls.append(1) or 3.0)
    assert calls == []
    said(asked, "1")
    said(asked, "3")
    assert asked.right
    assert calls == [1]


def test_an_answer_that_cannot_be_computed_is_told():
    assert "could not be computed" in said(nose(answer=float("nan")), "1")
    failing = nose(answer=lambda: [][0])
    assert "index out of range" in said(failing, "1")


def sheath(answer="the sheath"):
    return question(
        "What glows?",
        answer=answer,
        choices=["the Moon", "the sheath"],
        hint="Where ions meet hydrogen.",
    )


def test_one_of_some_choices_is_right():
    asked = sheath(lambda: "the sheath")
    asked.check()
    assert "Choose one" in asked.message.value
    assert "Where ions meet" in said(asked, "the Moon")
    assert "Right" in said(asked, "the sheath")
    assert asked.right


def test_a_computed_answer_that_is_no_choice_is_told():
    assert "none of the choices" in said(sheath(lambda: "x"), "the Moon")


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"tolerance": None}, "tolerance= or percent="),
        ({"percent": 3.0}, "tolerance= or percent="),
        ({"tolerance": 0.0}, "positive"),
        ({"choices": ["a"], "answer": "a"}, "have no unit"),
        (
            {"choices": ["a"], "answer": "b", "tolerance": None, "unit": ""},
            "must be one of a, got 'b'",
        ),
    ],
)
def test_a_question_that_cannot_be_judged_is_refused(wrong, match):
    with pytest.raises(ValueError, match=match):
        nose(**wrong)


def even(number):
    if number > 8:
        raise ValueError(f"number must be at most 8, got {number}")
    return number % 2 == 0, f"The rest is {number % 2}."


def test_an_exercise_is_judged_and_solved_by_its_controls():
    number = widgets.IntSlider(1, max=10)
    asked = exercise(
        "Find an even one.",
        judge=even,
        solution=lambda: {"number": 4},
        hint="Halve it.",
        number=number,
    )
    asked.check()
    assert "The rest is 1. <i>Hint:</i> Halve it." in asked.message.value
    number.value = 2
    asked.check()
    assert asked.right
    number.value = 9
    asked.check()
    assert "at most 8" in asked.message.value
    asked.reveal()
    assert number.value == 4
    assert "The rest is 0." in asked.message.value


def test_what_is_said_is_told_to_those_who_do_not_see():
    asked = nose()
    assert 'role="status"' in asked.message.value
    assert 'role="status"' in said(asked, "1")
    assert 'role="status"' in said(asked, "x")
    assert "in R_E" in asked.controls["answer"].description
