// A list of any length: pages come by cursor as one scrolls, and only the rows in sight are in the document.

import { fill, h, settled } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./overlay.js";
import { button, skeleton, trouble } from "./parts.js";

/**
 * @typedef {{key: string, title: string, width?: string, draw: (row: any) => any, sort?: string, narrow?: "title" | "under" | "side", end?: boolean, wide?: boolean}} Column
 * @typedef {{label: string, columns: Column[], load: (cursor: string | null, signal: AbortSignal) => Promise<any>, open?: (row: any) => void,
 *   href?: (row: any) => string, actions?: (row: any) => any[], bulk?: (rows: any[]) => any[], empty?: () => any, sort?: string,
 *   onSort?: (sort: string) => void, signal: AbortSignal, mark?: (row: any) => string}} ListOptions
 */
const AHEAD = 8, PAGE_AHEAD = 30;
/** Where one was in the list that the address names. */
const placeKey = () => "parley.place." + location.hash;
export const forgetPlace = () => sessionStorage.removeItem(placeKey());
const narrow = matchMedia("(max-width: 720px)");

/** @param {ListOptions} options */
export function list(options) {
  const { columns, signal } = options;
  let rows = [], next = null, isLoading = false, failure = null, active = 0, height = 0, asked = 0;
  /** @type {Set<string>} */
  const chosen = new Set();
  /** @type {Map<number, any>} */
  const drawn = new Map();
  const isChoosing = Boolean(options.bulk);
  const track = (shown) =>
    (isChoosing ? "2.2rem " : "") + shown.map((c) => c.width || "minmax(0,1fr)").join(" ") + (options.actions ? " 2.6rem" : "");
  const body = h("div", { class: "list-rows", role: "rowgroup" });
  const all = isChoosing && h("input", {
    type: "checkbox",
    "aria-label": "Choose all that are loaded",
    onchange: () => {
      if (all.checked)
        for (const row of rows) chosen.add(row.id);
      else chosen.clear();
      redraw();
    }
  });
  const head = h("div", { class: "list-head", role: "rowgroup" },
    h("div", { class: "list-row", role: "row", "aria-rowindex": 1 }, isChoosing && h("div", { role: "columnheader" }, all),
      columns.map((column) => h("div", {
        role: "columnheader",
        class: column.end ? "end" : "",
        "aria-sort": options.sort ? ariaSort(column) : null,
        data: column.wide ? { key: column.key, wide: "" } : { key: column.key },
      },
                    column.sort ? sorter(column) : column.title)),
      options.actions && h("div", { role: "columnheader", class: "cell-actions" }, h("span", { class: "unseen" }, "Actions"))));
  const grid = h("div", {
    class: "list",
    role: "grid",
    "aria-label": options.label,
    "aria-multiselectable": isChoosing ? "true" : null,
    vars: { "--track": track(columns), "--track-slim": track(columns.filter((c) => !c.wide)) },
  },
    head, body);
  const view = h("div", { class: "list-view" }, grid);
  const bar = h("div", { class: "bulk", role: "region", "aria-label": "What to do with the chosen", hidden: true });
  const box = h("div", { class: "list-box" }, view, bar);

  function ariaSort(column) {
    return !column.sort ? null : options.sort === column.sort ? "ascending" : options.sort === "-" + column.sort ? "descending" : "none";
  }
  function sorter(column) {
    return h("button", {
      type: "button",
      class: "sorter",
      onclick: () => {
        options.sort = options.sort === "-" + column.sort ? column.sort : "-" + column.sort;
        for (const cell of head.querySelectorAll("[aria-sort]")) {
          const its = columns.find((c) => c.key === cell.dataset.key);
          if (its) cell.setAttribute("aria-sort", ariaSort(its) || "none");
        }
        if (options.onSort) options.onSort(options.sort || "");
        forgetPlace();
        reload();
      }
    },
      column.title, icon("down"));
  }
  function choose(row, isOn) {
    if (isOn) chosen.add(row.id);
    else chosen.delete(row.id);
    redraw();
  }
  function drawRow(index) {
    const row = rows[index];
    const node = h("div", {
      class: "list-row " + (options.mark ? options.mark(row) : ""),
      role: "row",
      "aria-rowindex": index + 2,
      tabindex: index === active ? 0 : -1,
      "aria-selected": isChoosing ? String(chosen.has(row.id)) : null,
      data: { key: "row-" + row.id },
    },
      isChoosing && h("div", { role: "gridcell", class: "cell-choose" }, h("input", {
        type: "checkbox",
        tabindex: "-1",
        checked: chosen.has(row.id),
        "aria-label": "Choose this row",
        onchange: (e) => choose(row, e.currentTarget.checked),
      })),
      columns.map(
        (column) => h("div", {
          role: "gridcell",
          class: column.end ? "end" : "",
          data: column.wide ? { narrow: "none", wide: "" } : { narrow: column.narrow || "none" }
        },
          column.narrow === "title" && options.href ? h("a", { href: options.href(row), tabindex: "-1", class: "row-title" }, column.draw(row))
                                                    : column.draw(row))),
      options.actions && h("div", { role: "gridcell", class: "cell-actions" }, button("Actions", {
        icon: "more",
        iconOnly: true,
        kind: "quiet",
        tabindex: "-1",
        "aria-haspopup": "menu",
        onclick: (event) => {
          event.stopPropagation();
          if (options.actions) openMenu(event.currentTarget, options.actions(row));
        },
      })));
    node.style.transform = "translateY(" + index * height + "px)";
    node.onclick = (event) => {
      if (event.target.closest("a,button,input,select,label")) return;
      enter(row);
    };
    node.onfocus = () => {
      if (active !== index) { active = index; }
    };
    return node;
  }
  function enter(row) {
    if (options.open) options.open(row);
    else if (options.href) location.hash = options.href(row);
  }
  /** Draws what is in sight; what has left it goes, but for the row that has the focus. */
  function paint() {
    const size = narrow.matches ? 72 : 48;
    if (size !== height) {
      height = size;
      drawn.clear();
      body.replaceChildren();
    }
    body.style.height = rows.length * height + (next ? height * 3 : 0) + "px";
    const first = Math.max(0, Math.floor(view.scrollTop / height) - AHEAD);
    const last = Math.min(rows.length - 1, Math.ceil((view.scrollTop + view.clientHeight) / height) + AHEAD);
    const held = body.contains(document.activeElement) ? active : -1;
    // The tabulator leads to a row that is in sight.
    if (held < 0 && (active < first || active > last)) {
      active = Math.max(0, Math.min(last, Math.ceil(view.scrollTop / height)));
      const node = drawn.get(active);
      if (node) node.tabIndex = 0;
    }
    for (const [index, node] of drawn)
      if ((index < first || index > last) && index !== held) {
        node.remove();
        drawn.delete(index);
      }
    for (let i = first; i <= last; i++) {
      if (drawn.has(i)) continue;
      const node = drawRow(i);
      drawn.set(i, node);
      const after = drawn.get(i + 1);
      if (after) body.insertBefore(node, after);
      else body.append(node);
    }
    grid.setAttribute("aria-rowcount", next ? "-1" : String(rows.length + 1));
    if (next && !isLoading && !failure && last > rows.length - PAGE_AHEAD) more();
  }
  function redraw() {
    const held = body.contains(document.activeElement);
    drawn.clear();
    body.replaceChildren();
    active = Math.min(active, Math.max(0, rows.length - 1));
    paint();
    if (held && drawn.get(active)) drawn.get(active).focus({ preventScroll: true });
    if (!isChoosing) return;
    const picked = rows.filter((r) => chosen.has(r.id));
    all.checked = picked.length > 0 && picked.length === rows.length;
    all.indeterminate = picked.length > 0 && picked.length < rows.length;
    bar.hidden = !picked.length;
    if (picked.length && options.bulk)
      fill(bar, h("span", { role: "status" }, picked.length + " chosen"), options.bulk(picked), button("None", {
        kind: "quiet",
        onclick: () => {
          chosen.clear();
          redraw();
        }
      }));
  }
  async function more() {
    isLoading = true;
    const turn = asked;
    try {
      const page = await options.load(next, signal);
      if (turn !== asked) return;
      const there = new Set(rows.map((r) => r.id));
      rows.push(...page.data.filter((r) => !there.has(r.id)));
      next = page.next_cursor || null;
      failure = null;
    } catch (error) {
      if (error.name === "AbortError" || turn !== asked) return;
      failure = error;
      box.append(h("div", { class: "list-failure", role: "alert" }, error.message, button("Try again", {
        onclick: (event) => {
          event.currentTarget.parentElement.remove();
          failure = null;
          more();
        }
      })));
    } finally {
      if (turn === asked) isLoading = false;
    }
    paint();
  }
  /** From the first page on; back at the place where one was, when there was one. */
  async function reload(isQuiet = false) {
    const turn = ++asked;
    const place = isQuiet ? view.scrollTop : Number(sessionStorage.getItem(placeKey())) || 0;
    isLoading = true;
    failure = null;
    if (!isQuiet) fill(box, skeleton(8));
    try {
      let page = await options.load(null, signal);
      const got = [...page.data];
      while (page.next_cursor && got.length * (height || 48) < place + view.clientHeight && got.length < 3000) {
        page = await options.load(page.next_cursor, signal);
        got.push(...page.data);
      }
      if (turn !== asked) return;
      // Whoever is on a row stays on it, wherever it is now.
      const held = isQuiet && rows[active] ? got.findIndex((r) => r.id === rows[active].id) : 0;
      if (held >= 0) active = held;
      rows = got;
      next = page.next_cursor || null;
      if (!rows.length && options.empty) {
        fill(box, options.empty());
        return;
      }
      if (!view.isConnected) fill(box, view, bar);
      isLoading = false;
      redraw();
      view.scrollTop = place;
      paint();
    } catch (error) {
      if (error.name === "AbortError" || turn !== asked) return;
      if (!isQuiet) fill(box, trouble(error, () => reload()));
    } finally {
      if (turn === asked) isLoading = false;
    }
  }
  function moveTo(index) {
    if (!rows.length) return;
    const to = Math.max(0, Math.min(rows.length - 1, index));
    const old = drawn.get(active);
    if (old) old.tabIndex = -1;
    active = to;
    const headHeight = head.offsetHeight;
    if (to * height < view.scrollTop) view.scrollTop = to * height;
    if ((to + 1) * height + headHeight > view.scrollTop + view.clientHeight) view.scrollTop = (to + 1) * height + headHeight - view.clientHeight;
    paint();
    const node = drawn.get(to);
    if (node) {
      node.tabIndex = 0;
      node.focus({ preventScroll: true });
    }
  }
  body.addEventListener("keydown", (event) => {
    if (!event.target.classList.contains("list-row")) return;
    const page = Math.max(1, Math.floor(view.clientHeight / height) - 1);
    const to = { ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.length - 1 }[event.key];
    const row = rows[active];
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.key === "Enter") {
      event.preventDefault();
      enter(row);
    } else if (event.key === " " && isChoosing) {
      event.preventDefault();
      choose(row, !chosen.has(row.id));
    } else if ((event.key === "m" || event.key === "ContextMenu") && options.actions) {
      event.preventDefault();
      event.stopPropagation();
      openMenu(event.target.querySelector(".cell-actions button"), options.actions(row));
    }
  });
  // By the address that holds while one scrolls: a click may lead away before it is written down.
  const keepPlace = settled(200, (key, place) => sessionStorage.setItem(key, place));
  view.addEventListener("scroll", () => {
    if (!view.isConnected) return;
    requestAnimationFrame(paint);
    keepPlace(placeKey(), String(Math.round(view.scrollTop)));
  }, { passive: true });
  const size = new ResizeObserver(() => paint());
  size.observe(view);
  signal.addEventListener("abort", () => size.disconnect());
  reload();
  return {
    node: box,
    reload: () => reload(),
    refresh: async () => {
      if (rows.length <= 200 && !isLoading) await reload(true);
    },
    rows: () => rows,
    chosen: () => rows.filter((r) => chosen.has(r.id)),
    clear: () => {
      chosen.clear();
      redraw();
    },
    /** Another state of a row; null takes it out. Gives what it was, to put it back. */
    put: (id, changes) => {
      const at = rows.findIndex((r) => r.id === id);
      if (at < 0) return null;
      const old = { at, row: rows[at] };
      if (changes === null) rows.splice(at, 1);
      else rows[at] = {...rows[at], ...changes };
      redraw();
      return old;
    },
    putBack: (old) => {
      if (!old) return;
      const at = rows.findIndex((r) => r.id === old.row.id);
      if (at < 0) rows.splice(old.at, 0, old.row);
      else rows[at] = old.row;
      redraw();
    },
  };
}
