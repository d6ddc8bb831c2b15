// All components on one page: to look at, and for tests to try.

import { board } from "./board.js";
import { barsChart, columnsChart, linesChart } from "./chart.js";
import { fill, h } from "./dom.js";
import { feedEntry } from "./feed.js";
import { formOf } from "./form.js";
import { list } from "./list.js";
import { askText, menuButton, openDialog, sure } from "./overlay.js";
import { badge, bar, button, card, empty, face, facts, figure, heading, score, skeleton, tabs } from "./parts.js";
import { toast, undoable } from "./toast.js";
import { number } from "./words.js";

const MANY = 100000;

/** @param {any} container */
export async function page(container, {signal}) {
  const rows = list({
    label: "A hundred thousand rows",
    signal,
    bulk: () => [],
    actions: (row) => [{ title: "Say it", run: () => toast(row.name) }],
    load: async (cursor) => {
      const from = Number(cursor || 0);
      return {
        data: Array.from({ length: 200 }, (_, i) => ({ id: "row-" + (from + i), name: "Row " + (from + i), count: (from + i) * 7 % 100 })),
        next_cursor: from + 200 < MANY ? String(from + 200) : null
      };
    },
    columns: [
      { key: "name", title: "Name", width: "minmax(8rem,2fr)", narrow: "title", draw: (row) => row.name },
      { key: "count", title: "Number", width: "6rem", end: true, narrow: "side", draw: (row) => number(row.count) }
    ],
  });
  const cards = ["One", "Two", "Three"].map((name) => ({ id: name, contact_person: name, stage: "LEAD" }));
  const made = board({
    columns: [{ key: "LEAD", title: "LEAD" }, { key: "SQL", title: "SQL" }],
    load: async (key) => ({ data: key === "LEAD" ? cards : [], next_cursor: null }),
    draw: () => badge("P1", "P1"),
    title: (row) => row.contact_person,
    href: () => "#/components",
    menu: (row) => [{
      title: "Move to SQL",
      run: () => {
        made.shift(row.id, "SQL");
      }
    }],
    move: (row, to) => {
      made.shift(row.id, to);
    },
    mayMove: () => true,
  });
  const months = ["Jan", "Feb", "Mar", "Apr"].map((label, i) => ({ label, values: [3 + i * 2, 5 - i] }));
  const form = formOf({
    required: ["name"],
    properties: {
      name: { type: "string", minLength: 1 },
      kind: { type: "string", enum: ["call", "email"], isNullable: true },
      is_active: { type: "boolean" },
      due_at: { type: "string", format: "date-time", isNullable: true },
      price: { type: "number", isNullable: true, description: "Of one." },
      tags: { type: "array", items: { type: "string" } }
    }
  },
    {});
  fill(container, heading("Components", { under: "What the pages are made of.", actions: [button("Quiet", { kind: "quiet" }), button("Plain"), button("Danger", { kind: "danger" }), button("Primary", { kind: "primary", icon: "plus" })] }),
    h("div", { class: "figures" }, figure("Calls", 128, { under: "▲ 12 % on the week before", mood: "good" }), figure("Leads", 12), figure("Meetings", 3)),
    h("div", { class: "columns-2" },
      card("Badges, scores, faces", h("p", null, ["qualified", "voicemail", "failed", "scheduled", "plain"].map((s) => [badge(s), " "])), h("p", null, score(92, "P1"), " ", score(60, "P2"), " ", score(12, "P3")), face("Maria Lopez"), bar(0.6, "Progress")),
      card("Dialogs, menus, toasts", h("div", { class: "plain-buttons" }, button("Dialog", { onclick: () => openDialog({ title: "A dialog", body: h("p", null, "Escape closes it.") }) }), button("Drawer", { onclick: () => openDialog({ title: "A drawer", kind: "drawer", body: h("p", null, "It comes from the side.") }) }),
        button("Question", { onclick: () => sure("Are you sure?", "It cannot be taken back.", "Do it") }), button("Text", { onclick: () => askText("A text", "Text") }), menuButton("Menu", [{ title: "First", icon: "check", run: () => toast("First.") }, { title: "Second", run: () => toast("Second.") }]),
        button("Toast", { onclick: () => toast("Done.") }), button("Undo", { onclick: () => undoable("Changed.", { show: () => null, takeBack: () => toast("Taken back."), commit: async () => null }) }))),
      card("Form", form.node), card("Facts", facts([["Name", "Maria Lopez"], ["Company", "Acme Dental"]]), skeleton(3)),
      card(null, columnsChart("Columns", months, [{ name: "one", tint: "0" }, { name: "two", tint: "1" }])), card(null, linesChart("Lines", months, [{ name: "one", tint: "0" }, { name: "two", tint: "3" }])),
      card(null, barsChart("Bars", months.map((m) => ({ label: m.label, values: [m.values[0]] })))), card("Feed", h("ol", { class: "feed" }, feedEntry({ kind: "call", id: "x", at: new Date().toISOString(), title: "Call finished", text: "They want two chairs." }))),
      card("Tabs", tabs("Tabs", [{ key: "a", title: "First", draw: () => h("p", null, "The first.") }, { key: "b", title: "Second", draw: () => h("p", null, "The second.") }], "a")), card("Nothing", empty("Nothing here", "This is how it says so."))),
    card("Board", h("div", { class: "boxed" }, made.node)), card("List", h("div", { class: "boxed" }, rows.node)));
}
