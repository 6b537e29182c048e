"""A Sphinx extension: docstrings as people read them in an editor.

Ours are written as plain text, and two habits of it are no reStructuredText:
a formula or a drawing that is set in stands for itself, and ``|B|`` is a
length. What stands in single backticks is code, and a link if it names one
thing, as ``camera.aim`` does, or one that the module passes on.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from tools.handbook.code import home_of, modules

__all__ = ["as_markup", "setup"]

#: Deeper by so much, after an empty line, is set in.
_SET_IN = 4


def setup(app: Sphinx) -> dict[str, Any]:
    """Register, ahead of numpydoc."""
    app.connect("autodoc-process-docstring", _prepare, priority=100)
    app.connect("missing-reference", _by_its_end)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _prepare(*event: Any) -> None:
    lines = event[-1]
    lines[:] = as_markup(lines)


def as_markup(lines: list[str]) -> list[str]:
    """Return plain lines with set-in blocks and bars marked for Sphinx."""
    made: list[str] = []
    above, empty, within = "", True, None
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if not line.strip():
            empty = True
        elif within is None or depth < within:
            within = None
            marked = above.lstrip().startswith("..") or above.endswith("::")
            deeper = depth >= len(above) - len(above.lstrip()) + _SET_IN
            if above and empty and deeper and not marked:
                made += [" " * (depth - _SET_IN) + "::", ""]
            if above and empty and deeper:
                within = depth
            above, empty = line, False
        made.append(line if within is not None else _without_bars(line))
    return made


def _without_bars(line: str) -> str:
    """Escape bars, which would be substitutions, except in code."""
    if "``" in line or line.lstrip().startswith(">>>"):
        return line
    return re.sub(r"(?<!\\)\|", r"\\|", line)


@cache
def _passed_on(module: str | None) -> frozenset[str]:
    """Full names of what a module takes from others and shows."""
    doors = modules()[module].doors() if module in modules() else []
    return frozenset(f"{home_of(door)}.{door.name}" for door in doors)


def _by_its_end(
    app: Sphinx, env: BuildEnvironment, node: Element, content: Element
) -> Element | None:
    """Resolve `camera.aim` if one public name alone ends so."""
    if node.get("refdomain") != "py":
        return None
    target = node.get("reftarget", "")
    objects = env.get_domain("py").objects
    found = [
        name
        for name in objects
        if name.endswith("." + target)
        and ("." in target or name in _passed_on(node.get("py:module")))
    ]
    if len(found) != 1:
        return None
    place = objects[found[0]]
    return make_refnode(
        app.builder,
        node["refdoc"],
        place.docname,
        place.node_id,
        content,
        found[0],
    )
