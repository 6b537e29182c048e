"""The command `export`: an event as files for other tools."""

from __future__ import annotations

import argparse
from pathlib import Path

from smile_explore.cli.progress import bar, say

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add it to the parser."""
    command = commands.add_parser(
        "export",
        help="write an event as FITS, CDF and NetCDF, into a folder",
        description="Write what SMILE would have seen of EVENT, as the "
        "explorer shows it: images as FITS, ions and field as CDF, maps of "
        "the aurora as NetCDF, with the policy of the data in every file.",
    )
    command.add_argument("event", metavar="EVENT")
    command.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="not there yet, or empty: nothing is replaced",
    )
    command.add_argument(
        "--run", metavar="NAME", help="MHD run (default: the event's first)"
    )
    command.add_argument(
        "--instruments",
        nargs="+",
        metavar="NAME",
        help="some of SXI UVI LIA MAG (default: all)",
    )
    command.set_defaults(command=_export)


def _export(options: argparse.Namespace) -> None:
    from smile_explore import events
    from smile_explore.data import archive
    from smile_explore.events import library

    event = events.load(options.event)
    instruments = archive.can_export(
        options.out, instruments=options.instruments or archive.INSTRUMENTS
    )
    with bar(event.name) as progress:
        seen = library.keep(
            event, run=options.run, progress=progress, warn=say
        )
    with bar("files") as progress:
        paths = archive.export(
            seen, options.out, instruments=instruments, progress=progress
        )
    for path in paths:
        print(f"Wrote {path}.")
