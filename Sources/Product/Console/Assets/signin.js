// Signing in: e-mail and password, a token, or an invitation that one has been given.

import { ask, Refusal } from "./api.js";
import { fill, freshID, h } from "./dom.js";
import { icon } from "./icons.js";
import { acceptInvitation, invited, isToken, keep, session, SOMEBODY } from "./session.js";

/** @param {string} name @param {any} props */
function labelled(name, props) {
  const id = freshID("sign");
  return h("div", { class: "field" }, h("label", { for: id
  }, name), h("input", { id, class: "input", required: true, ...props }));
}
/** @param {() => any} start goes on once somebody is known */
export function signIn(why, start) {
  const wrong = h("p", { class: "sign-wrong", role: "alert", id: "wrong" }, why);
  const say = (error) => {
    fill(wrong, error.message, error instanceof Refusal && error.retryAfter ? " Wait " + error.retryAfter + " seconds." : "");
  };
  const box = h("div", { class: "sign-box" });
  const submit = (work) => async (event) => {
    event.preventDefault();
    const form = event.currentTarget, go = form.querySelector("button[type=submit]");
    fill(wrong);
    go.disabled = true;
    try {
      await work(new FormData(form));
      await start();
    } catch (error) { say(error); } finally {
      go.disabled = false;
    }
  };
  const send = (text) => h("button", { type: "submit", class: "button primary wide" }, text);
  const tenant = h("div", { class: "field", hidden: true }, h("label", { for: "tenant"
  }, "Company"), h("input", { id: "tenant", name: "tenant", class: "input", autocomplete: "organization" }));

  const byPassword = () => h("form", {
    class: "form",
    onsubmit: submit(async (data) => {
      const body = { email: data.get("email"), password: data.get("password") };
      if (data.get("tenant")) body.tenant = data.get("tenant");
      try {
        await ask("POST", "/api/auth/login", { body });
        session.note(SOMEBODY);
      } catch (error) {
        // The address is of several companies.
        if (error instanceof Refusal && error.status === 409 && /tenant/.test(error.message)) tenant.hidden = false;
        throw error;
      }
    }),
  },
    labelled("E-mail address", { type: "email", name: "email", autocomplete: "username" }),
    labelled("Password", { type: "password", name: "password", autocomplete: "current-password" }), tenant, send("Sign in"),
    h("button", { type: "button", class: "button quiet wide", onclick: () => show(byToken()) }, icon("key"), "Use an API token"));

  const byToken = () => h("form", {
    class: "form",
    id: "ask",
    onsubmit: submit(async (data) => {
      const text = String(data.get("token")).trim();
      if (!isToken(text)) throw new Error("That is no token: `parley token` prints one.");
      keep(text);
    }),
  },
    labelled("API token", { type: "password", name: "token", autocomplete: "off" }),
    h("p", { class: "help" }, "Kept in this tab only. ", h("code", null, "parley token"), " makes one."), send("Open"),
    h("button", { type: "button", class: "button quiet wide", onclick: () => show(byPassword()) }, icon("left"), "Use a password"));

  const byInvitation = () => h("form", {
    class: "form",
    onsubmit: submit(async (data) => {
      await ask("POST", "/api/auth/accept-invite", { body: { token: invited(), password: data.get("password") } });
      session.note(SOMEBODY);
      acceptInvitation();
    }),
  },
    h("p", { class: "help" }, "You were invited. Choose a password of 12 characters or more; then you are in."),
    labelled("New password", { type: "password", name: "password", autocomplete: "new-password", minlength: 12 }), send("Set the password"),
    h("button", {
      type: "button",
      class: "button quiet wide",
      onclick: () => {
        acceptInvitation();
        show(byPassword());
      }
    },
      "I have a password already"));

  function show(form) {
    fill(box, h("div", { class: "sign-brand" }, h("span", { class: "brand-mark" }, icon("operations")), h("h1", null, "Parley")),
      h("p", { class: "sign-under" }, invited() ? "Welcome." : "Sign in to your calls, leads and campaigns."), wrong, form);
    const first = box.querySelector("input");
    if (first && box.isConnected) first.focus();
  }
  show(invited() ? byInvitation() : byPassword());
  return h("main", { class: "sign" }, box);
}
