// Keeps the last picture over a reload or a power cut, so that the wall is never empty.
// Storage may be missing, full or forbidden on a TV; the wall then simply starts empty.

import type { Picture } from "./picture";

const FORMAT = 1;

export interface Memory {
  load(board: string): Picture | null;
  save(picture: Picture): void;
  /** The board is gone: its picture must not come back with a reload. */
  forget(board: string): void;
}

export function browserMemory(): Memory {
  return {
    load: (board) => {
      try {
        const text = localStorage.getItem(keyOf(board));
        const saved = text ? (JSON.parse(text) as { format: number; picture: Picture }) : null;
        if (!saved || saved.format !== FORMAT || saved.picture.board.id !== board) return null;
        return saved.picture;
      } catch (_unusable) {
        return null;
      }
    },
    save: (picture) => {
      try {
        localStorage.setItem(keyOf(picture.board.id), JSON.stringify({ format: FORMAT, picture }));
      } catch (_full) {
        // The picture in memory is still there.
      }
    },
    forget: (board) => {
      try {
        localStorage.removeItem(keyOf(board));
      } catch (_forbidden) {
        // Then nothing was saved either.
      }
    },
  };
}

function keyOf(board: string): string {
  return `tablica.picture.${board}`;
}
