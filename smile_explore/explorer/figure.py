"""A Bokeh layout as one widget, whose changes travel in one message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bokeh.core.json_encoder import serialize_json
from bokeh.core.serialization import Serializer
from bokeh.document.events import DocumentPatchedEvent
from bokeh.document.json import PatchJson
from bokeh.io.notebook import JS_MIME_TYPE, LOAD_MIME_TYPE
from bokeh.protocol.messages.patch_doc import patch_doc
from bokeh.resources import Component, Resources
from IPython.display import publish_display_data
from jupyter_bokeh.widgets import BokehModel

__all__ = ["Figure", "load_bokeh"]

#: Of BokehJS: figures alone.
_COMPONENTS: list[Component] = ["bokeh"]
#: Keys, names for what has none, and what a narrow screen needs.
_SCRIPTS = ("page.js", "names.js", "narrow.js")
#: At every repaint Bokeh writes the places of all axes into style sheets, the
#: same as before, and then asks for styles, which the browser works out anew.
_KEEP_SAME_STYLE = """
const sheet = Bokeh.require("core/dom").InlineStyleSheet.prototype;
const update = sheet._update;
sheet._update = function(css) {
  if (css !== this.css) update.call(this, css);
};
"""


def load_bokeh() -> None:
    """Bring BokehJS to the page, without asking a content network for it.

    `bokeh.io.output_notebook` would add the extensions of every imported
    library, Panel's among them, and some of these load from the internet.
    """
    resources = Resources(mode="inline", components=_COMPONENTS)
    # BokehJS attaches itself to `this`, which JupyterLab leaves undefined.
    ours = [
        Path(__file__).with_name(name).read_text(encoding="utf-8")
        for name in _SCRIPTS
    ]
    library = "\n".join([*resources.js_raw, _KEEP_SAME_STYLE, *ours])
    script = f"(function() {{\n{library}\n}}).call(window);"
    publish_display_data({JS_MIME_TYPE: script, LOAD_MIME_TYPE: script})


class Figure(BokehModel):
    """A Bokeh model in ipywidgets that can send many changes as one.

    `jupyter_bokeh` sends every change by itself and every array in two more
    messages; a step of the clock would be fifty of them, and browsers draw
    between any two.
    """

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self._held: list[DocumentPatchedEvent] | None = None
        self._gone = self._changed = False
        super().__init__(model, **kwargs)

    def close(self) -> None:
        """Close once; ipywidgets closes again what it collects."""
        if not self._gone:
            self._gone = True
            super().close()

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> Any:
        """Give a page that opens later the model as it is by then."""
        state = super().get_state(key, drop_defaults)
        if self._changed and "render_bundle" in state:
            state["render_bundle"] = serialize_json(
                self._model_to_traits(self._model)
            )
        return state

    @contextmanager
    def one_message(self) -> Iterator[None]:
        """Send all changes made inside the block together."""
        self._held = []
        try:
            yield
        finally:
            events, self._held = self._held, None
            if events:
                self._patch_page(events)

    def _document_patched(self, event: DocumentPatchedEvent) -> None:
        self._changed = True
        if event.setter is self:
            return
        if self._held is not None:
            self._held.append(event)
        else:
            self._patch_page([event])

    def _patch_page(self, events: list[DocumentPatchedEvent]) -> None:
        models = events[0].document.models
        # Not deferred: arrays travel inside the message, not behind it.
        serializer = Serializer(
            references=models.synced_references, deferred=False
        )
        content = PatchJson(events=serializer.encode(events))
        models.flush_synced(lambda model: not serializer.has_ref(model))
        message = patch_doc(patch_doc.create_header(), {}, content)
        for part in (
            message.header_json,
            message.metadata_json,
            message.content_json,
        ):
            self.send({"msg": "patch", "payload": part})
