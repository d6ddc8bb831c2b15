import CSV
import CallModel
import Encoding
import Foundation
import Telemetry
import WebSocketTransport

/// The files of imports on this node's disk, a folder a tenant: in UTF-8 without a mark, whatever they came in.
package struct ImportFiles: Sendable {
    package struct Limits: Sendable {
        package var fileBytesMax = 1 << 30
        /// From the request's head to the end of the file.
        package var uploadSeconds = 1_800
        /// Of one tenant, of those that are not over.
        package var openMax = 10
        /// What is left for others on the disk.
        package var freeBytesMin = 1 << 30

        package init() {}
    }

    /// What keeping a file has found out.
    struct Kept: Sendable {
        /// In hexadecimal, of the file as it came.
        var sha256: String
        var encoding: TextEncoding
        /// As it is kept.
        var bytes: Int
    }

    enum Failure: Error { case unreadable, noRoom }

    private static let pieceBytes = 1 << 20
    /// Longer than a file is kept before anybody knows of it: one that is younger may be somebody's upload under way.
    static let settledSeconds = 7_200.0
    private static let partEnding = ".part"

    let directory: String
    let limits: Limits

    package init(directory: String, limits: Limits = Limits()) {
        self.directory = directory
        self.limits = limits
    }

    private func folder(_ tenant: TenantID) -> String { "\(directory)/\(tenant)" }
    private func path(_ tenant: TenantID, _ id: UUID) -> String {
        "\(folder(tenant))/\(id.uuidString.lowercased()).csv"
    }

    /// Nil where this node has none: it is over, or another node's.
    func open(_ tenant: TenantID, _ id: UUID) -> BodyFile? { try? BodyFile(path: path(tenant, id)) }

    func remove(_ tenant: TenantID, _ id: UUID) { try? FileManager.default.removeItem(atPath: path(tenant, id)) }

    /// Keeps a body, synced to the disk; blocks for as long as that takes.
    ///
    /// - Throws: ``Failure``, or what the disk says.
    func keep(_ body: Body, _ tenant: TenantID, _ id: UUID) throws -> Kept {
        try FileManager.default.createDirectory(
            atPath: folder(tenant), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let free = try FileManager.default.attributesOfFileSystem(forPath: directory)[.systemFreeSize] as? NSNumber
        // In UTF-8 a file has up to three times its bytes.
        guard (free?.intValue ?? .max) - limits.freeBytesMin > 3 * body.count else { throw Failure.noRoom }
        var finder = TextEncodingFinder()
        let digest = RunningSHA256()
        try body.eachPiece {
            finder.take($0)
            digest.take($0)
        }
        let path = path(tenant, id)
        let kept = try write(body, from: finder.encoding, to: path + Self.partEnding)
        guard rename(path + Self.partEnding, path) == 0 else { throw Failure.noRoom }
        return Kept(sha256: Hex.encode(digest.finish()), encoding: finder.encoding, bytes: kept)
    }

    private func write(_ body: Body, from encoding: TextEncoding, to path: String) throws -> Int {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure.noRoom }
        do {
            var transcoder = TextTranscoder(from: encoding)
            var count = 0
            func write(_ bytes: [UInt8]) throws {
                try file.write(contentsOf: Data(bytes))
                count += bytes.count
            }
            try body.eachPiece { try write(transcoder.convert($0)) }
            try write(transcoder.finish())
            try file.synchronize()
            try file.close()
            return count
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            if error is Failure { throw error }
            Log.error("an import's file is not kept", ["file": path, "error": error])
            throw Failure.noRoom
        }
    }

    /// A request's body, from disk or from memory.
    struct Body {
        let count: Int
        private let read: (Int, Int) -> [UInt8]?

        init(_ request: HTTPRequest) {
            if let file = request.bodyFile {
                count = file.count
                read = { file.read(at: $0, count: $1) }
            } else {
                let bytes = request.body
                count = bytes.count
                read = { Array(bytes[$0..<min($0 + $1, bytes.count)]) }
            }
        }

        func eachPiece(_ take: ([UInt8]) throws -> Void) throws {
            var offset = 0
            while offset < count {
                guard let piece = read(offset, ImportFiles.pieceBytes), !piece.isEmpty else { throw Failure.unreadable }
                try take(piece)
                offset += piece.count
            }
        }
    }

    /// What has been there for a while, by whose it is; what has another name is none of ours.
    func settled(at now: Date) -> [(tenant: TenantID, id: UUID)] {
        var found: [(TenantID, UUID)] = []
        for folder in names(in: directory) {
            guard let tenant = UUID(uuidString: folder) else { continue }
            for name in names(in: "\(directory)/\(folder)") where isSettled("\(directory)/\(folder)/\(name)", now) {
                guard name.hasSuffix(".csv"), let id = UUID(uuidString: String(name.dropLast(4))) else { continue }
                found.append((TenantID(tenant), id))
            }
        }
        return found
    }

    /// Removes what a node that died has left half written.
    func removeParts(at now: Date) {
        for folder in names(in: directory) where UUID(uuidString: folder) != nil {
            for name in names(in: "\(directory)/\(folder)") where name.hasSuffix(Self.partEnding) {
                let path = "\(directory)/\(folder)/\(name)"
                if isSettled(path, now) { try? FileManager.default.removeItem(atPath: path) }
            }
        }
    }

    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private func isSettled(_ path: String, _ now: Date) -> Bool {
        let changed = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        return changed.map { now.timeIntervalSince($0) > Self.settledSeconds } ?? false
    }
}
