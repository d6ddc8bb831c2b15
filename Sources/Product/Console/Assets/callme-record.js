// What is said in the call, and what the CRM makes of it: as it happens by the live feed, afterwards by the call's record.

import { openCall } from "./callme-console.js";
import { button, el } from "./callme-parts.js";
import { clock, when } from "./words.js";

/** `follow_up` as people write it. */
const plain = (text) => String(text || "").replaceAll("_", " ");

const GOOD = ["meeting_booked", "qualified", "transferred", "follow_up_agreed"], BAD = ["failed", "interrupted", "do_not_call"];
const mood = (outcome) => GOOD.includes(outcome) ? "good" : BAD.includes(outcome) ? "bad" : "warn";
const NAMES = { agent: "Agent", human: "Colleague" };
const SUBJECTS = {
  contact: "Contact", qualification: "Qualification", meeting: "Meeting", follow_up: "Follow-up", consent: "Consents",
  do_not_contact: "Do not contact", transfer: "Transfer",
};
/** Of each of these there is one, and what comes later replaces it; of the others every one is a line. */
const SINGLE = ["contact", "qualification"];

/** Fields whose values are codes; what callers say stays as it is. */
const CODES = ["authority", "need", "timeline", "kind"];
const FIELDS = { granted: "answer", starts_at: "starts", due_at: "due", duration_minutes: "minutes", budget_amount: "amount" };

function shown(name, value) {
  if (name.endsWith("_at")) return when(value);
  if (name === "granted") return value === "true" ? "agreed" : "refused";
  if (name === "budget_amount") return Number(value).toLocaleString();
  return CODES.includes(name) ? plain(value) : value;
}

/** The conversation, turn by turn. No live region: a screen reader that hears the call is not told it twice. */
export class Conversation {
  constructor() {
    this.list = el("ol", null, "cm-turns");
    this.list.tabIndex = 0;
    this.list.setAttribute("aria-label", "Conversation");
    // Who listens to a scripted caller is not the caller.
    this.caller = "You";
    this.clear();
  }
  clear() {
    this.list.replaceChildren(el("li", "What is said appears here.", "cm-empty"));
  }
  add(item) {
    const list = this.list, empty = list.querySelector(".cm-empty");
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
    if (empty) empty.remove();
    list.append(item);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }
  turn(speaker, text, atMs, isCut) {
    const item = el("li", null, "cm-turn cm-" + speaker), head = el("small", speaker === "caller" ? this.caller : NAMES[speaker] || plain(speaker));
    if (atMs != null) head.append(" · " + clock(atMs));
    if (isCut) head.append(" · interrupted");
    item.append(head, el("p", text));
    this.add(item);
  }
  note(text) {
    this.add(el("li", text, "cm-note"));
  }
  /** As the record has it, where it has it. */
  replace(turns) {
    if (!turns.length) return;
    this.list.replaceChildren();
    for (const turn of turns) if (turn.heard_text) this.turn(turn.speaker, turn.heard_text, turn.started_ms, turn.interrupted);
  }
  /** An event of the live feed. */
  take(event) {
    if (event.kind === "turn") this.turn(event.speaker, event.text || "", event.at_ms, false);
    else if (event.kind === "tool_called") this.note("The agent uses " + plain(event.text));
    else if (event.kind === "barge_in") this.note("The agent is interrupted");
    else if (event.kind === "dtmf") this.note("Key " + event.text);
    else if (event.kind === "note") this.note(event.text || "");
  }
}

function pairs(entries) {
  const list = el("dl");
  for (const [name, value] of entries) list.append(el("dt", plain(name)), el("dd", value));
  return list;
}

/** What stands in the CRM, or will. */
export class CallRecord {
  constructor() {
    this.box = el("div", null, "cm-record");
    this.clear();
  }
  clear() {
    /** @type {Record<string, any>} */
    this.learned = {};
    this.box.replaceChildren(el("p", "What the agent learns appears here while you talk; the record follows the call.", "cm-empty"));
  }
  /** What the agent has just learned. */
  take(event) {
    if (event.kind !== "learned") return;
    const subject = event.text || "", details = event.details || {};
    if (SINGLE.includes(subject)) this.learned[subject] = { ...this.learned[subject], ...details };
    else this.learned[subject] = [...(this.learned[subject] || []), details];
    const parts = [];
    for (const [name, title] of Object.entries(SUBJECTS)) {
      const found = this.learned[name];
      if (!found) continue;
      parts.push(el("h3", title));
      for (const one of [found].flat())
        parts.push(pairs(Object.entries(one).map(([field, value]) => [FIELDS[field] || field, shown(field, value)])));
    }
    this.box.replaceChildren(el("p", "Learned so far", "cm-kicker"), ...parts);
  }
  waiting() {
    this.box.prepend(el("p", "The call is over; its record is being written …", "cm-kicker"));
  }
  missing() {
    this.box.prepend(el("p", "The record is not there yet. It will be among the calls.", "cm-kicker"));
  }
  /** @param {any} call as its record has it */
  show(call) {
    const lead = call.lead, contact = call.contact || {}, parts = [];
    const badges = el("p", null, "cm-badges");
    badges.append(el("span", plain(call.outcome || call.status), "badge " + mood(call.outcome)));
    if (lead) badges.append(el("span", lead.status_bucket + " · score " + lead.lead_score + " · " + lead.stage, "badge"));
    if (contact.do_not_contact) badges.append(el("span", "do not contact", "badge bad"));
    parts.push(el("p", "In the CRM", "cm-kicker"), badges);
    if (call.summary) parts.push(el("p", call.summary));
    if (openCall) parts.push(button("Open this call", "cm-quiet", () => openCall(call.id)));
    const person = [["name", contact.name || (lead && lead.contact_person)], ["company", contact.company],
      ["position", contact.position], ["e-mail", contact.email], ["phone", contact.phone || call.from]];
    parts.push(el("h3", "Contact"), pairs(person.filter((pair) => pair[1])));
    parts.push(el("h3", "Qualification"), this.qualification(call));
    const lists = [
      ["Meetings", call.meetings, (m) => when(m.starts_at) + " · " + m.title],
      ["Follow-ups", call.follow_ups, (f) => when(f.due_at) + " · " + f.reason],
      ["Consents", call.consents, (c) => plain(c.kind) + ": " + (c.granted ? "granted" : "refused") + (c.words ? " “" + c.words + "”" : "")],
      ["Consults", call.consults, (c) => "“" + c.question + "” · " + plain(c.ending)],
    ];
    for (const [title, rows, line] of lists) {
      if (!rows || !rows.length) continue;
      const list = el("ul");
      for (const row of rows) list.append(el("li", line(row)));
      parts.push(el("h3", title), list);
    }
    this.box.replaceChildren(...parts);
  }
  qualification(call) {
    const found = (call.extraction && call.extraction.bant) || {}, kept = (call.lead && call.lead.qualification) || {};
    const list = el("dl");
    for (const field of ["budget", "authority", "need", "timeline"]) {
      const here = found[field], finding = here && here.value !== "unknown" ? here : kept[field] || here || {};
      const amount = field === "budget" ? found.budget_amount ?? finding.amount : null;
      const value = el("dd", plain(finding.value || "unknown") + (amount != null ? " · " + Number(amount).toLocaleString() : ""));
      const proof = (finding.evidence || [])[0];
      if (proof) value.append(el("q", proof.words));
      list.append(el("dt", field), value);
    }
    return list;
  }
}
