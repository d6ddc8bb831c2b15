/// Whole buffers between G.711 mu-law and linear samples.
enum Companding {
    static func encode(_ samples: [Int16]) -> [UInt8] { samples.map(code) }
    static func decode(_ codes: [UInt8]) -> [Int16] { codes.map { table[Int($0)] } }

    private static func code(_ sample: Int16) -> UInt8 {
        let magnitude = min(abs(Int(sample)), 32_635) + 132
        var exponent = 7
        while exponent > 0, magnitude & (0x80 << exponent) == 0 { exponent -= 1 }
        let mantissa = (magnitude >> (exponent + 3)) & 0x0F
        return ~UInt8((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa)
    }

    private static let table: [Int16] = (0..<256).map { code in
        let bits = ~UInt8(code)
        let magnitude = ((Int(bits & 0x0F) << 3) + 132) << Int((bits >> 4) & 7)
        return Int16(bits & 0x80 == 0 ? magnitude - 132 : 132 - magnitude)
    }
}
