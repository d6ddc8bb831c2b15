/// Standard base64 (RFC 4648 section 4, padded): strict and without allocation in the span forms.
package enum Base64 {
    package static func encodedLength(_ bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

    package static func encode(_ bytes: [UInt8]) -> String {
        var text = [UInt8](repeating: 0, count: encodedLength(bytes.count))
        var span = text.mutableSpan
        _ = encode(bytes.span, into: &span, at: 0)
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil when the text is not padded base64 in canonical form.
    package static func decode(_ text: String) -> [UInt8]? {
        let source = Array(text.utf8)
        guard source.count % 4 == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: source.count / 4 * 3)
        var span = bytes.mutableSpan
        guard case .decoded(let count, let end) = decode(source.span, from: 0, into: &span), end == source.count else {
            return nil
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Appends the text of `bytes`; allocates nothing where `text` has room for it.
    package static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
        let start = text.count
        var missing = encodedLength(bytes.count)
        // In pieces: byte by byte, a build whose generic code is not specialised takes hundreds of times as long.
        while missing > 0 {
            let piece = min(missing, blank.count)
            text.append(contentsOf: blank[..<piece])
            missing -= piece
        }
        var span = text.mutableSpan
        _ = encode(bytes, into: &span, at: start)
    }

    private static let blank = [UInt8](repeating: 0, count: 1_024)

    /// Writes the text of `bytes` at `start` and returns where it ends.
    ///
    /// - Precondition: the text fits.
    package static func encode(_ bytes: Span<UInt8>, into text: inout MutableSpan<UInt8>, at start: Int) -> Int {
        let end = start + encodedLength(bytes.count)
        precondition(start >= 0 && end <= text.count, "\(bytes.count) bytes at \(start) into \(text.count)")
        let whole = bytes.count / 3 * 3
        unsafe alphabet.withUnsafeBufferPointer { letters in
            unsafe bytes.withUnsafeBufferPointer { source in
                unsafe text.withUnsafeMutableBufferPointer { target in
                    var at = start
                    var index = 0
                    while index < whole {
                        let group =
                            unsafe UInt32(source[index]) << 16 | UInt32(source[index + 1]) << 8
                            | UInt32(source[index + 2])
                        unsafe target[at] = letters[Int(group >> 18)]
                        unsafe target[at + 1] = letters[Int(group >> 12 & 63)]
                        unsafe target[at + 2] = letters[Int(group >> 6 & 63)]
                        unsafe target[at + 3] = letters[Int(group & 63)]
                        index += 3
                        at += 4
                    }
                    guard index < source.count else { return }
                    let hasTwo = index + 1 < source.count
                    let group = unsafe UInt32(source[index]) << 16 | (hasTwo ? UInt32(source[index + 1]) << 8 : 0)
                    unsafe target[at] = letters[Int(group >> 18)]
                    unsafe target[at + 1] = letters[Int(group >> 12 & 63)]
                    unsafe target[at + 2] = hasTwo ? letters[Int(group >> 6 & 63)] : UInt8(ascii: "=")
                    unsafe target[at + 3] = UInt8(ascii: "=")
                }
            }
        }
        return end
    }

    package enum Outcome: Equatable {
        /// `bytes` were written; `end` is the first byte of text that is not part of the base64.
        case decoded(bytes: Int, end: Int)
        case tooLong
        /// A wrong length, misplaced padding, or bits set that no byte owns.
        case broken(at: Int)
    }

    /// Reads base64 from `start` up to the first byte that cannot belong to it.
    package static func decode(_ text: Span<UInt8>, from start: Int, into bytes: inout MutableSpan<UInt8>) -> Outcome {
        unsafe values.withUnsafeBufferPointer { table in
            unsafe text.withUnsafeBufferPointer { source in
                unsafe bytes.withUnsafeMutableBufferPointer { target in
                    unsafe decode(source, from: start, into: target, table: table)
                }
            }
        }
    }

    private static func decode(
        _ source: UnsafeBufferPointer<UInt8>, from start: Int, into target: UnsafeMutableBufferPointer<UInt8>,
        table: UnsafeBufferPointer<UInt8>
    ) -> Outcome {
        var at = start
        var written = 0
        while at + 4 <= source.count {
            let a = unsafe table[Int(source[at])]
            let b = unsafe table[Int(source[at + 1])]
            let c = unsafe table[Int(source[at + 2])]
            let d = unsafe table[Int(source[at + 3])]
            guard a | b | c | d < 64 else { break }
            guard written + 3 <= target.count else { return .tooLong }
            unsafe target[written] = a << 2 | b >> 4
            unsafe target[written + 1] = b << 4 | c >> 2
            unsafe target[written + 2] = c << 6 | d
            written += 3
            at += 4
        }
        var tail: (UInt8, UInt8, UInt8) = (0, 0, 0)
        var letters = 0
        while at + letters < source.count, letters < 4 {
            let value = unsafe table[Int(source[at + letters])]
            guard value < 64 else { break }
            switch letters {
            case 0: tail.0 = value
            case 1: tail.1 = value
            default: tail.2 = value
            }
            letters += 1
        }
        guard letters > 0 else {
            let isPadding = unsafe at < source.count && source[at] == UInt8(ascii: "=")
            return isPadding ? .broken(at: at) : .decoded(bytes: written, end: at)
        }
        let pad = UInt8(ascii: "=")
        guard letters == 2 || letters == 3, at + 4 <= source.count, unsafe source[at + 3] == pad,
            unsafe letters == 3 || source[at + 2] == pad, letters == 3 ? tail.2 & 3 == 0 : tail.1 & 15 == 0
        else { return .broken(at: at) }
        guard written + letters - 1 <= target.count else { return .tooLong }
        unsafe target[written] = tail.0 << 2 | tail.1 >> 4
        if letters == 3 { unsafe target[written + 1] = tail.1 << 4 | tail.2 >> 2 }
        return .decoded(bytes: written + letters - 1, end: at + 4)
    }

    private static let alphabet: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The six bits of every letter, 64 for whatever is not one.
    private static let values: [UInt8] = (0...255).map { byte in
        alphabet.firstIndex(of: UInt8(byte)).map { UInt8($0) } ?? 64
    }
}

/// The same with the alphabet for addresses and without padding (RFC 4648, section 5).
package enum Base64URL {
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(Base64.encodedLength(bytes.count))
        for letter in Base64.encode(bytes).utf8 {
            switch letter {
            case UInt8(ascii: "+"): text.append(UInt8(ascii: "-"))
            case UInt8(ascii: "/"): text.append(UInt8(ascii: "_"))
            case UInt8(ascii: "="): break
            default: text.append(letter)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil for any character outside of the alphabet, padding included, and for what is not in canonical form.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var standard: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
            case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
            case _ where byte.isASCIILetterOrDigit: standard.append(byte)
            default: return nil
            }
        }
        standard += [UInt8](repeating: UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
        return Base64.decode(String(decoding: standard, as: UTF8.self))
    }
}
