// How long to wait before the next attempt to connect.
// Randomness is an argument: after a server restart a hall full of screens must not come back
// in the same instant.

export const BACKOFF_FIRST_MS = 500;
export const BACKOFF_MAX_MS = 10_000;

/** Doubles from half a second to ten, and lies anywhere in the upper half of that. */
export function backoffMs(attempt: number, random: () => number): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * Math.pow(2, Math.min(attempt, 16)));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
