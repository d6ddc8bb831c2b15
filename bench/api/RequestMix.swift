import API
import CallModel
import Endpoints
import Foundation

/// One request, and under which name its time is counted.
struct Question: Sendable {
    var kind: String
    /// The whole request as it goes over the wire.
    var bytes: [UInt8]
}

/// What clients ask, at random, each as often as the others of its group.
struct RequestMix: Sendable {
    private let tenants: CRMFill.Tenants
    /// Of the big tenant's users, each of whom may ask a few times a second only; and one of each other tenant's.
    private let tokens: [String]
    private let others: [String]

    private static let users = 2_000

    init(tenants: CRMFill.Tenants, secret: String) {
        self.tenants = tenants
        func token(_ tenant: TenantID) -> String {
            JWT.sign(
                APIPrincipal(subject: UUID().uuidString.lowercased(), tenant: tenant, role: .admin),
                secret: Array(secret.utf8), validSeconds: 86_400)
        }
        tokens = (0..<Self.users).map { _ in token(tenants.big) }
        others = tenants.others.flatMap { tenant in (0..<20).map { _ in token(tenant) } }
    }

    func plain() -> Question { Question(kind: "healthz", bytes: get("/healthz", tokens[0])) }

    func reads(_ seed: Int) -> () -> Question {
        var random = Xorshift(seed: seed)
        return {
            let number = CRMFill.firstNumber + random.next(below: tenants.contactCount)
            let lead = id(tenants.leads, &random)
            let contact = id(tenants.contacts, &random)
            let kinds: [(String, String)] = [
                ("contact", "/contacts/\(contact)"), ("lead", "/leads/\(lead)"),
                ("call", "/calls/\(id(tenants.calls, &random))"),
                ("contacts", "/contacts?limit=50"), ("contacts by status", "/contacts?status=customer&limit=50"),
                ("contacts by tag", "/contacts?tags=fair-\(number % 200)&limit=50"),
                ("contacts by e-mail", "/contacts?contact_email=\(number)%40example.com"),
                ("contacts search", "/contacts?q=Person%20\(number)"),
                ("leads", "/leads?limit=50"), ("leads by stage", "/leads?stage=MQL&limit=50"),
                ("leads by score", "/leads?score_min=80&limit=50"),
                ("leads search", "/leads/search?q=Person%20\(number)"),
                ("calls", "/calls?limit=50"), ("calls of a lead", "/leads/\(lead)/calls"),
                ("follow-ups", "/follow-ups?limit=50"), ("tasks", "/tasks?limit=50"),
                ("timeline of a lead", "/leads/\(lead)/timeline"),
                ("timeline of a contact", "/contacts/\(contact)/timeline"),
            ]
            // Every tenth asks in another tenant, where most of these rows are not.
            let pool = random.next(below: 10) == 0 ? others : tokens
            let token = pool[random.next(below: pool.count)]
            let (kind, path) = kinds[random.next(below: kinds.count)]
            return Question(kind: kind, bytes: get("/api/v1" + path, token))
        }
    }

    func writes(_ seed: Int) -> () -> Question {
        var random = Xorshift(seed: seed)
        var count = 0
        return {
            count += 1
            let user = tokens[random.next(below: tokens.count)]
            let lead = id(tenants.leads, &random)
            let contact = id(tenants.contacts, &random)
            switch random.next(below: 4) {
            case 0:
                let body =
                    #"{"contact_name":"New \#(seed) \#(count)","phone":"+4930\#(1_000_000 + seed * 10_000 + count)"}"#
                return Question(kind: "contact made", bytes: send("POST", "/contacts", body, user))
            case 1:
                return Question(
                    kind: "contact changed",
                    bytes: send("PATCH", "/contacts/\(contact)", #"{"city":"Town \#(count)"}"#, user)
                )
            case 2:
                let body = #"{"lead_id":"\#(lead)","due_at":"2031-01-01T10:00:00Z","notes":"Call \#(count)"}"#
                return Question(kind: "follow-up made", bytes: send("POST", "/follow-ups", body, user))
            default:
                return Question(
                    kind: "lead changed", bytes: send("PATCH", "/leads/\(lead)", #"{"notes":"Seen \#(count)"}"#, user))
            }
        }
    }

    private func id(_ ids: [UUID], _ random: inout Xorshift) -> String {
        ids[random.next(below: ids.count)].uuidString.lowercased()
    }

    private func get(_ path: String, _ token: String) -> [UInt8] {
        return Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n\r\n".utf8)
    }

    private func send(_ method: String, _ path: String, _ body: String, _ token: String) -> [UInt8] {
        let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
        return Array(
            ("\(method) /api/v1\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }
}

/// The same seed asks the same.
struct Xorshift {
    private var state: UInt64

    init(seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(below limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }
}
