// The offline page is switched off: forget what an earlier version kept, and go.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("offline-")).map((name) => caches.delete(name))))
      .then(() => self.registration.unregister()),
  );
});
