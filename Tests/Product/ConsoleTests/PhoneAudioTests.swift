import AudioCore
import Encoding
import Foundation
import TestSupport
import Testing

@testable import Console

/// The sound of the browser's phone, run by node: what the worklet does, without a browser.
@Suite struct PhoneAudioTests {
    /// What a script writes that has the module's exports as `audio`.
    private func run(_ script: String) throws -> String {
        let module = try #require(ConsolePage.text("callme-audio.js"))
        let encoded = Base64.encode(Array(module.utf8))
        return try OutsideProgram.run(
            "node",
            [
                "--input-type=module", "--eval",
                "import * as audio from \"data:text/javascript;base64,\(encoded)\";\n" + script,
            ])
    }

    @Test func `the page's mu-law is the gateway's, for every sample and every code`() throws {
        let codes = try run(
            """
            let text = "";
            for (let s = -32768; s < 32768; s += 7) text += audio.encode(s / 32768).toString(16).padStart(2, "0");
            console.log(text + " " + Array.from(audio.DECODED, (value) => Math.round(value * 32768)).join(","));
            """)

        let parts = codes.split(whereSeparator: \.isWhitespace)
        let ours = stride(from: -32_768, to: 32_768, by: 7).map { MuLaw.encode(Int16($0)) }
        #expect(parts.first.map(String.init) == Hex.encode(ours))
        #expect(
            parts.last.map(String.init) == (0...255).map { "\(MuLaw.decode(UInt8($0)))" }.joined(separator: ","))
    }

    /// What is left of a tone at another rate, in dB.
    private func levels(_ tones: [Int], from: Int, to: Int) throws -> [Double] {
        try run(
            """
            for (const hz of \(tones)) {
              const samples = Float32Array.from({ length: \(from) }, (_, i) => Math.sin(2 * Math.PI * hz * i / \(from)));
              const resampler = new audio.Resampler(\(from), \(to)), out = [];
              for (let i = 0; i < samples.length; i += 128) resampler.push(samples.subarray(i, i + 128), (s) => out.push(s));
              const kept = out.slice(500, -500);
              console.log(10 * Math.log10(kept.reduce((sum, s) => sum + s * s, 0) / kept.length * 2));
            }
            """
        ).split(separator: "\n").compactMap { Double($0) }
    }

    @Test(arguments: [48_000, 44_100]) func `speech goes down to 8 kHz untouched, and nothing folds back into it`(
        rate: Int
    ) throws {
        let kept = try levels([200, 1_000, 3_000], from: rate, to: 8_000)
        let folded = try levels([4_200, 5_000, 7_000, 7_800, 12_000], from: rate, to: 8_000)

        #expect(kept.count == 3 && kept.allSatisfy { abs($0) < 0.1 }, "\(kept)")
        #expect(folded.count == 5 && folded.allSatisfy { $0 < -60 }, "\(folded)")
    }

    @Test(arguments: [48_000, 44_100]) func `it comes up again as the same tone, without an image of itself`(
        rate: Int
    ) throws {
        let residue = try run(
            """
            const resampler = new audio.Resampler(8000, \(rate)), out = [];
            const samples = Float32Array.from({ length: 8000 }, (_, i) => Math.sin(2 * Math.PI * 1000 * i / 8000));
            for (let i = 0; i < 8000; i += 160) resampler.push(samples.subarray(i, i + 160), (s) => out.push(s));
            let sum = 0;
            for (let i = 3000; i < out.length - 3000; i++) sum += (out[i] - Math.sin(2 * Math.PI * 1000 * i / \(rate))) ** 2;
            console.log(10 * Math.log10(sum / (out.length - 6000) * 2), out.length);
            """
        ).split(separator: " ").compactMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }

        #expect(residue.first ?? 0 < -60, "\(residue)")
        #expect((0...400).contains(Double(rate) - (residue.last ?? 0)), "no more is kept back than the filter is long")
    }

    @Test func `the ear waits for three frames, for more after a gap, and lets old news go`() throws {
        let said = try run(
            """
            const loud = (n) => new Uint8Array(160).fill(n), quiet = () => new Uint8Array(160).fill(255);
            const ear = new audio.EarBuffer(), told = [];
            ear.push(loud(1)); ear.push(loud(2));
            told.push(ear.next());
            ear.push(loud(3));
            for (let i = 0; i < 4; i++) told.push(ear.next()?.[0] ?? null);
            for (let i = 0; i < 3; i++) ear.push(loud(4));
            told.push(ear.next());
            ear.push(loud(4));
            told.push(ear.next()?.[0]);
            for (let i = 0; i < 12; i++) ear.push(quiet());
            const before = ear.frames.length;
            for (let i = 0; i < 6; i++) ear.next();
            told.push(before - ear.frames.length > 6);
            for (let i = 0; i < 40; i++) ear.push(loud(5));
            told.push(ear.frames.length <= audio.EarBuffer.MOST, ear.missed);
            console.log(JSON.stringify(told));
            """)

        #expect(said.trimmingCharacters(in: .whitespacesAndNewlines) == "[null,1,2,3,null,null,4,true,true,1]")
    }
}
