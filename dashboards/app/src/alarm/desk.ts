// Between the picture and the speaker: looks at each frame for alarms, and tells the view what to show.

import type { BoardLayout, TileValue } from "../protocol";
import { Alarms, type AlarmMemory, type Raised } from "./alarms";
import { Speaker } from "./speaker";

interface Source {
  currentPhase: string;
  board(): BoardLayout | null;
  value(tile: string): TileValue | null;
}

export class AlarmDesk {
  readonly alarms: Alarms;
  private readonly speaker: Speaker;
  private readonly listeners: (() => void)[] = [];
  private shown = "";
  private hasSounds = false;

  constructor(
    private readonly source: Source,
    now: () => number,
    memory: AlarmMemory,
  ) {
    this.speaker = new Speaker(() => this.look());
    this.alarms = new Alarms(now, memory, (sound) => this.speaker.play(sound));
  }

  /** Something was put on the wall or heard. */
  look(): void {
    const board = this.source.board();
    this.hasSounds = Boolean(board && board.tiles.some((tile) => Boolean(tile.sound)));
    if (this.hasSounds) this.speaker.prepare();
    // An old picture neither begins an alarm nor repeats one.
    if (board && this.source.currentPhase === "live") this.alarms.look(this.raised(board));
    const shown = [this.alarms.frame, this.alarms.pulse, this.isHeldBack()].join();
    if (shown === this.shown) return;
    this.shown = shown;
    for (const listener of this.listeners.slice()) listener();
  }

  /** The browser holds sound back that this board would make. */
  isHeldBack(): boolean {
    return this.hasSounds && this.speaker.isBlocked();
  }

  gesture(): void {
    this.speaker.unlock();
  }

  /** Plays a sound because somebody asked for it. */
  test(sound: string): void {
    this.speaker.prepare();
    if (this.speaker.play(sound)) return;
    this.speaker.unlock();
    // The browser lets sound through a moment after the click.
    setTimeout(() => this.speaker.play(sound), 300);
  }

  /** Answers how to stop listening. */
  onChange(listener: () => void): () => void {
    this.listeners.push(listener);
    return () => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  }

  private raised(board: BoardLayout): Raised[] {
    const raised: Raised[] = [];
    for (const tile of board.tiles) {
      const value = this.source.value(tile.id);
      const isFresh = value && (value.state === "live" || value.state === "late");
      if (!value || !isFresh || !value.alarm) continue;
      if (value.alarms && value.alarms.length > 0) {
        for (const alarm of value.alarms) raised.push({ tile: tile.id, ...alarm });
      } else {
        raised.push({ tile: tile.id, tone: value.tone || "plain", ...value.alarm });
      }
    }
    return raised;
  }
}
