// Has the browser keep the page's own files, so that a page opened while the server is down comes
// alive by itself. Only with TLS or on the machine itself: elsewhere browsers have no such workers.

export function keepOwnFiles(): void {
  if (!("serviceWorker" in navigator)) return;
  const refused = () => {
    // Forbidden or full: the page works as before, it only can't be opened without a server.
  };
  try {
    navigator.serviceWorker.register("sw.js").then(refused, refused);
  } catch (_forbidden) {
    refused();
  }
}
