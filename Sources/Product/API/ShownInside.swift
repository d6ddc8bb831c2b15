package import Endpoints
import FoundationEssentials

// Records inside of a call or a lead have fewer fields than those of addresses of their own, and other names in the
// document.

extension View.FollowUp: SchemaDescribed {
    package static var schema: Schema {
        .record(
            Schema.Record(
                name: "NextFollowUp",
                [
                    Schema.Field("id", .text(.uuid), isRequired: true),
                    Schema.Field("due_at", .text(.dateTime), isRequired: true),
                    Schema.Field("status", .text(), isRequired: true),
                    Schema.Field("reason", .text(), isRequired: true),
                    Schema.Field("recommendation", .nullable(.text())),
                ]))
    }

    package static var sample: View.FollowUp { View.FollowUp(id: UUID(), dueAt: .distantPast, status: "", reason: "") }
}

extension View.Meeting: SchemaDescribed {
    package static var schema: Schema {
        .record(
            Schema.Record(
                name: "NextMeeting",
                [
                    Schema.Field("id", .text(.uuid), isRequired: true),
                    Schema.Field("title", .text(), isRequired: true),
                    Schema.Field("starts_at", .text(.dateTime), isRequired: true),
                    Schema.Field("ends_at", .text(.dateTime), isRequired: true),
                    Schema.Field("status", .text(), isRequired: true),
                ]))
    }

    package static var sample: View.Meeting {
        View.Meeting(id: UUID(), title: "", startsAt: .distantPast, endsAt: .distantPast, status: "")
    }
}

extension View.Consent: SchemaDescribed {
    package static var schema: Schema {
        .record(
            Schema.Record(
                name: "CallConsent",
                [
                    Schema.Field("kind", .text(), isRequired: true),
                    Schema.Field("granted", .boolean, isRequired: true),
                    Schema.Field("words", .nullable(.text())), Schema.Field("source", .text(), isRequired: true),
                    Schema.Field("at", .text(.dateTime), isRequired: true),
                    Schema.Field("question", .nullable(.text())), Schema.Field("decision", .nullable(.text())),
                    Schema.Field("confidence", .nullable(.number())),
                    Schema.Field("audio_position_ms", .nullable(.integer())),
                ]))
    }

    package static var sample: View.Consent { View.Consent(kind: "", granted: false, source: "", at: .distantPast) }
}
