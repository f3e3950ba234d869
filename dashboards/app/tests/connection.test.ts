import { beforeEach, describe, expect, test } from "vitest";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoffMs } from "../src/connection/backoff";
import { CONNECT_LIMIT_MS, Connection, QUEUE_MAX, SETTLED_AFTER_MS, STALE_AFTER_MS } from "../src/connection/socket";
import type { Memory } from "../src/state/memory";
import { Store } from "../src/state/store";
import { delta, FakeNetwork, FakeTime, heartbeat, snapshot } from "./fake";

const NO_MEMORY: Memory = { load: () => null, save: () => {}, forget: () => {} };

let time: FakeTime;
let network: FakeNetwork;
let store: Store;
let connection: Connection;

function begin(memory = NO_MEMORY): void {
  time = new FakeTime();
  network = new FakeNetwork(time);
  store = new Store("floor", time, memory, { changed: () => {}, build: () => {} });
  connection = new Connection(network, store);
  connection.start();
}

function waitingText(): unknown {
  return (store.value("waiting") as { text?: string } | null)?.text;
}

beforeEach(() => begin());

describe("joining", () => {
  test("the first attempt asks for no resume and is live with the snapshot", () => {
    expect(network.last.resume).toBeNull();
    expect(connection.phase).toBe("connecting");
    network.last.hear(snapshot(7));
    expect(connection.phase).toBe("live");
    expect(waitingText()).toBe("w7");
  });

  test("deltas that come before the snapshot wait for it; those it holds already are left out", () => {
    network.last.hear(delta(7));
    network.last.hear(delta(8));
    network.last.hear(delta(9));
    expect(store.board()).toBeNull();
    network.last.hear(snapshot(8));
    expect(store.position()).toEqual({ epoch: "e1", seq: 9 });
    expect(waitingText()).toBe("w9");
  });

  test("no more deltas wait than the named limit", () => {
    for (let seq = 1; seq <= QUEUE_MAX + 1; seq += 1) network.last.hear(delta(seq));
    expect(network.last.isClosed).toBe(true);
  });

  test("an attempt that hangs is given up", () => {
    time.pass(CONNECT_LIMIT_MS);
    expect(network.sockets[0]?.isClosed).toBe(true);
    time.pass(BACKOFF_FIRST_MS);
    expect(network.sockets).toHaveLength(2);
  });

  test("a frame of an unknown type is passed over", () => {
    network.last.hear(snapshot(1));
    network.last.hear({ type: "fireworks", epoch: "e1", seq: 1 });
    expect(connection.phase).toBe("live");
    expect(network.last.isClosed).toBe(false);
  });
});

describe("resuming", () => {
  beforeEach(() => network.last.hear(snapshot(3)));

  test("after a cut the picture stays and the next attempt offers its position", () => {
    network.last.events.closed();
    expect(connection.phase).toBe("reconnecting");
    expect(waitingText()).toBe("w3");
    time.pass(BACKOFF_FIRST_MS);
    expect(network.last.resume).toEqual({ epoch: "e1", seq: 3 });
    network.last.hear({ type: "resumed", epoch: "e1", seq: 3, at_ms: 6_000 });
    network.last.hear(delta(4));
    expect(connection.phase).toBe("live");
    expect(waitingText()).toBe("w4");
  });

  test("a server that resumes somewhere else is asked for a snapshot", () => {
    network.last.events.closed();
    time.pass(BACKOFF_FIRST_MS);
    network.last.hear({ type: "resumed", epoch: "e1", seq: 5, at_ms: 6_000 });
    time.pass(2 * BACKOFF_FIRST_MS);
    expect(network.last.resume).toBeNull();
    network.last.hear(snapshot(5));
    expect(waitingText()).toBe("w5");
  });

  test("a restarted server answers with a snapshot of its own epoch", () => {
    network.last.events.closed();
    time.pass(BACKOFF_FIRST_MS);
    network.last.hear(snapshot(1, "e2"));
    expect(store.position()).toEqual({ epoch: "e2", seq: 1 });
  });
});

describe("gaps", () => {
  beforeEach(() => network.last.hear(snapshot(3)));

  for (const [what, frame] of [
    ["a delta that skips one", delta(5)],
    ["a delta of another epoch", delta(4, 3, "e2")],
    ["a heartbeat of a position never heard of", heartbeat(9)],
  ] as const) {
    test(`${what} leads to a new snapshot, without a resume`, () => {
      network.last.hear(frame);
      expect(network.last.isClosed).toBe(true);
      expect(waitingText()).toBe("w3");
      time.pass(BACKOFF_FIRST_MS);
      expect(network.last.resume).toBeNull();
    });
  }

  test("so does text that is no frame", () => {
    network.last.events.message("<html>");
    time.pass(BACKOFF_FIRST_MS);
    expect(network.last.resume).toBeNull();
  });

  test("a socket that was given up is not listened to any more", () => {
    const old = network.last;
    old.hear(delta(5));
    old.hear(snapshot(99));
    old.events.closed();
    expect(store.position()).toEqual({ epoch: "e1", seq: 3 });
    time.pass(BACKOFF_FIRST_MS);
    expect(network.sockets).toHaveLength(2);
  });
});

