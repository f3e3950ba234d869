// What the whole screen shows of alarms: the frame of the gravest, the strip that says that the browser
// holds sound back, and the button by which somebody hears a tile's sound.

import { useEffect, useState } from "preact/hooks";
import type { AlarmDesk } from "../alarm/desk";
import type { Strings } from "../i18n/strings";
import type { TileLayout } from "../protocol";
import { Shape } from "./parts/shape";

/** Repaints when the frame or the strip changes; clicks and keys let sound through. */
export function useAlarms(desk: AlarmDesk): AlarmDesk {
  const [, setCount] = useState(0);
  useEffect(() => {
    const stop = desk.onChange(() => setCount((before) => before + 1));
    const gesture = () => desk.gesture();
    addEventListener("click", gesture);
    addEventListener("keydown", gesture);
    return () => {
      stop();
      removeEventListener("click", gesture);
      removeEventListener("keydown", gesture);
    };
  }, [desk]);
  return desk;
}

/** Three slow pulses when it is new, then a steady frame. */
export function AlarmFrame({ desk, foot }: { desk: AlarmDesk; foot: number }) {
  const { frame, pulse } = desk.alarms;
  if (!frame) return null;
  return <div key={pulse} class={`alarm-frame tone-${frame}${pulse ? " is-new" : ""}`} style={{ bottom: `${foot}px` }} />;
}

export function SilentStrip({ strings, height }: { strings: Strings; height: number }) {
  return (
    <div class="banner" role="status" style={{ height: `${height}px` }}>
      <Shape name="bell" />
      <strong class="banner-rest banner-notice">{strings.soundBlocked}</strong>
    </div>
  );
}

interface TestProps {
  layout: TileLayout;
  strings: Strings;
  desk: AlarmDesk;
}

/** Seen while its tile is pointed at, or when the tab key leads to it. */
export function SoundTest({ layout, strings, desk }: TestProps) {
  const sound = layout.sound;
  if (!sound) return null;
  return (
    <button class="sound-test" type="button" onClick={() => desk.test(sound)}>
      <Shape name="bell" />
      {strings.testSound}
    </button>
  );
}
