"""The page on how to extend the house names only what is there."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from tools.handbook.code import modules, public

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
CODE = sorted(set(re.findall(r"`([^`\n]+)`", PAGE)))
PATHS = [one for one in CODE if re.fullmatch(r"[\w/.]+/[\w.]*", one)]
DOTTED = [
    re.sub(r"\(.*", "", one).removeprefix("smile.")
    for one in CODE
    if re.match(r"[A-Za-z_]+\.(?!py\b|md\b)[A-Za-z_]", one)
]
NAMES = [one for one in CODE if re.fullmatch(r"[A-Z]\w+s?", one)]
#: What stands for a name of the reader's own.
THEIRS = {"NAME", "References"}


def owners(head: str):
    """Modules of a name, and things of a name in public modules."""
    for name, module in modules().items():
        if name.endswith("." + head):
            yield importlib.import_module(name)
        elif public(name) and head in {door.name for door in module.doors()}:
            yield getattr(importlib.import_module(name), head)


@pytest.mark.parametrize("path", [p for p in PATHS if "NAME" not in p])
def test_files_that_are_named_are_there(path):
    places = [ROOT, ROOT / "smile_explore"]
    assert any((place / path).exists() for place in places), path


@pytest.mark.parametrize("name", DOTTED)
def test_doors_that_are_named_are_there(name):
    head, last = name.rsplit(".", 1)
    assert any(hasattr(one, last) for one in owners(head)), name


@pytest.mark.parametrize("name", sorted(set(NAMES) - THEIRS))
def test_classes_and_constants_that_are_named_are_there(name):
    known = {
        door.name for module in modules().values() for door in module.defined()
    }
    assert name in known, name


def test_the_page_names_enough_for_this_to_mean_something():
    assert len(PATHS) > 10
    assert len(DOTTED) > 20
    assert len(NAMES) > 10
