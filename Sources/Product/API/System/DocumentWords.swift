import Endpoints

/// What examples in the document say, by the names of fields: one customer's story, so that they read as one.
enum DocumentWords {
    static let all = people.merging(work) { $1 }.merging(calls) { $1 }.merging(settings) { $1 }
        .merging(campaigns) { $1 }

    private static let people: [String: JSONValue] = [
        "address": "500 Howard Street", "admin_email": "ann@acme.example", "admin_name": "Ann Smith",
        "business_name": "Acme Dental", "city": "San Francisco", "client_name": "Acme Dental", "company": "Acme Dental",
        "company_name": "Acme Dental", "company_size": "11-50", "contact_name": "Maria Lopez",
        "contact_person": "Maria Lopez", "contact_role": "Office manager", "contact_email": "maria@acme.example",
        "current_password": "a heron waits at noon", "email": "ann@example.com", "full_name": "Ann Smith",
        "industry": "Dental clinics", "lead_source": "voice_assistant", "lifecycle_stage": "evaluating",
        "name": "Front desk", "new_password": "two herons wait at dusk", "password": "a heron waits at noon",
        "position": "Office manager", "state": "California", "tag": "vip", "tags": ["vip", "fair"],
        "tenant": "acme", "time_zone": "America/Los_Angeles", "timezone": "America/Los_Angeles",
        "utm_medium": "voice", "utm_source": "spring-fair", "website": "https://acme.example",
    ]

    private static let work: [String: JSONValue] = [
        "action": "PATCH /api/v1/leads/{id}", "activity_type": "stage_change",
        "ai_recommendation": "Offer the two-chair plan.", "body": "Call Maria Lopez back.",
        "content": "Maria asked for the offer in writing.", "currency": "USD",
        "description": "With prices for two chairs.", "detail": "`title` is missing.",
        "ends_at": "2027-03-05T10:30:00Z",
        "event_type": "lead.stage_changed", "events": ["lead.stage_changed", "call.ended"],
        "expires_at": "2028-03-05T10:00:00Z", "field_label": "Chairs", "field_name": "chairs",
        "field_options": ["one", "two"], "field_type": "text", "label": "Front desk", "location": "500 Howard Street",
        "notes": "Prefers mornings.", "parameter": "limit", "pointer": "/title",
        "prefix": "prl_3f2b8c1e", "priority": "medium", "probability": 60, "reason": "Asked for an offer in writing.",
        "reasoning": "Two chairs, decides alone, wants to begin this month.",
        "recommendation": "Call back within a day.",
        "request_id": "3f2b8c1e-7a54-4d0b-9c6e-5b1f0a2d4e68", "score": 82, "secret": "whsec_…", "slug": "acme",
        "source": "telephone", "stage": "MQL", "subject": "Offer sent", "subject_table": "follow_ups",
        "summary": "Wants two chairs this month and asked for an offer.", "table_name": "leads",
        "text": "Stage: LEAD to MQL", "title": "Send the offer", "token": "…", "url": "https://crm.acme.example/hooks",
        "value": 12_000, "words": "You may send me the offer by e-mail.",
    ]

    private static let calls: [String: JSONValue] = [
        "answer": "Yes, two chairs can be had this month.", "authority": "yes", "budget": "medium",
        "decision": "granted",
        "direction": "inbound", "disposition": "completed", "end_reason": "caller-hung-up", "from": "+14155550100",
        "heard_text": "Good morning, how can I help?", "intent": "sales_qualified", "need": "urgent",
        "outcome": "meeting_booked", "question": "Can two chairs be had this month?", "sentiment": "positive",
        "specialist": "pricing", "timeline": "this_month", "to": "+15550100100",
    ]

    private static let settings: [String: JSONValue] = [
        "apology": "I am sorry, the line broke for a moment.", "fallback_message": "We will call you back today.",
        "greeting": "Good morning, this is Clara. How can I help?",
        "greeting_known": "Good morning {{first_name}}, this is Clara.", "language": "en",
        "prompt": "You answer the phone of a dental supplier.", "key": "prl_…",
    ]

    private static let campaigns: [String: JSONValue] = [
        "caller_ids": ["+15550100100"], "criteria": ["tags_any": ["fair"]],
        "hours": ["mon_fri": ["09:00", "17:00"]], "pace": ["mode": "progressive", "calls_max": 5],
        "file_date": "2026-11-20", "file_name": "us-national.csv", "list": "us-national",
        "rules": ["attempts_max": 4], "schedule": ["hours": ["mon_fri": ["09:00", "17:00"]]],
        "target_criteria": ["tags_any": ["fair"]],
    ].merging(
        ["mon_sun", "mon_sat", "mon_fri", "sat_sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"].map {
            ($0, ["09:00", "17:00"])
        }
    ) { $1 }
}
