// The browser's side of the connection: real sockets, timers and randomness.

import type { Position } from "../protocol";
import type { Environment } from "./socket";

export function browserEnvironment(board: string): Environment {
  return {
    now: () => Date.now(),
    after: (delayMs, action) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    open: (resume, events) => {
      const socket = new WebSocket(socketAddress(board, resume));
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

function socketAddress(board: string, resume: Position | null): string {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const query = resume ? `?epoch=${encodeURIComponent(resume.epoch)}&seq=${resume.seq}` : "";
  // A proxy may show the server below a path of its own: `/tablica/wall/floor`.
  const base = location.pathname.slice(0, Math.max(0, location.pathname.lastIndexOf("/wall/")));
  return `${scheme}//${location.host}${base}/ws/v1/boards/${encodeURIComponent(board)}${query}`;
}
