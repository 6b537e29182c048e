"""The drawer that shares a view: links, and its state as a file."""

from __future__ import annotations

import base64
from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from smile_explore.explorer import links
from smile_explore.explorer.fields import copied, wide, words
from smile_explore.explorer.state import State, read

__all__ = ["Share"]

#: What `read` says where there is no view yet.
_OPENING = "the default is shown"


class Share:
    """Shows the state of the view on screen, and opens another.

    Parameters
    ----------
    state : callable
        Returns the state on screen.
    restore : callable
        Shows a state; called with it and what was left out of it.

    Attributes
    ----------
    box : ipywidgets.Widget
    """

    def __init__(
        self,
        *,
        state: Callable[[], State],
        restore: Callable[[State, list[str]], None],
    ) -> None:
        self._state, self._restore = state, restore
        self.given = widgets.HTML(layout=widgets.Layout(width="100%"))
        self.text = widgets.Textarea(
            placeholder="a link, or the JSON of a state",
            continuous_update=False,
            rows=1,
            layout=widgets.Layout(width="520px", height="auto"),
        )
        self.text.description = "Open"
        self.open = widgets.Button(
            description="Open it",
            tooltip="Show the view that the link or the JSON describes",
            layout=wide(80),
        )
        self.file = widgets.FileUpload(
            accept=".json", description="from a file", layout=wide(130)
        )
        self.told = widgets.HTML()
        self.told.add_class("smile-share-message")
        self.box = widgets.VBox(
            [
                self.given,
                widgets.HBox([self.text, self.open, self.file, self.told]),
            ]
        )
        self.box.add_class("smile-share")
        self.open.on_click(lambda _: self._take(self.text.value))
        self.file.observe(self._taken, names="value")

    def refresh(self) -> None:
        """Show the links and the state of what is on screen now."""
        state = self._state()
        address = escape(links.here(state), quote=True)
        text = state.to_json()
        data = base64.b64encode(text.encode()).decode()
        name = f"{state.event or 'view'}.smile.json"
        self.given.value = (
            f"<div style='line-height:1.6'><a href='{address}' "
            "target='_blank' style='text-decoration:underline'>"
            "This view on this server</a>: open it, or copy its address; it "
            f"is followed where the explorer runs when its page opens. <a "
            f"download='{escape(name, quote=True)}' "
            f"href='data:application/json;base64,{data}' "
            "style='text-decoration:underline'>Save the state as a file</a>"
            "</div>"
            + copied("For anybody, on Binder", links.on_binder(state))
            + copied("State (JSON)", text)
        )

    def _take(self, text: str) -> None:
        if not text.strip():
            self._tell("Nothing to open: paste a link or the JSON of a state.")
            return
        state, notices = read(text)
        if state == State():
            why = " ".join(notices) or "It names no view."
            self._tell(why.replace(_OPENING, "nothing was changed"))
            return
        self._tell("")
        self._restore(state, notices)

    def _taken(self, change: dict[str, Any]) -> None:
        if change["new"]:
            content = bytes(change["new"][0]["content"])
            self._take(content.decode("utf-8", errors="replace"))

    def _tell(self, sentence: str) -> None:
        self.told.value = words(sentence) if sentence else ""
