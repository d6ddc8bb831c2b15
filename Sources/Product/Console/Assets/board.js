// Cards in columns, moved by dragging, by keys and by a menu alike.

import { fill, h } from "./dom.js";
import { openMenu } from "./overlay.js";
import { badge, button, skeleton } from "./parts.js";
import { complain } from "./toast.js";

/**
 * @param {{columns: {key: string, title: string}[], load: (key: string, cursor: string | null) => Promise<any>, draw: (row: any) => any,
 *   title: (row: any) => string, href: (row: any) => string, move: (row: any, to: string) => void, menu: (row: any) => any[],
 *   mayMove: (row: any, to: string) => boolean}} options
 */
export function board(options) {
  const told = h("div", { class: "unseen", role: "status" });
  /** @type {Map<string, {rows: any[], next: string | null, list: any, head: any, box: any, isLoading?: boolean}>} */
  const held = new Map();
  /** Cards whose column is not shown. @type {Map<string, {row: any, at: number, from: string}>} */
  const gone = new Map();
  let dragged = null;
  const keys = options.columns.map((c) => c.key);

  function drawCard(row, key) {
    const node = h("li", {
      class: "board-card",
      draggable: "true",
      tabindex: "-1",
      data: { key: "card-" + row.id, id: row.id, column: key },
      "aria-label": options.title(row) + ", " + key,
      ondragstart: (event) => {
        dragged = { row, from: key };
        event.dataTransfer.setData("text/plain", row.id);
        node.classList.add("dragged");
      },
      ondragend: () => {
        dragged = null;
        node.classList.remove("dragged");
        for (const c of held.values()) c.box.classList.remove("target");
      },
      onfocus: () => focusable(node),
      onclick: (event) => {
        if (!event.target.closest("a,button")) location.hash = options.href(row);
      },
      onkeydown: (event) => pressed(event, row, key, node),
    },
      h("div", { class: "board-card-head" }, h("a", { href: options.href(row), tabindex: "-1", class: "row-title" }, options.title(row)),
        button("Move or change " + options.title(row), {
          icon: "more",
          iconOnly: true,
          kind: "quiet",
          tabindex: "-1",
          "aria-haspopup": "menu",
          onclick: (event) => {
            event.stopPropagation();
            openMenu(event.currentTarget, options.menu(row));
          },
        })),
      options.draw(row));
    return node;
  }
  /** One card of each column is reached by Tab, the others by arrows. */
  function focusable(node) {
    for (const other of node.parentElement.querySelectorAll("[tabindex='0']")) other.tabIndex = -1;
    node.tabIndex = 0;
    node.querySelector("button").tabIndex = 0;
  }
  function pressed(event, row, key, node) {
    if (event.target !== node) return;
    const at = keys.indexOf(key);
    const across = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (across && (event.altKey || event.shiftKey)) {
      event.preventDefault();
      for (let to = at + across; to >= 0 && to < keys.length; to += across)
        if (options.mayMove(row, keys[to])) {
          options.move(row, keys[to]);
          return;
        }
      told.textContent = "It cannot go there.";
      return;
    }
    if (across) {
      event.preventDefault();
      for (let to = at + across; to >= 0 && to < keys.length; to += across) {
        const list = held.get(keys[to])?.list;
        if (!list || !list.children.length) continue;
        const place = [...node.parentElement.children].indexOf(node);
        list.children[Math.min(place, list.children.length - 1)].focus();
        return;
      }
    }
    const along = event.key === "ArrowDown" ? node.nextElementSibling : event.key === "ArrowUp" ? node.previousElementSibling : null;
    if (along && along.focus) {
      event.preventDefault();
      along.focus();
    }
    if (event.key === "Enter") {
      event.preventDefault();
      location.hash = options.href(row);
    }
    if (event.key === "m") {
      event.preventDefault();
      event.stopPropagation();
      openMenu(node.querySelector("button"), options.menu(row));
    }
  }
  function drawColumn(key) {
    const column = held.get(key);
    if (!column) return;
    fill(column.list, column.rows.map((row) => drawCard(row, key)));
    const foot = column.box.querySelector(".board-foot");
    fill(foot,
      column.next ? button("More", { kind: "quiet", onclick: () => more(key) }) : !column.rows.length && h("p", { class: "dim" }, "None here."));
    const first = column.list.querySelector(".board-card");
    if (first) focusable(first);
  }
  async function more(key) {
    const column = held.get(key);
    if (!column || column.isLoading) return;
    column.isLoading = true;
    try {
      const page = await options.load(key, column.next);
      const there = new Set(column.rows.map((r) => r.id));
      column.rows.push(...page.data.filter((r) => !there.has(r.id)));
      column.next = page.next_cursor || null;
      drawColumn(key);
    } catch (error) { complain(error); } finally {
      column.isLoading = false;
    }
  }
  /** Takes a card off the board. @returns {{row: any, at: number, from: string} | null} */
  function take(id) {
    for (const [from, column] of held) {
      const at = column.rows.findIndex((r) => r.id === id);
      if (at >= 0) return { row: column.rows.splice(at, 1)[0], at, from };
    }
    const away = gone.get(id) || null;
    gone.delete(id);
    return away;
  }
  const node = h("div", { class: "board", role: "group", "aria-label": "Board", tabindex: "-1" });
  for (const { key, title } of options.columns) {
    const list = h("ul", { class: "board-cards", "aria-label": title });
    const head = h("div", { class: "board-head" });
    const box = h("section", {
      class: "board-column",
      "aria-label": title,
      data: { column: key },
      ondragover: (event) => {
        if (!dragged || dragged.from === key || !options.mayMove(dragged.row, key)) return;
        event.preventDefault();
        box.classList.add("target");
      },
      ondragleave: (event) => {
        if (!box.contains(event.relatedTarget)) box.classList.remove("target");
      },
      ondrop: (event) => {
        event.preventDefault();
        box.classList.remove("target");
        if (dragged) options.move(dragged.row, key);
      },
    },
      head, list, h("div", { class: "board-foot" }));
    fill(head, badge(key, title));
    held.set(key, { rows: [], next: null, list, head, box });
    node.append(box);
    fill(list, h("li", null, skeleton(3)));
    options.load(key, null).then(
      (page) => {
        const column = held.get(key);
        if (!column) return;
        column.rows = page.data;
        column.next = page.next_cursor || null;
        drawColumn(key);
      },
      (error) => {
        if (error.name !== "AbortError") fill(list, h("li", { class: "dim" }, error.message));
      });
  }
  return {
    node: h("div", { class: "board-box" }, node, told),
    /** How many and how much stands in a column. */
    count: (key, ...said) => {
      const c = held.get(key);
      if (c) fill(c.head, badge(key, options.columns.find((x) => x.key === key)?.title), said);
    },
    /** Puts a card elsewhere on the board, at once. */
    shift: (id, to, changes = {}) => {
      const old = take(id);
      if (!old) return null;
      const target = held.get(to), moved = {...old.row, ...changes };
      const hadFocus = held.get(old.from)?.list.contains(document.activeElement);
      if (!target) gone.set(id, {...old, row: moved });
      // What comes back to the column it left stands where it stood.
      else target.rows.splice(to === old.from ? old.at : 0, 0, moved);
      drawColumn(old.from);
      if (to !== old.from) drawColumn(to);
      told.textContent = options.title(moved) + " is in " + to + ".";
      const card = target && target.list.querySelector("[data-id='" + CSS.escape(id) + "']");
      if (card && hadFocus) card.focus();
      return old;
    },
    /** Another state of a card; null takes it off. Gives what it was, to put it back. */
    put: (id, changes) => {
      const old = take(id);
      if (!old) return null;
      if (changes) held.get(old.from)?.rows.splice(old.at, 0, {...old.row, ...changes });
      drawColumn(old.from);
      return old;
    },
    putBack: (old) => {
      if (!old) return;
      held.get(old.from)?.rows.splice(old.at, 0, old.row);
      drawColumn(old.from);
    },
  };
}
