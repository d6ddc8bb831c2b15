// The small things that pages are made of.

import { Refusal } from "./api.js";
import { fill, freshID, h } from "./dom.js";
import { icon } from "./icons.js";
import { link } from "./router.js";
import { ago, mood, when, words } from "./words.js";

/** A state in its colour. */
export function badge(state, text) {
  if (state === null || state === undefined || state === "") return null;
  return h("span", { class: "badge " + mood(state) }, text || words(state));
}
/** A moment as people say it; the exact one is there to be looked at. */
export function moment(text, write = ago) {
  if (!text) return h("span", { class: "dim" }, "–");
  return h("time", { datetime: text, title: when(text) }, write(text));
}
/** What takes a while is not begun again before it has ended: a double click does it once. @param {(event: any) => any} work */
export function once(work) {
  let isDoing = false;
  return (event) => {
    if (isDoing) return;
    const doing = work(event);
    if (!doing || !doing.finally) return;
    isDoing = true;
    doing.finally(() => {
      isDoing = false;
    });
  };
}
/** @param {string} text @param {any} [props] with `icon`, `kind` ("primary", "quiet", "bad") and `onclick` */
export function button(text, props = {}) {
  const { icon: picture, kind, iconOnly, onclick, ...rest } = props;
  return h("button", {
    type: "button",
    class: "button " + (kind || "") + (iconOnly ? " icon-only" : ""),
    "aria-label": iconOnly ? text : null,
    title: iconOnly ? text : null,
    onclick: onclick && once(onclick),
    ...rest,
  },
    picture && icon(picture), !iconOnly && h("span", null, text));
}
/** The top of a page: where one is, what it is called, what can be done. */
export function heading(title, more = {}) {
  return h("div", { class: "heading" },
    h("div", { class: "heading-words" }, more.back && h("a", { class: "back", href: link(more.back.path) }, icon("left"), more.back.title),
      h("h1", { tabindex: "-1" }, title), more.under && h("p", { class: "under" }, more.under)),
    h("div", { class: "actions" }, more.actions));
}
export function card(title, ...content) {
  const id = freshID("card");
  const actions = content.find((c) => c && c.actions);
  return h("section", { class: "card", "aria-labelledby": title ? id : null },
    title && h("div", { class: "card-head" }, h("h2", { id }, title), actions && h("div", { class: "actions" }, actions.actions)),
    content.filter((c) => !c || !c.actions));
}
/** A number with what it counts, and how it was before. */
export function figure(label, value, more = {}) {
  const inner = [
    h("span", { class: "figure-label" }, label), h("strong", { class: "figure-value" }, value),
    more.under && h("span", { class: "figure-under " + (more.mood || "") }, more.under)
  ];
  return more.href ? h("a", { class: "figure", href: more.href }, inner) : h("div", { class: "figure" }, inner);
}
/** Names and values, a line each; those without a value are left out unless all are wanted. */
export function facts(pairs, all = false) {
  const list = h("dl", { class: "facts" });
  for (const [name, value] of pairs) {
    if (!all && (value === null || value === undefined || value === "" || value === "–")) continue;
    list.append(h("div", null, h("dt", null, name), h("dd", null, value)));
  }
  return list;
}
export function empty(title, text, action, picture = "search") {
  return h("div", { class: "empty" }, h("span", { class: "empty-icon" }, icon(picture)), h("h2", null, title), h("p", null, text), action);
}
export function skeleton(lines = 5) {
  return h("div", { class: "skeleton", "aria-busy": "true" }, h("span", { class: "unseen" }, "Loading"),
    Array.from({ length: lines }, (_, i) => h("div", { class: "bone", vars: { "--share": 95 - (i * 37) % 50 + "%" } })));
}
/** What went wrong, what to do, and a way to try it again. */
export function trouble(error, again) {
  const refusal = error instanceof Refusal ? error : null;
  const title = refusal && refusal.status === 0 ? "No connection"
    : refusal && refusal.status === 404         ? "This is not there"
    : refusal && refusal.status === 403         ? "Not allowed"
                                                : "That did not work";
  return h("div", { class: "empty trouble", role: "alert" }, h("span", { class: "empty-icon" }, icon("warn")), h("h2", null, title),
    h("p", null, error.message), refusal && refusal.advice && h("p", null, refusal.advice), again && button("Try again", { onclick: again }));
}
/** A box that shows bones until what it waits for has come. `draw` makes nodes of it. */
export function awaited(promise, draw, more = {}) {
  const box = h("div", { class: "awaited " + (more.class || "") }, skeleton(more.lines || 4));
  const run = async (asked) => {
    try {
      const got = await asked;
      fill(box, await draw(got, again));
    } catch (error) {
      if (error.name === "AbortError") return;
      if (more.otherwise) fill(box, more.otherwise(error));
      else
        fill(box, trouble(error, more.again ? () => {
          fill(box, skeleton());
          run(more.again());
        } : null));
    }
  };
  const again = () => {
    if (more.again) run(more.again());
  };
  run(promise);
  /** @type {any} */ (box).again = again;
  return box;
}
/** Two letters in a circle; their colour is the name's. */
export function face(name) {
  const text = String(name || "?").trim();
  const letters = text.split(/\s+/).slice(0, 2).map((w) => [...w][0] || "").join("").toUpperCase();
  let sum = 0;
  for (const c of text) sum = (sum * 31 + (c.codePointAt(0) || 0)) % 997;
  return h("span", { class: "face tint-" + sum % 6, "aria-hidden": "true" }, letters);
}
/** A row of views of which one is shown; arrows move between them. */
export function tabs(label, entries, chosen, choose) {
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": label });
  const body = h("div", { class: "tab-body", role: "tabpanel", tabindex: "-1" });
  const show = (key, isAsked) => {
    for (const tab of bar.children) {
      const isIt = tab.dataset.key === key;
      tab.setAttribute("aria-selected", String(isIt));
      tab.tabIndex = isIt ? 0 : -1;
      if (isIt) {
        body.setAttribute("aria-labelledby", tab.id);
        if (isAsked) tab.focus();
      }
    }
    const entry = entries.find((e) => e.key === key) || entries[0];
    fill(body, entry.draw());
    if (choose && isAsked) choose(entry.key);
  };
  const panel = freshID("panel");
  body.id = panel;
  entries.forEach((entry, i) => bar.append(h("button", {
    type: "button",
    role: "tab",
    id: freshID("tab"),
    class: "tab",
    data: { key: entry.key },
    "aria-controls": panel,
    onclick: () => show(entry.key, true),
    onkeydown: (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (step) {
        event.preventDefault();
        show(entries[(i + step + entries.length) % entries.length].key, true);
      }
    },
  },
                    entry.title, entry.count ? h("span", { class: "count" }, entry.count) : null)));
  show(entries.some((e) => e.key === chosen) ? chosen : entries[0].key, false);
  return h("div", { class: "tabbed" }, bar, body);
}
/** A share of a whole as a bar. */
export function bar(share, label, kind = "") {
  const percent = Math.max(0, Math.min(100, Math.round((share || 0) * 100)));
  return h("div", {
    class: "bar " + kind,
    role: "progressbar",
    "aria-valuenow": percent,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-label": label,
  },
    h("span", { vars: { "--share": percent + "%" } }));
}
/** A score between 0 and 100. */
export function score(value, bucket) {
  return h("span", { class: "score " + mood(bucket), title: "Score " + value + (bucket ? ", " + bucket : "") },
    h("span", { class: "score-bar", vars: { "--share": (value || 0) + "%" } }), h("b", null, value ?? "–"), bucket && h("small", null, bucket));
}
