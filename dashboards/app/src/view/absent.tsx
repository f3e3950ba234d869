// In the place of a board that isn't there: says so, and that nobody needs to come and reload.

import { absentStringsFor } from "../i18n/absent";
import type { Missing } from "../state/store";
import "./absent.css";

export function AbsentBoard({ name, missing }: { name: string; missing: Missing }) {
  const strings = absentStringsFor(document.documentElement.lang);
  const { problem, others, near } = missing.found;
  const ofBoard = problem ? strings.broken(name) : missing.title ? strings.removed(missing.title) : strings.unknown(name);
  const words = missing.found.words || ofBoard;
  return (
    <main class="welcome missing-board" data-phase="absent" role="status">
      <p class="welcome-mark">Tablica</p>
      <p class="missing-words">{words}</p>
      {near && <p class="missing-near">{near}</p>}
      <p class="missing-rest">{strings.looksAgain}</p>
      {problem && <pre class="missing-problem">{problem}</pre>}
      {others.length > 0 && (
        <p class="missing-rest">
          {strings.others}{" "}
          {others.map((id, at) => [at > 0 ? ", " : "", <a href={id}>{decoded(id)}</a>])}
        </p>
      )}
    </main>
  );
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch (_malformed) {
    return id;
  }
}
