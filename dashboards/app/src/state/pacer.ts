// Keeps the wall calm: a tile is repainted at most once a second, however often it changes.
// Remembers since which change each waiting tile is behind, so that the screen never
// acknowledges a change that is not on the glass yet.

export const REPAINT_EVERY_MS = 1_000;
/** Tiles due within this time of each other are repainted together. */
const TOGETHER_MS = 40;

export interface PacerEnvironment {
  now(): number;
  after(delayMs: number, action: () => void): () => void;
}

export class Pacer {
  /** When each tile was last repainted. */
  private readonly shownAt = new Map<string, number>();
  /** The first change that a waiting tile has not shown yet. */
  private readonly behindSince = new Map<string, number>();
  private cancel: (() => void) | null = null;

  constructor(
    private readonly environment: PacerEnvironment,
    private readonly show: (ids: string[]) => void,
  ) {}

  /** These tiles have new values since change `seq`: shows them now or when they are due. */
  changed(ids: string[], seq: number): void {
    for (const id of ids) if (!this.behindSince.has(id)) this.behindSince.set(id, seq);
    this.showDue();
  }

  /** A whole new picture: everything is repainted at once. */
  reset(ids: string[]): void {
    const now = this.environment.now();
    this.shownAt.clear();
    this.behindSince.clear();
    for (const id of ids) this.shownAt.set(id, now);
    if (this.cancel) this.cancel();
    this.cancel = null;
    this.show(ids);
  }

  /** The last change that is on the glass in full, given the last one that was heard. */
  shownUpTo(seq: number): number {
    let shown = seq;
    this.behindSince.forEach((since) => {
      shown = Math.min(shown, since - 1);
    });
    return shown;
  }

  private showDue(): void {
    const now = this.environment.now();
    const due: string[] = [];
    let nextInMs = REPAINT_EVERY_MS;
    this.behindSince.forEach((_since, id) => {
      const shownAt = this.shownAt.get(id);
      // A clock that was set back must not hold a tile for longer than a second.
      const passed = shownAt === undefined ? REPAINT_EVERY_MS : Math.max(0, now - shownAt);
      const inMs = REPAINT_EVERY_MS - passed;
      if (inMs <= TOGETHER_MS) due.push(id);
      else nextInMs = Math.min(nextInMs, inMs);
    });
    for (const id of due) {
      this.behindSince.delete(id);
      this.shownAt.set(id, now);
    }
    if (this.cancel) this.cancel();
    this.cancel = this.behindSince.size > 0 ? this.environment.after(nextInMs, () => this.showDue()) : null;
    if (due.length > 0) this.show(due);
  }
}
