/// What a run is to do.
package struct LoadOptions: Sendable {
    package var calls = 200
    /// Levels of load, as shares of ``calls``, measured one after the other.
    package var shares = [1.0]
    package var setUpsPerSecond = 50.0
    package var holdSeconds = 12
    /// TLS on both legs, webhooks included, with a certificate made for the run.
    package var tls = false
    package var mediaThreads = 1
    /// The gateway sends each frame in a message of its own, as the relay does.
    package var sendsOneFrameAMessage = false
    /// No processor sleeps meanwhile.
    package var keepsAwake = false
    package var seed: UInt64 = 1
    package var findCapacity = false
    /// After the last level: so many set-ups a second beside the calls under way.
    package var stormPerSecond: Int?
    /// So many of the calls beside ask specialists, all the time.
    package var consults: Int?
    /// So many connections a second of people without a credential, four requests each, beside the calls.
    package var strangersPerSecond: Int?
    /// The refusal curve of a gateway with ``calls`` for its limit.
    package var showsOverload = false
    /// Silent calls, first sending silence, then nothing.
    package var showsIdle = false
    /// The same calls on gateways with so many media threads each.
    package var threadsToCompare: [Int] = []
    package var specialistsDirectory: String?
    package var comparesRelay = false
    /// The same conversations over sockets whose bytes are only passed on.
    package var comparesFloor = false
    /// Go on until so many calls have been set up, and print what the gateway's process holds meanwhile.
    package var soakCalls: Int?
    package var playoutLeadMs = 100
    /// A gateway that runs already, and who it takes for its carrier; its agent URL must name ``agentPort``.
    package var gatewayURL: String?
    package var accountSid = ""
    package var authToken = ""
    package var gatewayPID: Int32?
    package var agentPort = 0
    /// This program; relay and floor stand beside it.
    package var executable = ""
    package var command = ""
    /// Counts the gateway's allocations in a steady stretch with so many calls, in a gateway of its own.
    package var countsAllocationsAt: Int?
    /// Where the shim writes who allocated, a line each; slow.
    package var allocationStacksPath: String?
    /// … and does nothing else.
    package var countsAllocationsOnly = false

    package init() {}
}
