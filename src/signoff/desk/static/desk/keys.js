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

  // Into the search field, and a tick for the case that has the focus.
  function search() {
    const field = document.querySelector("input[type=search]");
    if (field) field.focus();
  }

  function tick() {
    const row = document.activeElement.closest("tr");
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.click();
  }

  document.addEventListener("keydown", function (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPING)) return;
    if (event.key === "j") step(1);
    else if (event.key === "k") step(-1);
    else if (event.key === "/") search();
    else if (event.key === "x") tick();
    else if ("tarmu?".includes(event.key)) use(event.key);
    else return;
    event.preventDefault();
  });
})();
