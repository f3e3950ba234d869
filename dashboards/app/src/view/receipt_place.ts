// Where the code of a tile's receipt stands: beside the tile that is pointed at, above or below it where
// there is no room beside, and in its corner where it fills the wall. Never on its number.

import type { BoardLayout, TileLayout } from "../protocol";

/** The wall's size; `unit` is a pixel of 1920 x 1080. */
export interface WallBox {
  width: number;
  height: number;
  unit: number;
}

/** What the code takes with its margins, in units: receipt.css has it in rem of 20. */
const CODE_WIDTH = 270;
const CODE_HEIGHT = 330;

type Place = Partial<Record<"left" | "right" | "top" | "bottom", string>>;

export function besides(tile: TileLayout, board: BoardLayout, wall: WallBox): Place {
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  const right = board.columns - tile.x - tile.w;
  const below = board.rows - tile.y - tile.h;
  const width = (columns: number) => (columns / board.columns) * (wall.width / wall.unit);
  const height = (rows: number) => (rows / board.rows) * (wall.height / wall.unit);
  const fromTop = { top: percent(tile.y, board.rows) };
  const fromBottom = { bottom: percent(below, board.rows) };
  const alongside = tile.y * 2 + tile.h <= board.rows ? fromTop : fromBottom;
  const fromLeft = { left: percent(tile.x, board.columns) };
  const fromRight = { right: percent(right, board.columns) };
  const along = tile.x * 2 + tile.w <= board.columns ? fromLeft : fromRight;
  const fits = (columns: number) => width(columns) >= CODE_WIDTH;
  if (right >= tile.x && fits(right)) return { ...alongside, left: percent(tile.x + tile.w, board.columns) };
  if (fits(tile.x)) return { ...alongside, right: percent(board.columns - tile.x, board.columns) };
  if (fits(right)) return { ...alongside, left: percent(tile.x + tile.w, board.columns) };
  if (height(below) >= CODE_HEIGHT) return { ...along, top: percent(tile.y + tile.h, board.rows) };
  if (height(tile.y) >= CODE_HEIGHT) return { ...along, bottom: percent(board.rows - tile.y, board.rows) };
  // Figures stand in the middle of a tile or at its left.
  return { ...fromRight, ...fromBottom };
}
