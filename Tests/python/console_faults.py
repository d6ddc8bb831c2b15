"""What goes wrong, and how the console takes it: each function is one promise."""

import json
import re
import time

from console_stage import LOST, URL, Page


def what_the_api_refuses_stands_as_before(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/desk/follow-ups")
    tab.route(
        "**/complete",
        lambda route: route.fulfill(
            status=500,
            content_type="application/problem+json",
            body=json.dumps({"title": "Broken", "status": 500, "detail": "The database is away."}),
        ),
    )
    row = tab.get_by_role("row", name=re.compile("Call back 0"))
    with page.expecting(LOST):
        row.get_by_role("button", name="Actions").click()
        tab.get_by_role("menuitem", name="Done").click()
        tab.get_by_role("alert").filter(has_text="The database is away.").wait_for()
    assert "Pending" in row.inner_text(), row.inner_text()
    page.close()


def mistakes_stand_at_their_fields(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    page.go("/contacts")
    tab.get_by_role("button", name="New contact").first.click()
    tab.get_by_label("Name", exact=True).fill("Wrong Number")
    tab.get_by_role("textbox", name="Phone").fill("12")
    with page.expecting(LOST):
        tab.get_by_role("button", name="Create").click()
        field = tab.get_by_role("textbox", name="Phone")
        tab.locator("[aria-invalid=true],[aria-invalid='']").first.wait_for()
    assert field.evaluate("n => n.getAttribute('aria-invalid')") == "true"
    said = tab.evaluate(
        "n => document.getElementById(n.getAttribute('aria-describedby').split(' ').pop()).textContent",
        field.element_handle(),
    )
    assert said, "the field does not say what is wrong"
    field.fill("+14155557788")
    tab.get_by_role("button", name="Create").click()
    tab.locator("#main h1", has_text="Wrong Number").wait_for()
    page.close()


def two_tabs_do_not_overwrite_each_other(browser, owner, made):
    one = Page(browser, "manager")
    two = Page(browser, context=one.context)
    for page in (one, two):
        page.tab.goto(URL + "/#/leads/" + made["lead"])
        page.tab.get_by_role("button", name="Change").first.click()
        page.tab.get_by_label("Company name").wait_for()
    one.tab.get_by_label("Company name").fill("The first tab's")
    one.tab.get_by_role("button", name="Save").click()
    one.tab.get_by_text("Saved.").wait_for()
    two.tab.get_by_label("Company name").fill("The second tab's")
    with two.expecting(LOST):
        two.tab.get_by_role("button", name="Save").click()
        dialog = two.tab.get_by_role("dialog", name="Changed meanwhile")
        dialog.wait_for()
    assert "The first tab's" in dialog.inner_text()
    dialog.get_by_role("button", name="Cancel").click()
    assert owner.ask("GET", f"/api/v1/leads/{made['lead']}")["company_name"] == "The first tab's"
    assert not one.faults() + two.faults()
    one.context.close()


def a_lost_connection_is_said_and_comes_back(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab
    page.go("/live")
    tab.get_by_text("As it happens").wait_for()
    page.go("/calls")
    with page.expecting(LOST, "net::", "WebSocket"):
        page.context.set_offline(True)
        tab.evaluate("location.hash = '#/leads?view=table'")
        tab.get_by_text("No connection to the gateway.").wait_for()
        tab.get_by_role("heading", name="No connection").wait_for()
        page.context.set_offline(False)
        tab.get_by_text("No connection to the gateway.").wait_for(state="hidden")
        # What could not be had comes by itself.
        tab.get_by_role("row").nth(3).wait_for()
    page.go("/live")
    tab.get_by_text("As it happens").wait_for()
    page.close()


def an_expired_session_leads_back_to_where_one_was(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab
    page.go("/desk/todos")
    page.context.clear_cookies()
    with page.expecting(LOST):
        tab.evaluate("location.hash = '#/leads?view=table'")
        tab.get_by_text("Your session is over.").wait_for()
    page.sign_in("agent")
    assert tab.url.endswith("#/leads?view=table"), tab.url
    tab.locator("#main h1", has_text="Leads").wait_for()
    page.close()


def a_500_says_what_to_do(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab
    tab.route(
        "**/api/v1/calls?*",
        lambda route: route.fulfill(
            status=500,
            content_type="application/problem+json",
            headers={"x-request-id": "the-number"},
            body='{"title": "Broken", "status": 500, "detail": "It broke."}',
        ),
    )
    with page.expecting(LOST):
        tab.evaluate("location.hash = '#/calls'")
        tab.get_by_role("alert").filter(has_text="the-number").wait_for()
    tab.unroute("**/api/v1/calls?*")
    tab.get_by_role("button", name="Try again").click()
    tab.get_by_role("row").nth(1).wait_for()
    page.close()


def a_slow_answer_shows_bones_and_blocks_nothing(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab

    def slow(route):
        time.sleep(1.5)
        route.continue_()

    tab.route("**/api/v1/calls?*", slow)
    tab.evaluate("location.hash = '#/calls'")
    tab.locator("#main .skeleton").first.wait_for()
    tab.get_by_role("row").nth(1).wait_for()
    tab.unroute("**/api/v1/calls?*")
    page.close()


ALL = [
    what_the_api_refuses_stands_as_before,
    mistakes_stand_at_their_fields,
    two_tabs_do_not_overwrite_each_other,
    a_lost_connection_is_said_and_comes_back,
    an_expired_session_leads_back_to_where_one_was,
    a_500_says_what_to_do,
    a_slow_answer_shows_bones_and_blocks_nothing,
]
