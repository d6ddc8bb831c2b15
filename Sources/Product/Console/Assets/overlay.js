// What lies over a page: dialogs, drawers and menus. Escape closes each, and the focus goes back to where it was.

import { freshID, h } from "./dom.js";
import { icon } from "./icons.js";
import { button } from "./parts.js";
import { complain } from "./toast.js";

/** Dialogs that hold what somebody wrote and has not stored. @type {Set<any>} */
const unstored = new Set();
/** @type {Promise<boolean> | null} */
let asking = null;
/** Asks before what somebody wrote is lost, once. @returns {Promise<boolean>} */
export function mayLeave(boxes = [...unstored]) {
  // One that was closed a moment ago has not heard of it yet.
  if (!boxes.some((box) => box.open && unstored.has(box))) return Promise.resolve(true);
  asking = asking || sure("Leave what you wrote?", "It is not stored yet.", "Leave it").finally(() => {
    asking = null;
  });
  return asking;
}
/**
 * @param {{title: string, body: any, actions?: any[], kind?: string, close?: () => void, isWritten?: boolean, isKept?: boolean}} what
 *   `kind` "drawer" comes from the side, "wide" is wide; what is written in it is not lost unasked; a kept one is not closed by a click beside it
 */
export function openDialog(what) {
  const id = freshID("dialog");
  const before = /** @type {any} */ (document.activeElement);
  const box = h("dialog", { class: "dialog " + (what.kind || ""), "aria-labelledby": id },
    h("div", { class: "dialog-head" }, h("h2", { id, tabindex: "-1" }, what.title),
      button("Close", { icon: "close", iconOnly: true, kind: "quiet", onclick: () => leave() })),
    h("div", { class: "dialog-body" }, what.body), what.actions && h("div", { class: "dialog-foot" }, what.actions));
  const leave = async () => {
    if (await mayLeave([box])) box.close();
  };
  box.addEventListener("input", () => {
    if (what.isWritten) unstored.add(box);
  });
  box.addEventListener("cancel", (event) => {
    if (event.target !== box || !what.isKept && !unstored.has(box)) return;
    event.preventDefault();
    if (!what.isKept) leave();
  });
  box.addEventListener("close", () => {
    unstored.delete(box);
    box.remove();
    if (before && before.isConnected) before.focus();
    if (what.close) what.close();
  });
  // Who selects text may let the button go beside the dialog.
  let pressed = null;
  box.addEventListener("pointerdown", (event) => {
    pressed = event.target;
  });
  box.addEventListener("click", (event) => {
    if (event.target === box && pressed === box && !what.isKept) leave();
  });
  document.body.append(box);
  box.showModal();
  const first = box.querySelector("[autofocus],.dialog-body input:not([type=hidden]),.dialog-body select,.dialog-body textarea");
  (first || box.querySelector("h2")).focus();
  return box;
}
/** Asks before something that cannot be taken back. @returns {Promise<boolean>} */
export function sure(title, text, doIt, kind = "bad") {
  return new Promise((answer) => {
    let said = false;
    const box = openDialog({
      title,
      kind: "small",
      body: h("p", null, text),
      close: () => answer(said),
      actions: [
        button("Cancel", { onclick: () => box.close() }), button(doIt, {
          kind: kind === "bad" ? "danger" : "primary",
          autofocus: true,
          onclick: () => {
            said = true;
            box.close();
          }
        })
      ],
    });
  });
}
/** Asks for one text. @returns {Promise<string | null>} null where nothing is to be done */
export function askText(title, label, more = {}) {
  return new Promise((answer) => {
    let said = null;
    const id = freshID("text");
    const field = h(more.isLong ? "textarea" : "input", {
      id,
      class: "input",
      required: more.required !== false,
      value: more.value || "",
      type: more.isLong ? null : more.type || "text",
      maxlength: more.max || 500,
      placeholder: more.placeholder,
      autocomplete: "off",
    });
    const form = h("form", {
      id: freshID("form"),
      class: "form",
      onsubmit: (event) => {
        event.preventDefault();
        said = field.value.trim();
        box.close();
      },
    },
      more.text && h("p", { class: "dim" }, more.text), h("div", { class: "field" }, h("label", { for: id
      }, label), field));
    const box = openDialog({
      title,
      kind: "small",
      isWritten: more.isLong,
      body: form,
      close: () => answer(said),
      actions: [
        button("Cancel", { onclick: () => box.close() }), h("button", { class: "button primary", type: "submit", form: form.id }, more.doIt || "Save")
      ],
    });
  });
}

/** @typedef {{title: string, icon?: string, kind?: string, isOn?: boolean, run?: () => any, href?: string} | null} MenuEntry */
/** A list of what can be done, below the button that asks for it. @param {HTMLElement} anchor @param {MenuEntry[]} entries */
export function openMenu(anchor, entries, label = "Actions") {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label, popover: "auto" });
  for (const entry of entries) {
    if (!entry) continue;
    list.append(h(entry.href ? "a" : "button", {
      role: entry.isOn === undefined ? "menuitem" : "menuitemradio",
      tabindex: "-1",
      href: entry.href,
      type: entry.href ? null : "button",
      class: "menu-entry " + (entry.kind || ""),
      "aria-checked": entry.isOn === undefined ? null : String(entry.isOn),
      onclick: () => {
        close();
        Promise.resolve(entry.run && entry.run()).catch(complain);
      },
    },
      entry.icon && icon(entry.icon), h("span", null, entry.title), entry.isOn && icon("check")));
  }
  const items = [...list.children];
  const close = () => {
    if (list.isConnected) list.hidePopover();
  };
  list.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const hadFocus = list.contains(document.activeElement) || document.activeElement === document.body;
    list.remove();
    anchor.setAttribute("aria-expanded", "false");
    if (hadFocus && anchor.isConnected) anchor.focus();
  });
  list.addEventListener("keydown", (event) => {
    const at = items.indexOf(/** @type {any} */ (document.activeElement));
    const to = event.key === "ArrowDown" ? at + 1
      : event.key === "ArrowUp"          ? at - 1
      : event.key === "Home"             ? 0
      : event.key === "End"              ? items.length - 1
      : event.key.length === 1 && /\S/.test(event.key)
      ? items.findIndex((n, i) => i > at && n.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))
      : null;
    if (event.key === "Tab") close();
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    if (items.length && to !== -1 || event.key === "ArrowUp") items[(to + items.length) % items.length].focus();
  });
  (anchor.closest("dialog") || document.body).append(list);
  anchor.setAttribute("aria-expanded", "true");
  list.showPopover();
  const place = anchor.getBoundingClientRect(), size = list.getBoundingClientRect();
  const below = place.bottom + size.height + 8 < innerHeight;
  list.style.left = Math.max(8, Math.min(place.left, innerWidth - size.width - 8)) + "px";
  list.style.top = (below ? place.bottom + 4 : Math.max(8, place.top - size.height - 4)) + "px";
  if (items.length) items[0].focus();
}
/** A button that opens a menu. */
export function menuButton(text, entries, props = {}) {
  return button(text, {
    ...props,
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    onclick: (event) => {
      event.stopPropagation();
      openMenu(event.currentTarget, typeof entries === "function" ? entries() : entries, text);
    },
  });
}
