// The whole wall: tiles by percentages, and the banner when the line to the server is cut.

import { useEffect, useState } from "preact/hooks";
import { stringsFor } from "../i18n/strings";
import type { BoardLayout } from "../protocol";
import type { Store } from "../state/store";
import type { AlarmDesk } from "../alarm/desk";
import { AbsentBoard } from "./absent";
import { AlarmFrame, SilentStrip, useAlarms } from "./alarm";
import { Banner, NoticeStrip, ReplayStrip } from "./banner";
import { upright } from "./arrange";
import { GUTTER, isUpright, REM, TEXT_MIN, wallSize } from "./box";
import { footOf } from "./foot";
import { forgetWidths } from "./measure";
import { ReceiptCode, usePointer } from "./receipt";
import { applyTheme, themeOf } from "./themes";
import { Tile } from "./tile";

/** The banner's height in units; the tiles make room for it, so it hides nothing. */
export const BANNER_HEIGHT = 64;
const SIGNATURE_HEIGHT = TEXT_MIN + 8;

export function Wall({ store, name, desk }: { store: Store; name: string; desk: AlarmDesk }) {
  const page = usePage(store);
  const window = useWindowSize();
  const fonts = useFonts();
  const pointer = usePointer();
  useAlarms(desk);
  const filed = store.board();
  const board = filed && isUpright(window.width, window.height) ? upright(filed) : filed;
  const strings = stringsFor(board ? board.language : document.documentElement.lang);
  // Before the tiles are made: some draw with its colours.
  applyTheme(themeOf(location.search, (board && board.theme) || undefined));
  const foot = footOf(store.currentPhase, board, desk.isHeldBack());
  const whole = wallSize(window.width, window.height);
  const signature = foot || !board ? "" : signatureOf(board);
  const banner = (foot ? BANNER_HEIGHT : signature ? SIGNATURE_HEIGHT : 0) * whole.unit;
  const wall = useKept(whole.width, whole.height - banner, whole.unit);

  useEffect(() => {
    document.documentElement.style.fontSize = `${REM * whole.unit}px`;
    if (board) {
      document.title = board.title;
      document.documentElement.lang = board.language || "en";
    }
  }, [page, whole.unit]);

  if (store.missingBoard) return <AbsentBoard name={name} missing={store.missingBoard} />;
  if (!board) {
    return (
      <main class="welcome" data-phase={store.currentPhase}>
        <p class="welcome-mark">Tablica</p>
        <p class="welcome-words">{strings.connecting(name)}</p>
        {store.serverSays && <p class="welcome-words">{store.serverSays}</p>}
      </main>
    );
  }
  const edge = GUTTER * whole.unit;
  const area = { left: `${edge}px`, right: `${edge}px`, top: `${edge}px`, bottom: `${edge + banner}px` };
  return (
    <main class={foot === "cut" ? "wall is-stale" : "wall"} data-phase={store.currentPhase}>
      <div class={pointer.tile ? "tiles is-pointed" : "tiles"} style={area}>
        {board.tiles.map((layout) => (
          <Tile key={layout.id} {...{ layout, board, wall, strings, store, fonts, pointer, desk }} />
        ))}
        <ReceiptCode {...{ board, strings, pointer, wall }} />
      </div>
      {signature && (
        <p class="signature" style={{ height: `${banner}px`, lineHeight: `${banner}px` }}>
          {signature}
        </p>
      )}
      {foot === "cut" && <Banner store={store} board={board} strings={strings} height={banner} />}
      {foot === "replay" && <ReplayStrip store={store} board={board} strings={strings} height={banner} />}
      {foot === "silent" && <SilentStrip strings={strings} height={banner} />}
      {foot !== "cut" && <AlarmFrame desk={desk} foot={foot ? banner : 0} />}
      {foot === "notice" && <NoticeStrip words={board.notice || ""} height={banner} />}
    </main>
  );
}

/** Each wall says whose it is and which: its clock does, or else a line at its foot. */
function signatureOf(board: BoardLayout): string {
  const clock = board.tiles.filter((tile) => tile.type === "clock" && !tile.title)[0];
  return !clock && board.site ? `${board.site} · ${board.title}` : "";
}

/** Counts the changes of the page's own state. */
function usePage(store: Store): number {
  const [count, setCount] = useState(0);
  useEffect(() => store.onPage(() => setCount((before) => before + 1)), [store]);
  return count;
}

function useWindowSize(): { width: number; height: number } {
  const [size, setSize] = useState(windowSize);
  useEffect(() => {
    const changed = () => setSize(windowSize());
    addEventListener("resize", changed);
    return () => removeEventListener("resize", changed);
  }, []);
  return size;
}

function windowSize(): { width: number; height: number } {
  return { width: window.innerWidth, height: window.innerHeight };
}

/** Grows when fonts have come: what was measured before is void. */
function useFonts(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const { fonts } = document;
    if (!fonts) return undefined;
    const came = () => {
      forgetWidths();
      setCount((before) => before + 1);
    };
    fonts.ready.then(came);
    // A weight or an alphabet is fetched when the first text needs it, maybe days from now.
    fonts.addEventListener("loadingdone", came);
    return () => fonts.removeEventListener("loadingdone", came);
  }, []);
  return count;
}

/** The same object as long as the size is the same, so that tiles need not compare numbers. */
function useKept(width: number, height: number, unit: number) {
  const [kept, setKept] = useState({ width, height, unit });
  if (kept.width === width && kept.height === height && kept.unit === unit) return kept;
  const next = { width, height, unit };
  setKept(next);
  return next;
}
