// A table of the API as a list: filters, search, new, change, delete, and what else can be done with a row.

import { get, remove } from "./api.js";
import {h} from "./dom.js";
import { openEditor } from "./editor.js";
import { filterBar } from "./filters.js";
import { list } from "./list.js";
import { openDialog } from "./overlay.js";
import { badge, button, empty, facts, moment } from "./parts.js";
import { note } from "./router.js";
import { may } from "./session.js";
import { settle, undoable } from "./toast.js";
import { nameOf, shown, when, words } from "./words.js";

/**
 * @typedef {{path: string, title: string, one: string, columns: import("./list.js").Column[], filters?: import("./filters.js").Filter[],
 *   search?: string, sort?: string, views?: string, mayWrite?: string, mayDelete?: string, create?: boolean, edit?: boolean, remove?: boolean,
 *   order?: string[], hide?: string[], editHide?: string[], labels?: any, kinds?: any, value?: any, fixed?: any, empty?: string, icon?: string,
 *   rowActions?: (row: any, view: any) => any[], open?: (row: any, view: any) => void, more?: (view: any) => any, template?: string,
 *   mark?: (row: any) => string, listPath?: () => string, href?: (row: any) => string, made?: (row: any, view: any) => void, noSort?: boolean}} Resource
 */

/** Draws a resource into a box. @param {Resource} what @param {AbortSignal} signal */
export function resourceView(what, signal, query = {}) {
  // The page may have been left while it waited for something.
  signal.throwIfAborted();
  const mayWrite = !what.mayWrite || may(what.mayWrite), mayDelete = !what.mayDelete || may(what.mayDelete);
  /** @type {any} */
  const view = {};
  const filters = filterBar({
    fields: what.filters || [],
    search: what.search,
    views: what.views,
    change: () => view.list.reload(),
    more: h("div", { class: "actions push" }, what.more && what.more(view),
      what.create !== false && mayWrite &&
        button("New " + what.one, { icon: "plus", kind: "primary", data: { shortcut: "n" }, onclick: () => view.create() })),
  });
  const editOf = (row) => openEditor({
    path: what.path,
    template: what.template,
    id: row.id,
    title: words(what.one) + ": " + nameOf(row),
    order: what.order,
    hide: [...(what.hide || []), ...(what.editHide || [])],
    labels: what.labels,
    kinds: what.kinds,
    done: (got) => {
      if (got) view.list.put(row.id, got);
    },
  });
  view.create = (value) => openEditor({
    path: what.path,
    template: what.template,
    title: "New " + what.one,
    value: {...what.value, ...value },
    order: what.order,
    hide: what.hide,
    labels: what.labels,
    kinds: what.kinds,
    done: (row) => {
      if (signal.aborted) return;
      if (what.made) what.made(row, view);
      view.list.reload();
    },
  });
  view.edit = editOf;
  view.remove = (row) => {
    let old;
    undoable(words(what.one) + " deleted.", {
      key: row.id,
      show: () => {
        old = view.list.put(row.id, null);
      },
      takeBack: () => view.list.putBack(old),
      commit: (isLeaving) => remove(what.path + "/" + row.id, null, { keepalive: isLeaving }),
    });
  };
  const open = (row) => {
    if (what.open) what.open(row, view);
    else if (what.edit !== false && mayWrite) editOf(row);
    else openDialog({ title: nameOf(row), kind: "drawer", body: factsOf(row) });
  };
  const actions = (row) => [...(what.rowActions && mayWrite ? what.rowActions(row, view) : []),
    what.edit !== false && mayWrite
      ? { title: "Change…", icon: "edit", run: () => editOf(row) }
      : { title: "Look at it", icon: "note", run: () => openDialog({ title: nameOf(row), kind: "drawer", body: factsOf(row) }) },
    what.remove !== false && mayWrite && mayDelete ? { title: "Delete", icon: "trash", kind: "bad", run: () => view.remove(row) } : null,
  ].filter(Boolean);
  view.asked = filters.asked;
  view.list = list({
    label: what.title,
    columns: what.columns,
    signal,
    actions,
    open: what.href ? undefined : open,
    href: what.href,
    mark: what.mark,
    sort: what.noSort ? undefined : query.sort || what.sort,
    onSort: (sort) => filters.set("sort", sort),
    load: async (cursor, signal) => {
      // What was deleted a moment ago does not come back in between.
      if (!cursor) await settle();
      return get(what.listPath ? what.listPath() : what.path, {
        limit: 50,
        cursor,
        ...what.fixed,
        ...filters.asked(),
        sort: what.noSort ? undefined : filters.asked().sort || what.sort,
      },
        signal);
    },
    empty: () => Object.keys(filters.asked()).some((k) => k !== "sort")
      ? empty("Nothing matches", "No " + what.one + " is like that. Take a filter away or search for other words.", null, "search")
      : empty("Nothing here yet", what.empty || "What there is will stand here.",
          what.create !== false && mayWrite ? button("New " + what.one, { icon: "plus", kind: "primary", onclick: () => view.create() }) : null,
          what.icon || "table"),
  });
  if (query.new && what.create !== false && mayWrite) {
    note({...query, new: "" });
    view.create();
  }
  view.node = h("div", { class: "resource" }, filters.node, view.list.node);
  return view;
}
/** All that a row holds, by the names of its columns. */
export function factsOf(row, hide = []) {
  return facts(Object.entries(row).filter(([k]) => !hide.includes(k)).map(([key, value]) => [words(key), valueOf(value)]));
}
export function valueOf(value) {
  if (value === null || value === undefined || value === "") return null;
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (Array.isArray(value)) return value.length ? value.every((v) => typeof v !== "object") ? value.join(", ") : value.map((v) => factsOf(v)) : null;
  if (typeof value === "object") return Object.keys(value).length ? factsOf(value) : null;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return when(value);
  return shown(value);
}
/** Columns that many tables have. */
export const column = {
  moment: (key, title, more = {}) => ({key, title, width: "9.500rem", draw: (row) => moment(row[key]), ...more}),
  state: (key, title, more = {}) => ({key, title, width: "8.500rem", draw: (row) => badge(row[key]), ...more}),
  text: (key, title, more = {}) => ({key, title, width: "minmax(8rem,1.500fr)", draw: (row) => shown(row[key]), ...more}),
};
