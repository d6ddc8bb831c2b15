// The calls that are under way, and what is said in them as it is said. A thousand of them are drawn no more often than the screen.

import { callsNow, watch } from "./events.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { badge, empty, heading } from "./parts.js";
import { link } from "./router.js";
import { complain } from "./toast.js";
import { clock, nameOf, phone, words } from "./words.js";

const ROW = 64, LINES_MAX = 200;

/** @param {any} container */
export async function page(container, {signal, query}) {
  /** What is known of each, by its SID. @type {Map<string, any>} */
  const calls = new Map();
  /** @type {Map<string, any[]>} */
  const lines = new Map();
  let chosen = query.call || "", isDue = false, wasUp = false;
  const state = h("span", { class: "live-state", role: "status" });
  const rows = h("ul", { class: "live-rows", "aria-label": "Calls under way" });
  const view = h("div", { class: "live-view", tabindex: "0", role: "region", "aria-label": "List of calls" }, rows);
  const none = h("div", { hidden: true }, empty("Nobody is on the line", "Calls appear here as soon as they ring, with what is said.", null, "live"));
  const panel = h("section", { class: "card live-panel", "aria-label": "What is said" });
  const counted = h("p", { class: "under" });
  fill(container, heading("Live", { under: counted, actions: state }),
    h("div", { class: "live-split" }, h("div", { class: "live-list card" }, none, view), panel));

  const started = (call) => Date.parse(call.started_at) || call.seen;
  function drawRow(call, index) {
    const last = (lines.get(call.sid) || []).filter((e) => e.text && e.speaker).pop();
    const node = h("li", null,
      h("button", {
        type: "button",
        class: "live-row",
        "aria-current": call.sid === chosen ? "true" : null,
        data: { key: "live-" + call.sid },
        onclick: () => {
          chosen = call.sid;
          due();
          panel.scrollIntoView({ block: "nearest" });
        },
      },
        icon(call.direction === "outbound" ? "phoneOut" : "phoneIn", words(call.direction || "inbound")),
        h("span", { class: "live-who" }, h("b", null, call.name || "Somebody"),
          h("small", { dir: "auto" }, last ? last.text : words(call.note || call.status))),
        h("span", { class: "live-time" }, clock(Date.now() - started(call))), badge(call.status)));
    node.style.transform = "translateY(" + index * ROW + "px)";
    return node;
  }
  function draw() {
    isDue = false;
    const all = [...calls.values()].sort((a, b) => started(b) - started(a));
    const first = Math.max(0, Math.floor(view.scrollTop / ROW) - 4), last = Math.ceil((view.scrollTop + view.clientHeight) / ROW) + 4;
    rows.style.height = all.length * ROW + "px";
    fill(rows, all.slice(first, last).map((call, i) => drawRow(call, first + i)));
    none.hidden = all.length > 0;
    view.hidden = !all.length;
    fill(counted, all.length === 1 ? "1 call under way" : all.length + " calls under way");
    if (!chosen && all.length) chosen = all[0].sid;
    drawPanel();
  }
  let drawnFor = "", drawnCount = -1;
  function drawPanel() {
    const said = lines.get(chosen) || [], call = calls.get(chosen) || endedCall;
    if (!chosen) {
      fill(panel, empty("Choose a call", "What is said in it stands here.", null, "calls"));
      return;
    }
    if (drawnFor === chosen && drawnCount === said.length) return;
    drawnFor = chosen;
    drawnCount = said.length;
    const log = h("ol", { class: "turns live-log", tabindex: "0", "aria-label": "What is said" }, said.map(line));
    fill(panel,
      h("div", { class: "card-head" }, h("h2", null, call ? call.name || "Somebody" : "A call"),
        h("div", { class: "actions" }, h("a", { class: "button", href: link("/calls/" + (call && call.id || chosen)) }, "Record"))),
      said.length ? log : h("p", { class: "dim" }, "Nothing was said since you opened this page."));
    log.scrollTop = log.scrollHeight;
  }
  const line = (event) => event.speaker
    ? h("li", { class: "turn turn-" + event.speaker },
        h("div", { class: "turn-head" }, h("b", null, words(event.speaker)), h("small", null, clock(event.at_ms))),
        h("p", { dir: "auto" }, event.text || words(event.kind)))
    : h("li", { class: "turn turn-note" }, h("small", null, clock(event.at_ms), " ", words(event.kind), event.text ? ": " + words(event.text) : ""));
  /** However much happens, it is drawn once a frame. */
  function due() {
    if (isDue || signal.aborted) return;
    isDue = true;
    requestAnimationFrame(draw);
  }
  /** @type {any} */
  let endedCall = null;
  async function snapshot() {
    try {
      const now = await callsNow(signal);
      const there = new Set();
      for (const row of now.data) {
        const sid = row.call_sid || row.id,
              name = row.lead && (row.lead.contact_person || row.lead.company_name) || phone(row.direction === "outbound" ? row.to : row.from);
        there.add(sid);
        calls.set(sid, { seen: Date.now(), ...calls.get(sid), ...row, sid, name: name || nameOf(row) });
      }
      for (const [sid, call] of calls)
        if (!there.has(sid) && Date.now() - call.seen > 4000) {
          if (sid === chosen) endedCall = call;
          calls.delete(sid);
        }
      due();
    } catch (error) {
      if (error.name !== "AbortError" && error.status !== 0 && error.status !== 401) complain(error);
    }
  }
  function happened(event) {
    const sid = event.call_sid;
    if (!calls.has(sid) && event.kind !== "ended") {
      calls.set(sid, { sid, seen: Date.now(), started_at: new Date(Date.now() - event.at_ms).toISOString(), status: "ringing", name: "" });
      setTimeout(() => {
        if (!signal.aborted) snapshot();
      }, 400);
    }
    const call = calls.get(sid), said = lines.get(sid) || [];
    said.push(event);
    if (said.length > LINES_MAX) said.shift();
    lines.set(sid, said);
    if (call) {
      if (event.kind === "answered" || event.kind === "turn") call.status = "in_progress";
      call.note = event.kind;
      if (event.kind === "ended") {
        endedCall = call;
        calls.delete(sid);
        setTimeout(() => lines.delete(sid), 600000);
      }
    }
    due();
  }
  view.addEventListener("scroll", due, { passive: true });
  await snapshot();
  draw();
  watch(signal, happened, (isUp) => {
    fill(state, h("span", { class: "dot " + (isUp ? "on" : "") }), isUp ? "As it happens" : "Every few seconds");
    // What was missed meanwhile is asked for.
    if (isUp && !wasUp) snapshot();
    wasUp = isUp;
  });
  // Minutes go on, and what no event told of is found.
  const clockTimer = setInterval(due, 1000);
  const timer = setInterval(snapshot, 5000);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    clearInterval(clockTimer);
  });
}
