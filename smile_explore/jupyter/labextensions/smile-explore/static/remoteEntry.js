// Runs a notebook when it is opened, and makes room for it, if its metadata
// ask for it with {"smile_explore": {"run_on_open": true}}: so that a newcomer
// meets the explorer and not an empty cell. Only servers that smile-explore
// or Binder starts load this file. Written by hand in the form in which
// JupyterLab loads extensions, so that nothing has to be built.
(() => {
  "use strict";

  const seen = new WeakSet();
  const died = new WeakSet();

  // JupyterLab soon rewrites the address: what a shared link asks for is read
  // while the page loads, and handed over to the first notebook that runs.
  const asked = new URLSearchParams(location.search);
  asked.delete("token");
  let query = asked.toString();

  async function handOver(kernel) {
    if (!query || !kernel) {
      return;
    }
    const value = JSON.stringify(query).replace(
      /[^\x20-\x7e]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
    query = "";
    await kernel.requestExecute({
      code: `import os; os.environ["QUERY_STRING"] = ${value}; del os`,
      silent: true,
      store_history: false,
    }).done;
  }

  async function runOnce(app, panel) {
    if (!panel || !panel.context || !panel.content || seen.has(panel)) {
      return;
    }
    seen.add(panel);
    await panel.context.ready;
    const model = panel.content.model;
    const asked = model && model.getMetadata && model.getMetadata("smile_explore");
    if (!asked || !asked.run_on_open) {
      return;
    }
    await panel.sessionContext.ready;
    app.shell.collapseLeft();
    app.shell.activateById(panel.id);
    await handOver(panel.sessionContext.session?.kernel);
    await app.commands.execute("notebook:run-all-cells");
    panel.sessionContext.statusChanged.connect((context, status) => {
      // a kernel that died was started anew: show again what was on screen
      if (status === "autorestarting") {
        died.add(context);
      } else if (status === "idle" && died.delete(context)) {
        app.commands.execute("notebook:run-all-cells");
      }
    });
  }

  const plugin = {
    id: "smile-explore:run-on-open",
    autoStart: true,
    activate: (app) => {
      app.restored.then(() => {
        app.shell.currentChanged.connect((_, change) => {
          runOnce(app, change.newValue);
        });
        runOnce(app, app.shell.currentWidget);
      });
    },
  };

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["smile-explore"] = {
    init: () => {},
    get: () => Promise.resolve(() => ({ __esModule: true, default: plugin })),
  };
})();
