"""The image that Binder makes, by the steps of repo2docker, without Docker.

repo2docker makes an environment of `binder/environment.yml`, copies the
repository, runs `binder/postBuild` in the copy, and starts JupyterLab there.
Here a virtual environment stands in for conda's, into which pip installs the
very pins of that file: all that is not checked is conda's own Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools.lab_server import ROOT

__all__ = ["Image", "build"]

#: What a clone does not have.
_LEFT_OUT = (".venv*", ".git", "artifacts", "__pycache__", ".*_cache", "build")


@dataclass(frozen=True)
class Image:
    """A user's home with the repository, and the Python beside it."""

    home: Path
    python: Path
    cache: Path

    def compiled(self) -> set[Path]:
        """Compiled code that lies ready."""
        kept = self.python.parents[1]
        return {*kept.rglob("*.nbi"), *kept.rglob("*.nbc")}


def build(folder: Path) -> Image:
    """Perform repo2docker's steps in an empty folder; takes minutes.

    Parameters
    ----------
    folder : pathlib.Path

    Raises
    ------
    RuntimeError
        If a step fails; with what it wrote.
    """
    home, venv = folder / "home", folder / "environment"
    image = Image(home, venv / "bin" / "python", folder / "cache")
    shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    binder = yaml.safe_load((home / "binder/environment.yml").read_text())
    pins = next(
        one["pip"] for one in binder["dependencies"] if isinstance(one, dict)
    )
    listed = folder / "pins.txt"
    listed.write_text("\n".join(pins))
    pip = [str(image.python), "-m", "pip", "install", "-qq", "--no-input"]
    for step in (
        [sys.executable, "-m", "venv", str(venv)],
        [*pip, "--disable-pip-version-check", "-r", str(listed)],
        [str(home / "binder/postBuild")],
    ):
        _do(step, image)
    return image


def _do(step: list[str], image: Image) -> None:
    path = f"{image.python.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        step,
        cwd=image.home,
        env=os.environ
        | {
            "HOME": str(image.home),
            "PATH": path,
            "SMILE_EXPLORE_CACHE": str(image.cache),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(step)} failed:\n{done.stdout[-3000:]}")
