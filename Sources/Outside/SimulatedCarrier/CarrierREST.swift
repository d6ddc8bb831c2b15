import CallModel
import Encoding
import Foundation
import TwilioProtocol
import WebSocketTransport

/// `/2010-04-01/Accounts/{AccountSid}/Calls…` of §5: create, read, list, update, with the carrier's error bodies.
enum CarrierREST {
    static func error(_ status: Int, _ code: Int, _ message: String) -> HTTPResponse {
        let error: WireObject = [
            "code": .integer(code), "message": .string(message),
            "more_info": .string("https://www.twilio.com/docs/errors/\(code)"), "status": .integer(status),
        ]
        var response = HTTPResponse.json(WireJSON.object(error).text, status: status)
        if status == 401 { response.headers.append((name: "www-authenticate", value: "Basic realm=\"Twilio API\"")) }
        return response
    }
}

extension SimulatedCarrier {
    /// Answers one REST request.
    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard isAuthorized(request.header("authorization")) else {
            return CarrierREST.error(401, 20_003, "Authenticate")
        }
        let base = "/2010-04-01/Accounts/\(config.accountSid)/"
        guard request.path.hasPrefix(base), request.path.hasSuffix(".json") else { return notFound(request.path) }
        let resource = request.path.dropFirst(base.count).dropLast(".json".count)
        let fields: [FormField]
        do {
            fields =
                try request.method == "POST"
                ? FormURLEncoded.decode(request.body) : FormURLEncoded.decode(query: request.query)
        } catch { return CarrierREST.error(400, 20_001, "\(error)") }
        switch (request.method, resource) {
        case ("POST", "Calls"): return create(fields)
        case ("GET", "Calls"): return await list(fields)
        case ("GET", _) where resource.hasPrefix("Calls/"): return await read(String(resource.dropFirst(6)))
        case ("DELETE", _) where resource.hasPrefix("Calls/"): return await delete(String(resource.dropFirst(6)))
        case ("POST", _) where resource.hasPrefix("Calls/"): return await update(String(resource.dropFirst(6)), fields)
        default: return notFound(request.path)
        }
    }

    /// `+`, 1–9, and 6 to 14 more digits: the reference's made-up numbers, which no numbering plan has, included.
    static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.hasPrefix("+") && (7...15).contains(digits.count) && digits.first != UInt8(ascii: "0")
            && digits.allSatisfy { $0.isASCIIDigit }
    }

    private func isAuthorized(_ header: String?) -> Bool {
        guard let header, header.lowercased().hasPrefix("basic "),
            let bytes = Base64.decode(String(header.dropFirst(6)))
        else { return false }
        let pairs = config.apiKeys + [(sid: config.accountSid, secret: config.authToken)]
        return pairs.contains { Array("\($0.sid):\($0.secret)".utf8) == bytes }
    }

    private func notFound(_ path: String) -> HTTPResponse {
        CarrierREST.error(404, 20_404, "The requested resource \(path) was not found")
    }

    private func create(_ fields: [FormField]) -> HTTPResponse {
        guard let to = fields["To"], to != "+15005550001", Self.isNumber(to) else {
            return CarrierREST.error(400, 21_211, "Invalid 'To' Phone Number: \(fields["To"] ?? "")")
        }
        guard let from = fields["From"], Self.isNumber(from) else {
            return CarrierREST.error(400, 21_212, "Invalid 'From' Phone Number: \(fields["From"] ?? "")")
        }
        let source: TwiMLSource
        if let url = fields["Url"] {
            source = .url(url, extra: [])
        } else if let twiml = fields["Twiml"], twiml.count <= TwiML.inlineCharactersMax {
            source = .inline(twiml)
        } else {
            return CarrierREST.error(400, 21_205, "Url parameter is required, or Twiml of at most 4000 characters")
        }
        let ringSeconds = fields["Timeout"].flatMap { Int($0) } ?? 60
        var options = CallOptions()
        if let limit = fields["TimeLimit"].flatMap({ Int($0) }), limit > 0 { options.callSecondsMax = limit }
        let events = Set(fields.filter { $0.name == "StatusCallbackEvent" }.map(\.value))
        let callee = config.callee(to)
        let detection = fields["MachineDetection"]
        let isAsync = fields["AsyncAmd"] == "true"
        do {
            let sid = try register { sid in
                var setup = SimulatedCall.Setup(
                    callSid: sid, direction: "outbound-api", from: from, to: to, source: source,
                    fallbackURL: fields["FallbackUrl"], statusURL: fields["StatusCallback"],
                    statusEvents: events.isEmpty ? ["completed"] : events, callee: callee,
                    scriptName: callee.script?.name ?? "")
                setup.ringSecondsMax = min(600, max(1, ringSeconds))
                setup.detectsMachines = detection == "Enable" || detection == "DetectMessageEnd"
                setup.detectionCallbackURL = isAsync ? fields["AsyncAmdStatusCallback"] : nil
                return makeOutbound(setup, options: options)
            }
            enqueue(sid)
            guard let call = call(sid) else { return notFound(sid.text) }
            return .json(CallShown(call, status: "queued", answeredAt: nil, endedAt: nil).resource.text, status: 201)
        } catch {
            return CarrierREST.error(429, 20_429, "Too Many Requests: \(error)")
        }
    }

    private func read(_ text: String) async -> HTTPResponse {
        guard let sid = CallSid(text), let call = call(sid) else { return notFound("Calls/\(text)") }
        return .json(await shown(call).resource.text)
    }

    private func update(_ text: String, _ fields: [FormField]) async -> HTTPResponse {
        guard let sid = CallSid(text), let call = call(sid) else { return notFound("Calls/\(text)") }
        if isQueued(sid), !isCanceledInQueue(sid) {
            guard let status = fields["Status"], status == "canceled" || status == "completed" else {
                return notInProgress()
            }
            cancelQueued(sid)
            return .json(await shown(call).resource.text)
        }
        guard await call.endedAt == nil, !isCanceledInQueue(sid) else { return notInProgress() }
        switch fields["Status"] {
        case "completed"?: call.interrupt(.hangUpRequested(canceled: false))
        case "canceled"?:
            guard await call.answeredAt == nil else { return .json(await shown(call).resource.text) }
            call.interrupt(.hangUpRequested(canceled: true))
        case nil:
            if let url = fields["Url"] {
                call.interrupt(.redirectRequested(.url(url, extra: [])))
            } else if let twiml = fields["Twiml"], twiml.count <= TwiML.inlineCharactersMax {
                call.interrupt(.redirectRequested(.inline(twiml)))
            } else {
                return CarrierREST.error(400, 21_205, "Url, Twiml of at most 4000 characters, or Status is required")
            }
        case .some(let other): return CarrierREST.error(400, 21_218, "Status `\(other)` is not completed or canceled")
        }
        return .json(await shown(call).resource.text)
    }

    /// Forgets a call that is over.
    private func delete(_ text: String) async -> HTTPResponse {
        guard let sid = CallSid(text), let call = call(sid) else { return notFound("Calls/\(text)") }
        guard await call.endedAt != nil || isCanceledInQueue(sid) else {
            return CarrierREST.error(409, 20_409, "Call \(sid.text) is not over yet and cannot be deleted")
        }
        forget(sid)
        return .empty(204)
    }

    private func notInProgress() -> HTTPResponse {
        CarrierREST.error(400, 21_220, "Call is not in-progress. Cannot redirect.")
    }
}
