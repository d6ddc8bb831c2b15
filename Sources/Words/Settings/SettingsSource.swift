import Foundation

/// Where settings come from: `parley.json5`, then the environment, secrets also as `…_FILE`. Collects every mistake.
package struct SettingsSource {
    private(set) var values: [String: String] = [:]
    private(set) var mistakes: [String] = []
    package static let file = Setting(
        "PARLEY_CONFIG", .text, default: "./parley.json5", "settings file; the environment wins over it")
    private static let fileBytesMax = 64 * 1_024

    init(environment: [String: String], known all: [any AnySetting]) {
        let known = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let path = environment[Self.file.name] ?? Self.file.standard
        if FileManager.default.fileExists(atPath: path) {
            readFile(path, known: known)
        } else if environment[Self.file.name] != nil {
            mistakes.append("\(Self.file.name): there is no file at \(path)")
        }
        for (name, value) in environment where name.hasPrefix("PARLEY_") {
            if known[name] != nil {
                values[name] = value
            } else if name.hasSuffix("_FILE"), let setting = known[String(name.dropLast(5))], setting.isSecret {
                if environment[setting.name] == nil {
                    readSecret(setting, path: value)
                } else {
                    mistakes.append("\(setting.name) and \(name): set one of them")
                }
            } else {
                mistakes.append(
                    "\(name): unknown setting\(Self.nearest(name, in: known.keys).map { "; did you mean \($0)?" } ?? "")"
                )
            }
        }
    }

    private mutating func readSecret(_ setting: any AnySetting, path: String) {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.fileBytesMax,
            let text = String(data: data, encoding: .utf8)
        else {
            mistakes.append("\(setting.name)_FILE: cannot read \(path) as a text file")
            return
        }
        values[setting.name] = text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private mutating func readFile(_ path: String, known: [String: any AnySetting]) {
        guard let data = FileManager.default.contents(atPath: path), data.count <= Self.fileBytesMax else {
            mistakes.append("\(path): cannot be read, or is larger than 64 KiB")
            return
        }
        do throws(SettingsText.Mistake) {
            for entry in try SettingsText.read(String(decoding: data, as: UTF8.self)) {
                if known[entry.name] == nil {
                    let name = entry.name.dropFirst(7).lowercased()
                    mistakes.append("\(path): unknown setting \(name), line \(entry.line)")
                } else {
                    values[entry.name] = entry.value
                }
            }
        } catch {
            mistakes.append("\(path): not valid JSON5, line \(error.line): \(error.what)")
        }
    }

    private static func nearest(_ name: String, in known: some Sequence<String>) -> String? {
        known.min { distance(name, $0) < distance(name, $1) }.flatMap { distance(name, $0) <= 4 ? $0 : nil }
    }

    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b.utf8)
        var row = Array(0...b.count)
        for (i, x) in a.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = min(diagonal + (x == y ? 0 : 1), min(row[j], above) + 1)
                diagonal = above
            }
        }
        return row[b.count]
    }
}
