// Somebody else has saved this board meanwhile: what they changed, and what is to be done about it.

import type { Changed, Line, Words } from "./desk";
import type { Session } from "./session";

const MARKS: Record<Line["is"], string> = { same: "  ", gone: "- ", new: "+ ", gap: "…" };

export function Conflict({ session, words, changed }: { session: Session; words: Words; changed: Changed }) {
  return (
    <section class="panel conflict" aria-label={words["changed"]}>
      <h2>{words["changed"]}</h2>
      <p>{words["theirs"]}</p>
      <pre class="difference" tabIndex={0}>
        {changed.difference.map((line, at) => (
          <span key={at} class={line.is}>
            {MARKS[line.is] + line.text + "\n"}
          </span>
        ))}
      </pre>
      <p class="buttons">
        <button type="button" class="main" onClick={() => void session.settle(true)}>
          {words["other"]}
        </button>
        <button type="button" class="plain" onClick={() => void session.settle(false)}>
          {words["overwrite"]}
        </button>
      </p>
    </section>
  );
}
