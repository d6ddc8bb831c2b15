// Building the page. Everything a caller or the database says goes through text nodes: no markup is ever made from it.

const SVG = "http://www.w3.org/2000/svg";

function add(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}
/**
 * An element. Of its properties, functions are listeners, `data` and `vars` are objects, true is an attribute without a value;
 * null, undefined and false are left out. A field's `value` and `checked` are set, not written as attributes.
 * @param {string} name @param {any} [props] @param {...any} children @returns {any}
 */
export function h(name, props, ...children) {
  /** @type {any} */
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "vars")
      for (const [name, text] of Object.entries(value)) node.style.setProperty(name, String(text));
    else if (key === "value" || key === "checked" || key === "indeterminate") node[key] = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  return add(node, children);
}
/** A shape of a picture. @param {string} name @param {any} [props] @param {...any} children @returns {any} */
export function shape(name, props, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(props || {}))
    if (value !== null && value !== undefined) node.setAttribute(key, String(value));
  return add(node, children);
}
/** Puts new content into a box, and keeps the focus on what is the same by its `data-key` or id. */
export function fill(box, ...children) {
  const held = box.contains(document.activeElement) ? /** @type {any} */ (document.activeElement) : null;
  const key = held && (held.dataset.key || held.id);
  box.replaceChildren();
  add(box, children);
  if (!key) return box;
  const same = [...box.querySelectorAll("[data-key],[id]")].find((n) => (n.dataset.key || n.id) === key);
  if (same) same.focus({ preventScroll: true });
  return box;
}
let lastID = 0;
export function freshID(word) { return word + "-" + ++lastID; }
/** Runs the last of several calls, once they have ended for so long. */
export function settled(milliseconds, work) {
  let timer = 0;
  return (...given) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => work(...given), milliseconds);
  };
}
/** Runs work so long after the first of several calls, never twice at once: what is called for while it runs is one run more. */
export function paced(milliseconds, work) {
  let isDue = false, isRunning = false;
  const arm = () => window.setTimeout(async () => {
    isDue = false;
    isRunning = true;
    try {
      await work();
    } finally {
      isRunning = false;
      if (isDue) arm();
    }
  }, milliseconds);
  return () => {
    if (isDue) return;
    isDue = true;
    if (!isRunning) arm();
  };
}
/** Puts a text into the clipboard; false where the browser does not let, as in pages that came by http from another machine. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { return false; }
}
/** Hands a text over as a file. */
export function download(name, blob) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
