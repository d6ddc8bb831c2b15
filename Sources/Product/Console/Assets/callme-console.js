// What the phone's page asks of the console around it: the API, the events of a call, and a call's own page.

import { ask } from "./api.js";
import { watch } from "./events.js";
import { go } from "./router.js";

export { get } from "./api.js";

export const post = async (path) => (await ask("POST", path)).body;

/** @param {string} callSid @param {(event: any) => void} take @returns {() => void} ends it */
export function watchCall(callSid, take) {
  const ending = new AbortController();
  watch(ending.signal, (event) => { if (event.call_sid === callSid) take(event); });
  return () => ending.abort();
}
/** @type {((id: string) => void) | null} */
export const openCall = (id) => go("/calls/" + id);
