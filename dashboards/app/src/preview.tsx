// The wall within the editor of boards: pictures come from the page around it, nothing is asked of the
// server, kept or heard. A picture of a draft is painted by the very code that paints it on a wall.

import { render } from "preact";
import { AlarmDesk } from "./alarm/desk";
import { parseFrame } from "./protocol";
import { Acknowledger } from "./state/painted";
import type { Memory } from "./state/memory";
import { Store } from "./state/store";
import { Wall } from "./view/wall";

const FORGETFUL: Memory = { load: () => null, save: () => {}, forget: () => {} };

export function showPreview(place: HTMLElement | null): void {
  const environment = {
    now: () => performance.now(),
    wall: () => Date.now(),
    after: (delayMs: number, action: () => void) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const tell = (message: object) => parent.postMessage(message, location.origin);
  const acknowledger = new Acknowledger(
    { now: environment.now, nextFrame: (action) => void requestAnimationFrame(action) },
    () => store.shown(),
    (painted) => tell({ painted: painted.seq }),
  );
  const store: Store = new Store("draft", environment, FORGETFUL, {
    changed: () => acknowledger.changed(),
    build: () => {},
  });
  // Never looked at: a draft makes no sound.
  const desk = new AlarmDesk(store, environment.now, { load: () => null, save: () => {} });
  addEventListener("message", (event) => {
    if (event.origin !== location.origin || event.source !== parent) return;
    const frame = parseFrame(String(event.data));
    if (!frame || frame.type !== "snapshot") return;
    store.snapshot(frame);
    store.phase("live");
    store.heard(frame);
  });
  if (place) render(<Wall store={store} name="" desk={desk} />, place);
  tell({ ready: true });
}
