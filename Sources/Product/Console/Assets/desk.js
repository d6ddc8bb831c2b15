// What people do: follow-ups, tasks, meetings, deals, to-dos, clients.

import { post } from "./api.js";
import { fill, h } from "./dom.js";
import { badge, button, heading, moment } from "./parts.js";
import { askText, openDialog } from "./overlay.js";
import { people, person } from "./people.js";
import { column, resourceView } from "./resource.js";
import { here, link } from "./router.js";
import { saveFile } from "./saveFile.js";
import { me } from "./session.js";
import { complain, optimistic, toast } from "./toast.js";
import { money, shown, time, whenShort, words } from "./words.js";

const PRIORITIES = ["low", "medium", "high", "urgent"];

/** Asks for a time in the viewer's zone. @returns {Promise<string | null>} an instant */
async function askTime(title, before) {
  const at = new Date(before);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  const text = await askText(title, "When, in your zone", { type: "datetime-local", value: local, doIt: "Move it" });
  return text ? new Date(text).toISOString() : null;
}
/** A state is set at once, and may be set back. */
function setState(view, path, row, key, value, text) {
  const old = row[key];
  const store = (to) => import("./api.js").then((api) => api.change(path + "/" + row.id, { [key]: to }));
  return optimistic({
    text,
    show: () => view.list.put(row.id, { [key]: value }),
    takeBack: () => view.list.put(row.id, { [key]: old }),
    commit: () => store(value),
    undo: () => optimistic(
      { show: () => view.list.put(row.id, { [key]: old }), takeBack: () => view.list.put(row.id, { [key]: value }), commit: () => store(old) }),
  });
}
const late = (text, isOpen) => h("span", { class: isOpen && text && new Date(text) < new Date() ? "bad" : "" }, moment(text));

