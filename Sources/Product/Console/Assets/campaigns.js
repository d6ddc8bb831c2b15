// Campaigns: which there are, how they do, and the one button that stops them all.

import { get, post } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openDialog } from "./overlay.js";
import { badge, button, heading } from "./parts.js";
import { column, resourceView } from "./resource.js";
import { go, link } from "./router.js";
import { complain, toast } from "./toast.js";
import { number, percent, words } from "./words.js";

/** Rates of those that are in the list, read beside it. */
function rates(row, signal) {
  if (row.status === "draft") return h("span", { class: "dim" }, "not started");
  const box = h("span", { class: "dim" }, "…");
  get("/api/v1/campaigns/" + row.id + "/performance", null, signal)
    .then(
      (p) => {
        box.textContent = number(p.dialled) + " called, " + percent(p.answer_rate) + " answered, " + percent(p.conversion) + " with success";
      },
      () => {
        box.textContent = "";
      });
  return box;
}
/** All calls of the tenant are stopped at once. */
function emergencyStop(done) {
  const hang = h("input", { type: "checkbox", id: "hang-up" }), why = h("input", { class: "input", id: "stop-why", maxlength: 500 });
  const box = openDialog({
    title: "Stop all calling now?",
    kind: "small",
    body: h("div", { class: "form" },
      h("p", null, "No call of yours is placed any more, by whomever, until calling is allowed again in Operations. Campaigns are paused."),
      h("div", { class: "field" },
        h("label",
          { for: "stop-why"
          },
          "Reason"),
        why),
      h("label", { class: "check" }, hang, "End the calls that are under way, too")),
    actions: [
      button("Cancel", { onclick: () => box.close() }), button("Stop all calling", {
        kind: "danger",
        icon: "stop",
        onclick: async () => {
          try {
            const got = await post("/api/v1/campaigns/emergency-stop", { hang_up: hang.checked, reason: why.value.trim() || null });
            box.close();
            toast("Stopped: " + got.campaigns + " campaigns paused, " + got.cancelled + " calls taken back, " + got.hung_up + " ended.");
            if (done) done();
          } catch (error) { complain(error); }
        }
      })
    ],
  });
}
async function compare(signal) {
  const found = await get("/api/v1/campaigns", { limit: 20, sort: "-created_at" }, signal);
  const started = found.data.filter((c) => c.status !== "draft").slice(0, 10);
  if (started.length < 2) {
    toast("Two campaigns have to have started before they can be compared.");
    return;
  }
  const got = await post("/api/v1/campaigns/analytics/compare", { campaign_ids: started.map((c) => c.id) });
  const names = Object.fromEntries(started.map((c) => [c.id, c.name]));
  /** @type {[string, string, (n: any) => string][]} */
  const rows = [
    ["Enrolled", "enrolled", number], ["Called", "dialled", number], ["Answered", "answer_rate", percent], ["With success", "conversion", percent],
    ["Meetings", "meetings", number], ["Qualified", "qualified", number], ["Opted out", "opted_out", number]
  ];
  openDialog({
    title: "Campaigns side by side",
    kind: "wide",
    body: h("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": "Comparison" },
      h("table", null, h("thead", null, h("tr", null, h("td"), got.data.map((p) => h("th", { scope: "col" }, names[p.campaign_id])))),
        h("tbody", null,
          rows.map(([name, key, write]) => h("tr", null, h("th", { scope: "row" }, name), got.data.map((p) => h("td", null, write(p[key]))))))))
  });
}
/** @param {any} container */
export async function page(container, {signal, query}) {
  const rules = await get("/api/v1/calling-rules", null, signal).catch(() => null);
  const view = resourceView({
    path: "/api/v1/campaigns",
    title: "Campaigns",
    one: "campaign",
    search: "Search campaigns",
    sort: "-created_at",
    views: "campaigns",
    icon: "campaigns",
    edit: false,
    empty: "Call many, one by one, as the rules allow.",
    href: (row) => link("/campaigns/" + row.id),
    create: false,
    columns: [
      { key: "name", title: "Campaign", width: "minmax(12rem,2fr)", narrow: "title", draw: (row) => row.name },
      column.state("status", "State", { narrow: "side" }),
      { key: "rates", title: "How it does", width: "minmax(14rem,2fr)", narrow: "under", draw: (row) => rates(row, signal) },
      { key: "purpose", title: "Purpose", width: "8.500rem", wide: true, draw: (row) => words(row.purpose) },
      { key: "reason", title: "Waits because", width: "10rem", draw: (row) => row.reason ? badge("waiting", words(row.reason)) : "" },
      column.moment("created_at", "Made", { sort: "created_at", width: "7.500rem", wide: true }),
    ],
    filters: [
      { name: "status", label: "State", kind: "choice", options: ["draft", "scheduled", "active", "paused", "completed", "stopped"] },
      { name: "purpose", label: "Purpose", kind: "choice", options: ["marketing", "informational", "collections", "survey"] }
    ],
    more: () => [button("Compare", { icon: "swap", onclick: () => compare(signal).catch(complain) }),
      button("Stop all calling", { icon: "stop", kind: "bad", onclick: () => emergencyStop(() => view.list.reload()) }),
      h("a", { class: "button primary", href: link("/campaigns/new/edit"), data: { shortcut: "n" } }, icon("plus"), "New campaign")],
    rowActions: (row) => [{ title: "Change…", icon: "edit", href: link("/campaigns/" + row.id + "/edit") }],
  },
    signal, query);
  fill(container, heading("Campaigns"),
    rules && rules.stopped_at &&
      h("p", { class: "notice bad" }, icon("stop"), "All calling is stopped. ", h("a", { href: link("/operations/rules") }, "Operations"),
        " allows it again."),
    view.node);
  if (query.new) go("/campaigns/new/edit");
}
