// A wall runs for months: when the server has a newer front end, the page reloads itself, once
// per build. It first makes sure that the server really hands out that build, because a reload
// that fails would leave a browser's error page on the wall.

const DONE_KEY = "tablica.reloaded-for";

export function ownBuild(): string {
  return document.documentElement.getAttribute("data-build") || "";
}

export function reloadFor(build: string, before: () => void): void {
  const own = ownBuild();
  if (!own || own === build || alreadyTried(build)) return;
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.setRequestHeader("Cache-Control", "no-cache");
  request.onload = () => {
    const isPage = request.status === 200 || request.status === 404;
    if (!isPage || request.responseText.indexOf("data-build=") < 0) return;
    if (request.responseText.indexOf(`data-build="${own}"`) >= 0) return;
    // Without a note that survives the reload, the page could reload for ever.
    if (!noteTried(build)) return;
    before();
    location.reload();
  };
  request.send();
}

function alreadyTried(build: string): boolean {
  try {
    return sessionStorage.getItem(DONE_KEY) === build;
  } catch (_forbidden) {
    return true;
  }
}

function noteTried(build: string): boolean {
  try {
    sessionStorage.setItem(DONE_KEY, build);
    return true;
  } catch (_forbidden) {
    return false;
  }
}
