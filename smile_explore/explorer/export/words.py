"""Panels of words: the little HTML they are written in, set as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

from smile_explore.explorer.export.glyphs import text_size

if TYPE_CHECKING:
    from smile_explore.explorer.export.paper import Paper

__all__ = ["draw_words"]

_INK: Final = "#222222"
#: Between the lines, and the columns of a table. [px]
_LEADING, _GAP = 1.32, 10.0
_TAGS: Final = frozenset(
    {"a", "b", "br", "code", "div", "i", "p", "small", "span"}
    | {"table", "tbody", "td", "th", "tr"}
)


@dataclass(frozen=True)
class _Style:
    colour: str = _INK
    size: str = "12px"
    bold: bool = False
    italic: bool = False
    keep: bool = False


@dataclass
class _Cell:
    """Words in a row, each in a style; None begins a new line."""

    words: list[tuple[str, _Style] | None] = field(default_factory=list)
    span: int = 1


def draw_words(
    paper: Paper,
    html: str,
    left: float,
    top: float,
    width: float,
    *,
    size: float = 12.0,
) -> tuple[float, float]:
    """Write a text on paper, and say how wide and tall it is.

    Parameters
    ----------
    paper : Paper
    html : str
        In the tags that panels of words use.
    left, top, width : float
        From the upper left corner. [px]
    size : float
        Of letters, where the text says none. [px]

    Returns
    -------
    width, height : float
        [px]

    Raises
    ------
    ValueError
        If there is a tag that cannot be set, naming it.
    """
    reader = _Reader(f"{size:g}px")
    reader.feed(html)
    reader.close()
    setter = _Setter(paper)
    down, wide = top, 0.0
    for rows in reader.blocks():
        widths = setter.columns(rows, width)
        wide = max(wide, sum(widths))
        for row in rows:
            down += setter.row(row, widths, left, down)
    return wide, down - top


class _Reader(HTMLParser):
    """Reads HTML into rows of cells; what stands alone is a row of one."""

    def __init__(self, size: str) -> None:
        super().__init__()
        self._styles = [_Style(size=size)]
        self._rows: list[list[_Cell]] = [[_Cell()]]
        self._groups: list[list[list[_Cell]]] = [self._rows]

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in _TAGS:
            raise ValueError(
                f"a picture cannot set <{tag}> yet, only "
                f"{', '.join(sorted(_TAGS))}; set it in export/words.py"
            )
        told = dict(attrs)
        if tag == "br":
            self._rows[-1][-1].words.append(None)
            return
        self._styles.append(_styled(self._styles[-1], tag, told))
        if tag == "table":
            self._begin([])
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._rows[-1].append(_Cell(span=int(told.get("colspan", 1))))
        elif tag in ("div", "p") and self._rows[-1][-1].words:
            self._rows.append([_Cell()])

    def handle_endtag(self, tag: str) -> None:
        if tag == "br":
            return
        self._styles.pop()
        if tag == "table":
            self._begin([[_Cell()]])
        elif tag in ("div", "p"):
            self._rows.append([_Cell()])

    def handle_data(self, data: str) -> None:
        if self._rows and self._rows[-1]:
            style = self._styles[-1]
            text = re.sub(r"\s+", " ", data)
            pieces = [text] if style.keep else re.findall(r" ?[^ ]+| ", text)
            self._rows[-1][-1].words += [(one, style) for one in pieces]

    def _begin(self, rows: list[list[_Cell]]) -> None:
        self._rows = rows
        self._groups.append(rows)

    def blocks(self) -> list[list[list[_Cell]]]:
        """Return tables, each of rows that have words."""
        kept = [
            [row for row in rows if any(cell.words for cell in row)]
            for rows in self._groups
        ]
        return [rows for rows in kept if rows]


def _styled(style: _Style, tag: str, told: dict[str, str]) -> _Style:
    css = dict(
        re.findall(r"([a-z-]+)\s*:\s*([^;]+)", told.get("style", "") or "")
    )
    weight = css.get("font-weight", "").strip()
    return _Style(
        colour=css.get("color", style.colour).strip(),
        size=_sized(css.get("font-size", "1em").strip(), style.size),
        bold=tag in ("b", "th")
        or weight == "bold"
        or (style.bold and weight != "normal"),
        italic=tag == "i" or style.italic,
        keep=css.get("white-space", "").strip() == "nowrap" or style.keep,
    )


def _sized(size: str, around: str) -> str:
    """Return a size in pixels, of one that may be told by what is around."""
    if size.endswith("em"):
        return f"{float(size.removesuffix('em')) * _pixels(around):g}px"
    return size


class _Setter:
    """Sets cells into columns, line by line."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._renderer = paper.renderer

    def columns(self, rows: list[list[_Cell]], width: float) -> list[float]:
        """Return widths of columns; the widest give way where there are many.

        A cell that may not be broken keeps its width.
        """
        count = max(sum(cell.span for cell in row) for row in rows)
        natural, least = [0.0] * count, [0.0] * count
        for row in rows:
            at = 0
            for cell in row:
                if cell.span == 1:
                    sizes = [
                        sum(self._width(*one) for one in unit)
                        for unit in _units(cell.words)
                    ]
                    natural[at] = max(natural[at], sum(sizes) + _GAP)
                    least[at] = max(least[at], max(sizes, default=0.0) + _GAP)
                at += cell.span
        over = sum(natural) - width
        free = [n - m for n, m in zip(natural, least, strict=True)]
        share = min(over / sum(free), 1.0) if over > 0 < sum(free) else 0.0
        return [n - share * f for n, f in zip(natural, free, strict=True)]

    def row(
        self, row: list[_Cell], widths: list[float], left: float, top: float
    ) -> float:
        """Write a row and return its height."""
        tall, at = 0.0, 0
        for cell in row:
            room = sum(widths[at : at + cell.span])
            tall = max(tall, self._cell(cell, left, top, room))
            left, at = left + room, at + cell.span
        return tall

    def _cell(
        self, cell: _Cell, left: float, top: float, room: float
    ) -> float:
        down, across, tall = 0.0, 0.0, 0.0
        run: list[tuple[float, str, _Style]] = []
        for unit in _units(cell.words):
            wide = sum(self._width(*one) for one in unit)
            if not unit or (across and across + wide > room + 0.5):
                self._write(run, left, top + down)
                down, across, run = down + (tall or 16.0), 0.0, []
            for text, style in unit:
                seen = text if across else text.lstrip()
                run.append((across, seen, style))
                across += self._width(seen, style)
                tall = max(tall, _LEADING * _pixels(style.size))
        self._write(run, left, top + down)
        return down + (tall if run else 0.0)

    def _write(
        self, run: list[tuple[float, str, _Style]], left: float, top: float
    ) -> None:
        """Write a line, words of one style together."""
        joined: list[tuple[float, str, _Style]] = []
        for at, text, style in run:
            if joined and joined[-1][2] == style:
                start, before, _ = joined[-1]
                joined[-1] = (start, before + text, style)
            else:
                joined.append((at, text, style))
        for at, text, style in joined:
            self._paper.figure.text(
                left + at,
                top + _pixels(style.size),
                text,
                transform=self._paper.pixels,
                color=style.colour,
                parse_math=False,
                va="baseline",
                **_font(style),
            )

    def _width(self, text: str, style: _Style) -> float:
        """Return how wide a word is. [px]."""
        from matplotlib.font_manager import FontProperties

        told = _font(style)
        font = FontProperties(
            size=told["fontsize"],
            weight=told["fontweight"],
            style=told["fontstyle"],
        )
        wide, _, _ = self._renderer.get_text_width_height_descent(
            text.rstrip(), font, False
        )
        spaces = len(text) - len(text.rstrip())
        return wide / self._paper.scale + spaces * 0.28 * _pixels(style.size)


def _units(
    words: list[tuple[str, _Style] | None],
) -> list[list[tuple[str, _Style]]]:
    """Return what a line may not break; an empty one begins a new line."""
    units: list[list[tuple[str, _Style]]] = []
    free = True
    for one in words:
        if one is None:
            units.append([])
            free = True
            continue
        text, style = one
        if free or (text.startswith(" ") and not style.keep):
            units.append([])
        units[-1].append(one)
        free = text.endswith(" ") and not style.keep
    return units


def _pixels(size: str) -> float:
    return float(size.removesuffix("px"))


def _font(style: _Style) -> dict[str, Any]:
    return {
        "fontsize": text_size(style.size),
        "fontweight": "bold" if style.bold else "normal",
        "fontstyle": "italic" if style.italic else "normal",
    }
