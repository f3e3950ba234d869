// Whether a page's server answers. A frame does not tell: where nothing answers, a browser shows its own
// grey page in it. So the page is asked for beside the frame, now and then, and nothing is read of it.

import { useEffect, useState } from "preact/hooks";

/** How often it is asked for again. */
export const ASK_EVERY_MS = 60_000;

/** Null until it is known. */
export function useReachable(url: string): boolean | null {
  const [known, setKnown] = useState<{ url: string; isThere: boolean } | null>(null);
  useEffect(() => {
    if (!url) return undefined;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const tell = (isThere: boolean) => {
      if (isOver) return;
      setKnown((before) => (before && before.url === url && before.isThere === isThere ? before : { url, isThere }));
      timer = setTimeout(ask, ASK_EVERY_MS);
    };
    const ask = () => {
      // An old browser that cannot ask shows the frame.
      if (typeof fetch !== "function") return tell(true);
      fetch(url, { mode: "no-cors", credentials: "omit", cache: "no-store" }).then(
        () => tell(true),
        () => tell(false),
      );
    };
    ask();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [url]);
  return known && known.url === url ? known.isThere : null;
}

/** What the page may do. One of the wall's own server must not be of its origin: it could change the wall. */
export function sandboxOf(url: string, wall: string): string {
  const isOwn = url === wall || url.indexOf(`${wall}/`) === 0;
  return isOwn ? "allow-scripts" : "allow-scripts allow-same-origin";
}
