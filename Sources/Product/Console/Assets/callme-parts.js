// What the phone's page is built of. Everything that is said or stored goes through `textContent`.

/** @param {string} name @param {string | null} [text] @param {string} [kind] @returns {any} */
export function el(name, text, kind) {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) node.textContent = text;
  if (kind) node.className = kind;
  return node;
}
export function button(text, kind, action) {
  const node = el("button", text, kind);
  node.type = "button";
  node.onclick = action;
  return node;
}
let made = 0;
/** A field behind its label. */
export function labelled(text, field) {
  const label = el("label", text);
  field.id = label.htmlFor = "cm-" + ++made;
  return [label, field];
}
export function card(title, ...parts) {
  const box = el("section", null, "cm-card"), head = el("h2", title);
  head.id = "cm-" + ++made;
  box.setAttribute("aria-labelledby", head.id);
  box.append(head, ...parts);
  return box;
}
/** The page's own style sheet, once. */
export function dress() {
  const href = new URL("./callme.css", import.meta.url).href;
  if (document.querySelector("link[href='" + href + "']")) return;
  const style = el("link");
  style.rel = "stylesheet";
  style.href = href;
  document.head.append(style);
}
