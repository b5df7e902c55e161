/* Screening: a key presses its button, one press a card, and what is exported is saved.
   A press before the next card is drawn would decide on a paper that nobody has seen: it is dropped. */
(() => {
  "use strict";
  const $ = (selector) => document.querySelector(selector);
  const KEYS = { r: "#screen-relevant", i: "#screen-irrelevant", n: "#screen-later", u: "#screen-undo" };
  const LONGEST_WAIT = 4000; // ms; then a press that came to nothing no longer blocks
  const card = () => $("#screen-card .screened")?.id ?? "";
  const typing = (e) => e.target.closest?.("input, textarea, select, [contenteditable]");

  let pressed = { card: null, at: -1e9 };
  document.addEventListener("click", (e) => {
    if (!e.target.closest?.("#screen-buttons button")) return;
    if (pressed.card === card() && e.timeStamp - pressed.at < LONGEST_WAIT) {
      e.preventDefault();
      e.stopImmediatePropagation();
    } else pressed = { card: card(), at: e.timeStamp };
  }, true);

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || typing(e)) return;
    const button = $(KEYS[e.key.toLowerCase()] ?? "#no-button");
    if (!button?.offsetParent) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    button.click();
  }, true);

  /* A new card begins at its top; a file that is ready is saved. */
  let before = "";
  let saved = "";
  function drawn() {
    const now = card();
    if (now !== before && before && $("#screen-card")?.offsetParent) {
      const { top } = $("#screen-desk").getBoundingClientRect();
      if (top < 0) $("#screen-desk").scrollIntoView({ block: "start" });
    }
    /* Keys are for the paper again once a session is chosen or begun. */
    if (now !== before && document.activeElement?.closest("#screen-session, #screen-new")) document.activeElement.blur();
    before = now;
    const mark = $("#screen-exported .saved")?.id ?? "";
    if (mark && mark !== saved) setTimeout(() => $("#screen-file")?.click(), 100);
    saved = mark || saved;
  }
  /* A message instead of a new card frees the buttons at once. */
  function freed(changes) {
    if (changes.some((c) => c.target.closest?.("#screen-said")) && $("#screen-said .notice")) pressed.card = null;
  }
  let due = 0;
  function start() {
    if (!$("#tabs")) return setTimeout(start, 200);
    new MutationObserver((changes) => {
      if (!changes.some((c) => c.target.closest?.("#screen-desk") || c.addedNodes.length)) return;
      freed(changes);
      cancelAnimationFrame(due);
      due = requestAnimationFrame(drawn);
    }).observe($("#tabs"), { childList: true, subtree: true });
  }
  start();
})();
