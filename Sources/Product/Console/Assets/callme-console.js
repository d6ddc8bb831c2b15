// What the phone's page asks of the console around it: the API, the events of a call, and a call's own page.

import { SignedOut, read } from "./api.js";
import { current } from "./session.js";

export const get = async (path) => (await read(path)).body;

export async function post(path) {
  const answer = await fetch(path, { method: "POST", headers: { authorization: "Bearer " + current() } });
  if (answer.status === 401) throw new SignedOut("The token is not accepted, or has expired.");
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail || answer.statusText);
  return body;
}
/** @param {string} callSid @param {(event: any) => void} take @returns {() => void} ends it */
export function watchCall(callSid, take) {
  const url = new URL("/api/v1/live?call=" + callSid, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, ["bearer", current()]);
  socket.onmessage = ({ data }) => take(JSON.parse(data));
  return () => socket.close();
}
/** @type {((id: string) => void) | null} here calls have no addresses of their own */
export const openCall = null;
