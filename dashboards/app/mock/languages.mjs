// The mock's boards in the wall's other languages, with names as long as they are there.

const POLISH = {
  tiles: {
    sl: ["Poziom obsługi", "wszystkie kolejki · ostatnie 60 min"],
    queues: ["Kolejki", "poziom obsługi z 60 min"],
    waiting: ["Oczekujący", "połączenia i czaty"],
    longest_wait: ["Najdłuższe oczekiwanie", "teraz"],
    unanswered: ["Bez odpowiedzi", "wiadomości"],
    first_response: ["Pierwsza odpowiedź", "mediana · dziś"],
    agents: ["Dostępni konsultanci", "teraz"],
    trend: ["Kontakty", "ostatnie 60 min"],
    offered: ["Zgłoszenia", "dziś"],
    channels: ["Kanały", "kontakty z ostatnich 60 min"],
    abandon_rate: ["Porzucone", "dziś"],
  },
  queues: ["Sprzedaż", "Pomoc techniczna", "Rozliczenia", "Media społecznościowe", "Poczta", "Reklamacje i zwroty", "Partnerzy"],
  columns: ["Czeka", "Najdłużej", "Obsługa"],
  series: ["Zgłoszenia", "Odebrane"],
  axis: "na minutę",
  channels: ["Telefon", "Telegram", "Formularz"],
  units: { s: "s", min: "min", h: "h", d: "d" },
  words: { of: "z", in: "w", without: "bez Telegrama od 14:02", goal: "80 %", detail: "8 rozmawia · 2 po kontakcie · 3 w przerwie" },
};

const RUSSIAN = {
  tiles: {
    sl: ["Уровень обслуживания", "все очереди · последние 60 мин"],
    queues: ["Очереди", "уровень обслуживания за 60 мин"],
    waiting: ["В ожидании", "звонки и чаты"],
    longest_wait: ["Самое долгое ожидание", "сейчас"],
    unanswered: ["Без ответа", "сообщения"],
    first_response: ["Первый ответ", "медиана · сегодня"],
    agents: ["Свободные операторы", "сейчас"],
    trend: ["Обращения", "последние 60 мин"],
    offered: ["Поступило", "сегодня"],
    channels: ["Каналы", "обращения за 60 мин"],
    abandon_rate: ["Потеряно", "сегодня"],
  },
  queues: ["Продажи", "Техническая поддержка", "Расчёты", "Социальные сети", "Почта", "Жалобы и предложения", "Партнёры"],
  columns: ["Ждут", "Дольше всех", "Сервис"],
  series: ["Поступило", "Отвечено"],
  axis: "в минуту",
  channels: ["Телефон", "Telegram", "Форма на сайте"],
  units: { s: "с", min: "мин", h: "ч", d: "д" },
  words: { of: "из", in: "за", without: "без Telegram с 14:02", goal: "80 %", detail: "8 говорят · 2 оформляют · 3 на перерыве" },
};

const UKRAINIAN = {
  tiles: {
    sl: ["Рівень обслуговування", "усі черги · останні 60 хв"],
    queues: ["Черги", "рівень обслуговування за 60 хв"],
    waiting: ["Очікують", "дзвінки й чати"],
    longest_wait: ["Найдовше очікування", "зараз"],
    unanswered: ["Без відповіді", "повідомлення"],
    first_response: ["Перша відповідь", "медіана · сьогодні"],
    agents: ["Вільні оператори", "зараз"],
    trend: ["Звернення", "останні 60 хв"],
    offered: ["Надійшло", "сьогодні"],
    channels: ["Канали", "звернення за 60 хв"],
    abandon_rate: ["Втрачено", "сьогодні"],
  },
  queues: ["Продажі", "Технічна підтримка", "Розрахунки", "Соціальні мережі", "Пошта", "Скарги та пропозиції", "Партнери"],
  columns: ["Чекають", "Найдовше", "Сервіс"],
  series: ["Надійшло", "Прийнято"],
  axis: "за хвилину",
  channels: ["Телефон", "Telegram", "Форма на сайті"],
  units: { s: "с", min: "хв", h: "год", d: "д" },
  words: { of: "з", in: "за", without: "без Telegram з 14:02", goal: "80 %", detail: "8 говорять · 2 оформлюють · 3 на перерві" },
};

export const LANGUAGES = { pl: POLISH, ru: RUSSIAN, uk: UKRAINIAN };

const SITES = { pl: "Paczki Północne", ru: "Северные посылки", uk: "Північні посилки" };

/** A board of the mock with its titles, names and units in another language. */
export function translated(id, { board, tiles }, language) {
  const texts = LANGUAGES[language];
  const isLong = board.tiles.some((tile) => tile.title.length > 40);
  const own = board.tiles.map((tile) => {
    const [title, subtitle] = texts.tiles[tile.id] || [tile.title, tile.subtitle];
    const more = isLong && title ? ` · ${texts.tiles.sl[1]} · ${texts.queues.join(", ")}` : "";
    return { ...tile, title: title + more, subtitle: subtitle + more };
  });
  return {
    board: { ...board, id, language, site: SITES[language], tiles: own },
    tiles: (values, nowMs) => Object.fromEntries(Object.entries(tiles(values, nowMs)).map(([name, value]) => [name, inWords(value, texts)])),
  };
}

function inWords(value, texts) {
  const said = { ...value };
  for (const key of ["text", "detail", "target_text"]) if (said[key]) said[key] = inUnits(said[key], texts);
  if (said.detail && / · /.test(said.detail)) said.detail = texts.words.detail;
  if (said.note) said.note = texts.words.without;
  if (said.axis) said.axis = texts.axis;
  if (said.series) said.series = said.series.map((one, index) => ({ ...one, name: texts.series[index] }));
  if (said.channels) said.channels = said.channels.map((channel, index) => ({ ...channel, title: said.channels.length > 3 ? channel.title : texts.channels[index] }));
  if (said.columns) said.columns = said.columns.map((column, index) => ({ ...column, title: texts.columns[index] || column.title }));
  if (said.rows) {
    said.rows = said.rows.map((row, index) => ({
      ...row,
      name: said.rows.length > 7 ? `${index + 1} · ${texts.queues[index % 7]}` : texts.queues[index],
      cells: row.cells.map((cell) => ({ ...cell, text: inUnits(cell.text, texts) })),
    }));
  }
  return said;
}

function inUnits(text, { units, words }) {
  return text
    .replace(/\u00a0(s|min|h|d)(?=\u00a0|$)/g, (_whole, unit) => `\u00a0${units[unit]}`)
    .replace(/ of /, ` ${words.of} `)
    .replace(/ in /, ` ${words.in} `)
    .replace(/(\d),(?=\d{3})/g, "$1\u00a0");
}
