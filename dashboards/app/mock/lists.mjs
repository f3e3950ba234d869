// Boards of lists for the mock server: /wall/lists, /wall/lists_none, /wall/lists_busy, /wall/lists_russian,
// /wall/house, /wall/lists_rules.

const MINUTE_MS = 60_000;

function board(id, language = "en") {
  const tile = (id, type, x, y, w, h, title, subtitle) => ({ id, type, x, y, w, h, title, subtitle });
  return {
    id,
    title: "Contact centre · Warsaw",
    columns: 24,
    rows: 12,
    language,
    time_zone: "Europe/Warsaw",
    utc_offset_ms: 3_600_000,
    tiles: [
      tile("waiting", "waiting_list", 0, 0, 10, 6, ...words(language, ["Who waits", "all queues"], ["Кто ждёт", "все очереди"])),
      tile("risk", "promises_at_risk", 0, 6, 10, 6, ...words(language, ["Promises", "all queues"], ["Обещания", "все очереди"])),
      tile("agents", "agents", 10, 0, 9, 6, ...words(language, ["Agents", "all queues"], ["Операторы", "все очереди"])),
      tile("bars", "bars", 10, 6, 5, 4, ...words(language, ["Offered", "today"], ["Поступило", "сегодня"])),
      tile("channels", "channel_table", 15, 6, 9, 4, ...words(language, ["Channels", "today"], ["Каналы", "сегодня"])),
      tile("number", "number", 19, 0, 5, 3, ...words(language, ["Offered", "all queues · today"], ["Поступило", "все очереди · сегодня"])),
      tile("countdown", "countdown", 19, 3, 5, 3, ...words(language, ["Shift ends", ""], ["Конец смены", ""])),
      tile("message", "message", 10, 10, 9, 2, ...words(language, ["Now", ""], ["Сейчас", ""])),
      tile("text", "text", 19, 10, 5, 2, "", ""),
    ],
  };
}

function words(language, english, russian) {
  return language === "ru" ? russian : english;
}

const live = { state: "live", tone: "plain" };

