// One beat for everything that runs by itself: the clock each second of the site, ages less often.

import { useEffect, useState } from "preact/hooks";
import type { ServerClock } from "../state/serverclock";

const SECOND_MS = 1_000;
/** Timers come a little early; a beat must not. */
const LATE_MS = 5;

/** Server time now, and again at each full second. */
export function useSecond(clock: ServerClock): number {
  return useBeat(clock, SECOND_MS);
}

/** Server time now, and again at each full multiple of that length. */
export function useBeat(clock: ServerClock, everyMs: number): number {
  const [now, setNow] = useState(clock.nowMs());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const beat = () => {
      const ms = clock.nowMs();
      setNow(ms);
      timer = setTimeout(beat, everyMs - (((ms % everyMs) + everyMs) % everyMs) + LATE_MS);
    };
    beat();
    return () => clearTimeout(timer);
  }, [clock, everyMs]);
  return now;
}
