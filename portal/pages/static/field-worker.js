// Keeps the inspector's page, its assets and today's codes for a time without a network. The network goes first.
const KEPT = [
/*KEPT*/
];
const CACHE = "wurao-field";
const PAGE = "/field";
const CODE = /^\/visits\/[^/]+\/code\.svg$/;

const ours = (url) => url.origin === self.location.origin;
const whole = (answer) => answer.ok && !answer.redirected;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const old = await cache.keys();
    await Promise.all(old.filter((each) => new URL(each.url).pathname.startsWith("/static/")).map((each) => cache.delete(each)));
    await cache.addAll(KEPT);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const fresh = async (request, key) => {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (whole(answer)) await cache.put(key, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(key);
    if (kept) return kept;
    throw error;
  }
};

const first = async (request) => (await (await caches.open(CACHE)).match(request)) || fetch(request);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || !ours(url)) return;
  if (request.mode === "navigate" && url.pathname === PAGE) event.respondWith(fresh(request, PAGE));
  else if (CODE.test(url.pathname)) event.respondWith(fresh(request, url.pathname));
  else if (url.pathname.startsWith("/static/")) event.respondWith(first(request));
});

// The page says which codes it shows; they are kept, and those of other days are dropped.
const keep = async (codes) => {
  const cache = await caches.open(CACHE);
  for (const each of await cache.keys()) {
    const { pathname } = new URL(each.url);
    if (CODE.test(pathname) && !codes.includes(pathname)) await cache.delete(each);
  }
  const assets = await Promise.all(KEPT.map((each) => cache.match(each)));
  await cache.addAll(KEPT.filter((_, n) => !assets[n]));
  for (const address of [PAGE, ...codes]) {
    const answer = await fetch(address, { credentials: "same-origin" });
    if (whole(answer)) await cache.put(address, answer);
  }
};

self.addEventListener("message", (event) => {
  const { codes, clear } = event.data;
  const work = clear ? caches.delete(CACHE) : keep(codes);
  event.waitUntil(work.then(() => event.ports[0].postMessage("done"), () => event.ports[0].postMessage("failed")));
});
