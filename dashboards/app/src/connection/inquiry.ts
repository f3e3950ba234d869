// Why no line comes about: a browser doesn't say with which answer a socket was refused. The page's
// own address does: its answer tells a board that isn't there from a server that isn't.

/** What the server knows of the board. */
export interface Found {
  /** There is such a board, and it can be shown. */
  isThere: boolean;
  /** The build of the front end that the server hands out. */
  build: string;
  /** What the server is busy with before it can show anything; empty when it is ready. */
  says: string;
  /** What is wrong with the board's file; empty when there is none. */
  problem: string;
  /** What is said of a name that nothing has, and which was meant; empty where the board itself is unknown. */
  words: string;
  near: string;
  /** The boards that there are, by id. */
  others: string[];
}

/** What a server answers while it starts. */
const STARTING = 503;
/** The longest time for an answer; the next attempt asks again. */
const ANSWER_LIMIT_MS = 8_000;

/** Asks; whoever else answers in the server's place (a proxy, a log-in page) is not listened to. */
export function inquire(told: (found: Found) => void): void {
  const request = new XMLHttpRequest();
  request.open("GET", location.href);
  request.timeout = ANSWER_LIMIT_MS;
  request.setRequestHeader("Cache-Control", "no-cache");
  request.onload = () => {
    const found = readPage(request.status, request.responseText);
    if (!found) return;
    // Kept pages come up at any address; the server's may lead on, from the file to one of its boards.
    const at = request.responseURL;
    if (at && request.status !== STARTING && pathOf(at) !== pathOf(location.href)) location.replace(at);
    else told(found);
  };
  request.send();
}

function pathOf(address: string): string {
  return address.split(/[?#]/)[0] || "";
}

function readPage(status: number, text: string): Found | null {
  const build = /data-build="([^"]*)"/.exec(text);
  if (!build || (status !== 200 && status !== 404 && status !== STARTING)) return null;
  const page = new DOMParser().parseFromString(text, "text/html");
  const textOf = (selector: string): string => {
    const found = page.querySelector(selector);
    return (found && found.textContent) || "";
  };
  const others: string[] = [];
  const links = page.querySelectorAll("#about a");
  for (let at = 0; at < links.length; at += 1) {
    const id = (links[at] as Element).getAttribute("href");
    if (id) others.push(id);
  }
  const says = status === STARTING ? textOf("#about > p") : "";
  const words = textOf("#about > h1");
  const near = textOf("#about > h2");
  return { isThere: status !== 404, build: build[1] || "", says, problem: textOf("#about > pre"), words, near, others };
}
