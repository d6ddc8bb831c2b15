// The console: one page that needs nothing but itself and the API.

import "./theme.js";
import { ask, forgetKnown, get, Refusal, watchLine } from "./api.js";
import { stopWatching } from "./events.js";
import { drawShell, drawSignIn, lineIs, showPage } from "./shell.js";
import { onMove } from "./router.js";
import { mayLeave, openDialog } from "./overlay.js";
import { become, current, dropToken, forget, invited, isToken, me, onOther, session } from "./session.js";
import { signIn } from "./signin.js";
import { clearToasts, complain, dropPromised, settle, toast } from "./toast.js";

let isIn = false, isAsked = false;

export async function leave(why = "") {
  if (isIn && !why && !await goOut()) return;
  isIn = false;
  forget();
  forgetKnown();
  stopWatching();
  clearToasts();
  drawSignIn(why, start);
}
/** What was promised is done by whoever promised it, then the session is ended. Gives whether it is. */
async function goOut() {
  if (!await settle()) return false;
  if (current()) return true;
  try {
    await ask("POST", "/api/auth/logout");
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return true;
    complain(error, "You are still signed in.");
    return false;
  }
  return true;
}
/** Finds out who is asking, by the token or the cookie there is. */
async function start() {
  if (current() && !isToken(current())) return leave("That is no token: `parley token` prints one.");
  if (invited() || !current() && !session.isThere()) return drawSignIn("", start);
  try {
    know(await get("/api/auth/me"));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return leave(current() ? "The token is not accepted, or has expired." : "");
    return drawSignIn(error.message + " " + (error.advice || ""), start);
  }
  isIn = true;
  drawShell(leave);
  showPage();
}
function know(who) {
  become(who);
  if (!current()) session.note(who.subject);
}
/** The session is over: whoever signs in again goes on with what they were typing, and another person begins anew. */
function askAgain() {
  if (!isIn || isAsked) return;
  isAsked = true;
  const lost = dropPromised(), before = me();
  dropToken();
  const why = "Your session is over. Sign in to go on." + (lost ? " What could still be undone was not done." : "");
  let isBack = false;
  const box = openDialog({
    title: "Sign in again",
    kind: "small",
    isKept: true,
    body: signIn(why, async () => {
      if (current() && !isToken(current())) throw new Error("That is no token: `parley token` prints one.");
      const now = await get("/api/auth/me");
      if (now.subject !== before.subject || now.tenant.id !== before.tenant.id) return location.reload();
      know(now);
      isBack = true;
      box.close();
      // What failed meanwhile is asked for again, unless somebody is writing there.
      if (!document.querySelector("dialog[open],#main form.form")) showPage();
    }).firstElementChild,
    close: () => {
      isAsked = false;
      if (!isBack) leave(why);
    },
  });
}
watchLine({ signedOut: askAgain, line: lineIs });
onOther(() => {
  dropPromised();
  location.reload();
});
onMove(async (event) => {
  if (/^#(token|invite)=/.test(location.hash)) return location.reload();
  if (!isIn) return;
  if (await mayLeave()) showPage();
  else history.pushState(null, "", event.oldURL);
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
