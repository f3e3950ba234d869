// The site's wall-clock time from server time. The browser's own time zone plays no part:
// nobody sets it on a TV.

export interface SiteTime {
  hours: string;
  minutes: string;
  seconds: string;
  /** Sunday is 0. */
  weekday: number;
  day: number;
  month: number;
}

export function siteTime(ms: number, utcOffsetMs: number): SiteTime {
  const shifted = new Date(ms + utcOffsetMs);
  return {
    hours: two(shifted.getUTCHours()),
    minutes: two(shifted.getUTCMinutes()),
    seconds: two(shifted.getUTCSeconds()),
    weekday: shifted.getUTCDay(),
    day: shifted.getUTCDate(),
    month: shifted.getUTCMonth(),
  };
}

export function hoursMinutes(ms: number, utcOffsetMs: number): string {
  const time = siteTime(ms, utcOffsetMs);
  return `${time.hours}:${time.minutes}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
