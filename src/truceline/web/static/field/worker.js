"use strict";
// Keeps the form for when there is no connection: the net first, what was kept otherwise.
const KEPT = "field-2";
const FILES = ["/field", "/field/hotline", "/site.css", "/static/room.css", "/static/field/field.css",
  "/static/field/field.mjs", "/static/field/hotline.mjs", "/static/field/entries.mjs",
  "/static/field/queue.mjs", "/static/field/icon.svg", "/field.webmanifest"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((n) => n !== KEPT).map((n) => caches.delete(n))))
    .then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !FILES.includes(pathname)) return;
  event.respondWith((async () => {
    const cache = await caches.open(KEPT);
    try {
      const fresh = await fetch(event.request);
      // A page that sends to the door is no form to keep.
      if (fresh.ok && !fresh.redirected) await cache.put(pathname, fresh.clone());
      return fresh;
    } catch {
      return await cache.match(pathname) ?? Response.error();
    }
  })());
});
