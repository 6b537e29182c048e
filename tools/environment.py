"""Prepare what the targets of the Makefile need: called by `make`.

`install [EXTRA ...]` makes `.venv` and installs the project into it, and
does nothing when that is done already. `browser` prints the path of a
Chromium for the browser tests, and installs one where it can.

Only the standard library, and nothing newer than Python 3.6, so that a
Python that is too old can still say so in a sentence.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
UNDER_WAY = "set-up under way"


def main(arguments=None) -> int:
    """Run one command and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.required = True
    install = commands.add_parser("install", help="make .venv, install")
    install.add_argument("extras", nargs="*", metavar="EXTRA")
    install.add_argument(
        "--exact", action="store_true", help="use this very Python"
    )
    commands.add_parser("browser", help="find or install a Chromium")
    options = parser.parse_args(arguments)
    try:
        if options.command == "browser":
            print(browser())
        else:
            prepare(ROOT, options.extras, exact=options.exact)
    except SetupError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped; the next start begins again.", file=sys.stderr)
        return 130
    return 0


class SetupError(Exception):
    """Something that only the person at the keyboard can mend."""


def prepare(root: Path, extras=(), *, exact: bool = False) -> None:
    """Make `.venv` under `root` and install the project, where needed."""
    venv = root / ".venv"
    stamp = venv / "smile-explore.json"
    with _only_one(root / ".venv.lock") as lock:
        if lock.read_text() == UNDER_WAY:
            _say("The last set-up was interrupted: beginning again.")
            shutil.rmtree(str(venv), ignore_errors=True)
        wanted = {
            "project": str(root),
            "pins": _fingerprint(root),
            "extras": sorted({*extras, *_installed_extras(stamp)}),
        }
        usable = _usable(venv, exact=exact)
        if usable and _read(stamp) == wanted:
            return
        python = None if usable else _interpreter(exact=exact)
        lock.write_text(UNDER_WAY)
        if python:
            _make(venv, python)
            wanted["extras"] = sorted(extras)
        _install(venv, root, wanted["extras"])
        stamp.write_text(json.dumps(wanted))
        lock.write_text("")


@contextlib.contextmanager
def _only_one(path):
    """Let one set-up work at a time; the lock goes with its process."""
    with path.open("a") as handle:
        try:
            import fcntl
        except ImportError:  # Windows
            yield path
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            _say("Another set-up is at work here: waiting for it.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield path


def _fingerprint(root):
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def _read(stamp):
    try:
        return json.loads(stamp.read_text())
    except (OSError, ValueError):
        return {}


def _installed_extras(stamp):
    return _read(stamp).get("extras", [])


def _usable(venv, *, exact):
    """Tell whether the environment works and has a fitting Python."""
    python = venv / "bin" / "python"
    version = _version(str(python), "import pip")
    if version is None or version < OLDEST:
        return False
    return not exact or version == sys.version_info[:2]


def _version(python, statement="pass"):
    """Version of a Python that can run a statement, else None."""
    code = statement + "; import sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [python, "-c", code],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in answer.stdout.split())


def _interpreter(*, exact):
    """Find a Python that is new enough: this one, or one on the PATH."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in () if exact else NEWER:
        if _version(name):
            _say(f"python3 is too old here: using {name}.")
            return name
    raise SetupError(
        "smile_explore needs Python {}.{} or newer, and this is {}.{}. "
        "Install a newer one and name it, for example:\n"
        "    make run PYTHON=python3.12".format(*OLDEST, *sys.version_info)
    )


def _make(venv, python):
    if _version(python, "import ensurepip, venv") is None:
        raise SetupError(
            "{} cannot make virtual environments: its venv or ensurepip is "
            "missing. On Debian or Ubuntu:\n"
            "    apt-get install python{}.{}-venv".format(
                python, *(_version(python) or OLDEST)
            )
        )
    _say("Making .venv ...")
    _run([python, "-m", "venv", "--clear", str(venv)], "make .venv")


def _install(venv, root, extras):
    target = "." + ("[{}]".format(",".join(extras)) if extras else "")
    _say("Installing (a few minutes the first time) ...")
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", "-qq"]
    pip += ["--disable-pip-version-check", "--no-input"]
    pip += ["--constraint", "constraints.txt", "--editable", target]
    _run(pip, "install the libraries (is there a network?)", cwd=str(root))


def _run(command, purpose, **options):
    # What tools say goes to stderr: stdout is for answers.
    done = subprocess.run(command, stdout=sys.stderr.fileno(), **options)
    if done.returncode:
        raise SetupError(
            f"Could not {purpose}: the message above says why. "
            "Then start the same command again."
        )


def browser() -> str:
    """Path of a Chromium or Chrome; installs Debian's where it may."""
    path = _browser_on_path()
    if path:
        return path
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        _say("Installing Chromium for the browser tests ...")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run([apt, "update", "-qq"], "read Debian's lists", env=quiet)
        _run(
            [apt, "install", "-qq", "-y", "chromium"],
            "install Chromium",
            env=quiet,
        )
        path = _browser_on_path()
    if path:
        return path
    raise SetupError(
        "The browser tests need Chromium or Chrome on the PATH. "
        "On Debian or Ubuntu:\n    sudo apt-get install chromium\n"
        "elsewhere install Google Chrome, or name a browser:\n"
        "    make test BROWSER_PATH=/path/to/chrome"
    )


def _browser_on_path():
    named = os.environ.get("BROWSER_PATH")
    if named and not shutil.which(named):
        raise SetupError(
            f"BROWSER_PATH is {named!r}, which is not a program that can be "
            "started: name a Chromium or Chrome."
        )
    found = (shutil.which(name) for name in ([named] if named else BROWSERS))
    return next((path for path in found if path), None)


def _say(message):
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
