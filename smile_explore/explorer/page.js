// Keys of the explorer, wherever the focus is in it but where one types.
// Runs once in a page; the widgets it presses are found by their classes.
if (!window.smileExploreKeys) {
  window.smileExploreKeys = true;
  const TYPED = "input:not([type=range]), textarea, select, [contenteditable]";
  const STEPS = new Set(
    ["ArrowLeft", "ArrowRight", "Home", "End", "PageUp", "PageDown"]);

  const PICKS = {
    ",": ".smile-pick-earlier", ".": ".smile-pick-later", "x": ".smile-pick-none",
  };

  const press = (root, selector) => {
    const button = root.querySelector(selector);
    if (button) button.click();
    return Boolean(button);
  };

  // noUiSlider takes keys at its handle.
  const step = (root, key) => {
    const handle = root.querySelector(".smile-clock .noUi-handle");
    if (!handle) return false;
    handle.dispatchEvent(
      new KeyboardEvent("keydown", { key, code: key, bubbles: false }));
    return true;
  };

  const answer = (root, event) => {
    const { key, target } = event;
    if (key === "Escape") {
      return press(root, ".smile-drawers-row button.mod-active");
    }
    if (target.closest(TYPED)) return false;
    if (event.shiftKey && key.startsWith("Arrow")) {
      return press(root, `.smile-pick-${key.slice(5).toLowerCase()}`);
    }
    if (key in PICKS) return press(root, PICKS[key]);
    if (target.closest(".noUi-handle")) return false;
    if (STEPS.has(key)) return step(root, key);
    if (key === " " && !target.closest("button")) {
      return press(root, ".smile-play button");
    }
    if (key === "[") return press(root, ".smile-previous");
    if (key === "]") return press(root, ".smile-next");
    return false;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const root = event.target.closest?.(".smile-explorer");
    if (root && answer(root, event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // A tap on a picture gives the keys to its explorer.
  document.addEventListener("pointerup", (event) => {
    const root = event.target.closest?.(".smile-explorer");
    if (!root || root.contains(document.activeElement)) return;
    root.tabIndex = -1;
    root.focus({ preventScroll: true });
  }, true);
}
