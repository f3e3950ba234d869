// Sizes. Everything scales with the wall: one unit is a pixel at 1920×1080, so what is legible
// from five metres there is so on any TV.

import type { BoardLayout, TileLayout } from "../protocol";

export const DESIGN_WIDTH = 1920;
export const DESIGN_HEIGHT = 1080;
/** Half of the space between two tiles, in units. */
export const GUTTER = 5;
/** The smallest text on the wall, in units. It is the style sheet's rem. */
export const TEXT_MIN = 20;
export const PADDING_X = 24;
export const PADDING_TOP = 16;
export const PADDING_BOTTOM = 16;

/** The room inside a tile's padding, in pixels. */
export interface Box {
  width: number;
  height: number;
  /** Pixels per unit. */
  unit: number;
}

export interface WallSize {
  width: number;
  height: number;
  unit: number;
}

export function wallSize(width: number, height: number): WallSize {
  return { width, height, unit: Math.min(width / DESIGN_WIDTH, height / DESIGN_HEIGHT) };
}

export function boxOf(tile: TileLayout, board: BoardLayout, wall: WallSize): Box {
  const around = 2 * GUTTER * wall.unit;
  const width = ((wall.width - around) * tile.w) / board.columns;
  const height = ((wall.height - around) * tile.h) / board.rows;
  return {
    width: Math.max(0, Math.floor(width - around - 2 * PADDING_X * wall.unit) - 2),
    height: Math.max(0, Math.floor(height - around - (PADDING_TOP + PADDING_BOTTOM) * wall.unit) - 2),
    unit: wall.unit,
  };
}
