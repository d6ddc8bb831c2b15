import CallModel
import Encoding
import Testing
import TwilioProtocol

@Suite struct TwilioRESTTests {
    let credentials = TwilioREST.Credentials(
        accountSid: "AC00000000000000000000000000000001", username: "SK1", password: "secret")
    let call: CallSid

    init() throws { call = try #require(CallSid("CA00000000000000000000000000000009")) }

    func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test func `a call is created as the reference shows`() {
        var create = CreateCall(
            to: "+15550001111", from: "+15550002222",
            instructions: .url("https://voice.example.test/twilio/outbound/at_7f3k"))
        create.statusCallback = "https://voice.example.test/twilio/call-status/at_7f3k"
        create.timeoutSeconds = 30
        create.timeLimitSeconds = 900
        create.machineDetection = .enable
        create.asyncDetectionCallback = "https://voice.example.test/twilio/amd/at_7f3k"

        let request = TwilioREST.create(create, as: credentials)

        #expect(request.method == "POST")
        #expect(request.path == "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls.json")
        #expect(request.authorization == "Basic U0sxOnNlY3JldA==")
        #expect(
            request.body
                == "To=%2B15550001111&From=%2B15550002222"
                + "&Url=https%3A%2F%2Fvoice.example.test%2Ftwilio%2Foutbound%2Fat_7f3k"
                + "&StatusCallback=https%3A%2F%2Fvoice.example.test%2Ftwilio%2Fcall-status%2Fat_7f3k"
                + "&StatusCallbackEvent=initiated&StatusCallbackEvent=ringing&StatusCallbackEvent=answered"
                + "&StatusCallbackEvent=completed&Timeout=30&TimeLimit=900&MachineDetection=Enable&AsyncAmd=true"
                + "&AsyncAmdStatusCallback=https%3A%2F%2Fvoice.example.test%2Ftwilio%2Famd%2Fat_7f3k")
    }

    @Test func `a live call is hung up, cancelled, redirected and fetched`() throws {
        let path = "/2010-04-01/Accounts/AC00000000000000000000000000000001/Calls/\(call).json"

        #expect(TwilioREST.update(call, .complete, as: credentials).body == "Status=completed")
        #expect(TwilioREST.update(call, .cancel, as: credentials).body == "Status=canceled")
        #expect(TwilioREST.update(call, .complete, as: credentials).path == path)
        let twiml = TwiML([.say("a & b"), .hangup])
        let body = try #require(TwilioREST.update(call, .twiml(twiml), as: credentials).body)
        #expect(try FormURLEncoded.decode(query: body) == [FormField("Twiml", twiml.xml)])
        let fetch = TwilioREST.fetch(call, as: credentials)
        #expect(fetch.method == "GET" && fetch.path == path && fetch.body == nil)
        #expect(TwilioREST.list(to: "+1", from: "+2", as: credentials).path.hasSuffix("Calls.json?To=%2B1&From=%2B2"))
    }

    @Test func `credentials print without their secret`() {
        #expect(!"\(credentials)".contains("secret"))
    }

    @Test func `the reference's call resource is read, and one written is read back`() throws {
        let body =
            #"{"sid":"CA00000000000000000000000000000009","account_sid":"AC00000000000000000000000000000001","#
            + #""status":"queued","direction":"outbound-api","to":"+15550001111","from":"+15550002222","#
            + #""answered_by":null,"duration":null,"price":null,"queue_time":"0","parent_call_sid":null,"#
            + #""subresource_uris":{}}"#

        var resource = try CallResource.decode(status: 201, body: bytes(body))

        #expect(resource.sid == call && resource.status == .queued && resource.durationSeconds == nil)
        resource.status = .completed
        resource.durationSeconds = 61
        resource.answeredBy = .machineEndBeep
        #expect(try CallResource.decode(status: 200, body: resource.json) == resource)
        #expect(try CallResource.decodeList(status: 200, body: bytes(#"{"calls":[\#(body)],"page":0}"#)).count == 1)
    }

    @Test(arguments: [
        (429, #"{"code":20429,"message":"Too Many Requests","status":429}"#, TwilioRESTError.Advice.retryLater, false),
        (400, #"{"code":21211,"message":"Invalid 'To'","status":400}"#, .giveUp, false),
        (400, #"{"code":21220,"message":"Call is not in-progress","status":400}"#, .giveUp, true),
        (404, #"{"code":20404,"message":"not found","status":404}"#, .giveUp, true),
        (404, "<html>nginx</html>", .giveUp, false),
        (401, #"{"code":20003,"message":"Authenticate"}"#, .fixCredentials, false),
        (403, #"{"code":10004,"message":"limit"}"#, .pauseDialling, false),
        (502, "<html>Bad Gateway</html>", .ambiguous, false),
        (500, #"{"type":"x","title":"Oops","status":500,"code":20500,"detail":"d"}"#, .ambiguous, false),
    ])
    func `an error says what may be done about it`(
        status: Int, body: String, advice: TwilioRESTError.Advice, isOver: Bool
    ) {
        let error = #expect(throws: TwilioRESTError.self) { try CallResource.decode(status: status, body: bytes(body)) }

        #expect(error?.status == status)
        #expect(error?.advice == advice)
        #expect(error?.isCallAlreadyOver == isOver)
        #expect(error?.isRetryable == (advice == .retryLater))
    }

    @Test func `an answer that is no call is an error, not a crash`() {
        for body in ["", "{}", "[]", #"{"sid":"x","account_sid":"y","status":"queued"}"#] {
            #expect(throws: TwilioRESTError.self) { try CallResource.decode(status: 200, body: bytes(body)) }
        }
    }

    @Test func `an error written is the error read`() {
        let error = TwilioRESTError(status: 400, code: 21_211, message: "Invalid 'To' Phone Number")
        #expect(TwilioRESTError(status: 400, body: error.json) == error)
    }
}
