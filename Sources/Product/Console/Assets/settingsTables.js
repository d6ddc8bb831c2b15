// The tables of the settings: users, programs, voice, leads.

import { post } from "./api.js";
import { copy, h } from "./dom.js";
import { askText, openDialog, sure } from "./overlay.js";
import { badge, button, moment } from "./parts.js";
import { column } from "./resource.js";
import { link } from "./router.js";
import { complain, toast } from "./toast.js";
import { percent, phone, shown, when, words } from "./words.js";

/** A secret that is shown once. */
function showOnce(title, text, under) {
  const secret = h("code", { class: "secret" }, text);
  openDialog({
    title,
    kind: "small",
    body: [h("p", null, under), secret],
    actions: [button("Copy", {
      icon: "copy",
      kind: "primary",
      onclick: async () => {
        const isCopied = await copy(text);
        if (!isCopied) getSelection()?.selectAllChildren(secret);
        toast(isCopied ? "Copied." : "The browser does not let it be copied. It is marked: Ctrl C copies it.");
      }
    })]
  });
}
async function invite(user) {
  const got = await post("/api/v1/users/" + user.id + "/invite");
  showOnce("An invitation for " + user.full_name, got.url,
    "Pass this link on. It is good for one use, until " + when(got.expires_at) + ", and takes the place of an earlier one.");
}
/** @returns {Record<string, import("./resource.js").Resource & {role: string, group: string}>} */
export function tables() {
  return {
    users: {
      role: "manager",
      group: "People",
      path: "/api/v1/users",
      title: "Users",
      one: "user",
      mayWrite: "admin",
      remove: false,
      search: "Search users",
      sort: "-created_at",
      icon: "user",
      order: ["full_name", "email", "role", "is_active"],
      made: (row) => {
        invite(row).catch(complain);
      },
      mark: (row) => row.is_active ? "" : "done",
      columns: [
        { key: "name", title: "Name", width: "minmax(11rem,2fr)", narrow: "title", draw: (row) => row.full_name },
        column.text("email", "E-mail", { narrow: "under", width: "minmax(12rem,2fr)" }), {
          key: "role",
          title: "Role",
          width: "8rem",
          narrow: "side",
          draw: (row) => h("span", { class: "badge" }, row.is_ai_agent ? "AI agent" : words(row.role))
        },
        { key: "active", title: "State", width: "7rem", draw: (row) => row.is_active ? badge("active") : badge("stopped", "Off") },
        column.moment("created_at", "Since")
      ],
      filters: [
        { name: "role", label: "Role", kind: "choice", options: ["agent", "manager", "admin", "super_admin"] },
        { name: "is_active", label: "Active", kind: "truth" }
      ],
      rowActions: (row) => row.is_ai_agent ? [] : [{ title: "Invite, or a new password…", icon: "key", run: () => invite(row) }],
    },
    keys: {
      role: "admin",
      group: "Programs",
      path: "/api/v1/api-keys",
      title: "API keys",
      one: "key",
      edit: false,
      sort: "-created_at",
      search: "Search keys",
      icon: "key",
      order: ["name", "role", "expires_at"],
      made: (row) => showOnce("The key “" + row.name + "”", row.key, "It is shown this once. Send it as X-API-Key."),
      mark: (row) => row.revoked_at ? "done" : "",
      empty: "Programs use keys, so that they need nobody's password.",
      columns: [
        { key: "name", title: "Name", width: "minmax(10rem,2fr)", narrow: "title", draw: (row) => row.name },
        { key: "prefix", title: "Begins with", width: "9rem", draw: (row) => h("code", null, shown(row.prefix)) },
        { key: "role", title: "Role", width: "8rem", draw: (row) => words(row.role) },
        { key: "state", title: "State", width: "8rem", narrow: "side", draw: (row) => row.revoked_at ? badge("revoked") : badge("active") },
        { key: "used", title: "Last used", width: "9rem", narrow: "under", draw: (row) => moment(row.last_used_at) },
        { key: "ends", title: "Ends", width: "9rem", wide: true, draw: (row) => row.expires_at ? moment(row.expires_at) : "never" }
      ],
    },
    webhooks: {
      role: "admin",
      group: "Programs",
      path: "/api/v1/webhook-endpoints",
      title: "Webhooks",
      one: "webhook",
      search: "Search addresses",
      sort: "-created_at",
      icon: "hook",
      order: ["url", "description", "events", "is_active"],
      labels: { url: "Address" },
      made: (row) => showOnce("The webhook's secret", row.secret, "It is shown this once. Check messages with it, as Standard Webhooks has it."),
      empty: "What happens is posted to the addresses that you name, signed.",
      mark: (row) => row.is_active ? "" : "done",
      columns: [
        { key: "url", title: "Address", width: "minmax(14rem,3fr)", narrow: "title", draw: (row) => row.url }, {
          key: "events",
          title: "Events",
          width: "minmax(9rem,1fr)",
          narrow: "under",
          draw: (row) => row.events.length ? row.events.join(", ") : "all"
        },
        { key: "state", title: "State", width: "8rem", narrow: "side", draw: (row) => row.is_active ? badge("active") : badge("stopped", "Off") },
        { key: "ok", title: "Last success", width: "9rem", draw: (row) => moment(row.last_success_at) },
        { key: "why", title: "Off because", width: "10rem", wide: true, draw: (row) => row.disabled_reason || "" }
      ],
      rowActions: (row, view) => [{ title: "Deliveries", icon: "table", href: link("/settings/deliveries", { endpoint_id: row.id }) },
        {
          title: "Send a test",
          icon: "play",
          run: async () => {
            await post("/api/v1/webhook-endpoints/" + row.id + "/test");
            toast("Sent. Its delivery says what became of it.");
          }
        },
        {
          title: "Send again what failed…",
          icon: "swap",
          run: async () => {
            const since = await askText("Send again what failed", "Since", { type: "datetime-local", doIt: "Send again" });
            if (since) {
              const got = await post("/api/v1/webhook-endpoints/" + row.id + "/replay", { since: new Date(since).toISOString() });
              toast((got.replayed ?? got.deliveries ?? "All") + " are sent again.");
            }
          }
        },
        {
          title: "New secret…",
          icon: "key",
          run: async () => {
            if (!await sure("Make a new secret?", "Both sign for 24 hours, so that you have the time to put it in place.", "Make it", "primary"))
              return;
            showOnce("The new secret", (await post("/api/v1/webhook-endpoints/" + row.id + "/rotate-secret", {})).secret, "It is shown this once.");
            view.list.reload();
          }
        },
  ],
    },
    deliveries: {
      role: "admin",
      group: "Programs",
      path: "/api/v1/webhook-deliveries",
      title: "Deliveries",
      one: "delivery",
      create: false,
      edit: false,
      remove: false,
      sort: "-created_at",
      empty: "What was posted to your webhooks.",
      columns: [
        { key: "event", title: "Event", width: "minmax(10rem,2fr)", narrow: "title", draw: (row) => row.event_type },
        column.state("status", "State", { narrow: "side" }),
        { key: "answer", title: "Answer", width: "6rem", draw: (row) => row.response_status || "" },
        { key: "attempts", title: "Tries", width: "5rem", end: true, draw: (row) => row.attempts },
        { key: "error", title: "Why not", width: "minmax(10rem,2fr)", narrow: "under", draw: (row) => row.last_error || "" },
        { key: "next", title: "Next", width: "8rem", wide: true, draw: (row) => row.status === "waiting" ? moment(row.next_attempt_at) : "" },
        column.moment("created_at", "When")
      ],
      filters: [
        { name: "status", label: "State", kind: "choice", options: ["waiting", "delivered", "failed"] },
        { name: "event_type", label: "Event", kind: "text" }, { name: "endpoint_id", label: "Webhook", kind: "text" }
      ],
      rowActions: (row) => [{
        title: "Send again",
        icon: "swap",
        run: async () => {
          await post("/api/v1/webhook-endpoints/" + row.endpoint_id + "/replay", { delivery_ids: [row.id] });
          toast("It is sent again.");
        }
      }],
    },
    profiles: {
      role: "admin",
      group: "Voice",
      path: "/api/v1/profiles",
      title: "Profiles",
      one: "profile",
      search: "Search profiles",
      sort: "-created_at",
      icon: "user",
      order: [
        "name", "language", "voice", "greeting", "greeting_known", "greeting_outbound", "prompt", "human_number", "apology", "fallback_message",
        "time_zone", "currency", "call_seconds_max", "silence_seconds_max", "turns_max", "rollout_percent", "listen_model", "think_model",
        "is_default"
      ],
      columns: [
        { key: "name", title: "Profile", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => row.name },
        { key: "greeting", title: "Greeting", width: "minmax(14rem,3fr)", narrow: "under", draw: (row) => row.greeting },
        { key: "language", title: "Language", width: "6rem", draw: (row) => row.language },
        { key: "default", title: "State", width: "8rem", narrow: "side", draw: (row) => row.is_default ? badge("active", "Default") : "" }
      ],
      filters: [{ name: "is_default", label: "Default", kind: "truth" }, { name: "language", label: "Language", kind: "text" }],
    },
    numbers: {
      role: "admin",
      group: "Voice",
      path: "/api/v1/phone-numbers",
      title: "Numbers",
      one: "number",
      search: "Search numbers",
      sort: "-created_at",
      icon: "calls",
      order: ["number", "label", "profile_id", "is_active"],
      empty: "Without numbers, any reaches the default profile.",
      columns: [
        { key: "number", title: "Number", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => phone(row.number) },
        column.text("label", "Label", { narrow: "under" }), {
          key: "state",
          title: "State",
          width: "9rem",
          narrow: "side",
          draw: (row) => !row.is_active ? badge("stopped", "Off")
            : row.rests_until           ? badge("waiting", "Rests")
                                        : badge("active")
        },
        { key: "rest", title: "Rests until", width: "9rem", draw: (row) => moment(row.rests_until) }
      ],
      filters: [{ name: "is_active", label: "Active", kind: "truth" }],
    },
    specialists: null,
    stages: {
      role: "agent",
      group: "Leads",
      path: "/api/v1/pipeline-stages",
      title: "Pipeline",
      one: "column",
      mayWrite: "admin",
      sort: "-created_at",
      icon: "board",
      order: ["name", "stage", "position", "win_probability"],
      labels: { win_probability: "Chance to win, %" },
      columns: [
        { key: "name", title: "Column", width: "minmax(10rem,2fr)", narrow: "title", draw: (row) => row.name },
        { key: "stage", title: "Stage", width: "9rem", narrow: "side", draw: (row) => badge(row.stage, row.stage) },
        { key: "position", title: "Place", width: "6rem", end: true, draw: (row) => row.position },
        { key: "chance", title: "Chance to win", width: "12rem", narrow: "under", draw: (row) => percent(row.win_probability / 100) }
      ],
    },
    scoring: {
      role: "agent",
      group: "Leads",
      path: "/api/v1/scoring-criteria",
      title: "Scoring",
      one: "set of criteria",
      mayWrite: "admin",
      sort: "-created_at",
      icon: "star",
      order: ["name", "is_active", "weights", "thresholds", "demographic_rules"],
      empty: "The usual weights hold. Make a set to change them.",
      columns: [
        { key: "name", title: "Set", width: "minmax(10rem,1fr)", narrow: "title", draw: (row) => row.name }, {
          key: "weights",
          title: "Weights",
          width: "minmax(14rem,3fr)",
          narrow: "under",
          draw: (row) => Object.entries(row.weights || {}).map(([k, v]) => words(k) + " " + v).join(", ") || "usual"
        },
        { key: "active", title: "State", width: "7rem", narrow: "side", draw: (row) => row.is_active ? badge("active") : badge("stopped", "Off") }
      ],
    },
    fields: {
      role: "admin",
      group: "Leads",
      path: "/api/v1/custom-fields",
      title: "Own fields",
      one: "field",
      search: "Search fields",
      sort: "display_order",
      icon: "table",
      order: ["field_label", "field_name", "field_type", "field_options", "is_required", "is_active", "display_order"],
      labels: { field_label: "Label", field_name: "Name for programs", field_type: "Kind", field_options: "Choices", display_order: "Place" },
      empty: "What you keep of contacts besides what everybody keeps.",
      columns: [
        { key: "label", title: "Field", width: "minmax(10rem,2fr)", narrow: "title", draw: (row) => row.field_label },
        { key: "name", title: "Name", width: "9rem", draw: (row) => h("code", null, row.field_name) },
        { key: "type", title: "Kind", width: "8rem", narrow: "under", draw: (row) => words(row.field_type) + (row.is_required ? ", required" : "") },
        { key: "active", title: "State", width: "7rem", narrow: "side", draw: (row) => row.is_active ? badge("active") : badge("stopped", "Hidden") }
      ],
    },
    tenants: {
      role: "super_admin",
      group: "Platform",
      path: "/api/v1/tenants",
      title: "Tenants",
      one: "tenant",
      edit: false,
      remove: false,
      icon: "contacts",
      noSort: true,
      order: ["name", "slug", "number", "admin_email", "admin_name"],
      made: (row) => {
        if (row.invite)
          showOnce("An invitation for its first admin", row.invite.url, "Pass this link on. It is good until " + when(row.invite.expires_at) + ".");
      },
      columns: [
        { key: "name", title: "Tenant", width: "minmax(10rem,2fr)", narrow: "title", draw: (row) => row.name },
        column.text("slug", "Slug", { narrow: "under" }), column.text("time_zone", "Zone"),
        { key: "active", title: "State", width: "7rem", narrow: "side", draw: (row) => row.is_active ? badge("active") : badge("stopped", "Off") }
      ],
    },
  };
}
