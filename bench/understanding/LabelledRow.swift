import Foundation

/// The lines of a set that is not about what records hold: replies to the offer of a consult, questions to specialists.
enum LabelledRows {
    /// Nil when there is no such file.
    ///
    /// - Throws: ``LabelledSet/Fault`` with file, line number and what is wrong there.
    static func read<Row: Decodable>(_ kind: String, _ half: LabelledSet.Half, in folder: URL, as type: Row.Type) throws
        -> [Row]?
    {
        let file = folder.appending(path: "\(half.rawValue)/\(kind).jsonl")
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        let lines = try String(contentsOf: file, encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false)
        return try zip(1..., lines).filter { !$0.1.isEmpty }.map { number, line in
            do { return try JSONDecoder().decode(Row.self, from: Data(line.utf8)) } catch {
                throw LabelledSet.Fault("\(half.rawValue)/\(kind).jsonl, line \(number): \(error)")
            }
        }
    }
}
