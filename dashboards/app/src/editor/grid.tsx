// The wall with its tiles to be taken: by the pointer, which snaps to cells, and by keys.

import { useEffect, useRef, useState } from "preact/hooks";
import type { Words } from "./desk";
import { COLUMNS, ROWS, inTheWay, moved, type Place, resized, stepped } from "./place";
import type { Session } from "./session";
import { HEIGHT, type Stage, WIDTH } from "./stage";

interface Props {
  session: Session;
  stage: Stage;
  words: Words;
  /** The wall's own page. */
  address: string;
}

/** A tile under way. */
interface Drag {
  tile: number;
  kind: "move" | "size";
  /** Where the pointer took it, in cells from its place. */
  dx: number;
  dy: number;
  from: Place;
  place: Place;
}

const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Grid({ session, stage, words, address }: Props) {
  const room = useRef<HTMLDivElement>(null);
  const cells = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [drag, setDrag] = useState<Drag | null>(null);
  useEffect(() => {
    const element = room.current;
    if (!element) return undefined;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  const places = session.places();
  const isLooking = session.show !== null;
  const scale = width / WIDTH;

  /** The pointer's place, in cells. */
  function cellAt(event: PointerEvent): { x: number; y: number } {
    const box = cells.current?.getBoundingClientRect();
    if (!box) return { x: 0, y: 0 };
    return { x: ((event.clientX - box.left) / box.width) * COLUMNS, y: ((event.clientY - box.top) / box.height) * ROWS };
  }

  function down(event: PointerEvent, tile: number, kind: Drag["kind"]): void {
    const place = places[tile];
    if (event.button !== 0 || !place) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    session.choose(tile);
    const at = cellAt(event);
    setDrag({ tile, kind, dx: at.x - place.x, dy: at.y - place.y, from: place, place });
  }

  function move(event: PointerEvent): void {
    if (!drag) return;
    const { from, dx, dy } = drag;
    const at = cellAt(event);
    const place =
      drag.kind === "move" ? moved(from, at.x - dx, at.y - dy) : resized(from, from.w + at.x - dx - from.x, from.h + at.y - dy - from.y);
    setDrag({ ...drag, place });
  }

  function up(): void {
    if (!drag) return;
    session.put(drag.tile, drag.place);
    setDrag(null);
  }

  function key(event: KeyboardEvent, tile: number): void {
    const step = STEPS[event.key];
    // As of now: keys come faster than pictures.
    const places = session.places();
    const own = places[tile];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      void session.act({ act: "remove", tile });
    } else if (event.key === "Escape") {
      setDrag(null);
    } else if (step && own) {
      event.preventDefault();
      session.choose(tile);
      const [dx, dy] = step;
      if (event.shiftKey) session.put(tile, { ...own, w: Math.max(1, own.w + dx), h: Math.max(1, own.h + dy) });
      else session.put(tile, stepped(tile, places, dx, dy) || { ...own, x: own.x + dx, y: own.y + dy });
    }
  }

  const { area } = stage;
  return (
    <div class="room" ref={room} style={{ height: `${HEIGHT * scale}px` }}>
      {isLooking && (
        <iframe
          key={session.show === "live" ? "live" : session.show || ""}
          ref={(frame) => stage.attach(frame)}
          title={words["wall"]}
          src={address}
          inert
          tabIndex={-1}
          style={{ width: `${WIDTH}px`, height: `${HEIGHT}px`, transform: `scale(${scale})` }}
        />
      )}
      <div
        class={isLooking ? "cells" : "cells is-plain"}
        ref={cells}
        role="group"
        aria-label={words["grid"]}
        aria-describedby="grid-how"
        style={{ left: `${area.left}%`, top: `${area.top}%`, width: `${area.width}%`, height: `${area.height}%` }}
      >
        {places.map((filed, tile) => {
          const isDragged = drag !== null && drag.tile === tile;
          const place = isDragged ? drag.place : filed;
          const isBad = inTheWay(place, tile, places) >= 0 || session.draft.problems.some((it) => it.tile === tile);
          const classes = ["piece", tile === session.chosen && "is-chosen", isDragged && "is-dragged", isBad && "is-bad"];
          return (
            <div key={tile} class={classes.filter(Boolean).join(" ")} data-piece={session.nameOf(tile)} style={styleOf(place)}>
              <button
                type="button"
                class="grip"
                aria-pressed={tile === session.chosen}
                aria-label={labelOf(session, words, tile, place)}
                onPointerDown={(event) => down(event, tile, "move")}
                onPointerMove={move}
                onPointerUp={up}
                onPointerCancel={() => setDrag(null)}
                onKeyDown={(event) => key(event, tile)}
                onClick={() => session.choose(tile)}
              >
                {!isLooking && <span class="piece-type">{String(session.draft.tiles[tile]?.["type"] || "")}</span>}
                <span class="piece-name">{session.nameOf(tile)}</span>
              </button>
              <span
                class="corner"
                onPointerDown={(event) => down(event, tile, "size")}
                onPointerMove={move}
                onPointerUp={up}
                onPointerCancel={() => setDrag(null)}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function styleOf(place: Place) {
  const percent = (cell: number, of: number) => `${(100 * cell) / of}%`;
  return { left: percent(place.x, COLUMNS), top: percent(place.y, ROWS), width: percent(place.w, COLUMNS), height: percent(place.h, ROWS) };
}

function labelOf(session: Session, words: Words, tile: number, place: Place): string {
  const type = session.draft.tiles[tile]?.["type"];
  return `${words["tile"]} ${session.nameOf(tile)}, ${String(type || "")}: x ${place.x}, y ${place.y}, ${place.w} × ${place.h}`;
}
