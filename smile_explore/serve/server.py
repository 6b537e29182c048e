"""The web server of a class: voila, with seats in place of open doors.

Voila runs a notebook and shows it without its code; what a page may ask of a
kernel are messages of widgets, never code. Of its pages only what one of ours
needs is kept: no listing of files, notebooks or kernels.
"""

from __future__ import annotations

import ipaddress
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import jinja2
from jupyter_client.manager import AsyncKernelManager
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.services.kernels.kernelmanager import (
    AsyncMappingKernelManager,
)
from jupyter_server.utils import url_path_join
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, authenticated
from traitlets.config import Config
from voila.app import Voila
from voila.notebook_renderer import NotebookRenderer
from voila.utils import get_page_config

from smile_explore.serve.limits import Limits
from smile_explore.serve.seats import FullError, Seat, Seats

__all__ = ["run"]

_LOGGER = logging.getLogger(__name__)
_PAGES: Final = jinja2.Environment(
    loader=jinja2.PackageLoader("smile_explore.serve", "pages"),
    autoescape=True,
)
#: What a page of voila fetches, and nothing else of it.
_KEPT: Final = (
    "/api/kernels/",
    "/voila/templates/",
    "/voila/static/",
    "/voila/api/themes/",
    "/voila/labextensions/",
    "/login",
)
#: Extensions of JupyterLab that draw what the explorer is made of.
_EXTENSIONS: Final = [
    "@bokeh/jupyter_bokeh",
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
]
#: A page keeps it, so that whoever comes back finds the own seat.
_COOKIE: Final = "smile-explore-seat"
#: How long a kernel may take to show the view of a link. [s]
_PATIENCE: Final = 60.0


def run(
    notebook: Path,
    limits: Limits,
    *,
    host: str,
    port: int,
    token: str = "",
    listening: Callable[[], object] = lambda: None,
) -> None:
    """Serve a notebook to a class until Ctrl-C, which is raised on.

    Parameters
    ----------
    notebook : pathlib.Path
    limits : Limits
    host : str
        Address to listen at.
    port : int
    token : str
        What the address must end with (``?token=...``), if anything.
    listening : callable
        Called once the server can be reached.

    Raises
    ------
    OSError
        If it cannot listen there.
    """
    config = Config()
    config.VoilaConfiguration.template = "smile"
    config.VoilaConfiguration.extension_allowlist = _EXTENSIONS
    config.VoilaConfiguration.show_tracebacks = True
    config.VoilaConfiguration.multi_kernel_manager_class = Kernels
    # Others on this machine cannot listen in, where the kernel can do that.
    config.MappingKernelManager.transport_encryption = "auto"
    # A kernel that is started anew has no explorer in it.
    config.KernelManager.autorestart = False
    server = _Classroom(
        limits,
        listening,
        config=config,
        ip=host,
        port=port,
        token=token,
        open_browser=False,
        notebook_path=str(notebook),
        log_level=logging.WARNING,
    )
    server.initialize([])
    server.start()


