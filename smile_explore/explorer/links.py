"""Links that open a view: those that are given out, and the one followed."""

from __future__ import annotations

import os
from typing import Final
from urllib.parse import quote

from smile_explore.explorer.state import State, concerns_view, read

__all__ = ["ON_BINDER", "asked", "here", "on_binder"]

#: The explorer on Binder; its address ends with the notebook.
ON_BINDER: Final = (
    "https://mybinder.org/v2/gh/smile-explore/smile_explore/HEAD?urlpath="
)
_NOTEBOOK: Final = "lab/tree/notebooks/event_explorer.ipynb"
#: Where the query of the page's address is: set by our extension of
#: JupyterLab, and by voila.
_HANDED_OVER: Final = "QUERY_STRING"


def here(state: State) -> str:
    """Return the link to a view, from the page that shows it."""
    return f"?{state.to_query()}"


def on_binder(state: State) -> str:
    """Return the link that opens a view on Binder, for anybody."""
    return ON_BINDER + quote(f"{_NOTEBOOK}?{state.to_query()}", safe="")


def asked() -> tuple[State, list[str]] | None:
    """Return the state of the link that has opened the page, once.

    Only the first explorer of a kernel follows the link: those after it show
    what their cell says.
    """
    query = os.environ.pop(_HANDED_OVER, "")
    return read(query) if concerns_view(query) else None
