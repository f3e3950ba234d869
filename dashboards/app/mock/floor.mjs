// The floor board for development: its layout, and figures that move like a real day's.
// Seeded, so that two runs look alike.

const MINUTE_MS = 60_000;
const TREND_MINUTES = 60;
const QUEUES = ["Sales", "Support", "Billing", "Social media", "E-mail", "Complaints", "Partners"];

export function layout(id, { title = "Floor", language = "en", notice, site = "Northern Parcels" } = {}) {
  const tile = (id, type, x, y, w, h, title, subtitle) => ({ id, type, x, y, w, h, title, subtitle });
  return {
    id,
    title,
    site,
    columns: 24,
    rows: 12,
    language,
    notice,
    time_zone: "Europe/Warsaw",
    utc_offset_ms: 3_600_000,
    tiles: [
      tile("sl", "gauge", 0, 0, 9, 5, "Service level", "All queues · last 60 min"),
      tile("queues", "queue_table", 0, 5, 9, 7, "Queues", "Now · service level of the last 60 min"),
      tile("waiting", "number", 9, 0, 5, 3, "Waiting", "Calls and chats · now"),
      tile("longest_wait", "number", 14, 0, 5, 3, "Longest wait", "Now"),
      tile("clock", "clock", 19, 0, 5, 3, "", ""),
      tile("unanswered", "number", 9, 3, 5, 3, "Unanswered", "Written · now"),
      tile("first_response", "number", 14, 3, 5, 3, "First response", "Median · today"),
      tile("agents", "number", 19, 3, 5, 3, "Agents available", "Now"),
      tile("trend", "trend", 9, 6, 10, 3, "Contacts per minute", "All channels · last 60 min"),
      tile("offered", "number", 19, 6, 5, 3, "Offered", "Today"),
      tile("channels", "channel_strip", 9, 9, 10, 3, "Channels", "Contacts in the last 60 min"),
      tile("abandon_rate", "number", 19, 9, 5, 3, "Abandon rate", "Today"),
    ],
  };
}

