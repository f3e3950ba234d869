// Every type of tile with the keys of its example: a click puts one into the first free place.

import type { Words } from "./desk";
import type { Session } from "./session";

export function Gallery({ session, words }: { session: Session; words: Words }) {
  return (
    <>
      <p class="soft">{words["add-what"]}</p>
      <ul class="gallery">
        {session.desk.types.map((type) => (
          <li key={type.id}>
            <h2>{type.id}</h2>
            <pre>{type.example || "—"}</pre>
            <button
              type="button"
              class="plain"
              data-add={type.id}
              disabled={!session.draft.is_whole}
              onClick={() => void session.act({ act: "add", tile_type: type.id })}
            >
              {words["add"]}
              <span class="unseen"> {type.id}</span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
