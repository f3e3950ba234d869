// Boards of opinion for the mock server: /wall/opinion, /wall/opinion_none, /wall/opinion_busy, /wall/opinion_russian.

const live = { state: "live", tone: "plain" };

function board(id, language = "en") {
  const tile = (tileId, type, x, y, w, h, english, russian = english) => ({ id: tileId, type, x, y, w, h, title: language === "ru" ? russian : english, subtitle: "24 h" });
  return {
    id,
    title: "Contact centre · Warsaw",
    columns: 24,
    rows: 12,
    language,
    time_zone: "Europe/Warsaw",
    utc_offset_ms: 3_600_000,
    tiles: [
      tile("quality", "quality", 0, 0, 10, 6, "Customer ratings", "Оценки клиентов"),
      tile("leaderboard", "leaderboard", 0, 6, 10, 6, "Best rated", "Лучшие по оценкам"),
      tile("attention", "attention", 10, 0, 9, 6, "Public attention", "Публичное внимание"),
      tile("reachability", "reachability", 10, 6, 9, 6, "Never answered", "Так и без ответа"),
      tile("small_quality", "quality", 19, 0, 5, 3, "Customer ratings", "Оценки клиентов"),
      tile("small_leaderboard", "leaderboard", 19, 3, 5, 3, "Best rated", "Лучшие по оценкам"),
      tile("small_attention", "attention", 19, 6, 5, 3, "Public attention", "Публичное внимание"),
      tile("small_reachability", "reachability", 19, 9, 5, 3, "Never answered", "Так и без ответа"),
    ],
  };
}

function twice(tiles) {
  const small = Object.entries(tiles).map(([id, value]) => [`small_${id}`, value]);
  return { ...tiles, ...Object.fromEntries(small) };
}

function values() {
  return {
    quality: {
      ...live, more: 0, empty: "no ratings yet", response: "28% of those asked answered · 179 of 640",
      figures: [
        { name: "CSAT", text: "91", unit: "%", detail: "180 ratings", tone: "plain", is_few: false },
        { name: "NPS", text: "+44", unit: "", detail: "96 ratings", tone: "plain", is_few: false },
        { name: "CSI", text: "4.50", unit: "", detail: "only 7 ratings", tone: "plain", is_few: true },
      ],
      dimensions: [["Fast", "72%", 0.72], ["Clear", "88%", 0.88], ["Easy", "91%", 0.91], ["Correct", "96%", 0.96]].map(([name, text, share]) => ({ name, text, share, detail: "118", is_few: false })),
    },
    leaderboard: {
      ...live, more: 0, empty: "nobody has 5 contacts yet", heads: ["Agent", "Team", "CSAT"],
      places: [[1, "Anna", "98%", "41 of 42"], [2, "Agent K7F2", "96%", "24 of 25"], [2, "Marek", "96%", "48 of 50"], [4, "Zofia", "93%", "13 of 14"], [5, "Olena", "91%", "30 of 33"]].map(([rank, name, text, detail]) => ({ rank, name, text, detail })),
    },
    attention: {
      ...live, empty: "nothing in public yet",
      mentions: { title: "Mentions · 13:00–14:00", text: "19", unit: "", detail: "usually 14 · +0.8 σ", tone: "plain", word: "as usual" },
      mood: { title: "Tone · last 60 min", empty: "nothing said in public", parts: mood([31, 31, 17]) },
      waiting: [
        { title: "Unanswered", text: "5", unit: "", tone: "plain" },
        { title: "Oldest of them", text: "3 min 34 s", unit: "", detail: "Social media", tone: "plain" },
      ],
    },
    reachability: {
      ...live, more: 0, empty: "nobody was left without an answer", total: { text: "34", words: "of 1,204 never got an answer" },
      rows: [["Phones", "21", "6.2% of 338", 1], ["Facebook", "8", "3.1% of 258", 0.381], ["E-mail", "5", "1.2% of 402", 0.238], ["Telegram", "0", "0% of 206", 0]].map(([name, text, detail, share]) => ({ name, text, detail, share, tone: "plain" })),
    },
  };
}

function mood([positive, neutral, negative]) {
  const all = positive + neutral + negative;
  return [["positive", "praise", positive], ["neutral", "neutral", neutral], ["negative", "critical", negative]].map(([id, word, count]) => ({ id, word, text: count.toLocaleString("en"), share: count / all }));
}