function values(nowMs) {
  const waiting = [
    ["K7F2", "Telegram", "Sales", "33 min", "18 min late", "bad"],
    ["QX3M", "E-mail", "Complaints", "21 min", "4 min left", "warn"],
    ["B2B2", "Web form", "Support", "12 min", "12 min left", "plain"],
    ["M9TA", "Telegram", "no queue", "4 min", "11 min left", "plain"],
    ["ZZ4R", "Phone", "Sales", "20 s", "now", "warn"],
    ["H3KC", "Phone", "Support", "10 s", "10 s left", "plain"],
  ];
  const people = [
    ["Anna", "available", "available", "12 min"], ["Marek", "available", "available", "2 min"], ["Agent K7F2", "ringing", "ringing", "0 s"],
    ["Zofia", "talking", "talking", "21 min"], ["Agent QX3M", "talking", "talking", "7 min"], ["Piotr", "talking", "talking", "50 s"],
    ["Agent B2B2", "hold", "on hold", "3 min"], ["Olena", "after_work", "wrap-up", "4 min"], ["Jan", "paused", "lunch", "38 min"],
  ];
  return {
    waiting: {
      ...live, tone: "bad", heads: ["Contact", "Channel", "Queue", "Waits", "Answer due"], more: 23, empty: "nobody waits",
      rows: waiting.map(([mark, channel, queue, waits, due, tone]) => ({ mark, channel, queue, since: "14:02", waits, due, tone })),
    },
    risk: {
      ...live, tone: "bad", heads: ["Promise", "Queue", "Answer due"], missed_title: "Already missed", missed_count: 8, empty: "no promise is open",
      missed: [{ policy: "E-mail in 4 h", queue: "Sales", count: 7 }, { policy: "Complaints today", queue: "Complaints", count: 1 }],
      rows: [
        { policy: "First reply in 15 min", queue: "Sales", count: 2, due: "4 min left", tone: "warn" },
        { policy: "E-mail in 4 h", queue: "Support", count: 1, due: "38 min left", tone: "warn" },
        { policy: "Complaints today", queue: "Complaints", count: 1, due: "2 h 10 min left", tone: "plain" },
        { policy: "Solved in 2 d", queue: "no queue", count: 12, due: "1 d 7 h left", tone: "plain" },
      ],
    },
    agents: {
      ...live, more: 0, empty: "nobody is here",
      counts: [["available", 2], ["ringing", 1], ["talking", 3], ["on hold", 1], ["wrap-up", 1], ["paused", 1]].map(([word, count]) => ({ status: word, word, count })),
      people: people.map(([name, status, word, time]) => ({ name, status, word, time })),
    },
    bars: { ...live, more: 0, bars: [["Phone", "812", 1, "plain"], ["Telegram", "346", 0.426, "plain"], ["Web form", "57", 0.07, "plain"]].map(([name, text, share, tone]) => ({ name, text, share, tone })) },
    channels: {
      ...live, more: 0,
      columns: [["volume", "Contacts"], ["waiting", "Waiting"], ["frt_median", "First reply"], ["answer_rate", "Answered"], ["csat", "Satisfied"]].map(([id, title]) => ({ id, title })),
      rows: [["Phone", "812", "3", "–", "–", "4.6"], ["Telegram", "346", "9", "4:38", "96%", "4.2"], ["Web form", "57", "2", "41:10", "88%", "–"]].map(([name, ...cells]) => ({ name, cells: cells.map((text) => ({ text, tone: "plain" })) })),
    },
    number: { ...live, text: "1,260", value: 1260, trend: { direction: "up", text: "+12%", words: "vs last week", tone: "plain" } },
    countdown: { ...live, to_ms: Math.ceil(nowMs / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 2 * 60 * MINUTE_MS },
    message: { ...live, tone: "warn", more: 0, empty: "no message", messages: [{ kind: "outage", word: "Outage", text: "Payments are down", since: "13:51" }, { kind: "other", text: "Pizza at six in the kitchen", since: "14:00", until: "18:00" }] },
    text: { ...live, lines: ["Ask for the order number first.", "Then be kind."] },
  };
}

/** Nothing is known yet, or nobody waits. */
function none(nowMs) {
  const absent = Object.fromEntries(Object.keys(values(nowMs)).map((id) => [id, { state: "no_data", tone: "plain" }]));
  return {
    ...absent,
    waiting: { ...live, heads: [], rows: [], more: 0, empty: "nobody waits" },
    message: { ...live, messages: [], more: 0, empty: "no message" },
    text: values(nowMs).text,
    countdown: { ...live, to_ms: nowMs - MINUTE_MS, done: "The shift is over" },
  };
}

/** The longest names and the largest figures. */
function busy(nowMs) {
  const tiles = values(nowMs);
  const far = " of the north-eastern region";
  const many = (list, count, change) => Array.from({ length: count }, (_, place) => change(list[place % list.length], place));
  return {
    ...tiles,
    waiting: { ...tiles.waiting, state: "late", note: "without Telegram since 14:02", more: 99_980, rows: many(tiles.waiting.rows, 20, (row) => ({ ...row, queue: row.queue + far, waits: "1 d 7 h", due: "23 h 18 min late", tone: "bad" })) },
    risk: { ...tiles.risk, missed_count: 12_345, rows: many(tiles.risk.rows, 14, (row) => ({ ...row, policy: row.policy + far, queue: row.queue + far, count: 1234 })), missed: tiles.risk.missed.map((row) => ({ ...row, policy: row.policy + far })) },
    agents: { ...tiles.agents, more: 120, people: many(tiles.agents.people, 80, (person, place) => ({ ...person, name: `${person.name} ${place} Wiśniewska-Kowalczyk`, time: "3 h 18 min" })) },
    bars: { ...tiles.bars, bars: many(tiles.bars.bars, 14, (bar, place) => ({ ...bar, name: `${bar.name} ${place}${far}`, text: "1,284,931", tone: place % 3 === 0 ? "bad" : "plain" })) },
    channels: { ...tiles.channels, rows: many(tiles.channels.rows, 12, (row, place) => ({ ...row, name: `${row.name} ${place}${far}` })) },
    number: { ...tiles.number, text: "128,493", target_text: "5 min", trend: { direction: "down", text: "−12 min", words: "vs last week", tone: "warn" } },
    countdown: { ...live, to_ms: nowMs + 33 * 24 * 60 * MINUTE_MS },
    message: { ...tiles.message, messages: many(tiles.message.messages, 6, (line) => ({ ...line, text: `${line.text}${far} for everybody who calls` })) },
    text: { ...live, lines: ["A very long line of text that somebody wrote without a thought of the wall", "x", "y", "z"] },
  };
}

/** Rules hold in rows, and say what is true there or what the site has to say. */
function rules(nowMs) {
  const tiles = values(nowMs);
  const mark = (rows, at, icon, tone = "bad") => rows.map((row, place) => (place === at ? { ...row, tone, raised: tone, icon } : row));
  const call = (word_of, word, icon) => ({ word, word_of, alarm: { rule: 0, icon } });
  const cells = (row, icon) => ({ ...row, raised: "bad", cells: row.cells.map((cell, place) => (place === 1 ? { ...cell, tone: "bad", icon } : cell)) });
  const [phone, ...others] = tiles.channels.rows;
  return {
    ...tiles,
    waiting: { ...tiles.waiting, ...call("K7F2", "answer now", "phone"), rows: mark(mark(tiles.waiting.rows, 0, "phone"), 1, "clock", "warn") },
    risk: { ...tiles.risk, ...call("First reply in 15 min", "very soon", "clock"), rows: mark(tiles.risk.rows, 0, "clock") },
    agents: { ...tiles.agents, tone: "warn", ...call("Jan", "long break", "person"), people: mark(tiles.agents.people.slice(-1).concat(tiles.agents.people.slice(0, -1)), 0, "person", "warn") },
    bars: { ...tiles.bars, tone: "bad", ...call("Web form", "too few", "bell"), bars: mark(tiles.bars.bars.slice().reverse(), 0, "bell") },
    channels: { ...tiles.channels, tone: "bad", ...call("Phone", "too many", "phone"), rows: [cells(phone, "phone"), ...others] },
  };
}

function russian(nowMs) {
  const tiles = values(nowMs);
  const due = ["просрочено 18 мин", "ещё 4 мин", "нерабочее время", "ещё 11 мин", "сейчас", "ещё 10 с"];
  return {
    ...tiles,
    waiting: { ...tiles.waiting, heads: ["Обращение", "Канал", "Очередь", "Ждёт", "Срок ответа"], rows: tiles.waiting.rows.map((row, place) => ({ ...row, queue: "Техническая поддержка", waits: "3 ч 12 мин", due: due[place] })) },
    risk: { ...tiles.risk, heads: ["Обещание", "Очередь", "Срок ответа"], missed_title: "Уже просрочено", rows: tiles.risk.rows.map((row) => ({ ...row, policy: "Первый ответ за 15 минут", queue: "Техническая поддержка", due: "ещё 1 д 7 ч" })) },
    agents: { ...tiles.agents, counts: tiles.agents.counts.map((count) => ({ ...count, word: "постобработка" })), people: tiles.agents.people.map((person) => ({ ...person, name: "Александра К.", word: "постобработка", time: "3 ч 12 мин" })) },
    number: { ...tiles.number, trend: { ...tiles.number.trend, words: "чем неделю назад" } },
    channels: { ...tiles.channels, columns: ["Обращения", "В ожидании", "Первый ответ", "Отвечено", "Оценка"].map((title) => ({ id: title, title })) },
  };
}

/** The hours of the week, as they are as a rule. */
function week(nowMs) {
  const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
  const load = (day, hour) => (day > 4 ? 0.35 : 1) * (Math.exp(-((hour - 10.5) ** 2) / 6) + 0.8 * Math.exp(-((hour - 15) ** 2) / 8));
  const rows = (from, to, cell) => days.map((day, index) => ({ day, cells: Array.from({ length: to - from }, (_, hour) => cell(index, from + hour)) }));
  const level = (day, hour) => Math.min(1, 0.97 - 0.3 * load(day, hour));
  return {
    volume: { ...live, from_hour: 7, rows: rows(7, 21, (day, hour) => ({ text: String(Math.round(130 * load(day, hour))), level: Math.min(1, load(day, hour)) })) },
    service: { ...live, from_hour: 0, rows: rows(0, 24, (day, hour) => (day === 6 ? {} : { text: String(Math.floor(100 * level(day, hour))), level: level(day, hour), tone: level(day, hour) < 0.8 ? "warn" : "good" })) },
    empty: { state: "no_data", tone: "plain" },
    clock: { ...live, at: nowMs },
  };
}

function weekBoard() {
  const tile = (id, x, y, w, h, title) => ({ id, type: "heat_map", x, y, w, h, title, subtitle: "last 4 weeks" });
  return { ...board("week"), tiles: [tile("volume", 0, 0, 15, 6, "Came in each hour"), tile("service", 0, 6, 15, 6, "Service level"), tile("empty", 15, 0, 9, 6, "Service level")] };
}

/** What shows the house that a wall hangs in: its people, its server, its pictures and pages. */
function house() {
  const needed = [24, 27, 26, 22, 17, 9];
  const columns = ["now", "14:15", "15:00", "16:00", "17:00", "18:00"].map((from, place) => ({ from, needed: needed[place], level: needed[place] / 27 }));
  const rows = [
    ["channels", "Channels", "silent: Telegram, Web form", "bad"],
    ["plugins", "Plugins", "all at work", "good"],
    ["journal", "Journal", "everything is kept", "good"],
    ["figures", "Figures", "up to date", "good"],
    ["disk", "Disk", "118 GB free", "good"],
    ["quarantine", "Quarantine", "14 messages unread, the last at 14:02", "warn"],
    ["screens", "Screens", "gone: kitchen, sales hall", "bad"],
  ];
  return {
    staffing: { ...live, tone: "warn", present: 21, present_word: "present", needed_word: "needed", word: "3 missing", level: 21 / 27, columns },
    unknown: { state: "no_data", tone: "plain", present_word: "present", needed_word: "needed", columns: columns.map(({ from }) => ({ from, level: 0 })) },
    health: { ...live, tone: "bad", rows: rows.map(([id, title, text, tone]) => ({ id, title, text, tone })) },
    alerts: {
      ...live,
      tone: "bad",
      heads: ["Alert", "Where", "For"],
      rows: [
        { title: "Service level below goal", of: "Service après-vente", lasts: "18 min", tone: "bad", raised: "bad", icon: "bell" },
        { title: "Promises are about to break", of: "E-mail within 4 hours", lasts: "6 min", tone: "bad" },
        { title: "Plugin stopped after failures", of: "Telegram", lasts: "40 s", tone: "bad" },
        { title: "Screen is gone", of: "kitchen · floor", lasts: "1 h 15 min", tone: "warn" },
        { title: "Disk is full within a day", of: "", lasts: "silenced", tone: "plain" },
      ],
      more: 2,
      word: "all hands",
      word_of: "Service après-vente",
      alarm: { rule: 0, icon: "bell" },
    },
    well: { ...live, tone: "good", rows: [], empty: "no alert" },
    ticker: { ...live, lines: [{ word: "Outage", text: "Payments are down", tone: "warn" }, { text: "Pizza at six in the kitchen, for everybody who stays until the last call is answered", tone: "plain" }], empty: "no message" },
    silent: { ...live, lines: [], empty: "no message" },
    image: { state: "no_data", tone: "plain", fit: "contain", empty: "There is no picture plan.png" },
    page: { state: "live", tone: "plain", url: "http://127.0.0.1:9/", empty: "status.example.com does not answer" },
  };
}

function houseBoard() {
  const tile = (id, type, x, y, w, h, title, subtitle = "") => ({ id, type, x, y, w, h, title, subtitle });
  const tiles = [
    tile("health", "health", 0, 0, 12, 8, "Health"),
    tile("staffing", "staffing", 12, 0, 7, 6, "Agents needed", "all queues"),
    tile("unknown", "staffing", 19, 0, 5, 3, "Agents needed", "all queues"),
    tile("image", "image", 19, 3, 5, 3, "Plan"),
    tile("page", "page", 12, 6, 12, 3, "Status"),
    tile("ticker", "ticker", 12, 9, 12, 1, ""),
    tile("alerts", "alerts", 0, 8, 8, 4, "Alerts"),
    tile("well", "alerts", 8, 8, 4, 2, "Alerts"),
    tile("silent", "ticker", 8, 10, 4, 2, "Now"),
    tile("short", "staffing", 12, 10, 12, 2, "Agents needed"),
  ];
  return { ...board("house"), tiles };
}

export const LISTS = {
  house: { board: houseBoard(), tiles: () => ({ ...house(), short: house().staffing }) },
  week: { board: weekBoard(), tiles: (_, nowMs) => week(nowMs) },
  lists: { board: board("lists"), tiles: (_, nowMs) => values(nowMs) },
  lists_rules: { board: board("lists_rules"), tiles: (_, nowMs) => rules(nowMs) },
  lists_none: { board: board("lists_none"), tiles: (_, nowMs) => none(nowMs) },
  lists_busy: { board: board("lists_busy"), tiles: (_, nowMs) => busy(nowMs) },
  lists_russian: { board: board("lists_russian", "ru"), tiles: (_, nowMs) => russian(nowMs) },
};
