// A field for a row of another table: one types, the API looks, one chooses.

import { get, lookUp } from "./api.js";
import { fill, freshID, h, settled } from "./dom.js";
import { may, me } from "./session.js";
import { nameOf, phone, words } from "./words.js";

/** By the names of fields: where the rows are, who may look there, and where others find them instead: in a column of other rows. */
export const REFERENCES = {
  lead_id: {path: "/api/v1/leads", role: "agent"},
  contact_id: {path: "/api/v1/contacts", role: "admin", instead: {path: "/api/v1/leads", role: "agent", column: "contact_id"}},
  client_id: {path: "/api/v1/clients", role: "agent"},
  agent_id: {path: "/api/v1/users", role: "manager", query: {is_active: true}},
  user_id: {path: "/api/v1/users", role: "manager", query: {is_active: true}},
  profile_id: {path: "/api/v1/profiles", role: "admin"},
  pipeline_stage_id: {path: "/api/v1/pipeline-stages", role: "agent"},
};
const under = (row) => [row.company_name || row.business_name, row.email || row.contact_email, row.phone && phone(row.phone),
  row.role && words(row.role), row.stage]
                         .filter(Boolean)
                         .join(" · ");

async function search(reference, text) {
  const { path, column, query } = reference;
  const found = (await get(path, { limit: column ? 30 : 8, ...query, ...(text ? { q: text } : {}) })).data;
  if (!column) return found;
  return [...new Map(found.filter((row) => row[column]).map((row) => [row[column], {...row, id: row[column] }])).values()].slice(0, 8);
}
async function named(reference, id) {
  if (!reference.column) return lookUp(reference.path + "/" + id);
  return (await lookUp(reference.path + "?limit=1&" + reference.column + "=" + id)).data[0] || { id };
}
/** Whoever may not know the others chooses between nobody and themselves. */
function ownChoice(id, value, isRequired) {
  const own = me().user;
  const box = h("select", { id, class: "input", required: isRequired }, h("option", { value: "" }, isRequired ? "Choose…" : "–"),
    own && h("option", { value: own.id }, own.full_name), value && value !== own?.id && h("option", { value }, "Somebody else"));
  box.value = value || "";
  return { node: box, read: () => box.value || null };
}
export function finder(id, reference, value, isRequired) {
  if (!may(reference.role)) {
    if (reference.instead) return finder(id, reference.instead, value, isRequired);
    if (reference.path === "/api/v1/users") return ownChoice(id, value, isRequired);
    const box = h("input", { id, class: "input", value: value || "", required: isRequired, placeholder: "ID", autocomplete: "off" });
    return { node: box, read: () => box.value.trim() || null };
  }
  let chosen = value || null, rows = [], at = -1, asked = 0;
  const list = h("ul", { class: "options", role: "listbox", id: freshID("options"), hidden: true, "aria-label": "Found" });
  const box = h("input", {
    id,
    class: "input",
    role: "combobox",
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    autocomplete: "off",
    placeholder: "Type to search",
    required: isRequired,
    value: "",
  });
  const close = () => {
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const choose = (row) => {
    chosen = row ? row.id : null;
    box.value = row ? nameOf(row) : "";
    close();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const point = (to) => {
    at = rows.length ? (to + rows.length) % rows.length : -1;
    [...list.children].forEach((n, i) => n.setAttribute("aria-selected", String(i === at)));
    const node = list.children[at];
    if (node) {
      box.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({ block: "nearest" });
    }
  };
  const look = async () => {
    const text = box.value.trim(), turn = ++asked;
    try {
      const found = await search(reference, text);
      if (turn !== asked || document.activeElement !== box) return;
      rows = found;
      fill(list,
        rows.map((row) => h("li", {
          role: "option",
          id: freshID("option"),
          "aria-selected": "false",
          onmousedown: (event) => {
            event.preventDefault();
            choose(row);
          },
        },
                   h("span", null, nameOf(row)), h("small", null, under(row)))));
      if (!rows.length) list.append(h("li", { class: "dim", role: "option", "aria-disabled": "true" }, "Nothing found."));
      list.hidden = false;
      box.setAttribute("aria-expanded", "true");
    } catch {
      if (turn === asked) close();
    }
  };
  const soon = settled(200, look);
  box.addEventListener("input", () => {
    chosen = null;
    soon();
  });
  box.addEventListener("focus", () => {
    if (!box.value) soon();
  });
  box.addEventListener("blur", () => {
    close();
    if (!chosen) box.value = "";
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      if (list.hidden) look();
      else point(at + 1);
    }
    if (event.key === "ArrowUp") {
      event.preventDefault();
      point(at - 1);
    }
    if (event.key === "Enter" && !list.hidden && rows[at]) {
      event.preventDefault();
      choose(rows[at]);
    }
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  if (value)
    named(reference, value)
      .then(
        (row) => {
          if (chosen === value) box.value = nameOf(row);
        },
        () => {
          box.value = value;
        });
  const node = h("div", { class: "finder" }, box, list);
  node.setAttribute = (name, text) => box.setAttribute(name, text);
  return { node, read: () => chosen };
}
