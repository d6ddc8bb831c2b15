"""Lists, days, places and the line to the gateway: each function is one promise."""

import json
import re
from urllib.parse import parse_qs, urlsplit

from console_stage import LOST, Page

BROKEN = {"title": "Broken", "status": 500, "detail": "It broke."}


def listing(rows):
    return {"data": rows, "next_cursor": None}


def broken(route):
    route.fulfill(status=500, content_type="application/problem+json", body=json.dumps(BROKEN))


def unique(number):
    return f"00000000-0000-4000-8000-{number:012}"


def a_filters_day_stays_the_day(browser, owner, made):
    for zone in ("Europe/Berlin", "America/Chicago"):
        page = Page(browser, "manager", timezone_id=zone)
        tab = page.tab
        page.go("/calls")
        tab.get_by_role("button", name="Filters").click()
        tab.get_by_label("From day", exact=True).fill("2026-11-20")
        tab.get_by_role("button", name="Show", exact=True).click()
        tab.locator(".chip", has_text="Nov 20, 2026").wait_for()
        first = tab.url
        for _ in range(2):
            tab.get_by_role("button", name="Filters").click()
            assert tab.get_by_label("From day", exact=True).input_value() == "2026-11-20"
            tab.get_by_role("button", name="Show", exact=True).click()
            tab.get_by_role("dialog").wait_for(state="detached")
        assert tab.url == first
        page.close()


def days_are_those_of_the_viewer(browser, owner, made):
    page = Page(browser, timezone_id="America/Los_Angeles")
    tab = page.tab
    # In the evening of the first, which is the second in Greenwich.
    tab.clock.set_fixed_time("2026-12-02T02:00:00Z")
    page.sign_in("admin")
    tab.route(
        "**/forecast",
        lambda route: route.fulfill(
            json={
                "basis": {"calls_seen": 0},
                **{"calls": 5, "reached": 2, "talk_seconds": 1, "unfinished": 0, "ends": {}, "reasons": {}},
                **{"cost": None, "currency": None, "last_call_at": None},
                "days": [{"at": "2026-12-07T00:00:00+00:00", "calls": 5, "reached": 2, "answered": 2}],
            }
        ),
    )
    page.go(f"/campaigns/{made['campaign']}?tab=forecast")
    assert "Dec 7" in tab.locator(".chart-table th[scope=row]").first.text_content()
    page.go("/operations/lists")
    tab.get_by_role("button", name="Bring a list").click()
    assert tab.get_by_label("As of").input_value() == "2026-12-01"
    page.close()


