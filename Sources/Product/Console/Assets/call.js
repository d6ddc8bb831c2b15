// One call: what was said, what came of it, and how it sounded to the caller.

import { ask } from "./api.js";
import { bant } from "./bant.js";
import { other } from "./calls.js";
import { copy, fill, h, paced } from "./dom.js";
import { watch } from "./events.js";
import { icon } from "./icons.js";
import { menuButton } from "./overlay.js";
import { badge, card, empty, facts, heading, moment, score } from "./parts.js";
import { placeCall } from "./placeCall.js";
import { link } from "./router.js";
import { may } from "./session.js";
import { consulted, delays, soundline } from "./soundline.js";
import { toast } from "./toast.js";
import { clock, duration, number, phone, when, words } from "./words.js";

function spoken(turn) {
  const heard = turn.heard_text ?? turn.text;
  const rest = turn.interrupted && turn.text.startsWith(heard) ? turn.text.slice(heard.length).trim() : "";
  return h("li", { class: "turn turn-" + turn.speaker, id: "turn-" + turn.number, tabindex: "-1" },
    h("div", { class: "turn-head" }, h("b", null, words(turn.speaker)), h("small", null, clock(turn.started_ms))),
    h("p", { dir: "auto" }, heard, rest && [" ", h("del", { title: "Never heard: the caller interrupted" }, rest)],
      turn.interrupted && [" ", h("span", { class: "badge warn" }, "interrupted")]));
}
function nextSteps(call) {
  const rows = [
    ...(call.meetings || []).map((m) => ["calendar", m.title, when(m.starts_at), m.status, "/desk/meetings"]),
    ...(call.follow_ups || []).map((f) => ["work", f.reason, when(f.due_at), f.status, "/desk/follow-ups"]),
  ];
  return rows.length ? h("ul", { class: "lines" },
                         rows.map(([picture, title, at, state, path]) => h("li", null, h("span", { class: "feed-icon" }, icon(picture)),
                                    h("a", { class: "line-main", href: link(path) }, h("span", null, title), h("small", null, at)), badge(state))))
                     : h("p", { class: "dim" }, "Nothing was agreed.");
}
function consents(call) {
  return h("ul", { class: "lines" },
    call.consents.map((one) => h("li", null, h("span", { class: "feed-icon" }, icon(one.granted ? "check" : "close")),
                        h("div", { class: "line-main" }, h("span", null, words(one.kind) + ": " + (one.granted ? "granted" : "refused")),
                          one.words && h("small", { dir: "auto" }, "“" + one.words + "”")))));
}
/** @param {any} container */
export async function page(container, {params, signal, title}) {
  let tag = null;
  const path = "/api/v1/calls/" + encodeURIComponent(params.id);
  const jump = (turnNumber) => {
    const turn = container.querySelector("#turn-" + turnNumber);
    if (!turn) return;
    turn.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    for (const t of container.querySelectorAll(".turn.pointed")) t.classList.remove("pointed");
    turn.classList.add("pointed");
    turn.focus({ preventScroll: true });
  };
  const
    draw = async () => {
      const got = await ask("GET", path, { tag, signal });
      if (got.status === 304) return;
      tag = got.tag;
      const call = got.body, lead = call.lead || {}, contact = call.contact || {};
      const name = contact.name || lead.contact_person || phone(other(call));
      title(name);
      fill(container,
      heading(name, {
        back: { path: "/calls", title: "Calls" },
        under: [badge(call.outcome || call.status), " ", badge(call.sentiment), " ", call.intent && h("span", null, words(call.intent) + " · "),
          moment(call.started_at, when), " · ", duration(call.duration_seconds)],
        actions: [
          call.lead && h("a", { class: "button", href: link("/leads/" + lead.id) }, icon("leads"), "Lead"),
          may("admin") && contact.id && h("a", { class: "button", href: link("/contacts/" + contact.id) }, icon("contacts"), "Contact"),
          menuButton("More", [
            may("manager") ? { title: "Call this number again…", icon: "phoneOut", run: () => placeCall({ to: other(call), contact_id: contact.id }) } : null,
            { title: "Copy this page's address", icon: "copy", run: async () => toast(await copy(location.href) ? "Copied." : "The browser does not let it be copied. It stands in its address line.") },
          ], { icon: "more", iconOnly: true }),
        ],
      }),
      contact.do_not_contact && h("p", { class: "notice bad" }, icon("warn"), "They asked to be left alone. Nobody of ours contacts them again."),
      call.summary && h("p", { class: "lead-in", dir: "auto" }, call.summary),
      h("div", { class: "split" },
        h("div", null,
          card("As the caller heard it", soundline(call, jump), h("p", { class: "help" }, delays(call))),
          card("Conversation", call.turns.length ? h("ol", { class: "turns" }, call.turns.map(spoken))
            : empty("Nothing was said", "Nobody spoke, or the record is still being written.", null, "calls"))),
        h("div", null,
          card("Qualification", bant(call, jump)),
          card("Next steps", nextSteps(call)),
          call.consults.length ? card("Consults", h("ul", { class: "lines" }, call.consults.map((c) => h("li", null, h("div", { class: "line-main" },
            h("span", null, consulted(c)), c.answer && h("small", { dir: "auto" }, c.answer)))))) : null,
          call.consents.length ? card("Consents", consents(call)) : null,
          (lead.scores || []).length ? card("Scores", h("ul", { class: "lines" }, lead.scores.map((s) => h("li", null,
            h("div", { class: "line-main" }, h("span", null, words(s.type)), h("small", null, s.reasoning)), score(s.score))))) : null,
          card("Facts", facts([
            ["Direction", words(call.direction)], ["From", phone(call.from)], ["To", phone(call.to)], ["Company", contact.company || lead.company_name],
            ["Position", contact.position], ["Ended by", words(call.end_reason)], ["Answered", call.answered_at && when(call.answered_at)],
            ["Keys pressed", call.dtmf], ["Read by", call.extractor],
            ...Object.entries(call.usage || {}).map(([k, v]) => [words(k), typeof v === "number" ? number(v) : String(v)]),
            ["Call SID", call.call_sid && h("code", null, call.call_sid)],
          ])))));
    };
  await draw();
  const look = paced(1800, async () => {
    if (!signal.aborted) await draw().catch(() => null);
  });
  watch(signal, (event) => {
    if (event.kind === "ended") look();
  });
}
