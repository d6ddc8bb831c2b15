import API
import CallModel
import Database
import Endpoints
import Foundation
import Gateway
import HTTPClient
import SimulatedCarrier
import TestSupport
import Testing

@testable import parley

/// Calls asked for through the API, and what became of them.
enum PlacedCalls {
    /// Somewhere it is time to be called, whatever time it is here: a number but for its last digit.
    static func stem() throws -> String { try #require(AwakePlace.at(.now)).stem }
    static func number() throws -> String { try stem() + "1" }

    static func stage(
        _ agent: ScriptedAgent, settings: [String: String] = [:], detectionMs: Int = 3_000,
        _ callee: @escaping @Sendable (String) -> Callee
    ) async throws -> Stage {
        let stage = try await Stage.build(
            agentURL: agent.url, settings: settings,
            carrier: {
                $0.callee = callee
                $0.callsPerSecond = 50
                $0.detectionMs = detectionMs
            })
        _ = try await stage.database.rows(
            "insert into phone_numbers (tenant_id, number, profile_id) select $1, '+15550200100', id from profiles limit 1",
            [.uuid(TenantID.initial.uuid)])
        _ = try await stage.database.rows(
            "update tenants set name = 'Parley Test', calling_rule_sets = $1::text[]",
            [.textArray(AwakePlace.ruleSets)])
        return stage
    }

    /// Somebody there has agreed to be called.
    static func agree(_ number: String, _ stage: Stage) async throws {
        _ = try await stage.database.rows(
            """
            insert into consents (tenant_id, phone, kind, granted, level, words, source)
            values ($1, $2, 'marketing_voice', true, 'express_written', 'signed', 'form')
            """, [.uuid(TenantID.initial.uuid), .text(number)])
    }

    /// A call that may be placed.
    /// - Parameter more: further fields of the request, `,"on_machine":"hangup"`.
    static func place(_ stage: Stage, _ more: String = "") async throws -> (id: String, number: String) {
        let number = try number()
        try await agree(number, stage)
        let answer = try await ask(stage, for: number, more)
        guard answer.status == 201, let id = answer.id else { throw Refused(answer: answer.text) }
        return (id, number)
    }

    struct Refused: Error { var answer = "" }

    static func ask(_ stage: Stage, for number: String, _ more: String = "") async throws -> Answer {
        try await post(stage, "/api/v1/calls", #"{"to":"\#(number)","purpose":"marketing"\#(more)}"#)
    }

    struct Answer {
        var status: Int
        var text: String
        var id: String? { JSONValue(Array(text.utf8))?["id"]?.text }
    }

    static func post(_ stage: Stage, _ path: String, _ body: String) async throws -> Answer {
        let manager = APIPrincipal(subject: "mia", tenant: .initial, role: .manager)
        let token = JWT.sign(manager, secret: Array("0123456789abcdef0123456789abcdef".utf8), validSeconds: 600)
        let request = OutgoingRequest(
            "POST", stage.gateway.publicURL + path,
            headers: [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")],
            body: Array(body.utf8))
        let answer = try await HTTPClient(answerBytesMax: 1 << 20).send(request, within: .seconds(30))
        return Answer(status: answer.status, text: String(decoding: answer.body, as: UTF8.self))
    }

    static func attempt(_ stage: Stage, _ id: String, in state: String) async throws -> Row {
        for _ in 0..<(60 * 20 * Sanitizer.slowness) {
            let rows = try await stage.database.rows(
                "select * from dial_attempts where id = $1::uuid and state = $2", [.text(id), .text(state)])
            if let row = rows.first { return row }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Refused()
    }
}
