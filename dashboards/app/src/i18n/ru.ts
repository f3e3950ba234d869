import { plural } from "./plural";
import type { Strings } from "./strings";

export const ru: Strings = {
  goal: (target) => `цель ${target}`,
  noDataYet: "данных ещё нет",
  notApplicable: "н/п",
  notApplicableLong: "не применимо",
  concealed: "скрыто",
  late: "с опозданием",
  stale: "устарело",
  health: { live: "на связи", late: "запаздывает", silent: "молчит", no_data: "данных нет" },
  age: (value, unit) => `${value} ${{ s: "с", min: "мин", h: "ч", d: "д" }[unit]}`,
  ago: (value, unit) => `${ru.age(value, unit)} назад`,
  never: "пока ничего",
  moreRows: (count) => `+${count} ${plural("ru", count, { one: "строка", few: "строки", many: "строк" })}`,
  moreChannels: (count) => `+${count} ${plural("ru", count, { one: "канал", few: "канала", many: "каналов" })}`,
  noConnectionSince: (time) => `Нет связи с ${time}`,
  lastPicture: "показана последняя картина",
  replay: (time, speed) => `Повтор: ${time}, ×${speed}`,
  reconnecting: "подключение",
  connecting: (board) => `Подключение к табло «${board}»`,
  unknownTile: (type) => `неизвестный тип плитки «${type}»`,
  brokenTile: "это значение нельзя показать",
  weekdays: ["воскресенье", "понедельник", "вторник", "среда", "четверг", "пятница", "суббота"],
  months: [
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
  ],
  date: (weekday, day, month) => `${weekday}, ${day} ${month}`,
};
