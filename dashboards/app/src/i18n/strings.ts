// What the wall says by itself; everything else comes from the server in the site's language.
// A language is one entry; English fills in for an unknown one.

import { en } from "./en";
import { pl } from "./pl";
import { ru } from "./ru";
import { uk } from "./uk";
import type { FeedWhy } from "../protocol";

export interface Strings {
  goal(target: string): string;
  noDataYet: string;
  notApplicable: string;
  notApplicableLong: string;
  concealed: string;
  late: string;
  stale: string;
  health: { live: string; late: string; silent: string; no_data: string };
  /** Of a channel from which nothing has come for long, as nothing is expected to come. */
  quiet: string;
  why: Record<FeedWhy, string>;
  age(value: number, unit: "s" | "min" | "h" | "d"): string;
  ago(value: number, unit: "s" | "min" | "h" | "d"): string;
  /** Instead of "0 s ago". */
  now: string;
  never: string;
  /** What found no room. */
  moreRows(count: number): string;
  moreChannels(count: number): string;
  /** The page's banner; the time is the site's. */
  noConnectionSince(time: string): string;
  lastPicture: string;
  /** The strip of a wall that shows the past. */
  replay(time: string, speed: number): string;
  reconnecting: string;
  connecting(board: string): string;
  unknownTile(type: string): string;
  /** Of the page that says how a tile's number is made: of its link, and beside its code. */
  receiptOf(title: string): string;
  receipt: string;
  /** The strip of a wall whose alarms cannot be heard, and how to mend it; the button that plays a tile's sound. */
  soundBlocked: string;
  testSound: string;
  brokenTile: string;
  /** In the place of another page, until it is known whether its server answers. */
  pageLoads: string;
  /** Sunday first. */
  weekdays: string[];
  /** In the form that follows a day's number. */
  months: string[];
  date(weekday: string, day: number, month: string): string;
}

export const LANGUAGES: Record<string, Strings> = { en, pl, ru, uk };

export function stringsFor(language: string | undefined): Strings {
  const code = (language || "en").slice(0, 2).toLowerCase();
  return LANGUAGES[code] || en;
}
