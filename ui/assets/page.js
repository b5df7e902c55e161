/* What the page does in the browser: citations lead to their source, keys, copy, the scheme.
   It reads the page and moves the focus; it builds no HTML from text. Without it, citations
   still lead to their source as plain links. */
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");

  function showSource(id) {
    const card = document.getElementById(id);
    if (!card) return false;
    for (let fold = card.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    document.querySelectorAll(".card.hit").forEach((other) => other.classList.remove("hit"));
    card.classList.add("hit");
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    (card.querySelector("mark") || card).scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    return true;
  }

  document.addEventListener("click", (e) => {
    const link = e.target.closest?.("a[href^='#src-']");
    if (!link) return;
    e.preventDefault();
    showSource(link.getAttribute("href").slice(1));
  });

  function step(by) {
    const cards = [...document.querySelectorAll("#cards .card")];
    if (!cards.length) return;
    const at = cards.findIndex((card) => card.classList.contains("hit"));
    const next = at < 0 ? (by > 0 ? 0 : cards.length - 1) : Math.min(cards.length - 1, Math.max(0, at + by));
    showSource(cards[next].id);
  }

  /* One press, one question: the box is emptied only when the server has answered. */
  let sent = { text: "", at: -1e9 };
  function once(e) {
    const sends = e.type === "click" ? e.target.closest?.("#question .submit-button")
      : e.key === "Enter" && !e.shiftKey && e.target.closest?.("#question textarea");
    if (!sends) return;
    clearTimeout(waiting);
    const text = $("#question textarea").value;
    if (text === sent.text && e.timeStamp - sent.at < 500) {
      e.preventDefault();
      e.stopImmediatePropagation();
    } else sent = { text, at: e.timeStamp };
  }
  document.addEventListener("click", once, true);
  document.addEventListener("keydown", once, true);

  const stopButton = () => $("#question .stop-button");
  /* Stop is drawn a moment after the first sentences: Escape waits for it, presses once, and is void
     when the reader sends another question. */
  let waiting = 0;
  function pressStop(tries) {
    clearTimeout(waiting);
    const stop = stopButton();
    if (stop) stop.click();
    else if (tries > 0) waiting = setTimeout(() => pressStop(tries - 1), 50);
  }
  const openTab = (name) =>
    [...document.querySelectorAll("#tabs button[role=tab]")].find((tab) => tab.textContent.trim() === name)?.click();

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape") {
      if (!stopButton() && typing(e)) e.target.blur();
      pressStop(20);
      return;
    }
    if (typing(e)) return;
    if (e.key === "/") {
      e.preventDefault();
      openTab("Ask");
      setTimeout(() => $("#question textarea")?.focus(), 0);
    } else if (e.key === "j") step(1);
    else if (e.key === "k") step(-1);
    else if (e.key === "?") openTab("Help");
  });

  /* The scheme follows the system until the reader chooses. */
  const SCHEME = "ibid-scheme";
  function keepScheme() {
    const kept = localStorage.getItem(SCHEME);
    if (kept) document.body.classList.toggle("dark", kept === "dark");
  }
  document.addEventListener("click", (e) => {
    if (!e.target.closest?.("a[href='#scheme']")) return;
    e.preventDefault();
    localStorage.setItem(SCHEME, document.body.classList.contains("dark") ? "light" : "dark");
    keepScheme();
  });

  const answerText = () => $("#current .copy-text")?.textContent ?? "";
  async function copyAnswer(button) {
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(answerText());
      button.textContent = "Copied";
    } catch {
      button.textContent = "The browser refused";
    }
    setTimeout(() => (button.textContent = label), 1500);
  }
  function saveAnswer() {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([answerText()], { type: "text/markdown" }));
    link.download = "answer.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  document.addEventListener("click", (e) => {
    const button = e.target.closest?.("#copy-answer, #save-answer");
    if (!button) return;
    if (button.id === "copy-answer") copyAnswer(button);
    else saveAnswer();
  });

  /* Screen readers hear that an answer began and how it ended, not every word in between. */
  function watch() {
    const current = $("#current");
    if (!current) return setTimeout(watch, 200);
    keepScheme();
    $("#question textarea")?.setAttribute("aria-label", "Question"); // without the button in its label
    const said = document.createElement("div");
    said.setAttribute("role", "status");
    said.className = "heard-only";
    document.body.append(said);
    let before = "";
    new MutationObserver(() => {
      const turn = current.querySelector(".turn");
      const now = turn ? turn.id + turn.className : "";
      if (now === before) return;
      const isNew = turn && !before.startsWith(turn.id);
      before = now;
      if (!turn) return;
      const running = turn.classList.contains("running");
      said.textContent = running ? "Answering" : turn.querySelector(".outcome")?.textContent ?? "Done";
      if (isNew && running) turn.scrollIntoView({ block: "start" });
    }).observe(current, { childList: true, subtree: true });
  }
  watch();
})();
