// Where tiles stand on the grid: which places are free, and where a tile comes to when it is moved.

import type { Keys } from "./desk";

export const COLUMNS = 24;
export const ROWS = 12;

export interface Place {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The place of a tile as its file says it; what is no number counts as the least. */
export function placeOf(keys: Keys): Place {
  const cell = (key: string, otherwise: number) => {
    const value = keys[key];
    return typeof value === "number" && isFinite(value) ? value : otherwise;
  };
  return { x: cell("x", 0), y: cell("y", 0), w: cell("w", 1), h: cell("h", 1) };
}

export function isSame(a: Place, b: Place): boolean {
  return a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}

export function isInside(place: Place): boolean {
  const { x, y, w, h } = place;
  return x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= COLUMNS && y + h <= ROWS;
}

export function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Of the others the first that is in the way; -1 for none. */
export function inTheWay(place: Place, of: number, places: readonly Place[]): number {
  return places.findIndex((other, at) => at !== of && overlap(place, other));
}

/** The nearest place of that size within the grid. */
export function moved(place: Place, x: number, y: number): Place {
  const within = (value: number, max: number) => Math.max(0, Math.min(max, Math.round(value)));
  return { ...place, x: within(x, COLUMNS - place.w), y: within(y, ROWS - place.h) };
}

/** The nearest size within the grid, at that place. */
export function resized(place: Place, w: number, h: number): Place {
  const within = (value: number, max: number) => Math.max(1, Math.min(max, Math.round(value)));
  return { ...place, w: within(w, COLUMNS - place.x), h: within(h, ROWS - place.y) };
}

/** One step of a key. A tile steps over others to the next free place; null where there is none. */
export function stepped(of: number, places: readonly Place[], dx: number, dy: number): Place | null {
  let place = places[of];
  while (place) {
    place = { ...place, x: place.x + dx, y: place.y + dy };
    if (!isInside(place)) return null;
    if (inTheWay(place, of, places) < 0) return place;
  }
  return null;
}
