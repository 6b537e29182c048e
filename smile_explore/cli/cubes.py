"""The commands `ingest` and `info`: cubes of MHD models."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path
from typing import Any

from smile_explore.cli.progress import bar, say

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add both to the parser."""
    _ingest_options(commands)
    _info_options(commands)


def _ingest_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "ingest",
        help="convert MHD cubes once, into a store that is fast to read",
        description="Convert cubes of any format that is known, in the order "
        "of their times, into one Zarr store. When it is stopped or killed, "
        "the same command goes on where it was; the store appears when it is "
        "whole.",
    )
    command.add_argument("files", nargs="+", metavar="FILE")
    command.add_argument(
        "--out", type=Path, required=True, metavar="STORE.zarr"
    )
    command.add_argument(
        "--chunk",
        type=int,
        metavar="NODES",
        help="edge of a chunk (default: about 64, adapted to the grid)",
    )
    command.add_argument(
        "--compression",
        default="zstd",
        choices=("zstd", "zstd-small", "lz4", "none"),
    )
    command.add_argument(
        "--keep-bits",
        type=int,
        metavar="BITS",
        help="round to so many bits of the mantissa (default: none is lost)",
    )
    command.add_argument(
        "--grid",
        type=float,
        metavar="SPACING",
        help="resample to nodes this far apart [R_E]",
    )
    command.add_argument(
        "--box",
        type=float,
        nargs=6,
        metavar=("X0", "X1", "Y0", "Y1", "Z0", "Z1"),
        help="keep this part only [R_E]",
    )
    command.add_argument(
        "--frame", help="of the files, where they do not say (default: GSM)"
    )
    command.add_argument(
        "--start",
        metavar="TIME",
        help="UTC at which the run began, where files count from there",
    )
    command.set_defaults(command=_ingest)


def _info_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser("info", help="tell what is in an MHD cube")
    command.add_argument("store", type=Path, metavar="STORE")
    command.add_argument(
        "--sources", action="store_true", help="list every source"
    )
    command.set_defaults(command=_info)


def _ingest(options: argparse.Namespace) -> None:
    from smile_explore.data import mhd

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        try:
            with bar(options.out.name) as progress:
                mhd.ingest(
                    options.files,
                    options.out,
                    chunks=options.chunk,
                    compression=options.compression,
                    keep_bits=options.keep_bits,
                    progress=progress,
                    **_reading(options),
                )
        except KeyboardInterrupt:
            say("Run the same command again, and it goes on.")
            raise
        finally:
            for warning in told:
                say(f"Note: {warning.message}")
    print(f"Wrote {options.out}.")


def _reading(options: argparse.Namespace) -> dict[str, Any]:
    """Return what `open_cube` is told, of what was asked for."""
    asked: dict[str, Any] = {
        name: getattr(options, name)
        for name in ("grid", "frame", "start")
        if getattr(options, name) is not None
    }
    if options.box is not None:
        ends = options.box
        asked["box"] = {
            axis: (ends[2 * n], ends[2 * n + 1])
            for n, axis in enumerate("xyz")
        }
    return asked


def _info(options: argparse.Namespace) -> None:
    from smile_explore.data import mhd

    print(mhd.info(options.store, every_source=options.sources))
