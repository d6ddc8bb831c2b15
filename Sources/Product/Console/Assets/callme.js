// Call me: the browser is the phone.

import { get, watchCall } from "./callme-console.js";
import { button, card, dress, el, labelled } from "./callme-parts.js";
import { Phone } from "./callme-phone.js";
import { CallRecord, Conversation } from "./callme-record.js";

const WAYS = [
  ["speak", "Speak", "with your microphone"],
  ["type", "Type", "and it is said for you"],
  ["listen", "Listen in", "while a scripted caller talks"],
];
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
/** Once the call is over its record is there within a second or two. */
const RECORD_TRIES = 60, RECORD_EVERY_MS = 500;

/** @param {HTMLElement} container @param {{ signal: AbortSignal }} context aborted when another page comes */
export function page(container, { signal }) {
  const shown = new CallPage(container);
  signal.addEventListener("abort", () => shown.leave());
  return shown.load();
}

class CallPage {
  constructor(container) {
    this.container = container;
    /** @type {Phone | null} */
    this.phone = null;
    this.way = "speak";
    this.callSid = "";
    this.began = 0;
    this.stopWatching = () => {};
    this.conversation = new Conversation();
    this.record = new CallRecord();
    this.draw();
    this.onUnload = () => this.phone && this.phone.leave();
    window.addEventListener("pagehide", this.onUnload);
  }

  // MARK: What there is to see

  draw() {
    dress();
    // The one thing that is read out: rings, is answered, is over.
    this.state = el("p", "Ready", "cm-state");
    this.state.setAttribute("role", "status");
    this.problem = el("p", "", "cm-problem");
    this.problem.setAttribute("role", "alert");
    this.time = el("span", "0:00", "cm-time");
    this.setup = this.drawSetup();
    this.inCall = this.drawInCall();
    const line = el("div", null, "cm-line"), box = el("div", null, "cm");
    line.append(this.state, this.time);
    const head = el("div", null, "cm-head");
    this.lead = el("p", "Your browser is the phone: through a simulated carrier to the agent of the number you call. No account, no cost.");
    this.title = el("h1", "Call me");
    this.title.tabIndex = -1;
    head.append(this.title, this.lead);
    this.grid = el("div", null, "cm-grid");
    this.grid.append(
      card("Phone", line, this.problem, this.setup, this.inCall),
      card("Conversation", this.conversation.list),
      card("What stands in the CRM", this.record.box));
    box.append(head, this.grid);
    this.container.replaceChildren(box);
    this.show(false);
  }

