"""The commands `list` and `make`: events of the catalog."""

from __future__ import annotations

import argparse

from smile_explore.cli.progress import bar, say

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add both to the parser."""
    _list_options(commands)
    _make_options(commands)


def _list_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser("list", help="list the known events")
    command.add_argument("--text", help="words of name, title or facts")
    command.add_argument(
        "--pressure",
        type=float,
        metavar="NPA",
        help="only those that reach this dynamic pressure",
    )
    command.add_argument(
        "--bz",
        type=float,
        metavar="NT",
        help="only those whose Bz falls to this or below",
    )
    command.set_defaults(command=_list)


def _make_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "make",
        help="make an event of any day",
        description="Make an event of the solar wind of a day, or of a file, "
        "and add it to your catalog.",
    )
    command.add_argument("start", metavar="START", help="2015-03-17T04:00")
    command.add_argument(
        "--hours", type=float, default=24.0, help="up to 72 (default 24)"
    )
    command.add_argument("--name", help="by default its day")
    command.add_argument(
        "--source", help="OMNI, ACE, Wind or a file (default: first that has)"
    )
    command.add_argument(
        "--overwrite", action="store_true", help="replace one of your own"
    )
    command.set_defaults(command=_make)


def _list(options: argparse.Namespace) -> None:
    from smile_explore import events

    found = events.search(
        text=options.text, min_pressure=options.pressure, max_bz=options.bz
    )
    for event in found:
        start, stop = (
            str(time.astype("datetime64[m]")).replace("T", " ")
            for time in (event.start, event.stop)
        )
        print(f"{event.name}  {start} to {stop} UTC  {event.title}")


def _make(options: argparse.Namespace) -> None:
    from smile_explore import events

    with bar(options.start) as progress:
        event = events.make(
            options.start,
            options.hours,
            name=options.name,
            source=options.source,
            overwrite=options.overwrite,
            progress=progress,
            warn=say,
        )
    print(f"{event.name}  {event.title}")
