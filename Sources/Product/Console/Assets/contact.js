// One contact: who it is, what passed between us, and whether we may.

import { ask, get, post, remove } from "./api.js";
import { CONTACT_LABELS, CONTACT_ORDER, ownFields } from "./contacts.js";
import { fill, h } from "./dom.js";
import { openEditor } from "./editor.js";
import { feed } from "./feed.js";
import { icon } from "./icons.js";
import { askText, menuButton, sure } from "./overlay.js";
import { awaited, badge, button, card, facts, heading, moment, score } from "./parts.js";
import { placeCall } from "./placeCall.js";
import { valueOf } from "./resource.js";
import { go, link } from "./router.js";
import { complain, toast } from "./toast.js";
import { money, nameOf, phone, when, words } from "./words.js";

/** @param {any} container */
export async function page(container, {params, signal, title}) {
  const path = "/api/v1/contacts/" + encodeURIComponent(params.id);
  async function draw() {
    const row = (await ask("GET", path, { signal })).body, name = nameOf(row);
    title(name);
    const act = async (work, text) => {
      try {
        await work();
        toast(text);
        await draw();
      } catch (error) { complain(error); }
    };
    const leaveAlone = async () => {
      const reason = await askText("Leave " + name + " alone?", "What they said", {
        isLong: true,
        doIt: "Leave alone",
        text: "Nobody with this number is called or written to again. Open follow-ups and call tasks are cancelled, and campaigns leave them out."
      });
      if (reason) await act(() => post(path + "/do-not-contact", { reason, source: "console" }), "They are left alone from now on.");
    };
    const withdraw = async () => {
      const reason = await askText("They want to hear from us again?", "What they said",
        { isLong: true, doIt: "Withdraw it", text: "Keep their words: this is what you can show when somebody asks why they were called." });
      if (reason) await act(() => remove(path + "/do-not-contact", { reason, source: "console" }), "Withdrawn.");
    };
    const noteIt = async () => {
      const text = await askText("Note", "What is to be remembered", { isLong: true, max: 5000 });
      if (text) await act(() => post(path + "/interactions", { interaction_type: "note", content: text }), "Noted.");
    };
    fill(container,
      heading(name, {
        back: { path: "/contacts", title: "Contacts" }, under: [badge(row.status), " ", [row.contact_role, row.business_name].filter(Boolean).join(", ")],
        actions: [
          button("Change", { icon: "edit", onclick: async () => openEditor({ path: "/api/v1/contacts", id: row.id, title: "Change " + name, order: CONTACT_ORDER, labels: CONTACT_LABELS, kinds: await ownFields(), done: draw }) }),
          button("Note", { icon: "note", onclick: noteIt }),
          row.phone && !row.do_not_contact && button("Call", { icon: "phoneOut", kind: "primary", onclick: () => placeCall({ to: row.phone, contact_id: row.id }) }),
          menuButton("More", [
            { title: "New lead of it", icon: "leads", run: () => openEditor({ path: "/api/v1/leads", title: "New lead", value: { contact_id: row.id, contact_person: row.contact_name, company_name: row.business_name, phone: row.phone, email: row.contact_email }, done: (lead) => go("/leads/" + lead.id) }) },
            { title: "New task", icon: "check", run: () => openEditor({ path: "/api/v1/tasks", title: "New task", value: { contact_id: row.id }, order: ["title", "kind", "priority", "due_date", "description"], done: draw }) },
            row.do_not_contact ? { title: "Withdraw “leave alone”…", icon: "shield", run: withdraw } : { title: "Leave alone…", icon: "shield", kind: "bad", run: leaveAlone },
            { title: "Delete…", icon: "trash", kind: "bad", run: async () => { if (await sure("Delete " + name + "?", "Calls stay, without their contact. It is refused while there are leads, deals or consents.", "Delete")) { try { await remove(path); toast("Deleted."); go("/contacts"); } catch (error) { complain(error); } } } },
          ], { icon: "more", iconOnly: true }),
        ],
      }),
      row.do_not_contact && h("p", { class: "notice bad" }, icon("shield"), "They asked to be left alone. Nobody of ours calls or writes."),
      h("div", { class: "split" },
        h("div", null, card("What happened", feed(path + "/timeline", signal))),
        h("div", null,
          card("Facts", facts([["Phone", phone(row.phone)], ["E-mail", row.contact_email], ["Company", row.business_name], ["Position", row.contact_role], ["Industry", row.industry], ["Size", row.company_size],
            ["Website", row.website], ["Address", [row.address, row.city, row.state].filter(Boolean).join(", ")], ["Time zone", row.timezone], ["Lifecycle stage", words(row.lifecycle_stage)], ["Source", words(row.lead_source)],
            ["Marketing", badge(row.opt_in_status)], ["Tags", row.tags.length ? row.tags.map((t) => h("span", { class: "badge" }, t)) : null],
            ...Object.entries(row.custom_fields || {}).map(([k, v]) => [words(k), valueOf(v)]), ["Made", moment(row.created_at, when)], ["Notes", row.notes && h("span", { class: "as-written", dir: "auto" }, row.notes)]])),
          card("Leads", awaited(get("/api/v1/leads", { contact_id: row.id, limit: 10 }, signal), (found) => found.data.length ? h("ul", { class: "lines" }, found.data.map((lead) => h("li", null,
            h("a", { class: "line-main", href: link("/leads/" + lead.id) }, h("span", null, nameOf(lead)), h("small", null, money(lead.deal_value, lead.currency))), badge(lead.stage, lead.stage), score(lead.lead_score, lead.status_bucket)))) : h("p", { class: "dim" }, "No leads."))),
          card("Consents", awaited(get("/api/v1/consents", { contact_id: row.id, limit: 20 }, signal), (found) => found.data.length ? h("ul", { class: "lines" }, found.data.map((one) => h("li", null,
            h("span", { class: "feed-icon" }, icon(one.granted ? "check" : "close")), h("div", { class: "line-main" }, h("span", null, words(one.kind) + ": " + (one.granted ? "granted" : "refused")),
              h("small", { dir: "auto" }, [one.words && "“" + one.words + "”", when(one.at)].filter(Boolean).join(" · ")))))) : h("p", { class: "dim" }, "None are on record."))))));
  }
  await draw();
}
