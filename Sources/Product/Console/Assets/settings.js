// Settings: one's own, and for administrators the tenant's.

import { ask, get, post } from "./api.js";
import { fill, freshID, h } from "./dom.js";
import { awaited, button, card, facts, heading } from "./parts.js";
import { resourceView } from "./resource.js";
import { link } from "./router.js";
import { may, me } from "./session.js";
import { tables } from "./settingsTables.js";
import { setTheme, theme, THEMES } from "./theme.js";
import { complain, optimistic, toast } from "./toast.js";
import { when, words, zone } from "./words.js";

function password() {
  const fields = [["current_password", "Password now", "current-password"], ["new_password", "New password", "new-password"]].map(
    ([name, label, autocomplete]) => {
      const id = freshID("password");
      return h("div", { class: "field" },
        h("label",
          { for: id
          },
          label),
        h("input", { id, name, type: "password", class: "input", required: true, autocomplete, minlength: name === "new_password" ? 12 : null }));
    });
  const said = h("p", { class: "mistake", role: "alert" });
  return card("Password",
    me().user
      ? h("form", {
          class: "form",
          onsubmit: async (event) => {
            event.preventDefault();
            const form = event.currentTarget;
            try {
              await ask("POST", "/api/auth/password", { body: Object.fromEntries(new FormData(form)) });
              form.reset();
              fill(said);
              toast("Changed. Everywhere else you are signed out.");
            } catch (error) { fill(said, error.message); }
          }
        },
          h("div", { class: "fields" }, fields), said, h("p", { class: "help" }, "12 characters or more. All your sessions end but this one."),
          h("button", { type: "submit", class: "button" }, "Change the password"))
      : h("p", { class: "dim" }, "You came with a token; it has no password."));
}
function account() {
  const who = me();
  const looks = h("div", { class: "group-buttons", role: "group", "aria-label": "Light or dark" }, THEMES.map((name) => button(words(name), {
    "aria-pressed": String(theme() === name),
    onclick: (event) => {
      setTheme(name);
      for (const b of looks.children) b.setAttribute("aria-pressed", String(b === event.currentTarget));
    },
  })));
  return [
    card("You", facts([
      ["Name", who.user && who.user.full_name], ["E-mail", who.user && who.user.email], ["Role", words(who.role)], ["Company", who.tenant.name],
      ["Signed in until", who.expires_at && when(who.expires_at)], ["Your zone", zone]
    ])),
    card("Looks", looks), password(),
    card("What you are told",
      awaited(get("/api/v1/notifications/preferences"),
        (found) => h("table", null,
          h("thead", null,
            h("tr", null, h("th", { scope: "col" }, "When"), h("th", { scope: "col" }, "On this page"), h("th", { scope: "col" }, "By mail"))),
          h("tbody", null, found.data.map((one) => h("tr", null, h("th", { scope: "row" }, words(one.kind)), ["on_page",
            "by_email"].map((key) => h("td", null, h("input", {
            type: "checkbox",
            role: "switch",
            class: "switch",
            checked: one[key],
            "aria-label": words(one.kind) + ", " + (key === "on_page" ? "on this page" : "by mail"),
            onchange: (event) => {
              const box = event.currentTarget, to = box.checked;
              optimistic({
                show: () => null,
                takeBack: () => {
                  box.checked = !to;
                },
                commit: () => ask("PATCH", "/api/v1/notifications/preferences", { body: { kind: one.kind, [key]: to } })
              });
            },
          })))))))))
  ];
}
function specialists() {
  return card("Specialists", {
    actions: may("admin") && button("Check the files", {
      icon: "check",
      onclick: async () => {
        try {
          const got = await post("/api/v1/specialists/check");
          toast(got.findings.length ? got.findings.length + " findings: " + (got.findings[0].message || got.findings[0].detail || "")
                                    : "All files are as they should be.");
        } catch (error) { complain(error); }
      }
    })
  },
    awaited(get("/api/v1/specialists"),
      (found) => h("ul", { class: "lines" },
        found.data.map((one) => h("li", null,
                         h("details", { class: "line-main" },
                           h("summary", null, one.title, " ", h("small", null, words(one.domain) + " · " + one.languages.join(", "))),
                           h("ul", null, one.sections.map((s) => h("li", null, s)))))))));
}
/** @param {any} container */
export async function page(container, {params, query, signal, title}) {
  const all = tables();
  const entries = [
    ["account", "You", "Password and sessions", "agent"],
    ...Object.entries(all).map(([key, one]) => one ? [key, one.group, one.title, one.role] : [key, "Voice", "Specialists", "manager"])
  ].filter(([, , , role]) => may(role));
  const kind = entries.some(([key]) => key === params.kind) ? params.kind : "account";
  const groups = [...new Set(entries.map(([, group]) => group))];
  title(entries.find(([key]) => key === kind)?.[2] || "Settings");
  const body = h("div", { class: "side-body" });
  const what = all[kind];
  fill(body, kind === "account" ? account() : what ? resourceView(what, signal, query).node : specialists());
  fill(container, heading(entries.find(([key]) => key === kind)?.[2] || "Settings"),
    h("div", { class: "side-split" },
      h("nav", { class: "side-nav", "aria-label": "Settings" },
        groups.map((group) => [h("h2", null, group), entries.filter(([, g]) => g === group).map(([key, ,
          name]) => h("a", { class: "nav-entry", href: link("/settings/" + key), "aria-current": key === kind ? "page" : null }, name))])),
      body));
}
