// The browser's side of the connection: real sockets, timers and randomness.

import type { Position } from "../protocol";
import { inquire } from "./inquiry";
import type { Environment } from "./socket";

/** The screen's name goes along with each attempt; empty for a screen without one. */
export function browserEnvironment(board: string, screen: string): Environment & { wall(): number } {
  return {
    // Whoever sets the TV's clock doesn't touch this one.
    now: () => performance.now(),
    wall: () => Date.now(),
    inquire,
    after: (delayMs, action) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    open: (resume, events) => {
      const socket = new WebSocket(socketAddress(board, screen, resume));
      socket.onmessage = (message) => events.message(String(message.data));
      socket.onclose = () => events.closed();
      return {
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
        },
        close: () => socket.close(),
      };
    },
  };
}

function socketAddress(board: string, screen: string, resume: Position | null): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const words: string[] = [];
  if (resume) words.push(`epoch=${encodeURIComponent(resume.epoch)}`, `seq=${resume.seq}`);
  if (screen) words.push(`screen=${encodeURIComponent(screen)}`);
  const query = words.length > 0 ? `?${words.join("&")}` : "";
  // A proxy may show the server below a path of its own: `/tablica/wall/floor`.
  const base = location.pathname.slice(0, Math.max(0, location.pathname.lastIndexOf("/wall/")));
  return `${scheme}//${location.host}${base}/ws/v1/boards/${encodeURIComponent(board)}${query}`;
}
