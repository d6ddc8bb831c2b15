import Answering
import Dialing

/// What a campaign does where a machine answers. Part of its `rules`.
struct MachineRules: Codable, Equatable, Sendable {
    var onMachine: MachinePolicy?
    var voicemailMessage: String?
    var menuKey: String?
    var reason: String?

    enum CodingKeys: String, CodingKey {
        case onMachine = "on_machine"
        case voicemailMessage = "voicemail_message"
        case menuKey = "menu_key"
        case reason
    }

    var machines: DialDesk.Machines {
        var machines = DialDesk.Machines()
        machines.policy = onMachine ?? machines.policy
        machines.message = voicemailMessage
        machines.menuKey = menuKey
        machines.reason = reason
        return machines
    }

    /// Whoever was put through by a menu or a screening talked for longer behind it.
    private static let putThroughSeconds = 20

    /// How a call of the table `alias` ended: a ``RetryRules/MachineEnd``, or null.
    static func end(_ alias: String) -> String {
        """
        case when \(alias).outcome <> 'completed' then null when \(alias).message_left_at is not null then 'voicemail_left'
            when \(alias).answered_by = 'network' then 'network'
            when \(alias).on_machine = 'continue_agent' then null
            when \(alias).answered_by in ('voicemail', 'machine') or \(alias).answered_by in ('menu', 'screening')
                and \(alias).ended_at < \(alias).answered_at
                    + make_interval(secs => coalesce(\(alias).answered_by_after_ms, 0) / 1000.0 + \(putThroughSeconds))
                then 'machine_hangup' end
        """
    }
}