def older_entries_come_once(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab

    def answer(route):
        first = int(parse_qs(urlsplit(route.request.url).query).get("cursor", ["0"])[0])
        entries = [
            {"kind": "note", "id": unique(n), "at": "2026-11-20T10:00:00Z", "title": f"note {n}", "text": None}
            for n in range(first, first + 25)
        ]
        route.fulfill(json={"data": entries, "next_cursor": str(first + 25) if first < 50 else None})

    tab.route("**/timeline?*", answer)
    page.go("/leads/" + made["lead"])
    tab.get_by_role("button", name="Older").dblclick()
    tab.get_by_text("Note 49").first.wait_for()
    page.settle()
    assert tab.locator(".feed-entry").count() == 50, tab.locator(".feed-entry").count()
    # By keyboard one goes on where one was.
    tab.locator("button:focus", has_text="Older").wait_for()
    tab.keyboard.press("Enter")
    tab.get_by_text("Note 74").wait_for()
    page.close()


def a_list_has_its_place_by_its_address(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab

    def answer(route):
        word = parse_qs(urlsplit(route.request.url).query).get("q", ["Contact"])[0]
        contact = owner.ask("GET", f"/api/v1/contacts/{made['contact']}")
        rows = [{**contact, "id": unique(n), "contact_name": f"{word} {n:03}"} for n in range(120)]
        rows[12]["id"] = made["contact"]
        route.fulfill(json=listing(rows))

    def is_at(place):
        view = tab.locator(".list-view")
        return view.count() and abs(view.evaluate("n => n.scrollTop") - place) < 2

    tab.route("**/api/v1/contacts?*", answer)
    page.go("/contacts")
    tab.get_by_text("Contact 000").wait_for()
    tab.locator(".list-view").evaluate("n => { n.scrollTop = 2600; }")
    page.until(lambda: tab.evaluate("sessionStorage['parley.place.#/contacts']") == "2600", "the place is not kept")
    # Other words are looked at from the top.
    tab.locator("input[type=search]").fill("Found")
    tab.get_by_text("Found 000").wait_for()
    assert is_at(0)
    # A click comes sooner than the place is written down; and so does Back.
    tab.evaluate(
        """lead => {
          document.querySelector('.list-view').scrollTop = 1500;
          requestAnimationFrame(() => requestAnimationFrame(() => { location.hash = '#/contacts/' + lead; }));
        }""",
        made["contact"],
    )
    tab.locator("#main .back").wait_for()
    page.until(
        lambda: tab.evaluate("sessionStorage['parley.place.#/contacts?q=Found']") == "1500", "the place is not kept"
    )
    tab.go_back()
    page.until(lambda: is_at(1500), "Back leads to another place")
    # So does a search of before, begun anew.
    tab.locator("input[type=search]").fill("")
    tab.get_by_text("Contact 000").wait_for()
    assert is_at(0)
    page.close()


def the_focus_stays_on_its_row(browser, owner, made):
    page = Page(browser)
    tab, sockets = page.tab, []
    numbers = [2, 1]

    def answer(route):
        rows = [
            {
                "id": unique(n),
                "call_sid": f"CA{n}",
                **{"direction": "inbound", "status": "completed", "outcome": None, "lead": None},
                **{"from": f"+1415555{n:04}", "to": "+15550100100", "duration_seconds": 5},
                "started_at": "2026-11-20T10:00:00Z",
                "summary": f"call {n}",
            }
            for n in numbers
        ]
        route.fulfill(json=listing(rows))

    tab.route_web_socket("**/api/v1/live", lambda socket: sockets.append(socket))
    tab.route("**/api/v1/calls?*", answer)
    page.sign_in("manager")
    page.go("/calls")
    tab.locator(".list-row", has_text="call 2").focus()
    numbers.insert(0, 3)
    sockets[-1].send(json.dumps({"call_sid": "CA3", "at_ms": 1, "kind": "ended"}))
    tab.locator(".list-row", has_text="call 3").wait_for()
    tab.locator(".list-row:focus", has_text="call 2").wait_for()
    tab.keyboard.press("ArrowDown")
    tab.locator(".list-row:focus", has_text="call 1").wait_for()
    page.close()


def a_header_tells_the_sort_after_a_search(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/leads?view=table")
    tab.get_by_role("button", name="Score").first.click()
    tab.wait_for_url(re.compile("sort=-lead_score"))
    tab.get_by_placeholder("Search leads").fill("Person")
    tab.wait_for_url(re.compile("q=Person"))
    page.settle()
    assert tab.locator("[aria-sort=descending]").get_attribute("data-key") == "score"
    page.close()


def what_was_made_once_is_not_made_again(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/desk/todos?new=1")
    tab.get_by_role("dialog").wait_for()
    tab.keyboard.press("Escape")
    tab.get_by_role("dialog").wait_for(state="detached")
    tab.locator("input[type=search]").fill("anything")
    tab.wait_for_url(re.compile("q=anything"))
    assert "new=" not in tab.url, tab.url
    page.close()


def everything_is_everything(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/desk/follow-ups?view=overdue")
    tab.get_by_role("button", name="Views").click()
    with tab.expect_request(re.compile(r"/api/v1/follow-ups\?")):
        tab.get_by_role("menuitem", name="Everything").click()
    tab.locator("a[aria-current=true]", has_text="All").wait_for()
    # A view that is kept is all that its address says.
    page.go("/desk/follow-ups?view=overdue&q=Call")
    tab.get_by_role("button", name="Views").click()
    tab.get_by_role("menuitem", name="Keep this view").click()
    tab.get_by_label("Name").fill("Late calls")
    tab.keyboard.press("Enter")
    tab.get_by_role("dialog").wait_for(state="detached")
    page.go("/desk/follow-ups")
    tab.get_by_role("button", name="Views").click()
    with tab.expect_request(re.compile(r"/api/v1/follow-ups/overdue\?.*q=Call")):
        tab.get_by_role("menuitem", name="Late calls").click()
    page.close()


def a_campaign_stays_where_one_looks_and_tells_how_it_is(browser, owner, made):
    page = Page(browser, "admin")
    tab, state = page.tab, {"status": "active"}
    path = "/api/v1/campaigns/" + made["campaign"]

    def changed(route):
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), **state})

    def pause(route):
        state["status"] = "paused"
        route.fulfill(json={})

    tab.route(re.compile(re.escape(path) + "(/summary)?$"), changed)
    tab.route("**" + path + "/pause", pause)
    page.go("/campaigns/" + made["campaign"])
    tab.get_by_role("tab", name="Receipts").click()
    tab.get_by_role("button", name="Pause").click()
    tab.get_by_role("dialog").get_by_role("button", name="Pause").click()
    tab.get_by_role("button", name="Go on").wait_for()
    assert tab.get_by_role("tab", selected=True).inner_text() == "Receipts"
    # It ends while one looks.
    state["status"] = "completed"
    tab.locator(".heading .badge", has_text="Completed").wait_for()
    assert tab.get_by_role("button", name="Go on").count() == 0
    assert tab.get_by_role("tab", selected=True).inner_text() == "Receipts"
    page.close()


def what_could_not_be_asked_is_asked_again(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    with page.expecting(LOST, "net::"):
        tab.route("**/api/**", lambda route: route.abort())
        tab.evaluate("location.hash = '#/reports'")
        tab.locator("#main .trouble").first.wait_for()
        tab.get_by_text("No connection to the gateway.").wait_for()
        tab.unroute("**/api/**")
        tab.locator("#main .trouble").first.wait_for(state="detached")
        tab.get_by_text("No connection to the gateway.").wait_for(state="hidden")
    page.close()


def a_session_that_ended_while_the_line_was_down_is_said(browser, owner, made):
    page = Page(browser, "manager")
    tab, asked = page.tab, []
    with page.expecting(LOST, "net::"):
        tab.route("**/api/**", lambda route: route.abort())
        tab.evaluate("location.hash = '#/reports'")
        tab.get_by_text("No connection to the gateway.").wait_for()
        page.context.clear_cookies()
        tab.unroute("**/api/**")
        tab.on("request", lambda request: "/auth/me" in request.url and asked.append(1))
        tab.get_by_label("Password").wait_for()
    assert len(asked) < 3, f"asked {len(asked)} times"
    page.close()


def a_page_by_http_from_another_machine_works(browser, owner, made):
    page = Page(browser)
    tab = page.tab
    # What such a page has not.
    tab.add_init_script(
        """
        Object.defineProperty(Crypto.prototype, "randomUUID", { value: undefined });
        Object.defineProperty(Navigator.prototype, "clipboard", { get: () => undefined });
        """
    )
    page.sign_in("admin")
    page.go("/desk/todos")
    tab.get_by_role("button", name="New to-do").first.click()
    tab.get_by_label("Title").fill("From another machine")
    tab.get_by_role("button", name="Create").click()
    tab.get_by_text("From another machine").first.wait_for()
    page.go("/settings/keys")
    tab.get_by_role("button", name="New key").first.click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Name").fill("A key")
    dialog.get_by_label("Role").select_option("agent")
    dialog.get_by_role("button", name="Create").click()
    tab.get_by_role("button", name="Copy").click()
    tab.get_by_text("It is marked").wait_for()
    assert tab.evaluate("getSelection().toString()") == tab.locator("dialog .secret").inner_text()
    page.close()


def what_fails_in_silence_is_said(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    with page.expecting(LOST):
        tab.route("**/api/v1/calling-rules", broken)
        page.go("/operations/rules")
        tab.locator(".side-body .trouble").filter(has_text="It broke.").wait_for()
        tab.unroute("**/api/v1/calling-rules")
        tab.get_by_role("button", name="Try again").click()
        tab.get_by_role("heading", name="Rules that hold").wait_for()
        # A file of a session that is over is a page to sign in on, and no file.
        files = []
        tab.on("download", lambda file: files.append(file))
        page.go("/contacts")
        page.context.clear_cookies()
        tab.get_by_role("button", name="Export").click()
        tab.get_by_role("menuitem", name="As CSV").click()
        tab.get_by_label("Password").wait_for()
        assert not files
    page.close()


def agents_find_the_contacts_of_their_leads(browser, owner, made):
    contact = owner.ask("POST", "/api/v1/contacts", {"contact_name": "Greta Findable", "phone": "+14155558123"})["id"]
    for name in ("Greta Findable", "Greta Findable again"):
        owner.ask("POST", "/api/v1/leads", {"contact_person": name, "contact_id": contact, "agent_id": None})
    page = Page(browser, "agent")
    tab = page.tab
    page.go("/desk/tasks")
    tab.get_by_role("button", name="New task").first.click()
    tab.get_by_label("Title").fill("Ask Greta")
    assert tab.get_by_placeholder("ID").count() == 0
    field = tab.get_by_role("combobox", name="Contact")
    field.fill("Greta")
    found = tab.locator(".options").get_by_role("option")
    found.filter(has_text="Greta").first.wait_for()
    assert found.count() == 1, "one contact is offered twice"
    found.first.click()
    tab.get_by_role("button", name="Create").click()
    tab.get_by_text("Ask Greta").first.wait_for()
    tasks = owner.ask("GET", "/api/v1/tasks?limit=200")["data"]
    assert next(t for t in tasks if t["title"] == "Ask Greta")["contact_id"] == contact
    # Nor are they asked for an id of themselves.
    page.go("/desk/follow-ups")
    tab.get_by_role("button", name="New follow-up").first.click()
    whose = tab.get_by_role("dialog").get_by_label("Whose")
    assert whose.locator("option:checked").inner_text() == "Agent Example"
    page.close()


ALL = [
    a_filters_day_stays_the_day,
    days_are_those_of_the_viewer,
    older_entries_come_once,
    a_list_has_its_place_by_its_address,
    the_focus_stays_on_its_row,
    a_header_tells_the_sort_after_a_search,
    what_was_made_once_is_not_made_again,
    everything_is_everything,
    a_campaign_stays_where_one_looks_and_tells_how_it_is,
    what_could_not_be_asked_is_asked_again,
    a_session_that_ended_while_the_line_was_down_is_said,
    a_page_by_http_from_another_machine_works,
    what_fails_in_silence_is_said,
    agents_find_the_contacts_of_their_leads,
]
