// Names for what ipywidgets leaves without one, a ring around what has the
// focus, and no motion for those who asked for none. Runs once in a page.
if (!window.smileExploreNames) {
  window.smileExploreNames = true;
  const LOOK = `
    .smile-explorer :focus-visible {
      outline: 3px solid var(--jp-brand-color1, #1976d2) !important;
      outline-offset: 1px;
    }
    .smile-stage { background: #fff; color: #222; } /* paper, also at night */
    .smile-said {
      position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%);
    }
    .smile-explorer .jupyter-widgets { max-width: 100%; }
    @media (prefers-reduced-motion: reduce) {
      .smile-explorer, .smile-explorer * {
        transition: none !important; animation: none !important;
      }
    }`;
  document.head.appendChild(document.createElement("style")).textContent = LOOK;

  const set = (part, name, value) => {
    if (value && part && part.getAttribute(name) !== value) {
      part.setAttribute(name, value);
    }
  };

  const name = (root) => {
    for (const slider of root.querySelectorAll(".widget-slider")) {
      const handle = slider.querySelector(".noUi-handle");
      const isClock = slider.classList.contains("smile-clock");
      const label = slider.querySelector("label");
      set(handle, "aria-label", isClock ? "Time" : label?.textContent);
      if (isClock) {
        const time = root.querySelector(".smile-time")?.textContent.trim();
        set(handle, "aria-valuetext", time);
      }
    }
    const play = root.querySelectorAll(".smile-play button");
    for (const [at, button] of play.entries()) {
      set(button, "aria-label", ["Play or pause", "Stop"][at]);
    }
    for (const select of root.querySelectorAll("select[title]")) {
      const label = select.closest(".widget-dropdown")?.querySelector("label");
      if (!label?.textContent.trim()) {
        set(select, "aria-label", select.title);
      }
    }
    for (const button of root.querySelectorAll("button.widget-toggle-button,"
      + ".widget-toggle-buttons button")) {
      const isOn = button.classList.contains("mod-active");
      set(button, "aria-pressed", String(isOn));
    }
    set(root.querySelector(".smile-said"), "aria-live", "polite");
  };

  // Not at each change: a step of the clock makes many.
  let waits = false;
  const look = () => {
    if (waits) return;
    waits = true;
    setTimeout(() => {
      waits = false;
      document.querySelectorAll(".smile-explorer").forEach(name);
    }, 200);
  };
  new MutationObserver(look).observe(document.body, {
    attributeFilter: ["class", "aria-valuetext"],
    characterData: true, childList: true, subtree: true,
  });
  look();
}
