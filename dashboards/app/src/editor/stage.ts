// The wall in the page: handed its pictures, and asked where its tiles are.

/** The size that the wall is drawn in, whatever room there is. */
export const WIDTH = 1920;
export const HEIGHT = 1080;

/** A rectangle in percent of the wall. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

const ALL: Area = { left: 0, top: 0, width: 100, height: 100 };

export class Stage {
  onChange: () => void = () => {};
  /** Where the grid is. */
  area: Area = ALL;
  private frame: HTMLIFrameElement | null = null;
  private isReady = false;
  private waiting: object | null = null;

  constructor() {
    addEventListener("message", (event) => {
      if (event.origin !== location.origin || !this.frame || event.source !== this.frame.contentWindow) return;
      const { ready, painted } = (event.data || {}) as { ready?: boolean; painted?: number };
      if (ready) {
        this.isReady = true;
        if (this.waiting) this.picture(this.waiting);
      }
      if (painted !== undefined) this.measure(painted);
    });
  }

  attach(frame: HTMLIFrameElement | null): void {
    if (frame === this.frame) return;
    this.frame = frame;
    this.isReady = false;
  }

  picture(frame: object): void {
    this.waiting = frame;
    const target = this.frame && this.frame.contentWindow;
    if (target && this.isReady) target.postMessage(JSON.stringify(frame), location.origin);
  }

  private measure(painted: number): void {
    const frame = this.frame;
    const tiles = frame && frame.contentDocument && frame.contentDocument.querySelector(".tiles");
    if (!frame || !tiles) return;
    frame.dataset["painted"] = String(painted);
    const box = tiles.getBoundingClientRect();
    const area = { left: (100 * box.left) / WIDTH, top: (100 * box.top) / HEIGHT, width: (100 * box.width) / WIDTH, height: (100 * box.height) / HEIGHT };
    if (JSON.stringify(area) === JSON.stringify(this.area) || box.width === 0) return;
    this.area = area;
    this.onChange();
  }
}
