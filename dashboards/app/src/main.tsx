// The composition root: storage → store ← connection, store → view, paint → acknowledgement.

import "./guards/intl";
import { browserAlarmMemory } from "./alarm/alarms";
import { AlarmDesk } from "./alarm/desk";
import { render } from "preact";
import { browserEnvironment } from "./connection/browser";
import { Connection } from "./connection/socket";
import { keepOwnFiles } from "./offline/register";
import { showPreview } from "./preview";
import { reloadFor } from "./reload";
import { browserMemory } from "./state/memory";
import { Acknowledger } from "./state/painted";
import { screenName } from "./state/screenname";
import { Store } from "./state/store";
import { Wall } from "./view/wall";
import "./view/fonts.css";
import "./view/alarm.css";
import "./view/base.css";
import "./view/panel.css";
import "./view/receipt.css";

const place = document.getElementById("wall");
if (document.documentElement.hasAttribute("data-preview")) showPreview(place);
else showWall(place);

function showWall(place: HTMLElement | null): void {
  const board = boardOf(location.pathname);
  const environment = browserEnvironment(board, screenName(location.search));

  const acknowledger = new Acknowledger(
    { now: environment.now, nextFrame: (action) => void requestAnimationFrame(action) },
    () => store.shown(),
    (frame) => connection.send(JSON.stringify(frame)),
  );
  const store: Store = new Store(board, environment, browserMemory(), {
    changed: () => {
      acknowledger.changed();
      desk.look();
    },
    build: (build) => reloadFor(build, () => store.save()),
  });
  const desk: AlarmDesk = new AlarmDesk(store, environment.now, browserAlarmMemory(board));
  const connection: Connection = new Connection(environment, store);

  if (place) render(<Wall store={store} name={board} desk={desk} />, place);
  addEventListener("beforeunload", () => store.save());
  connection.start();
  keepOwnFiles();
}

/** The board's id from `/wall/{board}`, below any path. */
function boardOf(path: string): string {
  const id = path.split("/").pop() || "";
  try {
    return decodeURIComponent(id);
  } catch (_malformed) {
    return id;
  }
}
