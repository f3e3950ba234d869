// The picture: a board's layout and the last value of each tile, at one position.
// Pure functions; a picture is never changed in place, a new one takes its place.

import type { BoardLayout, DeltaFrame, Position, SnapshotFrame, Tiles } from "../protocol";

export interface Picture extends Position {
  /** The server's time of the last change. */
  at_ms: number;
  board: BoardLayout;
  tiles: Tiles;
}

export function pictureOf(frame: SnapshotFrame): Picture {
  return { epoch: frame.epoch, seq: frame.seq, at_ms: frame.at_ms, board: frame.board, tiles: frame.tiles };
}

/** The picture after a delta, which holds the whole new value of each tile that changed. */
export function withDelta(picture: Picture, frame: DeltaFrame): Picture {
  return {
    epoch: picture.epoch,
    board: picture.board,
    seq: frame.seq,
    at_ms: frame.at_ms,
    tiles: Object.assign({}, picture.tiles, frame.tiles),
  };
}
