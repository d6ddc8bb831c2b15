import Telemetry
package import WebSocketTransport

extension HTTPResponse {
    /// A file that is made page by page while it is sent, as fast as its reader takes it. The first page is made before the
    /// answer begins: what fails there is a problem; what fails later cuts the connection.
    ///
    /// - Parameter page: of a cursor, which is nil for the first; answers with the next one, nil behind the last.
    package static func pages<Cursor: Sendable>(
        type: String, fileName: String,
        _ page: @escaping @Sendable (Cursor?) async throws -> (bytes: [UInt8], next: Cursor?)
    ) async throws -> HTTPResponse {
        let first = try await page(nil)
        var response = HTTPResponse(
            status: 200,
            headers: [
                ("content-type", type), ("content-disposition", "attachment; filename=\"\(fileName)\""),
                ("cache-control", "no-store"),
            ])
        let pages = Pages(first, page)
        response.stream = BodyStream { await pages.next() }
        return response
    }
}

/// Where a reader of pages is. Asked by one at a time.
private actor Pages<Cursor: Sendable> {
    private var ready: [UInt8]?
    private var cursor: Cursor?
    private let page: @Sendable (Cursor?) async throws -> (bytes: [UInt8], next: Cursor?)

    init(
        _ first: (bytes: [UInt8], next: Cursor?),
        _ page: @escaping @Sendable (Cursor?) async throws -> (bytes: [UInt8], next: Cursor?)
    ) {
        ready = first.bytes.isEmpty ? nil : first.bytes
        cursor = first.next
        self.page = page
    }

    /// Empty at the end, nil when there is none to be had.
    func next() async -> [UInt8]? {
        if let bytes = ready {
            ready = nil
            return bytes
        }
        // A page may have nothing to say and still not be the last.
        while let at = cursor {
            do {
                let (bytes, next) = try await page(at)
                cursor = next
                if !bytes.isEmpty { return bytes }
            } catch {
                Log.warning("an answer that was being sent is cut", ["error": error])
                return nil
            }
        }
        return []
    }
}