def is_local(host: str) -> bool:
    """Tell whether nobody but this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Kernels(AsyncMappingKernelManager):
    """Kernels, and how many pages each has."""

    def connections(self, kernel: str) -> int:
        """Count the pages that a kernel has."""
        return self._kernel_connections.get(kernel, 0)


class _Classroom(Voila):
    """Voila with seats."""

    seats: Seats

    def __init__(
        self, limits: Limits, listening: Callable[[], object], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self._limits, self._listening = limits, listening

    def init_settings(self) -> dict[str, Any]:
        settings = super().init_settings()
        # Whoever is asked for by another name was tricked into asking.
        settings["allow_remote_access"] = not is_local(self.ip)
        self.seats = Seats(
            self._limits, self.kernel_manager, self._render, self._follow
        )
        settings["seats"] = self.seats
        return settings

    def init_handlers(self) -> list[Any]:
        kept = [
            one
            for one in super().init_handlers()
            if any(part in one[0] for part in _KEPT)
        ]
        seat = r"seat/([0-9a-f-]{36})"
        ours = [
            ("", _Entrance),
            (seat, _Room),
            (f"{seat}/ended", _Words),
            ("voila/api/shutdown/.*", _Leaving),
        ]
        return [
            *kept,
            *((url_path_join(self.base_url, at), door) for at, door in ours),
        ]

    def listen(self) -> None:
        """Listen, and work until Ctrl-C."""
        self.app.listen(self.port, self.ip)
        self._listening()
        self.ioloop = IOLoop.current()
        self.ioloop.add_callback(self.seats.fill)
        self.ioloop.add_callback(self.seats.watch)
        try:
            self.ioloop.start()
        finally:
            self.stop()

    async def _render(self, kernel: str) -> str:
        """Run the notebook in a kernel, and return its page."""
        configuration = self.voila_configuration
        renderer = NotebookRenderer(
            voila_configuration=configuration,
            traitlet_config=self.config,
            notebook_path=os.path.relpath(self.notebook_path, self.root_dir),
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config=get_page_config(
                base_url=self.base_url,
                settings=self.app.settings,
                log=self.log,
                voila_configuration=configuration,
            ),
        )
        await renderer.initialize()
        running = self.kernel_manager.get_kernel(kernel)
        return await renderer.generate_content_str(kernel, running)

    async def _follow(self, kernel: str, query: str) -> None:
        """Let the explorer of a kernel show the view of a link."""
        running: AsyncKernelManager = self.kernel_manager.get_kernel(kernel)
        client = running.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=_PATIENCE)
            await client.execute_interactive(
                "from smile_explore.explorer.opening import follow\n"
                f"follow({query!r})\ndel follow",
                silent=True,
                store_history=False,
                timeout=_PATIENCE,
                output_hook=lambda _: None,
            )
        except TimeoutError:
            _LOGGER.warning("the link %s could not be followed", query)
        finally:
            client.stop_channels()


class _Page(JupyterHandler):
    """What our pages have in common."""

    @property
    def seats(self) -> Seats:
        return self.settings["seats"]

    def why_ended(self, kernel: str) -> str:
        return self.seats.why_ended(kernel) or "There is no such seat."

    def show(self, name: str, **words: Any) -> None:
        page = _PAGES.get_template(f"{name}.html")
        self.finish(page.render(base_url=self.base_url, **words))

    def set_default_headers(self) -> None:
        super().set_default_headers()
        self.set_header("Cache-Control", "no-store")


class _Entrance(_Page):
    """Leads everybody to a seat of their own."""

    @authenticated
    def get(self) -> None:
        seat = self.seats.get(self.get_cookie(_COOKIE) or "")
        if seat is None:
            try:
                seat = self.seats.take()
            except FullError as error:
                self.set_status(503)
                self.set_header("Retry-After", "10")
                self.show("full", sentence=str(error))
                return
        words = parse_qsl(self.request.query, keep_blank_values=True)
        if link := [word for word in words if word[0] != "token"]:
            self.seats.follow(seat, urlencode(link))
        self.set_cookie(
            _COOKIE, seat.kernel, path=self.base_url, httponly=True
        )
        self.redirect(url_path_join(self.base_url, "seat", seat.kernel))


class _Room(_Page):
    """Shows a seat, or why it is no more."""

    @authenticated
    async def get(self, kernel: str) -> None:
        if self.request.query:  # a link copied from the page itself
            self.redirect(f"{self.base_url}?{self.request.query}")
            return
        seat = self.seats.get(kernel)
        if seat is None:
            self.set_status(404)
            self.show("ended", sentence=self.why_ended(kernel))
        elif not seat.page.done():
            self.show("wait")
        else:
            self.finish(await self._page(seat))

    async def _page(self, seat: Seat) -> str:
        try:
            return await seat.page
        except Exception as error:
            await self.seats.end(
                seat, f"The explorer could not be opened: {error}"
            )
            raise HTTPError(500, str(error)) from error


class _Words(_Page):
    """Tells a page whether its seat still is."""

    @authenticated
    def get(self, kernel: str) -> None:
        is_there = self.seats.get(kernel) is not None
        self.finish({"ended": "" if is_there else self.why_ended(kernel)})


class _Leaving(_Page):
    """Hears of every page that closes, which may be one that loads anew."""

    def check_xsrf_cookie(self) -> None:
        """Nothing is done, so nothing is to be protected."""

    def post(self) -> None:
        self.set_status(204)
