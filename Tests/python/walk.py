"""Walks through every address of a running gateway with a client that openapi-python-client has made of its document, and
holds what it meets to two more strangers' libraries: standardwebhooks and icalendar. Exits 1 with a traceback at the first
answer that is not what the document promises, or when an address of the document was left out.

usage: walk.py DOCUMENT FOLDER_OF_THE_CLIENT
environment: PARLEY_URL, PARLEY_EMAIL, PARLEY_PASSWORD of a super_admin, in a tenant that has a row of everything
"""

import http.server
import importlib
import io
import json
import os
import pkgutil
import re
import sys
import threading
import time
import typing
import uuid
from datetime import datetime, timedelta, timezone

import httpx
import icalendar
import standardwebhooks

DOCUMENT = json.load(open(sys.argv[1], encoding="utf-8"))
sys.path.insert(0, sys.argv[2])
URL = os.environ["PARLEY_URL"]

import parley_client  # noqa: E402
import parley_client.api  # noqa: E402
import parley_client.types  # noqa: E402


def squeezed(name):
    return name.replace("_", "").lower()


MODULES = {
    squeezed(name.rsplit(".", 1)[1]): name
    for _, name, is_package in pkgutil.walk_packages(parley_client.api.__path__, "parley_client.api.")
    if not is_package
}
OPERATIONS = {
    operation["operationId"]: (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
visited = set()
# What has to be another one each time.
RUN = uuid.uuid4().hex[:8]


def call(client, operation, *path, is_=200, body=None, file=None, **given):
    """Calls one operation; answers with what its answer was parsed to."""
    function = importlib.import_module(MODULES[squeezed(operation)]).sync_detailed
    if body is not None:
        hint = typing.get_type_hints(function)["body"]
        model = next(kind for kind in (typing.get_args(hint) or (hint,)) if hasattr(kind, "from_dict"))
        given["body"] = model.from_dict(body)
    if file is not None:
        given["body"] = parley_client.types.File(payload=io.BytesIO(file))
    answer = function(*path, client=client, **given)
    while answer.status_code == 429:
        time.sleep(int(answer.headers["retry-after"]))
        answer = function(*path, client=client, **given)
    assert answer.status_code == is_, f"{operation}: {answer.status_code} {answer.content[:2000]!r}"
    if answer.headers.get("content-type", "").startswith("application/json"):
        assert answer.parsed is not None, f"{operation}: the client cannot read {answer.content[:2000]!r}"
    visited.add(operation)
    return answer


def made(client, operation, *path, body, **given):
    return call(client, operation, *path, is_=201, body=body, **given).parsed


def listed(client, operation, *path, **given):
    page = call(client, operation, *path, limit=200, **given).parsed
    return page.data


def later(**delta):
    return (datetime.now(timezone.utc) + timedelta(**delta)).replace(microsecond=0).isoformat()


def life(client, name, plural, create, change, is_deleted=True):
    """One row from its creation to its deletion."""
    row = made(client, f"create{name}", body=create, idempotency_key=str(uuid.uuid4()))
    read = call(client, f"get{name}", row.id)
    changed = call(client, f"update{name}", row.id, body=change, if_match=read.headers["etag"])
    for field, value in change.items():
        assert getattr(changed.parsed, field) == value, f"{name}.{field} is {getattr(changed.parsed, field)!r}"
    call(client, f"update{name}", row.id, is_=412, body=change, if_match='"stale"')
    assert row.id in [other.id for other in listed(client, f"list{plural}")], f"{name} is not listed"
    call(client, f"get{name}", row.id, is_=304, if_none_match=call(client, f"get{name}", row.id).headers["etag"])
    if is_deleted:
        call(client, f"delete{name}", row.id, is_=204)
        call(client, f"get{name}", row.id, is_=404)
    return row.id


# MARK: Who asks


def with_cookie(answer):
    """Who an answer has begun a session for."""
    name, value = answer.headers["set-cookie"].split(";")[0].split("=", 1)
    client = parley_client.AuthenticatedClient(base_url=URL, token="")
    client.set_httpx_client(httpx.Client(base_url=URL, cookies={name: value}, headers={"Origin": URL}))
    return client


def logins():
    nobody = parley_client.Client(base_url=URL)
    credentials = {"email": os.environ["PARLEY_EMAIL"], "password": os.environ["PARLEY_PASSWORD"]}
    user = with_cookie(call(nobody, "login", body=credentials))
    user = with_cookie(call(user, "refresh", is_=204))
    call(user, "me")
    key = made(user, "createAPIKey", body={"name": "walk", "role": "super_admin"})
    program = parley_client.AuthenticatedClient(
        base_url=URL, token=key.key, prefix="", auth_header_name="X-API-Key"
    )
    other = made(program, "createAPIKey", body={"name": "short-lived", "role": "agent"})
    assert other.id in [row.id for row in listed(program, "listAPIKeys")]
    call(program, "revokeAPIKey", other.id, is_=204)
    return nobody, user, program


def users(nobody, program):
    person = life(
        program, "User", "Users", {"email": f"eve-{RUN}@walk.test", "full_name": "Eve"}, {"full_name": "Eve Adams"},
        is_deleted=False,
    )
    invite = call(program, "inviteUser", person).parsed
    password = "seven quiet otters swim"
    accepted = call(nobody, "acceptInvite", body={"token": invite.token, "password": password})
    eve = with_cookie(accepted)
    changed = call(
        eve, "changePassword", body={"current_password": password, "new_password": "eight loud otters sing"}
    )
    eve = with_cookie(changed)
    call(eve, "logout", is_=204)
    call(eve, "me", is_=401)
    tenant = made(program, "createTenant", body={"name": "Walk", "slug": f"walk-{RUN}"}).tenant
    call(program, "getTenant", tenant.id)
    assert tenant.id in [row.id for row in listed(program, "listTenants")]
    return person


# MARK: The CRM


def contacts(program):
    life(
        program, "CustomField", "CustomFields",
        {"field_name": f"chairs_{RUN}", "field_label": "Chairs", "field_type": "number"}, {"field_label": "Chairs in use"},
    )
    life(
        program, "Contact", "Contacts", {"contact_name": "Maria", "phone": "+14155550171", "tags": ["vip"]},
        {"city": "Berlin", "tags": ["vip", "fair"]},
    )
    keep, other = (
        made(program, "createContact", body={"contact_name": name, "contact_email": f"{name}@walk.test"}).id
        for name in ("ann", "bob")
    )
    call(program, "mergeContacts", body={"keep": str(keep), "merge": [str(other)]})
    call(program, "listTags")
    note = made(
        program, "createInteraction", keep, body={"interaction_type": "note", "content": "Asked for an offer."}
    )
    assert note.id in [row.id for row in listed(program, "listInteractions", keep)]
    made(program, "addContactEvents", keep, body={"events": [{"type": "page_view", "url": "https://walk.test/"}]})
    call(program, "contactTimeline", keep)
    call(program, "contactBillingStatus", keep)
    wish = {"reason": "Asked for it.", "source": "telephone"}
    number = made(program, "createContact", body={"contact_name": "Carl", "phone": "+14155550172"}).id
    call(program, "optOutContact", number, body=wish)
    call(program, "withdrawOptOut", number, **wish)
    life(program, "Client", "Clients", {"client_name": "Acme"}, {"industry": "Dental"})
    consent = made(
        program, "createConsent",
        body={"kind": "recording", "granted": True, "source": "walk", "contact_id": str(keep), "words": "Yes."},
    )
    call(program, "getConsent", consent.id)
    assert consent.id in [row.id for row in listed(program, "listConsents")]
    return keep


def imports(program):
    table = f"Name;Phone\nDora;+1 415 555 0174\nEmil;12 {RUN}\n".encode()
    file = made(program, "createImport", body=None, file=table, file_name="walk.csv")
    call(program, "updateImport", file.id, body={"default_country": "US"})
    call(program, "previewImport", file.id)
    call(program, "startImport", file.id)
    for _ in range(600):
        state = call(program, "getImport", file.id).parsed.state
        if state != "running":
            break
        time.sleep(0.1)
    assert state == "completed", state
    assert listed(program, "listImportErrors", file.id), "a number with letters is no finding"
    call(program, "downloadImportErrors", file.id)
    other = made(program, "createImport", body=None, file=table)
    call(program, "cancelImport", other.id)
    assert other.id in [row.id for row in listed(program, "listImports")]
    assert b"Dora" in call(program, "exportContacts").content


def do_not_call(program):
    table = b"202,5550104\n+442079460001\nnobody\n"
    table += b"".join(b"201555%04d\n" % number for number in range(40))
    told = {"list_": "us-tx", "date": datetime.now(timezone.utc).date()}
    file = made(program, "createDoNotCallFile", body=None, file=table, **told)
    again = made(program, "createDoNotCallFile", body=None, file=table, **told)
    assert again.id == file.id, "the same file was taken twice"
    for _ in range(600):
        row = call(program, "getDoNotCallFile", file.id).parsed
        if row.state != "loading":
            break
        time.sleep(0.1)
    assert (row.state, row.added_count, row.wrong_count) == ("whole", 42, 1), row
    assert file.id in [row.id for row in listed(program, "listDoNotCallFiles")]
    assert call(program, "withdrawDoNotCallFile", file.id).parsed.state == "replaced"
    call(program, "withdrawDoNotCallFile", file.id, is_=409)


def leads(program, contact, person):
    life(program, "PipelineStage", "PipelineStages",
         {"name": f"Demo {RUN}", "stage": "SQL", "position": 99, "win_probability": 40}, {"win_probability": 45})
    life(program, "ScoringCriteria", "ScoringCriteria", {"name": "Walk", "is_active": False}, {"name": "Walked"})
    life(program, "Lead", "Leads", {"contact_id": str(contact), "company_name": "Acme"}, {"company_name": "Acme AG"})
    lead = made(
        program, "createLead",
        body={"contact_id": str(contact), "company_name": "Acme", "phone": "+14155550173", "deal_value": 12000},
    ).id
    call(program, "assignLead", lead, body={"agent_id": str(person)})
    call(program, "assignLeads", body={"ids": [str(lead)], "agent_id": str(person)})
    call(program, "moveLead", lead, body={"stage": "MQL"})
    call(program, "moveLeads", body={"ids": [str(lead)], "stage": "SQL"})
    call(program, "qualifyLead", lead)
    made(program, "rateLead", lead, body={"score": 82, "reasoning": "Decides alone."})
    call(program, "getLeadScores", lead)
    call(program, "getLeadTimeline", lead)
    call(program, "getLeadStats")
    listed(program, "listLeadCalls", lead)
    stages = importlib.import_module("parley_client.models")
    for operation, path, query in [
        ("listLeadsByStage", [stages.ListLeadsByStageStage("SQL")], {}), ("listLeadsByAssignee", [person], {}),
        ("listHighValueLeads", [], {"min_": 10000}), ("listLeadsByPhone", ["+14155550173"], {}),
        ("searchLeads", [], {"q": "Acme"}),
    ]:
        found = [row.id for row in listed(program, operation, *path, **query)]
        assert lead in found, f"{operation} does not find the lead"
    listed(program, "listUnassignedLeads")
    return lead


def work(user, program, contact, lead):
    life(program, "Deal", "Deals", {"contact_id": str(contact), "title": "Two chairs"}, {"title": "Three chairs"})
    life(program, "Task", "Tasks", {"title": "Send the offer"}, {"title": "Send the offer again"})
    life(user, "Todo", "Todos", {"title": "Buy paper"}, {"is_done": True})
    due = {"lead_id": str(lead), "due_at": later(days=1)}
    life(program, "FollowUp", "FollowUps", due, {"notes": "Prefers mornings."})
    first, second = (made(program, "createFollowUp", body=due).id for _ in range(2))
    call(program, "completeFollowUp", first, body={"notes": "Done."})
    call(program, "rescheduleFollowUp", second, is_=201, body={"due_at": later(days=2)})
    listed(program, "listOverdueFollowUps")
    meetings(program, lead)


def meetings(program, lead):
    times = {"starts_at": later(days=3), "ends_at": later(days=3, minutes=30)}
    life(program, "Meeting", "Meetings", {"lead_id": str(lead), "title": "Demo", **times}, {"location": "Berlin"})
    row = made(program, "createMeeting", body={"lead_id": str(lead), "title": "A demo, at last", **times})
    moved = call(program, "rescheduleMeeting", row.id, body={"starts_at": later(days=4)}).parsed
    call(program, "suggestDemo", body={"lead_id": str(lead)})

    calendar = icalendar.Calendar.from_ical(call(program, "meetingCalendar").content)
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    event = next(event for uid, event in events.items() if str(row.id) in uid)
    assert str(event["SUMMARY"]) == "A demo, at last", event["SUMMARY"]
    assert event["DTSTART"].dt == moved.starts_at and event["DTEND"].dt == moved.ends_at, event.to_ical()
    assert calendar["VERSION"] == "2.0" and not [part.errors for part in calendar.walk() if part.errors]

    call(program, "cancelMeeting", row.id, body={"reason": "They are on holiday."})
    calendar = icalendar.Calendar.from_ical(call(program, "meetingCalendar").content)
    event = next(event for event in calendar.walk("VEVENT") if str(row.id) in str(event["UID"]))
    assert str(event["STATUS"]) == "CANCELLED" and int(event["SEQUENCE"]) > 0, event.to_ical()


def calls(program):
    rows = listed(program, "listCalls")
    call(program, "getCall", str(rows[0].id))
    call(program, "getCallStats")
    live = {str(row.status) for row in listed(program, "listLiveCalls")}
    assert live <= {"ringing", "in_progress"}, live
    # Nothing was said in it.
    call(program, "suggestFollowUp", is_=409, body={"call_id": str(rows[0].id)})
    call(program, "customerContext", "+14155550173")
    call(program, "listSpecialists")
    call(program, "checkSpecialists")


def dialling(program):
    rules = call(program, "getCallingRules").parsed
    assert rules.sets == ["us_conservative"], rules.sets
    call(program, "chooseCallingRules", is_=422, body={"sets": ["everywhere"]})
    call(program, "chooseCallingRules", body={"sets": ["us_conservative", "uk"]})
    call(program, "stopCalling", body={"is_stopped": True})
    # A tenant that has stopped calls nobody; why is on record.
    call(program, "placeCall", is_=409, body={"to": "+12015550175", "purpose": "informational"})
    call(program, "stopCalling", body={"is_stopped": False})
    receipt = listed(program, "listDialReceipts")[0]
    assert call(program, "getDialReceipt", receipt.id).parsed.code == "tenant_stopped"
    listed(program, "listDialAttempts")
    call(program, "getDialAttempt", str(uuid.uuid4()), is_=404)


def campaigns(program):
    shape = {"name": f"Spring {RUN}", "pace": {"mode": "fixed", "calls_per_second": 0.5, "calls_max": 5},
             "budget": {"currency": "USD", "price_per_call": 0.02, "price_per_minute": 0.11}}
    life(program, "Campaign", "Campaigns", shape, {"description": "Whoever has asked for an offer."})
    campaign = made(program, "createCampaign", body={**shape, "starts_at": later(days=300)}).id
    call(program, "createCampaign", is_=422, body={"name": "By mail", "type": "email"})
    found = call(program, "previewTargeting", body={"criteria": {"tags_any": ["nobody has it"]}}).parsed
    assert found.count == 0 and found.sample == [], found
    who = made(program, "createContact", body={"contact_name": "Dina", "phone": "+14155550178"}).id
    assert call(program, "enrollContacts", campaign, body={"contact_ids": [str(who)]}).parsed.enrolled == 1
    again = call(program, "enrollFromCriteria", campaign, body={"criteria": {"tags_any": ["nobody has it"]}}).parsed
    assert again.enrolled == 0, again
    assert [str(row.contact_id) for row in listed(program, "listCampaignContacts", campaign)] == [str(who)]
    # Nobody is rung up by a walk: it begins in a year.
    call(program, "startCampaign", campaign)
    call(program, "pauseCampaign", campaign, body={"reason": "A rest."})
    call(program, "resumeCampaign", campaign)
    assert call(program, "stopAllCampaigns", body={"reason": "The walk is over."}).parsed.hung_up == 0
    call(program, "testCampaign", campaign, is_=409, body={"to": "+12015550175"})
    call(program, "stopCalling", body={"is_stopped": False})
    call(program, "campaignSummary", campaign)
    call(program, "campaignPerformance", campaign)
    outlook = call(program, "campaignForecast", campaign).parsed
    assert outlook.open_ == 1 and outlook.sampled == 1, outlook
    call(program, "campaignFunnel", campaign)
    call(program, "campaignTimeSeries", campaign)
    call(program, "campaignRecipient", campaign, who)
    call(program, "compareCampaigns", body={"campaign_ids": [str(campaign)]})
    kinds = [row.activity_type for row in listed(program, "listCampaignActivities", campaign)]
    assert {"campaign_created", "campaign_scheduled", "campaign_paused", "enrolled"} <= set(kinds), kinds
    listed(program, "listCampaignReceipts", campaign)
    listed(program, "listActiveCampaigns")
    kind = importlib.import_module("parley_client.models").ListCampaignsByTypeType("voice")
    assert campaign in [row.id for row in listed(program, "listCampaignsByType", kind)]
    clone = made(program, "cloneCampaign", campaign, body={}).id
    assert call(program, "unenrollContacts", campaign, body={"contact_ids": [str(who)]}).parsed.unenrolled == 1
    call(program, "stopCampaign", clone, body={"reason": "Not needed."})
    call(program, "deleteCampaign", clone, is_=204)


def desk(user, program):
    prompts = {"prompt": "You answer the phone.", "greeting": "Hello.", "greeting_known": "Hello {{first_name}}."}
    life(program, "Profile", "Profiles", {"name": f"Night {RUN}", **prompts}, {"greeting": "Good evening."})
    profile = made(program, "createProfile", body={"name": f"Day {RUN}", **prompts}).id
    life(program, "PhoneNumber", "PhoneNumbers",
         {"number": "+14155550174", "profile_id": str(profile)}, {"label": "Day desk"})
    call(user, "notificationPreferences")
    call(user, "updateNotificationPreference", body={"kind": "lead_hot", "by_email": True})
    told = listed(user, "listNotifications")
    call(user, "getNotification", told[0].id)
    call(user, "updateNotification", told[0].id, body={"is_read": True})
    call(user, "deleteNotification", told[0].id, is_=204)
    call(user, "readAllNotifications")
    call(program, "dashboard")
    call(program, "getDailyReport", listed(program, "listDailyReports")[0].id)
    entries = listed(program, "listAuditEntries")
    assert len(entries) > 20, "the walk is not in the audit"
    call(program, "getAuditEntry", entries[0].id)


# MARK: Webhooks


class Receiver(http.server.BaseHTTPRequestHandler):
    taken = []
    arrived = threading.Event()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        Receiver.taken.append((dict(self.headers.items()), body))
        self.send_response(204)
        self.end_headers()
        Receiver.arrived.set()

    def log_message(self, *words):
        pass


def webhooks(program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/hook"
    endpoint = made(program, "createWebhookEndpoint", body={"url": address, "events": ["follow_up.due"]})
    call(program, "getWebhookEndpoint", endpoint.id)
    call(program, "updateWebhookEndpoint", endpoint.id, body={"description": "The walk's own."})
    assert endpoint.id in [row.id for row in listed(program, "listWebhookEndpoints")]
    rotated = call(program, "rotateWebhookSecret", endpoint.id, body={"overlap_hours": 1}).parsed
    assert rotated.secret != endpoint.secret

    call(program, "testWebhookEndpoint", endpoint.id, is_=202)
    assert Receiver.arrived.wait(60), "no webhook comes"
    headers, body = Receiver.taken[0]
    for secret in (endpoint.secret, rotated.secret):
        event = standardwebhooks.Webhook(secret).verify(body, headers)
        assert event["type"] == "webhook.test", event
    for changed in (body + b" ", body[:-1]):
        try:
            standardwebhooks.Webhook(rotated.secret).verify(changed, headers)
        except standardwebhooks.WebhookVerificationError:
            continue
        raise AssertionError("another body has the same signature")

    deliveries = listed(program, "listDeliveriesOfWebhookEndpoint", endpoint.id)
    call(program, "getWebhookDelivery", deliveries[0].id)
    listed(program, "listWebhookDeliveries")
    call(program, "replayWebhookDeliveries", endpoint.id, body={"delivery_ids": [str(deliveries[0].id)]})
    call(program, "deleteWebhookEndpoint", endpoint.id, is_=204)
    server.shutdown()


# MARK: The gateway itself


def gateway(nobody, program):
    for operation in ("alive", "ready", "metrics", "description"):
        call(nobody, operation)
    page = call(nobody, "console").content.decode()
    call(nobody, "descriptionPage")
    version, name = re.search(r"/assets/([^/]+)/([^\"]+)", page).groups()
    call(nobody, "consoleAsset", version, name)
    # A handshake is not a client's of HTTP: what is told without one is told here.
    call(program, "live", is_=426)
    if call(program, "getPhone").parsed.available:
        assert made(program, "createPhoneTicket", body=None).ticket
    else:
        call(program, "createPhoneTicket", is_=404)


def main():
    nobody, user, program = logins()
    person = users(nobody, program)
    contact = contacts(program)
    imports(program)
    do_not_call(program)
    lead = leads(program, contact, person)
    work(user, program, contact, lead)
    calls(program)
    dialling(program)
    campaigns(program)
    desk(user, program)
    webhooks(program)
    gateway(nobody, program)
    left = sorted(f"{OPERATIONS[name][0]} {OPERATIONS[name][1]}" for name in OPERATIONS if name not in visited)
    assert not left, f"not walked: {left}"
    print(f"{len(visited)} operations walked")


main()
