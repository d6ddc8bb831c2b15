// Where a lead may go, and what has to be asked before it does.

import {h} from "./dom.js";
import { finder, REFERENCES } from "./finder.js";
import { askText, openDialog } from "./overlay.js";
import { button } from "./parts.js";
import { nameOf } from "./words.js";

export const STAGES = ["LEAD", "MQL", "SQL", "OPPORTUNITY", "CUSTOMER", "LOST"];

/** Forward over as many as wanted; to LOST and back from it with a reason. */
export function mayMove(lead, to) {
  if (lead.stage === to) return false;
  return to === "LOST" || lead.stage === "LOST" || STAGES.indexOf(to) > STAGES.indexOf(lead.stage);
}
export const askStage = (lead, stage) => askText(stage === "LOST" ? "Why is it lost?" : "Why does it come back?", "Reason", {
  text: nameOf(lead) + (stage === "LOST" ? " leaves the board's way." : " goes to " + stage + "."),
  isLong: true,
  doIt: stage === "LOST" ? "Mark as lost" : "Bring it back",
});
/** Whom to give it to. @returns {Promise<string | null | undefined>} null is nobody, undefined is never mind */
export function askPerson(title) {
  return new Promise((answer) => {
    /** @type {string | null | undefined} */
    let said;
    const field = finder("whose", REFERENCES.agent_id, null, false);
    const box = openDialog({
      title,
      kind: "small",
      close: () => answer(said),
      body: h("div", { class: "field tall" },
        h("label",
          { for: "whose"
          },
          "Person"),
        field.node),
      actions: [
        button("Nobody", {
          onclick: () => {
            said = null;
            box.close();
          }
        }),
        button("Give", {
          kind: "primary",
          onclick: () => {
            if (field.read()) {
              said = field.read();
              box.close();
            }
          }
        })
      ],
    });
  });
}
