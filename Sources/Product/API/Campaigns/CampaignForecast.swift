import Campaigns
import Database
import Endpoints
import FoundationEssentials
import Plots
import Runtime
import WebSocketTransport

/// What would become of a campaign, before anybody is called. Nothing is written.
enum CampaignForecast {
    struct ForecastAsk: EndpointInput {
        enum Drawing: String, Codable, CaseIterable, Sendable { case svg }
        var id: UUID
        var plot: Drawing?
        static let rules: [String: FieldRule] = [
            "id": .help("The campaign's id."),
            "plot": .help("A drawing instead of figures, as `Accept: image/svg+xml` asks for too."),
        ]
    }

    /// What calls are taken to be like.
    struct ForecastBasis: Codable, Sendable {
        /// Calls of the tenant's campaigns in the last 30 days that say so; 0: there were too few, and it is assumed.
        var callsSeen: Int
        /// Of all calls, those that somebody or something answers …
        var answerRate: Double
        /// … and those that a person does.
        var reachRate: Double
        var ringSeconds: Double
        var talkSeconds: Double
        /// While there is somebody to call.
        var callsPerHour: Double
    }

    struct ForecastDay: Codable, Sendable {
        /// In UTC.
        var at: Date
        var calls: Int
        var answered: Int
        var reached: Int
        var talkSeconds: Int
        var cost: Double?
        /// Contacts that the rules put off on that day, by why.
        var putOff: [String: Int]
    }

    struct CampaignOutlook: Codable, Sendable {
        /// Contacts that are still to be called.
        var open: Int
        /// Of these, so many stand for all.
        var sampled: Int
        var basis: ForecastBasis
        var beginsAt: Date
        var lastCallAt: Date?
        var calls: Int
        var answered: Int
        /// People who are talked to.
        var reached: Int
        /// In which it calls.
        var hours: Double
        var talkSeconds: Int
        /// Null where no price is known.
        var cost: Double?
        var currency: String?
        /// Contacts by how they end …
        var ends: [String: Int]
        /// … and why.
        var reasons: [String: Int]
        /// Whom its time, or the 60 days that are looked ahead, do not suffice for.
        var unfinished: Int
        /// Hours in which it waits as a whole, by why.
        var heldUpHours: [String: Double]
        var days: [ForecastDay]
    }

    /// Some thousand questions, one after the other.
    private static let readMs = 30_000

    static func route(callsMax: Int) -> Endpoint {
        var endpoint = Endpoint.get(
            CampaignRoutes.address + "/{id}/forecast", id: "campaignForecast", .role(.admin),
            "What would become of a campaign, day by day: calls, people reached, time, cost.", ForecastAsk.self,
            CampaignOutlook.self, problems: [404]
        ) { context, input in
            let ground = try await context.read(withinMs: readMs) {
                try Forecast.read(input.id, callsMax: callsMax, in: $0)
            }
            guard let ground else { throw Problem.notFound }
            // It takes a processor for a while: no caller's.
            let outcome = await Task(executorPreference: BackgroundThreads.afterwards) { ground.lookAhead() }.value
            let outlook = outlook(ground, outcome)
            return asksForDrawing(context, input) ? .svg(plot(outlook).svg) : try .value(outlook)
        }
        endpoint.answers.append(.init(200, "The same, drawn.", type: "image/svg+xml"))
        return endpoint
    }

    private static func asksForDrawing(_ context: RequestContext, _ input: ForecastAsk) -> Bool {
        input.plot == .svg
            || context.request.headers.contains { $0.name == "accept" && $0.value.hasPrefix("image/svg+xml") }
    }

    private static func outlook(_ ground: Forecast.Ground, _ outcome: Forecast.Outcome) -> CampaignOutlook {
        func whole(_ value: Double) -> Int { Int(value.rounded()) }
        func whole(_ counts: [String: Double]) -> [String: Int] { counts.mapValues { whole($0) } }
        func places(_ value: Double, _ places: Double) -> Double { (value * places).rounded() / places }
        let hasPrice = ground.price.hasPrice
        let days = outcome.days
        func sum(_ value: (Forecast.Day) -> Double) -> Double { days.reduce(0) { $0 + value($1) } }
        return CampaignOutlook(
            open: ground.open, sampled: ground.people,
            basis: ForecastBasis(
                callsSeen: ground.odds.calls, answerRate: places(ground.odds.answerRate, 10_000),
                reachRate: places(ground.odds.reachRate, 10_000), ringSeconds: places(ground.odds.ringSeconds, 10),
                talkSeconds: places(ground.odds.talkSeconds, 10), callsPerHour: places(outcome.callsPerHour, 10)),
            beginsAt: ground.begins, lastCallAt: outcome.lastCallAt, calls: whole(sum(\.calls)),
            answered: whole(sum(\.answered)), reached: whole(sum(\.reached)), hours: places(outcome.hours, 10),
            talkSeconds: whole(sum(\.talkSeconds)), cost: hasPrice ? places(sum(\.cost), 100) : nil,
            currency: hasPrice ? ground.price.currency : nil, ends: whole(outcome.ends),
            reasons: whole(outcome.reasons),
            unfinished: whole(outcome.unfinished), heldUpHours: outcome.heldUpHours.mapValues { places($0, 10) },
            days: days.map { day in
                ForecastDay(
                    at: day.at, calls: whole(day.calls), answered: whole(day.answered), reached: whole(day.reached),
                    talkSeconds: whole(day.talkSeconds), cost: hasPrice ? places(day.cost, 100) : nil,
                    putOff: whole(day.putOff))
            })
    }

    /// Over days since it begins.
    private static func plot(_ outlook: CampaignOutlook) -> Plot {
        let first = outlook.days.first?.at ?? outlook.beginsAt
        func curve(_ name: String, _ value: (ForecastDay) -> Double) -> Plot.Curve {
            Plot.Curve(
                name, points: outlook.days.map { ($0.at.timeIntervalSince(first) / 86_400 + 1, value($0)) })
        }
        func total(_ name: String, _ value: (ForecastDay) -> Double) -> Plot.Curve {
            var sum = 0.0
            return curve(name) { day in
                sum += value(day)
                return sum
            }
        }
        var panels: [Plot.Panel] = [
            .init(
                "calls a day, over days",
                [
                    curve("calls") { Double($0.calls) }, curve("answered") { Double($0.answered) },
                    curve("reached") { Double($0.reached) },
                ]),
            .init("people reached so far, of \(outlook.open)", [total("reached") { Double($0.reached) }]),
            .init(
                "put off by the rules, a day",
                Set(outlook.days.flatMap(\.putOff.keys)).sorted().map { code in
                    curve(code) { Double($0.putOff[code] ?? 0) }
                }),
        ]
        if outlook.cost != nil {
            panels.append(.init("cost so far, \(outlook.currency ?? "")", [total("cost") { $0.cost ?? 0 }]))
        }
        return Plot(
            "forecast: \(outlook.calls) calls to \(outlook.open) contacts, \(outlook.reached) reached", panels)
    }
}
