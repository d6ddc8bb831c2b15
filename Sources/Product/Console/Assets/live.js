// The calls that are under way, and what is said in them as it is said. A thousand of them are drawn no more often than the screen.

import { callsNow, watch } from "./events.js";
import { fill, h, paced } from "./dom.js";
import { icon } from "./icons.js";
import { badge, empty, heading } from "./parts.js";
import { link } from "./router.js";
import { complain } from "./toast.js";
import { clock, nameOf, phone, words } from "./words.js";

const ROW = 64, LINES_MAX = 200;
/** So long a call of which an event told may be missing among those that are asked for. */
const FRESH_MS = 4000;
/** So long what was said in a call that is over can be read. */
const KEPT_MS = 600000;

/**
 * @typedef {{sid: string, id?: string, name: string, seen: number, began: number, status: string, direction?: string, note?: string,
 *   hasEnded?: boolean}} Call
 * @typedef {{events: any[], total: number, last: string}} Said the latest events, how many there were, and the last words
 */

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
/** A row that stays the same element while its call goes on: a click begins and ends on it. */
function rowOf(sid, choose) {
  let picture = icon("phoneIn"), state = h("span"), direction = "", status = "";
  const name = h("b"), said = h("small", { dir: "auto" }), time = h("span", { class: "live-time" });
  const button = h("button", { type: "button", class: "live-row", data: { key: "live-" + sid }, onclick: () => choose(sid) },
    picture, h("span", { class: "live-who" }, name, said), time, state);
  const node = h("li", null, button);
  const become = (old, fresh) => {
    old.replaceWith(fresh);
    return fresh;
  };
  return {
    node,
    /** @param {Call} call @param {Said | undefined} spoken */
    show: (call, spoken, index, isChosen) => {
      node.style.transform = "translateY(" + index * ROW + "px)";
      if (isChosen) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      if (direction !== (call.direction || "inbound")) {
        direction = call.direction || "inbound";
        picture = become(picture, icon(direction === "outbound" ? "phoneOut" : "phoneIn", words(direction)));
      }
      if (status !== call.status) {
        status = call.status;
        state = become(state, badge(status) || h("span"));
      }
      write(name, call.name || "Somebody");
      write(said, spoken && spoken.last || words(call.note || status));
      write(time, clock(Date.now() - call.began));
    },
  };
}
const line = (event) => event.speaker
  ? h("li", { class: "turn turn-" + event.speaker },
      h("div", { class: "turn-head" }, h("b", null, words(event.speaker)), h("small", null, clock(event.at_ms))),
      h("p", { dir: "auto" }, event.text || words(event.kind)))
  : h("li", { class: "turn turn-note" }, h("small", null, clock(event.at_ms), " ", words(event.kind), event.text ? ": " + words(event.text) : ""));

/** What is said in one call. Lines are added at its end, so that whoever reads back is left there. */
function conversation() {
  const name = h("h2"), record = h("a", { class: "button" }, "Record");
  const head = h("div", { class: "card-head" }, name, h("div", { class: "actions" }, record));
  const none = h("p", { class: "dim" }, "Nothing was said since you opened this page.");
  const log = h("ol", { class: "turns live-log", tabindex: "0", "aria-label": "What is said" });
  const node = h("section", { class: "card live-panel", "aria-label": "What is said" },
    empty("Choose a call", "What is said in it stands here.", null, "calls"));
  let shown = "", told = 0;
  return {
    node,
    /** @param {Call | undefined} call @param {Said | undefined} said */
    show: (sid, call, said) => {
      if (!sid) return;
      if (shown !== sid) {
        shown = sid;
        told = 0;
        log.replaceChildren();
        fill(node, head, none, log);
      }
      write(name, call ? call.name || "Somebody" : "A call");
      record.setAttribute("href", link("/calls/" + (call && call.id || sid)));
      none.hidden = Boolean(said);
      log.hidden = !said;
      if (!said || said.total === told) return;
      const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
      log.append(...said.events.slice(told - said.total).map(line));
      while (log.children.length > LINES_MAX) log.children[0].remove();
      told = said.total;
      if (isAtEnd) log.scrollTop = log.scrollHeight;
    },
  };
}
/** The rows in sight of a list that scrolls. */
function rowsIn(view, choose) {
  const rows = h("ul", { class: "live-rows", "aria-label": "Calls under way" });
  view.append(rows);
  /** By SID. @type {Map<string, ReturnType<typeof rowOf>>} */
  const drawn = new Map();
  /** @param {Call[]} all @param {Map<string, Said>} lines */
  return (all, lines, chosen) => {
    rows.style.height = all.length * ROW + "px";
    const first = Math.max(0, Math.floor(view.scrollTop / ROW) - 4);
    const last = Math.min(all.length, Math.ceil((view.scrollTop + view.clientHeight) / ROW) + 4);
    // The row that has the focus is kept, wherever it is.
    const held = [...drawn].find(([, row]) => row.node.contains(document.activeElement))?.[0];
    const heldAt = held ? all.findIndex((call) => call.sid === held) : -1;
    const wanted = Array.from({ length: Math.max(0, last - first) }, (_, i) => first + i);
    if (heldAt >= last) wanted.push(heldAt);
    else if (heldAt >= 0 && heldAt < first) wanted.unshift(heldAt);
    const sids = new Set(wanted.map((index) => all[index].sid));
    for (const [sid, row] of drawn)
      if (!sids.has(sid)) {
        row.node.remove();
        drawn.delete(sid);
      }
    let next = rows.firstElementChild;
    for (const index of wanted) {
      const call = all[index], row = drawn.get(call.sid) || rowOf(call.sid, choose);
      drawn.set(call.sid, row);
      row.show(call, lines.get(call.sid), index, call.sid === chosen);
      if (row.node === next) next = next.nextElementSibling;
      else rows.insertBefore(row.node, next);
    }
    if (held && heldAt < 0) view.focus({ preventScroll: true });
  };
}

