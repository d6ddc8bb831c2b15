// One import: which column is what, what would become of the rows, and what became of them. It goes on where it was left.

import { ask, change, get, post } from "./api.js";
import { fill, freshID, h } from "./dom.js";
import { icon } from "./icons.js";
import { list } from "./list.js";
import { sure } from "./overlay.js";
import { awaited, badge, bar, button, card, empty, figure, heading } from "./parts.js";
import { saveFile } from "./saveFile.js";
import { busy, complain } from "./toast.js";
import { number, percent, words } from "./words.js";

const TARGETS = [
  "contact_name", "first_name", "last_name", "business_name", "phone", "contact_email", "contact_role", "status", "lifecycle_stage", "tags",
  "lead_source", "industry", "company_size", "website", "address", "city", "state", "timezone", "notes", "do_not_contact"
];
const STEPS = [["map", "Columns"], ["preview", "Look"], ["run", "Import"]];

/** @param {any} container */
export async function page(container, {params, signal, title}) {
  const path = "/api/v1/imports/" + encodeURIComponent(params.id);
  const own = (await get("/api/v1/custom-fields", { is_active: true, limit: 100 }, signal)).data.map((f) => "custom." + f.field_name);
  const targets = [...TARGETS, ...own];
  let got = await ask("GET", path, { signal }), step = got.body.state === "uploaded" ? "map" : "run";
  const body = h("div", null);

  /** Changes go one after another; what comes back is what the server has. */
  let storing = Promise.resolve(true), refused = 0;
  function store(changes) {
    const before = storing, turn = refused;
    return storing = before.then(async () => {
      if (turn !== refused) return false;
      try {
        got.body = await change(path, changes, null);
        return true;
      } catch (error) {
        complain(error);
        // The page shows what the server has, not what was not stored.
        refused++;
        storing = Promise.resolve(true);
        draw();
        return false;
      }
    });
  }
  function frame(content) {
    title(got.body.file_name || "Import");
    fill(container, heading(got.body.file_name || "Import", {
      back: { path: "/imports", title: "Imports" },
      under: [badge(got.body.state), " ", number(got.body.file_bytes) + " bytes, " + got.body.columns.length + " columns"]
    }),
      h("ol", { class: "steps" },
        STEPS.map(
          ([key, name], i) => h("li",
            { class: key === step                          ? "here"
                : STEPS.findIndex(([k]) => k === step) > i ? "past"
                                                           : "",
              "aria-current": key === step ? "step" : null },
            i + 1 + ". " + name))),
      content);
  }
  function option(label, value, choices, name) {
    const id = freshID("import"),
          box = h("select", {
            id,
            class: "input",
            onchange: async () => {
              const isStored = await store({ [name]: name === "has_header" ? box.value === "true" : box.value });
              if (isStored && ["delimiter", "encoding", "has_header"].includes(name)) draw();
            }
          },
            choices.map(([key, text]) => h("option", { value: key }, text)));
    box.value = String(value);
    return h("div", { class: "field" }, h("label", { for: id
    }, label), box);
  }
  function text(label, name, value, help) {
    const id = freshID("import"),
          box = h("input", { id, class: "input", value: value || "", onchange: () => store({ [name]: box.value.trim() || null }) });
    return h("div", { class: "field" }, h("label", { for: id
    }, label), box, help && h("p", { class: "help" }, help));
  }
  function drawMapping() {
    const one = got.body;
    const tray = h("div", { class: "tray", "aria-hidden": "true" });
    const boxes = [];
    const chosen = () => boxes.map((b) => b.value || null);
    const set = (i, target) => {
      boxes[i].value = target || "";
      boxes[i].dispatchEvent(new Event("change"));
    };
    const drawTray = () => fill(tray,
      targets.map((t) => h("span", {
        class: "chip" + (chosen().includes(t) ? " used" : ""),
        draggable: "true",
        ondragstart: (event) => event.dataTransfer.setData("text/plain", t),
      },
                    words(t.replace("custom.", "")))));
    const rows = one.columns.map((column, i) => {
      const id = freshID("map");
      const box = h("select", {
        id,
        class: "input",
        onchange: () => {
          // A field is of one column.
          for (const other of boxes)
            if (other !== box && other.value === box.value) other.value = "";
          drawTray();
          store({ mapping: chosen() });
        }
      },
        h("option", { value: "" }, "Leave out"),
        targets.map((t) => h("option", { value: t }, (t.startsWith("custom.") ? "Own: " : "") + words(t.replace("custom.", "")))));
      box.value = one.mapping[i] || "";
      boxes.push(box);
      const row = h("div", {
        class: "mapping-row",
        ondragover: (event) => {
          event.preventDefault();
          row.classList.add("target");
        },
        ondragleave: () => row.classList.remove("target"),
        ondrop: (event) => {
          event.preventDefault();
          row.classList.remove("target");
          set(i, event.dataTransfer.getData("text/plain"));
        },
      },
        h("label",
          { for: id
          },
          h("b", null, column.name), h("small", { class: "dim", dir: "auto" }, column.samples.filter(Boolean).slice(0, 3).join(" · ") || "empty")),
        icon("right"), box);
      return row;
    });
    drawTray();
    frame([
      card("Which column is what", h("p", { class: "help" }, "Choose for each column, or drag a field onto it."), tray,
        h("div", { class: "mapping" }, rows)),
      card("How to read it",
        h("div", { class: "fields" },
          option("Columns are divided by", one.delimiter, [[",", "Comma"], [";", "Semicolon"], ["\t", "Tab"], ["|", "Bar"]], "delimiter"),
          option("Encoding", one.encoding, ["utf-8", "utf-16le", "utf-16be", "windows-1252"].map((e) => [e, e.toUpperCase()]), "encoding"),
          option("First row", one.has_header, [["true", "has the names"], ["false", "is a contact"]], "has_header"),
          text("Country of numbers without a code", "default_country", one.default_country,
            "Two letters, like US. Without it such numbers are refused."))),
      card("Who is there already",
        h("div", { class: "fields" },
          option("Duplicates", one.duplicates, [["skip", "Leave as they are"], ["update", "Fill in what is new"], ["create", "Make another contact"]],
            "duplicates"),
          option("Are the same by", one.match_by, [["phone", "Number"], ["email", "E-mail address"], ["both", "Either"]], "match_by"),
          text("Where the list is from", "list_source", one.list_source), text("Why we may call them", "consent_basis", one.consent_basis))),
      h("div", { class: "plain-buttons" }, button("Go on", {
        kind: "primary",
        icon: "right",
        onclick: async () => {
          if (!await storing) return;
          step = "preview";
          draw();
        }
      }),
        button("Cancel this import", { onclick: cancel }))
    ]);
  }
  function drawPreview() {
    const used = got.body.mapping.filter(Boolean);
    frame([
      card("The first hundred rows as they would be",
        awaited(get(path + "/preview", null, signal),
          (found) => {
            const counts = {};
            for (const row of found.data) counts[row.action] = (counts[row.action] || 0) + 1;
            return [
              h("p", null, Object.entries(counts).map(([k,
                v]) => [badge({ create: "done", update: "scheduled", skip: "waiting", fail: "failed" }[k], v + " " + k), " "])),
              h("div", { class: "wide-table", tabindex: "0", role: "region", "aria-label": "Preview" },
                h("table", null,
                  h("thead", null,
                    h("tr", null, h("th", { scope: "col" }, "Row"), h("th", { scope: "col" }, "Becomes"),
                      used.map((t) => h("th", { scope: "col" }, words(t))), h("th", { scope: "col" }, "Says"))),
                  h("tbody", null,
                    found.data
                      .map((row) =>
                             h("tr", null, h("th", { scope: "row" }, row.row),
                               h("td", null,
                                 badge({ create: "done", update: "scheduled", skip: "waiting", fail: "failed" }[row.action], words(row.action))),
                               used.map((t) => h("td", { dir: "auto" },
                                          String((row.values || {})[t] ?? ((row.values || {}).custom_fields || {})[t.replace("custom.", "")] ?? ""))),
                               h("td", { class: "bad" },
                                 [
                                   row.is_left_alone && "left alone", row.duplicate_of_row && "as row " + row.duplicate_of_row,
                                   ...row.findings.map((f) => f.reason)
                                 ].filter(Boolean)
                                   .join("; ")))))))
            ];
          },
          { lines: 8 })),
      h("div", { class: "plain-buttons" }, button("Columns", {
        icon: "left",
        onclick: () => {
          step = "map";
          draw();
        }
      }),
        button("Import them", {
          kind: "primary",
          icon: "check",
          onclick: (event) => busy(event.currentTarget,
            async () => {
              got.body = await post(path + "/start");
              step = "run";
              draw();
            })
        }))
    ]);
  }
  function drawRun() {
    const one = got.body, figures = h("div", { class: "figures" }), line = h("div", null);
    const show = () => {
      fill(line, one.state === "running" || got.body.state === "running" ? [bar(got.body.progress, "Progress"), h("p", { class: "help", role: "status" }, percent(got.body.progress) + ", " + number(Math.round(got.body.rows_per_second)) + " rows a second. You may leave this page.")]
        : got.body.state === "completed" ? h("p", { class: "notice good" }, icon("check"), "Done: every row was read.")
        : h("p", { class: "notice warn" }, icon("warn"), got.body.failure || "It was cancelled. Rows that are in stay."));
      fill(figures, figure("New", number(got.body.created_count)), figure("Changed", number(got.body.updated_count)),
        figure("Left as they were", number(got.body.skipped_count)),
        figure("Refused", number(got.body.failed_count),
          { mood: got.body.failed_count ? "bad" : "", under: got.body.failed_count ? "see below" : "none" }),
        figure("To be left alone", number(got.body.left_alone_count)));
    };
    show();
    const errors = list({
      label: "What was found wrong",
      signal,
      load: (cursor, s) => get(path + "/errors", { limit: 50, cursor }, s),
      empty: () => empty("No mistakes", "Every row was as it should be.", null, "check"),
      columns: [
        { key: "row", title: "Row", width: "5rem", end: true, narrow: "side", draw: (r) => number(r.row) }, {
          key: "severity",
          title: "Kind",
          width: "7.500rem",
          draw: (r) => badge({ error: "failed", warning: "waiting", duplicate: "scheduled" }[r.severity], words(r.severity))
        },
        { key: "column", title: "Column", width: "9rem", draw: (r) => r.column || "" },
        { key: "value", title: "Value", width: "minmax(8rem,1fr)", narrow: "under", draw: (r) => r.value || "" },
        { key: "reason", title: "Why", width: "minmax(12rem,2fr)", narrow: "title", draw: (r) => r.reason }
      ],
    });
    fill(body, line, figures,
      h("div", { class: "card-head" }, h("h2", null, "Row by row"),
        h("div", { class: "actions" }, one.state === "running" && button("Stop it", { kind: "danger", onclick: cancel }),
          button("Mistakes as a file",
            { icon: "saveFile", onclick: () => saveFile("mistakes.csv", path + "/errors.csv").catch(complain) }))),
      errors.node);
    frame(body);
    const timer = setInterval(async () => {
      if (got.body.state !== "running") {
        clearInterval(timer);
        return;
      }
      try {
        got = await ask("GET", path, { signal });
        show();
        if (got.body.state !== "running") {
          clearInterval(timer);
          draw();
        }
      } catch { /* the next look says it */
      }
    }, 1000);
    signal.addEventListener("abort", () => clearInterval(timer));
  }
  async function cancel() {
    if (!await sure("Cancel this import?", "Rows that are in stay; the others are not read.", "Cancel it")) return;
    try {
      got.body = await post(path + "/cancel");
      step = "run";
      draw();
    } catch (error) { complain(error); }
  }
  function draw() {
    if (signal.aborted) return;
    if (step === "map") drawMapping();
    else if (step === "preview") drawPreview();
    else drawRun();
  }
  draw();
}
