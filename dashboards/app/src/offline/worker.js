// Keeps the page's own three files, and hands them out when the network or the server fails: a TV
// that is switched on while the server is down shows the wall and not the browser's error page.
// Never keeps what the server says: no figures, no API, no socket passes here.
(function () {
  "use strict";
  const BUILD = "%BUILD%";
  // By scope: another server may be below another path of the same host.
  const OURS = `tablica ${self.registration.scope} `;
  const CACHE = OURS + BUILD;
  const kept = ["wall.html", "wall.js", "wall.css"].map((file) => new URL(`../assets/${file}?v=${BUILD}`, self.location.href).href);
  const PAGE = kept[0];
  /** A network that doesn't answer for so long has failed. */
  const PATIENCE_MS = 8000;
  /** What a proxy, or a server that starts, says in the place of a page. */
  const DOWN = [502, 503, 504];

  self.addEventListener("install", (event) => {
    const filled = caches.open(CACHE).then((cache) => cache.addAll(kept));
    event.waitUntil(filled.then(() => self.skipWaiting()));
  });

  self.addEventListener("activate", (event) => {
    const older = (name) => name.indexOf(OURS) === 0 && name !== CACHE;
    const tidied = caches.keys().then((names) => Promise.all(names.filter(older).map((name) => caches.delete(name))));
    event.waitUntil(tidied.then(() => self.clients.claim()));
  });

  self.addEventListener("fetch", (event) => {
    const request = event.request;
    if (request.method !== "GET") return;
    if (request.mode === "navigate") event.respondWith(page(request));
    else if (kept.indexOf(request.url) >= 0) event.respondWith(file(request));
  });

  /** The server's page, else the kept one. */
  function page(request) {
    return new Promise((resolve) => {
      const failed = (otherwise) => resolve(find(PAGE).then((found) => found || otherwise || Response.error()));
      const timer = setTimeout(failed, PATIENCE_MS);
      const answered = (response) => {
        clearTimeout(timer);
        if (DOWN.indexOf(response.status) >= 0) failed(response);
        else resolve(response);
      };
      fetch(request).then(answered, () => {
        clearTimeout(timer);
        failed();
      });
    });
  }

  /** Its address names its build: what is kept is what the server has. */
  function file(request) {
    return find(request.url).then((found) => found || fetch(request));
  }

  function find(address) {
    return caches.open(CACHE).then((cache) => cache.match(address));
  }
})();
