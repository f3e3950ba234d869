// What stands at the wall's foot: one thing at a time, what hides most goes first.

import type { Phase } from "../connection/socket";
import type { BoardLayout } from "../protocol";

/** cut: the picture is old; replay: it is of the past; notice: the server has something to say of its numbers;
    silent: the browser holds the alarms' sounds back. */
export type Foot = "cut" | "replay" | "notice" | "silent" | null;

/** The line is cut, or was before the page could connect again. */
export function isCut(phase: Phase, board: BoardLayout | null): boolean {
  return phase === "stale" || (phase === "connecting" && board !== null);
}

export function footOf(phase: Phase, board: BoardLayout | null, isHeldBack = false): Foot {
  if (!board) return null;
  if (isCut(phase, board)) return "cut";
  if (board.replay_speed) return "replay";
  if (board.notice) return "notice";
  return isHeldBack ? "silent" : null;
}
