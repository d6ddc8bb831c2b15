package import CallModel
import HTTPClient
import Telemetry
package import TwilioProtocol

/// The carrier's REST API, as far as live calls need it. Failures are answers here: a call never waits for the carrier.
package struct CarrierAccount: Sendable {
    package enum Status: Sendable, Equatable {
        case live
        case over(CarrierCallStatus)
        /// The carrier could not be asked.
        case unknown
    }

    private static let timeLimit = Duration.seconds(5)

    private let apiURL: String
    private let credentials: TwilioREST.Credentials
    private let http = HTTPClient(answerBytesMax: 256 * 1_024)

    package init(apiURL: String, accountSid: String, authToken: String) {
        self.apiURL = apiURL
        credentials = TwilioREST.Credentials(accountSid: accountSid, authToken: authToken)
    }

    /// Ends a call. True also when it was over already.
    package func complete(_ sid: CallSid) async -> Bool { await send(.complete, "complete", sid) }

    /// Gives a live call new instructions, which ends its media stream.
    package func update(_ sid: CallSid, with document: TwiML) async -> Bool {
        await send(.twiml(document), "update", sid, overIsSuccess: false)
    }

    package func status(of sid: CallSid) async -> Status {
        do {
            let (status, body) = try await answer(to: TwilioREST.fetch(sid, as: credentials))
            if status == 404 { return .over(.completed) }
            let call = try CallResource.decode(status: status, body: body)
            return call.status.isTerminal ? .over(call.status) : .live
        } catch {
            Log.warning("carrier not asked", ["call.sid": sid, "error": error])
            return .unknown
        }
    }

    package enum Creation: Sendable, Equatable {
        case created(CallSid)
        /// It has placed no call.
        case refused(TwilioRESTError)
        /// Whether it placed one has to be found out before another is asked for.
        case unknown
    }

    /// Has the carrier ring somebody.
    package func create(_ call: CreateCall) async -> Creation {
        do {
            let (status, body) = try await answer(to: TwilioREST.create(call, as: credentials))
            return .created(try CallResource.decode(status: status, body: body).sid)
        } catch let error as TwilioRESTError where !(200...299).contains(error.status) && error.advice != .ambiguous {
            return .refused(error)
        } catch {
            Log.warning("carrier has not said whether it places a call", ["error": error])
            return .unknown
        }
    }

    /// The latest calls between two numbers; nil when the carrier cannot be asked. A call of this moment may be missing.
    package func calls(to: E164, from: E164) async -> [CallResource]? {
        do {
            let (status, body) = try await answer(
                to: TwilioREST.list(to: to.text, from: from.text, as: credentials))
            return try CallResource.decodeList(status: status, body: body)
        } catch {
            Log.warning("carrier not asked for its calls", ["error": error])
            return nil
        }
    }

    private func send(_ update: CallUpdate, _ what: String, _ sid: CallSid, overIsSuccess: Bool = true) async -> Bool {
        do {
            let (status, body) = try await answer(to: TwilioREST.update(sid, update, as: credentials))
            if (200..<300).contains(status) { return true }
            let error = TwilioRESTError(status: status, body: body)
            if overIsSuccess, error.isCallAlreadyOver || status == 404 { return true }
            Log.warning(
                "carrier refused", ["call.sid": sid, "request": what, "status": status, "code": error.code ?? 0])
        } catch {
            Log.warning("carrier not reached", ["call.sid": sid, "request": what, "error": error])
        }
        return false
    }

    private func answer(to request: TwilioREST.Request) async throws(HTTPClientError) -> (Int, [UInt8]) {
        var headers = [(name: "Authorization", value: request.authorization)]
        if request.body != nil { headers.append((name: "Content-Type", value: TwilioREST.Request.contentType)) }
        let body = request.body.map { Array($0.utf8) }
        let answer = try await http.send(
            OutgoingRequest(request.method, apiURL + request.path, headers: headers, body: body), within: Self.timeLimit
        )
        return (answer.status, answer.body)
    }
}
