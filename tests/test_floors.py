"""The house has floors, and imports point down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "smile_explore"
#: From the ground up; modules of one entry share a floor.
FLOORS = (
    {"schema", "constants", "frames", "observations"},
    {"physics"},
    {"instruments", "data"},
    {"retrieval"},
    {"events"},
    {"views"},
    {"explorer"},
    # The doors of the house: the package itself, and the command.
    {"__init__", "__main__", "cli", "lab", "serve"},
)
#: Rooms on one floor that do not know of each other.
APART = {("instruments", "data"), ("data", "instruments")}
#: Libraries that only the upper floors may know.
UPSTAIRS = {
    "holoviews": {"views", "explorer"},
    "bokeh": {"views", "explorer"},
    "ipywidgets": {"explorer"},
}
FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    """Name the room of ``smile_explore.physics.aurora``: physics."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def floor_of(room: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if room in rooms)


def imports(path: Path) -> set[str]:
    """Modules a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_a_module_imports_from_its_own_floor_or_below(path):
    for name in imports(path):
        if not name.startswith("smile_explore."):
            continue
        above = room_of(name)
        if not any(above in rooms for rooms in FLOORS):
            above = "__init__"  # a name of the package itself
        if above == "__init__" and name.endswith(".__version__"):
            continue
        assert floor_of(above) <= floor_of(room(path)), f"{path}: {name}"
        assert (room(path), above) not in APART, f"{path}: {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_no_room_imports_what_is_private_to_another(path):
    for name in imports(path):
        house, *rest = name.split(".")
        if house != "smile_explore" or rest[:1] == [room(path)]:
            continue
        private = [p for p in rest if p.startswith("_") and p[1] != "_"]
        assert not private, f"{path}: {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.name))
def test_only_the_upper_floors_know_widgets_and_figures(path):
    for name in imports(path):
        library = name.split(".")[0]
        assert room(path) in UPSTAIRS.get(library, {room(path)}), name


def test_every_room_has_a_floor():
    known = set().union(*FLOORS)
    assert {room(path) for path in FILES} <= known
