"""Gather the pages of the site in one folder, laid out as the repository.

Pages link to each other as they do on GitHub; a link to a file that is no
page, such as a module, goes to the repository instead.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tools.handbook import accuracy, lessons, names, papers, reference

__all__ = ["ADDRESS", "gather"]

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = re.search(
    r"^repository-code: (\S+)$", (ROOT / "CITATION.cff").read_text(), re.M
)[1]
_LINK = re.compile(r"(\]\()(?![a-z]+:|#)([^)#\s]+)")


def gather(folder: Path) -> None:
    """Write every page into `folder`; what is as it was keeps its date."""
    fresh = folder.with_name(folder.name + "-new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(ROOT / "docs" / "images", fresh / "docs" / "images")
    texts = {**_written(), **_made()}
    for name, text in texts.items():
        page = fresh / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(text, "utf-8")
    _replace(folder, fresh)


def _written() -> dict[str, str]:
    """Pages that people write, and the notebooks, by place in the site."""
    front = sorted((ROOT / "docs" / "site").glob("*.md"))
    texts = {page.name: page.read_text("utf-8") for page in front}
    others = [
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ]
    sources = {page: page.read_text("utf-8") for page in others}
    for notebook in sorted((ROOT / "notebooks").glob("*.ipynb")):
        sources[notebook] = lessons.page(notebook)
    places = {
        page: page.relative_to(ROOT).with_suffix(".md") for page in sources
    }
    known = {page.resolve() for page in sources}
    texts |= {
        place.as_posix(): linked(sources[page], page, known)
        for page, place in places.items()
    }
    texts["science.md"] += further(texts)
    return texts


def further(texts: dict[str, str]) -> str:
    """Return a table of contents of the pages that no other one names."""
    entries = {
        line
        for name, text in texts.items()
        if "/" not in name
        for line in text.splitlines()
    }
    names = [name.removesuffix(".md") for name in texts]
    left = [n for n in names if n.startswith("docs/") and n not in entries]
    head = "\n```{toctree}\n:maxdepth: 1\n:caption: Further\n\n"
    return head + "\n".join(left) + "\n```\n" if left else ""


def _made() -> dict[str, str]:
    """Pages made of the code and of other pages."""
    return {
        "accuracy.md": accuracy.page(),
        "papers.md": papers.page(),
        "names.md": names.page(),
        **reference.pages(),
    }


def linked(text: str, source: Path, known: set[Path]) -> str:
    """Turn links to what is no page into links to the repository."""

    def turned(found: re.Match[str]) -> str:
        target = (source.parent / found[2]).resolve()
        if target.suffix == ".ipynb" and target in known:
            return found[1] + str(Path(found[2]).with_suffix(".md"))
        inside = target.is_relative_to(ROOT) and target.exists()
        image = target.suffix in {".png", ".svg"}
        if not inside or image or target in known:
            return found[0]
        kind = "tree" if target.is_dir() else "blob"
        path = target.relative_to(ROOT).as_posix()
        return f"{found[1]}{ADDRESS}/{kind}/main/{path}"

    return _LINK.sub(turned, text)


def _replace(folder: Path, fresh: Path) -> None:
    """Bring `folder` to the state of `fresh`, touching only what differs."""
    new = {p.relative_to(fresh) for p in fresh.rglob("*") if p.is_file()}
    if folder.is_dir():
        for old in [p for p in folder.rglob("*") if p.is_file()]:
            if old.relative_to(folder) not in new:
                old.unlink()
    for name in new:
        source, target = fresh / name, folder / name
        content = source.read_bytes()
        if not target.is_file() or target.read_bytes() != content:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    shutil.rmtree(fresh)
