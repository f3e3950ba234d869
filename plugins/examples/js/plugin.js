// Viber bots: what customers write, and who leaves. Viber does not repeat the bot's own messages, so
// answers are not seen here.

import { badInput, define, event, json, kind, message, onlySettings, unsupported } from "./tablica.js";

// All else is accepted and nothing to count: receipts of ours, the bot's own webhook, a chat that was
// opened, kinds that Viber adds later.
const COUNTED = ["message", "unsubscribed"];

function webhook(state, call) {
  const update = json(call.body);
  if (typeof update?.event !== "string") throw unsupported("/event is missing");
  if (!COUNTED.includes(update.event)) return {};
  const from = update.event === "unsubscribed" ? update.user_id : update.sender?.id;
  const { message_token: token, timestamp } = update;
  if (typeof from !== "string" || !isInteger(token) || !isInteger(timestamp)) {
    throw badInput("the sender, /message_token or /timestamp is missing");
  }
  const common = { at: BigInt(timestamp), interaction: from, customer: [`viber:${from}`] };
  if (update.event === "unsubscribed") {
    return { events: [event({ ...common, id: `${token}:left`, kind: kind("left", "blocked") })] };
  }
  const text = typeof update.message?.text === "string" ? update.message.text : undefined;
  const wrote = message({ medium: "message", author: "customer", text });
  // 64 bits: as a number the last digits would be others, and two messages one.
  return { events: [event({ ...common, id: String(token), kind: wrote })] };
}

const isInteger = (it) => (typeof it === "bigint" || Number.isSafeInteger(it)) && it >= 0;

export const plugin = define({
  name: "viber",
  version: "0.1.0",
  network: "Viber",
  init: (state, { settings }) => onlySettings(settings),
  webhook,
});
