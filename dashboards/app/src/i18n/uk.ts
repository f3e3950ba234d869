import { plural } from "./plural";
import type { Strings } from "./strings";

export const uk: Strings = {
  goal: (target) => `ціль ${target}`,
  noDataYet: "даних ще немає",
  notApplicable: "н/з",
  notApplicableLong: "не застосовується",
  concealed: "приховано",
  late: "із запізненням",
  stale: "застаріло",
  health: { live: "на зв’язку", late: "запізнюється", silent: "мовчить", no_data: "даних немає" },
  age: (value, unit) => `${value} ${{ s: "с", min: "хв", h: "год", d: "д" }[unit]}`,
  ago: (value, unit) => `${uk.age(value, unit)} тому`,
  never: "ще нічого",
  moreRows: (count) => `+${count} ${plural("uk", count, { one: "рядок", few: "рядки", many: "рядків" })}`,
  moreChannels: (count) => `+${count} ${plural("uk", count, { one: "канал", few: "канали", many: "каналів" })}`,
  noConnectionSince: (time) => `Немає зв’язку з ${time}`,
  lastPicture: "показано останню картину",
  replay: (time, speed) => `Повтор: ${time}, ×${speed}`,
  reconnecting: "підключення",
  connecting: (board) => `Підключення до табло «${board}»`,
  unknownTile: (type) => `невідомий тип плитки «${type}»`,
  brokenTile: "це значення не можна показати",
  weekdays: ["неділя", "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота"],
  months: [
    "січня", "лютого", "березня", "квітня", "травня", "червня",
    "липня", "серпня", "вересня", "жовтня", "листопада", "грудня",
  ],
  date: (weekday, day, month) => `${weekday}, ${day} ${month}`,
};