function none() {
  const tiles = values();
  return {
    quality: { state: "no_data", tone: "plain", figures: [], dimensions: [], more: 0, empty: "no ratings yet" },
    leaderboard: { ...live, places: [], more: 0, heads: [], empty: "nobody has 5 contacts yet" },
    attention: { state: "no_data", tone: "plain", waiting: [], empty: "nothing in public yet" },
    reachability: { ...tiles.reachability, total: { text: "0", words: "of 210 never got an answer" }, rows: tiles.reachability.rows.map((row) => ({ ...row, text: "0", share: 0, detail: "0% of 52" })) },
  };
}

/** The longest names and the largest figures. */
function busy() {
  const tiles = values();
  const far = " of the north-eastern region";
  const many = (list, count, change) => Array.from({ length: count }, (_, place) => change(list[place % list.length], place));
  return {
    quality: {
      ...tiles.quality, state: "late", tone: "bad", note: "without Telegram since 14:02", response: "28% of those asked answered · 128,493 of 458,903",
      figures: [...tiles.quality.figures, { name: "Rating", text: "87", unit: "%", detail: "128,493 ratings" }].map((part) => ({ ...part, tone: "bad", word: "below goal", detail: "128,493 ratings" })),
      dimensions: many(tiles.quality.dimensions, 12, (row, place) => ({ ...row, name: `${row.name} ${place}${far}`, detail: "128,493" })),
    },
    leaderboard: { ...tiles.leaderboard, more: 18, places: many(tiles.leaderboard.places, 20, (place, index) => ({ ...place, rank: index + 1, name: `${place.name} Wiśniewska-Kowalczyk`, team: `Team${far}`, text: "18 min 43 s", detail: "12,345 of 12,400 in 20 s" })) },
    attention: {
      ...tiles.attention, tone: "bad",
      mentions: { ...tiles.attention.mentions, text: "128,493", detail: "usually 1,284 · +118.4 σ", tone: "bad", word: "unusually many" },
      mood: { ...tiles.attention.mood, parts: mood([128_493, 84_120, 912_004]) },
      waiting: [
        { ...tiles.attention.waiting[0], text: "12,849", tone: "bad", word: "too many" },
        { ...tiles.attention.waiting[1], text: "1 d 7 h", detail: `Complaints${far}`, tone: "bad", word: "1 d 6 h late" },
      ],
    },
    reachability: { ...tiles.reachability, tone: "bad", total: { text: "128,493", words: "of 1,204,931 never got an answer" }, rows: many(tiles.reachability.rows, 14, (row, place) => ({ ...row, name: `${row.name} ${place}${far}`, text: "128,493", detail: "6.2% of 1,204,931", tone: place % 3 === 0 ? "bad" : "plain" })) },
  };
}

function russian() {
  const tiles = values();
  return {
    quality: {
      ...tiles.quality, response: "28% опрошенных ответили · 179 из 640",
      figures: tiles.quality.figures.map((part) => ({ ...part, detail: part.is_few ? "всего 7 оценок" : "180 оценок" })),
      dimensions: tiles.quality.dimensions.map((row, place) => ({ ...row, name: ["Быстро", "Понятно", "Легко", "Верно"][place] })),
    },
    leaderboard: { ...tiles.leaderboard, heads: ["Оператор", "Команда", "CSAT"], places: tiles.leaderboard.places.map((place) => ({ ...place, name: "Александра К.", detail: place.detail.replace("of", "из") })) },
    attention: {
      ...tiles.attention,
      mentions: { title: "Упоминания · 13:00–14:00", text: "119", unit: "", detail: "обычно 14 · +10,8 σ", tone: "warn", word: "необычно много" },
      mood: { title: "Тон · за 60 мин", parts: tiles.attention.mood.parts.map((part, place) => ({ ...part, word: ["похвала", "нейтрально", "критика"][place] })) },
      waiting: [
        { title: "Без ответа", text: "26", tone: "warn", word: "много" },
        { title: "Самое давнее из них", text: "2 ч 10 мин", detail: "Социальные сети", tone: "bad", word: "просрочено на 2 ч" },
      ],
    },
    reachability: { ...tiles.reachability, total: { text: "34", words: "из 1 204 так и без ответа" }, rows: tiles.reachability.rows.map((row) => ({ ...row, name: row.name === "Phones" ? "Телефония" : row.name, detail: row.detail.replace("of", "из") })) },
  };
}

export const OPINION = {
  opinion: { board: board("opinion"), tiles: () => twice(values()) },
  opinion_none: { board: board("opinion_none"), tiles: () => twice(none()) },
  opinion_busy: { board: board("opinion_busy"), tiles: () => twice(busy()) },
  opinion_russian: { board: board("opinion_russian", "ru"), tiles: () => twice(russian()) },
};
