// Contacts: everybody whom we know, found as one types.

import { get, post } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton, sure } from "./overlay.js";
import { badge, button, face, heading } from "./parts.js";
import { column, resourceView } from "./resource.js";
import { go, link } from "./router.js";
import { saveFile } from "./saveFile.js";
import { toast } from "./toast.js";
import { nameOf, phone, shown } from "./words.js";

export const CONTACT_ORDER = [
  "contact_name", "business_name", "phone", "contact_email", "contact_role", "status", "lifecycle_stage", "tags", "lead_source", "industry",
  "company_size", "website", "address", "city", "state", "timezone", "opt_in_status", "custom_fields", "notes"
];
export const CONTACT_LABELS = {
  contact_name: "Name",
  business_name: "Company",
  contact_email: "E-mail",
  contact_role: "Position",
  timezone: "Time zone",
  opt_in_status: "Marketing"
};
const STATES = ["lead", "prospect", "customer", "qualified", "closed_won", "closed_lost", "inactive"];

/** Fields of a tenant's own, each as what it is. */
export async function ownFields() {
  const found = await get("/api/v1/custom-fields", { is_active: true, limit: 100, sort: "display_order" });
  const { formOf } = await import("./form.js");
  return {
    custom_fields: (id, value) => {
      if (!found.data.length)
        return { node: h("p", { class: "dim", id }, "None are set up. Settings, Own fields."), read: () => ({}), isGroup: true };
      const made = formOf({
        properties: Object.fromEntries(found.data.map((f) => [f.field_name, {
          type: f.field_type === "number" ? "number"
            : f.field_type === "boolean"  ? "boolean"
                                          : "string",
          isNullable: true,
          format: { date: "date", email: "email", phone: "phone" }[f.field_type],
          enum: f.field_type === "select" ? f.field_options : undefined,
        }])),
        required: found.data.filter((f) => f.is_required).map((f) => f.field_name),
      },
        value || {}, { labels: Object.fromEntries(found.data.map((f) => [f.field_name, f.field_label])) });
      return { node: h("div", null, ...made.node.children), read: made.read, isGroup: true };
    },
  };
}
async function merge(rows, view) {
  const [keep, ...rest] = rows;
  if (!await sure("Make one of " + rows.length + " contacts?",
        nameOf(keep) + " stays, with the leads, calls, deals and tasks of " + rest.map(nameOf).join(", ") +
          ". What it has not is taken from them. This cannot be taken back.",
        "Merge"))
    return;
  await post("/api/v1/contacts/merge", { keep: keep.id, merge: rest.map((r) => r.id) });
  toast("They are one now.");
  view.list.clear();
  view.list.reload();
}
/** @param {any} container */
export async function page(container, {signal, query}) {
  const kinds = await ownFields();
  const view = resourceView({
    path: "/api/v1/contacts", title: "Contacts", one: "contact", search: "Search name, company, e-mail, phone", sort: query.sort || "-created_at", views: "contacts", icon: "contacts",
    order: CONTACT_ORDER, labels: CONTACT_LABELS, kinds, empty: "Calls make contacts. Bring your own with an import.", href: (row) => link("/contacts/" + row.id),
    made: (row) => go("/contacts/" + row.id),
    columns: [
      { key: "name", title: "Contact", width: "minmax(12rem,2fr)", narrow: "title", draw: (row) => h("span", { class: "with-face" }, face(nameOf(row)), h("span", null, nameOf(row))) },
      column.text("business_name", "Company"),
      { key: "phone", title: "Phone", width: "10.500rem", narrow: "under", draw: (row) => phone(row.phone) },
      column.text("contact_email", "E-mail", { width: "minmax(10rem,1.500fr)" }),
      { key: "status", title: "State", width: "9rem", narrow: "side", draw: (row) => row.do_not_contact ? badge("left_alone", "Left alone") : badge(row.status) },
      { key: "tags", title: "Tags", width: "9rem", wide: true, draw: (row) => row.tags.map((t) => h("span", { class: "badge" }, shown(t))) },
      column.moment("created_at", "Made", { sort: "created_at", width: "7.500rem", wide: true }),
    ],
    filters: [
      { name: "status", label: "State", kind: "choice", options: STATES }, { name: "lifecycle_stage", label: "Lifecycle stage", kind: "text" },
      { name: "tags", label: "Tags (all of)", kind: "text" }, { name: "lead_source", label: "Source", kind: "text" }, { name: "industry", label: "Industry", kind: "text" },
      { name: "opt_in_status", label: "Marketing", kind: "choice", options: ["unknown", "opted_in", "opted_out"] }, { name: "do_not_contact", label: "Left alone", kind: "truth" },
      { name: "created_after", label: "Made from day", kind: "after" }, { name: "created_before", label: "Made before day", kind: "before" },
    ],
    more: (v) => [
      h("a", { class: "button", href: link("/imports") }, icon("upload"), "Import"),
      menuButton("Export", ["csv", "ndjson"].map((format) => ({
        title: "As " + format.toUpperCase(),
        icon: "saveFile",
        run: () => {
          const { sort: _sort, ...asked } = v.asked();
          return saveFile("contacts." + format, "/api/v1/contacts/export", { ...asked, format });
        },
      })), { icon: "saveFile" }),
    ],
    rowActions: (row, v) => [{ title: "Merge with another…", icon: "swap", run: () => mergeWith(row, v) }],
  }, signal, query);
  fill(container, heading("Contacts"), view.node);
}
async function mergeWith(row, view) {
  const { finder, REFERENCES } = await import("./finder.js");
  const { openDialog } = await import("./overlay.js");
  const field = finder("merge-with", REFERENCES.contact_id, null, true);
  const box = openDialog({
    title: "Merge another into " + nameOf(row),
    kind: "small",
    body: h("div", { class: "field tall" },
      h("label",
        { for: "merge-with"
        },
        "Which contact is the same"),
      field.node),
    actions: [
      button("Cancel", { onclick: () => box.close() }), button("Go on", {
        kind: "primary",
        onclick: async () => {
          const other = field.read();
          if (!other || other === row.id) return;
          box.close();
          await merge([row, await get("/api/v1/contacts/" + other)], view);
        }
      })
    ],
  });
}
