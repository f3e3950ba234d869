// One beat for everything that runs by itself: the clock each second of the site, ages less often.

import { useEffect, useState } from "preact/hooks";
import type { ServerClock } from "../state/serverclock";

const SECOND_MS = 1_000;
/** Timers come a little early; a beat must not. */
const LATE_MS = 5;

/** The moment that the picture is of, and again at each full second: stands while the line is cut. */
export function useSecond(clock: ServerClock): number {
  return useBeat(clock, SECOND_MS);
}

/** The moment that the picture is of, and again at each full multiple of that length. */
export function useBeat(clock: ServerClock, everyMs: number): number {
  return useTime(clock, everyMs, () => clock.pictureMs());
}

/** Server time now, and again at each full second, whatever the line does. */
export function useTimeOfDay(clock: ServerClock): number {
  return useTime(clock, SECOND_MS, () => clock.nowMs());
}

function useTime(clock: ServerClock, everyMs: number, read: () => number): number {
  const [now, setNow] = useState(read());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const beat = () => {
      const ms = clock.nowMs();
      setNow(read());
      timer = setTimeout(beat, everyMs - (((ms % everyMs) + everyMs) % everyMs) + LATE_MS);
    };
    beat();
    return () => clearTimeout(timer);
  }, [clock, everyMs]);
  return now;
}
