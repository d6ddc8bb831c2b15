// Which page is shown is in the address behind the hash, with what it shows: it can be shared, and back leads back.

/** @typedef {{path: string, title: string, role?: string, load: () => Promise<any>, isFull?: boolean}} Route */

/** @type {Route[]} */
const routes = [];
/** @param {Route} route */
export function register(route) { routes.push(route); }
/** The path and the query of an address. */
export function here() {
  const [path, query] = (location.hash.slice(1) || "/").split("?");
  return { path: path || "/", query: Object.fromEntries(new URLSearchParams(query || "")) };
}
/** @returns {{route: Route, params: Record<string, string>} | null} */
export function find(path) {
  for (const route of routes) {
    const names = route.path.split("/"), parts = path.split("/");
    if (names.length !== parts.length) continue;
    /** @type {Record<string, string>} */
    const params = {};
    const fits = names.every((name, i) => {
      if (!name.startsWith(":")) return name === parts[i];
      try {
        params[name.slice(1)] = decodeURIComponent(parts[i]);
      } catch { return false; }
      return parts[i] !== "";
    });
    if (fits) return { route, params };
  }
  return null;
}
export function link(path, query) {
  const pairs = Object.entries(query || {}).filter(([, v]) => v !== null && v !== undefined && v !== "");
  const text = new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString();
  return "#" + path + (text ? "?" + text : "");
}
export function go(path, query) { location.hash = link(path, query); }
/** Another query of the same page: no new entry in the history, and nothing is drawn anew. */
export function note(query) { history.replaceState(history.state, "", link(here().path, query)); }
export function onMove(work) { addEventListener("hashchange", work); }
