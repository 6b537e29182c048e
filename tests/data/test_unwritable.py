"""A full disk or a folder that is read-only is one sentence, nothing left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.data.unwritable import DOORS

PROGRAM = Path(__file__).with_name("unwritable.py")
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="has neither limits nor such rights"
)


@pytest.fixture(scope="module")
def told():
    # not that of pytest, which only its owner may enter
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        answer = subprocess.run(
            [sys.executable, PROGRAM, folder],
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(PROGRAM.parents[2])},
        )
        Path(folder).chmod(0o755)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


@pytest.mark.parametrize("name", DOORS)
def test_a_full_disk_is_one_sentence(name, told):
    kind, words = told["full"]["said"][name]
    assert kind == "OSError"
    assert words.count("cannot be written: ") == 1
    assert words.count("\n") == 0
    assert f"{name} cannot be written: " in words
    assert words.endswith("; is the disk full?")


@pytest.mark.parametrize("name", DOORS)
def test_a_closed_folder_is_one_sentence(name, told):
    kind, words = told["closed"]["said"][name]
    assert kind == "PermissionError"
    assert words.count("\n") == 0
    assert f"{name} cannot be written: nothing may be written into" in words


@pytest.mark.parametrize("how", ["full", "closed"])
def test_nothing_is_left_of_it(how, told):
    assert told[how]["left"] == []
