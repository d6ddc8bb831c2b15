// Everything from one field: pages, actions, and rows as one types. Ctrl K opens it.

import { get } from "./api.js";
import { fill, freshID, h, settled } from "./dom.js";
import { icon } from "./icons.js";
import { PAGES } from "./pages.js";
import { go, link } from "./router.js";
import { may } from "./session.js";
import { setTheme } from "./theme.js";
import { nameOf, phone } from "./words.js";

/** @typedef {{title: string, under?: string, icon: string, run: () => void}} Entry */

/** @returns {Entry[]} */
function actions() {
  const list = [
    { title: "New lead", icon: "plus", run: () => go("/leads", { new: 1 }) },
    { title: "New follow-up", icon: "plus", run: () => go("/desk/follow-ups", { new: 1 }) },
    { title: "New task", icon: "plus", run: () => go("/desk/tasks", { new: 1 }) },
    { title: "New meeting", icon: "plus", run: () => go("/desk/meetings", { new: 1 }) },
    { title: "Dark", icon: "moon", run: () => setTheme("dark") },
    { title: "Light", icon: "sun", run: () => setTheme("light") },
  ];
  if (may("admin"))
    list.push({ title: "New contact", icon: "plus", run: () => go("/contacts", { new: 1 }) },
      { title: "Import contacts", icon: "upload", run: () => go("/imports", { new: 1 }) },
      { title: "New campaign", icon: "plus", run: () => go("/campaigns", { new: 1 }) },
      { title: "Invite a user", icon: "user", run: () => go("/settings/users", { new: 1 }) });
  return list;
}
async function search(text, signal) {
  const asks = [get("/api/v1/leads", { q: text, limit: 5 }, signal).then((found) => found.data.map((row) => ({
    title: nameOf(row),
    under: [row.company_name, row.stage].filter(Boolean).join(" · "),
    icon: "leads",
    run: () => go("/leads/" + row.id),
  })))];
  if (may("admin"))
    asks.push(get("/api/v1/contacts", { q: text, limit: 5 }, signal).then((found) => found.data.map((row) => ({
      title: nameOf(row),
      under: [row.business_name, row.phone && phone(row.phone)].filter(Boolean).join(" · "),
      icon: "contacts",
      run: () => go("/contacts/" + row.id),
    }))));
  const got = await Promise.allSettled(asks);
  return got.flatMap((g) => g.status === "fulfilled" ? g.value : []);
}
let isOpen = false;
export function openPalette() {
  if (isOpen) return;
  isOpen = true;
  const before = /** @type {any} */ (document.activeElement);
  /** @type {Entry[]} */
  let shown = [];
  let at = 0, asked = new AbortController();
  const list = h("ul", { class: "options palette-list", role: "listbox", id: freshID("palette"), "aria-label": "Found" });
  const said = h("div", { class: "unseen", role: "status" });
  const field = h("input", {
    class: "palette-field",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    "aria-label": "Find or do anything",
    placeholder: "Find a lead, a page, an action…",
    autocomplete: "off",
    maxlength: 100,
  });
  const box = h("dialog", { class: "dialog palette", "aria-label": "Find or do anything" },
    h("div", { class: "palette-top" }, icon("search"), field, h("kbd", null, "Esc")), list, said);
  const base = [
    ...PAGES.filter((p) => p.icon && (!p.role || may(p.role))).map((p) => ({
      title: p.title,
      icon: p.icon || "",
      run: () => {
        location.hash = link(p.path);
      }
    })),
    ...actions()
  ];
  const point = (to) => {
    at = shown.length ? (to + shown.length) % shown.length : 0;
    [...list.children].forEach((n, i) => n.setAttribute("aria-selected", String(i === at)));
    const node = list.children[at];
    if (node) {
      field.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  };
  const run = (entry) => {
    box.close();
    entry.run();
  };
  const draw = (entries, chosen = 0) => {
    shown = entries;
    fill(list,
      entries.map((entry) => h("li", { role: "option", id: freshID("option"), "aria-selected": "false", onclick: () => run(entry) }, icon(entry.icon),
                    h("span", null, entry.title), entry.under && h("small", null, entry.under))));
    said.textContent = entries.length + " found";
    point(chosen);
  };
  const fits = () => base.filter((e) => e.title.toLowerCase().includes(field.value.trim().toLowerCase()));
  const look = settled(150, async () => {
    const text = field.value.trim();
    asked.abort();
    if (text.length < 2) return;
    asked = new AbortController();
    const { signal } = asked;
    const rows = await search(text, signal);
    // Behind what is there already: Enter does what one saw when one pressed it.
    if (!signal.aborted && box.isConnected) draw([...fits(), ...rows], at);
  });
  field.addEventListener("input", () => {
    draw(fits());
    look();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      point(at + 1);
    }
    if (event.key === "ArrowUp") {
      event.preventDefault();
      point(at - 1);
    }
    if (event.key === "Enter" && shown[at]) {
      event.preventDefault();
      run(shown[at]);
    }
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
  box.addEventListener("close", () => {
    isOpen = false;
    asked.abort();
    box.remove();
    if (before && before.isConnected) before.focus();
  });
  document.body.append(box);
  box.showModal();
  draw(base);
  field.focus();
}
/** What the keys do, in groups. @param {{title: string, keys?: string}[]} pages @returns {[string, [string, string][]][]} */
export function shortcuts(pages) {
  return [
    [
      "Everywhere",
      [["Ctrl K", "Find or do anything"], ["/", "Search this list"], ["n", "New"], ["?", "These shortcuts"], ["Esc", "Close what lies over the page"]]
    ],
    ["Go to", pages.filter((p) => p.keys).map((p) => ["g " + p.keys, p.title])],
    ["In a list", [["↑ ↓", "Up and down"], ["Enter", "Open"], ["Space", "Choose"], ["m", "What can be done with it"]]],
    [
      "On the board",
      [["↑ ↓ ← →", "From card to card"], ["Shift ←", "Move the card to the left"], ["Shift →", "Move the card to the right"], ["m", "Move or change"]]
    ],
  ];
}
