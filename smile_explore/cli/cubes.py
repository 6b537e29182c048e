"""The commands `ingest` and `info`: cubes of MHD models."""

from __future__ import annotations

import argparse
import warnings
from pathlib import Path

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
                )
        except KeyboardInterrupt:
            say("Run the same command again, and it goes on.")
            raise
        finally:
            for warning in told:
                say(f"Note: {warning.message}")
    print(f"Wrote {options.out}.")


def _info(options: argparse.Namespace) -> None:
    from smile_explore.data import mhd

    print(mhd.info(options.store, every_source=options.sources))
