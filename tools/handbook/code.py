"""What stands in the package, read without importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

__all__ = ["PACKAGE", "Door", "Module", "home_of", "modules", "public"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "smile_explore"


@dataclass(frozen=True)
class Door:
    """A name of `__all__` and where it is written.

    Parameters
    ----------
    name : str
    kind : {"function", "class", "data"}
    home : str
        Module that defines it.
    summary : str
        First line of what is said of it.
    fields : tuple of str
        Of a class: names that its parameters explain already.
    """

    name: str
    kind: str
    home: str
    summary: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Module:
    """A file of the package.

    Parameters
    ----------
    name : str
    path : Path
    tree : ast.Module
    lines : list of str
        Its text, since syntax trees have no comments.
    """

    name: str
    path: Path
    tree: ast.Module = field(repr=False)
    lines: list[str] = field(repr=False)

    @property
    def short(self) -> str:
        """Its name within the package."""
        return self.name.removeprefix(PACKAGE + ".")

    @property
    def is_package(self) -> bool:
        """Whether it is a room, with further modules in it."""
        return self.path.name == "__init__.py"

    @property
    def summary(self) -> str:
        """First line of its docstring."""
        return (ast.get_docstring(self.tree) or "").partition("\n")[0]

    def docstrings(self) -> Iterator[tuple[str, str]]:
        """Every docstring of module, functions and classes, by name."""
        kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
        for node in ast.walk(self.tree):
            if isinstance(node, kinds):
                yield getattr(node, "name", ""), ast.get_docstring(node) or ""

    def doors(self) -> list[Door]:
        """Return what `__all__` names, in the order of the file."""
        found = {door.name: door for door in self.defined()}
        named = self._all()
        return [found[name] for name in found if name in named]

    def _all(self) -> list[str]:
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                target = node.targets[0]
                if isinstance(target, ast.Name) and target.id == "__all__":
                    return ast.literal_eval(node.value)
        return []

    def defined(self) -> Iterator[Door]:
        """Yield every name that the file gives a meaning, imported or not."""
        for node, following in zip(
            self.tree.body, [*self.tree.body[1:], None], strict=True
        ):
            match node:
                case ast.FunctionDef(name=name):
                    yield Door(name, "function", self.name, _first(node))
                case ast.ClassDef(name=name):
                    fields = tuple(
                        part.target.id
                        for part in node.body
                        if isinstance(part, ast.AnnAssign)
                    )
                    yield Door(name, "class", self.name, _first(node), fields)
                case ast.AnnAssign() | ast.Assign():
                    said = self._said_of(node, following)
                    for name in _targets(node):
                        yield Door(name, "data", self.name, said)
                case ast.ImportFrom() | ast.If():
                    yield from _imported(node)

    def _said_of(self, node: ast.stmt, following: ast.stmt | None) -> str:
        """Return the comments before a constant, or the string behind it."""
        match following:
            case ast.Expr(value=ast.Constant(value=str(text))):
                return " ".join(text.partition("\n\n")[0].split())
        said: list[str] = []
        for line in reversed(self.lines[: node.lineno - 1]):
            if not line.startswith("#: "):
                break
            said.insert(0, line[3:])
        return " ".join(said)


def _targets(node: ast.Assign | ast.AnnAssign) -> list[str]:
    """Names that an assignment gives a value, several in a tuple too."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        part.id
        for target in targets
        for part in ast.walk(target)
        if isinstance(part, ast.Name)
    ]


def _imported(node: ast.stmt) -> Iterator[Door]:
    """Names from another module of the package, at run time or not."""
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom) and part.module:
            for alias in part.names:
                yield Door(alias.asname or alias.name, "import", part.module)


def _first(node: ast.FunctionDef | ast.ClassDef) -> str:
    return (ast.get_docstring(node) or "").partition("\n")[0]


@cache
def modules() -> dict[str, Module]:
    """Every module of the package by its full name, sorted."""
    found = {}
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts).removesuffix(".__init__")
        text = path.read_text("utf-8")
        tree = ast.parse(text)
        found[name] = Module(name, path, tree, text.splitlines())
    return dict(sorted(found.items()))


def public(name: str) -> bool:
    """Tell whether no part of a dotted name is private."""
    return not any(part.startswith("_") for part in name.split("."))


def home_of(door: Door) -> str:
    """Return the module that defines a name; of a module, itself."""
    inside = f"{door.home}.{door.name}"
    return inside if inside in modules() else door.home
