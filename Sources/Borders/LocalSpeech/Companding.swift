import AudioCore

/// Whole buffers between G.711 mu-law and linear samples.
enum Companding {
    static func encode(_ samples: [Int16]) -> [UInt8] { samples.map { MuLaw.encode($0) } }
    static func decode(_ codes: [UInt8]) -> [Int16] { codes.map { MuLaw.decode($0) } }
}
