// How a tile's number is made: each tile is a link to its page, and whoever points at one or walks
// there with the arrow keys gets its code for a phone's camera. Nobody points at a TV: there, nothing
// of this is ever seen.

import { useEffect, useState } from "preact/hooks";
import type { Strings } from "../i18n/strings";
import type { BoardLayout, TileLayout } from "../protocol";
import { besides, type WallBox } from "./receipt_place";

/** A code that nobody needs any more goes by itself. */
export const CODE_SHOWN_MS = 20_000;

/** Which tile is pointed at. */
export interface Pointer {
  tile: string;
  point(tile: string): void;
}

/** The page of a tile; beside the walls, below whatever path a proxy has. */
export function receiptAddress(board: string, tile: string): string {
  return `../receipt/${encodeURIComponent(board)}/${encodeURIComponent(tile)}`;
}

/** The tile that the arrow keys lead to: from none to the first, and around at the ends. */
export function neighbour(links: string[], from: string, step: number): string {
  if (!links.length) return "";
  const at = links.indexOf(from);
  if (at < 0) return links[step > 0 ? 0 : links.length - 1] || "";
  return links[(at + step + links.length) % links.length] || "";
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Keeps which tile is pointed at, for a while. */
export function usePointer(): Pointer {
  const [tile, setTile] = useState("");
  // Also of the same tile again: then the while begins anew.
  const [times, setTimes] = useState(0);
  useEffect(() => {
    if (!tile) return undefined;
    const timer = setTimeout(() => setTile(""), CODE_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [tile, times]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const step = STEPS[event.key];
      if (event.key === "Escape") {
        setTile("");
      } else if (step !== undefined) {
        focusNeighbour(step);
        event.preventDefault();
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
  return {
    tile,
    point(next) {
      setTile(next);
      setTimes((before) => before + 1);
    },
  };
}

function focusNeighbour(step: number): void {
  const links = document.querySelectorAll<HTMLAnchorElement>(".receipt-link");
  const ids: string[] = [];
  for (let at = 0; at < links.length; at += 1) ids.push(links[at]?.getAttribute("data-of") || "");
  const focused = document.activeElement;
  const next = ids.indexOf(neighbour(ids, (focused && focused.getAttribute("data-of")) || "", step));
  const link = links[next];
  if (link) link.focus();
}

interface LinkProps {
  layout: TileLayout;
  board: BoardLayout;
  strings: Strings;
  pointer: Pointer;
}

/** Where the pointer was last: a wall whose tiles move under a resting pointer is not pointed at. */
let lastPlace = "";

function hasMoved(event: MouseEvent): boolean {
  const place = `${event.screenX},${event.screenY}`;
  const moved = lastPlace !== "" && lastPlace !== place;
  lastPlace = place;
  return moved;
}

/** Lies over the whole tile, and is seen only while it has the focus. */
export function ReceiptLink({ layout, board, strings, pointer }: LinkProps) {
  return (
    <a
      class="receipt-link"
      data-of={layout.id}
      href={receiptAddress(board.id, layout.id)}
      target="_blank"
      rel="noopener"
      aria-label={strings.receiptOf(layout.title || layout.id)}
      onMouseMove={(event) => hasMoved(event) && pointer.point(layout.id)}
      onFocus={() => pointer.point(layout.id)}
      onBlur={() => pointer.point("")}
    />
  );
}

/** The code of the tile that is pointed at, beside it. */
export function ReceiptCode({ board, strings, pointer, wall }: Omit<LinkProps, "layout"> & { wall: WallBox }) {
  const of = board.tiles.filter((tile) => tile.receipt && tile.id === pointer.tile)[0];
  if (!of) return null;
  return (
    <aside class="receipt-code" style={besides(of, board, wall)}>
      <img src={`${receiptAddress(board.id, of.id)}/qr.svg`} alt={strings.receiptOf(of.title || of.id)} />
      <p>{strings.receipt}</p>
    </aside>
  );
}
