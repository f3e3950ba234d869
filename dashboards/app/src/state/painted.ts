// Tells the server what is on the glass: two animation frames after the last change, and again
// with each heartbeat, so that a frozen screen stands out from a quiet board. A page that the
// browser doesn't paint (hidden, asleep) gets no animation frames and so acknowledges nothing.

import type { PaintedFrame, Position } from "../protocol";

/** The same position is acknowledged again no more often than this. */
const REPEAT_EVERY_MS = 900;

export interface PaintedEnvironment {
  now(): number;
  nextFrame(action: () => void): void;
}

export class Acknowledger {
  private waiting = false;
  private last: Position | null = null;
  private lastAt = 0;

  constructor(
    private readonly environment: PaintedEnvironment,
    private readonly shown: () => Position | null,
    private readonly send: (frame: PaintedFrame) => void,
  ) {}

  changed(): void {
    if (this.waiting) return;
    this.waiting = true;
    const { environment } = this;
    environment.nextFrame(() => {
      // What the DOM holds now is what this frame paints; the next frame means that it did.
      const painted = this.shown();
      environment.nextFrame(() => {
        this.waiting = false;
        if (painted) this.acknowledge(painted);
      });
    });
  }

  private acknowledge(painted: Position): void {
    const now = this.environment.now();
    const last = this.last;
    const isNew = !last || last.epoch !== painted.epoch || last.seq !== painted.seq;
    if (!isNew && Math.abs(now - this.lastAt) < REPEAT_EVERY_MS) return;
    this.last = painted;
    this.lastAt = now;
    this.send({ type: "painted", epoch: painted.epoch, seq: painted.seq });
  }
}
