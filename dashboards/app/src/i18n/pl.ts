import { plural } from "./plural";
import type { Strings } from "./strings";

export const pl: Strings = {
  goal: (target) => `cel ${target}`,
  noDataYet: "jeszcze brak danych",
  notApplicable: "n/d",
  notApplicableLong: "nie dotyczy",
  concealed: "ukryte",
  late: "opóźnione",
  stale: "nieaktualne",
  health: { live: "działa", late: "opóźniony", silent: "milczy", no_data: "brak danych" },
  age: (value, unit) => `${value} ${{ s: "s", min: "min", h: "godz.", d: "d" }[unit]}`,
  ago: (value, unit) => `${pl.age(value, unit)} temu`,
  never: "jeszcze nic",
  moreRows: (count) => `+${count} ${plural("pl", count, { one: "wiersz", few: "wiersze", many: "wierszy" })}`,
  moreChannels: (count) => `+${count} ${plural("pl", count, { one: "kanał", few: "kanały", many: "kanałów" })}`,
  noConnectionSince: (time) => `Brak połączenia od ${time}`,
  lastPicture: "ostatni znany obraz",
  replay: (time, speed) => `Powtórka: ${time}, ×${speed}`,
  reconnecting: "łączenie",
  connecting: (board) => `Łączenie z tablicą „${board}”`,
  unknownTile: (type) => `nieznany typ kafelka „${type}”`,
  brokenTile: "nie można pokazać tej wartości",
  weekdays: ["niedziela", "poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota"],
  months: [
    "stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca",
    "lipca", "sierpnia", "września", "października", "listopada", "grudnia",
  ],
  date: (weekday, day, month) => `${weekday}, ${day} ${month}`,
};
