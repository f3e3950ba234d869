// The editor's page: what can be done with the whole above, the wall in the middle, and beside it the
// chosen tile, the gallery, the board's own keys and the text.

import { useEffect, useState } from "preact/hooks";
import { Conflict } from "./conflict";
import { SHOWS, type Remark, type Words } from "./desk";
import { BoardForm, TileForm } from "./form";
import { Gallery } from "./gallery";
import { Grid } from "./grid";
import type { Session } from "./session";
import type { Stage } from "./stage";
import { TextPane } from "./text";

interface Props {
  session: Session;
  stage: Stage;
  words: Words;
  up: string;
  here: string;
  board: string;
}

const TABS = ["tile", "add", "board", "text"] as const;
type Tab = (typeof TABS)[number];

export function Editor({ session, stage, words, up, here, board }: Props) {
  const [tab, setTab] = useState<Tab>("tile");
  const { chosen } = session;
  useEffect(() => {
    if (chosen >= 0) setTab("tile");
  }, [chosen]);
  useKeys(session);
  const { draft } = session;
  return (
    <div class="editor">
      <Bar {...{ session, words, here, board }} />
      {session.isShipped && <p class="hint">{words["shipped-note"]}</p>}
      {!session.desk.can_save && <p class="hint">{words["no-folder"]}</p>}
      <p class={session.isWrong ? "said bad" : "said"} role="status" hidden={!session.said}>
        {session.said}
      </p>
      {session.changedElsewhere && <Conflict {...{ session, words }} changed={session.changedElsewhere} />}
      <div class="work">
        <div class="middle">
          <Grid {...{ session, stage, words }} address={`${up}admin/wall/${encodeURIComponent(board)}`} />
          <p class="soft" id="grid-how">
            {words["grid-how"]}
          </p>
          {!draft.is_whole && <p class="wrong">{words["not-whole"]}</p>}
          {session.show === "live" && session.uncounted.length > 0 && (
            <p class="hint">
              {words["uncounted"]} {session.uncounted.join(", ")}
            </p>
          )}
          <Remarks {...{ session }} title={words["problems"] || ""} remarks={draft.problems} kind="bad" />
          <Remarks {...{ session }} title={words["doubts"] || ""} remarks={draft.doubts} kind="doubt" />
        </div>
        <section class="side" aria-label={words["keys"]}>
          <div class="side-tabs" role="tablist" aria-label={words["keys"]}>
            {TABS.map((it) => (
              <button key={it} type="button" role="tab" id={`tab-${it}`} aria-selected={it === tab} aria-controls="side" onClick={() => setTab(it)}>
                {words[it]}
              </button>
            ))}
          </div>
          <div class="side-body" id="side" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
            {tab === "tile" && <TileForm {...{ session, words }} />}
            {tab === "add" && <Gallery {...{ session, words }} />}
            {tab === "board" && <BoardForm {...{ session, words }} />}
            {tab === "text" && <TextPane {...{ session, words }} />}
          </div>
        </section>
      </div>
    </div>
  );
}

function Bar({ session, words, here, board }: { session: Session; words: Words; here: string; board: string }) {
  const title = session.draft.board["title"];
  const isWrong = session.draft.problems.length > 0;
  return (
    <div class="bar">
      <h1>
        {typeof title === "string" ? title : board} <code>{board}</code>
      </h1>
      <span class={session.isChanged() ? "state bad" : "state"}>{session.isChanged() ? words["unsaved"] : words["is-saved"]}</span>
      <span class="room-between" />
      <label class="show">
        <span>{words["preview"]}</span>
        <select value={session.show || "off"} onChange={(event) => session.showAs(showOf(event.currentTarget.value))}>
          {SHOWS.map((show) => (
            <option key={show} value={show}>
              {show === "live" ? words["live"] : `${words["made-up"]} ${words[`state-${show}`]}`}
            </option>
          ))}
          <option value="off">{words["off"]}</option>
        </select>
      </label>
      <button type="button" class="plain" disabled={!session.canUndo()} onClick={() => void session.undo()}>
        {words["undo"]}
      </button>
      <button type="button" class="plain" disabled={!session.canRedo()} onClick={() => void session.redo()}>
        {words["redo"]}
      </button>
      <a class="button" href={`${here}/versions`}>
        {words["versions"]}
      </a>
      <button
        type="button"
        class="main save"
        disabled={isWrong || !session.desk.can_save || !(session.isChanged() || session.isShipped)}
        onClick={() => void session.save()}
      >
        {words["save"]}
      </button>
    </div>
  );
}

function showOf(value: string) {
  return SHOWS.find((show) => show === value) || null;
}

/** What the reader of boards says, each beside the tile that it is about. */
function Remarks({ session, title, remarks, kind }: { session: Session; title: string; remarks: Remark[]; kind: string }) {
  if (remarks.length === 0) return null;
  return (
    <section class={`remarks is-${kind}`} aria-label={title}>
      <h2>{title}</h2>
      <ul>
        {remarks.map((remark, at) => (
          <li key={at}>
            {remark.tile !== null && (
              <button type="button" class="plain" onClick={() => session.choose(remark.tile ?? -1)}>
                {session.nameOf(remark.tile)}
              </button>
            )}{" "}
            {remark.line !== null && <span class="soft">:{remark.line}</span>} {remark.text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Undo, redo and save by the keys that people know. */
function useKeys(session: Session): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      const key = event.key.toLowerCase();
      const isText = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement;
      if (key === "s") {
        event.preventDefault();
        if (session.draft.problems.length === 0 && session.desk.can_save) void session.save();
      } else if (!isText && (key === "y" || (key === "z" && event.shiftKey))) {
        event.preventDefault();
        void session.redo();
      } else if (!isText && key === "z") {
        event.preventDefault();
        void session.undo();
      }
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [session]);
}
