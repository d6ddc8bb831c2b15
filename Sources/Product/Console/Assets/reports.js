// Reports: the funnel, calls, outcomes, whose leads; for managers the day's reports besides.

import { address, get } from "./api.js";
import { barsChart, columnsChart, linesChart } from "./chart.js";
import { dayRows } from "./days.js";
import { fill, freshID, h } from "./dom.js";
import { awaited, card, empty, figure, heading } from "./parts.js";
import { people } from "./people.js";
import { note } from "./router.js";
import { may } from "./session.js";
import { day, duration, money, number, percent, words } from "./words.js";

const values = (value) => Object.entries(value || {}).filter(([, v]) => v).map(([c, v]) => money(v, c)).join(", ");

/** @param {any} container */
export async function page(container, {query, signal}) {
  const everybody = await people();
  let days = Number(query.days) || 30;
  const body = h("div", null), id = freshID("span");
  const span = h("select", {
    class: "input",
    id,
    onchange: () => {
      days = Number(span.value);
      note({ days });
      draw();
    }
  },
    [7, 30, 90].map((n) => h("option", { value: n }, n + " days")));
  span.value = String(days);
  function draw() {
    const since = new Date(Date.now() - days * 86400000).toISOString();
    const calls = get(address("/api/v1/calls/stats", { started_after: since }), null, signal),
          leads = get(address("/api/v1/leads/stats", { created_after: since }), null, signal);
    fill(body,
      awaited(calls,
        (s) => h("div", { class: "figures" }, figure("Calls", number(s.total), { under: number(s.answered) + " answered" }),
          figure("With success", percent(s.success_rate), { under: number(s.successes) + " calls" }),
          figure("Talk", duration(s.duration_seconds), { under: duration(s.average_seconds) + " on average" }))),
      h("div", { class: "columns-2" },
        card(null,
          awaited(calls,
            (s) => columnsChart("Calls a day", dayRows(s.by_day, days, (d) => [d.successes, d.calls - d.successes]),
              [{ name: "with success", tint: "0" }, { name: "other", tint: "5" }]))),
        card(null,
          awaited(calls,
            (s) => Object.keys(s.outcomes).length
              ? barsChart("How calls ended",
                  Object.entries(s.outcomes).sort((a, b) => Number(b[1]) - Number(a[1])).map(([k, v]) => ({ label: words(k), values: [Number(v)] })),
                  "1")
              : empty("No calls", "None in this time.", null, "calls"))),
        card(null,
          awaited(calls,
            (s) => linesChart(
              "Minutes of talk a day", dayRows(s.by_day, days, (d) => [Math.round(d.duration_seconds / 60)]), [{ name: "minutes", tint: "1" }]))),
        card(null,
          awaited(leads,
            (s) => barsChart("Leads by stage", s.by_stage.map((g) => ({ label: g.key, title: g.key + " " + values(g.value), values: [g.count] })),
              "0", number, "Leads"))),
        card(null,
          awaited(leads,
            (s) => barsChart("Of those who came so far, how many went on",
              s.conversion.map((c) => ({ label: c.from + " → " + c.to, values: [c.rate ?? 0] })), "2", percent, "Share"))),
        card(null,
          awaited(leads,
            (s) => barsChart("Days in a stage",
              s.days_in_stage.map((d) => ({ label: d.stage, values: [Math.round((d.average_days || 0) * 10) / 10] })), "3", number, "Days"))),
        card(null,
          awaited(leads,
            (s) =>
              barsChart("Leads by source", s.by_source.map((g) => ({ label: words(g.key) || "Unknown", values: [g.count] })), "4", number, "Leads"))),
        may("manager") &&
          card(null,
            awaited(leads,
              (s) => barsChart("Leads by person",
                s.by_assignee.map(
                  (g) => ({ label: g.key ? (everybody.get(g.key) || { full_name: "Somebody" }).full_name : "Nobody", values: [g.count] })),
                "0", number, "Leads")))),
      may("manager") &&
        card("Daily reports",
          awaited(get("/api/v1/daily-reports", { sort: "-report_date", limit: 14 }, signal),
            (found) => found.data.length ? h("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": "Table of daily reports" },
                                             h("table", null,
                                               h("thead", null,
                                                 h("tr", null,
                                                   ["Day", "Calls", "Talk", "New leads", "Qualified", "Meetings", "Follow-ups done"]
                                                     .map((t) => h("th", { scope: "col" }, t)))),
                                               h("tbody", null,
                                                 found.data.map(
                                                   (r) =>
                                                     h("tr", null, h("th", { scope: "row" }, day(r.report_date)),
                                                       [
                                                         r.report.calls?.total, duration(r.report.calls?.connected_seconds), r.report.leads?.created,
                                                         r.report.leads?.qualified, r.report.meetings?.booked, r.report.follow_ups?.completed
                                                       ].map((v) => h("td", null, v ?? "–")))))))
                                         : empty("None yet", "One is written each morning, of the day before.", null, "table"))));
  }
  fill(container, heading("Reports", { under: may("manager") ? "The whole team" : "Your leads and nobody's", actions: [h("label", { for: id, class: "unseen" }, "How many days"), span] }), body);
    draw();
}
