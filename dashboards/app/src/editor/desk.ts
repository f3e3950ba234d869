// What the server says to the editor, and how it is asked.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Keys = { [key: string]: Json };

/** JSON schema, as far as that of boards has it. */
export interface Schema {
  type?: string;
  enum?: string[];
  $ref?: string;
  description?: string;
  title?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  definitions?: Record<string, Schema>;
}

/** Everything that the editor begins with. */
export interface Desk {
  board: string;
  text: string;
  tag: string;
  is_shipped: boolean;
  can_save: boolean;
  languages: string[];
  schema: Schema;
  kpis: { id: string; title: string; unit: string }[];
  /** Names by the key that names such things. */
  names: Record<string, string[]>;
  types: { id: string; example: string }[];
}

export interface Remark {
  line: number | null;
  tile: number | null;
  text: string;
}

export interface Draft {
  is_whole: boolean;
  board: Keys;
  tiles: Keys[];
  lines: number[];
  problems: Remark[];
  doubts: Remark[];
}

export type Change =
  | { act: "set"; tile: number; keys: Keys }
  | { act: "board"; keys: Keys }
  | { act: "add"; tile_type: string }
  | { act: "copy"; tile: number }
  | { act: "remove"; tile: number };

export const SHOWS = ["live", "quiet", "busy", "red", "stale"] as const;
export type Show = (typeof SHOWS)[number];

export interface Answer {
  text: string;
  draft: Draft;
  /** As a wall is sent it. */
  frame: object | null;
  uncounted: string[];
}

export interface Line {
  is: "same" | "gone" | "new" | "gap";
  text: string;
}

/** The board as somebody else has left it. */
export interface Changed {
  tag: string;
  text: string;
  difference: Line[];
}

export type Saved = { tag: string } | { changed: Changed } | { draft: Draft };

export interface Question {
  text: string;
  change?: Change;
  show?: Show | undefined;
  seq: number;
}

/** The words of the page: each by its name. */
export type Words = Record<string, string>;

export class Server {
  constructor(
    private readonly here: string,
    private readonly token: string,
    private readonly words: Words,
  ) {}

  async desk(): Promise<Desk> {
    const answer = await this.send(`${this.here}/desk`, {});
    return (await answer.json()) as Desk;
  }

  async draft(question: Question): Promise<Answer> {
    const answer = await this.send(`${this.here}/draft`, this.post(question));
    return (await answer.json()) as Answer;
  }

  async save(text: string, tag: string): Promise<Saved> {
    const answer = await this.send(this.here, this.post({ text, tag }), [409, 422]);
    const said = (await answer.json()) as Saved & { detail?: string };
    if (said.detail) throw new Error(said.detail);
    return said;
  }

  private post(body: object): RequestInit {
    const headers = { "content-type": "application/json", "x-form-token": this.token };
    return { method: "POST", headers, body: JSON.stringify(body) };
  }

  /** Throws a sentence when there is no good answer. */
  private async send(address: string, init: RequestInit, also: number[] = []): Promise<Response> {
    let answer: Response;
    try {
      answer = await fetch(address, { ...init, headers: { accept: "application/json", ...init.headers } });
    } catch (_unreachable) {
      throw new Error(this.words["busy"]);
    }
    if (answer.ok || also.indexOf(answer.status) >= 0) return answer;
    let detail = "";
    try {
      detail = ((await answer.json()) as { detail?: string }).detail || "";
    } catch (_noJson) {
      // A proxy in between: its status says enough.
    }
    throw new Error(detail || `${this.words["busy"]} (${answer.status})`);
  }
}
