// All calls, the latest first.

import { get } from "./api.js";
import { fill, h, paced } from "./dom.js";
import { watch } from "./events.js";
import { filterBar } from "./filters.js";
import { icon } from "./icons.js";
import { list } from "./list.js";
import { badge, button, empty, heading, moment, score } from "./parts.js";
import { placeCall } from "./placeCall.js";
import { link } from "./router.js";
import { may } from "./session.js";
import { duration, nameOf, phone, words } from "./words.js";

const OUTCOMES = [
  "meeting_booked", "qualified", "follow_up_agreed", "transferred", "nurture", "not_interested", "voicemail", "no_speech", "interrupted", "failed",
  "do_not_call"
];

const callColumns = [
  {
    key: "who",
    title: "Caller",
    width: "minmax(11rem,2fr)",
    narrow: /** @type {const} */ ("title"),
    draw: (call) => [h("span", {class: "direction", title: words(call.direction)},
                       icon(call.direction === "outbound" ? "phoneOut" : "phoneIn", words(call.direction))),
      " ",
      call.lead ? nameOf({...call.lead, id: undefined, name: call.lead.contact_person || call.lead.company_name}) || phone(other(call))
                : phone(other(call))]
  },
  {key: "outcome", title: "Outcome", width: "9.500rem", narrow: /** @type {const} */ ("side"), draw: (call) => badge(call.outcome || call.status)},
  {
    key: "summary",
    title: "Summary",
    width: "minmax(10rem,3fr)",
    narrow: /** @type {const} */ ("under"),
    draw: (call) => h("span", {class: "dim"}, call.summary || phone(other(call)))
  },
  {key: "score", title: "Lead", width: "8.500rem", draw: (call) => call.lead ? score(call.lead.lead_score, call.lead.status_bucket) : ""},
  {key: "duration", title: "Length", width: "6.500rem", end: true, sort: "duration_seconds", draw: (call) => duration(call.duration_seconds)},
  {key: "when", title: "When", width: "7.500rem", sort: "started_at", draw: (call) => moment(call.started_at)},
];
/** The number of the other side. */
export const other = (call) => call.direction === "outbound" ? call.to : call.from;

/** @param {any} container */
export async function page(container, {signal, query}) {
  const filters = filterBar({
    views: "calls",
    change: () => calls.reload(),
    fields: [
      { name: "outcome", label: "Outcome", kind: "choice", options: OUTCOMES },
      { name: "direction", label: "Direction", kind: "choice", options: ["inbound", "outbound"] },
      { name: "status", label: "State", kind: "choice", options: ["ringing", "in_progress", "completed", "interrupted", "failed"] },
      { name: "sentiment", label: "Mood", kind: "choice", options: ["positive", "neutral", "negative", "mixed"] },
      {
        name: "intent",
        label: "Wants",
        kind: "choice",
        options: ["sales_qualified", "marketing_qualified", "support", "information", "opt_out", "wrong_number", "unknown"]
      },
      { name: "from", label: "From number", kind: "text" },
      { name: "started_after", label: "From day", kind: "after" },
      { name: "started_before", label: "Before day", kind: "before" },
      { name: "duration_min", label: "Seconds at least", kind: "number" },
      { name: "duration_max", label: "Seconds at most", kind: "number" },
    ],
  });
  const calls = list({
    label: "Calls",
    signal,
    columns: callColumns,
    href: (call) => link("/calls/" + call.id),
    sort: query.sort || "-started_at",
    onSort: (sort) => filters.set("sort", sort),
    load: (cursor, signal) => get("/api/v1/calls", { limit: 50, cursor, ...filters.asked() }, signal),
    empty: () => Object.keys(filters.asked()).length
      ? empty("No call is like that", "Take a filter away.", null, "search")
      : empty("No calls yet", "Calls stand here as soon as somebody rings. `parley call` makes one on this machine.", null, "calls"),
  });
  fill(container, heading("Calls", {
    actions: may("manager") ? button("Call a number", { icon: "phoneOut", kind: "primary", data: { shortcut: "n" }, onclick: () => placeCall() })
                            : null
  }),
    filters.node, calls.node);
  // So long its record takes to be written.
  const look = paced(1800, async () => {
    if (!signal.aborted) await calls.refresh();
  });
  watch(signal, (event) => {
    if (event.kind === "ended") look();
  });
}
