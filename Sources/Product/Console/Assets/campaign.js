// One campaign: how far it is, how it does, who is in it, and why each number was called or not.

import { ask, get, post } from "./api.js";
import { barsChart, columnsChart, linesChart } from "./chart.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { list } from "./list.js";
import { askText, menuButton, openDialog, sure } from "./overlay.js";
import { awaited, badge, bar, button, card, empty, facts, figure, heading, moment, tabs } from "./parts.js";
import { factsOf } from "./resource.js";
import { go, here, link, note } from "./router.js";
import { busy, complain, toast } from "./toast.js";
import { day, duration, money, number, percent, phone, when, words } from "./words.js";

const bars = (title, counts, tint) => !Object.keys(counts || {}).length
  ? empty(title, "Nothing yet.", null, "table")
  : barsChart(title,
      Object.entries(counts || {}).sort((a, b) => Number(b[1]) - Number(a[1])).map(([k, v]) => ({ label: words(k), values: [Number(v)] })), tint);

/** @param {any} container */
export async function page(container, {params, signal, title}) {
  const path = "/api/v1/campaigns/" + encodeURIComponent(params.id);
  const progress = h("div", null), top = h("div", null), body = h("div", null);
  /** @type {any} */
  let row = null;
  async function act(verb, text, ask) {
    let given = {};
    if (ask) {
      const reason = await askText(ask, "Reason", { required: false, doIt: words(verb) });
      if (reason === null) return;
      given = reason ? { reason } : {};
    }
    try {
      await post(path + "/" + verb, given);
      toast(text);
      await draw();
    } catch (error) { complain(error); }
  }
  async function summary() {
    try {
      const s = await get(path + "/summary", null, signal);
      // It was paused elsewhere, or has ended: what can be done with it is another thing now.
      if (row && s.status !== row.status) await drawTop();
      const over = ["completed", "opted_out", "exhausted", "refused"].reduce((a, k) => a + (s.by_status[k] || 0), 0);
      fill(progress, bar(s.enrolled ? over / s.enrolled : 0, "Progress"),
        h("p", { class: "help" },
          number(over) + " of " + number(s.enrolled) + " done · " + number(s.under_way) + " calls under way" +
            (s.cost !== null && s.cost !== undefined
                ? " · " + money(s.cost, s.currency) + (s.spend_max ? " of " + money(s.spend_max, s.currency) : "")
                : "") +
            (s.next_at ? " · next " + when(s.next_at) : "") +
            (s.reason && ["active", "scheduled"].includes(s.status) ? " · waits: " + words(s.reason).toLowerCase() : "")));
    } catch { /* the next look says it */
    }
  }
  function results() {
    return [
      awaited(get(path + "/performance", null, signal),
        (p) => [h("div", { class: "figures" }, figure("Called", number(p.dialled), { under: number(p.enrolled) + " enrolled" }),
                  figure("Answered", percent(p.answer_rate), { under: number(p.answered) + " people or machines" }),
                  figure("With success", percent(p.conversion), { under: number(p.meetings) + " meetings, " + number(p.qualified) + " qualified" }),
                  figure("Opted out", number(p.opted_out)),
                  figure("Talk", duration(p.talk_seconds),
                    { under: p.cost !== null && p.cost !== undefined ? money(p.cost, p.currency) : "no prices set" }),
                  figure("Let down", percent(p.abandonment.rate), { under: "of " + number(p.abandonment.reached) + " reached" })),
          h("div", { class: "columns-2" }, card(null, bars("How calls ended", p.outcomes, "1")),
            card(null,
              Object.keys(p.refusals || {}).length
                ? bars("Not called, and why", p.refusals, "3")
                : empty("Nobody was refused", "Numbers that a rule forbids to call are counted here.", null, "shield")))]),
      h("div", { class: "columns-2" },
        card(null,
          awaited(get(path + "/funnel", null, signal),
            (f) => barsChart("From enrolment to success", f.data.map((s) => ({ label: words(s.name), values: [s.contacts] })), "0"))),
        card(null,
          awaited(get(path + "/time-series", { step: "hour" }, signal),
            (t) => t.data.length
              ? linesChart("Calls by hour",
                  t.data.map((s) => ({ label: when(s.at).replace(/.*, /, ""), title: when(s.at), values: [s.dialled, s.answered, s.refused] })),
                  [{ name: "called", tint: "1" }, { name: "answered", tint: "0" }, { name: "refused", tint: "3" }])
              : empty("No calls yet", "Once it has started, its hours stand here.", null, "calls"))))
    ];
  }
  function forecast() {
    return awaited(get(path + "/forecast", null, signal),
      (f) => [h("p", { class: "help" },
                f.basis.calls_seen ? "Told from " + number(f.basis.calls_seen) + " calls of the last 30 days."
                                   : "Too few calls yet: usual rates are assumed."),
        h("div", { class: "figures" }, figure("Calls", number(f.calls)), figure("People reached", number(f.reached)),
          figure("Talk", duration(f.talk_seconds)), figure("Cost", f.cost !== null && f.cost !== undefined ? money(f.cost, f.currency) : "–"),
          figure("Last call", f.last_call_at ? day(f.last_call_at) : "–", { under: f.unfinished ? number(f.unfinished) + " not finished" : "" })),
        f.days.length ? card(null,
                          columnsChart("Calls a day",
                            f.days.map((d) => ({ label: day(d.at.slice(0, 10)).replace(/,? \d{4}$/, ""), values: [d.reached, d.calls - d.reached] })),
                            [{ name: "reach somebody", tint: "0" }, { name: "do not", tint: "5" }]))
                      : null,
        h("div", { class: "columns-2" }, card(null, bars("How it ends for whom", f.ends, "1")), card(null, bars("Why not", f.reasons, "3")))],
      { lines: 6 });
  }
  function contacts() {
    const rows = list({
      label: "Contacts of the campaign",
      signal,
      load: (cursor, s) => get(path + "/contacts", { limit: 50, cursor }, s),
      empty: () => empty("Nobody is enrolled", "Enroll those whom the criteria find.",
        button("Enroll them", { kind: "primary", onclick: (event) => enroll(event.currentTarget) }), "contacts"),
      open: async (r) => {
        const got = await get(path + "/recipients/" + r.contact_id + "/analytics");
        openDialog({
          title: "What happened",
          kind: "drawer",
          body: [
            facts([
              ["State", badge(got.status)], ["Calls", got.attempts], ["Last outcome", badge(got.last_outcome)],
              ["Next", got.next_at && when(got.next_at)], ["Reason", words(got.reason)]
            ]),
            h("p", null, h("a", { href: link("/contacts/" + r.contact_id) }, "Contact")),
            h("ol", { class: "feed" },
              got.timeline.map((t) => h("li", { class: "feed-entry" }, h("span", { class: "feed-icon" }, icon("calls")),
                                 h("div", { class: "feed-words" },
                                   h("div", { class: "feed-head" }, h("strong", null, words(t.activity_type || t.kind || t.name)), moment(t.at))))))
          ]
        });
      },
      columns: [
        { key: "status", title: "State", width: "9rem", narrow: "side", draw: (r) => badge(r.status) },
        { key: "outcome", title: "Last outcome", width: "minmax(9rem,1fr)", narrow: "title", draw: (r) => badge(r.last_outcome) || "not called yet" },
        { key: "attempts", title: "Calls", width: "5rem", end: true, draw: (r) => r.attempts },
        { key: "next", title: "Next", width: "minmax(9rem,1fr)", narrow: "under", draw: (r) => moment(r.next_at) },
        { key: "reason", title: "Why", width: "minmax(9rem,1fr)", draw: (r) => words(r.reason) }
      ],
    });
    return [
      h("div", { class: "plain-buttons" }, button("Enroll by the criteria", { icon: "plus", onclick: (event) => enroll(event.currentTarget) })),
      h("div", { class: "boxed" }, rows.node)
    ];
  }
  const enroll = (place) => busy(place, async () => {
    let all = 0, left = 1;
    while (left) {
      const got = await post(path + "/enroll-from-criteria", {});
      all += got.enrolled + got.asked_again;
      left = got.enrolled + got.asked_again ? got.remaining : 0;
    }
    toast(number(all) + " enrolled.");
    draw();
  });
  function receipts() {
    return [
      h("p", { class: "help" }, "Each decision about a number, with the rule that made it. They are chained: none can be taken out unseen."),
      h("div", { class: "boxed" }, list({
        label: "Receipts",
        signal,
        load: (cursor, s) => get(path + "/receipts", { limit: 50, cursor }, s),
        empty: () => empty("No receipts yet", "Each call and each refusal leaves one.", null, "shield"),
        open: (r) => openDialog(
          { title: "Receipt " + r.sequence, kind: "drawer", body: [factsOf(r, ["body"]), h("pre", { class: "secret as-written" }, r.body)] }),
        columns: [
          { key: "sequence", title: "No.", width: "5rem", end: true, draw: (r) => r.sequence },
          { key: "number", title: "Number", width: "11rem", narrow: "title", draw: (r) => phone(r.number) }, {
            key: "allowed",
            title: "Decision",
            width: "8rem",
            narrow: "side",
            draw: (r) => r.is_allowed ? badge("done", "Allowed") : badge("refused", "Refused")
          },
          { key: "code", title: "Why", width: "minmax(10rem,2fr)", narrow: "under", draw: (r) => words(r.code) },
          { key: "at", title: "When", width: "8rem", draw: (r) => moment(r.created_at) }
        ],
      }).node)
    ];
  }
  async function drawTop() {
    row = (await ask("GET", path, { signal })).body;
    title(row.name);
    const { status } = row;
    fill(top, heading(row.name, {
      back: { path: "/campaigns", title: "Campaigns" }, under: [badge(status), " ", words(row.purpose), row.started_at ? [" · since ", moment(row.started_at, when)] : "", row.reason ? " · " + words(row.reason) : ""],
      actions: [
        ["draft"].includes(status) && button("Start", { kind: "primary", icon: "play", onclick: async () => { if (await sure("Start " + row.name + "?", "People are called from now on, as the rules and hours allow.", "Start", "primary")) act("start", "Started."); } }),
        ["active", "scheduled"].includes(status) && button("Pause", { icon: "pause", onclick: () => act("pause", "Paused. Calls under way go on.", "Pause the campaign") }),
        status === "paused" && button("Go on", { kind: "primary", icon: "play", onclick: () => act("resume", "It goes on.") }),
        ["active", "scheduled", "paused"].includes(status) && button("Stop", { icon: "stop", kind: "bad", onclick: () => act("stop", "Stopped.", "Stop the campaign for good") }),
        !["completed", "stopped"].includes(status) && h("a", { class: "button", href: link("/campaigns/" + row.id + "/edit") }, icon("edit"), "Change"),
        menuButton("More", [
          { title: "Copy it", icon: "copy", run: async () => { const got = await post(path + "/clone", {}); toast("Copied."); go("/campaigns/" + got.id); } },
          { title: "Test call…", icon: "phoneOut", run: async () => { const to = await askText("Test call", "Number", { type: "tel", doIt: "Call" }); if (to) { await post(path + "/test-send", { to }); toast("Calling."); } } },
          { title: "Delete…", icon: "trash", kind: "bad", run: async () => { if (await sure("Delete " + row.name + "?", "Its enrolments go with it. Receipts stay.", "Delete")) { const { remove } = await import("./api.js"); await remove(path); toast("Deleted."); go("/campaigns"); } } },
        ], { icon: "more", iconOnly: true }),
      ],
    }));
  }
  async function draw() {
    await drawTop();
    fill(body,
      tabs("Parts of the campaign",
        [
          { key: "results", title: "Results", draw: results }, { key: "forecast", title: "Forecast", draw: forecast },
          { key: "contacts", title: "Contacts", draw: contacts }, { key: "receipts", title: "Receipts", draw: receipts },
          { key: "plan", title: "Plan", draw: () => card("As it is set", factsOf(row, ["id", "created_at", "updated_at", "name"])) }
        ],
        here().query.tab, (tab) => note({ tab })));
    summary();
  }
  fill(container, top, card(null, progress), h("div", { class: "gap" }), body);
  await draw();
  const timer = setInterval(() => {
    if (row && ["active", "scheduled", "paused"].includes(row.status)) summary();
  }, 4000);
  signal.addEventListener("abort", () => clearInterval(timer));
}
