// The sounds of alarms, as notes: nothing is fetched, so they sound also when the line is cut.

/** Frequency in hertz, when it begins and how long it lasts, in seconds. */
export interface Note {
  pitch: number;
  at: number;
  length: number;
}

/** By how much they demand. None is longer than two seconds. */
export const SOUNDS: Record<string, Note[]> = {
  ping: [{ pitch: 880, at: 0, length: 0.35 }],
  chime: [
    { pitch: 659, at: 0, length: 0.45 },
    { pitch: 523, at: 0.3, length: 0.6 },
  ],
  alert: [
    { pitch: 587, at: 0, length: 0.2 },
    { pitch: 784, at: 0.22, length: 0.2 },
    { pitch: 988, at: 0.44, length: 0.45 },
  ],
  siren: [
    { pitch: 988, at: 0, length: 0.28 },
    { pitch: 659, at: 0.3, length: 0.28 },
    { pitch: 988, at: 0.6, length: 0.28 },
    { pitch: 659, at: 0.9, length: 0.28 },
    { pitch: 988, at: 1.2, length: 0.28 },
    { pitch: 659, at: 1.5, length: 0.4 },
  ],
};

export function lengthOf(notes: Note[]): number {
  return notes.reduce((end, note) => Math.max(end, note.at + note.length), 0);
}
