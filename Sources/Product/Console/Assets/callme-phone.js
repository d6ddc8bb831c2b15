// One call of the browser's: its sound, its socket to the carrier, and what both say.

import { FRAME } from "./callme-audio.js";
import { post } from "./callme-console.js";

/** More than a second of sound that the network has not taken: what comes now would be late. */
const WAITING_MAX = 8000;

/** What keeps the microphone away, and what to do about it. */
function microphoneProblem(error) {
  switch (error.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "The browser does not let this page use the microphone. Allow it beside the address, then call again; "
        + "or go on by typing: that needs no microphone.";
    case "NotFoundError":
    case "OverconstrainedError":
      return "No microphone was found. Plug one in and call again; or go on by typing: that needs none.";
    case "NotReadableError":
    case "AbortError":
      return "The microphone could not be opened; another program may hold it. Close that one and call again; "
        + "or go on by typing.";
    default:
      return "The microphone cannot be used (" + (error.message || error.name) + "). Go on by typing.";
  }
}

const ELSEWHERE = "A browser gives sound and microphone to pages of this machine itself (127.0.0.1, localhost) or by https only. "
  + "Open the console at one of those; typing works here too, without sound.";

export class Phone {
  /** @param {(event: any) => void} tell is given what the carrier says, and `microphone`, `levels`, `problem`, `given_up` and `closed` of our own. */
  constructor(tell) {
    this.tell = tell;
    this.isDown = false;
    this.isMuted = false;
    this.hasCall = false;
    /** @type {AudioContext | null} */
    this.sound = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    /** @type {MediaStream | null} */
    this.microphone = null;
    /** @type {WebSocket | null} */
    this.socket = null;
  }

  /** @param {{ to?: string, from?: string, caller?: string }} call @param {boolean} speaks by microphone */
  async start(call, speaks) {
    await this.openSound();
    if (speaks && this.node) await this.openMicrophone();
    if (this.isDown) return;
    // A ticket is good for half a minute, and whoever is asked for the microphone may take longer.
    const { url, ticket } = await post("/api/v1/phone/tickets");
    if (this.isDown) return;
    // Not in the address, which ends up in logs.
    const socket = new WebSocket(url, ["bearer", ticket]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.order({ event: "call", ...call });
    socket.onmessage = ({ data }) => this.received(data);
    socket.onclose = (closing) => this.closed(closing);
    this.socket = socket;
  }

  async openSound() {
    if (!window.isSecureContext || !window.AudioWorkletNode) {
      this.tell({ event: "problem", text: ELSEWHERE });
      return;
    }
    try {
      const sound = new AudioContext({ latencyHint: "interactive" });
      this.sound = sound;
      await sound.audioWorklet.addModule(new URL("./callme-worklet.js", import.meta.url));
      await sound.resume();
      if (this.isDown) return;
      const node = new AudioWorkletNode(sound, "telephone", { numberOfInputs: 1, numberOfOutputs: 1, outputChannelCount: [1] });
      node.port.onmessage = ({ data }) => {
        if (data instanceof Uint8Array) this.send(data);
        else this.tell({ event: "levels", ...data });
      };
      node.connect(sound.destination);
      this.node = node;
    } catch (error) {
      this.tell({ event: "problem", text: "There is no sound here (" + error.message + "). Go on by typing." });
    }
  }

  async openMicrophone() {
    try {
      const microphone = await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
      });
      if (this.isDown) return microphone.getTracks().forEach((track) => track.stop());
      this.microphone = microphone;
      microphone.getAudioTracks()[0].onended = () => {
        this.tell({ event: "problem", text: "The microphone is gone. Plug it in and call again; or go on by typing." });
        this.tell({ event: "microphone", isOn: false });
      };
      this.sound.createMediaStreamSource(microphone).connect(this.node);
      this.tell({ event: "microphone", isOn: true });
    } catch (error) {
      this.tell({ event: "problem", text: microphoneProblem(error) });
    }
  }

  received(data) {
    if (data instanceof ArrayBuffer) {
      if (data.byteLength !== FRAME || !this.node) return;
      const frame = new Uint8Array(data);
      this.node.port.postMessage(frame, [frame.buffer]);
      return;
    }
    const event = JSON.parse(data);
    if (event.event === "answered") this.hasCall = true;
    if (event.event === "over") this.isDown = true;
    this.tell(event);
  }

  send(frame) {
    const socket = this.socket;
    if (!this.hasCall || !socket || socket.readyState !== WebSocket.OPEN || socket.bufferedAmount > WAITING_MAX) return;
    socket.send(frame);
  }

  order(order) {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(order));
  }

  say(text) { this.order({ event: "say", text }); }
  play(caller) { this.order({ event: "play", caller }); }
  press(keys) { this.order({ event: "press", keys }); }

  mute(isMuted) {
    this.isMuted = isMuted;
    if (this.node) this.node.port.postMessage({ muted: isMuted });
  }

  /** What was said is still written down: the carrier tells the end by `over`. Before it knows of the call there is nothing to write. */
  hangUp() {
    if (this.socket && this.socket.readyState === WebSocket.OPEN) return this.order({ event: "hang_up" });
    this.leave();
    this.tell({ event: "given_up" });
  }

  /** Leaves at once, as when the page goes. */
  leave() {
    this.isDown = true;
    if (this.socket) this.socket.close();
    this.silence();
  }

  closed({ code, reason }) {
    const isLost = !this.isDown;
    this.isDown = true;
    this.silence();
    this.tell({ event: "closed", isLost, reason: reason || (code === 1006 ? "the connection was lost" : "") });
  }

  silence() {
    if (this.microphone) for (const track of this.microphone.getTracks()) track.stop();
    if (this.node) {
      this.node.port.postMessage("over");
      this.node.disconnect();
    }
    if (this.sound && this.sound.state !== "closed") this.sound.close();
    this.microphone = this.node = this.sound = null;
  }
}
