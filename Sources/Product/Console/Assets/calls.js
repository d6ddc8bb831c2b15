// The list of calls, and which of them is chosen.

import { read } from "./api.js";
import { attempt } from "./attempt.js";
import { show } from "./call.js";
import { $, el, redraw } from "./page.js";
import { mood, when, words } from "./words.js";

let chosen = null, next = null, listTag = null, callTag = null;

export function forgetCalls() {
  chosen = next = listTag = callTag = null;
  $("calls").replaceChildren();
  $("call").replaceChildren(el("p", "Choose a call.", "hint"));
}
export async function showChosen() {
  const asked = chosen;
  if (!asked) return;
  const tag = await show(asked, callTag, () => asked === chosen);
  if (asked === chosen) callTag = tag;
}
function listed(call) {
  const item = el("li"), button = el("button");
  const lead = call.lead || {};
  button.append(el("span", words(call.outcome || call.status), "badge " + mood(call.outcome)));
  button.append(el("strong", lead.contact_person || lead.company_name || call.from || "Unknown number"));
  button.append(el("br"));
  const score = call.lead ? " · " + lead.status_bucket + " " + lead.lead_score : "";
  button.append(el("small", when(call.started_at) + " · " + (call.duration_seconds ?? 0) + " s" + score));
  button.dataset.id = call.id;
  button.setAttribute("aria-current", String(call.id === chosen));
  button.onclick = async () => {
    chosen = call.id;
    callTag = null;
    mark();
    await attempt(showChosen);
    const title = $("call").querySelector("h2");
    if (chosen === call.id && title) title.focus();
  };
  item.append(button);
  return item;
}
function mark() {
  for (const b of $("calls").querySelectorAll("button"))
    b.setAttribute("aria-current", String(b.dataset.id === chosen));
}
export async function list() {
  const got = await read("/api/v1/calls?limit=25", listTag);
  if (!got) return;
  listTag = got.tag;
  next = got.body.next_cursor;
  const same = (held) => [...$("calls").querySelectorAll("button")].find((b) => b.dataset.id === held.dataset.id);
  redraw($("calls"), got.body.data.map(listed), same);
  if (!got.body.data.length) $("calls").append(el("li", "No calls yet.", "hint"));
  $("more").hidden = !next;
  if (!chosen && got.body.data.length) { chosen = got.body.data[0].id; mark(); await showChosen(); }
}
$("more").onclick = () => attempt(async () => {
  const got = await read("/api/v1/calls?limit=25&cursor=" + encodeURIComponent(next));
  next = got.body.next_cursor;
  const items = got.body.data.map(listed);
  $("calls").append(...items);
  $("more").hidden = !next;
  const first = items[0] && items[0].querySelector("button");
  if (first) first.focus();
});
