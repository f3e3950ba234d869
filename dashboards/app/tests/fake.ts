// Time that stands still until a test moves it, and sockets that do what a test says.

import type { Found } from "../src/connection/inquiry";
import type { Environment, Wire, WireEvents } from "../src/connection/socket";
import type { BoardLayout, Position, SnapshotFrame, TileValue } from "../src/protocol";

interface Timer {
  at: number;
  action: () => void;
}

export class FakeTime {
  nowMs = 1_000_000;
  private timers: Timer[] = [];

  now = (): number => this.nowMs;

  after = (delayMs: number, action: () => void): (() => void) => {
    const timer = { at: this.nowMs + delayMs, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  };

  /** Lets time pass and runs what falls due, in order. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.nowMs = due.at;
      due.action();
    }
    this.nowMs = end;
  }
}

export class FakeSocket implements Wire {
  sent: string[] = [];
  isClosed = false;

  constructor(
    readonly resume: Position | null,
    readonly events: WireEvents,
  ) {}

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.isClosed = true;
  }

  hear(frame: unknown): void {
    this.events.message(JSON.stringify(frame));
  }
}

/** A network on which every attempt is written down. */
export class FakeNetwork implements Environment {
  sockets: FakeSocket[] = [];
  /** What the dice show, 0..1. */
  dice = 1;

  constructor(readonly time: FakeTime) {}

  now = (): number => this.time.now();
  after = (delayMs: number, action: () => void): (() => void) => this.time.after(delayMs, action);
  random = (): number => this.dice;

  open = (resume: Position | null, events: WireEvents): Wire => {
    const socket = new FakeSocket(resume, events);
    this.sockets.push(socket);
    return socket;
  };

  /** What the server says of the board when a socket was refused; nothing while it is down. */
  found: Found | null = null;

  inquire = (told: (found: Found) => void): void => {
    if (this.found) told(this.found);
  };

  get last(): FakeSocket {
    const socket = this.sockets[this.sockets.length - 1];
    if (!socket) throw new Error("no attempt to connect yet");
    return socket;
  }
}

export const BOARD: BoardLayout = {
  id: "floor",
  title: "Floor",
  columns: 24,
  rows: 12,
  tiles: [
    { id: "waiting", type: "number", x: 0, y: 0, w: 12, h: 12 },
    { id: "sl", type: "gauge", x: 12, y: 0, w: 12, h: 12 },
  ],
};

export function value(text: string): TileValue {
  return { state: "live", text } as TileValue;
}

export function snapshot(seq: number, epoch = "e1"): SnapshotFrame {
  return { type: "snapshot", epoch, seq, at_ms: 5_000, board: BOARD, tiles: { waiting: value(`w${seq}`), sl: value(`s${seq}`) } };
}

export function delta(seq: number, prev = seq - 1, epoch = "e1") {
  return { type: "delta" as const, epoch, seq, prev, at_ms: 5_000, tiles: { waiting: value(`w${seq}`) } };
}

export function heartbeat(seq: number, epoch = "e1") {
  return { type: "heartbeat" as const, epoch, seq, at_ms: 5_000 };
}
