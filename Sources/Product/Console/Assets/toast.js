// Short words about what was done, with a way back where there is one.

import { Refusal } from "./api.js";
import {h} from "./dom.js";
import { icon } from "./icons.js";

const box = () => /** @type {HTMLElement} */ (document.getElementById("toasts"));

/** @param {string} text @param {{kind?: string, advice?: string, action?: {title: string, run: () => void}, seconds?: number}} [more] */
export function toast(text, more = {}) {
  let timer = 0;
  const close = () => {
    clearTimeout(timer);
    node.remove();
  };
  const node =
    h("div", { class: "toast " + (more.kind || ""), role: more.kind === "bad" ? "alert" : "status" }, icon(more.kind === "bad" ? "warn" : "check"),
      h("div", { class: "toast-words" }, h("span", null, text), more.advice && h("small", null, more.advice)),
      more.action &&
        h("button", {
          type: "button",
          class: "button quiet",
          onclick: () => {
            close();
            more.action?.run();
          }
        },
          more.action.title),
      h("button", { type: "button", class: "button quiet icon-only", "aria-label": "Close", onclick: close }, icon("close")));
  const arm = () => {
    timer = window.setTimeout(close, (more.seconds || (more.kind === "bad" ? 12 : 6)) * 1000);
  };
  node.onmouseenter = node.onfocusin = () => clearTimeout(timer);
  node.onmouseleave = node.onfocusout = arm;
  arm();
  box().append(node);
  while (box().children.length > 4) box().firstElementChild?.remove();
  return close;
}
/** Says why something did not work. */
export function complain(error, what = "") {
  if (error.name === "AbortError") return;
  const advice = error instanceof Refusal ? error.advice : "";
  const first = error instanceof Refusal && error.errors.length ? " " + error.errors[0].detail : "";
  toast((what ? what + " " : "") + error.message + first, { kind: "bad", advice });
}

/** What was promised and not yet asked of the API. @type {Set<{key?: string, run: (isLeaving?: boolean) => Promise<boolean>, drop: () => void}>} */
const promised = new Set();
addEventListener("pagehide", () => {
  for (const one of promised) one.run(true);
});
/** Asks the API for all that was promised, while it is still the same person who asks. Gives whether all of it was done. */
export async function settle() { return (await Promise.all([...promised].map((one) => one.run()))).every(Boolean); }
/** Takes back all that was promised, and tells how much that was. */
export function dropPromised() {
  const all = [...promised];
  for (const one of all) one.drop();
  return all.length;
}
/** What was said to one person is not for the next. */
export function clearToasts() { box().replaceChildren(); }

/**
 * A change that shows at once and may be taken back for six seconds; only then is it asked of the API. Leaving the page asks at once.
 * Of two changes with one key the first is done before the second shows: each is taken back by itself.
 * @param {string} text @param {{key?: string, show: () => void, takeBack: () => void, commit: (isLeaving: boolean) => Promise<any>, done?: (got: any) => void}} change
 */
export async function undoable(text, change) {
  for (const one of promised)
    if (change.key && one.key === change.key) await one.run();
  change.show();
  /** @type {Promise<boolean> | null} */
  let running = null;
  const end = () => {
    promised.delete(one);
    clearTimeout(timer);
    close();
  };
  const ask = async (isLeaving) => {
    try {
      const got = await change.commit(isLeaving);
      if (change.done) change.done(got);
      return true;
    } catch (error) {
      change.takeBack();
      complain(error, "It was not done, and stands as before.");
      return false;
    } finally { promised.delete(one); }
  };
  const run = (isLeaving = false) => {
    if (running) return running;
    clearTimeout(timer);
    close();
    return running = ask(isLeaving);
  };
  const drop = () => {
    if (running) return;
    end();
    change.takeBack();
  };
  const one = { key: change.key, run, drop };
  promised.add(one);
  const close = toast(text, { seconds: 7, action: { title: "Undo", run: drop } });
  const timer = setTimeout(run, 6000);
}
/** A change that shows at once, is asked of the API at once, and is taken back when that refuses it. */
export async function optimistic(change) {
  change.show();
  try {
    const got = await change.commit();
    if (change.done) change.done(got);
    if (change.text) toast(change.text, change.undo ? { action: { title: "Undo", run: change.undo } } : {});
    return true;
  } catch (error) {
    change.takeBack();
    complain(error, "It was not done, and stands as before.");
    return false;
  }
}
/** Does what may fail while a button waits. */
export async function busy(button, work) {
  if (button) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
  }
  try {
    return await work();
  } catch (error) {
    complain(error);
    return undefined;
  } finally {
    if (button) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }
}
