// The other side of a comparison: a server that tells every screen of every event, as wallboards made
// with Socket.IO or `ws` do. `node server.mjs socket.io|ws NODE_MODULES` prints its address.

import { createServer } from "node:http";
import { createRequire } from "node:module";

const [kind, modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);

let offered = 0;
const http = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    offered += 1;
    tell({ queue: "messages", offered, waiting: offered % 40, longest_wait_now: offered % 600 });
    response.writeHead(200, { "content-length": 0 });
    response.end();
  });
});
const tell = kind === "ws" ? byWs() : bySocketIo();

function byWs() {
  const { WebSocketServer } = require("ws");
  const screens = new WebSocketServer({ server: http, perMessageDeflate: false });
  screens.on("connection", (screen) => screen.send("{}"));
  return (event) => {
    const text = JSON.stringify(event);
    for (const screen of screens.clients) screen.send(text);
  };
}

function bySocketIo() {
  const { Server } = require("socket.io");
  const screens = new Server(http, { transports: ["websocket"] });
  return (event) => screens.emit("event", event);
}

http.listen(0, "127.0.0.1", () => {
  console.log(`each event on http://127.0.0.1:${http.address().port}/`);
});
