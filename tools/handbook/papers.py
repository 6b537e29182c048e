"""The papers behind the code, gathered from the References of docstrings."""

from __future__ import annotations

import re
from collections import defaultdict

from tools.handbook.code import Module, modules, public

__all__ = ["cited", "page"]

_SECTION = re.compile(
    r"^References\n-+\n(.*?)(?=\n\S[^\n]*\n-{3,}|\Z)", re.M | re.S
)
_ENTRY = re.compile(r"^\.\. \[\w+\] (.*?)(?=^\.\. \[|\Z)", re.M | re.S)
_DOI = re.compile(r"https://doi\.org/\S*[\w)]")
_FRONT = """\
# Models and their papers

What the code follows, by author, and where. Made of the `References` of the
docstrings, which name equations and tables; where a paper and its public code
disagree, the docstring says which is followed. Numbers of the mission stand
in [constants](api/smile_explore.constants.rst) with their source.

| paper | followed in |
|---|---|
"""


def page() -> str:
    """Text of the page, in Markdown."""
    papers, words = defaultdict(set), {}
    for module in modules().values():
        for name, text in cited(module):
            key = (_DOI.findall(text) or [text.rstrip(".")])[0].lower()
            papers[key].add((module.name, name))
            words[key] = max(words.get(key, ""), text, key=len)
    rows = [
        f"| {_linked(words[key])} | {', '.join(map(_where, sorted(places)))} |"
        for key, places in sorted(papers.items(), key=lambda p: words[p[0]])
    ]
    return _FRONT + "\n".join(rows) + "\n"


def cited(module: Module) -> list[tuple[str, str]]:
    """Every entry of a section References, with the name that cites it."""
    return [
        (name, " ".join(entry.split()))
        for name, text in module.docstrings()
        for section in _SECTION.findall(text)
        for entry in _ENTRY.findall(section)
    ]


def _linked(text: str) -> str:
    """Words with their address as a link, fit for a cell of a table."""
    text = re.sub(r"(https?://\S*[\w)/])", r"<\1>", text)
    return text.replace("|", r"\|")


def _where(place: tuple[str, str]) -> str:
    """Link to who cites, or to its module; what is private has no page."""
    module, name = place
    short = ".".join(module.split(".")[1:])
    if not public(module):
        return f"`{short}.{name}`"
    shown = {door.name for door in modules()[module].doors()}
    if name in shown:
        return f"{{py:obj}}`{short}.{name} <{module}.{name}>`"
    return f"{{py:mod}}`{short} <{module}>`"
