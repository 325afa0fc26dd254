// Being told on this device. Without this file, or in a browser that cannot, nothing of it is
// shown on the case's page; the page of its own says so.
"use strict";

(function () {
  const can =
    window.isSecureContext &&
    "serviceWorker" in navigator &&
    "PushManager" in window &&
    "Notification" in window;
  if (can) document.documentElement.classList.add("can-push");

  const box = document.querySelector("[data-push]");
  if (!box) return;
  const on = box.querySelector("[data-push-on]");
  const off = box.querySelector("[data-push-off]");
  const { key, worker } = box.dataset;
  const told = box.dataset.told.split(" ");
  const elsewhere = box.dataset.elsewhere.split(" ");

  // One of: on, off, cannot, denied, failed.
  function show(...names) {
    box.querySelectorAll("[data-push-shows]").forEach(function (part) {
      part.hidden = !names.includes(part.dataset.pushShows);
    });
  }

  function base64url(buffer) {
    const binary = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function bytes(text) {
    const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(binary, (sign) => sign.charCodeAt(0));
  }

  async function digest(subscription) {
    const hash = await crypto.subtle.digest(
      "SHA-256",
      new TextEncoder().encode(subscription.endpoint)
    );
    return Array.from(new Uint8Array(hash), (b) => b.toString(16).padStart(2, "0")).join("");
  }

  // The operator may have another key by now; then the old subscription takes nothing from it.
  function isOurs(subscription) {
    const used = subscription.options.applicationServerKey;
    return !used || base64url(used) === key;
  }

  async function current() {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    return registration ? registration.pushManager.getSubscription() : null;
  }

  async function subscribed() {
    const registration = await navigator.serviceWorker.register(worker, { scope: "/" });
    await navigator.serviceWorker.ready;
    const old = await registration.pushManager.getSubscription();
    if (old && isOurs(old)) return old;
    if (old) await old.unsubscribe();
    return registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(key),
    });
  }

  async function switchOn() {
    const permission = await Notification.requestPermission();
    if (permission === "denied") return show("denied");
    if (permission !== "granted") return show("on");
    const subscription = await subscribed();
    on.elements.endpoint.value = subscription.endpoint;
    on.elements.public_key.value = base64url(subscription.getKey("p256dh"));
    on.elements.secret.value = base64url(subscription.getKey("auth"));
    on.submit();
  }

  async function switchOff() {
    const subscription = await current();
    if (subscription && !elsewhere.includes(await digest(subscription))) {
      await subscription.unsubscribe();
      const registration = await navigator.serviceWorker.getRegistration(worker);
      if (registration) await registration.unregister();
    }
    off.submit();
  }

  async function start() {
    if (!can) return show("cannot");
    if (Notification.permission === "denied") return show("denied");
    const subscription = await current();
    const mark = subscription && isOurs(subscription) ? await digest(subscription) : "";
    if (!mark || !told.includes(mark)) return show("on");
    off.elements.digest.value = mark;
    show("off");
  }

  function listen(form, act) {
    if (!form) return;
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      act().catch(() => show("failed")).finally(() => (button.disabled = false));
    });
  }

  listen(on, switchOn);
  listen(off, switchOff);
  start().catch(() => show("failed"));
})();
