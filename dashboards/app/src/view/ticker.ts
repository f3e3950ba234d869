// One beat a second for everything that runs by itself (clock, ages), on the site's full second.

import { useEffect, useState } from "preact/hooks";
import type { ServerClock } from "../state/serverclock";

/** Server time now, and again at each full second. */
export function useSecond(clock: ServerClock): number {
  const [now, setNow] = useState(clock.nowMs());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const beat = () => {
      const ms = clock.nowMs();
      setNow(ms);
      timer = setTimeout(beat, 1_000 - (((ms % 1_000) + 1_000) % 1_000) + 5);
    };
    beat();
    return () => clearTimeout(timer);
  }, [clock]);
  return now;
}
