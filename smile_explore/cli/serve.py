"""The command `serve`: one server for a class."""

from __future__ import annotations

import argparse
import os
import sys
from importlib.util import find_spec
from pathlib import Path

__all__ = ["add_commands"]


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `serve` to the command line."""
    command = commands.add_parser(
        "serve",
        help="let a class explore on this machine, each by themselves",
        description="Serve the explorer to many people at once, each with a "
        "kernel and a state of their own. Only this machine can open it, "
        "unless --host says otherwise.",
    )
    command.add_argument(
        "--notebook", type=Path, help="serve this instead of the explorer"
    )
    command.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen at; 0.0.0.0 for the network (default: "
        "this machine alone)",
    )
    command.add_argument(
        "--port", type=int, help="by default the first free one from 8888"
    )
    command.add_argument(
        "--users", type=int, default=8, help="seats (default: 8)"
    )
    command.add_argument(
        "--memory",
        type=float,
        default=1.5,
        metavar="GB",
        help="of each at most (default: 1.5)",
    )
    command.add_argument(
        "--threads",
        type=int,
        default=1,
        help="processors for the computing of each (default: 1)",
    )
    command.add_argument(
        "--idle",
        type=float,
        default=60.0,
        metavar="MINUTES",
        help="without a touch, until a seat is given free (default: 60)",
    )
    command.add_argument(
        "--ready",
        type=int,
        metavar="SEATS",
        help="that stand prepared (default: 2); --users for a class that "
        "comes in at once",
    )
    command.add_argument(
        "--token",
        default=os.environ.get("SMILE_EXPLORE_TOKEN", ""),
        help="let in only whose address ends with ?token=TOKEN (default: "
        "the variable SMILE_EXPLORE_TOKEN, else everybody)",
    )
    command.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> None:
    if find_spec("voila") is None:
        raise RuntimeError(
            "a class needs voila, which is not installed here: "
            "`pip install smile-explore[serve]`, or `make serve`"
        )
    from smile_explore import lab
    from smile_explore.serve.limits import Limits

    ready = min(2, options.users) if options.ready is None else options.ready
    limits = Limits(
        users=options.users,
        memory=options.memory,
        threads=options.threads,
        idle=options.idle,
        ready=ready,
    )
    notebook = options.notebook or lab.shipped_notebook()
    if not notebook.is_file():
        raise FileNotFoundError(f"there is no notebook {notebook}")
    port = lab.choose_port(options.port)
    if caution := limits.caution():
        print(f"Careful: {caution}", file=sys.stderr)
    # Before voila is imported, which then finds our page and settings.
    os.environ.update(lab.environment())
    from smile_explore.serve import server

    if not options.token and not server.is_local(options.host):
        print(
            "Careful: whoever reaches this address may take a seat; --token "
            "asks for a word.",
            file=sys.stderr,
        )
    shown = "127.0.0.1" if server.is_local(options.host) else options.host
    query = f"?token={options.token}" if options.token else ""
    server.run(
        notebook.resolve(),
        limits,
        host=options.host,
        port=port,
        token=options.token,
        listening=lambda: print(
            f"The class is at http://{shown}:{port}/{query}\n"
            f"{limits.users} seats; Ctrl-C ends it.",
            flush=True,
        ),
    )
