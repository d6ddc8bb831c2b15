// What happens in calls while it happens. One line to the gateway for the whole page; it comes back by itself when it was lost.

import { get } from "./api.js";
import { current, isToken, me } from "./session.js";

/** @typedef {{call_sid: string, at_ms: number, kind: string, speaker?: string, text?: string}} LiveEvent */

/** @type {Set<(event: LiveEvent) => void>} */
const listeners = new Set();
/** @type {Set<(isUp: boolean) => void>} */
const stateListeners = new Set();
/** @type {WebSocket | null} */
let socket = null;
let isUp = false, isWanted = false, pause = 1000, timer = 0;

function tell(state) {
  isUp = state;
  for (const listener of stateListeners) listener(state);
}
/** A session's cookie comes by itself; a token is a subprotocol: addresses are written into the logs of proxies. */
function open() {
  if (!isWanted || socket || !me()) return;
  const pass = current();
  if (pass && !isToken(pass)) return;
  const url = new URL("/api/v1/live", location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = socket = new WebSocket(url, pass ? ["bearer", pass] : []);
  mine.onopen = () => {
    pause = 1000;
    tell(true);
  };
  mine.onmessage = (message) => {
    const event = JSON.parse(message.data);
    for (const listener of listeners) listener(event);
  };
  mine.onclose = () => {
    // It was given up before, and another may have taken its place.
    if (socket !== mine) return;
    socket = null;
    if (isUp) tell(false);
    again();
  };
}
function again() {
  clearTimeout(timer);
  if (!isWanted) return;
  timer = window.setTimeout(open, pause + Math.random() * 500);
  pause = Math.min(pause * 2, 30000);
}
/**
 * @param {AbortSignal} signal of the page that watches @param {(event: LiveEvent) => void} listener
 * @param {(isUp: boolean) => void} [whenState] true: what happened before has to be asked for
 */
export function watch(signal, listener, whenState) {
  // A page that was left before all of it had come.
  if (signal.aborted) return;
  listeners.add(listener);
  if (whenState) {
    stateListeners.add(whenState);
    whenState(isUp);
  }
  isWanted = true;
  clearTimeout(timer);
  open();
  signal.addEventListener("abort", () => {
    listeners.delete(listener);
    if (whenState) stateListeners.delete(whenState);
    // Another page that watches comes at once, or none does.
    setTimeout(() => {
      if (!listeners.size) stopWatching();
    }, 500);
  });
}
export function stopWatching() {
  isWanted = false;
  clearTimeout(timer);
  if (socket) socket.close();
  socket = null;
  if (isUp) tell(false);
}
addEventListener("online", () => {
  pause = 1000;
  clearTimeout(timer);
  open();
});

/** All calls that are under way, with what is known of them. */
export async function callsNow(signal) {
  const calls = [];
  let cursor = null;
  do {
    const page = await get("/api/v1/calls/live", { limit: 200, cursor }, signal);
    calls.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor);
  return calls;
}
