/// Texts as arrays of their UTF-8 bytes.
extension [UInt8] {
    /// The words with one space between them.
    package func singleSpaced() -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(count)
        var isApart = false
        var at = 0
        while at < count {
            if isWhite(at: at) {
                isApart = !out.isEmpty
                at = next(after: at)
                continue
            }
            if isApart { out.append(UInt8(ascii: " ")) }
            isApart = false
            out.append(self[at])
            at += 1
        }
        return out
    }

    package func contains(_ phrase: String.UTF8View) -> Bool { indices.contains { self[$0...].starts(with: phrase) } }

    /// Where the first byte is that `stops`, if at most `charactersMax` characters lie before it.
    package func end(from start: Int, charactersMax: Int, _ stops: (UInt8) -> Bool) -> Int? {
        var count = 0
        var at = start
        while at < self.count {
            if stops(self[at]) { return at }
            if !self[at].isContinuation { count += 1 }
            guard count <= charactersMax else { return nil }
            at += 1
        }
        return nil
    }

    /// Where the character after the one at `at` begins.
    package func next(after at: Int) -> Int {
        var next = at + 1
        while next < count, self[next].isContinuation { next += 1 }
        return next
    }

    /// The character that begins at `at`.
    package func scalar(at: Int) -> Unicode.Scalar? {
        self[at] < 0x80
            ? Unicode.Scalar(self[at]) : String(decoding: self[at...].prefix(4), as: UTF8.self).unicodeScalars.first
    }

    package func isWhite(at: Int) -> Bool { self[at] < 0xC2 ? self[at].isSpace : scalar(at: at)?.isWhite == true }
}

extension ArraySlice<UInt8> {
    package var characterCount: Int { count { !$0.isContinuation } }
}

extension UInt8 {
    /// Of a character beyond ASCII: a byte after its first.
    package var isContinuation: Bool { self & 0xC0 == 0x80 }
    package var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
}
