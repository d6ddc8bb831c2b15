import CallModel
import Endpoints
import Foundation
import WebSocketTransport

/// A request whose body is a file: what must be true of it, and how it comes to stand on the disk.
struct SentFile {
    private let request: HTTPRequest

    /// - Parameter types: the media types it may be of; a refusal names them.
    /// - Throws: ``Problem`` for another type, and for a file of no bytes.
    init(_ request: HTTPRequest, of types: [String]) throws(Problem) {
        let type = (request.header("content-type") ?? "").prefix { $0 != ";" }.lowercased()
        guard types.contains(type.trimmingCharacters(in: .whitespaces)) else {
            throw Problem(
                status: 415, title: "Unsupported media type",
                detail:
                    "Send the file itself as the body, as `\(types.joined(separator: "` or `"))`; no form around it.")
        }
        guard request.bodyFile.map({ $0.count > 0 }) ?? !request.body.isEmpty else {
            throw .unprocessable([Problem.Fault(.pointer(""), "The file is empty.")])
        }
        self.request = request
    }

    /// Blocks for as long as the disk takes.
    ///
    /// - Throws: ``Problem`` where there is no room for it.
    func keep(in files: ImportFiles, _ tenant: TenantID, _ id: UUID) throws -> ImportFiles.Kept {
        do { return try files.keep(ImportFiles.Body(request), tenant, id) } catch is ImportFiles.Failure {
            throw Problem(
                status: 503, detail: "There is no room for the file on the disk.", headers: ["retry-after": "600"])
        }
    }
}
