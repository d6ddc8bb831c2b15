// Light, dark, or as the system has it.

const KEY = "parley.theme";
export const THEMES = ["system", "light", "dark"];

export function theme() {
  try {
    return localStorage.getItem(KEY) || "system";
  } catch { return "system"; }
}
export function setTheme(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch { /* then it holds for this page */
  }
  apply(name);
}
function apply(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}
apply(theme());
// Another tab's choice is this one's too.
addEventListener("storage", (event) => {
  if (event.key === KEY) apply(theme());
});
