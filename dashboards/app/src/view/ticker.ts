// One beat a second for everything that runs by itself (clock, ages), on the site's full second.

import { useEffect, useState } from "preact/hooks";
import type { ServerClock } from "../state/serverclock";

/** The moment that the picture is of, and again at each full second: stands while the line is cut. */
export function useSecond(clock: ServerClock): number {
  return useBeat(clock, () => clock.pictureMs());
}

/** Server time now, and again at each full second, whatever the line does. */
export function useTimeOfDay(clock: ServerClock): number {
  return useBeat(clock, () => clock.nowMs());
}

function useBeat(clock: ServerClock, read: () => number): number {
  const [now, setNow] = useState(read());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const beat = () => {
      const ms = clock.nowMs();
      setNow(read());
      timer = setTimeout(beat, 1_000 - (((ms % 1_000) + 1_000) % 1_000) + 5);
    };
    beat();
    return () => clearTimeout(timer);
  }, [clock]);
  return now;
}
