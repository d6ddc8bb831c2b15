import Foundation
import Testing

/// Rows of a tab-separated file under `Labelled`; lines that begin with `#` are comments.
enum LabelledData {
    static func rows(_ name: String, columns: Int) throws -> [[String]] {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "tsv", subdirectory: "Labelled"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return try lines.map { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(fields.count == columns, "\(line)")
            return fields
        }
    }
}
