// Panels that are wider than a phone are made as narrow as the room they have.
// Runs once in a page; the kernel keeps the sizes of a usual screen.
if (!window.smileExploreNarrow) {
  window.smileExploreNarrow = true;
  const PHONE = window.matchMedia("(max-width: 700px)");
  const LEAST = 100; // of a frame, in pixels
  const PICTURE = 0.45; // height over width of what is no time series

  const fit = (figure, host, room) => {
    const over = host.offsetWidth - room;
    const { frame_width: wide, frame_height: tall } = figure;
    if (over <= 0 || !wide || wide <= LEAST) return;
    const narrow = Math.max(LEAST, wide - Math.ceil(over));
    const size = { frame_width: narrow };
    if (tall / wide > PICTURE) {
      size.frame_height = Math.round(tall * narrow / wide);
    }
    figure.setv(size);
  };

  const inside = (view, room) => {
    if (view.model.type === "Figure") fit(view.model, view.el, room);
    else if (view.model.type === "Pane") {
      view.el.style.maxWidth = `${room - 10}px`;
      view.el.style.overflowX = "auto";
    }
    for (const child of view.child_views ?? []) inside(child, room);
  };

  setInterval(() => {
    if (!PHONE.matches || !window.Bokeh?.index) return;
    for (const stage of document.querySelectorAll(".smile-stage")) {
      for (const view of window.Bokeh.index.roots) {
        if (stage.contains(view.el)) inside(view, stage.clientWidth);
      }
    }
  }, 500);
}
