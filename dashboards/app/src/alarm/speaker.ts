// Plays sounds, one at a time, with Web Audio. Between sounds it is suspended: a running audio thread
// costs a TV its cool. Browsers since 2018 hold sound back until somebody clicks or presses a key.

import { lengthOf, type Note, SOUNDS } from "./sounds";

/** How long the browser may take to let sound through, before it is said that it does not. */
const PATIENCE_MS = 1_000;
/** Full volume is for music. */
const LOUDNESS = 0.35;
/** A note that begins or ends at once clicks. */
const EDGE_S = 0.02;
/** After its last note a sound may still be in the browser's buffers. */
const AFTER_MS = 400;

type State = "off" | "asking" | "blocked" | "ready" | "none";

export class Speaker {
  private state: State = "off";
  private context: AudioContext | null = null;
  private playing: GainNode | null = null;
  private rest = 0;

  constructor(private readonly changed: () => void) {}

  /** The browser holds sound back. */
  isBlocked(): boolean {
    return this.state === "blocked";
  }

  /** To be called when there is something that may sound. */
  prepare(): void {
    if (this.state !== "off") return;
    try {
      this.context = new AudioContext();
    } catch (_none) {
      this.state = "none";
      return;
    }
    this.ask();
  }

  /** Somebody has clicked or pressed a key. */
  unlock(): void {
    if (this.state === "blocked") this.ask();
  }

  /** False while it cannot be heard. A browser without sound hears all, or the page would try for ever. */
  play(name: string): boolean {
    const notes = SOUNDS[name];
    if (this.state === "none" || !notes) return true;
    if (this.state !== "ready" || !this.context) return false;
    const { context } = this;
    if (this.playing) this.playing.disconnect();
    const out = context.createGain();
    out.gain.value = LOUDNESS;
    out.connect(context.destination);
    this.playing = out;
    context.resume();
    for (const note of notes) sound(context, out, note);
    this.restIn(lengthOf(notes) * 1_000 + AFTER_MS);
    return true;
  }

  private ask(): void {
    const { context } = this;
    if (!context) return;
    this.state = "asking";
    const answered = () => {
      const state = context.state === "running" ? "ready" : "blocked";
      if (this.state === state) return;
      this.state = state;
      if (state === "ready") this.restIn(AFTER_MS);
      this.changed();
    };
    // The promise of a browser that holds sound back is kept when it no longer does.
    context.resume().then(answered, answered);
    setTimeout(() => this.state === "asking" && answered(), PATIENCE_MS);
  }

  private restIn(ms: number): void {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => {
      if (this.playing) this.playing.disconnect();
      this.playing = null;
      if (this.context) this.context.suspend();
    }, ms) as unknown as number;
  }
}

function sound(context: AudioContext, out: GainNode, { pitch, at, length }: Note): void {
  const from = context.currentTime + EDGE_S + at;
  const tone = context.createOscillator();
  const shape = context.createGain();
  tone.type = "triangle";
  tone.frequency.value = pitch;
  shape.gain.setValueAtTime(0, from);
  shape.gain.linearRampToValueAtTime(1, from + EDGE_S);
  shape.gain.linearRampToValueAtTime(0, from + length);
  tone.connect(shape);
  shape.connect(out);
  tone.start(from);
  tone.stop(from + length + EDGE_S);
}
