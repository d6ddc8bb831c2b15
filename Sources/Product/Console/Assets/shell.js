// What stands around each page: navigation, search, who one is; and the page to sign in on.

import { get, post, Refusal, sessionIsOver } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { menuButton, openDialog, openMenu } from "./overlay.js";
import { openPalette, shortcuts } from "./palette.js";
import { PAGES } from "./pages.js";
import { empty, face, heading, skeleton, trouble } from "./parts.js";
import { find, go, here, link } from "./router.js";
import { may, me } from "./session.js";
import { setTheme, theme, THEMES } from "./theme.js";
import { signIn } from "./signin.js";
import { words } from "./words.js";

const shell = () => /** @type {HTMLElement} */ (document.getElementById("shell"));
/** A module that could not be fetched is not asked for again before the page is opened anew. */
const UNFETCHED = "The page cannot be fetched.";
let leave = async (/** @type {string} */ _why) => {};
/** Ends what the page before has begun. */
let ending = new AbortController();
let bell = null, belled = 0;

const entries = () => PAGES.filter((p) => p.icon && (!p.role || may(p.role)));

export function drawSignIn(why, start) {
  ending.abort();
  document.title = "Sign in · Parley";
  for (const box of document.querySelectorAll("dialog")) /** @type {any} */
    (box).close();
  fill(shell(), signIn(why, start));
  const first = shell().querySelector("input");
  if (first) first.focus();
}
function themeMenu() {
  return THEMES.map((name) => ({
    title: name === "system" ? "As the system has it" : words(name),
    icon: { system: "half", light: "sun", dark: "moon" }[name],
    isOn: theme() === name,
    run: () => setTheme(name),
  }));
}
function navigation() {
  const item = (page) =>
    h("a", { href: link(page.path), class: "nav-entry", data: { path: page.path } }, icon(page.icon), h("span", null, page.title));
  return h("nav", { class: "nav", "aria-label": "Pages" },
    h("a", { class: "brand", href: "#/" }, h("span", { class: "brand-mark" }, icon("operations")), h("span", null, "Parley")),
    h("div", { class: "nav-entries" }, entries().map(item)), h("div", { class: "nav-foot" }, h("small", { class: "dim" }, me().tenant.name)));
}
/** On narrow screens four pages and the rest. */
function bottom() {
  const first = entries().filter((p) => ["/", "/calls", "/leads", "/desk"].includes(p.path));
  return h("nav", { class: "bottom-nav", "aria-label": "Main pages" },
    first.map(
      (page) => h("a", { href: link(page.path), class: "nav-entry", data: { path: page.path } }, icon(page.icon), h("span", null, page.title))),
    h("button", {
      type: "button",
      class: "nav-entry",
      "aria-haspopup": "dialog",
      onclick: () => {
        const box = openDialog({
          title: "Pages",
          kind: "drawer",
          body: h("div", { class: "nav-sheet" },
            entries().map((page) => h("a", { href: link(page.path), class: "nav-entry", onclick: () => box.close() }, icon(page.icon),
                            h("span", null, page.title))))
        });
      }
    },
      icon("menu"), h("span", null, "More")));
}
export function drawShell(whenLeaving) {
  leave = whenLeaving;
  const user = me().user, name = user ? user.full_name : me().subject;
  bell = h("a", { class: "button quiet icon-only bell", href: link("/notifications"), "aria-label": "Notifications" }, icon("bell"));
  const who = h("button", {
    type: "button", class: "who", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": "You: " + name,
    onclick: (event) => openMenu(event.currentTarget, [
      { title: "Password and sessions", icon: "key", href: link("/settings/account") },
      { title: "Keyboard shortcuts", icon: "keyboard", run: showShortcuts },
      { title: "Components", icon: "board", href: link("/components") },
      { title: "The API, for programs", icon: "hook", run: () => { open("/api/v1/docs", "_blank", "noopener"); } },
      { title: "Sign out", icon: "out", run: () => leave("") },
    ], "You"),
  }, face(name), h("span", { class: "who-words" }, h("b", null, name), h("small", null, words(me().role))));
  fill(shell(), h("button", { type: "button", class: "skip", onclick: () => main().focus() }, "Skip to the page"), navigation(),
    h("div", { class: "stage" },
      h("header", { class: "top" },
        h("a", { class: "brand brand-small", href: "#/", "aria-label": "Parley, today" }, h("span", { class: "brand-mark" }, icon("operations"))),
        h("button", { type: "button", class: "find", onclick: () => openPalette() }, icon("search"), h("span", null, "Find or do anything"),
          h("kbd", null, "Ctrl K")),
        h("div", { class: "top-right" }, menuButton("Light or dark", themeMenu, { icon: "half", iconOnly: true, kind: "quiet" }), bell, who)),
      h("div", { class: "line-down", role: "status", hidden: true, id: "line" }), h("main", { id: "main", tabindex: "-1" })),
    bottom());
  countNotifications();
}
const main = () => /** @type {HTMLElement} */ (document.getElementById("main"));

