import Encoding
import HTTPClient
import TwilioProtocol

/// Delivers one call's status callbacks: signed, in order unless told otherwise, each tried a few times.
actor CallbackSender {
    private let client: WebhookClient
    private let config: CarrierConfig
    private let delivery: CallOptions.Delivery
    private let log: CallEventLog
    private var chain: Task<Bool, Never>?
    private var heldBack: (url: String, fields: [FormField])?

    init(client: WebhookClient, config: CarrierConfig, delivery: CallOptions.Delivery, log: CallEventLog) {
        self.client = client
        self.config = config
        self.delivery = delivery
        self.log = log
    }

    /// Queues a callback and returns at once.
    func send(_ url: String, _ fields: [FormField], isTerminal: Bool = false) {
        if delivery == .overtaken {
            if !isTerminal {
                if let earlier = heldBack { enqueue(earlier.url, earlier.fields) }
                heldBack = (url, fields)
                return
            }
            enqueue(url, fields)
            if let late = heldBack { enqueue(late.url, late.fields) }
            heldBack = nil
            return
        }
        enqueue(url, fields)
        if delivery == .duplicated { enqueue(url, fields) }
    }

    /// Waits until everything is delivered or given up; whether the last one was delivered, nil when there was none.
    func finish() async -> Bool? { await chain?.value }

    private func enqueue(_ url: String, _ fields: [FormField]) {
        let previous = chain
        chain = Task { [self] in
            _ = await previous?.value
            return await deliver(url, fields)
        }
    }

    private func deliver(_ url: String, _ fields: [FormField]) async -> Bool {
        if case .delayed(let ms) = delivery { try? await Task.sleep(for: .milliseconds(ms)) }
        let what = fields["CallStatus"] ?? fields["StreamEvent"] ?? "callback"
        let signature = config.sign(url, fields)
        let triesMax = config.callbackTriesMax
        for attempt in 1...max(1, triesMax) {
            switch await client.post(url, fields: fields, signature: signature) {
            case .success(let answer) where (200..<300).contains(answer.status):
                log.note(.callbackDelivered, what)
                return true
            case .success(let answer): log.note(.callbackFailed, "\(what): HTTP \(answer.status), try \(attempt)")
            case .failure(let failure): log.note(.callbackFailed, "\(what): \(failure), try \(attempt)")
            }
            if attempt < triesMax { try? await Task.sleep(for: .milliseconds(300 << (attempt - 1))) }
        }
        return false
    }
}
