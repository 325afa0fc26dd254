// What the pages of the desk do by themselves. Without this file everything still works.
"use strict";

(function () {
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

  // One tick for all cases of the page. The list may have been fetched anew since.
  document.addEventListener("change", function (event) {
    if (!event.target.matches("[data-choose-all]")) return;
    event.target.form.querySelectorAll("input[name=case]").forEach(function (box) {
      box.checked = event.target.checked;
    });
  });
})();
