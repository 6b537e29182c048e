"""The command `smile-explore`: list, make, run, serve, ..., ingest, info.

Libraries are imported by the command that needs them, so that ``--help``
answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from smile_explore import __version__
from smile_explore.cli import cubes, events, export, serve
from smile_explore.cli.progress import bar, say

__all__ = ["main"]

#: Exit code of a command that Ctrl-C stopped, as shells count it.
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What stands behind ``smile-explore``, by default of this process.

    Returns
    -------
    code : int
        0 when all went well, 1 with a sentence on stderr when not, 2 (by
        SystemExit) for a command that cannot be read, 130 after Ctrl-C.
    """
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # `smile-explore list | head`: nobody reads on. Python must not
        # notice a second time when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if options.debug:
            raise
        print(f"smile-explore: {_sentence(error)}", file=sys.stderr)
        return 1
    return 0


def _sentence(error: Exception) -> str:
    if isinstance(error, KeyError) and error.args:
        return str(error.args[0])  # str() of it would add quotes
    if isinstance(error, ValueError | OSError | RuntimeError | TypeError):
        return str(error)
    return (
        f"{type(error).__name__}: {error} (an error of smile_explore; "
        "`smile-explore --debug ...` shows where)"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="smile-explore",
        description="Explore how the solar wind shapes Earth's magnetic "
        "shield, through the instruments of SMILE.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument(
        "--debug", action="store_true", help="show where an error arose"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    events.add_commands(commands)
    _run_options(commands)
    serve.add_commands(commands)
    _observe_options(commands)
    _warm_options(commands)
    _requirement_options(commands)
    cubes.add_commands(commands)
    export.add_commands(commands)
    return parser


def _run_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "run",
        help="open the explorer in JupyterLab",
        description="Open the explorer in JupyterLab. The notebook of EVENT "
        "is yours: it is written once and never overwritten.",
    )
    command.add_argument("event", nargs="?", metavar="EVENT")
    command.add_argument(
        "--notebook", type=Path, help="open this notebook instead"
    )
    command.add_argument(
        "--folder",
        type=Path,
        help="where the notebook goes (default: smile_explore in Documents)",
    )
    command.add_argument(
        "--port", type=int, help="by default the first free one from 8888"
    )
    command.add_argument(
        "--no-browser",
        action="store_true",
        help="only print the address to open",
    )
    command.set_defaults(command=_run)


def _observe_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "observe",
        help="simulate what SMILE saw of an event, into a file",
        description="Simulate what SMILE would have seen of EVENT and save "
        "it as NetCDF; smile_explore.data.archive.open reads it.",
    )
    command.add_argument("event", metavar="EVENT")
    command.add_argument("--out", type=Path, required=True, metavar="FILE.nc")
    command.add_argument(
        "--run", metavar="NAME", help="MHD run (default: the event's first)"
    )
    command.add_argument(
        "--seed", type=int, help="of the photon noise, to repeat it"
    )
    command.add_argument(
        "--overwrite", action="store_true", help="replace an existing file"
    )
    _workers_option(command)
    command.set_defaults(command=_observe)


def _warm_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "warm", help="observe every event once, so that they open at once"
    )
    _workers_option(command)
    command.set_defaults(command=_warm)


def _workers_option(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--workers",
        type=int,
        metavar="N",
        help="processes to compute in (default: one for each processor, "
        "if there are four or more)",
    )


def _requirement_options(commands: argparse._SubParsersAction) -> None:
    command = commands.add_parser(
        "requirement",
        help="measure how well SXI finds the magnetopause",
        description="Measure how far each method is off over solar wind, "
        "exposure, place, exosphere and background, and write the page "
        "requirement.md with its picture and its tables into FOLDER. Takes "
        "some ten minutes of processor time.",
    )
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument(
        "--seed", type=int, default=0, help="of the photon noise (default 0)"
    )
    command.add_argument(
        "--ship",
        action="store_true",
        help="put the whole table into the package, not into FOLDER",
    )
    command.add_argument(
        "--published",
        action="store_true",
        help="write them from the table that ships, without measuring anew",
    )
    command.add_argument(
        "--overwrite", action="store_true", help="replace an existing page"
    )
    command.set_defaults(command=_requirement)


def _run(options: argparse.Namespace) -> None:
    from smile_explore import lab

    if options.event and options.notebook:
        raise ValueError("give either EVENT or --notebook, not both")
    notebook = options.notebook or lab.write_notebook(
        options.event, folder=options.folder
    )
    port = lab.choose_port(options.port)
    if options.port is None and port != lab.FIRST_PORT:
        print(
            f"Port {lab.FIRST_PORT} is taken, perhaps by another JupyterLab: "
            f"using {port}."
        )
    print(f"Opening {notebook} in JupyterLab; Ctrl-C stops it.", flush=True)
    lab.start(notebook, port=port, browser=not options.no_browser)


def _observe(options: argparse.Namespace) -> None:
    _check_target(options.out, overwrite=options.overwrite)
    from smile_explore import events
    from smile_explore.data import archive
    from smile_explore.events.cluster import local_workers

    event = events.load(options.event)
    with local_workers(options.workers) as client, bar(event.name) as progress:
        observations = events.observe(
            event,
            run=options.run,
            rng=options.seed,
            progress=progress,
            client=client,
        )
    archive.save(observations, options.out)
    print(f"Wrote {options.out}.")


def _check_target(path: Path, *, overwrite: bool) -> None:
    """Refuse at once what would fail after minutes of work."""
    if path.suffix != ".nc":
        raise ValueError(f"--out must end in .nc, got {path}")
    if not path.parent.is_dir():
        raise FileNotFoundError(
            f"the folder {path.parent} does not exist: make it, or choose "
            "another --out"
        )
    if not os.access(path.parent, os.W_OK):
        raise PermissionError(
            f"the folder {path.parent} cannot be written: choose another --out"
        )
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists already: choose another --out, or add --overwrite"
        )


def _warm(options: argparse.Namespace) -> None:
    from smile_explore import events
    from smile_explore.events import library
    from smile_explore.events.cluster import local_workers, on_client

    with local_workers(options.workers) as client, on_client(client):
        for name in events.catalog().index:
            with bar(name) as progress:
                library.keep(events.load(name), progress=progress, warn=say)
            say(f"{name} is ready.")


def _requirement(options: argparse.Namespace) -> None:
    folder = options.out
    if not folder.is_dir():
        raise FileNotFoundError(
            f"the folder {folder} does not exist: make it, or choose another "
            "--out"
        )
    if (folder / "requirement.md").exists() and not options.overwrite:
        raise FileExistsError(
            f"{folder / 'requirement.md'} exists already: choose another "
            "--out, or add --overwrite"
        )
    from smile_explore.events import requirement
    from smile_explore.views import requirement_page

    if options.published:
        table = requirement.published()
    else:
        with bar("requirement") as progress:
            table = requirement.study(rng=options.seed, progress=progress)
    rows = requirement.TABLE if options.ship else None
    for path in requirement_page.write(table, folder, rows=rows):
        print(f"Wrote {path}.")
