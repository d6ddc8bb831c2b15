import AudioCore
import Foundation
import Testing

@Suite struct MuLawTests {
    struct Vectors: Decodable {
        struct Sample: Decodable {
            var linear: Int
            var mulaw: UInt8
        }
        var decode: [Int16]
        var encode: [Sample]
    }

    static func vectors() throws -> Vectors {
        let url = try #require(
            Bundle.module.url(forResource: "g711-mulaw-vectors", withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: url))
    }

    /// The reference encoder, as the vector file words it.
    static func reference(_ x: Int) -> UInt8 {
        let magnitude = min(abs(x), 32_635) + 132
        var exponent = 7
        while exponent > 0, magnitude >> (exponent + 7) & 1 == 0 { exponent -= 1 }
        let mantissa = (magnitude >> (exponent + 3)) & 15
        return ~UInt8((x < 0 ? 0x80 : 0) | exponent << 4 | mantissa)
    }

    @Test func `every code decodes to the reference's sample`() throws {
        let expected = try MuLawTests.vectors().decode
        let codes = (0...255).map { UInt8($0) }
        var pcm = [Int16](repeating: 1, count: 256)
        var span = pcm.mutableSpan

        MuLaw.decode(codes.span, into: &span)

        #expect(pcm == expected)
        #expect(codes.map { MuLaw.decode($0) } == expected)
        #expect(MuLaw.decode(MuLaw.silence) == 0)
    }

    @Test func `every one of the 65536 samples encodes to the reference's code`() {
        let samples = (Int(Int16.min)...Int(Int16.max)).map { Int16($0) }
        var codes = [UInt8](repeating: 0, count: samples.count)
        var span = codes.mutableSpan

        MuLaw.encode(samples.span, into: &span)

        #expect(codes == samples.map { MuLawTests.reference(Int($0)) })
    }

    @Test func `the vectors' samples encode as written`() throws {
        for sample in try MuLawTests.vectors().encode {
            #expect(MuLaw.encode(Int16(sample.linear)) == sample.mulaw, "\(sample.linear)")
        }
    }

    @Test func `every code but negative zero survives the round trip`() {
        for code in UInt8.min...UInt8.max {
            #expect(MuLaw.encode(MuLaw.decode(code)) == (code == 0x7F ? 0xFF : code))
        }
    }
}
