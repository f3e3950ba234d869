// The floor board in all the states that a wall must bear: each is a board of the mock server,
// /wall/floor, /wall/late, /wall/floor-ru and so on.

import { duration, layout } from "./floor.mjs";
import { LANGUAGES, translated } from "./languages.mjs";

const MINUTE_MS = 60_000;

function each(tiles, value) {
  return Object.fromEntries(Object.keys(tiles).map((id) => [id, id === "clock" ? tiles[id] : value(id, tiles[id])]));
}

/** What the server says beside a tone: by tile where it is not as it should be. */
const WORDS = {
  en: { good: "fine", sl: "below goal", longest_wait: "too long", waiting: "too many", unanswered: "too many", abandon_rate: "too high" },
  pl: { good: "w normie", sl: "poniżej celu", longest_wait: "za długo", waiting: "za dużo", unanswered: "za dużo", abandon_rate: "za wysoko" },
  ru: { good: "в норме", sl: "ниже цели", longest_wait: "слишком долго", waiting: "слишком много", unanswered: "слишком много", abandon_rate: "слишком высоко" },
};

/** A variant with the words that belong to its tones. */
function worded({ board, tiles }) {
  const words = WORDS[board.language] || WORDS.en;
  const withWord = (id, value) => {
    const word = value.tone === "good" ? words.good : words[id];
    return word ? { word, ...value } : value;
  };
  return { board, tiles: (...given) => Object.fromEntries(Object.entries(tiles(...given)).map(([id, value]) => [id, withWord(id, value)])) };
}

export const VARIANTS = Object.fromEntries(Object.entries({
  floor: { board: layout("floor", { title: "Contact centre · Warsaw" }), tiles: (tiles) => tiles },
  late: {
    board: layout("late", { title: "Contact centre · Warsaw" }),
    tiles: (tiles, nowMs) => {
      const note = { state: "late", note: "without Telegram since 14:02" };
      const channels = tiles.channels.channels.map((channel, index) =>
        index === 1 ? { ...channel, health: "late", why: "gap", since_ms: nowMs - 260_000, last_event_ms: nowMs - 60_000 } : index === 2 ? { ...channel, health: "silent", why: "link", since_ms: nowMs - 5_460_000, last_event_ms: nowMs - 5_460_000 } : channel,
      );
      return {
        ...tiles,
        sl: { ...tiles.sl, ...note, tone: "bad", text: "68", value: 0.68, detail: "611 of 898 in 20 s" },
        unanswered: { ...tiles.unanswered, ...note, tone: "warn" },
        first_response: { ...tiles.first_response, ...note },
        offered: { ...tiles.offered, ...note },
        waiting: { ...tiles.waiting, text: "31", tone: "bad" },
        queues: { ...tiles.queues, ...note },
        trend: { ...tiles.trend, ...note },
        channels: { ...tiles.channels, channels },
      };
    },
  },
  clock: {
    board: layout("clock", {
      title: "Contact centre · Warsaw",
      notice: "The server’s clock jumped ahead by 40 days: numbers go on by the time before",
    }),
    tiles: (tiles) => ({ ...tiles, channels: { ...tiles.channels, tone: "warn" } }),
  },
  empty: { board: layout("empty", { title: "Contact centre · Warsaw" }), tiles: (tiles) => each(tiles, () => ({ state: "no_data", tone: "plain" })) },
  states: {
    board: layout("states", { title: "Contact centre · Warsaw" }),
    tiles: (tiles) => ({
      ...tiles,
      sl: { state: "stale", tone: "good", ...tiles.sl, note: "from before the restart", state: "stale" },
      waiting: { state: "concealed" },
      longest_wait: { state: "not_applicable" },
      unanswered: { ...tiles.unanswered, state: "stale" },
      first_response: { state: "no_data" },
      agents: { ...tiles.agents, text: "1,284,931", unit: "msg" },
      offered: { ...tiles.offered, text: null },
      abandon_rate: { ...tiles.abandon_rate, tone: "bad", text: "100.0" },
      channels: { state: "no_data" },
      trend: { ...tiles.trend, series: tiles.trend.series.map((one) => ({ ...one, values: one.values.map((value, index) => (index > 20 && index < 30 ? null : value)) })) },
    }),
  },
  many: {
    board: layout("many", { title: "Contact centre · Warsaw" }),
    tiles: (tiles) => {
      const rows = Array.from({ length: 30 }, (_, index) => ({ ...tiles.queues.rows[index % 7], name: `Region ${index + 1} · ${tiles.queues.rows[index % 7].name}`, pinned: index < 2 || undefined }));
      const names = ["Phone", "Telegram", "Web form", "VKontakte", "Facebook", "Instagram", "E-mail", "Forum", "Reviews"];
      const channels = names.map((title, index) => ({ ...tiles.channels.channels[index % 3], name: title, title }));
      return { ...tiles, queues: { ...tiles.queues, rows, more: 0 }, channels: { ...tiles.channels, channels } };
    },
  },
  // Five digits everywhere, and lengths of days.
  large: {
    board: layout("large", { title: "Contact centre · Warsaw" }),
    tiles: (tiles) => ({
      ...tiles,
      waiting: { ...tiles.waiting, text: "48,211" },
      longest_wait: { ...tiles.longest_wait, text: "3\u00a0d\u00a017\u00a0h", tone: "bad" },
      unanswered: { ...tiles.unanswered, text: "12,904", tone: "bad" },
      first_response: { ...tiles.first_response, text: "14\u00a0h\u00a038\u00a0min", tone: "bad" },
      offered: { ...tiles.offered, text: "1,284,931" },
      queues: { ...tiles.queues, rows: tiles.queues.rows.map((row) => ({ ...row, cells: [{ text: "12,345", tone: "bad" }, { text: "23\u00a0h\u00a059\u00a0min", tone: "bad" }, { text: "100 %", tone: "good" }] })) },
      trend: { ...tiles.trend, series: tiles.trend.series.map((one) => ({ ...one, values: one.values.map((value) => value * 1_017) })) },
      channels: { ...tiles.channels, channels: tiles.channels.channels.map((channel) => ({ ...channel, volume: "48,211" })) },
    }),
  },
  // A fault on purpose: a title below the length that may be cut, and no space to break it at.
  planted: { board: planted(), tiles: (tiles) => tiles },
  marks: {
    board: layout("marks", { title: "Contact centre · Warsaw" }),
    tiles: (tiles, nowMs) => ({
      ...tiles,
      trend: {
        ...tiles.trend,
        marks: [
          { kind: "campaign", text: "Black Friday newsletter", from_ms: tiles.trend.from_ms + 17 * MINUTE_MS, to_ms: nowMs + 60 * MINUTE_MS },
          { kind: "outage", text: "Payments down", from_ms: tiles.trend.from_ms + 41 * MINUTE_MS, to_ms: tiles.trend.from_ms + 47 * MINUTE_MS },
          { kind: "release", text: "App 4.2", from_ms: nowMs },
        ],
        more_marks: 2,
      },
    }),
  },
  // A rule holds, with frame and sound; four lines, the goal and last week's line.
  alarm: { board: alarming("alarm"), tiles: alarmed },
  light: {
    board: alarming("light", { theme: "light" }),
    tiles: (tiles) => {
      const all = alarmed(tiles);
      return { ...all, trend: { ...all.trend, series: all.trend.series.slice(0, 1) } };
    },
  },
  high_contrast: { board: alarming("high_contrast", { theme: "high_contrast" }), tiles: alarmed },
  ended: {
    board: layout("ended", { title: "Contact centre · Warsaw" }),
    tiles: (tiles) => ({
      ...tiles,
      trend: { ...tiles.trend, marks: [{ kind: "outage", text: "Telephony of the northern region is out of order for everybody who calls", from_ms: tiles.trend.from_ms - MINUTE_MS, to_ms: tiles.trend.from_ms + 22 * MINUTE_MS }] },
    }),
  },
  long: {
    board: longNames(),
    tiles: (tiles) => ({
      ...tiles,
      queues: { ...tiles.queues, rows: tiles.queues.rows.map((row) => ({ ...row, name: `${row.name} for business customers in the north-eastern region` })) },
      longest_wait: { ...tiles.longest_wait, text: duration(46_080_000), tone: "bad", note: "without Telegram, Facebook and the customers' forum since 14:02", state: "late" },
      channels: { ...tiles.channels, channels: tiles.channels.channels.map((channel) => ({ ...channel, title: `${channel.title} of the whole company group` })) },
    }),
  },
}).map(([id, variant]) => [id, worded(variant)]));

