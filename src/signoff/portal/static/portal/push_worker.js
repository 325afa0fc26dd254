// Shows what the operator sends, and opens the case. It keeps nothing and sees no page: there is
// no "fetch" here. When nothing more will follow, it takes itself away.
"use strict";

function read(data) {
  try {
    return data.json();
  } catch {
    return {}; // a browser wants every push to be shown: the carrier's host and nothing else
  }
}

// Only ever an address of this site.
function own(address) {
  const found = new URL(address || "/", self.location.origin);
  return found.origin === self.location.origin ? found.href : self.location.origin + "/";
}

async function end() {
  const subscription = await self.registration.pushManager.getSubscription();
  if (subscription) await subscription.unsubscribe();
  await self.registration.unregister();
}

self.addEventListener("push", function (event) {
  const told = read(event.data);
  const address = own(told.address);
  event.waitUntil(
    self.registration.showNotification(told.title || self.location.host, {
      body: told.text || "",
      lang: told.language || "",
      tag: address, // what is newer takes the place of what was shown
      data: { address: address, last: told.last === true },
    })
  );
});

async function open(address) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => page.url === address);
  return there ? there.focus() : self.clients.openWindow(address);
}

self.addEventListener("notificationclick", function (event) {
  const { address, last } = event.notification.data;
  event.notification.close();
  event.waitUntil(open(address).finally(() => (last ? end() : undefined)));
});

self.addEventListener("notificationclose", function (event) {
  if (event.notification.data.last) event.waitUntil(end());
});
