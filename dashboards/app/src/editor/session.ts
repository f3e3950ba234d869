// What is edited: one text, the acts that were done to it, and what the server says of it. Acts go to
// the server one after the other; nothing is known here of TOML.

import type { Answer, Change, Changed, Desk, Draft, Keys, Server, Show } from "./desk";
import { inTheWay, isInside, isSame, type Place, placeOf } from "./place";

/** Acts that can be undone. */
export const UNDO_MAX = 200;
/** The contact center's own numbers are asked for again after so long. */
export const LOOK_EVERY_MS = 2_000;

export interface SessionHooks {
  changed(): void;
  /** A new picture of the draft. */
  picture(frame: object): void;
  words: Record<string, string>;
}

export class Session {
  text: string;
  draft: Draft = { is_whole: false, board: {}, tiles: [], lines: [], problems: [], doubts: [] };
  uncounted: string[] = [];
  chosen = -1;
  show: Show | null = "live";
  tag: string;
  isShipped: boolean;
  savedText: string;
  /** What the person should know of the last act. */
  said = "";
  isWrong = false;
  changedElsewhere: Changed | null = null;
  isBusy = false;
  private past: string[] = [];
  private future: string[] = [];
  private seq = 0;
  private line: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(
    readonly desk: Desk,
    private readonly server: Server,
    private readonly hooks: SessionHooks,
  ) {
    this.text = this.savedText = desk.text;
    this.tag = desk.tag;
    this.isShipped = desk.is_shipped;
  }

  isChanged(): boolean {
    return this.text !== this.savedText;
  }

  canUndo(): boolean {
    return this.past.length > 0;
  }

  canRedo(): boolean {
    return this.future.length > 0;
  }

  places(): Place[] {
    return this.draft.tiles.map(placeOf);
  }

  nameOf(tile: number): string {
    const keys = this.draft.tiles[tile];
    return keys && typeof keys["id"] === "string" ? keys["id"] : `#${tile + 1}`;
  }

  choose(tile: number): void {
    if (this.chosen === tile) return;
    this.chosen = tile;
    this.tell("");
  }

  /** Looks at the text again, without a change. */
  look(): Promise<void> {
    return this.queue(() => this.take());
  }

  /** Asks for the numbers of now, unless something else is under way. */
  async lookAgain(): Promise<void> {
    if (this.show === "live" && this.waiting === 0 && !this.isBusy) await this.queue(() => this.take());
  }

  showAs(show: Show | null): void {
    this.show = show;
    this.hooks.changed();
    void this.look();
  }

  /** Puts a tile somewhere; false, with a sentence, where that is not possible. */
  put(tile: number, place: Place): boolean {
    const places = this.places();
    const own = places[tile];
    if (!own || isSame(own, place)) return true;
    const { words } = this.hooks;
    if (!isInside(place)) return this.tell(words["outside"] || "", true);
    const other = inTheWay(place, tile, places);
    if (other >= 0) return this.tell(`${words["overlap"]} ${this.nameOf(other)}`, true);
    const keys: Keys = {};
    for (const key of ["x", "y", "w", "h"] as const) if (own[key] !== place[key]) keys[key] = place[key];
    // Shown at once: the server only writes it down.
    this.draft.tiles[tile] = { ...this.draft.tiles[tile], ...keys };
    this.hooks.changed();
    void this.act({ act: "set", tile, keys });
    return true;
  }

  act(change: Change): Promise<void> {
    return this.queue(async () => {
      await this.take(change);
      if (change.act === "remove") this.chosen = -1;
      if (change.act === "add" || change.act === "copy") this.chosen = this.draft.tiles.length - 1;
    });
  }

  /** The text was changed as a text. */
  write(text: string): Promise<void> {
    return this.queue(async () => {
      if (text === this.text) return;
      this.remember();
      this.text = text;
      await this.take();
    });
  }

  undo(): Promise<void> {
    return this.turn(this.past, this.future);
  }

  redo(): Promise<void> {
    return this.turn(this.future, this.past);
  }

  /** Saves it; where somebody else has saved meanwhile, shows what they changed. */
  save(): Promise<void> {
    return this.queue(async () => {
      const text = this.text;
      const saved = await this.server.save(text, this.tag);
      if ("tag" in saved) {
        this.tag = saved.tag;
        this.savedText = text;
        this.isShipped = false;
        this.tell(this.hooks.words["saved"] || "");
      } else if ("changed" in saved) {
        this.changedElsewhere = saved.changed;
        // The difference says the rest.
        this.tell("");
      } else {
        this.draft = saved.draft;
        this.tell(this.hooks.words["problems"] || "", true);
      }
    });
  }

  /** Goes on from what the others have saved, or saves over it next time. */
  settle(takesTheirs: boolean): Promise<void> {
    return this.queue(async () => {
      const changed = this.changedElsewhere;
      if (!changed) return;
      this.changedElsewhere = null;
      this.tag = changed.tag;
      this.savedText = changed.text;
      this.tell("");
      if (!takesTheirs) return;
      this.remember();
      this.text = changed.text;
      this.chosen = -1;
      await this.take();
    });
  }

  private turn(from: string[], to: string[]): Promise<void> {
    return this.queue(async () => {
      const text = from.pop();
      if (text === undefined) return;
      to.push(this.text);
      this.text = text;
      await this.take();
      if (this.chosen >= this.draft.tiles.length) this.chosen = -1;
    });
  }

  private async take(change?: Change): Promise<void> {
    this.seq += 1;
    const question = { text: this.text, seq: this.seq, show: this.show || undefined };
    const answer: Answer = await this.server.draft(change ? { ...question, change } : question);
    if (answer.text !== this.text) this.remember();
    this.text = answer.text;
    this.draft = answer.draft;
    this.uncounted = answer.uncounted;
    if (change) this.tell("");
    if (answer.frame) this.hooks.picture(answer.frame);
  }

  private remember(): void {
    this.past.push(this.text);
    if (this.past.length > UNDO_MAX) this.past.shift();
    this.future.length = 0;
  }

  /** One after the other: each act begins with the text that the one before has left. */
  private queue(work: () => Promise<void>): Promise<void> {
    this.waiting += 1;
    const done = this.line.then(async () => {
      this.isBusy = true;
      try {
        await work();
      } catch (error) {
        this.tell(error instanceof Error ? error.message : String(error), true);
        // What was shown before it was done was not done.
        if (this.waiting === 1) await this.take().catch(() => undefined);
      }
      this.waiting -= 1;
      this.isBusy = false;
      this.hooks.changed();
    });
    this.line = done;
    return done;
  }

  private tell(said: string, isWrong = false): boolean {
    this.said = said;
    this.isWrong = isWrong;
    this.hooks.changed();
    return !isWrong;
  }
}
