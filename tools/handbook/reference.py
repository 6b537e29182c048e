"""The reference: a page a module, in the order of the house's floors."""

from __future__ import annotations

from collections.abc import Iterator

from tools.handbook.code import PACKAGE, Door, Module, home_of, modules, public

__all__ = ["ROOMS", "pages"]

#: From the door to the ground, with what one comes for.
ROOMS = (
    (PACKAGE, "The door: `explore`, and the names that stand above all"),
    ("events", "The catalog, the flow, what may be set, what is kept"),
    ("explorer", "Widgets: panels, controls, the clock"),
    ("views", "Pictures: HoloViews elements of what was observed"),
    ("retrieval", "Boundaries out of images and of measurements in situ"),
    ("instruments", "SMILE's orbit and pointing; SXI, UVI, LIA and MAG"),
    ("data", "Solar wind, simulations, ephemerides, files"),
    ("physics", "Numbers in, numbers out, with the paper behind each"),
    ("schema", "Names, units and dimensions of every dataset"),
    ("observations", "`Event` and `Observations`"),
    ("frames", "Coordinates and time"),
    ("constants", "Constants of nature and of the mission"),
    ("cli", "The command `smile-explore`"),
    ("lab", "What starts JupyterLab"),
    ("serve", "A class on one server"),
)
_FRONT = """\
Reference
=========

Every public name, a page a module. A module imports from its own floor or
from below; the floors stand here from the top down.

.. list-table::
   :widths: 20 80

{rows}

.. toctree::
   :hidden:

{entries}
"""


def pages() -> dict[str, str]:
    """Text of every page of the reference, in reStructuredText, by place."""
    rooms = [f"{PACKAGE}.{room}" for room, _ in ROOMS[1:]]
    rows = "\n".join(
        f"   * - :doc:`{room} <{_full(room)}>`\n     - {_as_code(words)}"
        for room, words in ROOMS
    )
    entries = "\n".join(f"   {name}" for name in [PACKAGE, *rooms])
    made = {"api/index.rst": _FRONT.format(rows=rows, entries=entries)}
    for name, module in modules().items():
        if public(name):
            made[f"api/{name}.rst"] = _page(module)
    return made


def _full(room: str) -> str:
    return room if room == PACKAGE else f"{PACKAGE}.{room}"


def _page(module: Module) -> str:
    title = module.short
    parts = [
        f"{title}\n{'=' * len(title)}",
        f".. automodule:: {module.name}\n   :no-members:\n\n"
        f".. py:currentmodule:: {module.name}",
        _inside(module),
    ]
    doors = module.doors()
    shown = [door for door in doors if _is_at_home(door)]
    parts.append(_elsewhere([door for door in doors if door not in shown]))
    parts += [_entry(door, module) for door in shown]
    return "\n\n".join(part for part in parts if part) + "\n"


def _inside(module: Module) -> str:
    """List the modules of a room."""
    if not module.is_package or module.name == PACKAGE:
        return ""
    inside = [
        other
        for name, other in modules().items()
        if name.rpartition(".")[0] == module.name and public(name)
    ]
    if not inside:
        return ""
    rows = "\n".join(
        f"   * - :doc:`{one.name.rpartition('.')[2]} <{one.name}>`\n"
        f"     - {_as_code(one.summary)}"
        for one in inside
    )
    entries = "\n".join(f"   {one.name}" for one in inside)
    table = f".. list-table::\n   :widths: 25 75\n\n{rows}"
    return f"{table}\n\n.. toctree::\n   :hidden:\n\n{entries}"


def _is_at_home(door: Door) -> bool:
    """Tell whether a name is explained here: where it has no public home."""
    if door.kind != "import" or not door.home.startswith(PACKAGE):
        return True
    return not public(door.home)


def _elsewhere(doors: list[Door]) -> str:
    """Point to names that are only passed on."""
    lines = [
        f"* :py:obj:`{door.name} <{home_of(door)}.{door.name}>`, "
        f"of :doc:`{home_of(door)}`"
        for door in doors
    ]
    return "\n".join(["Also here:", "", *lines]) if lines else ""


def _entry(door: Door, module: Module) -> str:
    return "\n".join(_lines(_resolved(door), f"{module.name}.{door.name}"))


def _resolved(door: Door) -> Door:
    """Return what a private module defines, for the one that shows it."""
    if door.kind == "import" and door.home in modules():
        found = modules()[door.home].defined()
        return next((one for one in found if one.name == door.name), door)
    return door


def _lines(door: Door, name: str) -> Iterator[str]:
    match door.kind:
        case "class":
            yield f".. autoclass:: {name}\n   :members:"
            if door.fields:
                yield f"   :exclude-members: {', '.join(door.fields)}"
        case "data":
            yield f".. py:data:: {door.name}\n"
            yield f"   {door.summary}"
        case _:
            yield f".. autofunction:: {name}"


def _as_code(text: str) -> str:
    """Backticks as code in running text of a table."""
    return text.replace("`", "``").replace("````", "``")
