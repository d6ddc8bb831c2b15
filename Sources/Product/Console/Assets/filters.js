// What of a list is wanted: words, filters, and sets of them that one has kept. All of it is in the page's address.

import { localDay } from "./days.js";
import { fill, freshID, h, settled } from "./dom.js";
import { finder, REFERENCES } from "./finder.js";
import { icon } from "./icons.js";
import { forgetPlace } from "./list.js";
import { askText, menuButton, openDialog } from "./overlay.js";
import { button } from "./parts.js";
import { go, here, note } from "./router.js";
import { kept } from "./session.js";
import { day, words } from "./words.js";

/**
 * @typedef {{name: string, label: string, kind?: "choice" | "text" | "number" | "after" | "before" | "reference" | "truth", options?: any[]}} Filter
 * @param {{fields: Filter[], change: (query: any) => void, search?: string, views?: string, more?: any, fixed?: any}} options
 */
export function filterBar(options) {
  const { new: _new, ...query } = here().query;
  const names = options.fields.map((f) => f.name);
  const chips = h("div", { class: "chips" });
  const id = freshID("search");
  const search = options.search && h("input", {
    id,
    class: "input",
    type: "search",
    placeholder: options.search,
    "aria-label": options.search,
    value: query.q || "",
    maxlength: 100,
    autocomplete: "off",
    data: { shortcut: "/" },
  });
  const count = h("span", { class: "count", hidden: true });
  const apply = () => {
    note(query);
    // What is asked for anew is looked at from its top.
    forgetPlace();
    draw();
    options.change(asked());
  };
  const asked = () => Object.fromEntries(Object.entries(query).filter(([k]) => k === "q" || k === "sort" || names.includes(k)));
  const set = (name, value) => {
    if (value === null || value === undefined || value === "") delete query[name];
    else query[name] = String(value);
  };
  const label = (field, value) => field.kind === "after" || field.kind === "before" ? day(value)
    : field.kind === "reference"                                                    ? "chosen"
    : field.kind === "truth"                                                        ? (value === "true" ? "yes" : "no")
    : field.kind === "choice"                                                       ? words(value)
                                                                                    : value;
  function draw() {
    const on = options.fields.filter((f) => query[f.name]);
    count.textContent = String(on.length);
    count.hidden = !on.length;
    fill(chips,
      on.map((field) => h("button", {
        type: "button",
        class: "chip",
        data: { key: "chip-" + field.name },
        "aria-label": "Without " + field.label + " " + label(field, query[field.name]),
        onclick: () => {
          set(field.name, null);
          apply();
        },
      },
               h("span", { class: "dim" }, field.label), " ", label(field, query[field.name]), icon("close"))),
      on.length > 1 && button("Clear", {
        kind: "quiet",
        onclick: () => {
          for (const n of names) set(n, null);
          apply();
        }
      }));
  }
  function widget(field) {
    const id = freshID("filter"), value = query[field.name] || "";
    if (field.kind === "reference") return { id, ...finder(id, REFERENCES[field.name], value, false) };
    if (field.kind === "choice" || field.kind === "truth") {
      const box = h("select", { id, class: "input" }, h("option", { value: "" }, "Any"),
        field.kind === "truth" ? [h("option", { value: "true" }, "Yes"), h("option", { value: "false" }, "No")]
                               : (field.options || []).map((o) => h("option", { value: o }, words(o))));
      box.value = value;
      return { id, node: box, read: () => box.value };
    }
    const isDay = field.kind === "after" || field.kind === "before";
    const given = isDay && value ? localDay(new Date(value)) : value;
    const box = h("input", {
      id,
      class: "input",
      type: isDay                 ? "date"
        : field.kind === "number" ? "number"
                                  : "text",
      value: given,
    });
    // What is left as it was stays the moment it was: it may be another viewer's midnight.
    return { id, node: box, read: () => box.value === given ? value : isDay && box.value ? new Date(box.value + "T00:00:00").toISOString() : box.value };
  }
  function openAll() {
    const made = options.fields.map((field) => ({ field, ...widget(field) }));
    const form = h("form", {
      class: "form",
      id: freshID("form"),
      onsubmit: (event) => {
        event.preventDefault();
        for (const one of made) set(one.field.name, one.read());
        box.close();
        apply();
      },
    },
      h("div", { class: "fields" }, made.map((one) => h("div", { class: "field" }, h("label", { for: one.id
      }, one.field.label), one.node))));
    const box = openDialog({
      title: "Filters",
      kind: "drawer",
      body: form,
      actions: [
        button("Clear all", {
          onclick: () => {
            for (const n of names) set(n, null);
            box.close();
            apply();
          }
        }),
        h("button", { type: "submit", form: form.id, class: "button primary" }, "Show")
      ],
    });
  }
  const views = options.views && menuButton("Views", () => {
    const saved = kept.get("views." + options.views, []);
    // An address says all of a page, also what is none of the filters'.
    const show = (wanted) => go(here().path, wanted);
    return [
      { title: "Everything", icon: "table", run: () => show({}) },
      ...saved.map((view) => ({ title: view.name, icon: "star", run: () => show(view.query) })),
      {
        title: "Keep this view…",
        icon: "plus",
        run: async () => {
          const { query } = here(), name = await askText("Keep this view", "Name", { max: 60 });
          if (name) kept.set("views." + options.views, [...saved.filter((v) => v.name !== name), { name, query }]);
        }
      },
      saved.length ? {
        title: "Forget a view…",
        icon: "trash",
        run: async () => {
          const name = await askText("Forget a view", "Its name", { max: 60, value: saved[saved.length - 1].name, doIt: "Forget" });
          if (name) kept.set("views." + options.views, saved.filter((v) => v.name !== name));
        }
      }
                   : null,
    ];
  }, { icon: "star" });
  const node = h("div", { class: "filter-bar" },
    h("div", { class: "filter-line" }, search && h("div", { class: "search" }, icon("search"), search),
      options.fields.length > 0 &&
        h("button", { type: "button", class: "button", onclick: openAll }, icon("filter"), h("span", null, "Filters"), count),
      views, options.more),
    chips);
  if (search) {
    const soon = settled(250, () => {
      set("q", search.value.trim());
      apply();
    });
    search.addEventListener("input", soon);
  }
  draw();
  return {
    node,
    asked,
    set: (name, value) => {
      set(name, value);
      note(query);
    }
  };
}
