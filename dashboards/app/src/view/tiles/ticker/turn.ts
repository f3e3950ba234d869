// Which line stands now: by the site's time, so that all walls of a room show the same one.

/** How long each line stands. */
export const LINE_MS = 10_000;

export function lineAt(nowMs: number, count: number): number {
  return count > 0 ? Math.max(0, Math.floor(nowMs / LINE_MS)) % count : 0;
}
