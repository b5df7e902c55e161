/* Ticked papers, the open record, what is copied and exported, and the keys of these tabs.
   What is ticked is kept here, by number, and told to the server through a hidden box; a table drawn
   anew gets its ticks back. Like page.js, it builds no HTML from text. */
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const LISTS = {
    cite: { roots: ["#findings"], box: "#cite-picks", count: "#cite-ticked", none: "Tick papers to cite them." },
    papers: { roots: ["#listing", "#record"], box: "#paper-picks", count: "#ticked", none: "Nothing ticked" },
    review: { roots: ["#collected"], box: "#review-picks", count: "#review-ticked", none: "Nothing ticked" },
  };
  for (const list of Object.values(LISTS)) list.ticked = new Set();

  function tell(selector, value) {
    const box = $(`${selector} textarea, ${selector} input`);
    if (!box || box.value === value) return;
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* Boxes as they are remembered, the count in words, the server's copy. */
  function show(name) {
    const list = LISTS[name];
    if (name === "review" && !$("#collected .picklist")) return;
    const boxes = document.querySelectorAll(`input.pick[name="${name}"]`);
    boxes.forEach((box) => {
      box.checked = list.ticked.has(box.value);
      box.closest("tr, .card, .candidates > li")?.classList.toggle("is-ticked", box.checked);
    });
    const n = list.ticked.size;
    const count = $(list.count);
    const words = n ? `${n.toLocaleString("en")} paper${n > 1 ? "s" : ""} ticked` : list.none;
    if (count && count.textContent !== words) count.textContent = words;
    if (name === "papers") $("button.untick")?.classList.toggle("some", n > 0);
    const whole = name === "papers" && $("#pick-page");
    if (whole) {
      const page = [...document.querySelectorAll('#listing input.pick')];
      whole.checked = page.length > 0 && page.every((box) => box.checked);
      whole.indeterminate = !whole.checked && page.some((box) => box.checked);
    }
    tell(list.box, [...list.ticked].join(","));
  }

  document.addEventListener("change", (e) => {
    const box = e.target;
    if (box.matches?.("input.pick")) {
      const { ticked } = LISTS[box.name] ?? {};
      if (!ticked) return;
      if (box.checked) ticked.add(box.value);
      else ticked.delete(box.value);
      show(box.name);
    } else if (box.matches?.("input.pick-all")) {
      const { ticked } = LISTS.papers;
      document.querySelectorAll("#listing input.pick").forEach((one) => {
        if (box.checked) ticked.add(one.value);
        else ticked.delete(one.value);
      });
      show("papers");
    }
  });

  /* A record is opened by a number behind its title; the count makes every opening a change. */
  let openings = 0;
  let opener = null;
  document.addEventListener("click", (e) => {
    const open = e.target.closest?.("a.open");
    const close = e.target.closest?.("a.close-record");
    if (!open && !close) return;
    e.preventDefault();
    if (open) {
      opener = open.getAttribute("href").replace("#record-", "");
      tell("#paper-opened", `${opener}:${++openings}`);
    } else closeRecord();
  });
  function closeRecord() {
    tell("#paper-opened", "");
    $(`#row-${CSS.escape(opener ?? "")} a.open`)?.focus();
  }
  function markOpened() {
    const record = $("#record .record");
    const number = record?.id.replace("record-", "") ?? "";
    document.querySelectorAll("#listing tr.current").forEach((row) => row.classList.remove("current"));
    if (number) $(`#row-${CSS.escape(number)}`)?.classList.add("current");
    return record;
  }

  document.addEventListener("click", (e) => {
    if (!e.target.closest?.("button.untick")) return;
    LISTS.papers.ticked.clear();
    show("papers");
    $("#find textarea, #find input")?.focus();
  });

  /* One decision at a time: the second press of a double click must not settle the next pair. */
  let settled = -1e9;
  document.addEventListener("click", (e) => {
    if (!e.target.closest?.("#settle button")) return;
    if (e.timeStamp - settled < 600) {
      e.preventDefault();
      e.stopImmediatePropagation();
    } else settled = e.timeStamp;
  }, true);

  /* What is to paste */
  const ENDINGS = { BibTeX: "bib", RIS: "ris", "CSL-JSON": "json" };
  const entries = () => $("#entries textarea")?.value ?? "";
  async function copyEntries(button) {
    const text = entries();
    const label = button.textContent;
    try {
      if (text) await navigator.clipboard.writeText(text);
      button.textContent = text ? "Copied" : "Nothing ticked";
    } catch {
      button.textContent = "The browser refused";
    }
    setTimeout(() => (button.textContent = label), 1500);
  }
  function saveEntries() {
    const form = $("#cite-form input:checked")?.value;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([entries() + "\n"], { type: "text/plain" }));
    link.download = `references.${ENDINGS[form] ?? "txt"}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.("#copy-entries, #save-entries");
    if (!button) return;
    if (button.id === "copy-entries") copyEntries(button);
    else if (entries()) saveEntries();
  });

  /* Keys of the tabs that show papers; page.js has those of the Ask tab. */
  const shown = (selector) => [...document.querySelectorAll(selector)].find((e) => e.offsetParent);
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape" && shown("#review-stop")) {
      shown("#review-stop").click();
      return;
    }
    if (e.key === "Escape" && shown("#record .record") && !e.target.closest?.("input:not([type=checkbox]), textarea")) {
      closeRecord();
      return;
    }
    if (e.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    const box = shown("#claim textarea, #find textarea, #find input, #review-topic textarea");
    if (e.key === "/" && box) {
      e.preventDefault();
      e.stopImmediatePropagation();
      box.focus();
    } else if ((e.key === "j" || e.key === "k") && shown("#listing a.open, #findings input.pick")) {
      e.stopImmediatePropagation();
      const stops = [...document.querySelectorAll("#listing a.open, #findings input.pick")].filter((s) => s.offsetParent);
      const at = stops.indexOf(document.activeElement);
      const next = at < 0 ? (e.key === "j" ? 0 : stops.length - 1) : at + (e.key === "j" ? 1 : -1);
      stops[Math.min(stops.length - 1, Math.max(0, next))].focus();
    }
  }, true);

  /* Tabs are drawn when they are first opened, so the page is watched as a whole. */
  let run = "";
  let record = null;
  let collected = "";
  const FILES = { "#exported": "#export-file", "#review-saved": "#review-file" };
  const saved = {};
  function drawn() {
    const now = $("#findings .run")?.id ?? "";
    if (now !== run) LISTS.cite.ticked.clear();
    run = now;
    /* The papers that the server ticked; from then on the page knows. */
    const list = $("#collected .picklist")?.id ?? "";
    if (list && list !== collected)
      LISTS.review.ticked = new Set([...document.querySelectorAll("#collected input.pick.on")].map((box) => box.value));
    collected = list;
    for (const name of Object.keys(LISTS)) if ($(LISTS[name].box)) show(name);
    const opened = markOpened();
    if (opened && opened !== record) {
      opened.focus({ preventScroll: true });
      opened.closest("#record-side")?.scrollTo(0, 0);
    }
    record = opened;
    for (const [said, file] of Object.entries(FILES)) {
      const mark = $(`${said} .saved`)?.id ?? "";
      if (mark && mark !== saved[said]) setTimeout(() => $(file)?.click(), 100);
      saved[said] = mark || saved[said];
    }
  }
  let due = 0;
  function start() {
    if (!$("#tabs")) return setTimeout(start, 200);
    new MutationObserver((changes) => {
      const ours = changes.some((c) => c.target.closest?.("#findings, #listing, #record, #exported, #cite-desk, #library, #review-desk"));
      if (!ours && !changes.some((c) => c.addedNodes.length)) return;
      cancelAnimationFrame(due);
      due = requestAnimationFrame(drawn);
    }).observe($("#tabs"), { childList: true, subtree: true });
  }
  start();
})();
