import { describe, expect, it } from "vitest";
import type { Answer, Desk, Question, Server } from "../src/editor/desk";
import { inTheWay, isInside, moved, placeOf, resized, stepped } from "../src/editor/place";
import { Session } from "../src/editor/session";

const PLACES = [
  { x: 0, y: 0, w: 6, h: 4 },
  { x: 6, y: 0, w: 6, h: 4 },
  { x: 18, y: 0, w: 6, h: 4 },
];

describe("places on the grid", () => {
  it("snap to cells and stay inside", () => {
    expect(moved(PLACES[0]!, 3.4, 1.6)).toEqual({ x: 3, y: 2, w: 6, h: 4 });
    expect(moved(PLACES[0]!, 30, -2)).toEqual({ x: 18, y: 0, w: 6, h: 4 });
    expect(resized(PLACES[2]!, 9, 0.2)).toEqual({ x: 18, y: 0, w: 6, h: 1 });
    expect(isInside({ x: 19, y: 0, w: 6, h: 4 })).toBe(false);
    expect(placeOf({ x: "wide", y: 2 })).toEqual({ x: 0, y: 2, w: 1, h: 1 });
  });

  it("are told when another tile is there", () => {
    expect(inTheWay({ x: 5, y: 3, w: 2, h: 2 }, 2, PLACES)).toBe(0);
    expect(inTheWay({ x: 12, y: 0, w: 6, h: 12 }, 0, PLACES)).toBe(-1);
  });

  it("are stepped over others by a key, to the next free one", () => {
    expect(stepped(0, PLACES, 1, 0)).toEqual({ x: 12, y: 0, w: 6, h: 4 });
    expect(stepped(2, PLACES, -1, 0)).toEqual({ x: 17, y: 0, w: 6, h: 4 });
    expect(stepped(2, PLACES, 1, 0)).toBe(null);
    expect(stepped(0, PLACES, 0, 1)).toEqual({ x: 0, y: 1, w: 6, h: 4 });
  });
});

/** A server that writes each act at the end of the text. */
class Scribe {
  asked: Question[] = [];
  saved: string[] = [];
  held = "a";
  async draft(question: Question): Promise<Answer> {
    this.asked.push(question);
    if (question.change?.act === "copy") throw new Error("no free place");
    const text = question.change ? `${question.text}+${question.change.act}` : question.text;
    const tiles = [{ id: "one", x: 0, y: 0, w: 6, h: 4 }, { id: "two", x: 6, y: 0, w: 6, h: 4 }];
    const draft = { is_whole: true, board: {}, tiles, lines: [1, 2], problems: [], doubts: [] };
    return { text, draft, frame: null, uncounted: [] };
  }
  async save(text: string, tag: string) {
    if (tag !== this.held) return { changed: { tag: this.held, text: "theirs", difference: [] } };
    this.saved.push(text);
    this.held = `${tag}'`;
    return { tag: this.held };
  }
}

function session(): { session: Session; scribe: Scribe } {
  const scribe = new Scribe();
  const desk = { text: "0", tag: "a", is_shipped: false } as Desk;
  const hooks = { changed: () => {}, picture: () => {}, words: { overlap: "overlaps", outside: "no room", changed: "changed" } };
  return { session: new Session(desk, scribe as unknown as Server, hooks), scribe };
}

describe("a session", () => {
  it("does acts one after the other, and takes them back and brings them again", async () => {
    const { session: it } = session();
    void it.act({ act: "add", tile_type: "clock" });
    await it.act({ act: "remove", tile: 0 });
    expect(it.text).toBe("0+add+remove");
    await it.undo();
    expect(it.text).toBe("0+add");
    await it.undo();
    expect([it.text, it.canUndo(), it.isChanged()]).toEqual(["0", false, false]);
    await it.redo();
    expect(it.text).toBe("0+add");
    await it.write("typed");
    expect([it.text, it.canRedo()]).toEqual(["typed", false]);
  });

  it("refuses a place that another tile has, and says which", async () => {
    const { session: it, scribe } = session();
    await it.look();
    expect(it.put(0, { x: 3, y: 0, w: 6, h: 4 })).toBe(false);
    expect(it.said).toBe("overlaps two");
    expect(it.put(0, { x: 20, y: 0, w: 6, h: 4 })).toBe(false);
    expect(it.put(0, { x: 0, y: 4, w: 6, h: 4 })).toBe(true);
    expect(it.places()[0]).toEqual({ x: 0, y: 4, w: 6, h: 4 });
    await it.look();
    expect(scribe.asked[1]?.change).toEqual({ act: "set", tile: 0, keys: { y: 4 } });
  });

  it("keeps the text when an act fails, and says why", async () => {
    const { session: it } = session();
    await it.act({ act: "copy", tile: 0 });
    expect([it.text, it.said, it.isWrong]).toEqual(["0", "no free place", true]);
  });

  it("saves, and never over what somebody else has saved meanwhile", async () => {
    const { session: it, scribe } = session();
    await it.write("mine");
    scribe.held = "b";
    await it.save();
    expect([it.changedElsewhere?.text, it.isChanged(), scribe.saved]).toEqual(["theirs", true, []]);
    await it.settle(true);
    expect([it.text, it.isChanged()]).toEqual(["theirs", false]);
    await it.undo();
    expect(it.text).toBe("mine");
    await it.save();
    expect(scribe.saved).toEqual(["mine"]);
    expect(it.isChanged()).toBe(false);
  });
});
