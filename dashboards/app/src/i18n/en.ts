import { plural } from "./plural";
import type { Strings } from "./strings";

export const en: Strings = {
  goal: (target) => `goal ${target}`,
  noDataYet: "no data yet",
  notApplicable: "n/a",
  notApplicableLong: "not applicable here",
  concealed: "concealed",
  late: "late",
  stale: "stale",
  health: { live: "live", late: "late", silent: "silent", no_data: "no data yet" },
  age: (value, unit) => `${value} ${unit}`,
  ago: (value, unit) => `${en.age(value, unit)} ago`,
  never: "nothing yet",
  moreRows: (count) => `+${count} ${plural("en", count, { one: "row", other: "rows" })}`,
  moreChannels: (count) => `+${count} ${plural("en", count, { one: "channel", other: "channels" })}`,
  noConnectionSince: (time) => `No connection since ${time}`,
  lastPicture: "showing the last picture",
  replay: (time, speed) => `Replay: ${time}, ×${speed}`,
  reconnecting: "reconnecting",
  connecting: (board) => `Connecting to the board “${board}”`,
  unknownTile: (type) => `this page doesn’t know the tile type “${type}”`,
  brokenTile: "this value can’t be shown",
  weekdays: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
  months: [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
  ],
  date: (weekday, day, month) => `${weekday}, ${day} ${month}`,
};
