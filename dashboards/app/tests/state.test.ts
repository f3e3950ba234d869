import { describe, expect, test } from "vitest";
import type { PaintedFrame, Position } from "../src/protocol";
import { Acknowledger } from "../src/state/painted";
import { Pacer, REPAINT_EVERY_MS } from "../src/state/pacer";
import { pictureOf, withDelta } from "../src/state/picture";
import { ServerClock } from "../src/state/serverclock";
import { SAVE_EVERY_MS, Store } from "../src/state/store";
import { delta, FakeTime, snapshot, value } from "./fake";

describe("the picture", () => {
  test("a delta replaces whole values and leaves the other tiles and the old picture alone", () => {
    const before = pictureOf(snapshot(1));
    const after = withDelta(before, delta(2));
    expect(after.tiles).toEqual({ waiting: value("w2"), sl: value("s1") });
    expect(after.tiles.sl).toBe(before.tiles.sl);
    expect(before.tiles.waiting).toEqual(value("w1"));
    expect(after.seq).toBe(2);
  });
});

describe("the pacer", () => {
  function pacer() {
    const time = new FakeTime();
    const shown: string[] = [];
    return { time, shown, pacer: new Pacer(time, (ids) => shown.push(`${ids.join("+")}@${time.nowMs - 1_000_000}`)) };
  }

  test("shows the first change at once and then one a second, the newest", () => {
    const { time, shown, pacer: it } = pacer();
    for (let seq = 1; seq <= 8; seq += 1) {
      it.changed(["a"], seq);
      time.pass(250);
    }
    expect(shown).toEqual(["a@0", "a@1000", "a@2000"]);
  });

  test("a tile that was quiet doesn't wait for a busy one", () => {
    const { time, shown, pacer: it } = pacer();
    it.changed(["a"], 1);
    time.pass(300);
    it.changed(["a", "b"], 2);
    expect(shown).toEqual(["a@0", "b@300"]);
    time.pass(REPAINT_EVERY_MS);
    expect(shown).toEqual(["a@0", "b@300", "a@1000"]);
  });

  test("what waits is not counted as shown", () => {
    const { time, pacer: it } = pacer();
    it.changed(["a"], 4);
    expect(it.shownUpTo(4)).toBe(4);
    it.changed(["a"], 5);
    it.changed(["a", "b"], 6);
    expect(it.shownUpTo(6)).toBe(4);
    time.pass(REPAINT_EVERY_MS);
    expect(it.shownUpTo(6)).toBe(6);
  });

  test("a new picture shows everything at once", () => {
    const { time, shown, pacer: it } = pacer();
    it.changed(["a"], 1);
    it.changed(["a"], 2);
    it.reset(["a", "b"]);
    expect(shown).toEqual(["a@0", "a+b@0"]);
    time.pass(5_000);
    expect(shown).toHaveLength(2);
  });
});

describe("the acknowledgement", () => {
  function acknowledger(shown: () => Position | null) {
    const time = new FakeTime();
    const frames: (() => void)[] = [];
    const sent: PaintedFrame[] = [];
    const nextFrame = (action: () => void) => void frames.push(action);
    const it = new Acknowledger({ now: time.now, nextFrame }, shown, (frame) => sent.push(frame));
    return { it, time, sent, paint: () => frames.splice(0).forEach((action) => action()) };
  }

  test("comes two animation frames after the change, with what the first of them held", () => {
    let seq = 3;
    const { it, sent, paint } = acknowledger(() => ({ epoch: "e1", seq }));
    it.changed();
    paint();
    seq = 4;
    expect(sent).toEqual([]);
    paint();
    expect(sent).toEqual([{ type: "painted", epoch: "e1", seq: 3 }]);
  });

  test("a quiet board is acknowledged again with each heartbeat, but not more often", () => {
    const { it, time, sent, paint } = acknowledger(() => ({ epoch: "e1", seq: 3 }));
    for (let second = 0; second < 3; second += 1) {
      for (let again = 0; again < 3; again += 1) {
        it.changed();
        paint();
        paint();
      }
      time.pass(1_000);
    }
    expect(sent).toHaveLength(3);
  });
});

