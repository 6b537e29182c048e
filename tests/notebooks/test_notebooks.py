"""Every notebook, in its own kernel, as a user would run it."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.teaching import LESSONS, lessons

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS]
)

#: Answers each question of a lesson: with what is printed on the page for
#: teachers, and, where it is controls that are set, with its own solution.
#: In threads without an event loop, where an answer is judged at once.
ANSWER = """
import gc, json, threading
from smile_explore.explorer.questions import Question

def at_once(job):
    thread = threading.Thread(target=job)
    thread.start()
    thread.join()

told, judged = json.loads(PRINTED), {}
for asked in [o for o in gc.get_objects() if isinstance(o, Question)]:
    if list(asked.controls) == ["answer"]:
        start = next((t for t in told if asked.text.startswith(t)), None)
        asked.controls["answer"].value = told.get(start, "").rstrip(".")
    else:
        at_once(asked.reveal)
    at_once(asked.check)
    judged[asked.text] = asked.right, asked.message.value
print(json.dumps(judged))
"""


def captured_errors(notebook: Any) -> list[str]:
    """Errors that an Output widget took in, where no cell shows them."""
    widgets = notebook.metadata.get("widgets", {})
    states = widgets.get("application/vnd.jupyter.widget-state+json", {})
    return [
        f"{output['ename']}: {output['evalue']}"
        for model in states.get("state", {}).values()
        for output in model["state"].get("outputs", ())
        if output["output_type"] == "error"
    ]


@pytest.mark.notebook
@every_notebook
def test_a_notebook_runs_to_its_end_and_its_answers_are_right(path):
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    if path in LESSONS:
        printed = repr(json.dumps(lessons()[path.stem].answers))
        notebook.cells.append(
            nbformat.v4.new_code_cell(f"PRINTED = {printed}\n{ANSWER}")
        )
    started = time.monotonic()

    NotebookClient(notebook, timeout=600, resources=resources).execute()

    seconds = time.monotonic() - started
    assert captured_errors(notebook) == []
    assert seconds < 600, f"{path.name} took {seconds:.0f} s"
    if path in LESSONS:
        judged = json.loads(notebook.cells[-1].outputs[0].text)
        assert judged
        for asked, (right, said) in judged.items():
            assert right, f"{asked} {said}"


@pytest.mark.notebook
def test_an_error_inside_a_widget_is_not_missed():
    cell = nbformat.v4.new_code_cell(
        "import ipywidgets as widgets\n"
        "out = widgets.Output()\n"
        "with out:\n"
        "    1 / 0\n"
        "out"
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    NotebookClient(notebook, timeout=60).execute()
    assert captured_errors(notebook) == ["ZeroDivisionError: division by zero"]


@every_notebook
def test_a_notebook_is_committed_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@every_notebook
def test_a_notebook_tells_its_story_and_defines_nothing(path):
    notebook = nbformat.read(path, as_version=4)
    kinds = [cell.cell_type for cell in notebook.cells]
    assert "markdown" in kinds
    # One that runs itself shows what it made first, on the whole screen.
    own = notebook.metadata.get("smile_explore", {})
    assert kinds[0] == "markdown" or own.get("run_on_open")
    code = "\n".join(
        cell.source for cell in notebook.cells if cell.cell_type == "code"
    )
    assert "def " not in code
    assert "class " not in code
