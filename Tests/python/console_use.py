"""What people do with the console, and what must not go wrong when they do: each function is one promise."""

import io
import json
import re
import time

from console_stage import LONG, LOST, MARKUP, OWNER, PASSWORD, RIGHT_TO_LEFT, URL, API, Page


def until(truth, what, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if truth():
            return
        time.sleep(0.1)
    raise AssertionError(what)


def keyboard_alone_reaches_everything(browser, owner, made):
    page = Page(browser)
    tab = page.tab
    tab.goto(URL + "/")
    tab.keyboard.type("admin@example.com")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    tab.locator("#main h1").wait_for()
    page.settle()
    assert tab.evaluate("!!document.activeElement.closest('main')"), "after signing in the focus is not in the page"
    tab.keyboard.press("Control+k")
    tab.keyboard.type("leads")
    tab.get_by_role("option", name="Leads").first.wait_for()
    tab.keyboard.press("Enter")
    tab.locator(".board-card").first.wait_for()
    page.settle()
    card = tab.locator("[data-column=LEAD].board-card").first
    name = card.locator(".row-title").inner_text()
    # As many steps as one has to take from the top of the page.
    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('.board-card')"):
            break
    assert tab.evaluate("document.activeElement.matches('.board-card')"), "no card is reached by Tab"
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Shift+ArrowRight")
    moved = tab.locator(".board-column[data-column=MQL] .board-card", has_text=name)
    moved.wait_for()
    assert tab.evaluate("document.activeElement.dataset.column") == "MQL", "the focus did not follow the card"
    tab.get_by_role("button", name="Undo").press("Enter")
    tab.locator(".board-column[data-column=LEAD] .board-card", has_text=name).wait_for()
    tab.keyboard.press("?")
    tab.get_by_role("dialog", name="Keyboard shortcuts").wait_for()
    tab.keyboard.press("Escape")
    tab.get_by_role("dialog", name="Keyboard shortcuts").wait_for(state="detached")
    tab.keyboard.press("g")
    tab.keyboard.press("c")
    tab.locator("#main h1", has_text="Calls").wait_for()
    page.settle()
    tab.locator(".list-rows [tabindex='0']").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile("#/calls/"))
    page.close()


