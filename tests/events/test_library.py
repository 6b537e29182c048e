import pytest

from smile_explore.events import library, simulate


@pytest.fixture
def made(monkeypatch, observations):
    """Count the simulations, and answer them with one made before."""
    calls = []

    def observe(event, **options):
        calls.append(event.name)
        return observations

    monkeypatch.setattr(simulate, "observe", observe)
    return calls


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "cache"))


def test_an_event_is_simulated_once(made, short_event, observations):
    with pytest.raises(KeyError):
        library.recall(short_event)
    library.keep(short_event)
    again = library.keep(short_event)
    assert made == [short_event.name]
    assert again.sxi.identical(library.recall(short_event).sxi)
    assert again.event == observations.event


def test_what_the_code_made_before_it_changed_is_made_anew(
    made, short_event, monkeypatch
):
    library.keep(short_event)
    monkeypatch.setattr(library, "_code", lambda: "another version")
    with pytest.raises(KeyError):
        library.recall(short_event)


def test_a_cache_that_cannot_be_written_costs_a_sentence(
    made, short_event, monkeypatch, tmp_path
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SMILE_EXPLORE_CACHE", str(tmp_path / "file" / "cache"))
    told = []
    library.keep(short_event, warn=told.append)
    assert len(told) == 1
    assert "SMILE_EXPLORE_CACHE" in told[0]
