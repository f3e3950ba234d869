// Lists that do not fit are turned, page by page: calmly, and so that every entry is seen within a
// minute.

import { useEffect, useRef, useState } from "preact/hooks";

/** Nobody reads a page faster. */
export const PAGE_MIN_MS = 5_000;
/** A page that stands longer looks as if it were all there is. */
export const PAGE_MAX_MS = 10_000;
/** Everything is seen once in this time. */
const ROUND_MS = 60_000;
export const PAGES_MAX = ROUND_MS / PAGE_MIN_MS;

export interface Pages {
  count: number;
  /** Entries on each page; the last page repeats some of the one before rather than stand half empty. */
  each: number;
  /** What finds no page: it is counted. */
  more: number;
}

/** `fits` is how many entries a page can hold. */
export function pagesFor(entries: number, fits: number): Pages {
  const most = Math.max(1, fits);
  if (entries <= most) return { count: 1, each: entries, more: 0 };
  const count = Math.min(PAGES_MAX, Math.ceil(entries / most));
  return { count, each: most, more: Math.max(0, entries - count * most) };
}

/** The first entry of a page. */
export function pageStart(pages: Pages, page: number, entries: number): number {
  return Math.max(0, Math.min(page * pages.each, entries - pages.more - pages.each));
}

export function pageMs(count: number): number {
  return Math.min(PAGE_MAX_MS, Math.max(PAGE_MIN_MS, Math.floor(ROUND_MS / count)));
}

/** The page to show, from 0. Turns by itself; a count that changes hastens nothing. */
export function usePage(count: number): number {
  const [page, setPage] = useState(0);
  const turnedAt = useRef(performance.now());
  useEffect(() => {
    if (count <= 1) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const turn = () => {
      turnedAt.current = performance.now();
      setPage((before) => (before + 1) % count);
      timer = setTimeout(turn, pageMs(count));
    };
    const stood = performance.now() - turnedAt.current;
    timer = setTimeout(turn, Math.max(0, pageMs(count) - stood));
    return () => clearTimeout(timer);
  }, [count]);
  return Math.min(page, count - 1);
}
