// {{network}}: its bytes in, events out.

//@ webhook file document
import { badInput, define, event, json, message, onlySettings } from "./tablica.js";
//@ poll
import { badInput, define, event, fetch, json, message, onlySettings, secret, timer } from "./tablica.js";
//@ socket
import { badInput, connect, define, event, json, message, onlySettings, secret } from "./tablica.js";
//@ tcp
import { badInput, connect, define, event, json, message, onlySettings, secret, send } from "./tablica.js";
//@ document

// Longer documents are none of this network's.
const DOCUMENT_BYTES_MAX = 1 << 20;
//@

// A message as the network writes it. `json` keeps ids above 2^53, as BigInts.
function decode(it) {
  const texts = [it?.thread, it?.from, it?.text];
  if (!/^\d+$/.test(String(it?.id)) || !/^\d+$/.test(String(it?.at)) || texts.some((text) => typeof text !== "string")) {
    throw badInput("not a message");
  }
  return event({
    id: String(it.id), // the same on redelivery: duplicates are found by it
    at: BigInt(it.at) * 1000n,
    interaction: it.thread,
    customer: [`mail:${it.from}`],
    kind: message({ medium: "message", author: "customer", text: it.text }),
  });
}
//@ poll

// A timer runs beside each request, or a lost one would be the last.
function ask(state) {
  return {
    commands: [
      fetch({
        url: [`https://api.{{name}}.example/v1/messages?after=${state.after}`],
        headers: { authorization: ["Bearer ", secret("key")] },
        tag: "messages",
      }),
      timer("poll", 10_000),
    ],
  };
}
//@ socket

const open = () => ({
  commands: [
    connect({
      link: "main",
      address: ["wss://api.{{name}}.example/v1/events"],
      headers: { authorization: ["Bearer ", secret("key")] },
    }),
  ],
});
//@ tcp

const open = () => ({
  commands: [
    connect({ link: "main", address: ["tls://switch.{{name}}.example:5039"], until: "\n" }),
  ],
});
//@

export const plugin = define({
  name: "{{name}}",
  version: "0.1.0",
  network: "{{network}}",
  // The operator's `[channel.NAME.settings]`: name those that you read.
  init: (state, { settings }) => onlySettings(settings),
  // What must survive a restart; bounded, and without anything about customers.
  //@ poll
  state: { after: "0" },
  start: (state) => ask(state),
  timer: (state) => ask(state),
  response(state, answer) {
    if (answer.status !== 200) return {}; // the timer asks again
    const messages = json(answer.body);
    if (!Array.isArray(messages)) throw badInput("not a list");
    const events = messages.map(decode);
    for (const { id } of events) if (BigInt(id) > BigInt(state.after)) state.after = id;
    return { events };
  },
  //@ webhook file socket tcp
  state: {},
  //@ document
  state: { begun: "" },
  //@ webhook
  webhook: (state, call) => ({ events: [decode(json(call.body))] }),
  //@ file
  line: (state, line) => ({ events: [decode(json(line.bytes))] }),
  //@ socket
  start: () => open(),
  disconnected: () => open(), // the server waits longer each time that it fails
  frame: (state, frame) => ({ events: [decode(json(frame.content.val))] }),
  //@ tcp
  start: () => open(),
  connected: () => ({ commands: [send({ link: "main", data: ["login ", secret("key"), "\n"] })] }),
  disconnected: () => open(), // the server waits longer each time that it fails
  frame: (state, frame) => ({ events: [decode(json(frame.content.val))] }),
  //@ document
  document(state, part) {
    if (part.offset === 0n) state.begun = "";
    // Latin-1 keeps each byte.
    for (const byte of part.bytes) state.begun += String.fromCharCode(byte);
    if (state.begun.length > DOCUMENT_BYTES_MAX) {
      state.begun = "";
      throw badInput("the document is too long");
    }
    if (!part.isLast) return {};
    const bytes = Uint8Array.from(state.begun, (c) => c.charCodeAt(0));
    state.begun = "";
    return { events: [decode(json(bytes))] };
  },
  //@
});