  drawSetup() {
    const form = el("form", null, "cm-setup"), ways = el("fieldset", null, "cm-ways");
    ways.append(el("legend", "How do you want to talk?"));
    for (const [way, title, about] of WAYS) {
      const radio = el("input"), label = el("label");
      radio.type = "radio";
      radio.name = "cm-way";
      radio.value = way;
      radio.checked = way === this.way;
      radio.onchange = () => this.choose(way);
      label.append(radio, el("b", title), el("small", about));
      ways.append(label);
    }
    this.scripted = el("select");
    this.scriptedBox = el("div", null, "cm-field");
    this.scriptedBox.append(...labelled("Caller", this.scripted));
    this.to = el("input");
    this.from = el("input");
    for (const field of [this.to, this.from]) {
      field.type = "tel";
      field.autocomplete = "off";
      field.pattern = "\\+[1-9][0-9]{6,14}";
      field.title = "A number with its country: +15550100100";
    }
    const numbers = el("details", null, "cm-numbers");
    // A field in what is folded up can neither be seen nor focused.
    this.to.oninvalid = this.from.oninvalid = () => { numbers.open = true; };
    numbers.append(el("summary", "Numbers"), ...labelled("Call", this.to), ...labelled("From (how the CRM knows you)", this.from));
    this.callButton = el("button", "Call", "cm-go");
    form.append(ways, this.scriptedBox, this.callButton, numbers);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.call();
    };
    return form;
  }

  drawInCall() {
    const box = el("div", null, "cm-incall");
    this.meters = { mouth: el("i"), ear: el("i") };
    const levels = el("div", null, "cm-meters");
    levels.setAttribute("aria-hidden", "true");
    for (const [name, title] of [["mouth", "You"], ["ear", "Line"]]) {
      const bar = el("span", null, "cm-meter");
      bar.append(this.meters[name]);
      levels.append(el("small", title), bar);
    }
    this.muteButton = button("Mute", "cm-quiet", () => this.mute(!this.phone?.isMuted));
    this.keysButton = button("Keypad", "cm-quiet", () => this.showKeys(this.keypad.hidden));
    this.hangUpButton = button("Hang up", "cm-stop", () => this.phone && this.phone.hangUp());
    const controls = el("div", null, "cm-controls");
    controls.append(this.muteButton, this.keysButton, this.hangUpButton);
    this.keypad = el("div", null, "cm-keypad");
    this.keypad.setAttribute("role", "group");
    this.keypad.setAttribute("aria-label", "Keypad");
    for (const key of KEYS) this.keypad.append(button(key, "", () => this.phone && this.phone.press(key)));
    this.text = el("input");
    this.text.maxLength = 500;
    this.text.autocomplete = "off";
    const say = el("form", null, "cm-say"), go = el("button", "Say it", "cm-quiet");
    say.append(...labelled("Type instead of talking", this.text), go);
    say.onsubmit = (event) => {
      event.preventDefault();
      this.say();
    };
    this.guest = el("select");
    const guests = el("form", null, "cm-say"), let_ = el("button", "Let them talk", "cm-quiet");
    guests.append(...labelled("Hand the phone to", this.guest), let_);
    guests.onsubmit = (event) => {
      event.preventDefault();
      if (this.phone) this.phone.play(this.guest.value);
    };
    box.append(levels, controls, this.keypad, say, guests);
    return box;
  }

  choose(way) {
    this.way = way;
    this.scriptedBox.hidden = way !== "listen";
  }
  show(isCalling) {
    this.setup.hidden = isCalling;
    this.inCall.hidden = !isCalling;
    this.time.hidden = !isCalling;
    this.scriptedBox.hidden = this.way !== "listen";
  }
  say(text = this.text.value.trim()) {
    if (!text || !this.phone) return;
    this.phone.say(text);
    this.text.value = "";
  }
  mute(isMuted) {
    if (!this.phone) return;
    this.phone.mute(isMuted);
    this.muteButton.textContent = isMuted ? "Unmute" : "Mute";
    this.muteButton.setAttribute("aria-pressed", String(isMuted));
  }
  showKeys(isShown) {
    this.keypad.hidden = !isShown;
    this.keysButton.setAttribute("aria-expanded", String(isShown));
    if (isShown) this.keypad.querySelector("button").focus();
  }
  complain(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  // MARK: What happens

  async load() {
    this.complain("");
    this.callButton.disabled = true;
    try {
      const phone = await get("/api/v1/phone");
      if (!phone.available) return this.absent();
      this.to.value = phone.number;
      this.from.value = phone.from;
      for (const select of [this.scripted, this.guest])
        for (const caller of phone.callers) select.append(new Option(caller.name + ": " + caller.about, caller.name));
      const first = phone.callers.find((caller) => caller.name === "qualified");
      if (first) this.scripted.value = this.guest.value = first.name;
      this.callButton.disabled = false;
    } catch (error) {
      this.complain(error.message);
    }
  }
  absent() {
    this.lead.textContent = "A browser is a phone where `parley serve` runs with no carrier set, on this machine alone; `parley demo` "
      + "does so too. This gateway has a carrier or is reached by others: call one of its numbers.";
    this.grid.hidden = true;
  }

  async call() {
    this.complain("");
    this.conversation.clear();
    this.conversation.caller = this.way === "listen" ? "Caller" : "You";
    this.record.clear();
    this.callSid = "";
    const phone = new Phone((event) => { if (phone === this.phone) this.take(event); });
    this.phone = phone;
    this.show(true);
    this.mute(false);
    this.muteButton.hidden = true;
    this.showKeys(false);
    this.time.textContent = "0:00";
    this.meter({ mouth: 0, ear: 0 });
    this.state.textContent = "Calling …";
    this.hangUpButton.focus();
    /** @type {Record<string, string>} */
    const call = { to: this.to.value };
    if (this.way === "listen") call.caller = this.scripted.value;
    // A script has a number of its own.
    if (this.way !== "listen") call.from = this.from.value;
    try {
      await phone.start(call, this.way === "speak");
    } catch (error) {
      phone.leave();
      // Who has hung up, and may call again already, is not told of it.
      if (phone !== this.phone) return;
      this.ended("Not called");
      this.complain(error.message);
    }
  }

  take(event) {
    switch (event.event) {
      case "levels": return this.meter(event);
      case "problem":
      case "refused": return this.complain(event.text || event.detail);
      case "microphone": this.muteButton.hidden = !event.isOn; return;
      case "placed": return this.placed(event.call_sid);
      case "ringing": this.state.textContent = "Ringing …"; return;
      case "answered": return this.answered();
      case "webhook_failed":
      case "stream_failed":
      case "protocol_violation": return this.complain("The gateway did not do its part: " + event.detail);
      case "over": return this.over(event);
      case "given_up": return this.ended("Not called: you hung up");
      case "closed": if (event.isLost) this.lost(event.reason);
    }
  }
  placed(callSid) {
    this.callSid = callSid;
    this.stopWatching();
    this.stopWatching = watchCall(callSid, (event) => {
      this.conversation.take(event);
      this.record.take(event);
    });
  }
  answered() {
    this.state.textContent = "On the line";
    this.began = Date.now();
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      const seconds = Math.floor((Date.now() - this.began) / 1000);
      this.time.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    }, 500);
    if (this.way === "type") this.text.focus();
  }
  meter({ mouth, ear }) {
    this.meters.mouth.style.setProperty("--level", String(mouth));
    this.meters.ear.style.setProperty("--level", String(ear));
  }
  over(event) {
    if (event.failure) this.complain("The call ended: " + event.failure);
    const caller = this.way === "listen" ? "the caller hung up" : "you hung up";
    const by = { caller, gateway: "the agent hung up", carrier: "the carrier ended it" }[event.ended_by];
    this.ended("Call over" + (by ? ": " + by : ""));
    this.findRecord(event.call_sid);
  }
  lost(reason) {
    this.complain("The phone is cut off" + (reason ? ": " + reason : "") + ". Call again.");
    this.ended("Call over");
    if (this.callSid) this.findRecord(this.callSid);
  }
  ended(state) {
    clearInterval(this.ticking);
    this.phone = null;
    this.state.textContent = state;
    this.callButton.textContent = "Call again";
    const hadFocus = this.inCall.contains(document.activeElement);
    this.show(false);
    if (hadFocus) this.callButton.focus();
  }

  async findRecord(callSid) {
    this.record.waiting();
    for (let tries = 0; tries < RECORD_TRIES && callSid === this.callSid; tries++) {
      try {
        const call = await get("/api/v1/calls/" + callSid);
        if (callSid !== this.callSid) return;
        if (call.finalized_at) {
          this.stopWatching();
          this.conversation.replace(call.turns || []);
          return this.record.show(call);
        }
      } catch {
        // Not there yet; what else may be wrong is said when none of the tries has found it.
      }
      await new Promise((done) => setTimeout(done, RECORD_EVERY_MS));
    }
    if (callSid === this.callSid) this.record.missing();
  }

  leave() {
    window.removeEventListener("pagehide", this.onUnload);
    clearInterval(this.ticking);
    this.stopWatching();
    this.callSid = "";
    if (this.phone) this.phone.leave();
    this.phone = null;
    this.container.replaceChildren();
  }
}
