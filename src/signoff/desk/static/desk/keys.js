// Keys of the desk: a second way to what the page offers, never the only one. The page
// /desk/keys/ lists them, and turns them off.
"use strict";

(function () {
  const TYPING = "input, textarea, select, [contenteditable]";

  function rows() {
    return Array.from(document.querySelectorAll("[data-row]"));
  }

  function step(by) {
    const all = rows();
    if (!all.length) return;
    const now = all.indexOf(document.activeElement);
    const next = now < 0 ? (by > 0 ? 0 : all.length - 1) : now + by;
    all[Math.min(Math.max(next, 0), all.length - 1)].focus();
  }

  // A letter alone never decides: buttons that tell the customer something only get the focus.
  function use(key) {
    const found = document.querySelector('[data-key="' + key + '"]');
    if (!found) return;
    if (key === "a" || key === "u") found.focus();
    else found.click();
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if ("tarmu?".includes(event.key)) use(event.key);
    else return;
    event.preventDefault();
  });

  // The banner says how long a decision can still be taken back; without this file, until when.
  document.querySelectorAll("[data-seconds]").forEach(function (banner) {
    const end = Date.now() + 1000 * Number(banner.dataset.seconds);
    const left = banner.querySelector("[data-left]");
    const timer = setInterval(function () {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      left.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
      if (seconds) return;
      clearInterval(timer);
      banner.hidden = true;
    }, 1000);
  });
})();
