// Operations: whether all is well, what may be called, what was decided, who did what.

import { ask, get, post } from "./api.js";
import { localDay } from "./days.js";
import { fill, freshID, h } from "./dom.js";
import { dropPlace, upload } from "./imports.js";
import { icon } from "./icons.js";
import { openDialog, sure } from "./overlay.js";
import { awaited, badge, bar, button, card, facts, heading, trouble } from "./parts.js";
import { column, factsOf, resourceView } from "./resource.js";
import { link } from "./router.js";
import { may } from "./session.js";
import { complain, toast } from "./toast.js";
import { day, number, phone, when, words } from "./words.js";

function health(container, signal) {
  const look = () => fetch("/readyz", { cache: "no-store", signal }).then((a) => a.json());
  const box = awaited(look(),
    (found) => [h("p", { class: "notice " + (found.ready ? "good" : "bad") }, icon(found.ready ? "check" : "warn"),
                  found.ready ? "This node takes calls." : "This node takes no calls."),
      h("ul", { class: "lines" },
        Object.entries(found.checks)
          .map(([name, check]) => h("li", null, h("span", { class: "dot " + (check.ready ? "on" : "") }),
                 h("div", { class: "line-main" }, h("span", null, words(name)), check.detail && h("small", null, check.detail)),
                 badge(check.ready ? "done" : "failed", check.ready ? "Well" : "Not well")))),
  ],
    { again: look });
  const timer = setInterval(() => /** @type {any} */ (box).again(), 10000);
  signal.addEventListener("abort", () => clearInterval(timer));
  fill(container,
    h("div", { class: "columns-2" }, card("This node", box),
      card("Calls",
        awaited(get("/api/v1/calls/stats", null, signal),
          (s) => facts(
            [
              ["In 30 days", number(s.total)], ["Answered", number(s.answered)],
              ["Failed or broken off", number((s.outcomes.failed || 0) + (s.outcomes.interrupted || 0))],
              ["Average length", Math.round(s.average_seconds || 0) + " s"]
            ],
            true)),
        h("p", { class: "help" }, "Metrics for Prometheus are at /metrics; docs/metrics.md says what each is."))));
}
function rules(container, signal) {
  const draw = async () => {
    const found = await get("/api/v1/calling-rules", null, signal), chosen = new Set(found.sets);
    const boxes = found.choices.map(
      (one) => h("li", null,
        h("label", { class: "check" }, h("input", { type: "checkbox", value: one.id, checked: chosen.has(one.id), disabled: !may("admin") }),
          h("span", { class: "line-main" }, h("span", null, one.title), h("small", null, one.countries.join(", ") + " · of " + one.version)))));
    const list = h("ul", { class: "lines" }, boxes);
    fill(container,
      card("Calling", found.stopped_at ? [h("p", { class: "notice bad" }, icon("stop"), "All calling is stopped since " + when(found.stopped_at) + "."), button("Allow calls again", { kind: "primary", icon: "play", onclick: () => stop(false) })]
        : [h("p", { class: "notice good" }, icon("check"), "Calls may be placed, each as the rules allow."), button("Stop all calling", { kind: "danger", icon: "stop", onclick: () => stop(true) })]),
      card("Rules that hold", h("p", { class: "help" }, "Countries that none of the chosen sets covers are not called at all."), list, may("admin") && h("div", { class: "plain-buttons" }, button("Save", { kind: "primary", onclick: async () => {
        try { await ask("PATCH", "/api/v1/calling-rules", { body: { sets: [...list.querySelectorAll("input:checked")].map((n) => /** @type {any} */ (n).value) } }); toast("Saved."); begin(); } catch (error) { complain(error); }
      } }))));
  };
  const stop = async (isStopped) => {
    if (isStopped &&
      !await sure(
        "Stop all calling?", "No call is placed any more, by whomever, until it is allowed again. Calls under way go on.", "Stop all calling"))
      return;
    try {
      await post("/api/v1/calling-rules/stop", { is_stopped: isStopped });
      toast(isStopped ? "Calling is stopped." : "Calls may be placed again. Campaigns go on one by one.");
      begin();
    } catch (error) { complain(error); }
  };
  const begin = () => draw().catch((error) => {
    if (error.name !== "AbortError") fill(container, trouble(error, begin));
  });
  begin();
}
function bringList(view) {
  const ids = { list: freshID("dnc"), date: freshID("dnc"), kind: freshID("dnc"), shrink: freshID("dnc") };
  const name = h("input", { class: "input", id: ids.list, value: "internal", required: true, maxlength: 40 }),
        date = h("input", { class: "input", id: ids.date, type: "date", value: localDay(new Date()) });
  const kind = h("select", { class: "input", id: ids.kind }, h("option", { value: "full" }, "The whole list"),
    h("option", { value: "change" }, "Changes, marked A and D"));
  const shrink = h("input", { type: "checkbox", id: ids.shrink });
  const place = dropPlace("One number a line.",
    (file) => upload("/api/v1/do-not-call-files?list=" + encodeURIComponent(name.value) + "&date=" + date.value + "&kind=" + kind.value +
        (shrink.checked ? "&may_shrink=true" : "") + "&file_name=" + encodeURIComponent(file.name),
      file, (share) => place.progress(share)),
    () => {
      box.close();
      toast("The list is being read.");
      view.list.reload();
    });
  const box = openDialog({ title: "Bring a do-not-call list", kind: "wide", body: h("div", { class: "form" }, h("div", { class: "fields" }, h("div", { class: "field" }, h("label", { for: ids.list }, "List"), name, h("p", { class: "help" }, "Like us-national, us-tx, uk-tps; your own is internal.")),
    h("div", { class: "field" }, h("label", { for: ids.date }, "As of"), date), h("div", { class: "field" }, h("label", { for: ids.kind }, "What is in it"), kind)), h("label", { class: "check" }, shrink, "It may have less than half of what the list has"), place.node) });
}
/** @returns {Record<string, any>} */
function tables() {
  return {
    attempts: {
      role: "manager",
      path: "/api/v1/dial-attempts",
      title: "Calls placed",
      one: "attempt",
      create: false,
      edit: false,
      remove: false,
      sort: "-created_at",
      views: "attempts",
      icon: "phoneOut",
      empty: "Calls that we place, from asking the carrier to the end.",
      columns: [
        { key: "number", title: "To", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => phone(row.number) },
        { key: "from", title: "From", width: "10.500rem", draw: (row) => phone(row.caller_id) }, column.state("state", "State"),
        { key: "outcome", title: "Outcome", width: "9rem", narrow: "side", draw: (row) => badge(row.outcome) },
        { key: "by", title: "Answered by", width: "8rem", wide: true, draw: (row) => words(row.answered_by) },
        { key: "purpose", title: "Purpose", width: "8rem", wide: true, draw: (row) => words(row.purpose) },
        column.moment("created_at", "When", { narrow: "under" })
      ],
      filters: [
        { name: "number", label: "To", kind: "text" }, {
          name: "state",
          label: "State",
          kind: "choice",
          options: ["reserved", "requesting", "submission_unknown", "placed", "ringing", "in_call", "ended"]
        },
        {
          name: "outcome",
          label: "Outcome",
          kind: "choice",
          options: [
            "completed", "busy", "no_answer", "declined", "cancelled", "invalid_number", "carrier_congestion", "carrier_refused", "opted_out",
            "unknown"
          ]
        },
        { name: "created_after", label: "From day", kind: "after" }
      ],
    },
    receipts: {
      role: "manager",
      path: "/api/v1/dial-receipts",
      title: "Receipts",
      one: "receipt",
      create: false,
      edit: false,
      remove: false,
      sort: "-created_at",
      icon: "shield",
      empty: "Each decision to call a number or not leaves a receipt.",
      open: (row) => openDialog(
        { title: "Receipt " + row.sequence, kind: "drawer", body: [factsOf(row, ["body"]), h("pre", { class: "secret as-written" }, row.body)] }),
      columns: [
        { key: "sequence", title: "No.", width: "5rem", end: true, draw: (row) => row.sequence },
        { key: "number", title: "Number", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => phone(row.number) }, {
          key: "ok",
          title: "Decision",
          width: "8rem",
          narrow: "side",
          draw: (row) => row.is_allowed ? badge("done", "Allowed") : badge("refused", "Refused")
        },
        { key: "code", title: "Why", width: "minmax(10rem,2fr)", narrow: "under", draw: (row) => words(row.code) || "All rules held" },
        column.moment("created_at", "When")
      ],
      filters: [
        { name: "number", label: "Number", kind: "text" }, { name: "is_allowed", label: "Allowed", kind: "truth" },
        { name: "created_after", label: "From day", kind: "after" }
      ],
    },
    lists: {
      role: "admin",
      path: "/api/v1/do-not-call-files",
      title: "Do-not-call lists",
      one: "list",
      create: false,
      edit: false,
      remove: false,
      sort: "-created_at",
      icon: "shield",
      search: "Search file names",
      empty: "Numbers that must not be called, as registries publish them.",
      more: (view) => button("Bring a list", { icon: "upload", kind: "primary", data: { shortcut: "n" }, onclick: () => bringList(view) }),
      columns: [
        { key: "list", title: "List", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => row.list },
        { key: "date", title: "As of", width: "9rem", narrow: "under", draw: (row) => day(row.file_date) },
        column.state("state", "State", { narrow: "side" }),
        { key: "progress", title: "Read", width: "9rem", draw: (row) => bar(row.done_bytes / Math.max(1, row.file_bytes), "Read") },
        { key: "added", title: "Added", width: "7rem", end: true, draw: (row) => number(row.added_count) },
        { key: "removed", title: "Taken out", width: "7rem", end: true, draw: (row) => number(row.removed_count) },
        { key: "wrong", title: "Wrong", width: "6rem", wide: true, end: true, draw: (row) => number(row.wrong_count) }
      ],
      filters: [
        { name: "list", label: "List", kind: "text" },
        { name: "state", label: "State", kind: "choice", options: ["loading", "whole", "replaced", "failed"] }
      ],
      rowActions: (row, view) => [{
        title: "Withdraw…",
        icon: "close",
        kind: "bad",
        run: async () => {
          if (await sure("Withdraw this file?", "Numbers that only it names may be called again.", "Withdraw")) {
            await post("/api/v1/do-not-call-files/" + row.id + "/withdraw");
            toast("Withdrawn.");
            view.list.reload();
          }
        }
      }],
    },
    consents: {
      role: "manager",
      path: "/api/v1/consents",
      title: "Consents",
      one: "consent",
      edit: false,
      remove: false,
      search: "Search words",
      sort: "-created_at",
      icon: "shield",
      order: ["kind", "granted", "contact_id", "phone", "level", "source", "words", "at"],
      empty: "What people agreed to and refused, in their words.",
      columns: [
        { key: "kind", title: "What", width: "minmax(9rem,1fr)", narrow: "title", draw: (row) => words(row.kind) },
        { key: "granted", title: "Said", width: "7.500rem", narrow: "side", draw: (row) => badge(row.granted ? "granted" : "refused") }, {
          key: "words",
          title: "Words",
          width: "minmax(12rem,3fr)",
          narrow: "under",
          draw: (row) => row.words ? h("q", { dir: "auto" }, row.words) : ""
        },
        { key: "phone", title: "Number", width: "10.500rem", draw: (row) => phone(row.phone) },
        column.text("source", "Source", { width: "8rem", wide: true }), column.moment("at", "When")
      ],
      filters: [
        {
          name: "kind",
          label: "What",
          kind: "choice",
          options: ["consult", "recording", "ai_disclosure", "marketing_voice", "marketing_sms", "marketing_email"]
        },
        { name: "granted", label: "Granted", kind: "truth" }, { name: "phone", label: "Number", kind: "text" }
      ],
    },
    audit: {
      role: "admin",
      path: "/api/v1/admin-audit",
      title: "Audit log",
      one: "entry",
      create: false,
      edit: false,
      remove: false,
      sort: "-created_at",
      views: "audit",
      icon: "note",
      open: (row) => openDialog({
        title: row.action,
        kind: "wide",
        body: [
          facts([
            ["When", when(row.created_at)], ["Who", row.subject + ", " + words(row.role)], ["Table", row.table_name], ["Row", row.row_id],
            ["Request", h("code", null, row.request_id)]
          ]),
          h("div", { class: "columns-2" }, card("Before", row.before ? factsOf(row.before) : h("p", { class: "dim" }, "Nothing")),
            card("After", row.after ? factsOf(row.after) : h("p", { class: "dim" }, "Nothing")))
        ]
      }),
      columns: [
        { key: "action", title: "What", width: "minmax(14rem,2fr)", narrow: "title", draw: (row) => row.action },
        { key: "table", title: "Table", width: "10rem", narrow: "under", draw: (row) => words(row.table_name) },
        { key: "role", title: "Role", width: "8rem", wide: true, draw: (row) => words(row.role) },
        { key: "who", title: "Who", width: "minmax(10rem,1fr)", draw: (row) => row.subject }, column.moment("created_at", "When", { narrow: "side" })
      ],
      filters: [
        { name: "action", label: "Action", kind: "text" }, { name: "table_name", label: "Table", kind: "text" },
        { name: "subject", label: "Who", kind: "text" }, { name: "request_id", label: "Request", kind: "text" },
        { name: "created_after", label: "From day", kind: "after" }, { name: "created_before", label: "Before day", kind: "before" }
      ],
    },
  };
}
/** @param {any} container */
export async function page(container, {params, query, signal, title}) {
  const all = tables();
  const entries = [
    ["health", "Health", "manager"], ["rules", "Calling rules", "manager"],
    ...Object.entries(all).filter(([, one]) => one).map(([key, one]) => [key, one.title, one.role])
  ].filter(([, , role]) => may(role));
  const kind = entries.some(([key]) => key === params.kind) ? params.kind : "health",
        name = entries.find(([key]) => key === kind)?.[1] || "Operations";
  title(name);
  const body = h("div", { class: "side-body" });
  fill(container, heading(name),
    h("div", { class: "side-split" }, h("nav", { class: "side-nav", "aria-label": "Operations" }, entries.map(([key,
      text]) => h("a", { class: "nav-entry", href: link("/operations/" + key), "aria-current": key === kind ? "page" : null }, text))),
      body));
  if (kind === "health") health(body, signal);
  else if (kind === "rules") rules(body, signal);
  else fill(body, resourceView(all[kind], signal, query).node);
}
