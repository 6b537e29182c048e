"""Fields to type into, and what is said beside them."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

__all__ = ["SNUG", "number", "text_field", "wide", "words"]

#: A description takes the room that it needs.
SNUG = {"description_width": "initial"}


def number(field: widgets.Text) -> float | None:
    """Return the number in a field, if there is one.

    Raises
    ------
    ValueError
        If what stands there is none.
    """
    text = field.value.strip().replace(",", ".").replace("−", "-")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            f"{field.description} must be a number, got {field.value!r}"
        ) from None


def text_field(text: str, pixels: int, hint: str, tip: str) -> widgets.Text:
    """Return a field for one line; `hint` stands in it while it is empty."""
    return widgets.Text(
        description=text,
        placeholder=hint,
        tooltip=tip,
        continuous_update=False,
        style=SNUG,
        layout=wide(pixels),
    )


def words(sentence: str) -> str:
    """Return a sentence as HTML that a screen reader tells."""
    return f'<span role="status">{escape(sentence)}</span>'


def wide(pixels: int) -> widgets.Layout:
    """Return a layout of a width."""
    return widgets.Layout(width=f"{pixels}px")
