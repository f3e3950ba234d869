// One tile on the wall: listens to its own value and to nothing else. A tile that fails shows
// so and tries again with its next value; the others don't notice.

import { Component } from "preact";
import type { Strings } from "../i18n/strings";
import type { BoardLayout, TileLayout } from "../protocol";
import type { Store } from "../state/store";
import type { AlarmDesk } from "../alarm/desk";
import { SoundTest } from "./alarm";
import { boxOf, type WallSize } from "./box";
import { Absent, Frame } from "./parts/frame";
import { tileOf } from "./registry";
import type { Pointer } from "./receipt";
import { ReceiptLink } from "./receipt";

interface Props {
  layout: TileLayout;
  board: BoardLayout;
  wall: WallSize;
  strings: Strings;
  store: Store;
  /** Changes when the fonts have come and all sizes must be found anew. */
  fonts: number;
  /** Told which tile is pointed at. */
  pointer: Pointer;
  /** Plays what the tile would. */
  desk: AlarmDesk;
}

interface State {
  repaint: number;
  failed: boolean;
}

/** A tile's place among the wall's children. Preact keeps what a child drew first until the wall itself is drawn
 *  anew, maybe days later: this one draws nothing of its own, so that no rows of long ago stay in memory. */
export function Tile(props: Props) {
  return <LiveTile {...props} />;
}

class LiveTile extends Component<Props, State> {
  override state: State = { repaint: 0, failed: false };
  private stop: () => void = () => {};

  override componentDidMount(): void {
    this.stop = this.props.store.onTile(this.props.layout.id, () =>
      this.setState((state) => ({ repaint: state.repaint + 1, failed: false })),
    );
  }

  override componentWillUnmount(): void {
    this.stop();
  }

  override shouldComponentUpdate(props: Props, state: State): boolean {
    const own = this.props;
    return (
      state !== this.state ||
      props.layout !== own.layout ||
      props.board !== own.board ||
      props.wall !== own.wall ||
      props.fonts !== own.fonts
    );
  }

  override componentDidCatch(error: unknown): void {
    // Not console.error: a wall's log is read by nobody, and one bad value must not fill it.
    console.warn(`tile ${this.props.layout.id}: ${String(error)}`);
    this.setState({ failed: true });
  }

  override render({ layout, board, wall, strings, store, pointer, desk }: Props, { failed }: State) {
    const View = tileOf(layout.type);
    const value = store.value(layout.id);
    const box = boxOf(layout, board, wall);
    const common = { layout, value, board, box, strings, clock: store.clock };
    const words = !View ? strings.unknownTile(layout.type) : failed ? strings.brokenTile : "";
    return (
      <div class="tile" data-tile={layout.id} data-type={layout.type} style={placeOf(layout, board)}>
        {View && !failed ? (
          <View {...common} />
        ) : (
          <Frame {...common} value={null}>
            <Absent text="—" words={words} />
          </Frame>
        )}
        {layout.receipt && <ReceiptLink {...{ layout, board, strings, pointer }} />}
        <SoundTest {...{ layout, strings, desk }} />
      </div>
    );
  }
}

function placeOf(tile: TileLayout, board: BoardLayout) {
  const percent = (part: number, whole: number) => `${(100 * part) / whole}%`;
  return {
    left: percent(tile.x, board.columns),
    top: percent(tile.y, board.rows),
    width: percent(tile.w, board.columns),
    height: percent(tile.h, board.rows),
  };
}
