// The console: one page that needs nothing but itself and the API.

import "./theme.js";
import { ask, forgetKnown, get, Refusal, watchLine } from "./api.js";
import { stopWatching } from "./events.js";
import { drawShell, drawSignIn, lineIs, showPage } from "./shell.js";
import { onMove } from "./router.js";
import { become, current, forget, invited, isToken, me, session } from "./session.js";
import { toast } from "./toast.js";

let isIn = false;

export async function leave(why = "") {
  if (isIn && !current() && !why) await ask("POST", "/api/auth/logout").catch(() => null);
  isIn = false;
  forget();
  forgetKnown();
  stopWatching();
  drawSignIn(why, start);
}
/** Finds out who is asking, by the token or the cookie there is. */
async function start() {
  if (current() && !isToken(current())) return leave("That is no token: `parley token` prints one.");
  if (invited() || !current() && !session.isThere()) return drawSignIn("", start);
  try {
    become(await get("/api/auth/me"));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return leave(current() ? "The token is not accepted, or has expired." : "");
    return drawSignIn(error.message + " " + (error.advice || ""), start);
  }
  isIn = true;
  drawShell(leave);
  showPage();
}
watchLine({
  // What was being done stays in the address: whoever signs in again is back where they were.
  signedOut: () => {
    if (isIn) leave("Your session is over. Sign in to go on.");
  },
  line: lineIs,
});
onMove(() => {
  if (isIn) showPage();
});
addEventListener("unhandledrejection", (event) => {
  if (event.reason && event.reason.name === "AbortError") {
    event.preventDefault();
    return;
  }
  if (event.reason instanceof Refusal) {
    event.preventDefault();
    if (me()) toast(event.reason.message, { kind: "bad", advice: event.reason.advice });
  }
});
start();
