// Sound between a browser and a telephone line: μ-law, another rate of samples, and frames that come as the network has them.
// Nothing here knows of a page: the worklet runs it, and tests do.

export const LINE_RATE = 8000;
export const FRAME = 160;

const CLIP = 32635, BIAS = 132;

/** G.711 μ-law of one sample in -1 … 1; the same codes as the gateway's MuLaw. */
export function encode(sample) {
  const value = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
  const sign = value < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(value), CLIP) + BIAS;
  const exponent = 24 - Math.clz32(magnitude);
  return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 15) & 0xff;
}

/** Samples in -1 … 1 by their codes. */
export const DECODED = Float32Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff, exponent = bits >> 4 & 7;
  const magnitude = (((bits & 15) << 3) + BIAS << exponent) - BIAS;
  return (bits & 0x80 ? -magnitude : magnitude) / 32768;
});

/** Loudness of samples as 0 … 1 on a scale of 60 dB. */
export function level(squares, count) {
  if (!count || squares <= 0) return 0;
  return Math.max(0, Math.min(1, 1 + 10 * Math.log10(squares / count) / 60));
}

const ZEROS = 24, PHASES = 128, BETA = 8;

function bessel(x) {
  let sum = 1, term = 1;
  for (let k = 1; k < 40; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/**
 * Another rate by a low-pass below the lower rate's half (sinc under a Kaiser window): what the line cannot carry is 70 dB down
 * before it could fold back. As samples come, without gaps between pushes; 3 ms late.
 */
export class Resampler {
  constructor(from, to) {
    this.step = from / to;
    const cutoff = 0.45 * Math.min(from, to);
    this.half = Math.ceil(ZEROS * from / (2 * cutoff));
    this.width = 2 * this.half;
    this.table = Resampler.kernels(this.half, 2 * cutoff / from);
    this.held = new Float32Array(this.width * 2 + 8192);
    // Silence before the first sample, so that it comes out where it went in.
    this.count = this.half;
    this.at = this.half;
  }

  /** One row a phase: the weights of `width` samples around a place between two of them. */
  static kernels(half, bandwidth) {
    const width = 2 * half, table = [];
    for (let phase = 0; phase <= PHASES; phase++) {
      const row = new Float32Array(width);
      let sum = 0;
      for (let tap = 0; tap < width; tap++) {
        const x = tap - half + 1 - phase / PHASES, edge = x / half;
        if (Math.abs(edge) >= 1) continue;
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * bandwidth * x) / (Math.PI * bandwidth * x);
        row[tap] = sinc * bessel(BETA * Math.sqrt(1 - edge * edge));
        sum += row[tap];
      }
      table.push(row.map((weight) => weight / sum));
    }
    return table;
  }

  /** @param {Float32Array} samples @param {(sample: number) => void} emit */
  push(samples, emit) {
    for (let start = 0; start < samples.length; start += 4096) this.take(samples.subarray(start, start + 4096), emit);
  }

  take(samples, emit) {
    this.held.set(samples, this.count);
    this.count += samples.length;
    while (Math.floor(this.at) + this.half < this.count) {
      const place = Math.floor(this.at), phase = (this.at - place) * PHASES, lower = Math.floor(phase);
      const share = phase - lower, one = this.table[lower], other = this.table[lower + 1];
      let sum = 0, first = place - this.half + 1;
      for (let tap = 0; tap < this.width; tap++)
        sum += this.held[first + tap] * (one[tap] + share * (other[tap] - one[tap]));
      emit(sum);
      this.at += this.step;
    }
    const done = Math.min(Math.floor(this.at) - this.half + 1, this.count);
    if (done <= 0) return;
    this.held.copyWithin(0, done, this.count);
    this.count -= done;
    this.at -= done;
  }
}

/** Frames from the line on their way to the ear: they come as the network has them, and are wanted one every 20 ms. */
export class EarBuffer {
  constructor() {
    /** @type {Uint8Array[]} */
    this.frames = [];
    this.isRunning = false;
    // Frames that are waited for before the first is played; more after each time that none came.
    this.target = 3;
    this.dropped = 0;
    this.missed = 0;
  }

  push(frame) {
    this.frames.push(frame);
    // A tab that slept: what has piled up is old news.
    if (this.frames.length > EarBuffer.MOST) this.drop(this.frames.length - this.target);
  }

  /** The frame that is due, or null. */
  next() {
    if (!this.isRunning && this.frames.length < this.target) return null;
    if (this.frames.length > this.target + 2 && isQuiet(this.frames[0])) this.drop(1);
    const frame = this.frames.shift();
    if (!frame && this.isRunning) {
      this.missed++;
      this.target = Math.min(EarBuffer.MOST / 2, this.target + 1);
    }
    this.isRunning = !!frame;
    return frame || null;
  }

  drop(count) {
    this.frames.splice(0, count);
    this.dropped += count;
  }
}
EarBuffer.MOST = 20;

function isQuiet(frame) {
  let squares = 0;
  for (const code of frame) squares += DECODED[code] ** 2;
  return squares / frame.length < 3e-5;
}
