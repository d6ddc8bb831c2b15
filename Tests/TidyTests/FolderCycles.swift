/// Which folders of a module need each other, by the types that one declares and the other names. Imports do not show it: a
/// module's files see each other without any.
///
/// A folder is the one right under the module's; files beside the folders belong to none. Seen are types that are declared
/// once, outside of other types; not seen are members that one folder adds to a type of another.
struct FolderCycles {
    /// `Module: A, B, C` for folders each of which needs the others, directly or through them.
    let found: [String]

    init(_ files: [SourceFile]) {
        let modules = Dictionary(grouping: files.filter { $0.area == "Sources" }, by: \.module)
        found = modules.flatMap { module, files in
            Self.circles(Self.needs(files)).map { "\(module): \($0.sorted().joined(separator: ", "))" }
        }.sorted()
    }

    /// Folder to the folders it needs.
    private static func needs(_ files: [SourceFile]) -> [String: Set<String>] {
        let read = files.map { ($0.folder, Words($0.code)) }
        var owners: [String: Set<String>] = [:]
        for (folder, words) in read {
            for type in words.outerTypes { owners[type, default: []].insert(folder) }
        }
        var needs: [String: Set<String>] = [:]
        for (folder, words) in read where !folder.isEmpty {
            for name in words.named.subtracting(words.declared) {
                guard let owner = owners[name], owner.count == 1, !owner.contains(""), !owner.contains(folder) else {
                    continue
                }
                needs[folder, default: []].formUnion(owner)
            }
        }
        return needs
    }

    /// Sets of folders from each of which every other can be reached.
    private static func circles(_ needs: [String: Set<String>]) -> Set<Set<String>> {
        func reached(from folder: String) -> Set<String> {
            var reached: Set<String> = []
            var left = needs[folder] ?? []
            while let next = left.popFirst() {
                if reached.insert(next).inserted { left.formUnion(needs[next] ?? []) }
            }
            return reached
        }
        let reach = Dictionary(uniqueKeysWithValues: needs.keys.map { ($0, reached(from: $0)) })
        return Set(
            reach.filter { $1.contains($0) }.map { folder, others in
                others.filter { reach[$0]?.contains(folder) == true }
            })
    }

    /// The words of a file that begin with a capital letter.
    private struct Words {
        private static let kinds: Set<String> = ["struct", "enum", "class", "actor", "protocol", "typealias"]

        /// Declared, but for those that only the file sees.
        var outerTypes: Set<String> = []
        /// All that the file declares, types inside of types and cases too: there they mean these.
        var declared: Set<String> = []
        /// Not after a dot.
        var named: Set<String> = []

        init(_ code: [String]) {
            for line in code {
                var previous = ""
                var isPrivate = false
                var isAfterDot = false
                var word: [UInt8] = []
                func isWord(_ byte: UInt8) -> Bool {
                    byte == 0x5F || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                        || (0x61...0x7A).contains(byte)
                }
                for byte in Array(line.utf8) + [0x20] {
                    if isWord(byte) {
                        word.append(byte)
                        continue
                    }
                    if !word.isEmpty {
                        let text = String(decoding: word, as: UTF8.self)
                        isPrivate = isPrivate || text == "private" || text == "fileprivate"
                        if Self.kinds.contains(previous) || previous == "associatedtype" {
                            declared.insert(text)
                            if line.first != " ", !isPrivate { outerTypes.insert(text) }
                        } else if !isAfterDot, let first = word.first, (0x41...0x5A).contains(first) {
                            named.insert(text)
                        }
                        previous = text
                        word = []
                    }
                    isAfterDot = byte == 0x2E
                }
            }
        }
    }
}

extension SourceFile {
    /// Right under the module's, empty for a file beside the folders.
    fileprivate var folder: String {
        let parts = path.split(separator: "/")
        return parts.count > 4 ? String(parts[3]) : ""
    }
}
