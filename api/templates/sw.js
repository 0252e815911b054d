// Keeps a copy of the report page for places without a signal (docs/offline.md). Nothing of anybody's account is kept.
const COPY = {{ copy|tojson }};
const FILES = [
  {%- for name in ("css/hejie.css", "css/form.css", "img/icons.svg", "img/logo.svg", "js/form.js", "js/report.js", "js/leave.js") %}
  {{ asset(name)|tojson }},
  {%- endfor %}
  {%- for name in ("js/photo.js", "js/outbox.js") %}
  {{ url_for("static", filename=name)|tojson }},
  {%- endfor %}
];

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(forgetOthers()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(self.location.origin)) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(COPY)));
  else if (FILES.includes(request.url.slice(self.location.origin.length))) event.respondWith(fresh(request));
});

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll([COPY, ...FILES].map((address) => new Request(address, { credentials: "omit", cache: "reload" })));
  await self.skipWaiting();
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** The file itself where it can be had, else the one kept. */
async function fresh(request) {
  try {
    return await fetch(request);
  } catch {
    return caches.match(request);
  }
}
