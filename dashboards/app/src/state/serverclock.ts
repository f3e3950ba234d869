// The server's time as told by its frames; a TV's own clock is often minutes off.

const SAMPLES_MAX = 30;

export class ServerClock {
  private samples: number[] = [];
  private offsetMs = 0;
  private shownMs: number | null = null;

  constructor(private readonly now: () => number) {}

  /** Learns from a frame. The frame that travelled least says most: the largest difference. */
  heard(atMs: number): void {
    this.samples.push(atMs - this.now());
    if (this.samples.length > SAMPLES_MAX) this.samples.shift();
    this.offsetMs = Math.max.apply(null, this.samples);
  }

  /** In a replay time runs at another speed: it is the picture's. */
  showsThePast(atMs: number | null): void {
    this.shownMs = atMs;
  }

  nowMs(): number {
    return this.shownMs === null ? this.now() + this.offsetMs : this.shownMs;
  }
}
