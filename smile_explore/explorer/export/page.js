(function() {
  "use strict";
  const slider = document.getElementById("frame");
  const button = document.getElementById("play");
  const speed = document.getElementById("speed");
  const told = document.getElementById("time");
  let frames = null, timer = null, asked = 0, waiting = false;

  function draw() {
    waiting = false;
    if (frames != null) frames.execute(null, {frame: asked});
  }

  // of many steps before a repaint only the last is drawn
  function show(frame) {
    asked = Math.min(Math.max(frame, 0), TIMES.length - 1);
    slider.value = asked;
    slider.setAttribute("aria-valuetext", LABELS[asked]);
    told.textContent = LABELS[asked];
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(draw);
    }
  }

  function play(on) {
    clearInterval(timer);
    timer = on ? setInterval(step, 1000 / Number(speed.value)) : null;
    button.textContent = on ? "Stop" : "Play";
    button.setAttribute("aria-pressed", String(on));
  }

  function step() {
    show(asked + 1 < TIMES.length ? asked + 1 : 0);
  }

  slider.addEventListener("input", () => show(Number(slider.value)));
  button.addEventListener("click", () => play(timer == null));
  speed.addEventListener("change", () => { if (timer != null) play(true); });
  document.addEventListener("smile-time", (event) => {
    const away = TIMES.map((time) => Math.abs(time - event.detail));
    show(away.indexOf(Math.min(...away)));
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === speed) return;
    if (event.key === " " && event.target === button) return;
    const to = {
      " ": () => play(timer == null),
      ArrowLeft: () => show(asked - 1),
      ArrowRight: () => show(asked + 1),
      Home: () => show(0),
      End: () => show(TIMES.length - 1),
    }[event.key];
    if (to == null) return;
    event.preventDefault();
    to();
  });

  // the figures are made once the page is there
  const watch = setInterval(() => {
    for (const made of window.Bokeh.documents) {
      frames = made.get_model_by_name("smile-frames");
      if (frames == null) continue;
      clearInterval(watch);
      document.body.dataset.ready = "true";
      show(0);
    }
  }, 30);
  told.textContent = LABELS[0];
})();
