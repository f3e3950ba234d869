// The server's time as told by its frames; a TV's own clock is often minutes off.

const SAMPLES_MAX = 30;

export class ServerClock {
  private samples: number[] = [];
  private offsetMs = 0;

  constructor(private readonly now: () => number) {}

  /** Learns from a frame. The frame that travelled least says most: the largest difference. */
  heard(atMs: number): void {
    this.samples.push(atMs - this.now());
    if (this.samples.length > SAMPLES_MAX) this.samples.shift();
    this.offsetMs = Math.max.apply(null, this.samples);
  }

  nowMs(): number {
    return this.now() + this.offsetMs;
  }
}
