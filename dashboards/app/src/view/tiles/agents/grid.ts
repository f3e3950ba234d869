// How people are laid into their tile: as large as all of them fit, column by column.

/** The least room for one person, whatever the words. */
export const CELL_WIDTH_MIN = 250;
const CELL_HEIGHT_MIN = 84;
const CELL_HEIGHT_MAX = 108;

export interface Grid {
  across: number;
  down: number;
  shown: number;
  more: number;
  /** In units. */
  height: number;
}

/** Width and height are the room for people and what one of them needs, in units; `more` are those that the server left out. */
export function gridFor(width: number, height: number, cellWidth: number, count: number, more: number): Grid {
  const acrossMost = Math.max(1, Math.floor(width / cellWidth));
  const downMost = Math.max(1, Math.floor(height / CELL_HEIGHT_MIN));
  const shown = Math.min(count, acrossMost * downMost);
  // Few people stand in few columns, one under the other, so that the eye goes down.
  const downLarge = Math.max(1, Math.floor(height / CELL_HEIGHT_MAX));
  const across = Math.min(acrossMost, Math.max(1, Math.ceil(shown / downLarge)));
  const down = Math.max(1, Math.ceil(shown / across));
  return { across, down, shown, more: count - shown + more, height: Math.min(CELL_HEIGHT_MAX, height / down) };
}
