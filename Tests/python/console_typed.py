"""What somebody typed is kept, and only what they typed is stored: each function is one promise."""

import json
import re
import urllib.request

from console_stage import LOST, PASSWORD, URL, Page
from console_use import until


def heard(page):
    """The bodies of changes that the page asks for."""
    bodies = []
    page.tab.on("request", lambda r: r.method == "PATCH" and bodies.append(r.post_data_json))
    return bodies


def new_lead(page, name):
    page.go("/leads?view=table")
    page.tab.get_by_role("button", name="New lead").first.click()
    field = page.tab.get_by_label("Contact person")
    field.fill(name)
    return field


def a_session_that_ends_takes_nothing_that_was_typed(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    new_lead(page, "Typed at length")
    page.context.clear_cookies()
    with page.expecting(LOST):
        tab.get_by_role("button", name="Create").click()
        again = tab.get_by_role("dialog", name="Sign in again")
        again.wait_for()
    again.get_by_label("E-mail address").fill("manager@example.com")
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    again.wait_for(state="detached")
    assert tab.get_by_label("Contact person").input_value() == "Typed at length"
    tab.get_by_role("button", name="Create").click()
    tab.locator("#main h1", has_text="Typed at length").wait_for()
    page.close()


def a_click_beside_a_form_does_not_lose_it(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    field = new_lead(page, "Somebody whom I typed at length")
    place, drawer = field.bounding_box(), tab.locator("dialog").bounding_box()
    height = place["y"] + place["height"] / 2
    tab.mouse.move(place["x"] + 150, height)
    tab.mouse.down()
    tab.mouse.move(drawer["x"] - 60, height, steps=8)
    tab.mouse.up()
    tab.wait_for_timeout(200)
    assert tab.get_by_role("dialog").count() == 1, "selecting text closed the form or asked"
    asked = tab.get_by_role("dialog", name="Leave what you wrote?")
    for leave in (
        lambda: tab.mouse.click(drawer["x"] - 60, height),
        lambda: tab.keyboard.press("Escape"),
        lambda: tab.evaluate("history.back()"),
    ):
        leave()
        asked.get_by_role("button", name="Cancel").click()
        asked.wait_for(state="detached")
        assert field.input_value() == "Somebody whom I typed at length"
        assert "#/leads" in tab.url, tab.url
    tab.keyboard.press("Escape")
    asked.get_by_role("button", name="Leave it").click()
    field.wait_for(state="detached")
    page.close()


def a_refusal_of_what_was_closed_is_told(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    held = []
    page.go("/desk/todos")
    tab.get_by_role("button", name="New to-do").first.click()
    tab.get_by_label("Title").fill("Important")
    tab.route("**/api/v1/todos", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    tab.get_by_role("button", name="Create").click()
    until(lambda: tab.wait_for_timeout(50) or held, "it was not asked for")
    tab.get_by_role("button", name="Cancel").click()
    with page.expecting(LOST):
        held[0].fulfill(status=500, json={"title": "Broken", "detail": "It broke.", "status": 500})
        tab.get_by_role("alert").filter(has_text="It was not saved.").wait_for()
    page.close()


def a_campaign_that_two_change_loses_nothing(browser, owner, made):
    one = owner.ask("POST", "/api/v1/campaigns", {"name": "Both", "purpose": "marketing", "target_criteria": {}})["id"]
    page = Page(browser, "admin")
    tab = page.tab
    page.go(f"/campaigns/{one}/edit")
    tab.get_by_label("Description").first.fill("Typed at length")
    owner.ask("PATCH", f"/api/v1/campaigns/{one}", {"name": "Theirs"})
    with page.expecting(LOST):
        tab.get_by_role("button", name="Save").click()
        dialog = tab.get_by_role("dialog", name="Changed meanwhile")
        dialog.wait_for()
    assert "Theirs" in dialog.inner_text(), dialog.inner_text()
    dialog.get_by_role("button", name="Save mine too").click()
    tab.locator("#main h1", has_text="Theirs").wait_for()
    found = owner.ask("GET", f"/api/v1/campaigns/{one}")
    assert (found["name"], found["description"]) == ("Theirs", "Typed at length"), found
    page.close()


def a_change_holds_only_what_was_touched(browser, owner, made):
    task = owner.ask(
        "POST",
        "/api/v1/tasks",
        {"title": "Touched alone", "contact_id": made["contact"], "due_date": "2026-12-05T10:00:30Z"},
    )["id"]
    page = Page(browser, "admin")
    tab = page.tab
    bodies = heard(page)
    page.go("/desk/tasks?q=Touched")
    tab.get_by_role("row", name=re.compile("Touched alone")).click()
    tab.get_by_label("Title").fill("Touched by me")
    # A colleague moves it meanwhile.
    owner.ask("PATCH", f"/api/v1/tasks/{task}", {"due_date": "2026-12-24T09:00:00Z"})
    with page.expecting(LOST):
        tab.get_by_role("button", name="Save", exact=True).click()
        tab.get_by_role("button", name="Save mine too").click()
        tab.get_by_text("Saved.").wait_for()
    assert bodies and all(body == {"title": "Touched by me"} for body in bodies), bodies
    assert owner.ask("GET", f"/api/v1/tasks/{task}")["due_date"].startswith("2026-12-24")
    page.close()


def own_fields_keep_what_they_hold(browser, owner, made):
    for number, (name, kind, options) in enumerate([("vip", "boolean", []), ("answer", "select", ["Yes, please", "No"])]):
        owner.ask(
            "POST",
            "/api/v1/custom-fields",
            {
                "field_name": name,
                "field_label": name.title(),
                "field_type": kind,
                "field_options": options,
                "display_order": number,
            },
        )
    contact = owner.ask("POST", "/api/v1/contacts", {"contact_name": "Own Fields", "phone": "+14155557711"})["id"]
    page = Page(browser, "admin")
    tab = page.tab
    bodies = heard(page)
    page.go("/contacts/" + contact)
    tab.get_by_role("button", name="Change").first.click()
    tab.get_by_label("Answer").select_option("Yes, please")
    tab.get_by_role("button", name="Save").click()
    tab.get_by_text("Saved.").first.wait_for()
    # What nobody answered is no "no".
    assert bodies == [{"custom_fields": {"answer": "Yes, please"}}], bodies
    bodies.clear()
    page.go("/settings/fields")
    tab.locator(".list-rows .list-row", has_text="Answer").click()
    options = tab.get_by_label("Choices")
    assert options.input_value() == "Yes, please\nNo", options.input_value()
    options.fill("Yes, please\nNo\nLater, perhaps")
    tab.get_by_role("button", name="Save").click()
    until(lambda: tab.wait_for_timeout(50) or bodies, "nothing was stored")
    assert bodies == [{"field_options": ["Yes, please", "No", "Later, perhaps"]}], bodies
    page.close()


def columns_of_an_import_are_stored_as_shown(browser, owner, made):
    request = urllib.request.Request(
        URL + "/api/v1/imports?file_name=a.csv",
        data=b"one,two,three\nA,B,c@d.example\n",
        headers={"cookie": owner.cookie, "origin": URL, "content-type": "text/csv"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        path = "/api/v1/imports/" + json.loads(answer.read())["id"]
    owner.ask("PATCH", path, {"mapping": [None, None, None]})
    page = Page(browser, "admin")
    tab = page.tab
    page.go("/imports/" + path.split("/")[-1])
    held = []
    tab.route("**" + path, lambda route: held.append(route) if route.request.method == "PATCH" else route.continue_())
    boxes = tab.locator(".mapping select")
    wanted = ["contact_name", "business_name", "contact_email"]
    for number, target in enumerate(wanted):
        boxes.nth(number).select_option(target)
    tab.get_by_role("button", name="Go on").click()
    # However late each answer comes, the next is asked after it.
    for number in range(3):
        until(lambda: tab.wait_for_timeout(50) or len(held) > number, "a column was not stored")
        assert len(held) == number + 1 and not tab.get_by_role("button", name="Import them").count()
        held[number].continue_()
    tab.get_by_role("button", name="Import them").wait_for()
    assert owner.ask("GET", path)["mapping"] == wanted
    tab.get_by_role("button", name="Columns").click()
    tab.unroute("**" + path)
    tab.route("**" + path, lambda route: route.abort() if route.request.method == "PATCH" else route.continue_())
    with page.expecting(LOST, "net::"):
        tab.get_by_label("Duplicates").select_option("create")
        tab.get_by_role("alert").first.wait_for()
        until(lambda: tab.get_by_label("Duplicates").input_value() == "skip", "the page shows what was not stored")
    page.close()


ALL = [
    a_session_that_ends_takes_nothing_that_was_typed,
    a_click_beside_a_form_does_not_lose_it,
    a_refusal_of_what_was_closed_is_told,
    a_campaign_that_two_change_loses_nothing,
    a_change_holds_only_what_was_touched,
    own_fields_keep_what_they_hold,
    columns_of_an_import_are_stored_as_shown,
]
