"""Build the site: `make docs`, or `python -m tools.handbook --out FOLDER`."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tools.handbook import pages

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Gather the pages, then let Sphinx build them; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.handbook", description=__doc__
    )
    parser.add_argument("--out", type=Path, default=ROOT / "artifacts/site")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build/site", help="scratch"
    )
    options = parser.parse_args(arguments)
    return build(options.out, options.work)


def build(out: Path, work: Path) -> int:
    """Build the site into `out`; a warning is an error.

    Sphinx runs in a process of its own, since it changes docutils and
    imports the whole package. What has not changed is not built again.
    """
    pages.gather(work / "pages")
    command = [sys.executable, "-m", "sphinx", "--quiet", "-j", "2"]
    command += ["--fail-on-warning", "--keep-going", "-b", "html"]
    command += ["-c", str(ROOT / "docs" / "site"), "-d", str(work / "trees")]
    done = subprocess.run([*command, str(work / "pages"), str(out)], cwd=ROOT)
    if done.returncode == 0:
        print(f"The site stands in {out}: open index.html.")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