/** @param {Map<string, any>} everybody @returns {Record<string, import("./resource.js").Resource>} */
function kinds(everybody, query) {
  return {
    "follow-ups": {
      path: "/api/v1/follow-ups",
      title: "Follow-ups",
      one: "follow-up",
      search: "Search follow-ups",
      sort: "due_at",
      views: "follow-ups",
      icon: "work",
      listPath: () => here().query.view === "overdue" ? "/api/v1/follow-ups/overdue" : "/api/v1/follow-ups",
      order: ["lead_id", "due_at", "reason", "agent_id", "notes"],
      labels: { agent_id: "Whose" },
      value: { agent_id: me().user ? me().user.id : null },
      editHide: ["lead_id"],
      empty: "Calls plan follow-ups, and you can plan some.",
      mark: (row) => row.status === "Pending" ? "" : "done",
      columns: [
        { key: "reason", title: "What", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => shown(row.reason) },
        { key: "due", title: "Due", width: "9rem", sort: "due_at", narrow: "under", draw: (row) => late(row.due_at, row.status === "Pending") },
        column.state("status", "State", { narrow: "side" }),
        { key: "who", title: "Whose", width: "11rem", draw: (row) => person(everybody, row.agent_id) },
        { key: "asked", title: "Asked for", width: "6.500rem", wide: true, draw: (row) => row.is_asked ? badge("news", "by them") : "" },
      ],
      filters: [
        { name: "status", label: "State", kind: "choice", options: ["Pending", "Completed", "Rescheduled", "Cancelled"] },
        { name: "agent_id", label: "Whose", kind: "reference" }, { name: "is_asked", label: "Asked for", kind: "truth" },
        { name: "due_after", label: "Due from day", kind: "after" }, { name: "due_before", label: "Due before day", kind: "before" }
      ],
      rowActions: (row, view) => [{ title: "Lead", icon: "leads", href: link("/leads/" + row.lead_id) },
        row.call_id ? { title: "Call", icon: "calls", href: link("/calls/" + row.call_id) } : null,
        row.status === "Pending" ? {
          title: "Done",
          icon: "check",
          run: () => optimistic({
            text: "Follow-up done.",
            show: () => view.list.put(row.id, { status: "Completed" }),
            takeBack: () => view.list.put(row.id, { status: "Pending" }),
            commit: () => post("/api/v1/follow-ups/" + row.id + "/complete"),
          })
        }
                                 : null,
        row.status === "Pending" ? {
          title: "Put off…",
          icon: "calendar",
          run: async () => {
            const due = await askTime("Put it off", row.due_at);
            if (due) {
              await post("/api/v1/follow-ups/" + row.id + "/reschedule", { due_at: due });
              toast("Put off.");
              view.list.reload();
            }
          }
        }
                                 : null,
  ].filter(Boolean),
      more: () => h("div", { class: "group-buttons", role: "group", "aria-label": "Which follow-ups" },
        [["", "All"], ["overdue", "Overdue"]].map(
          ([key, title]) => h("a",
            { class: "button", href: link("/desk/follow-ups", { view: key }), "aria-current": (query.view || "") === key ? "true" : null }, title))),
    },
    tasks: {
      path: "/api/v1/tasks",
      title: "Tasks",
      one: "task",
      search: "Search tasks",
      sort: "due_date",
      views: "tasks",
      icon: "check",
      mark: (row) => ["completed", "cancelled"].includes(row.status) ? "done" : "",
      order: ["title", "kind", "priority", "due_date", "contact_id", "description", "status"],
      empty: "What is to be done for a contact.",
      columns: [
        { key: "title", title: "Task", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => row.title },
        { key: "due", title: "Due", width: "9rem", sort: "due_date", narrow: "under", draw: (row) => late(row.due_date, row.status === "pending") },
        column.state("status", "State", { narrow: "side" }),
        column.state("priority", "Priority"),
        column.text("kind", "Kind", { width: "6rem", draw: (row) => words(row.kind) }),
      ],
      filters: [
        { name: "status", label: "State", kind: "choice", options: ["pending", "in_progress", "completed", "cancelled"] },
        { name: "priority", label: "Priority", kind: "choice", options: PRIORITIES },
        { name: "kind", label: "Kind", kind: "choice", options: ["call", "email", "other"] },
        { name: "due_after", label: "Due from day", kind: "after" }, { name: "due_before", label: "Due before day", kind: "before" }
      ],
      rowActions: (row, view) => [row.status !== "completed"
          ? { title: "Done", icon: "check", run: () => setState(view, "/api/v1/tasks", row, "status", "completed", "Task done.") }
          : { title: "Open again", icon: "swap", run: () => setState(view, "/api/v1/tasks", row, "status", "pending", "Task open again.") }],
    },
    meetings: {
      path: "/api/v1/meetings",
      title: "Meetings",
      one: "meeting",
      search: "Search meetings",
      sort: "starts_at",
      views: "meetings",
      icon: "calendar",
      order: ["lead_id", "title", "starts_at", "ends_at", "agent_id", "location", "meeting_link", "notes", "status"],
      editHide: ["lead_id"],
      mark: (row) => row.status === "scheduled" ? "" : "done",
      empty: "Calls book meetings, and you can book some.",
      labels: { agent_id: "Whose" },
      columns: [
        { key: "title", title: "Meeting", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => row.title },
        {
          key: "starts",
          title: "When",
          width: "14rem",
          sort: "starts_at",
          narrow: "under",
          draw: (row) => whenShort(row.starts_at) + " – " + time(row.ends_at)
        },
        column.state("status", "State", { narrow: "side" }),
        { key: "who", title: "Whose", width: "11rem", draw: (row) => person(everybody, row.agent_id) },
        column.text("location", "Where"),
      ],
      filters: [
        { name: "status", label: "State", kind: "choice", options: ["scheduled", "completed", "cancelled", "no_show", "rescheduled"] },
        { name: "agent_id", label: "Whose", kind: "reference" }, { name: "starts_after", label: "From day", kind: "after" },
        { name: "starts_before", label: "Before day", kind: "before" }
      ],
      rowActions: (row, view) => [{ title: "Lead", icon: "leads", href: link("/leads/" + row.lead_id) },
        row.status === "scheduled" ? {
          title: "Move…",
          icon: "calendar",
          run: async () => {
            const at = await askTime("Move the meeting", row.starts_at);
            if (at) {
              await post("/api/v1/meetings/" + row.id + "/reschedule", { starts_at: at });
              toast("Moved.");
              view.list.reload();
            }
          }
        }
                                   : null,
        row.status === "scheduled" ? {
          title: "Call it off…",
          icon: "close",
          kind: "bad",
          run: async () => {
            const reason = await askText("Call the meeting off", "Reason", { required: false, doIt: "Call it off" });
            if (reason !== null) {
              await post("/api/v1/meetings/" + row.id + "/cancel", { reason: reason || null });
              toast("Called off.");
              view.list.reload();
            }
          }
        }
                                   : null,
  ].filter(Boolean),
      more: (view) => [button("Suggest a demo", { icon: "star", onclick: () => suggestDemo(view) }), button("Calendar", {
        icon: "saveFile",
        onclick: () => saveFile("meetings.ics", "/api/v1/meetings/calendar.ics").catch(complain)
      })],
    },
    deals: {
      path: "/api/v1/deals",
      title: "Deals",
      one: "deal",
      search: "Search deals",
      sort: "-created_at",
      icon: "star",
      order: ["title", "contact_id", "value", "currency", "stage", "probability"],
      empty: "What may be sold to a contact.",
      columns: [
        { key: "title", title: "Deal", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => row.title },
        column.state("stage", "Stage", { narrow: "side", width: "10rem" }),
        { key: "value", title: "Value", width: "8rem", sort: "value", end: true, narrow: "under", draw: (row) => money(row.value, row.currency) },
        { key: "probability", title: "Chance", width: "6rem", end: true, draw: (row) => row.probability + " %" },
        column.moment("created_at", "Made", { sort: "created_at" }),
      ],
      filters: [
        {
          name: "stage",
          label: "Stage",
          kind: "choice",
          options: ["prospecting", "qualification", "proposal", "negotiation", "closed_won", "closed_lost"]
        },
        { name: "value_min", label: "Value at least", kind: "number" }, { name: "value_max", label: "Value at most", kind: "number" }
      ],
    },
    todos: {
      path: "/api/v1/todos",
      title: "To-dos",
      one: "to-do",
      search: "Search to-dos",
      sort: "-created_at",
      icon: "check",
      order: ["title", "due_at", "priority", "description"],
      hide: ["user_id"],
      empty: "Your own list; nobody else sees it.",
      mark: (row) => row.is_done ? "done" : "",
      columns: [
        { key: "title", title: "To do", width: "minmax(12rem,3fr)", narrow: "title", draw: (row) => row.title },
        { key: "due", title: "Due", width: "9rem", narrow: "under", draw: (row) => late(row.due_at, !row.is_done) },
        column.state("priority", "Priority"),
        { key: "done", title: "State", width: "6rem", narrow: "side", draw: (row) => row.is_done ? badge("done", "Done") : badge("open", "Open") },
      ],
      filters: [{ name: "is_done", label: "Done", kind: "truth" }, { name: "priority", label: "Priority", kind: "choice", options: PRIORITIES }],
      rowActions: (row, view) => [{
        title: row.is_done ? "Not done" : "Done",
        icon: "check",
        run: () => setState(view, "/api/v1/todos", row, "is_done", !row.is_done, row.is_done ? "Open again." : "Done.")
      }],
    },
    clients: {
      path: "/api/v1/clients",
      title: "Clients",
      one: "client",
      search: "Search clients",
      sort: "-created_at",
      icon: "contacts",
      order: ["client_name", "industry", "company_size", "website", "agent_id"],
      empty: "Companies that are customers already.",
      columns: [
        { key: "name", title: "Client", width: "minmax(12rem,2fr)", narrow: "title", draw: (row) => row.client_name },
        column.text("industry", "Industry", { narrow: "under" }),
        column.text("company_size", "Size", { width: "7rem" }),
        column.text("website", "Website"),
        { key: "who", title: "Whose", width: "11rem", draw: (row) => person(everybody, row.agent_id) },
      ],
      filters: [{ name: "industry", label: "Industry", kind: "text" }, { name: "agent_id", label: "Whose", kind: "reference" }],
    },
  };
}
async function suggestDemo(view) {
  const { finder, REFERENCES } = await import("./finder.js");
  const field = finder("demo-lead", REFERENCES.lead_id, null, true), found = h("div");
  const box = openDialog({
    title: "Suggest a demo",
    kind: "small",
    body: h("div", { class: "form tall" },
      h("div", { class: "field" },
        h("label",
          { for: "demo-lead"
          },
          "Lead"),
        field.node),
      found),
    actions: [button("Find times", {
      kind: "primary",
      onclick: async () => {
        if (!field.read()) return;
        const got = await post("/api/v1/meetings/suggest-demo", { lead_id: field.read() });
        fill(found, h("p", { class: "help" }, "Three times that are free:"),
          h("div", { class: "plain-buttons" }, got.slots.map((slot) => button(whenShort(slot.starts_at), {
            onclick: async () => {
              await post("/api/v1/meetings", { lead_id: got.lead_id, title: got.title, ...slot });
              box.close();
              toast("Booked.");
              view.list.reload();
            },
          }))));
      }
    })],
  });
}
/** @param {any} container */
export async function page(container, {params, query, signal, title}) {
  const all = kinds(await people(), query), kind = all[params.kind] ? params.kind : "follow-ups", what = all[kind];
  const view = resourceView(what, signal, query);
  title(what.title);
  fill(container, heading(what.title), h("nav", { class: "tabs", "aria-label": "Kinds of work" }, Object.entries(all).map(([key,
    one]) => h("a", { class: "tab", href: link("/desk/" + key), "aria-current": key === kind ? "page" : null }, one.title))),
    view.node);
}
