// Watches the panels of the explorer from inside the page, cheaply: a few
// rows of pixels of each canvas, wherever shadow roots hide it.
({ names }) => {
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const frame = () => new Promise(requestAnimationFrame);

  function* elements(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* elements(element.shadowRoot);
    }
  }

  const panels = () => {
    const found = new Map();
    for (const element of elements(document))
      for (const name of names)
        if (element.classList.contains(`smile-${name}`) && element.shadowRoot)
          found.set(name, [...elements(element.shadowRoot)].filter(
            (inside) => inside.tagName === "CANVAS" && inside.width > 50));
    return found.size === names.length ? [...found.values()] : null;
  };

  const pixels = (canvas, parts) => parts.map((part) => new Uint32Array(
    canvas.getContext("2d").getImageData(
      0, Math.floor(part * canvas.height), canvas.width, 1).data.buffer));

  const look = (canvas) => {
    let sum = 0;
    for (const row of pixels(canvas, [0.3, 0.5]))
      for (const pixel of row) sum = (Math.imul(sum, 31) + pixel) | 0;
    return sum;
  };

  const drawn = (canvases) => canvases.some((canvas) =>
    pixels(canvas, [0.2, 0.3, 0.4, 0.5, 0.6, 0.7]).some(
      (row) => new Set(row).size > 3));

  // When the last panel took on the look that it then kept. [ms since 1970]
  const complete = async (rest, patience) => {
    let looks = "", last = 0;
    const end = Date.now() + patience;
    while (Date.now() < end) {
      const found = panels();
      if (found && found.every(drawn)) {
        const now = JSON.stringify(found.map((all) => all.map(look)));
        if (now !== looks) [looks, last] = [now, Date.now()];
        else if (Date.now() - last > rest) return last;
      }
      await pause(50);
    }
    throw new Error(`the panels were not all drawn in ${patience} ms`);
  };

  // Press keys on the slider; from each to the frame in which the last panel
  // has changed. [ms]
  const steps = async (keys, patience) => {
    const found = panels();
    const handle = document.querySelector(".noUi-handle");
    handle.focus();
    const taken = [];
    for (const key of keys) {
      const before = found.map((all) => all.map(look));
      const waiting = new Set(found.keys());
      const start = performance.now();
      handle.dispatchEvent(
        new KeyboardEvent("keydown", { key, code: key, bubbles: true }));
      while (waiting.size && performance.now() - start < patience) {
        await frame();
        for (const i of waiting)
          if (found[i].some((canvas, k) => look(canvas) !== before[i][k]))
            waiting.delete(i);
      }
      taken.push(waiting.size ? null : performance.now() - start);
      await pause(300);
    }
    return taken;
  };

  window.smileProbe = { complete, steps };
}
