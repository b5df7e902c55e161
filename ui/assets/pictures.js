/* A click on a paper of a map opens it: its passage beside a draft, or its record in the library.
   Plots are drawn by plotly, anew whenever they change; each mark carries the id of what it opens. */
(() => {
  "use strict";
  function open(id) {
    if (!/^(src-r|record)-\d+$/.test(id ?? "")) return;
    const record = id.startsWith("record-");
    if (record) {
      [...document.querySelectorAll("#library-tabs button[role=tab]")]
        .find((tab) => tab.textContent.trim() === "Papers")?.click();
    }
    const link = document.createElement("a"); // what the other scripts listen to
    link.href = `#${id}`;
    link.className = record ? "open" : "cite";
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  }
  /* A plot that is drawn anew in its place has new listeners (`_ev`), and is bound again. */
  const bound = new WeakMap();
  function bind() {
    for (const plot of document.querySelectorAll("#review-map .js-plotly-plot, #library-map .js-plotly-plot")) {
      if (!plot.on || bound.get(plot) === plot._ev) continue;
      bound.set(plot, plot._ev);
      plot.on("plotly_click", (e) => open(e.points?.[0]?.customdata));
    }
  }
  new MutationObserver(bind).observe(document.documentElement, { childList: true, subtree: true });
})();
