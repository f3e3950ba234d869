import { describe, expect, test } from "vitest";
import { type AlarmMemory, Alarms, type KnownAlarms, type Raised, REST_MS, TOGETHER_MS } from "../src/alarm/alarms";
import { lengthOf, SOUNDS } from "../src/alarm/sounds";

const waiting: Raised = { tile: "waiting", tone: "bad", sound: "alert", flash: true };
const late: Raised = { tile: "late", tone: "warn", sound: "chime" };

/** A screen in front of which time passes as the test says; its memory outlives it. */
class Screen {
  nowMs = 1_000_000;
  played: string[] = [];
  canPlay = true;
  kept: KnownAlarms | null;
  private alarms: Alarms;

  constructor(kept: KnownAlarms | null = {}) {
    this.kept = kept;
    this.alarms = this.begin();
  }

  private begin(): Alarms {
    const memory: AlarmMemory = { load: () => this.kept, save: (known) => (this.kept = JSON.parse(JSON.stringify(known)) as KnownAlarms) };
    return new Alarms(
      () => this.nowMs,
      memory,
      (sound) => {
        if (this.canPlay) this.played.push(sound);
        return this.canPlay;
      },
    );
  }

  reload(): void {
    this.alarms = this.begin();
  }

  /** Shows these alarms once a second for so long. */
  show(raised: Raised[], ms = 0): string[] {
    const before = this.played.length;
    this.alarms.look(raised);
    for (let passed = 1_000; passed <= ms; passed += 1_000) {
      this.nowMs += 1_000;
      this.alarms.look(raised);
    }
    return this.played.slice(before);
  }

  get frame() {
    return this.alarms.frame;
  }

  get pulse() {
    return this.alarms.pulse;
  }
}

describe("an alarm", () => {
  test("sounds once when it begins, not with each picture", () => {
    const screen = new Screen();
    expect(screen.show([], 5_000)).toEqual([]);
    expect(screen.show([waiting], 600_000)).toEqual(["alert"]);
  });

  test("is not heard again after a reload or a reconnect", () => {
    const screen = new Screen();
    screen.show([waiting], 10_000);
    screen.reload();
    expect(screen.show([waiting], 10_000)).toEqual([]);
    expect(screen.pulse).toBe(0);
    expect(screen.frame).toBe("bad");
  });

  test("that began while the screen was away is heard when it is back", () => {
    const screen = new Screen();
    screen.show([], 1_000);
    screen.reload();
    expect(screen.show([waiting])).toEqual(["alert"]);
  });

  test("that was there before the screen was hung up makes no sound", () => {
    const screen = new Screen(null);
    expect(screen.show([waiting], 10_000)).toEqual([]);
    expect(screen.show([waiting, late], 10_000)).toEqual(["chime"]);
  });

  test("is repeated as often as its rule says, also after a reload", () => {
    const screen = new Screen();
    const every30 = [{ ...waiting, repeat_s: 30 }];
    expect(screen.show(every30, 95_000)).toHaveLength(4);
    screen.reload();
    expect(screen.show(every30, 29_000)).toEqual([]);
    expect(screen.show(every30, 1_000)).toHaveLength(1);
  });

  test("is silent in quiet hours, and heard when they end", () => {
    const screen = new Screen();
    expect(screen.show([{ ...waiting, quiet: true, repeat_s: 5 }], 60_000)).toEqual([]);
    expect(screen.frame).toBe("bad");
    expect(screen.show([waiting])).toEqual(["alert"]);
  });

  test("that goes and comes back at once is the same one", () => {
    const screen = new Screen();
    screen.show([waiting], 5_000);
    screen.show([], 5_000);
    expect(screen.show([waiting], 5_000)).toEqual([]);
    screen.show([], REST_MS);
    expect(screen.show([waiting])).toEqual(["alert"]);
  });

  test("that becomes graver is heard again", () => {
    const screen = new Screen();
    screen.show([{ ...waiting, tone: "warn", sound: "chime" }], 10_000);
    expect(screen.show([waiting], 10_000)).toEqual(["alert"]);
  });

  test("that the browser held back is heard when it no longer does", () => {
    const screen = new Screen();
    screen.canPlay = false;
    screen.show([waiting], 20_000);
    screen.canPlay = true;
    expect(screen.show([waiting], 20_000)).toEqual(["alert"]);
  });
});

describe("of many alarms", () => {
  test("that begin at once, the gravest sounds", () => {
    expect(new Screen().show([late, waiting], 20_000)).toEqual(["alert"]);
  });

  test("that begin within a breath, one sounds, unless a graver one follows", () => {
    const screen = new Screen();
    screen.show([waiting], 1_000);
    expect(screen.show([waiting, late], 20_000)).toEqual([]);
    const other = new Screen();
    other.show([late], 1_000);
    expect(other.show([late, waiting], 20_000)).toEqual(["alert"]);
  });

  test("that follow each other, each sounds", () => {
    const screen = new Screen();
    screen.show([waiting], TOGETHER_MS);
    expect(screen.show([waiting, late])).toEqual(["chime"]);
  });
});

describe("the frame", () => {
  test("is there while a grave alarm lasts, and pulses when that is new", () => {
    const screen = new Screen();
    screen.show([late]);
    expect(screen.frame).toBe(null);
    screen.show([late, waiting], 3_000);
    expect([screen.frame, screen.pulse]).toEqual(["bad", 1]);
    screen.show([late]);
    expect(screen.frame).toBe(null);
  });
});

test("no sound is longer than two seconds, and each can be heard", () => {
  expect(Object.keys(SOUNDS)).toEqual(["ping", "chime", "alert", "siren"]);
  for (const notes of Object.keys(SOUNDS).map((name) => SOUNDS[name] || [])) {
    expect(lengthOf(notes)).toBeLessThanOrEqual(2);
    for (const { pitch } of notes) expect(pitch > 400 && pitch < 1_500).toBe(true);
  }
});

describe("an alarm of a tile with rows", () => {
  const row = (name: string, tone: "warn" | "bad" = "bad"): Raised => ({ tile: "queues", row: name, tone, sound: "alert", flash: true });

  test("sounds for each row by itself, but not twice within its rest", () => {
    const screen = new Screen();
    expect(screen.show([row("sales")], REST_MS + 1_000)).toEqual(["alert"]);
    expect(screen.show([row("sales"), row("mail")], 5_000)).toEqual(["alert"]);
    // A third one at once is seen, not heard: the tile has just sounded.
    expect(screen.show([row("sales"), row("mail"), row("chats")], 2 * REST_MS)).toEqual([]);
  });

  test("is heard again for a row that comes back after its rest, and when it becomes graver", () => {
    const screen = new Screen();
    screen.show([row("sales", "warn")], REST_MS + 1_000);
    screen.show([], 1_000);
    expect(screen.show([row("sales", "warn")], 1_000)).toEqual(["alert"]);
    expect(screen.show([row("sales")], TOGETHER_MS)).toEqual(["alert"]);
  });

  test("is not heard again after a reload", () => {
    const screen = new Screen();
    screen.show([row("sales"), row("mail")], 2_000);
    screen.reload();
    expect(screen.show([row("sales"), row("mail")], REST_MS)).toEqual([]);
    expect(screen.frame).toBe("bad");
  });
});
