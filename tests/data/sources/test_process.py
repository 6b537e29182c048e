"""The process around the worker, with workers that misbehave."""

from __future__ import annotations

import json
import sys
import time

import pytest

from smile_explore.data.sources import process

REQUEST = {"products": ["OMNI 1 min"], "days": ["2012-06-01"], "network": []}
ANSWER = {"days": {"OMNI 1 min": ["2012-06-01"]}, "reasons": {}}


@pytest.fixture
def run(tmp_path, monkeypatch):
    def start(code, **options):
        monkeypatch.setattr(process, "COMMAND", [sys.executable, "-c", code])
        options = {"deadline": 20.0} | options
        return process.run(REQUEST, folder=tmp_path, **options)

    return start


def test_steps_are_told_and_the_answer_returned(run):
    told = []
    code = (
        'print(\'{"step": "pyspedas"}\', flush=True)\n'
        f"print('{json.dumps(ANSWER)}')"
    )
    answer = run(code, progress=lambda *step: told.append(step))
    assert answer == ANSWER
    assert told[0] == (0, 4)
    assert (1, 4) in told
    assert told[-1] == (4, 4)


def test_a_worker_that_hangs_is_ended_at_the_deadline(run, tmp_path):
    code = f"import time; time.sleep(60); open({str(tmp_path / 'x')!r}, 'w')"
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="no answer within 0.5 s"):
        run(code, deadline=0.5)
    assert time.monotonic() - start < 10.0


def test_cancelling_ends_the_worker_and_is_passed_on(run, tmp_path):
    class Cancelled(Exception):
        pass

    calls = []

    def progress(done, total):
        calls.append(done)
        if len(calls) > 2:
            raise Cancelled

    code = "import time; time.sleep(60)"
    with pytest.raises(Cancelled):
        run(code, progress=progress)


def test_a_worker_cannot_ask_for_a_password(run):
    with pytest.raises(RuntimeError, match="EOFError"):
        run("input('SDC username: ')")


def test_a_worker_that_dies_says_why(run):
    with pytest.raises(RuntimeError, match="SystemExit|no room|it said noth"):
        run("raise SystemExit('no room')")
    with pytest.raises(RuntimeError, match="it said nothing"):
        run("import os; os._exit(3)")


def test_the_worker_uses_the_folder_it_is_given(run, tmp_path):
    code = (
        "import json, os; print(json.dumps({'days': {}, 'reasons': "
        "{'at': os.environ['SMILE_EXPLORE_CACHE']}}))"
    )
    assert run(code)["reasons"]["at"] == str(tmp_path)