/** @param {any} container */
export async function page(container, {signal, query}) {
  /** Those under way, by SID. @type {Map<string, Call>} */
  const calls = new Map();
  /** Those that are over, of which one may still be read. @type {Map<string, any>} */
  const over = new Map();
  /** @type {Map<string, Said>} */
  const lines = new Map();
  let chosen = query.call || "", isDue = false, wasUp = false, isPressed = false;
  const state = h("span", { class: "live-state", role: "status" });
  const view = h("div", { class: "live-view", tabindex: "0", role: "region", "aria-label": "List of calls" });
  const none = h("div", { hidden: true }, empty("Nobody is on the line", "Calls appear here as soon as they ring, with what is said.", null, "live"));
  const panel = conversation();
  const counted = h("p", { class: "under" });
  fill(container, heading("Live", { under: counted, actions: state }),
    h("div", { class: "live-split" }, h("div", { class: "live-list card" }, none, view), panel.node));
  const drawRows = rowsIn(view, (sid) => {
    chosen = sid;
    due();
    panel.node.scrollIntoView({ block: "nearest" });
  });

  function draw() {
    isDue = false;
    const all = [...calls.values()].sort((a, b) => b.began - a.began);
    if (!chosen && all.length) chosen = all[0].sid;
    none.hidden = all.length > 0;
    view.hidden = !all.length;
    // Rows do not move under a finger that is about to choose one.
    if (!isPressed) drawRows(all, lines, chosen);
    write(counted, all.length === 1 ? "1 call under way" : all.length + " calls under way");
    panel.show(chosen, calls.get(chosen) || over.get(chosen), lines.get(chosen));
  }
  /** However much happens, it is drawn once a frame. */
  function due() {
    if (isDue || signal.aborted) return;
    isDue = true;
    requestAnimationFrame(draw);
  }
  function finish(sid, hasEnded) {
    over.set(sid, {...over.get(sid), ...calls.get(sid), hasEnded });
    calls.delete(sid);
    setTimeout(() => {
      if (sid === chosen || calls.has(sid)) return;
      over.delete(sid);
      lines.delete(sid);
    }, KEPT_MS);
  }
  async function snapshot() {
    const asked = Date.now();
    try {
      const there = new Set();
      for (const row of await callsNow(signal)) {
        const sid = row.call_sid || row.id;
        // It ended while it was asked for.
        if (over.get(sid)?.hasEnded) continue;
        const known = calls.get(sid);
        const name = row.lead && (row.lead.contact_person || row.lead.company_name) || phone(row.direction === "outbound" ? row.to : row.from);
        there.add(sid);
        calls.set(sid,
          { seen: asked, note: known && known.note, ...row, sid, began: Date.parse(row.started_at) || asked, name: name || nameOf(row) });
      }
      for (const [sid, call] of calls)
        if (!there.has(sid) && asked - call.seen > FRESH_MS) finish(sid, false);
      due();
    } catch (error) {
      if (error.name !== "AbortError" && error.status !== 0 && error.status !== 401) complain(error);
    }
  }
  const look = paced(400, snapshot);
  function happened(event) {
    const sid = event.call_sid, said = lines.get(sid) || { events: [], total: 0, last: "" };
    if (!calls.has(sid) && !over.get(sid)?.hasEnded && event.kind !== "ended") {
      calls.set(sid, { name: "", ...over.get(sid), sid, seen: Date.now(), began: Date.now() - event.at_ms, status: "ringing" });
      look();
    }
    said.events.push(event);
    said.total++;
    if (event.speaker && event.text) said.last = event.text;
    if (said.events.length > LINES_MAX) said.events.shift();
    lines.set(sid, said);
    const call = calls.get(sid);
    if (call) {
      if (event.kind === "answered" || event.kind === "turn") call.status = "in_progress";
      call.note = event.kind;
    }
    if (event.kind === "ended") finish(sid, true);
    due();
  }
  view.addEventListener("scroll", due, { passive: true });
  view.addEventListener("pointerdown", (event) => {
    isPressed = event.target.closest(".live-row") !== null;
  });
  const release = () => {
    isPressed = false;
    due();
  };
  addEventListener("pointerup", release, { signal });
  addEventListener("pointercancel", release, { signal });
  // A menu of the browser's may have taken the end of the press.
  addEventListener("pointermove", (event) => {
    if (isPressed && !event.buttons) release();
  }, { signal });
  await snapshot();
  if (signal.aborted) return;
  draw();
  watch(signal, happened, (isUp) => {
    fill(state, h("span", { class: "dot " + (isUp ? "on" : "") }), isUp ? "As it happens" : "Every few seconds");
    // What was missed meanwhile is asked for.
    if (isUp && !wasUp) look();
    wasUp = isUp;
  });
  // Minutes go on, and what no event told of is found.
  const clockTimer = setInterval(due, 1000);
  const timer = setInterval(look, 5000);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearInterval(clockTimer);
  });
}