async function countNotifications() {
  const turn = ++belled;
  try {
    const found = await get("/api/v1/notifications", { is_read: false, limit: 20 });
    if (turn !== belled || !bell) return;
    const n = found.data.length;
    fill(bell, icon("bell"), n ? h("span", { class: "bell-count", "aria-hidden": "true" }, n > 19 ? "19+" : n) : null);
    bell.setAttribute("aria-label", "Notifications" + (n ? ", " + n + " unread" : ""));
  } catch { /* it stays as it is; the page says what is wrong */
  }
}
/** What could not be asked for is asked for again, each where it stands: what is typed beside it stays. */
function askAgain() {
  const failed = [...main().querySelectorAll(".trouble, .list-failure")], ways = failed.map((box) => box.querySelector("button"));
  if (ways.every(Boolean)) for (const way of ways) way?.click();
  else if (!document.querySelector("dialog[open]")) showPage();
}
let fellAt = 0, pause = 0;
/** Whether the gateway could be reached just now. */
export function lineIs(isUp) {
  const box = document.getElementById("line");
  if (!box || box.hidden === isUp) return;
  box.hidden = isUp;
  if (isUp) {
    askAgain();
    return;
  }
  fill(box, icon("warn"), "No connection to the gateway. What you see may be old; it is tried again.");
  // A line that comes and goes is not asked all the time.
  pause = Date.now() - fellAt < 60000 ? Math.min(2 * pause, 30000) : 2000;
  fellAt = Date.now();
  const tryAgain = async () => {
    if (box.hidden || !box.isConnected) return;
    try {
      await get("/api/auth/me");
    } catch (error) {
      if (error.status === 401) sessionIsOver();
      else setTimeout(tryAgain, 3000);
    }
  };
  setTimeout(tryAgain, pause);
}
addEventListener("online", () => {
  if (me()) get("/api/auth/me").catch(() => null);
});

/** Draws the page that the address names. */
export async function showPage() {
  ending.abort();
  ending = new AbortController();
  for (const open of document.querySelectorAll("dialog[open]")) /** @type {any} */
    (open).close();
  const { signal } = ending, place = here(), found = find(place.path), box = main();
  const top = "/" + place.path.split("/")[1];
  for (const entry of document.querySelectorAll(".nav-entry[data-path]")) {
    const isIt = /** @type {any} */ (entry).dataset.path === top;
    if (isIt) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
  if (!found) {
    document.title = "Not here · Parley";
    fill(box,
      h("div", { class: "page" }, heading("Not here"),
        empty("There is no such page", "The address may be old.", h("a", { class: "button primary", href: "#/" }, "Today"), "question")));
    return;
  }
  document.title = found.route.title + " · Parley";
  const container = h("div", { class: "page" + (found.route.isFull ? " page-full" : "") });
  if (found.route.role && !may(found.route.role)) {
    fill(box, container);
    fill(container, heading(found.route.title),
      empty("Not for your role", "This page is for " + words(found.route.role).toLowerCase() + "s and above. An administrator can change your role.",
        h("a", { class: "button primary", href: "#/" }, "Today"), "shield"));
    return;
  }
  const waiting = setTimeout(() => {
    if (!container.childNodes.length) fill(container, skeleton(6));
  }, 120);
  fill(box, container);
  box.scrollTop = 0;
  const context = {
    params: found.params,
    query: place.query,
    signal,
    title: (text) => {
      if (!signal.aborted) document.title = text + " · Parley";
    },
  };
  try {
    const module = await found.route.load().catch(() => {
      throw new Refusal(0, { detail: UNFETCHED });
    });
    if (signal.aborted) return;
    await module.page(container, context);
    const title = container.querySelector("h1");
    // Whoever cannot see that the page is another one hears its name.
    if (title && !signal.aborted && !document.querySelector("dialog[open]") && document.activeElement === document.body)
      title.focus({ preventScroll: true });
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    fill(container, heading(found.route.title), trouble(error, () => {
      if (error.message === UNFETCHED) location.reload();
      else showPage();
    }));
  } finally { clearTimeout(waiting); }
  countNotifications();
}
function showShortcuts() {
  openDialog({
    title: "Keyboard shortcuts",
    kind: "wide",
    body: h("div", { class: "shortcuts" },
      shortcuts(entries()).map(([title, rows]) => h("section", null, h("h3", null, title), h("dl", null, rows.map(([keys,
        what]) => h("div", null, h("dt", null, keys.split(" ").map((k) => h("kbd", null, k))), h("dd", null, what))))))),
  });
}
let going = false;
addEventListener("keydown", (event) => {
  if (!me() || !main()) return;
  const at = /** @type {any} */ (event.target);
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (at.closest("input,textarea,select,[contenteditable],dialog[open],[role=menu]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "?") {
    event.preventDefault();
    showShortcuts();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    const box = /** @type {any} */ (document.querySelector("[data-shortcut='/']"));
    if (box) box.focus();
    else openPalette();
    return;
  }
  if (event.key === "n") {
    const box = /** @type {any} */ (document.querySelector("[data-shortcut=n]"));
    if (box) {
      event.preventDefault();
      box.click();
    }
    return;
  }
  if (going) {
    going = false;
    const page = entries().find((p) => p.keys === event.key);
    if (page) {
      event.preventDefault();
      go(page.path);
    }
    return;
  }
  if (event.key === "g") {
    going = true;
    setTimeout(() => {
      going = false;
    }, 1200);
  }
});
/** For what makes new notifications, or reads them. */
export const notificationsChanged = () => countNotifications();
export const readAll = () => post("/api/v1/notifications/read-all").then(countNotifications);
