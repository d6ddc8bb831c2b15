// What happens in calls while it happens.

import { $, el } from "./page.js";
import { current } from "./session.js";
import { clock, words } from "./words.js";

let socket = null;

export function stopWatching() {
  if (socket) socket.close();
  $("live").replaceChildren();
}
/** @param {() => void} whenEnded a call's record follows shortly. */
export function watch(whenEnded) {
  const url = new URL("/api/v1/live", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  // Not in the address, which proxies write into their logs.
  socket = new WebSocket(url, ["bearer", current()]);
  socket.onmessage = (message) => {
    const event = JSON.parse(message.data), item = el("li");
    item.append(el("small", clock(event.at_ms) + " " + words(event.kind) + " "));
    if (event.speaker) item.append(el("b", event.speaker + ": "));
    item.append(event.text || "");
    $("live").prepend(item);
    while ($("live").childNodes.length > 60) $("live").lastChild.remove();
    if (event.kind === "ended") setTimeout(whenEnded, 1500);
  };
  socket.onclose = () => {
    socket = null;
    setTimeout(() => { if (current() && !socket) watch(whenEnded); }, 10000);
  };
}
