"""One page of all schemas: what a dataset of each holds."""

from __future__ import annotations

from smile_explore import schema
from tools.handbook.code import modules

__all__ = ["page"]

_FRONT = """\
# What the datasets hold

Everything that travels between rooms is an `xarray.Dataset` of one of these
schemas: `CUBE.check(cube)` says what is missing, `CUBE.stamp(cube)` writes
units and labels into it. Further dimensions, `time` above all, may lead. All
vectors are in GSM unless their `attrs["frame"]` says otherwise. See
[conventions](docs/conventions.md).
"""


def page() -> str:
    """Text of the page, in Markdown."""
    said = {
        door.name: door.summary
        for name, module in modules().items()
        if name.startswith("smile_explore.schema.")
        for door in module.doors()
    }
    parts = [_FRONT]
    for name in schema.__all__:
        one = getattr(schema, name)
        if isinstance(one, schema.Schema):
            parts.append(f"## {name}\n\n{said[name]}\n\n{_table(one)}")
    return "\n\n".join(parts) + "\n"


def _table(one: schema.Schema) -> str:
    rows = ["| name | dimensions | unit | what |", "|---|---|---|---|"]
    for name, variable in {**one.axes, **one.variables}.items():
        dims = ", ".join(variable.dims) or "none"
        what = "axis: " * (name in one.axes) + variable.long_name
        if not variable.required:
            what += " (may be missing)"
        rows.append(f"| `{name}` | {dims} | {variable.units} | {what} |")
    return "\n".join(rows)
