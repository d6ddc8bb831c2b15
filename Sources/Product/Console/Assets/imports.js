// Imports of contacts: those there were, and a new one from a file.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openDialog } from "./overlay.js";
import { badge, bar, button, heading } from "./parts.js";
import { column, resourceView } from "./resource.js";
import { go, link, note } from "./router.js";
import { current } from "./session.js";
import { number, percent } from "./words.js";

/** Sends a file and tells how far it has come; fetch cannot. @returns {{answer: Promise<any>, stop: () => void}} */
export function upload(address, file, told) {
  const request = new XMLHttpRequest();
  const answer = new Promise((done, failed) => {
    request.open("POST", address);
    request.setRequestHeader("content-type", "text/csv");
    if (current()) request.setRequestHeader("authorization", "Bearer " + current());
    request.upload.onprogress = (event) => told(event.loaded / event.total);
    request.onload = () => {
      let body = {};
      try {
        body = JSON.parse(request.responseText);
      } catch { /* then there is only a status */
      }
      if (request.status < 300) done(body);
      else failed(new Error(/** @type {any} */ (body).detail || "The answer was " + request.status + "."));
    };
    request.onerror = () => failed(new Error("The connection broke. Choose the file again to send it again."));
    request.onabort = () => failed(new DOMException("stopped", "AbortError"));
    request.send(file);
  });
  return { answer, stop: () => request.abort() };
}
/** A place for a file: dropped, or chosen. @param {string} under @param {(file: File) => {answer: Promise<any>, stop: () => void}} send gets the file */
export function dropPlace(under, send, done) {
  const field = h("input", {
    type: "file",
    accept: ".csv,.tsv,.txt,text/csv",
    class: "unseen",
    id: "file",
    onchange: () => {
      if (field.files[0]) take(field.files[0]);
    }
  });
  const said = h("div", { role: "status" });
  const box = h("div", {
    class: "drop",
    ondragover: (event) => {
      event.preventDefault();
      box.classList.add("target");
    },
    ondragleave: () => box.classList.remove("target"),
    ondrop: (event) => {
      event.preventDefault();
      box.classList.remove("target");
      if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]);
    },
  },
    icon("upload"), h("b", null, "Drop a CSV file here"), h("p", { class: "dim" }, under), field,
    button("Choose a file", { kind: "primary", onclick: () => field.click() }), said);
  field.tabIndex = -1;
  field.setAttribute("aria-label", "File");
  /** @type {{answer: Promise<any>, stop: () => void} | null} */
  let sending = null;
  async function take(file) {
    const progress = h("div", null);
    if (sending) sending.stop();
    sending = send(file);
    fill(said, h("p", null, file.name), progress, button("Stop", { kind: "quiet", onclick: sending.stop }));
    try {
      done(await sending.answer);
    } catch (error) { fill(said, error.name === "AbortError" ? "Stopped." : h("p", { class: "bad", role: "alert" }, error.message)); }
  }
  return {
    node: box,
    stop: () => sending?.stop(),
    progress: (share) => {
      const p = said.querySelector("div");
      if (p) fill(p, bar(share, "Sent"), percent(share));
    }
  };
}
/** @param {AbortSignal} signal of the page it stands over */
function openNew(signal) {
  /** @type {any} */
  let place = null;
  const box = openDialog({ title: "Import contacts", kind: "wide", body: h("div", null), close: () => place?.stop() });
  place = dropPlace("Comma, semicolon or tab; any encoding; up to 1 GB. Nothing is written before you have seen what would become of it.",
    (file) => upload("/api/v1/imports?file_name=" + encodeURIComponent(file.name), file, (share) => place.progress(share)), (made) => {
      box.close();
      if (!signal.aborted) go("/imports/" + made.id);
    });
  fill(box.querySelector(".dialog-body"), place.node);
  box.querySelector(".drop button").focus();
}
/** @param {any} container */
export async function page(container, {signal, query}) {
  const view = resourceView({
    path: "/api/v1/imports",
    title: "Imports",
    one: "import",
    create: false,
    edit: false,
    remove: false,
    sort: "-created_at",
    href: (row) => link("/imports/" + row.id),
    icon: "upload",
    search: "Search file names",
    empty: "Bring contacts from a spreadsheet or another CRM.",
    columns: [
      { key: "file", title: "File", width: "minmax(12rem,2fr)", narrow: "title", draw: (row) => row.file_name || "Without a name" },
      column.state("state", "State", { narrow: "side" }),
      {
        key: "done",
        title: "Rows",
        width: "12rem",
        narrow: "under",
        draw: (row) => number(row.created_count) + " new, " + number(row.updated_count) + " changed"
      },
      { key: "failed", title: "Refused", width: "7rem", end: true, draw: (row) => number(row.failed_count) },
      {
        key: "progress",
        title: "Progress",
        width: "9rem",
        draw: (row) => row.state === "running" ? bar(row.progress, "Progress")
          : row.state === "uploaded"           ? badge("waiting", "To be looked at")
                                               : ""
      },
      column.moment("created_at", "Brought", { sort: "created_at" }),
    ],
    filters: [{ name: "state", label: "State", kind: "choice", options: ["uploaded", "running", "completed", "failed", "cancelled"] }],
    more: () => button("New import", { icon: "upload", kind: "primary", data: { shortcut: "n" }, onclick: () => openNew(signal) }),
  },
    signal, query);
  fill(container, heading("Imports", { back: { path: "/contacts", title: "Contacts" } }), view.node);
  if (query.new) {
    note({...query, new: "" });
    openNew(signal);
  }
}
