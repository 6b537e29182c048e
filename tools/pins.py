"""Write the versions tested together into the files that pin them.

Called by `make pins`: lets pip choose the newest versions the ranges of
pyproject.toml allow, in a virtual environment of its own, and writes all of
them to constraints.txt, and those a user needs to the two environment.yml.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["environment_file", "main"]

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = """\
# Versions that are tested together on Python {python}; written by `make pins`.
"""
ENVIRONMENT = """\
# The libraries as they are tested together; written by `make pins`.
# Conda brings Python, pip brings the libraries: one set of versions in
# constraints.txt, here and in binder/environment.yml, which is the same file.
name: smile-explore
channels:
  - conda-forge
  - nodefaults
dependencies:
  - python={python}
  - pip
  - pip:
"""


def main(arguments: list[str] | None = None) -> None:
    """Resolve, then write the three files."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        tested = _resolve(Path(folder, "dev"), ".[dev]")
        pins = Path(folder, "constraints.txt")
        pins.write_text("\n".join(tested))
        used = _resolve(Path(folder, "run"), ".", "--constraint", str(pins))
    header = CONSTRAINTS.format(python=_python())
    (ROOT / "constraints.txt").write_text(header + "\n".join(tested) + "\n")
    for path in ("environment.yml", "binder/environment.yml"):
        (ROOT / path).write_text(environment_file(used))


def environment_file(pins: list[str]) -> str:
    """Text of an environment.yml that installs these pins."""
    lines = [f"      - {pin}\n" for pin in pins]
    return ENVIRONMENT.format(python=_python()) + "".join(lines)


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _resolve(venv: Path, target: str, *options: str) -> list[str]:
    """Install into a new environment; names and versions of the rest."""
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
    pip = [str(venv / "bin" / "python"), "-m", "pip"]
    subprocess.run(
        [*pip, "install", "--quiet", target, *options], check=True, cwd=ROOT
    )
    frozen = subprocess.run(
        [*pip, "freeze", "--exclude", "smile-explore"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    # A local build (1.0+cpu) or an address is of no use elsewhere.
    return [re.sub(r"\+.*", "", pin) for pin in frozen if "==" in pin]


if __name__ == "__main__":
    main()
