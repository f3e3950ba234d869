// Which alarm is new to the people in front of this screen. The server says what holds; the screen
// remembers what it has sounded, also over a reload, so that nothing is heard twice.

import type { Tone } from "../protocol";

/** A tile's rule that holds. */
export interface Raised {
  tile: string;
  /** Which row of the tile; each is new by itself. */
  row?: string | undefined;
  tone: Tone;
  sound?: string | undefined;
  repeat_s?: number | undefined;
  quiet?: boolean | undefined;
  flash?: boolean | undefined;
}

/** How grave an alarm was when it was seen, and when it was heard; 0 for not at all. */
interface Known {
  seen: number;
  heard: number;
}

export type KnownAlarms = Record<string, Known>;

export interface AlarmMemory {
  /** Null where this screen has never seen the board. */
  load(): KnownAlarms | null;
  save(known: KnownAlarms): void;
}

/** An alarm that goes and comes back within this time is the same one. */
export const REST_MS = 60_000;
/** Alarms that begin within this time of a sound begin at once with it. */
export const TOGETHER_MS = 3_000;

const GRAVITY: Partial<Record<Tone, number>> = { warn: 1, bad: 2 };

export class Alarms {
  /** The tone of the whole screen's frame; null for none. */
  frame: Tone | null = null;
  /** Grows with each alarm that is to pulse; 0 while none is new to this screen. */
  pulse = 0;
  private known: KnownAlarms | null;
  private isFirst = true;
  private last: { gravity: number; at: number } | null = null;
  private readonly lastOf: Record<string, { gravity: number; at: number }> = {};
  private lastSaved = "";

  constructor(
    private readonly now: () => number,
    private readonly memory: AlarmMemory,
    /** Answers false while nothing can be heard. */
    private readonly play: (sound: string) => boolean,
  ) {
    this.known = memory.load();
  }

  /** All alarms of the picture, in the board's order. Not to be called while the picture is old. */
  look(raised: Raised[]): void {
    const before = this.known;
    const known: KnownAlarms = {};
    let pulses = false;
    for (const alarm of raised) {
      const gravity = gravityOf(alarm);
      // A screen that is new here has missed nothing: whoever hangs it up sees what is red.
      const own = before ? before[keyOf(alarm)] || { seen: 0, heard: 0 } : { seen: gravity, heard: gravity };
      if (alarm.flash && gravity > own.seen && !this.rests(alarm.tile, gravity)) pulses = true;
      known[keyOf(alarm)] = { seen: gravity, heard: Math.min(own.heard, gravity) };
      if (this.isFirst) this.rest(alarm.tile, own.heard);
    }
    this.isFirst = false;
    this.known = known;
    this.sound(raised, known);
    if (pulses) this.pulse += 1;
    const flashing = raised.filter((alarm) => alarm.flash);
    this.frame = flashing.length ? (flashing.some((alarm) => alarm.tone === "bad") ? "bad" : "warn") : null;
    if (!this.frame) this.pulse = 0;
    this.save(known);
  }

  private sound(raised: Raised[], known: KnownAlarms): void {
    const now = this.now();
    let gravest: Raised | null = null;
    const heard: Raised[] = [];
    for (const alarm of raised) {
      const own = known[keyOf(alarm)];
      if (!own || !alarm.sound || alarm.quiet) continue;
      const gravity = gravityOf(alarm);
      const isNew = gravity > own.heard;
      if (isNew && (this.rests(alarm.tile, gravity) || this.isTogether(gravity))) {
        heard.push(alarm);
        continue;
      }
      if (!isNew && !this.isToRepeat(alarm, now)) continue;
      heard.push(alarm);
      if (!gravest || gravity > gravityOf(gravest)) gravest = alarm;
    }
    // What could not be played stays to be heard.
    if (gravest && gravest.sound && !this.play(gravest.sound)) return;
    if (gravest) this.last = { gravity: gravityOf(gravest), at: now };
    for (const alarm of heard) {
      const gravity = gravityOf(alarm);
      (known[keyOf(alarm)] as Known).heard = gravity;
      this.rest(alarm.tile, gravity);
    }
  }

  /** The tile is silent for a while; of its rows the gravest counts. */
  private rest(tile: string, gravity: number): void {
    const last = this.lastOf[tile];
    const now = this.now();
    this.lastOf[tile] = { gravity: last && last.at === now ? Math.max(last.gravity, gravity) : gravity, at: now };
  }

  private rests(tile: string, gravity: number): boolean {
    const last = this.lastOf[tile];
    return Boolean(last && last.gravity >= gravity && this.now() - last.at < REST_MS);
  }

  private isTogether(gravity: number): boolean {
    return Boolean(this.last && this.last.gravity >= gravity && this.now() - this.last.at < TOGETHER_MS);
  }

  private isToRepeat(alarm: Raised, now: number): boolean {
    const last = this.lastOf[alarm.tile];
    return Boolean(alarm.repeat_s && last && now - last.at >= alarm.repeat_s * 1_000);
  }

  private save(known: KnownAlarms): void {
    const text = JSON.stringify(known);
    if (text === this.lastSaved) return;
    this.lastSaved = text;
    this.memory.save(known);
  }
}

/** A tile's, or a row's of a tile: rows come and go, and each is heard once. */
function keyOf(alarm: Raised): string {
  return alarm.row ? `${alarm.tile}/${alarm.row}` : alarm.tile;
}

function gravityOf(alarm: Raised): number {
  return GRAVITY[alarm.tone] || 0;
}

/** The browser's storage; where it is forbidden, a reload begins as a new screen does: silently. */
export function browserAlarmMemory(board: string): AlarmMemory {
  const key = `tablica.alarms.${board}`;
  return {
    load() {
      try {
        const text = localStorage.getItem(key);
        const known = text ? (JSON.parse(text) as KnownAlarms) : null;
        return known && typeof known === "object" ? known : null;
      } catch (_unreadable) {
        return null;
      }
    },
    save(known) {
      try {
        localStorage.setItem(key, JSON.stringify(known));
      } catch (_forbidden) {
        // Nothing is lost but the memory of this screen.
      }
    },
  };
}