function alarming(id, more = {}) {
  const board = { ...layout(id, { title: "Contact centre · Warsaw" }), ...more };
  board.tiles = board.tiles.map((tile) => (["waiting", "unanswered"].includes(tile.id) ? { ...tile, sound: "alert" } : tile));
  return board;
}

function alarmed(tiles) {
  const [offered, answered] = tiles.trend.series;
  const part = (share) => offered.values.map((value) => Math.round(value * share));
  return {
    ...tiles,
    waiting: { ...tiles.waiting, text: "31", tone: "bad", word: "all hands", alarm: { rule: 1, icon: "bell", sound: "alert", repeat_s: 30, flash: true } },
    unanswered: { ...tiles.unanswered, text: "17", tone: "warn", word: "many", alarm: { rule: 0, icon: "clock", sound: "chime", quiet: true } },
    trend: {
      ...tiles.trend,
      series: [offered, answered, { name: "Phone", values: part(0.5) }, { name: "Telegram", values: part(0.3) }],
      target: 22,
      target_text: "22",
      earlier: { name: "last week", values: offered.values.map((value, index) => 15 + 5 * Math.sin(index / 14)) },
    },
  };
}

function planted() {
  const board = layout("planted", { title: "Contact centre · Warsaw" });
  board.tiles.filter((tile) => tile.id === "waiting")[0].title = "Donaudampfschifffahrtsgesellschaft";
  return board;
}

function longNames() {
  const board = layout("long", { title: "Contact centre of the whole company group · Warsaw" });
  for (const tile of board.tiles) {
    if (tile.id === "clock") continue;
    tile.title += " of all contacts in the group";
    tile.subtitle += " · business customers in the north-eastern region";
  }
  return board;
}

const IN_LANGUAGES = ["floor", "late", "states", "many", "large", "long"];
for (const language of Object.keys(LANGUAGES)) {
  for (const id of IN_LANGUAGES) VARIANTS[`${id}-${language}`] = translated(`${id}-${language}`, VARIANTS[id], language);
}
