// One lead: what is known, how it is scored, what comes next, and all that happened.

import { ask, get, post } from "./api.js";
import { bant } from "./bant.js";
import { fill, h } from "./dom.js";
import { openEditor } from "./editor.js";
import { feed } from "./feed.js";
import { icon } from "./icons.js";
import { askPerson, askStage, mayMove, STAGES } from "./leadMoves.js";
import { LEAD_ORDER } from "./leads.js";
import { askText, menuButton, openDialog } from "./overlay.js";
import { awaited, badge, bar, button, card, empty, facts, figure, heading, moment } from "./parts.js";
import { people, person } from "./people.js";
import { placeCall } from "./placeCall.js";
import { link } from "./router.js";
import { may, me } from "./session.js";
import { complain, optimistic, toast } from "./toast.js";
import { ago, day, money, nameOf, phone, when, words } from "./words.js";

function stages(lead, move) {
  const at = STAGES.indexOf(lead.stage);
  return h("ol", { class: "funnel", "aria-label": "Stage" },
    STAGES.map((stage, i) => h("li", {
      class: stage === lead.stage         ? "here"
        : lead.stage !== "LOST" && i < at ? "past"
                                          : "",
    },
                 h("button", {
                   type: "button",
                   disabled: !mayMove(lead, stage),
                   "aria-current": stage === lead.stage ? "step" : null,
                   onclick: () => move(stage),
                 },
                   stage))));
}
function scores(lead, reload) {
  const box = card("Score factors", { actions: button("Rate it", { icon: "star", onclick: () => rate(lead, reload) }) });
  box.append(awaited(get("/api/v1/leads/" + lead.id + "/scores"),
    (found) => h("ul", { class: "score-rows" },
      found.types.filter((t) => t.type !== "combined")
        .map((t) => h("li", null,
               h("div", { class: "score-row" }, h("span", null, words(t.type)), h("small", null, t.weight ? "weighs " + t.weight : "not counted"),
                 h("b", null, t.score ?? "–")),
               bar((t.score || 0) / 100, words(t.type)),
               t.factors && Object.keys(t.factors).length
                 ? h("small", null, Object.entries(t.factors).map(([k, v]) => words(k) + " " + (Number(v) > 0 ? "+" : "") + v).join(" · "))
                 : h("small", null, t.reasoning || "Nothing is known yet."))))));
  return box;
}
async function rate(lead, reload) {
  const field = h("input", { class: "input", type: "range", min: 0, max: 100, value: lead.lead_score, id: "rate", "aria-describedby": "rate-said" });
  const said = h("output", { id: "rate-said" }, lead.lead_score);
  field.addEventListener("input", () => {
    said.textContent = field.value;
  });
  const why = h("textarea", { class: "input", id: "why", rows: 3, maxlength: 1000, required: true });
  const box = openDialog({
    title: "Rate this lead",
    kind: "small",
    body: h("div", { class: "form" },
      h("div", { class: "field" },
        h("label",
          { for: "rate"
          },
          "Points ", said),
        field),
      h("div", { class: "field" },
        h("label",
          { for: "why"
          },
          "Why"),
        why),
      h("p", { class: "help" }, "Your rating counts as one part of the whole.")),
    actions: [
      button("Cancel", { onclick: () => box.close() }), button("Save", {
        kind: "primary",
        onclick: async () => {
          if (!why.value.trim()) {
            why.focus();
            return;
          }
          try {
            await post("/api/v1/leads/" + lead.id + "/scores", { score: Number(field.value), reasoning: why.value.trim() });
            box.close();
            toast("Rated.");
            reload();
          } catch (error) { complain(error); }
        }
      })
    ],
  });
}
function next(lead, reload) {
  const rows = [
    ...(lead.follow_ups || []).map((f) => ({ at: f.due_at, title: f.reason, under: f.recommendation, state: f.status, id: f.id, isFollowUp: true })),
    ...(lead.meetings || []).map((m) => ({ at: m.starts_at, title: m.title, under: null, state: m.status, id: m.id, isFollowUp: false })),
  ].sort((a, b) => a.at.localeCompare(b.at));
  return card("Next steps", {
    actions: [
      button("Follow-up", {
        icon: "plus",
        onclick: () => openEditor({
          path: "/api/v1/follow-ups",
          title: "New follow-up",
          value: { lead_id: lead.id, agent_id: me().user ? me().user.id : null },
          order: ["due_at", "reason", "agent_id", "notes"],
          done: reload
        })
      }),
      button("Meeting", {
        icon: "calendar",
        onclick: () => openEditor({
          path: "/api/v1/meetings",
          title: "New meeting",
          value: { lead_id: lead.id },
          order: ["title", "starts_at", "ends_at", "agent_id", "location", "meeting_link", "notes"],
          done: reload
        })
      }),
    ]
  },
    rows.length ? h("ul", { class: "lines" },
                    rows.map((one) => h("li", null,
                               one.isFollowUp && one.state === "Pending"
                                 ? button("Done: " + one.title, {
                                     icon: "check",
                                     iconOnly: true,
                                     onclick: () => optimistic({
                                       show: () => null,
                                       takeBack: () => null,
                                       commit: () => post("/api/v1/follow-ups/" + one.id + "/complete"),
                                       done: reload,
                                       text: "Follow-up done.",
                                     })
                                   })
                                 : h("span", { class: "feed-icon" }, icon(one.isFollowUp ? "work" : "calendar")),
                               h("div", { class: "line-main" }, h("span", null, one.title),
                                 h("small", null, when(one.at) + (one.under ? " · " + one.under : ""))),
                               badge(one.state))))
                : empty("Nothing is planned", "Plan a follow-up, so that it is not forgotten.", null, "calendar"));
}
/** @param {any} container */
export async function page(container, {params, signal, title}) {
  const path = "/api/v1/leads/" + encodeURIComponent(params.id);
  const everybody = await people();
  async function draw() {
    const lead = (await ask("GET", path, { signal })).body;
    const name = nameOf(lead);
    title(name);
    const move = async (stage) => {
      let reason = null;
      if (stage === "LOST" || lead.stage === "LOST") {
        reason = await askStage(lead, stage);
        if (!reason) return;
      }
      try {
        await post(path + "/stage", { stage, reason });
        toast(name + " is in " + stage + ".");
        await draw();
      } catch (error) { complain(error); }
    };
    const edit = () => openEditor({ path: "/api/v1/leads", id: lead.id, title: "Change " + name, order: LEAD_ORDER, done: draw });
    const act = async (work, text) => {
      try {
        const got = await work();
        toast(typeof text === "function" ? text(got) : text);
        await draw();
      } catch (error) { complain(error); }
    };
    fill(container,
      heading(name, {
        back: { path: "/leads", title: "Leads" }, under: [lead.company_name, lead.industry, "source: " + words(lead.source)].filter(Boolean).join(" · "),
        actions: [
          button("Change", { icon: "edit", onclick: edit }),
          may("manager") && lead.phone && button("Call", { icon: "phoneOut", onclick: () => placeCall({ to: lead.phone, contact_id: lead.contact_id }) }),
          menuButton("More", [
            may("manager") ? { title: "Give to…", icon: "user", run: async () => { const to = await askPerson("Give " + name + " to"); if (to !== undefined) await act(() => post(path + "/assign", { agent_id: to }), "Given."); } }
              : lead.agent_id ? { title: "Give it back", icon: "user", run: () => act(() => post(path + "/assign", { agent_id: null }), "It is nobody's.") }
              : { title: "Take it", icon: "user", run: () => act(() => post(path + "/assign", { agent_id: me().subject }), "It is yours.") },
            { title: "Score it anew", icon: "star", run: () => act(() => post(path + "/qualify"), (got) => words(got.result) + ": " + got.combined + " points.") },
            lead.contact_id && may("admin") ? { title: "Note on the contact…", icon: "note", run: async () => {
              const text = await askText("Note", "What is to be remembered", { isLong: true, max: 5000 });
              if (text) await act(() => post("/api/v1/contacts/" + lead.contact_id + "/interactions", { interaction_type: "note", content: text }), "Noted.");
            } } : null,
            lead.contact_id && may("admin") ? { title: "Contact", icon: "contacts", href: link("/contacts/" + lead.contact_id) } : null,
          ], { icon: "more", iconOnly: true }),
        ],
      }),
      stages(lead, move),
      h("div", { class: "figures" },
        figure("Score", lead.lead_score, { under: lead.status_bucket, mood: lead.status_bucket === "P1" ? "good" : "" }),
        figure("Value", money(lead.deal_value, lead.currency), { under: lead.win_probability !== null ? lead.win_probability + " % to win" : "chance not known" }),
        figure("Closes", day(lead.expected_close_date), { under: words(lead.qualification_status) }),
        figure("In this stage", lead.stage_changed_at ? ago(lead.stage_changed_at) : ago(lead.created_at), { under: lead.previous_stage ? "from " + lead.previous_stage : "from the beginning" })),
      lead.summary && h("p", { class: "lead-in", dir: "auto" }, lead.summary),
      h("div", { class: "split" },
        h("div", null, next(lead, draw), card("Qualification", bant({ lead }, null)), card("What happened", feed(path + "/timeline", signal))),
        h("div", null,
          card("Facts", facts([["Person", lead.contact_person], ["Company", lead.company_name], ["Phone", phone(lead.phone)], ["E-mail", lead.email], ["Whose", person(everybody, lead.agent_id)],
            ["Made", moment(lead.created_at, when)], ["Campaign", [lead.utm_source, lead.utm_medium].filter(Boolean).join(" / ")], ["Notes", lead.notes && h("span", { class: "as-written", dir: "auto" }, lead.notes)]])),
          scores(lead, draw))));
  }
  await draw();
}
