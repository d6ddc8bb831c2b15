// Answers of the API as files.

import { address, ask, Refusal } from "./api.js";
import { download, h } from "./dom.js";
import { current } from "./session.js";

/** By a link, where the session's cookie goes along: then the file may be larger than what fits into memory. */
export async function saveFile(name, path, query = {}) {
  // A link that fails tells nobody: whether there is an answer is asked before, without its body.
  await ask("HEAD", path, { query });
  const place = address(path, query);
  if (!current()) {
    h("a", { href: place, download: name }).click();
    return;
  }
  const answer = await fetch(place, { headers: { authorization: "Bearer " + current() }, cache: "no-store" });
  if (!answer.ok) throw new Refusal(answer.status, await answer.json().catch(() => ({})));
  download(name, await answer.blob());
}
