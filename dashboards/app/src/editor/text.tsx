// The text itself. What is typed is taken when the person says so, as one act.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Words } from "./desk";
import type { Session } from "./session";

export function TextPane({ session, words }: { session: Session; words: Words }) {
  const [typed, setTyped] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  const line = session.draft.lines[session.chosen];
  useEffect(() => {
    const element = area.current;
    if (!element || !line) return;
    // The chosen tile is in view.
    const height = element.scrollHeight / Math.max(1, element.value.split("\n").length);
    element.scrollTop = Math.max(0, (line - 3) * height);
  }, [line]);
  const take = async () => {
    if (typed === null) return;
    await session.write(typed);
    setTyped(null);
  };
  return (
    <>
      <p class="soft" id="text-how">
        {words["text-how"]}
      </p>
      <p class="buttons">
        <button type="button" class="main" disabled={typed === null} onClick={() => void take()}>
          {words["apply"]}
        </button>
        <button type="button" class="plain" disabled={typed === null} onClick={() => setTyped(null)}>
          {words["discard"]}
        </button>
      </p>
      <textarea
        ref={area}
        class="text"
        spellcheck={false}
        aria-label={words["text"]}
        aria-describedby="text-how"
        value={typed ?? session.text}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
    </>
  );
}