describe("the server's clock", () => {
  test("the frame that travelled least counts", () => {
    const time = new FakeTime();
    const clock = new ServerClock(time.now);
    clock.heard(time.nowMs + 60_000 - 400);
    clock.heard(time.nowMs + 60_000 - 20);
    clock.heard(time.nowMs + 60_000 - 900);
    time.pass(1_000);
    expect(clock.nowMs()).toBe(time.nowMs + 60_000 - 20);
  });

  test("a server's clock that was set is believed within five frames", () => {
    const time = new FakeTime();
    const clock = new ServerClock(time.now);
    clock.heard(time.nowMs + 60_000);
    for (let frame = 0; frame < 5; frame += 1) clock.heard(time.nowMs);
    expect(clock.nowMs()).toBe(time.nowMs);
  });

  for (const jumpMs of [3_600_000, -3_600_000]) {
    test(`a TV's clock that jumps by ${jumpMs / 3_600_000} h changes nothing`, () => {
      const time = new FakeTime();
      let setMs = 7_000_000;
      const clock = new ServerClock(time.now, () => time.nowMs + setMs);
      for (let frame = 0; frame < 5; frame += 1) {
        clock.heard(time.nowMs + 60_000);
        time.pass(1_000);
      }
      setMs += jumpMs;
      expect(clock.nowMs()).toBe(time.nowMs + 60_000);
      clock.heard(time.nowMs + 60_000);
      expect(clock.nowMs()).toBe(time.nowMs + 60_000);
    });
  }

  test("a TV that slept counts from the first frame after it", () => {
    const time = new FakeTime();
    let setMs = 0;
    const clock = new ServerClock(time.now, () => time.nowMs + setMs);
    clock.heard(time.nowMs + 60_000);
    // Its steady clock stood still meanwhile, and the server's went back by more.
    setMs = 28_800_000;
    clock.heard(time.nowMs - 5_000);
    expect(clock.nowMs()).toBe(time.nowMs - 5_000);
  });

  test("before the first frame it is the TV's own time", () => {
    const time = new FakeTime();
    expect(new ServerClock(time.now, () => 42).nowMs()).toBe(42);
  });

  test("a picture that is cut off stays of its moment while the time of day goes on", () => {
    const time = new FakeTime();
    const store = new Store("floor", time, { load: () => null, save: () => {}, forget: () => {} }, { changed: () => {}, build: () => {} });
    store.phase("live");
    store.snapshot(snapshot(1));
    store.heard({ ...snapshot(1), at_ms: 120_000 });
    time.pass(500);
    expect([store.clock.pictureMs(), store.clock.isPictureOld()]).toEqual([120_500, false]);
    store.phase("reconnecting");
    time.pass(60_000);
    expect([store.clock.pictureMs(), store.clock.isPictureOld()]).toEqual([120_000, true]);
    expect(store.clock.nowMs()).toBe(180_500);
    store.phase("live");
    expect([store.clock.pictureMs(), store.clock.isPictureOld()]).toEqual([180_500, false]);
  });

  test("a replay's time is the picture's, and stands when the picture does", () => {
    const time = new FakeTime();
    const memory = { load: () => null, save: () => {}, forget: () => {} };
    const store = new Store("floor", time, memory, { changed: () => {}, build: () => {} });
    const first = snapshot(1);
    first.board.replay_speed = 60;
    store.snapshot(first);
    store.heard({ ...first, at_ms: 120_000 });
    time.pass(5_000);
    expect(store.clock.nowMs()).toBe(120_000);
    expect(store.isReplay()).toBe(true);
  });
});

describe("storage", () => {
  test("gets the snapshot at once and the rest now and then", () => {
    const time = new FakeTime();
    const saved: number[] = [];
    const memory = { load: () => null, forget: () => {}, save: (picture: Position) => void saved.push(picture.seq) };
    const store = new Store("floor", time, memory, { changed: () => {}, build: () => {} });
    store.snapshot(snapshot(1));
    for (let seq = 2; seq <= 12; seq += 1) {
      time.pass(SAVE_EVERY_MS / 5);
      store.delta(delta(seq));
    }
    expect(saved).toEqual([1, 6, 11]);
  });
});
