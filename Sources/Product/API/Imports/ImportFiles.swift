import CSV
import CallModel
import Encoding
import Foundation
import Telemetry
import WebSocketTransport

/// The files of imports on this node's disk, a folder a tenant: in UTF-8 without a mark, and as they came.
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
    /// So much of a file as it came is read to say what it would be in another encoding.
    private static let beginningBytes = 1 << 20
    /// Longer than a file is kept before anybody knows of it: one that is younger may be somebody's upload under way.
    static let settledSeconds = 7_200.0
    private static let partEnding = ".part"
    private static let rawEnding = ".raw"

    let directory: String
    let limits: Limits

    package init(directory: String, limits: Limits = Limits()) {
        self.directory = directory
        self.limits = limits
    }

    private func folder(_ tenant: TenantID) -> String { "\(directory)/\(tenant)" }
    private func path(_ tenant: TenantID, _ id: UUID, _ ending: String) -> String {
        "\(folder(tenant))/\(id.uuidString.lowercased())\(ending)"
    }
    /// Of the file in UTF-8, read as one of that encoding.
    private static func ending(_ encoding: TextEncoding) -> String { ".\(encoding.rawValue).csv" }

    /// In UTF-8, read as one of that encoding. Nil where this node has none: it is over, another node's, or was not asked for yet.
    func open(_ tenant: TenantID, _ id: UUID, _ encoding: TextEncoding) -> BodyFile? {
        try? BodyFile(path: path(tenant, id, Self.ending(encoding)))
    }

    /// The same; where nobody has asked for that encoding before, of the beginning only, which is all that a look at it needs.
    func openBeginning(_ tenant: TenantID, _ id: UUID, _ encoding: TextEncoding) -> BodyFile? {
        if let file = open(tenant, id, encoding) { return file }
        guard let raw = try? BodyFile(path: path(tenant, id, Self.rawEnding)),
            let bytes = raw.read(at: 0, count: Self.beginningBytes),
            let file = try? BodyFile(temporaryIn: folder(tenant))
        else { return nil }
        var transcoder = TextTranscoder(from: encoding)
        return file.append(transcoder.convert(bytes)) ? file : nil
    }

    /// The same, made from the file as it came where nobody has asked for that encoding before; blocks for as long as that takes.
    ///
    /// - Throws: ``Failure``.
    func make(_ tenant: TenantID, _ id: UUID, _ encoding: TextEncoding) throws -> BodyFile? {
        if let file = open(tenant, id, encoding) { return file }
        guard let raw = try? BodyFile(path: path(tenant, id, Self.rawEnding)) else { return nil }
        _ = try write(Body(raw), from: encoding, to: path(tenant, id, Self.ending(encoding)))
        return open(tenant, id, encoding)
    }

    func remove(_ tenant: TenantID, _ id: UUID) {
        for ending in TextEncoding.allCases.map(Self.ending) + [Self.rawEnding] {
            try? FileManager.default.removeItem(atPath: path(tenant, id, ending))
        }
    }

    /// Keeps a body, synced to the disk: in UTF-8, and as it came, for who finds another encoding to be the right one. Blocks for as
    /// long as that takes.
    ///
    /// - Throws: ``Failure``, or what the disk says.
    func keep(_ body: Body, _ tenant: TenantID, _ id: UUID) throws -> Kept {
        try FileManager.default.createDirectory(
            atPath: folder(tenant), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let free = try FileManager.default.attributesOfFileSystem(forPath: directory)[.systemFreeSize] as? NSNumber
        // In UTF-8 a file has up to three times its bytes.
        guard (free?.intValue ?? .max) - limits.freeBytesMin > 4 * body.count else { throw Failure.noRoom }
        var finder = TextEncodingFinder()
        let digest = RunningSHA256()
        try body.eachPiece {
            finder.take($0)
            digest.take($0)
        }
        let (path, raw) = (path(tenant, id, Self.ending(finder.encoding)), path(tenant, id, Self.rawEnding))
        do {
            let kept = try write(body, from: finder.encoding, to: path)
            // Most are the same, and take the disk once.
            if kept != body.count || link(path, raw) != 0 { _ = try write(body, from: nil, to: raw) }
            return Kept(sha256: Hex.encode(digest.finish()), encoding: finder.encoding, bytes: kept)
        } catch {
            remove(tenant, id)
            throw error
        }
    }

    /// - Parameter encoding: nil leaves the bytes as they are.
    /// - Returns: how many bytes it has become.
    private func write(_ body: Body, from encoding: TextEncoding?, to path: String) throws -> Int {
        let part = path + Self.partEnding
        guard FileManager.default.createFile(atPath: part, contents: nil, attributes: [.posixPermissions: 0o600]),
            let file = FileHandle(forWritingAtPath: part)
        else { throw Failure.noRoom }
        do {
            var transcoder = encoding.map { TextTranscoder(from: $0) }
            var count = 0
            func write(_ bytes: [UInt8]) throws {
                try file.write(contentsOf: Data(bytes))
                count += bytes.count
            }
            try body.eachPiece { try write(transcoder?.convert($0) ?? $0) }
            try write(transcoder?.finish() ?? [])
            try file.synchronize()
            try file.close()
            guard rename(part, path) == 0 else { throw Failure.noRoom }
            return count
        } catch {
            try? FileManager.default.removeItem(atPath: part)
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
                self.init(file)
            } else {
                let bytes = request.body
                self.init(count: bytes.count) { Array(bytes[$0..<min($0 + $1, bytes.count)]) }
            }
        }

        init(_ file: BodyFile) { self.init(count: file.count) { file.read(at: $0, count: $1) } }

        private init(count: Int, read: @escaping (Int, Int) -> [UInt8]?) {
            self.count = count
            self.read = read
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
                let isOurs = name.hasSuffix(".csv") || name.hasSuffix(Self.rawEnding)
                guard isOurs, let id = UUID(uuidString: String(name.prefix(36))) else { continue }
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
