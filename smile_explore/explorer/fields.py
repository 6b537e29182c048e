"""Fields to type into, and what is said beside them."""

from __future__ import annotations

from html import escape

import ipywidgets as widgets

__all__ = ["SNUG", "copied", "number", "text_field", "wide", "words"]

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


#: Runs in the browser, where the clipboard is; not every page may use it.
_COPY = """
const field = this.parentNode.querySelector('.smile-copied');
const said = this.parentNode.querySelector('[role=status]');
const select = () => {
  field.select();
  said.textContent = document.execCommand('copy')
    ? 'Copied.' : 'Selected: copy with Ctrl+C.';
};
if (!navigator.clipboard) select();
else navigator.clipboard.writeText(field.value).then(
  () => { said.textContent = 'Copied.'; }, select);
"""


def copied(label: str, text: str, *, lines: int = 1) -> str:
    """Return, as HTML, a text with a button that copies it.

    Parameters
    ----------
    label : str
        What the text is.
    text : str
    lines : int
        Of the field, in which one can scroll.
    """
    name = escape(label, quote=True)
    field = (
        f'<textarea class="smile-copied" readonly aria-label="{name}" '
        f'rows="{lines}" spellcheck="false" style="flex:1;min-width:200px;'
        f'font:12px monospace;resize:vertical">{escape(text)}</textarea>'
    )
    return (
        '<div style="display:flex;gap:8px;align-items:center;line-height:1.3">'
        f"<span>{name}</span>{field}"
        f'<button type="button" class="lm-Widget jupyter-button" '
        f'style="width:auto" onclick="{escape(_COPY, quote=True)}">Copy'
        '</button><span role="status"></span></div>'
    )