def a_card_is_moved_by_dragging_and_by_its_menu(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/leads?view=board")
    first = tab.locator("[data-column=LEAD].board-card").first
    lead = first.get_attribute("data-id")
    first.drag_to(tab.locator(".board-column[data-column=SQL]"))
    tab.locator(f".board-column[data-column=SQL] [data-id='{lead}']").wait_for()
    until(lambda: owner.ask("GET", f"/api/v1/leads/{lead}")["stage"] == "SQL", "the API was never told of the move")
    second = tab.locator("[data-column=LEAD].board-card").first
    other = second.get_attribute("data-id")
    second.get_by_role("button").click()
    tab.get_by_role("menuitem", name="Move to LOST").click()
    tab.get_by_label("Reason").fill("They chose another.")
    tab.get_by_role("button", name="Mark as lost").click()
    # Who leaves the page at once has decided all the same.
    tab.reload()
    until(lambda: owner.ask("GET", f"/api/v1/leads/{other}")["stage"] == "LOST", "a move was lost with its page")
    page.close()


def what_was_deleted_can_be_taken_back(browser, owner, made):
    agent = API("agent@example.com")
    agent.ask("POST", "/api/v1/todos", {"title": "Stays"})
    page = Page(browser, "agent")
    tab = page.tab
    page.go("/desk/todos")
    row = tab.get_by_role("row", name=re.compile("Stays"))
    row.get_by_role("button", name="Actions").click()
    tab.get_by_role("menuitem", name="Delete").click()
    row.wait_for(state="detached")
    tab.get_by_role("button", name="Undo").click()
    row.wait_for()
    time.sleep(7)
    assert any(t["title"] == "Stays" for t in agent.ask("GET", "/api/v1/todos")["data"]), "it was deleted after all"
    page.close()


def what_callers_are_called_is_text(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    tab.on("dialog", lambda dialog: page.said.append("a name was run: " + dialog.message))
    page.go("/contacts")
    tab.get_by_text(MARKUP).first.wait_for()
    tab.get_by_text(RIGHT_TO_LEFT).first.wait_for()
    page.go("/contacts/" + made["contact"])
    assert tab.locator("h1").inner_text() == MARKUP
    assert LONG[:9000].strip()[-40:] in tab.locator("#main").inner_text()
    assert tab.locator("#main img, #main b:has-text('Bold')").count() == 0
    page.go("/campaigns/" + made["campaign"])
    assert tab.locator("h1").inner_text() == "Spring <i>fair</i>"
    page.close()


def roles_decide_what_is_shown(browser, owner, made):
    page = Page(browser, "agent")
    names = page.tab.get_by_role("navigation", name="Pages").inner_text()
    assert "Contacts" not in names and "Campaigns" not in names and "Operations" not in names, names
    page.go("/contacts")
    page.tab.get_by_role("heading", name="Not for your role").wait_for()
    page.close()
    page = Page(browser, "admin")
    names = page.tab.get_by_role("navigation", name="Pages").inner_text()
    assert "Contacts" in names and "Campaigns" in names, names
    page.close()


def a_hundred_thousand_rows_are_a_few(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab
    page.go("/components")
    view = tab.locator(".list-view")
    view.scroll_into_view_if_needed()
    for _ in range(30):
        view.evaluate("n => { n.scrollTop = n.scrollHeight; }")
        tab.wait_for_timeout(60)
    held = tab.locator(".list-rows .list-row").count()
    assert held < 80, f"{held} rows are in the document"
    last = tab.locator(".list-rows .list-row").last.inner_text()
    assert int(re.search(r"Row (\d+)", last).group(1)) > 2000, last
    page.close()


def a_list_keeps_its_place(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/leads?view=table")
    view = tab.locator(".list-view")
    view.evaluate("n => { n.scrollTop = 600; }")
    tab.wait_for_timeout(400)
    name = tab.locator(".list-rows .row-title").nth(14)
    name.click()
    tab.wait_for_url(re.compile("#/leads/"))
    tab.go_back()
    tab.locator(".list-rows .row-title").first.wait_for()
    page.settle()
    assert abs(tab.locator(".list-view").evaluate("n => n.scrollTop") - 600) < 60
    tab.reload()
    tab.locator(".list-rows .row-title").first.wait_for()
    page.settle()
    assert abs(tab.locator(".list-view").evaluate("n => n.scrollTop") - 600) < 60
    page.close()


def contacts_come_from_a_file(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    page.go("/imports?new=1")
    rows = "Full name;Firm;Mobile\nAda Import;Engine Ltd;+14155551881\nBob Import;Engine Ltd;nonsense\n"
    tab.locator("input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": io.BytesIO(rows.encode()).getvalue()}
    )
    tab.get_by_role("heading", name="Which column is what").wait_for()
    # By keyboard: a column is a field with a list of choices.
    for column, target in (("Full name", "contact_name"), ("Firm", "business_name"), ("Mobile", "phone")):
        tab.get_by_label(re.compile(column)).select_option(target)
    tab.wait_for_timeout(300)
    tab.get_by_role("button", name="Go on").click()
    tab.get_by_role("cell", name="Ada Import").wait_for()
    # Whoever leaves comes back to where it was.
    tab.reload()
    tab.get_by_role("button", name="Go on").click()
    tab.get_by_role("cell", name="Ada Import").wait_for()
    tab.get_by_role("button", name="Import them").click()
    tab.get_by_text("Done: every row was read.").wait_for(timeout=60_000)
    tab.get_by_role("gridcell", name="nonsense").first.wait_for()
    page.go("/contacts?q=Ada")
    tab.get_by_text("Ada Import").first.wait_for()
    page.close()


def contacts_leave_as_a_file(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    page.go("/contacts?tags=fair")
    with tab.expect_download() as coming:
        tab.get_by_role("button", name="Export").click()
        tab.get_by_role("menuitem", name="As NDJSON").click()
    with open(coming.value.path(), encoding="utf-8") as file:
        names = {json.loads(line)["contact_name"] for line in file}
    assert MARKUP in names and RIGHT_TO_LEFT in names and "Wrong Number" not in names, names
    page.close()


def an_invitation_sets_a_password(browser, owner, made):
    user = owner.ask("POST", "/api/v1/users", {"email": "new@example.com", "full_name": "New Person", "role": "agent"})
    invite = owner.ask("POST", f"/api/v1/users/{user['id']}/invite")
    page = Page(browser)
    tab = page.tab
    tab.goto(URL + "/#invite=" + invite["token"])
    assert invite["token"] not in tab.url, "the invitation stays in the address"
    tab.get_by_label("New password").fill("three otters at dawn")
    tab.get_by_role("button", name="Set the password").click()
    tab.get_by_role("button", name="You: New Person").wait_for()
    page.close()


def light_and_dark_are_chosen_and_kept(browser, owner, made):
    page = Page(browser, "agent")
    tab = page.tab
    before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.get_by_role("button", name="Light or dark").click()
    tab.get_by_role("menuitemradio", name="Dark").click()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != before
    tab.reload()
    tab.locator("#main h1").wait_for()
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") != before
    page.close()


def signing_out_forgets_all(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    tab.get_by_role("button", name="You: Manager Example").click()
    tab.get_by_role("menuitem", name="Sign out").click()
    tab.get_by_role("button", name="Sign in").wait_for()
    tab.goto(URL + "/#/leads")
    tab.get_by_role("button", name="Sign in").wait_for()
    with page.expecting(LOST):
        tab.get_by_label("E-mail address").fill(OWNER)
        tab.get_by_label("Password").fill("not the password")
        tab.get_by_role("button", name="Sign in").click()
        tab.locator("#wrong:not(:empty)").wait_for()
    page.close()


def a_first_visit_is_light(browser, owner, made):
    page = Page(browser)
    got = []
    page.tab.on("response", lambda answer: got.append(answer))
    page.sign_in("manager")
    page.settle()
    size = sum(len(answer.body()) for answer in got if answer.status == 200)
    assert size < 250_000, f"{size} bytes"
    page.close()
    return f"{size} bytes in {len(got)} answers"


ALL = [
    keyboard_alone_reaches_everything,
    a_card_is_moved_by_dragging_and_by_its_menu,
    what_was_deleted_can_be_taken_back,
    what_callers_are_called_is_text,
    roles_decide_what_is_shown,
    a_hundred_thousand_rows_are_a_few,
    a_list_keeps_its_place,
    contacts_come_from_a_file,
    contacts_leave_as_a_file,
    an_invitation_sets_a_password,
    light_and_dark_are_chosen_and_kept,
    signing_out_forgets_all,
    a_first_visit_is_light,
]
