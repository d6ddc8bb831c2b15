import Encoding
package import WebSocketTransport

extension HTTPResponse {
    /// A file, or the part of it that is asked for (RFC 9110, 14): one range of bytes; of several, all of the file is sent, as
    /// the RFC leaves open.
    ///
    /// - Parameters:
    ///   - tag: of the file as it is; an `If-Range` that names another gets all of it.
    package static func file(
        _ file: BodyFile, type: String, tag: String, for request: HTTPRequest
    ) -> HTTPResponse {
        var response = HTTPResponse(
            status: 200,
            headers: [
                ("content-type", type), ("accept-ranges", "bytes"), ("etag", tag),
                ("cache-control", "private, no-cache"),
            ])
        let known = EntityTags(request.headers.filter { $0.name == "if-none-match" }.map(\.value))
        guard !known.includes(tag) else {
            response.status = 304
            return response
        }
        let isSame = request.header("if-range").map { $0 == tag } ?? true
        switch isSame ? ByteRange(request.header("range"), of: file.count) : .all {
        case .all: response.slice = FileSlice(file)
        case .part(let part):
            response.status = 206
            response.headers.append(("content-range", "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(file.count)"))
            response.slice = FileSlice(file, offset: part.lowerBound, count: part.count)
        case .beyond:
            response =
                Problem(status: 416, title: "Range not satisfiable", detail: "The range is beyond the end.").response
            response.headers.append(("content-range", "bytes */\(file.count)"))
        }
        return response
    }
}

/// What a `Range` field asks for.
enum ByteRange: Equatable {
    case all
    case part(Range<Int>)
    case beyond

    /// - Parameters:
    ///   - field: `bytes=0-99`, `bytes=100-`, `bytes=-100`; anything else is not understood, and asks for all.
    ///   - count: of the whole.
    init(_ field: String?, of count: Int) {
        self = .all
        guard let field, field.utf8.count <= 64, field.hasPrefix("bytes="), !field.contains(",") else { return }
        let ends = field.utf8.dropFirst(6).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2, let first = ends.first.flatMap(Self.number), let last = ends.last.flatMap(Self.number)
        else { return }
        switch (first, last) {
        case (nil, nil): return
        case (nil, let suffix?): self = suffix > 0 && count > 0 ? .part(max(0, count - suffix)..<count) : .beyond
        case (let first?, let last):
            if let last, last < first { return }
            self = first < count ? .part(first..<(min(last ?? count, count - 1) + 1)) : .beyond
        }
    }

    /// Nil within nil: nothing stands there. Nil: it is no number.
    private static func number(_ digits: Substring.UTF8View) -> Int?? {
        guard !digits.isEmpty else { return .some(nil) }
        guard digits.count <= 18, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        return .some(digits.reduce(0) { $0 * 10 + Int($1 - 0x30) })
    }
}