describe("staleness", () => {
  beforeEach(() => network.last.hear(snapshot(3)));

  test("heartbeats keep the picture live", () => {
    for (let second = 0; second < 30; second += 1) {
      time.pass(1_000);
      network.last.hear(heartbeat(3));
    }
    expect(connection.phase).toBe("live");
  });

  test("an open but dumb line is stale in time, and is given up", () => {
    time.pass(STALE_AFTER_MS - 1);
    expect(connection.phase).toBe("live");
    time.pass(1);
    expect(connection.phase).toBe("stale");
    expect(network.sockets[0]?.isClosed).toBe(true);
    expect(waitingText()).toBe("w3");
  });

  test("a cut line is stale as long after the last frame, whatever the attempts do", () => {
    time.pass(1_000);
    network.last.hear(heartbeat(3));
    time.pass(500);
    network.last.events.closed();
    time.pass(STALE_AFTER_MS - 501);
    expect(connection.phase).toBe("reconnecting");
    time.pass(1);
    expect(connection.phase).toBe("stale");
    expect(store.heardAtMs).toBe(5_000);
  });

  test("it is live again with the first frame that follows on", () => {
    time.pass(STALE_AFTER_MS + BACKOFF_FIRST_MS);
    network.last.hear({ type: "resumed", epoch: "e1", seq: 3, at_ms: 9_000 });
    expect(connection.phase).toBe("live");
  });
});

describe("back-off", () => {
  test("doubles to its limit, with the dice between half and whole", () => {
    const whole = [0, 1, 2, 3, 4, 5, 60].map((attempt) => backoffMs(attempt, () => 1));
    expect(whole).toEqual([500, 1_000, 2_000, 4_000, 8_000, BACKOFF_MAX_MS, BACKOFF_MAX_MS]);
    expect(backoffMs(2, () => 0)).toBe(1_000);
  });

  test("a server that accepts and cuts at once is not hammered", () => {
    for (let attempt = 0; attempt < 4; attempt += 1) {
      network.last.hear(snapshot(1));
      network.last.events.closed();
      time.pass(backoffMs(attempt, () => 1) - 1);
      expect(network.sockets).toHaveLength(attempt + 1);
      time.pass(1);
      expect(network.sockets).toHaveLength(attempt + 2);
    }
  });

  test("a settled conversation ends the count of failures", () => {
    network.last.events.closed();
    time.pass(500);
    network.last.events.closed();
    time.pass(1_000);
    network.last.hear(snapshot(1));
    time.pass(SETTLED_AFTER_MS / 2);
    network.last.hear(heartbeat(1));
    time.pass(SETTLED_AFTER_MS / 2);
    network.last.hear(heartbeat(1));
    network.last.events.closed();
    time.pass(BACKOFF_FIRST_MS);
    expect(network.sockets).toHaveLength(4);
  });
});

describe("a picture from before a reload", () => {
  test("is there at once, offers its position, and counts as stale in time", () => {
    const { type: _type, build: _build, ...picture } = snapshot(12);
    begin({ load: () => picture, save: () => {}, forget: () => {} });
    expect(waitingText()).toBe("w12");
    expect(network.last.resume).toEqual({ epoch: "e1", seq: 12 });
    time.pass(STALE_AFTER_MS);
    expect(connection.phase).toBe("stale");
  });
});

describe("a board that isn't there", () => {
  const found = { isThere: false, build: "b", says: "", problem: "", words: "", near: "", others: ["written"] };

  test("is told apart from a server that is down, and the attempts go on", () => {
    network.last.events.closed();
    expect(connection.phase).toBe("connecting");
    network.found = found;
    time.pass(BACKOFF_FIRST_MS);
    network.last.events.closed();
    expect(connection.phase).toBe("absent");
    expect(store.missingBoard).toEqual({ found, title: "" });
    time.pass(60_000);
    expect(connection.phase).toBe("absent");
    const attempts = network.sockets.length;
    time.pass(BACKOFF_MAX_MS + CONNECT_LIMIT_MS);
    expect(network.sockets.length).toBeGreaterThan(attempts);
  });

  test("comes alive when it was made meanwhile", () => {
    network.found = found;
    network.last.events.closed();
    time.pass(BACKOFF_FIRST_MS);
    network.last.hear(snapshot(1));
    expect(connection.phase).toBe("live");
    expect(store.missingBoard).toBeNull();
    expect(waitingText()).toBe("w1");
  });

  test("takes its picture along when it is removed while it is shown, also from storage", () => {
    const forgotten: string[] = [];
    begin({ load: () => null, save: () => {}, forget: (board) => forgotten.push(board) });
    network.last.hear(snapshot(3));
    network.last.events.closed();
    expect(waitingText()).toBe("w3");
    network.found = found;
    time.pass(BACKOFF_FIRST_MS);
    network.last.events.closed();
    expect(store.board()).toBeNull();
    expect(store.missingBoard?.title).toBe("Floor");
    expect(forgotten).toEqual(["floor"]);
    time.pass(2 * BACKOFF_FIRST_MS);
    expect(network.last.resume).toBeNull();
    network.last.hear(snapshot(9));
    expect(waitingText()).toBe("w9");
  });
});
