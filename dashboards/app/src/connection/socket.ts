// The line to the server: connect, resume, notice silence, come back with back-off.
// Knows frames and time, but no pictures: what a frame means for the wall is the sink's matter.
// Clock, timers, randomness and the socket itself come in from outside, so that a test can run
// a whole outage in no time.

import { type DeltaFrame, type Position, type ServerFrame, type SnapshotFrame, parseFrame } from "../protocol";
import { backoffMs } from "./backoff";
import type { Found } from "./inquiry";

/** No frame for this long and the picture is stale: heartbeats come each second. */
export const STALE_AFTER_MS = 4_000;
/** An attempt that has not become a conversation by then is given up. */
export const CONNECT_LIMIT_MS = 8_000;
/** A conversation this long ends the count of failed attempts. */
export const SETTLED_AFTER_MS = 5_000;
/** Deltas kept while the snapshot is on its way. */
export const QUEUE_MAX = 64;

/**
 * connecting: first attempt, nothing heard yet; live: frames come; reconnecting: the line is
 * lost, but the picture is fresh; stale: the picture is older than STALE_AFTER_MS; absent: the
 * server says that there is no such board (any more).
 */
export type Phase = "connecting" | "live" | "reconnecting" | "stale" | "absent";

/** The part of a WebSocket that is used. */
export interface Wire {
  send(text: string): void;
  close(): void;
}

export interface WireEvents {
  message(text: string): void;
  closed(): void;
}

export interface Environment {
  now(): number;
  /** Runs the action after a delay; the answer cancels it. */
  after(delayMs: number, action: () => void): () => void;
  random(): number;
  /** Opens a socket; `resume` is the position of the picture at hand. May throw. */
  open(resume: Position | null, events: WireEvents): Wire;
  /** Asks the server why no line comes about. Nothing is told when it doesn't answer. */
  inquire(told: (found: Found) => void): void;
}

/** Who gets what is heard. */
export interface Sink {
  /** The position of the picture at hand, null when there is none. */
  position(): Position | null;
  snapshot(frame: SnapshotFrame): void;
  delta(frame: DeltaFrame): void;
  /** Any good frame, after it was handled: time and position are known good. */
  heard(frame: ServerFrame): void;
  /** The server is there, and not ready. */
  waits(found: Found): void;
  /** The server has no such board. */
  missing(found: Found): void;
  phase(phase: Phase): void;
}

export class Connection {
  phase: Phase = "connecting";
  private wire: Wire | null = null;
  private attempt = 0;
  private openedAt = 0;
  /** False after a gap: the next attempt asks for a whole snapshot. */
  private mayResume = true;
  /** True once this socket's frames follow on from the picture at hand. */
  private joined = false;
  private queue: DeltaFrame[] = [];
  private cancelStale: () => void = nothing;
  private cancelRetry: () => void = nothing;
  private cancelLimit: () => void = nothing;

  constructor(
    private readonly environment: Environment,
    private readonly sink: Sink,
  ) {}

  start(): void {
    // Also without any frame ever: a restored picture must not look fresh for longer than this.
    this.watchSilence();
    this.connect();
  }

  send(text: string): void {
    if (this.wire && this.joined) this.wire.send(text);
  }

  private connect(): void {
    const { environment } = this;
    this.joined = false;
    this.queue = [];
    this.openedAt = environment.now();
    const resume = this.mayResume ? this.sink.position() : null;
    // A late event of a socket that was given up must not touch its successor.
    let current = true;
    const events: WireEvents = {
      message: (text) => {
        if (current) this.receive(text);
      },
      closed: () => {
        if (current) this.lose();
      },
    };
    this.cancelLimit = environment.after(CONNECT_LIMIT_MS, () => this.lose());
    try {
      const wire = environment.open(resume, events);
      this.wire = {
        send: (text) => wire.send(text),
        close: () => {
          current = false;
          wire.close();
        },
      };
    } catch (_refused) {
      this.lose();
    }
  }

  private receive(text: string): void {
    let frame: ServerFrame | null;
    try {
      frame = parseFrame(text);
    } catch (_malformed) {
      this.loseWithoutResume();
      return;
    }
    if (!frame) return;
    if (!this.accept(frame)) {
      this.loseWithoutResume();
      return;
    }
    if (!this.joined) return; // a queued delta says nothing yet about the picture
    this.cancelLimit();
    if (this.environment.now() - this.openedAt >= SETTLED_AFTER_MS) this.attempt = 0;
    this.enter("live");
    this.watchSilence();
    this.sink.heard(frame);
  }

  /** Hands the frame on; false when it does not follow on from the picture at hand. */
  private accept(frame: ServerFrame): boolean {
    const own = this.sink.position();
    switch (frame.type) {
      case "snapshot":
        this.sink.snapshot(frame);
        this.joined = true;
        this.mayResume = true;
        return this.applyQueued();
      case "delta":
        if (!this.joined) {
          this.queue.push(frame);
          return this.queue.length <= QUEUE_MAX;
        }
        if (!own || frame.epoch !== own.epoch || frame.prev !== own.seq) return false;
        this.sink.delta(frame);
        return true;
      case "resumed":
        if (!own || frame.epoch !== own.epoch || frame.seq !== own.seq) return false;
        this.joined = true;
        return this.applyQueued();
      case "heartbeat":
        // Before the snapshot a heartbeat only says that the server is there.
        return !this.joined || (own !== null && frame.epoch === own.epoch && frame.seq === own.seq);
    }
  }

  private applyQueued(): boolean {
    const queued = this.queue;
    this.queue = [];
    for (const frame of queued) {
      const own = this.sink.position();
      if (!own || frame.epoch !== own.epoch) return false;
      if (frame.seq <= own.seq) continue; // the snapshot has it already
      if (frame.prev !== own.seq) return false;
      this.sink.delta(frame);
    }
    return true;
  }

  private loseWithoutResume(): void {
    this.mayResume = false;
    this.lose();
  }

  private lose(): void {
    this.cancelLimit();
    this.cancelRetry();
    const wire = this.wire;
    const wasRefused = !this.joined;
    this.wire = null;
    this.joined = false;
    if (wire) wire.close();
    if (this.phase === "live") this.enter("reconnecting");
    const delayMs = backoffMs(this.attempt, () => this.environment.random());
    this.attempt += 1;
    this.cancelRetry = this.environment.after(delayMs, () => this.connect());
    if (wasRefused) this.environment.inquire((found) => this.learn(found));
  }

  /** An attempt has failed, and the server says why. The attempts go on whatever it says. */
  private learn(found: Found): void {
    // A line that has come about meanwhile knows better.
    if (this.joined) return;
    if (found.isThere) {
      this.sink.waits(found);
      if (this.phase === "absent") this.enter("connecting");
      return;
    }
    this.cancelStale();
    this.mayResume = false;
    this.enter("absent");
    this.sink.missing(found);
  }

  private watchSilence(): void {
    this.cancelStale();
    this.cancelStale = this.environment.after(STALE_AFTER_MS, () => {
      const wasLive = this.phase === "live";
      this.enter("stale");
      // A line that is open but dumb is as good as cut.
      if (wasLive) this.lose();
    });
  }

  private enter(phase: Phase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    this.sink.phase(phase);
  }
}

function nothing(): void {}
