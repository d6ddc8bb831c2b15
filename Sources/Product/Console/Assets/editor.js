// Making and changing a row in a drawer, by the form that the API's description gives; when somebody else was faster, both are shown.

import { ask, change, post, Refusal } from "./api.js";
import {h} from "./dom.js";
import { formOf, same } from "./form.js";
import { openDialog, sure } from "./overlay.js";
import { button, skeleton, trouble } from "./parts.js";
import { bodyOf } from "./schema.js";
import { complain, toast } from "./toast.js";
import { shown, words } from "./words.js";

/**
 * @param {{path: string, title: string, id?: string, value?: any, order?: string[], hide?: string[], labels?: any, kinds?: any,
 *   done?: (row: any) => void, kind?: string, template?: string}} what with an id a row is changed, without one it is made;
 *   `template` is the address in the API's description where it is not the path
 */
export function openEditor(what) {
  const form = h("div", null, skeleton(5));
  /** @type {any} */
  let made = null;
  let tag = null, before = what.value || {};
  const save = h("button", { type: "button", class: "button primary", disabled: true, onclick: () => store() }, what.id ? "Save" : "Create");
  const box = openDialog({
    title: what.title,
    kind: what.kind || "drawer",
    isWritten: true,
    body: form,
    actions: [button("Cancel", { onclick: () => box.close() }), save],
  });
  async function begin() {
    try {
      const template = what.template || what.path;
      const [schema, row] = await Promise.all(
        [bodyOf(what.id ? "PATCH" : "POST", template + (what.id ? "/{id}" : "")), what.id ? ask("GET", what.path + "/" + what.id) : null]);
      if (row) {
        before = row.body;
        tag = row.tag;
      }
      draw(schema, before);
    } catch (error) { form.replaceChildren(trouble(error, begin)); }
  }
  function draw(schema, value) {
    made = formOf(schema, value, { order: what.order, hide: what.hide, labels: what.labels, kinds: what.kinds });
    made.node.addEventListener("submit", (event) => {
      event.preventDefault();
      store();
    });
    form.replaceChildren(made.node, h("p", { class: "help" }, "Times are of your zone."));
    save.disabled = false;
    const first = made.node.querySelector("input,select,textarea");
    if (first) first.focus();
  }
  async function store() {
    if (!made || save.disabled || !made.check()) return;
    const body = what.id ? made.changes() : {...what.value, ...made.read() };
    if (what.id && !Object.keys(body).length) {
      box.close();
      return;
    }
    save.disabled = true;
    try {
      await send(body);
    } catch (error) {
      if (box.isConnected) made.blame(error);
      else complain(error, "It was not saved.");
    } finally { save.disabled = false; }
  }
  async function send(body) {
    let row;
    try {
      row = what.id ? await change(what.path + "/" + what.id, body, tag) : await post(what.path, body);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 412) throw error;
      const now = await bothChanged(what.path + "/" + what.id, before, body);
      tag = now.tag;
      before = now.body;
      if (now.isSure) await send(body);
      return;
    }
    box.close();
    toast(what.id ? "Saved." : "Created.");
    if (what.done) what.done(row);
  }
  begin();
  return box;
}
/**
 * Somebody was faster: what they wrote stands beside what is to be written.
 * @param {string} path @param {any} before what one began with @param {any} mine @param {string[]} [names] the fields that people write
 */
export async function bothChanged(path, before, mine, names) {
  const now = await ask("GET", path);
  const theirs = (names || Object.keys(now.body)).filter((k) => k !== "updated_at" && !same(now.body[k], before[k]));
  const set = (k) => words(k) + (now.body[k] && typeof now.body[k] === "object" ? " anew" : " to “" + shown(now.body[k]) + "”");
  const text = theirs.length ? "Meanwhile somebody set " + theirs.map(set).join(", ") + "." : "Somebody saved it meanwhile.";
  const overlap = theirs.filter((k) => k in mine);
  const isSure = await sure("Changed meanwhile",
    text + (overlap.length ? " Yours would replace " + overlap.map(words).join(", ") + "." : " Yours changes other fields."),
    overlap.length ? "Save mine over it" : "Save mine too", "primary");
  return { tag: now.tag, body: now.body, isSure };
}
