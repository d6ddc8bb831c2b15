// Leads: as a board by stage, or as a table.

import { get, post, remove } from "./api.js";
import { board } from "./board.js";
import { fill, h } from "./dom.js";
import { openEditor } from "./editor.js";
import { filterBar } from "./filters.js";
import { list } from "./list.js";
import { askPerson, askStage, mayMove, STAGES } from "./leadMoves.js";
import { openMenu } from "./overlay.js";
import { badge, button, empty, heading, moment, score } from "./parts.js";
import { people, person } from "./people.js";
import { link, note } from "./router.js";
import { kept, may } from "./session.js";
import { complain, settle, toast, undoable } from "./toast.js";
import { money, nameOf, phone, words } from "./words.js";

export const LEAD_ORDER = [
  "contact_person", "company_name", "phone", "email", "stage", "source", "deal_value", "currency", "expected_close_date", "win_probability",
  "agent_id", "contact_id", "client_id", "industry", "qualification_status", "budget", "authority", "need", "timeline", "summary", "notes"
];
const SORTS = ["lead_score", "deal_value", "expected_close_date", "created_at", "updated_at"];

/** @param {any} container */
export async function page(container, {signal, query}) {
  const everybody = await people();
  signal.throwIfAborted();
  let shape = query.view || kept.get("leads.view", "board");
  /** @type {any} */
  let shown = null;
  const filters = filterBar({
    search: "Search leads",
    views: "leads",
    change: () => draw(),
    fields: [
      { name: "stage", label: "Stage", kind: "choice", options: STAGES },
      { name: "status_bucket", label: "Bucket", kind: "choice", options: ["P1", "P2", "P3"] },
      {
        name: "qualification_status",
        label: "Qualification",
        kind: "choice",
        options: ["new", "in_progress", "marketing_qualified", "sales_qualified", "nurture", "disqualified"]
      },
      { name: "agent_id", label: "Whose", kind: "reference" },
      { name: "source", label: "Source", kind: "text" },
      { name: "score_min", label: "Score at least", kind: "number" },
      { name: "score_max", label: "Score at most", kind: "number" },
      { name: "value_min", label: "Value at least", kind: "number" },
      { name: "value_max", label: "Value at most", kind: "number" },
      { name: "created_after", label: "Made from day", kind: "after" },
      { name: "created_before", label: "Made before day", kind: "before" },
    ],
    more: h("div", { class: "group-buttons push", role: "group", "aria-label": "How leads are shown" },
      [["board", "Board"], ["table", "Table"]].map(([key, title]) => button(title, {
        icon: key,
        data: { view: key },
        onclick: () => {
          shape = key;
          kept.set("leads.view", key);
          filters.set("view", "");
          draw();
        }
      }))),
  });
  const place = h("div", { class: "fill" });
  const create = () => openEditor({
    path: "/api/v1/leads",
    title: "New lead",
    order: LEAD_ORDER,
    labels: { agent_id: "Whose" },
    done: (lead) => {
      if (!signal.aborted) location.hash = link("/leads/" + lead.id);
    },
  });
  fill(container, heading("Leads", { actions: button("New lead", { icon: "plus", kind: "primary", data: { shortcut: "n" }, onclick: create }) }),
    filters.node, place);

  function menu(lead) {
    return [
      { title: "Open", icon: "right", href: link("/leads/" + lead.id) },
      ...STAGES.filter((s) => mayMove(lead, s)).map((s) => ({ title: "Move to " + s, icon: "swap", run: () => move(lead, s) })),
      may("manager")    ? { title: "Give to…", icon: "user", run: () => assign([lead]) }
        : lead.agent_id ? null
                        : { title: "Take it", icon: "user", run: () => take(lead) },
      {
        title: "Score it anew",
        icon: "star",
        run: async () => {
          const got = await post("/api/v1/leads/" + lead.id + "/qualify");
          toast(words(got.result) + ": " + got.combined + " points, " + got.status_bucket + ".");
          const changes = { lead_score: got.combined, status_bucket: got.status_bucket, stage: got.stage };
          if (shown.shift && got.stage !== lead.stage) shown.shift(lead.id, got.stage, changes);
          else shown.put(lead.id, changes);
        }
      },
      may("manager") ? { title: "Delete", icon: "trash", kind: "bad", run: () => drop(lead) } : null,
    ];
  }
  async function take(lead) {
    const { me } = await import("./session.js");
    await post("/api/v1/leads/" + lead.id + "/assign", { agent_id: me().subject });
    toast("It is yours.");
    draw();
  }
  /** Moves at once; the API is told after some seconds, since stages cannot be gone back. */
  async function move(lead, stage) {
    let reason = null;
    if (stage === "LOST" || lead.stage === "LOST") {
      reason = await askStage(lead, stage);
      if (!reason) return;
    }
    let from = lead.stage;
    const put = (to) => shown.shift ? shown.shift(lead.id, to, { stage: to }) : shown.put(lead.id, { stage: to });
    undoable(nameOf(lead) + " is in " + stage + ".", {
      key: lead.id,
      show: () => {
        const old = put(stage);
        if (old) from = old.row.stage;
      },
      takeBack: () => put(from),
      commit: (isLeaving) => post("/api/v1/leads/" + lead.id + "/stage", { stage, reason }, { keepalive: isLeaving }),
    });
  }
  function drop(lead) {
    let old;
    undoable(nameOf(lead) + " deleted.", {
      key: lead.id,
      show: () => {
        old = shown.put(lead.id, null);
      },
      takeBack: () => shown.putBack(old),
      commit: (isLeaving) => remove("/api/v1/leads/" + lead.id, null, { keepalive: isLeaving }),
    });
  }
  async function assign(leads) {
    const to = await askPerson(leads.length === 1 ? "Give " + nameOf(leads[0]) + " to" : "Give " + leads.length + " leads to");
    if (to === undefined) return;
    const got = await post("/api/v1/leads/bulk-assign", { ids: leads.map((l) => l.id), agent_id: to });
    bulkSaid(got, "given");
  }
  function bulkSaid(got, what) {
    const not = got.results.filter((r) => r.result !== "done");
    toast(got.done + " " + what + (not.length ? ", " + not.length + " not: " + (not[0].detail || words(not[0].result)) : "") + ".",
      not.length ? { kind: "bad" } : {});
    draw();
  }
  const bulk = (leads) => [button("Move…", {
    icon: "swap",
    "aria-haspopup": "menu",
    onclick: (event) => openMenu(event.currentTarget, STAGES.map((stage) => ({
      title: stage,
      run: async () => {
        const reason = stage === "LOST" ? await askStage({ contact_person: leads.length + " leads" }, stage) : null;
        if (stage === "LOST" && !reason) return;
        bulkSaid(await post("/api/v1/leads/bulk-stage", { ids: leads.map((l) => l.id), stage, reason }), "moved");
      }
    })))
  }),
    may("manager") && button("Give to…", { icon: "user", onclick: () => assign(leads).catch(complain) }),
  ];
  /** What was moved or deleted a moment ago does not come back in between. */
  const load = async (query, signal) => {
    if (!query.cursor) await settle();
    return get("/api/v1/leads", query, signal);
  };
  function drawBoard() {
    const stages = filters.asked().stage ? [filters.asked().stage] : STAGES;
    const { stage: _stage, ...rest } = filters.asked();
    const made = board({
      columns: stages.map((key) => ({ key, title: key })),
      href: (lead) => link("/leads/" + lead.id),
      title: nameOf,
      move,
      menu,
      mayMove,
      load: (key, cursor) => load({ limit: 25, cursor, sort: "-lead_score", ...rest, stage: key }, signal),
      draw: (lead) => [lead.company_name && lead.contact_person && h("div", { class: "dim" }, lead.company_name),
        h("div", { class: "board-card-line" }, score(lead.lead_score, lead.status_bucket),
          lead.deal_value ? h("span", null, money(lead.deal_value, lead.currency)) : null),
        h("div", { class: "board-card-line" }, person(everybody, lead.agent_id)),
    ],
    });
    shown = made;
    fill(place, made.node);
    if (!Object.keys(rest).length)
      get("/api/v1/leads/stats", null, signal).then((stats) => {
        for (const group of stats.by_stage)
          made.count(group.key,
            h("span", { class: "dim" },
              group.count + " · " + (Object.entries(group.value).filter(([, v]) => v).map(([c, v]) => money(v, c)).join(", ") || "–")));
      }, () => null);
  }
  function drawTable() {
    shown = list({
      label: "Leads",
      signal,
      href: (lead) => link("/leads/" + lead.id),
      actions: menu,
      bulk,
      sort: filters.asked().sort || "-created_at",
      onSort: (sort) => filters.set("sort", sort),
      load: (cursor, s) => load({ limit: 50, cursor, ...filters.asked() }, s),
      columns: [
        { key: "name", title: "Lead", width: "minmax(11rem,2fr)", narrow: "title", draw: nameOf },
        {
          key: "company",
          title: "Company",
          width: "minmax(8rem,1.500fr)",
          narrow: "under",
          draw: (lead) => [lead.company_name, phone(lead.phone)].filter((t) => t && t !== "–")[0] || "–"
        },
        { key: "stage", title: "Stage", width: "8rem", narrow: "side", draw: (lead) => badge(lead.stage, lead.stage) },
        { key: "score", title: "Score", width: "9rem", sort: SORTS[0], draw: (lead) => score(lead.lead_score, lead.status_bucket) },
        { key: "value", title: "Value", width: "7rem", sort: SORTS[1], end: true, draw: (lead) => money(lead.deal_value, lead.currency) },
        { key: "who", title: "Whose", width: "10rem", draw: (lead) => person(everybody, lead.agent_id) },
        { key: "source", title: "Source", width: "8rem", wide: true, draw: (lead) => words(lead.source) },
        { key: "made", title: "Made", width: "7rem", wide: true, sort: "created_at", draw: (lead) => moment(lead.created_at) },
      ],
      empty: () => empty("No lead is like that", "Calls make leads; you can make one, too.",
        button("New lead", { icon: "plus", kind: "primary", onclick: create }), "leads"),
    });
    fill(place, shown.node);
  }
  function draw() {
    for (const b of filters.node.querySelectorAll("[data-view]")) b.setAttribute("aria-pressed", String(b.dataset.view === shape));
    if (shape === "table") drawTable();
    else drawBoard();
  }
  draw();
  if (query.new) {
    note({...query, new: "" });
    create();
  }
}
