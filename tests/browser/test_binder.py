"""The image of Binder: repo2docker's steps in a clean environment."""

from __future__ import annotations

import pytest

from tools.binder import build
from tools.lab import open_page
from tools.lab_server import start_server

pytestmark = pytest.mark.browser


def test_the_image_opens_the_explorer_with_everything_made_ahead(
    chromium, tmp_path
):
    image = build(tmp_path)
    ready = image.compiled()
    assert any(path.suffix == ".nbi" for path in ready)
    with (
        start_server(tmp_path / "user", image.home, image) as server,
        open_page(server, chromium, "binder", width=1440, height=900) as lab,
    ):
        # as the badge's address ends
        lab.page.goto(server.url("/lab/tree/notebooks/event_explorer.ipynb"))
        for panel in ("noon", "sxi", "polar-map"):
            drawn = lab.page.locator(f".smile-{panel} canvas")
            lab.wait_drawn(drawn.locator("visible=true").first, 120.0)
        lab.screenshot("opened")
        assert lab.page.locator(".smile-message").inner_text() == ""
    lab.assert_quiet()
    assert image.compiled() == ready  # nothing was left to be made
