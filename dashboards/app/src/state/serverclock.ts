// The server's time as told by its frames; a TV's own clock is often minutes off, and may be set
// while the wall is up.

/** Frames come each second. An older one says nothing about a clock that was set since. */
const SAMPLES_MAX = 5;
/** The TV's two clocks, which run equally fast, differ by so much more than before: one of them was set. */
const JUMP_MS = 1_000;

export class ServerClock {
  private samples: number[] = [];
  private offsetMs: number | null = null;
  private driftMs: number | null = null;
  private shownMs: number | null = null;
  private stoppedMs: number | null = null;

  /** `steady` only ever runs on; `wall` is what the TV takes for the time of day. */
  constructor(
    private readonly steady: () => number,
    private readonly wall: () => number = steady,
  ) {}

  /** Learns from a frame. The recent one that travelled least says most: the largest difference. */
  heard(atMs: number): void {
    const driftMs = this.wall() - this.steady();
    const jumped = this.driftMs !== null && Math.abs(driftMs - this.driftMs) > JUMP_MS;
    // The clock was set, or the TV slept: what was measured before is void.
    if (jumped) this.samples = [];
    this.driftMs = driftMs;
    this.samples.push(atMs - this.steady());
    if (this.samples.length > SAMPLES_MAX) this.samples.shift();
    this.offsetMs = Math.max.apply(null, this.samples);
  }

  /** In a replay time runs at another speed: it is the picture's. */
  showsThePast(atMs: number | null): void {
    this.shownMs = atMs;
  }

  /** The line is cut, and the picture is of that moment; null: it is of now again. */
  stopPicture(atMs: number | null): void {
    this.stoppedMs = atMs;
  }

  /** The picture is not of now, so that nothing on it may be called live. */
  isPictureOld(): boolean {
    return this.stoppedMs !== null;
  }

  /** The time of day. */
  nowMs(): number {
    if (this.shownMs !== null) return this.shownMs;
    return this.offsetMs === null ? this.wall() : this.steady() + this.offsetMs;
  }

  /** The moment that the picture is of: ages and countdowns on it are as of then. */
  pictureMs(): number {
    const nowMs = this.nowMs();
    return this.stoppedMs === null ? nowMs : Math.min(this.stoppedMs, nowMs);
  }
}
