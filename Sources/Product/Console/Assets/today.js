// Today: what waits for me, what is coming, and how the week goes; a manager sees the team's.

import { get, post } from "./api.js";
import { barsChart, columnsChart } from "./chart.js";
import { dayRows } from "./days.js";
import { fill, h, paced } from "./dom.js";
import { feedEntry } from "./feed.js";
import { watch } from "./events.js";
import { icon } from "./icons.js";
import { awaited, badge, button, card, empty, figure, heading, moment, score } from "./parts.js";
import { link } from "./router.js";
import { may, me } from "./session.js";
import { optimistic } from "./toast.js";
import { day, duration, money, nameOf, number, percent, time, whenShort, words, zone } from "./words.js";

const growth = (share) => share === null || share === undefined
  ? { under: "the week before: nothing to compare" }
  : { under: (share >= 0 ? "▲ " : "▼ ") + percent(Math.abs(share)) + " on the week before", mood: share >= 0 ? "good" : "bad" };

function greeting() {
  const hour = new Date().getHours();
  const name = me().user ? me().user.full_name.split(" ")[0] : "";
  return (hour < 4 || hour >= 18 ? "Good evening" : hour < 12 ? "Good morning" : "Good afternoon") + (name ? ", " + name : "");
}
function followUps(signal) {
  const box = card("Follow-ups that are due", { actions: h("a", { href: link("/desk/follow-ups") }, "All") });
  box.append(awaited(get("/api/v1/follow-ups", { status: "Pending", sort: "due_at", limit: 6, due_before: tomorrow() }, signal), (found) => {
    if (!found.data.length) return empty("Nothing is due", "Follow-ups of today and those that are overdue stand here.", null, "check");
    const rows = h("ul", { class: "lines" });
    for (const one of found.data) {
      const isLate = new Date(one.due_at) < new Date();
      const row = h("li", null, button("Done: " + one.reason, {
        icon: "check",
        iconOnly: true,
        onclick: () => optimistic({
          show: () => {
            row.hidden = true;
          },
          takeBack: () => {
            row.hidden = false;
          },
          commit: () => post("/api/v1/follow-ups/" + one.id + "/complete"),
          text: "Follow-up done.",
        })
      }),
        h("a", { class: "line-main", href: link("/leads/" + one.lead_id) }, h("span", null, one.reason || "Follow up"),
          h("small", { class: isLate ? "bad" : "" }, isLate ? "overdue, " : "", moment(one.due_at))));
      rows.append(row);
    }
    return rows;
  }));
  return box;
}
function tomorrow() {
  const at = new Date();
  at.setHours(24, 0, 0, 0);
  return at.toISOString();
}
function meetings(signal) {
  const box = card("Meetings to come", { actions: h("a", { href: link("/desk/meetings") }, "All") });
  box.append(awaited(get("/api/v1/meetings", { status: "scheduled", sort: "starts_at", limit: 5, starts_after: new Date().toISOString() }, signal),
    (found) => found.data.length
      ? h("ul", { class: "lines" },
          found.data.map((one) => h("li", null,
                           h("span", { class: "day-tile", "aria-hidden": "true" }, h("b", null, new Date(one.starts_at).getDate()),
                             h("small", null, whenShort(one.starts_at).split(",")[0])),
                           h("a", { class: "line-main", href: link("/leads/" + one.lead_id) }, h("span", null, one.title),
                             h("small", null, day(one.starts_at) + ", " + time(one.starts_at) + " to " + time(one.ends_at))))))
      : empty("No meetings", "Those that calls book stand here.", null, "calendar")));
  return box;
}
function hotLeads(signal) {
  const box = card("Hot leads", { actions: h("a", { href: link("/leads", { status_bucket: "P1", view: "table" }) }, "All") });
  box.append(awaited(get("/api/v1/leads", { status_bucket: "P1", sort: "-lead_score", limit: 6 }, signal),
    (found) => found.data.length
      ? h("ul", { class: "lines" },
          found.data.map((lead) => h("li", null,
                           h("a", { class: "line-main", href: link("/leads/" + lead.id) }, h("span", null, nameOf(lead)),
                             h("small", null, [lead.company_name, money(lead.deal_value, lead.currency)].filter((t) => t && t !== "–").join(" · "))),
                           badge(lead.stage, lead.stage), score(lead.lead_score, lead.status_bucket))))
      : empty("No hot leads", "Leads of 75 points and more stand here.", null, "leads")));
  return box;
}
/** @param {any} container @param {{signal: AbortSignal}} context */
export async function page(container, {signal}) {
  const board = await get("/api/v1/dashboard", null, signal);
  const stats = get("/api/v1/calls/stats", null, signal);
  const week = board.week, liveCount = h("strong", { class: "figure-value" }, "–");
  const countLive = async () => {
    try {
      const now = await get("/api/v1/calls/live", { limit: 50 }, signal);
      fill(liveCount, now.data.length + (now.next_cursor ? "+" : ""));
    } catch { /* it stays */
    }
  };
  fill(container, heading(greeting(), {
    under: day(new Date().toISOString()) + " · " + zone + (board.scope === "own" ? " · your leads and nobody's" : " · the whole team"),
    actions: [
      h("a", { class: "button", href: link("/calls") }, icon("calls"), "Calls"),
      h("a", { class: "button primary", href: link("/leads") }, icon("leads"), "Leads")
    ]
  }),
    h("div", { class: "figures" },
      h("a", { class: "figure", href: link("/live") }, h("span", { class: "figure-label" }, "On the line now"), liveCount,
        h("span", { class: "figure-under" }, "calls under way")),
      figure("Overdue follow-ups", number(board.follow_ups_overdue), {
        href: link("/desk/follow-ups", { view: "overdue" }),
        under: board.follow_ups_today + " due today",
        mood: board.follow_ups_overdue ? "bad" : ""
      }),
      figure("Calls in 7 days", number(week.calls.total), { href: link("/calls"), ...growth(board.growth.calls) }),
      figure("New leads", number(week.leads.created), { href: link("/leads"), ...growth(board.growth.leads) }),
      figure("Meetings booked", number(week.meetings.booked), { href: link("/desk/meetings"), ...growth(board.growth.meetings) })),
    h("div", { class: "columns-3" }, followUps(signal), meetings(signal), hotLeads(signal)),
    h("div", { class: "columns-2" },
      card(null,
        awaited(stats,
          (found) => columnsChart("Calls a day, 30 days", dayRows(found.by_day, 30, (d) => [d.successes, d.calls - d.successes]),
            [{ name: "with success", tint: "0" }, { name: "other", tint: "5" }]))),
      card(null,
        barsChart("How calls of the week ended", Object.entries(week.calls.by_outcome).sort((a, b) => Number(b[1]) - Number(a[1])).map(([k,
          v]) => ({ label: words(k), values: [Number(v)] })),
          "1"),
        h("p", { class: "help" }, duration(week.calls.connected_seconds) + " of talk in " + week.calls.total + " calls."))),
    card("What happened last",
      board.recent.length
        ? h("ol", { class: "feed" }, board.recent.slice(0, 8).map((one) => {
            const entry = feedEntry({ kind: "activity", at: one.at, title: one.subject, text: null });
            entry.querySelector("strong").replaceWith(h("a", { href: link("/leads/" + one.lead_id) }, one.subject));
            return entry;
          }))
        : empty("Nothing yet", "Calls and changes of leads stand here.",
            may("admin") ? h("a", { class: "button", href: link("/imports", { new: 1 }) }, "Import contacts") : null, "work")));
  countLive();
  const recount = paced(800, countLive);
  watch(signal, (event) => {
    if (event.kind === "rang" || event.kind === "ended") recount();
  });
}
