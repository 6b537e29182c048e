"""Take the pictures of the explorer that README and docs show.

Writes docs/images/NAME.png, of the explorer as a class sees it, in Chromium;
the events are observed first where that was not done. Look at them before
they are committed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from smile_explore import events
from smile_explore.events import library
from tools.lab import start_chromium
from tools.lab_server import ROOT, start_class

#: By name: the link of what is shown.
VIEWS = {
    "explorer": "event=2012-06-16&preset=Overview&pixel=-1.9,-1.6",
    "xray": "event=2012-06-16&preset=X-ray&pixel=-1.9,-1.6",
    "aurora": "event=2014-09-12&preset=Aurora&time=2014-09-12T19:30"
    "&spot=-0.4,0.6",
    "in_situ": "event=2014-09-12&preset=In+situ&time=2014-09-12T17:00"
    "&box=distribution,-300,100,200,700",
    "sun": "event=2014-09-12&preset=Sun",
    "orbit": "event=2014-09-12&preset=Orbit",
    "classroom": "event=2012-06-16&preset=Classroom",
}
SIZE = {"width": 1400, "height": 900}
#: Until the last panel is drawn, and what is picked is followed. [ms]
REST = 10_000


def main() -> None:
    """Take all pictures."""
    for name in events.catalog().index:
        library.keep(events.load(name))
    with (
        tempfile.TemporaryDirectory() as folder,
        start_class(Path(folder), "--users=1", "--ready=1") as (address, _),
        start_chromium() as chromium,
    ):
        page = chromium.new_context(viewport=SIZE).new_page()
        for name, link in VIEWS.items():
            page.goto(f"{address}?{link}")
            page.locator(".smile-time").first.wait_for(timeout=120_000)
            page.wait_for_timeout(REST)
            page.mouse.move(0, 0)
            path = ROOT / "docs" / "images" / f"{name}.png"
            page.locator(".smile-explorer").first.screenshot(path=path)
            print(f"Wrote {path.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
