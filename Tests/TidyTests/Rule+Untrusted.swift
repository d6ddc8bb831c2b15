import Foundation

extension Rule {
    /// Where bytes of strangers become numbers.
    private static let decoders = [
        "Sources/Borders/WebSocketTransport/Door/", "Sources/Borders/WebSocketTransport/HTTP/",
        "Sources/Borders/WebSocketTransport/Loops/Wire.swift", "Sources/Borders/WebSocketTransport/Sockets/",
        "Sources/Borders/WebSocketTransport/WebSocket/", "Sources/Media/TwilioProtocol/",
        "Sources/Media/SpeechAgent/", "Sources/Words/Encoding/",
    ]

    /// Files that convert with the plain initialiser all the same, and why that cannot trap.
    private static let convertsPlainly = [
        "Sources/Words/Encoding/Base64.swift": "a byte, or six bits of one, in the work for every frame",
        "Sources/Media/TwilioProtocol/CarrierTimestamp.swift": "moments of a clock of ours become seconds",
    ]

    static let untrusted = [
        Rule(
            "a size that a stranger or C gave is converted without a trap, and a number in text is read with its radix",
            breaks: ("Sources/Borders/WebSocketTransport/HTTP/A.swift", "let a = Int(frame.length)"),
            keeps: (
                "Sources/Borders/WebSocketTransport/HTTP/A.swift",
                """
                let a = Int(clamping: length) + Int(truncatingIfNeeded: b) + Int32(EV_READ) + UInt8(ascii: "a")
                let b = Int(text, radix: 10) ?? Int(exactly: c) ?? UInt64(1)
                let c: [Int] = d.map(Int.init) + [socklen_t(MemoryLayout<Int32>.size)]
                """
            )
        ) { file in
            guard decoders.contains(where: file.path.hasPrefix), convertsPlainly[file.path] == nil else { return [] }
            let plain =
                #/\bU?Int(?:8|16|32|64)?\((?!clamping:|exactly:|truncatingIfNeeded:|bitPattern:|ascii:|[A-Z0-9_]+\b)/#
                .wordBoundaryKind(.simple)
            let inText = #/\bU?Int(?:8|16|32|64)?\([^()]*(?:\([^()]*\))?[^()]*, radix: /#.wordBoundaryKind(.simple)
            return file.linesOfCode(with: "Int").filter { line in
                file.code[line].matches(of: plain).count > file.code[line].matches(of: inText).count
            }.map(file.at)
        },
        Rule(
            "what a frame's header claims is compared, never added up or multiplied",
            breaks: (
                "Sources/Borders/WebSocketTransport/WebSocket/A.swift",
                "if assembly.count + piece.payloadBytes > limit {"
            ),
            keeps: (
                "Sources/Borders/WebSocketTransport/WebSocket/A.swift",
                "if piece.payloadBytes > limit - assembly.count {"
            )
        ) { file in
            guard file.path.hasPrefix("Sources/Borders/WebSocketTransport/") else { return [] }
            let claim =
                #/[+*]=? *(?:unsafe )?(?:\w+\.)*(?:payloadBytes|payload_length)\b|\b(?:payloadBytes|payload_length) *[+*]/#
                .wordBoundaryKind(.simple)
            return file.matches(claim, "payloadBytes", "payload_length")
        },
    ]
}
