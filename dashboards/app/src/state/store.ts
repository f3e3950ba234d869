// The wall's state: the picture, the line's phase, the server's clock. The connection's sink
// and the view's source; data flows one way, from frames to tiles.

import type { Found } from "../connection/inquiry";
import type { Phase, Sink } from "../connection/socket";
import type { BoardLayout, DeltaFrame, Position, ServerFrame, SnapshotFrame, TileValue } from "../protocol";
import type { Memory } from "./memory";
import { Pacer, type PacerEnvironment } from "./pacer";
import { type Picture, pictureOf, withDelta } from "./picture";
import { ServerClock } from "./serverclock";

/** The picture is put into storage no more often than this. */
export const SAVE_EVERY_MS = 10_000;

/** The board isn't there. */
export interface Missing {
  found: Found;
  /** What it was called when it was shown here last; empty when it never was. */
  title: string;
}

type Listener = () => void;

export interface StoreHooks {
  /** Something was put on the wall or heard: an acknowledgement may be due after the next paint. */
  changed(): void;
  /** The server has another build of the front end than the one that this page may be. */
  build(build: string): void;
}

export class Store implements Sink {
  readonly clock: ServerClock;
  currentPhase: Phase = "connecting";
  /** The server's time of the last frame, for "No connection since". */
  heardAtMs: number | null = null;
  /** Set while the server says that there is no such board. */
  missingBoard: Missing | null = null;
  /** What the server is busy with before it can show anything. */
  serverSays = "";
  private picture: Picture | null;
  private readonly pacer: Pacer;
  private savedAt = 0;
  private readonly pageListeners: Listener[] = [];
  private readonly tileListeners = new Map<string, Listener[]>();

  constructor(
    private readonly id: string,
    private readonly environment: PacerEnvironment & { wall?(): number },
    private readonly memory: Memory,
    private readonly hooks: StoreHooks,
  ) {
    const steady = () => environment.now();
    this.clock = new ServerClock(steady, () => (environment.wall ? environment.wall() : steady()));
    this.pacer = new Pacer(environment, (ids) => this.publish(ids));
    this.picture = memory.load(id);
    if (this.picture) this.heardAtMs = this.picture.at_ms;
    this.clock.stopPicture(this.heardAtMs);
  }

  // ---- what the view reads

  board(): BoardLayout | null {
    return this.picture ? this.picture.board : null;
  }

  /** What is shown is the past, again. */
  isReplay(): boolean {
    return Boolean(this.picture && this.picture.board.replay_speed);
  }

  value(tile: string): TileValue | null {
    const picture = this.picture;
    return (picture && picture.tiles[tile]) || null;
  }

  /** The layout, the phase or the time of the last frame changed. Answers how to stop listening. */
  onPage(listener: Listener): () => void {
    return listen(this.pageListeners, listener);
  }

  /** A tile is to be repainted. Answers how to stop listening. */
  onTile(tile: string, listener: Listener): () => void {
    let listeners = this.tileListeners.get(tile);
    if (!listeners) this.tileListeners.set(tile, (listeners = []));
    return listen(listeners, listener);
  }

  /** What can be acknowledged once the next paint is done. */
  shown(): Position | null {
    const picture = this.picture;
    return picture && { epoch: picture.epoch, seq: this.pacer.shownUpTo(picture.seq) };
  }

  save(): void {
    if (!this.picture) return;
    this.savedAt = this.environment.now();
    this.memory.save(this.picture);
  }

  // ---- what the connection tells

  position(): Position | null {
    const picture = this.picture;
    return picture && { epoch: picture.epoch, seq: picture.seq };
  }

  snapshot(frame: SnapshotFrame): void {
    this.picture = pictureOf(frame);
    this.missingBoard = null;
    this.tellPage();
    this.pacer.reset(frame.board.tiles.map((tile) => tile.id));
    this.save();
    if (frame.build) this.hooks.build(frame.build);
  }

  delta(frame: DeltaFrame): void {
    if (!this.picture) return;
    this.picture = withDelta(this.picture, frame);
    this.pacer.changed(Object.keys(frame.tiles), frame.seq);
    if (Math.abs(this.environment.now() - this.savedAt) >= SAVE_EVERY_MS) this.save();
  }

  heard(frame: ServerFrame): void {
    this.clock.heard(frame.at_ms);
    this.clock.showsThePast(this.isReplay() ? frame.at_ms : null);
    this.heardAtMs = frame.at_ms;
    this.hooks.changed();
  }

  phase(phase: Phase): void {
    this.currentPhase = phase;
    this.clock.stopPicture(phase === "live" ? null : this.heardAtMs);
    this.tellPage();
  }

  waits(found: Found): void {
    this.serverSays = found.says;
    this.tellPage();
  }

  missing(found: Found): void {
    const before = this.missingBoard ? this.missingBoard.title : "";
    this.missingBoard = { found, title: this.picture ? this.picture.board.title : before };
    this.picture = null;
    this.memory.forget(this.id);
    this.pacer.reset([]);
    this.tellPage();
    // No snapshot comes that could tell of a newer front end.
    this.hooks.build(found.build);
  }

  private publish(ids: string[]): void {
    for (const id of ids) tell(this.tileListeners.get(id));
    this.hooks.changed();
  }

  private tellPage(): void {
    tell(this.pageListeners);
  }
}

function listen(listeners: Listener[], listener: Listener): () => void {
  listeners.push(listener);
  return () => {
    const at = listeners.indexOf(listener);
    if (at >= 0) listeners.splice(at, 1);
  };
}

function tell(listeners: Listener[] | undefined): void {
  if (listeners) for (const listener of listeners.slice()) listener();
}
