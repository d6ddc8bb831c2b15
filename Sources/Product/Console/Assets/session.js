// Who is asking: a token, kept in this tab only.

const KEY = "parley.token";
let token = sessionStorage.getItem(KEY) || "";

// Given in the address behind the hash, which no server sees; it leaves the address at once.
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  keep(given);
  history.replaceState(null, "", location.pathname);
}

export function current() {
  return token;
}
export function keep(text) {
  token = text;
  sessionStorage.setItem(KEY, text);
}
export function forget() {
  token = "";
  sessionStorage.removeItem(KEY);
}
/** A subprotocol can carry nothing else, and a token is nothing else. */
export function isToken(text) {
  return /^[\w.-]+$/.test(text);
}
