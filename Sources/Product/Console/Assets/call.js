// One call: what was said, what came of it, and how it sounded to the caller.

import { bant } from "./bant.js";
import { read } from "./api.js";
import { $, el, redraw, rows } from "./page.js";
import { consulted, delays, timeline } from "./timeline.js";
import { clock, mood, when, words } from "./words.js";

function spoken(turn) {
  const row = el("div", null, "turn " + turn.speaker), who = el("div"), said = el("div");
  who.append(el("b", words(turn.speaker)), el("br"), el("small", clock(turn.started_ms)));
  said.append(turn.heard_text);
  if (turn.interrupted) {
    const rest = turn.text.startsWith(turn.heard_text) ? turn.text.slice(turn.heard_text.length) : "";
    if (rest) said.append(" ", el("del", rest.trim()));
    said.append(" ", el("span", "interrupted", "badge warn"));
  }
  row.append(who, said);
  return row;
}
/** Draws the call that `isWanted` still says is chosen once it has come. Gives its tag, or `tag` where nothing is new. */
export async function show(id, tag, isWanted) {
  const got = await read("/api/v1/calls/" + encodeURIComponent(id), tag);
  if (!got || !isWanted()) return tag;
  const call = got.body, lead = call.lead || {}, contact = call.contact || {}, page = $("call");
  const top = el("h2", contact.name || lead.contact_person || call.from || "Unknown number");
  const facts = el("p"), status = el("p");
  top.tabIndex = -1;
  status.append(el("span", words(call.outcome || call.status), "badge " + mood(call.outcome)));
  if (call.lead) {
    const standing = lead.status_bucket + " · score " + lead.lead_score + " · " + lead.stage;
    status.append(el("span", standing, "badge"));
  }
  if (contact.do_not_contact) status.append(el("span", "do not contact", "badge bad"));
  const line = [contact.company || lead.company_name, contact.position, call.from, when(call.started_at),
    (call.duration_seconds ?? 0) + " s", words(call.end_reason), call.call_sid];
  facts.append(el("small", line.filter(Boolean).join(" · ")));
  const follow = (f) => when(f.due_at) + " · " + words(f.status) + " · " + f.reason;
  const meet = (m) => when(m.starts_at) + " · " + m.title + " · " + words(m.status);
  const agreed = (c) => words(c.kind) + ": " + (c.granted ? "granted" : "refused") + " “" + c.words + "”";
  const scored = (s) => words(s.type) + " " + s.score + " · " + s.reasoning;
  redraw(page, [top, status, facts, el("p", call.summary || ""),
    el("h2", "Qualification"), bant(call),
    el("h2", "As the caller heard it"), el("p", delays(call)), timeline(call),
    el("h2", "Conversation"), ...(call.turns || []).map(spoken),
    ...rows("Follow-ups", call.follow_ups, follow), ...rows("Meetings", call.meetings, meet),
    ...rows("Consults", call.consults, consulted), ...rows("Consents", call.consents, agreed), ...rows("Scores", lead.scores, scored),
    ...rows("Usage", Object.entries(call.usage || {}), (u) => words(u[0]) + ": " + u[1])],
    () => top);
  return got.tag;
}
