// Who is asking: a token, kept in this tab only.

const KEY = "parley.token";
let token = sessionStorage.getItem(KEY) || "";

// Given in the address behind the hash, which no server sees; it leaves the address at once.
const given = new URLSearchParams(location.hash.slice(1)), page = given.get("page");
if (given.get("token")) {
  keep(given.get("token"));
  history.replaceState(null, "", location.pathname + (page ? "#/" + page : ""));
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
