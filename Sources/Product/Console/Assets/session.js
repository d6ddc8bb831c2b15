// Who is asking: by the cookie of a login, or by a token that is kept in this tab only.

const KEY = "parley.token";
let token = sessionStorage.getItem(KEY) || "";
/** @type {any} */
let identity = null;

// Given in the address behind the hash, which no server sees; it leaves the address at once; which page to go to may stand beside it.
const given = new URLSearchParams(location.hash.slice(1));
if (given.get("token")) {
  keep(given.get("token"));
  const page = given.get("page");
  history.replaceState(null, "", location.pathname + (page ? "#/" + page : ""));
}
/** Of somebody who was invited and has no password yet. */
let invitation = given.get("invite") || "";
if (invitation) history.replaceState(null, "", location.pathname);

export function current() { return token; }
export function keep(text) {
  token = text;
  sessionStorage.setItem(KEY, text);
}
/** A token that is over; who it was of stays known. */
export function dropToken() {
  token = "";
  sessionStorage.removeItem(KEY);
}
export function forget() {
  // Who came with a token knows nothing of the login of this browser's other tabs.
  if (!token) session.note("");
  identity = null;
  dropToken();
}
/** A subprotocol can carry nothing else, and a token is nothing else. */
export function isToken(text) { return /^[\w.-]+$/.test(text); }
/** Who has logged in with this browser and not out: only then there is a cookie to ask about. */
const SIGNED_IN = "parley.signed-in";
/** Before it is known who. */
export const SOMEBODY = "yes";
export const session = {
  isThere: () => {
    try {
      return localStorage.getItem(SIGNED_IN) !== null;
    } catch { return true; }
  },
  /** @param {string} who nobody, where it is empty */
  note: (who) => {
    try {
      if (who) localStorage.setItem(SIGNED_IN, who);
      else localStorage.removeItem(SIGNED_IN);
    } catch { /* then it is asked each time */
    }
  },
};
/** Another person has logged in, in another tab: the cookie is of theirs now. @param {() => void} work */
export function onOther(work) {
  addEventListener("storage", (event) => {
    const who = event.key === SIGNED_IN && event.newValue;
    if (who && who !== SOMEBODY && identity && !token && who !== identity.subject) work();
  });
}
export function invited() { return invitation; }
export function acceptInvitation() { invitation = ""; }
export function become(who) { identity = who; }
/** @returns {any} subject, role, tenant, user */
export function me() { return identity; }
const RANKS = ["agent", "manager", "admin", "super_admin"];
/** Whether the role is this one or above it. */
export function may(role) { return identity !== null && RANKS.indexOf(identity.role) >= RANKS.indexOf(role); }
/** What this person keeps on this machine, by a name. */
export const kept = {
  key: (name) => "parley." + (identity ? identity.tenant.id + "." + identity.subject : "") + "." + name,
  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(this.key(name)) || "null") ?? otherwise;
    } catch { return otherwise; }
  },
  set(name, value) {
    try {
      localStorage.setItem(this.key(name), JSON.stringify(value));
    } catch { /* full, or forbidden: then it is not kept */
    }
  },
};