/** A stream of pseudo-random numbers in 0..1 (mulberry32). */
function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Floor {
  constructor(nowMs, seed = 7) {
    this.random = randomFrom(seed);
    this.offered = 1260;
    this.answered = 1189;
    this.abandoned = 58;
    this.inTime = 963;
    this.available = 6;
    this.unanswered = 14;
    this.queues = QUEUES.map((name, index) => ({ name, waiting: [3, 2, 0, 4, 9, 0, 1][index], sinceMs: nowMs - 9_000 * (index + 1), level: [0.83, 0.76, 0.94, 0.81, 0.9, 0.64, 0.88][index] }));
    this.offeredByMinute = [];
    this.answeredByMinute = [];
    for (let minute = 0; minute < TREND_MINUTES; minute += 1) {
      const load = 17 + 7 * Math.sin(minute / 9) + 5 * this.random();
      this.offeredByMinute.push(Math.round(load));
      this.answeredByMinute.push(Math.max(0, Math.round(load - 1 - 5 * this.random())));
    }
    this.trendFromMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS - (TREND_MINUTES - 1) * MINUTE_MS;
    this.channels = [
      { name: "phone", title: "Phone", network: "asterisk", health: "live", last_event_ms: nowMs - 2_000, count: 812 },
      { name: "telegram", title: "Telegram", network: "telegram", health: "live", last_event_ms: nowMs - 11_000, count: 346 },
      { name: "webform", title: "Web form", network: "webform", health: "live", last_event_ms: nowMs - 38_000, count: 57 },
    ];
  }

  /** One step of the day, four times a second. */
  step(nowMs) {
    const { random } = this;
    const minutes = Math.floor((nowMs - this.trendFromMs) / MINUTE_MS);
    while (this.offeredByMinute.length <= minutes) {
      this.offeredByMinute.push(0);
      this.answeredByMinute.push(0);
    }
    while (this.offeredByMinute.length > TREND_MINUTES) {
      this.offeredByMinute.shift();
      this.answeredByMinute.shift();
      this.trendFromMs += MINUTE_MS;
    }
    const last = this.offeredByMinute.length - 1;
    if (random() < 0.1) {
      this.offered += 1;
      this.offeredByMinute[last] += 1;
      const queue = this.queues[Math.floor(random() * this.queues.length)];
      if (queue.waiting === 0) queue.sinceMs = nowMs;
      queue.waiting += 1;
      const channel = this.channels[Math.floor(random() * random() * this.channels.length)];
      if (channel.health === "live") {
        channel.last_event_ms = nowMs;
        channel.count += 1;
      }
    }
    if (random() < 0.105) {
      const busy = this.queues.filter((queue) => queue.waiting > 0);
      const queue = busy[Math.floor(random() * busy.length)];
      if (queue) {
        const late = nowMs - queue.sinceMs > 20_000;
        queue.waiting -= 1;
        queue.sinceMs = Math.min(nowMs, queue.sinceMs + 8_000 + 20_000 * random());
        if (random() < 0.06) this.abandoned += 1;
        else {
          this.answered += 1;
          this.answeredByMinute[last] += 1;
          this.inTime += late ? 0 : 1;
        }
        queue.level += ((late ? 0 : 1) - queue.level) / 60;
      }
    }
    if (random() < 0.05) this.available = Math.min(9, Math.max(1, this.available + (random() < 0.5 ? -1 : 1)));
    if (random() < 0.05) this.unanswered = Math.min(31, Math.max(3, this.unanswered + (random() < 0.5 ? -1 : 1)));
  }

  /** All tiles' values. */
  tiles(nowMs) {
    const waiting = this.queues.reduce((sum, queue) => sum + queue.waiting, 0);
    const longest = Math.max(0, ...this.queues.map((queue) => waitOf(queue, nowMs)));
    const level = this.inTime / this.answered;
    const abandon = this.abandoned / this.offered;
    const live = { state: "live" };
    return {
      sl: { ...live, tone: toneUp(level, 0.8, 0.75), text: percent(level), unit: "%", value: level, target: 0.8, min: 0, max: 1, target_text: "80 %", detail: `${grouped(this.inTime)} of ${grouped(this.answered)} in 20 s` },
      waiting: { ...live, tone: toneDown(waiting, 16, 24), text: String(waiting), value: waiting, detail: `${this.queues.filter((queue) => queue.waiting > 0).length} of ${this.queues.length} queues` },
      longest_wait: { ...live, tone: toneDown(longest, 60_000, 120_000), text: duration(longest), unit: "", value: longest / 1_000, target_text: "1\u00a0min", detail: "Support" },
      unanswered: { ...live, tone: toneDown(this.unanswered, 15, 25), text: String(this.unanswered), value: this.unanswered, detail: "oldest 42 min" },
      first_response: { ...live, tone: "good", text: duration(278_000), unit: "", value: 278, target_text: "5\u00a0min", detail: "p90 11\u00a0min" },
      agents: { ...live, tone: "plain", text: String(this.available), value: this.available, detail: `${14 - this.available} talking · 2 after work · 3 paused` },
      offered: { ...live, tone: "plain", text: grouped(this.offered), value: this.offered, detail: `${grouped(this.answered)} answered · ${this.abandoned} abandoned` },
      abandon_rate: { ...live, tone: toneDown(abandon, 0.05, 0.08), text: (abandon * 100).toFixed(1), unit: "%", value: abandon, target_text: "5 %", detail: `${this.abandoned} of ${grouped(this.offered)}` },
      trend: { ...live, tone: "plain", axis: "per minute", from_ms: this.trendFromMs, step_ms: MINUTE_MS, series: [{ name: "Offered", values: this.offeredByMinute.slice(0, -1) }, { name: "Answered", values: this.answeredByMinute.slice(0, -1) }] },
      queues: {
        ...live,
        columns: [{ id: "waiting", title: "Waiting" }, { id: "longest", title: "Longest" }, { id: "sl", title: "Service" }],
        rows: urgentFirst(this.queues, nowMs).map((queue, index) => ({
          name: queue.name,
          cells: [
            { text: String(queue.waiting), tone: "plain" },
            { text: queue.waiting ? duration(waitOf(queue, nowMs)) : "—", tone: toneDown(waitOf(queue, nowMs), 60_000, 120_000) },
            { text: `${percent(queue.level)} %`, tone: toneUp(queue.level, 0.8, 0.7) },
          ],
          pinned: index === 0 || undefined,
        })),
        more: 0,
      },
      channels: { ...live, channels: this.channels.map(({ count, ...channel }) => ({ ...channel, volume: grouped(count) })) },
      clock: live,
    };
  }
}

function waitOf(queue, nowMs) {
  return queue.waiting > 0 ? nowMs - queue.sinceMs : 0;
}

function toneUp(value, good, warn) {
  return value >= good ? "good" : value >= warn ? "warn" : "bad";
}

function toneDown(value, warn, bad) {
  return value < warn ? "good" : value < bad ? "warn" : "bad";
}

function percent(share) {
  return (share * 100).toFixed(0);
}

function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** As the server does it: what burns first, then the longest wait. */
function urgentFirst(queues, nowMs) {
  const burns = ({ level }) => (level < 0.7 ? 2 : level < 0.8 ? 1 : 0);
  return queues.slice().sort((a, b) => burns(b) - burns(a) || waitOf(b, nowMs) - waitOf(a, nowMs));
}

/** "45 s", "9 min 05 s", "18 min", "2 h 10 min". */
export function duration(ms, [s, min, h] = ["s", "min", "h"]) {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 60) return `${seconds}\u00a0${s}`;
  if (seconds < 600) return `${Math.floor(seconds / 60)}\u00a0${min}\u00a0${String(seconds % 60).padStart(2, "0")}\u00a0${s}`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}\u00a0${min}`;
  return `${Math.floor(seconds / 3600)}\u00a0${h}\u00a0${Math.floor(seconds / 60) % 60}\u00a0${min}`;
}
