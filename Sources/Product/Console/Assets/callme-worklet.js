// The browser's sound, on its audio thread: microphone to frames of the line, frames of the line to the ear.

import { DECODED, EarBuffer, FRAME, LINE_RATE, Resampler, encode, level } from "./callme-audio.js";

/** What an AudioWorkletGlobalScope has, which the compiler's library has not. */
const scope = /** @type {any} */ (globalThis);

class Telephone extends scope.AudioWorkletProcessor {
  constructor() {
    super();
    this.down = new Resampler(scope.sampleRate, LINE_RATE);
    this.up = new Resampler(LINE_RATE, scope.sampleRate);
    this.ear = new EarBuffer();
    this.isMuted = false;
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
    this.line = new Float32Array(FRAME);
    // To be played: a frame of the line and what the next one reaches over.
    this.ready = new Float32Array(Math.ceil(scope.sampleRate / LINE_RATE) * FRAME * 2 + 256);
    this.count = 0;
    this.meters = { mouth: 0, ear: 0, samples: 0 };
    this.isOver = false;
    this.toLine = (sample) => this.say(sample);
    this.toEar = (sample) => { if (this.count < this.ready.length) this.ready[this.count++] = sample; };
    this.port.onmessage = ({ data }) => {
      if (data instanceof Uint8Array) this.ear.push(data);
      else if (data === "over") this.isOver = true;
      else this.isMuted = data.muted;
    };
  }

  say(sample) {
    this.frame[this.filled++] = encode(sample);
    if (this.filled < FRAME) return;
    this.port.postMessage(this.frame, [this.frame.buffer]);
    this.frame = new Uint8Array(FRAME);
    this.filled = 0;
  }

  process(inputs, outputs) {
    const mouth = inputs[0][0], ear = outputs[0][0];
    if (mouth && !this.isMuted) {
      this.down.push(mouth, this.toLine);
      for (const sample of mouth) this.meters.mouth += sample * sample;
    }
    if (ear) this.play(ear);
    this.meters.samples += 128;
    if (this.meters.samples >= scope.sampleRate / 20) this.report();
    return !this.isOver;
  }

  play(ear) {
    while (this.count < ear.length) {
      const frame = this.ear.next();
      for (let index = 0; index < FRAME; index++) this.line[index] = frame ? DECODED[frame[index]] : 0;
      this.up.push(this.line, this.toEar);
    }
    ear.set(this.ready.subarray(0, ear.length));
    this.ready.copyWithin(0, ear.length, this.count);
    this.count -= ear.length;
    for (const sample of ear) this.meters.ear += sample * sample;
  }

  report() {
    const { mouth, ear, samples } = this.meters;
    this.port.postMessage({ mouth: level(mouth, samples), ear: level(ear, samples), missed: this.ear.missed });
    this.meters = { mouth: 0, ear: 0, samples: 0 };
  }
}

scope.registerProcessor("telephone", Telephone);
