import Foundation

/// The files a decoder loads: Debian's acoustic model with telephone settings, our language model and dictionary.
///
/// PocketSphinx takes the cepstral-mean start vector from `feat.params` beside the acoustic model and nowhere else, so a
/// private directory is made of links to Debian's files and our own `feat.params`. The decoders have read everything
/// once they exist: ``remove()`` it then.
struct SpeechModel {
    let acoustic: String
    let dictionary: String
    let language: String

    private static let installed = "/usr/share/pocketsphinx/model/en-us/en-us"
    private static let linked = ["mdef", "means", "variances", "transition_matrices", "sendump", "noisedict"]

    init() throws {
        guard let own = Bundle.module.url(forResource: "Model", withExtension: nil) else {
            throw Decoder.Failure.modelMissing(path: "Model (beside the executable)")
        }
        dictionary = own.appending(path: "sales.dict").path
        language = own.appending(path: "sales.lm").path
        let files = FileManager.default
        let directory = files.temporaryDirectory.appending(path: "parley-speech-\(UUID().uuidString)")
        acoustic = directory.path
        for path in [dictionary, language] + Self.linked.map({ "\(Self.installed)/\($0)" })
        where !files.fileExists(atPath: path) {
            throw Decoder.Failure.modelMissing(path: path)
        }
        try files.createDirectory(
            at: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        for name in Self.linked {
            try files.createSymbolicLink(
                atPath: "\(acoustic)/\(name)", withDestinationPath: "\(Self.installed)/\(name)")
        }
        try files.copyItem(at: own.appending(path: "feat.params"), to: directory.appending(path: "feat.params"))
    }

    func remove() { try? FileManager.default.removeItem(atPath: acoustic) }
}
