import Foundation

/// The files a decoder loads: Debian's acoustic model with telephone settings, our language model and dictionary.
///
/// PocketSphinx takes the cepstral-mean start vector from `feat.params` beside the acoustic model and nowhere else, so a
/// private directory is made of links to Debian's files and files of our own, which the program has in it. The decoders have
/// read everything once they exist: ``remove()`` it then.
struct SpeechModel {
    let acoustic: String
    let dictionary: String
    let language: String

    private static let installed = "/usr/share/pocketsphinx/model/en-us/en-us"
    private static let linked = ["mdef", "means", "variances", "transition_matrices", "sendump", "noisedict"]

    init() throws {
        let files = FileManager.default
        for path in Self.linked.map({ "\(Self.installed)/\($0)" }) where !files.fileExists(atPath: path) {
            throw Decoder.Failure.modelMissing(path: path)
        }
        let directory = files.temporaryDirectory.appending(path: "parley-speech-\(UUID().uuidString)")
        acoustic = directory.path
        dictionary = directory.appending(path: "sales.dict").path
        language = directory.appending(path: "sales.lm").path
        try files.createDirectory(
            at: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        for name in ["feat.params", "sales.dict", "sales.lm"] {
            try Data((EmbeddedFiles.texts["Model/\(name)"] ?? "").utf8).write(to: directory.appending(path: name))
        }
        for name in Self.linked {
            try files.createSymbolicLink(
                atPath: "\(acoustic)/\(name)", withDestinationPath: "\(Self.installed)/\(name)")
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: acoustic) }
}
