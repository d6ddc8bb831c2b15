// Doing what may fail, and saying so.

import { SignedOut } from "./api.js";
import { $ } from "./page.js";
import { current } from "./session.js";

let whenSignedOut = (/** @type {string} */ _why) => {};
/** @param {(why: string) => void} action */
export function onSignedOut(action) {
  whenSignedOut = action;
}

export async function attempt(work) {
  try {
    await work();
    $("state").textContent = "";
  } catch (error) {
    if (error instanceof SignedOut) whenSignedOut(error.message);
    $("state").textContent = current() ? error.message : "";
  }
}
