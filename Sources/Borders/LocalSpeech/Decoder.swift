import CPocketSphinx
import Foundation

/// What was understood of one utterance.
package struct Recognition: Equatable, Sendable {
    /// Lower-case words separated by spaces; empty when nothing was understood.
    package var text: String
    /// 0 … 1: the mean posterior of the words.
    package var confidence: Double

    package static let nothing = Recognition(text: "", confidence: 0)
}

/// One PocketSphinx decoder: 10 MB, about 0.03 CPU-seconds a second of speech.
///
/// Not sendable: one owner uses it, on one thread at a time. Calls share a decoder; what a decoder learns about one
/// call's line is taken out as a ``LineState`` after each utterance and put back before the next one.
@safe final class Decoder {
    /// The running cepstral mean of one call.
    struct LineState: Sendable {
        var mean: [Float]
        var sum: [Float]
        var frames: Int32
    }

    enum Failure: Error, CustomStringConvertible {
        case modelMissing(path: String)
        case refused(model: String)

        var description: String {
            switch self {
            case .modelMissing(let path): "the speech model lacks \(path); install pocketsphinx-en-us."
            case .refused(let model):
                "PocketSphinx refused the model in \(model); check that pocketsphinx-en-us and libpocketsphinx are of one version."
            }
        }
    }

    /// 16 kHz samples; the longest utterance taken, anything after it is cut.
    static let samplesMax = 16 * 16_000

    private let handle: OpaquePointer
    /// The state of a line that has not been heard yet.
    private(set) var freshLine = LineState(mean: [], sum: [], frames: 0)

    init(model: SpeechModel) throws(Failure) {
        let arguments = [
            "parley", "-hmm", model.acoustic, "-dict", model.dictionary, "-lm", model.language, "-fwdflat", "no",
            // The utterance was cut out by our own voice activity detector; theirs takes the ends of short words.
            "-remove_silence", "no", "-logfn", "/dev/null",
        ]
        err_set_logfp(nil)
        var owned = unsafe arguments.map { unsafe strdup($0) }
        defer { unsafe owned.forEach { unsafe free($0) } }
        let parsed = unsafe owned.withUnsafeMutableBufferPointer { argv in
            unsafe cmd_ln_parse_r(nil, ps_args(), Int32(argv.count), argv.baseAddress, 1)
        }
        guard let config = unsafe parsed else { throw .refused(model: model.acoustic) }
        defer { unsafe cmd_ln_free_r(config) }
        guard let handle = unsafe ps_init(config) else { throw .refused(model: model.acoustic) }
        unsafe self.handle = handle
        freshLine = line
    }

    deinit { unsafe ps_free(handle) }

    /// Understands one whole utterance, 16 kHz, with a little silence on both sides.
    func recognize(_ samples: [Int16], line state: inout LineState?) -> Recognition {
        line = state ?? freshLine
        guard unsafe ps_start_utt(handle) == 0 else { return .nothing }
        let used = min(samples.count, Self.samplesMax)
        let decoded = unsafe samples.withUnsafeBufferPointer { buffer in
            unsafe ps_process_raw(handle, buffer.baseAddress, used, 0, 0)
        }
        guard unsafe ps_end_utt(handle) == 0, decoded >= 0, let words = unsafe ps_get_hyp(handle, nil) else {
            return .nothing
        }
        let text = unsafe String(cString: words)
        guard !text.isEmpty else { return .nothing }
        state = line
        return Recognition(text: text, confidence: confidence)
    }

    private var confidence: Double {
        guard let math = unsafe ps_get_logmath(handle) else { return 0 }
        var sum = 0.0
        var count = 0
        var segment = unsafe ps_seg_iter(handle)
        while let current = unsafe segment {
            let word = unsafe ps_seg_word(current).map { unsafe String(cString: $0) } ?? ""
            if !word.hasPrefix("<"), !word.hasPrefix("[") {
                sum += unsafe logmath_exp(math, Int32(ps_seg_prob(current, nil, nil, nil)))
                count += 1
            }
            unsafe segment = ps_seg_next(current)
        }
        return count == 0 ? 0 : min(1, sum / Double(count))
    }

    private var line: LineState {
        get {
            guard let cmn = unsafe ps_get_feat(handle)?.pointee.cmn_struct else { return freshLine }
            let length = Int(unsafe cmn.pointee.veclen)
            return LineState(
                mean: unsafe Array(UnsafeBufferPointer(start: cmn.pointee.cmn_mean, count: length)),
                sum: unsafe Array(UnsafeBufferPointer(start: cmn.pointee.sum, count: length)),
                frames: unsafe cmn.pointee.nframe)
        }
        set {
            guard let cmn = unsafe ps_get_feat(handle)?.pointee.cmn_struct,
                newValue.mean.count == Int(unsafe cmn.pointee.veclen)
            else { return }
            for (index, value) in newValue.mean.enumerated() { unsafe cmn.pointee.cmn_mean[index] = value }
            for (index, value) in newValue.sum.enumerated() { unsafe cmn.pointee.sum[index] = value }
            unsafe cmn.pointee.nframe = newValue.frames
        }
    }
}
