"""The controls with which a reader tries the requirement."""

import numpy as np
import pytest

from smile_explore.explorer import requirement as lab


@pytest.fixture
def trial():
    return lab.trial()


def test_a_run_fills_table_plot_and_sentence(trial):
    trial.density.value, trial.speed.value = 30.0, 500.0
    trial.run.click()
    assert len(trial.table) == 8 * 3
    assert set(trial.table["exposure"]) == {300.0}
    assert set(trial.table["density"]) == {30.0}
    assert len(trial.plot.children) == 1
    assert "True standoff" in trial.message.value
    assert "tangent fit" in trial.message.value
    assert trial.progress.value == trial.progress.max
    assert trial.cancel.disabled
    assert not trial.run.disabled
    assert np.isfinite(trial.table["error"]).mean() > 0.5


def test_what_is_not_found_says_why(trial):
    trial.density.value, trial.speed.value = 5.0, 300.0
    trial.exposure.value = 60.0
    trial.background.value = 30.0
    trial.place.value = "low and ahead, 15 R_E"
    trial.run.click()
    assert "not found (" in trial.message.value


def test_a_cancelled_run_says_so(trial, monkeypatch):
    def sweep(*_, progress, **__):
        trial.cancel.click()
        progress(1, 2)

    monkeypatch.setattr(lab.requirement, "sweep", sweep)
    trial.run.click()
    assert trial.message.value == "Cancelled."


def test_the_published_rows_are_shown():
    figure = lab.published("MHD")
    assert "MHD" in figure._model.title.text
