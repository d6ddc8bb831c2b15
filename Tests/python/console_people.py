"""Who does what: a change is its author's, a page is its person's, and nothing is done twice. Each function is one promise."""

import re

from console_stage import LOST, URL, Page
from console_use import until


def lead_named(owner, name, **more):
    return owner.ask("POST", "/api/v1/leads", {"contact_person": name, "deal_value": 1, **more})["id"]


def sign_out(page, name):
    page.tab.get_by_role("button", name="You: " + name).click()
    page.tab.get_by_role("menuitem", name="Sign out").click()


def is_there(owner, lead):
    return bool(owner.ask("GET", f"/api/v1/leads?limit=1&q={lead}")["data"])


def what_was_promised_is_done_before_its_author_leaves(browser, owner, made):
    lead_named(owner, "Goeswith Thesignout")
    page = Page(browser, "manager")
    tab = page.tab
    asked = []
    tab.on("request", lambda r: r.method in ("DELETE", "POST") and asked.append((r.method, r.url.split("/")[-1])))
    page.go("/leads?view=table&q=Goeswith")
    row = tab.locator(".list-rows .list-row", has_text="Goeswith Thesignout")
    row.get_by_role("button", name="Actions").click()
    tab.get_by_role("menuitem", name="Delete").click()
    tab.get_by_role("button", name="Undo").wait_for()
    sign_out(page, "Manager Example")
    tab.get_by_label("Password").wait_for()
    assert not tab.get_by_role("button", name="Undo").count(), "what can be undone is offered to whoever comes next"
    methods = [method for method, path in asked if method == "DELETE" or path == "logout"]
    assert methods == ["DELETE", "POST"], asked
    assert not is_there(owner, "Goeswith"), "the lead is not deleted"
    page.close()


def a_sign_out_that_fails_is_said(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    tab.route("**/api/auth/logout", lambda route: route.abort())
    with page.expecting(LOST, "net::"):
        sign_out(page, "Manager Example")
        tab.get_by_role("alert").filter(has_text="You are still signed in.").wait_for()
    assert not tab.get_by_label("Password").count()
    page.close()


def a_login_in_another_tab_is_noticed(browser, owner, made):
    one = Page(browser, "manager")
    two = Page(browser, context=one.context)
    two.tab.goto(URL + "/")
    sign_out(two, "Manager Example")
    two.tab.get_by_label("Password").wait_for()
    two.sign_in("agent")
    one.tab.get_by_role("button", name="You: Agent Example").wait_for()
    one.context.close()


def a_token_is_of_its_tab_alone(browser, owner, made):
    one = Page(browser, "manager")
    two = Page(browser, context=one.context)
    two.tab.goto(URL + "/")
    two.tab.locator("#main h1").first.wait_for()
    # An address with a token is taken in a tab that is open, too, and the token does not stay in it.
    who = {"subject": "somebody", "role": "agent", "tenant": {"id": "none", "name": "None"}, "user": None}
    two.tab.route("**/api/v1/**", lambda route: route.fulfill(json={"data": []}))
    two.tab.route("**/api/auth/me", lambda route: route.fulfill(json=who))
    two.tab.evaluate("location.hash = '#token=not.a.token'")
    two.tab.get_by_role("button", name="You: somebody").wait_for()
    assert "token=" not in two.tab.url, two.tab.url
    sign_out(two, "somebody")
    two.tab.get_by_label("Password").wait_for()
    one.tab.reload()
    one.tab.get_by_role("button", name="You: Manager Example").wait_for()
    one.context.close()


def two_moves_are_undone_one_by_one(browser, owner, made):
    lead = lead_named(owner, "Moves Twice", stage="LEAD")
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/leads?view=board&q=Moves")
    card = tab.locator(f"[data-id='{lead}']")
    card.focus()
    tab.keyboard.press("Shift+ArrowRight")
    tab.locator(f".board-column[data-column=MQL] [data-id='{lead}']").focus()
    tab.keyboard.press("Shift+ArrowRight")
    tab.locator(f".board-column[data-column=SQL] [data-id='{lead}']").wait_for()
    tab.get_by_role("button", name="Undo").first.click()
    tab.locator(f".board-column[data-column=MQL] [data-id='{lead}']").wait_for()
    until(lambda: owner.ask("GET", f"/api/v1/leads/{lead}")["stage"] == "MQL", "the API has another stage than the board")
    page.close()


def what_leaves_a_board_comes_back_by_undo(browser, owner, made):
    lead = lead_named(owner, "Leaves Theboard", stage="LEAD")
    page = Page(browser, "manager")
    tab = page.tab
    page.go("/leads?view=board&stage=LEAD&q=Leaves")
    card = tab.locator(f"[data-id='{lead}']")
    for choice in ("Move to MQL", "Delete"):
        card.focus()
        tab.keyboard.press("m")
        tab.get_by_role("menuitem", name=choice).click()
        card.wait_for(state="detached")
        tab.get_by_role("button", name="Undo").last.click()
        card.wait_for()
    page.close()
    assert owner.ask("GET", f"/api/v1/leads/{lead}")["stage"] == "LEAD"


def a_double_click_does_it_once(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    page.go("/campaigns/new/edit")
    tab.get_by_label("Name").first.fill("Only once")
    tab.get_by_role("button", name="Create").dblclick()
    tab.locator("#main h1", has_text="Only once").wait_for()
    found = [c for c in owner.ask("GET", "/api/v1/campaigns")["data"] if c["name"] == "Only once"]
    assert len(found) == 1, f"{len(found)} campaigns were made"
    page.close()


def a_page_that_was_left_does_nothing_to_the_next(browser, owner, made):
    page = Page(browser, "manager")
    tab = page.tab
    held = []
    tab.reload()
    tab.locator("#main h1").first.wait_for()
    tab.route("**/api/v1/users*", lambda route: held.append(route))
    tab.evaluate("location.hash = '#/desk/meetings?new=1'")
    until(lambda: tab.wait_for_timeout(50) or held, "the users were not asked for")
    page.go("/settings/account")
    title = tab.title()
    held[0].continue_()
    tab.wait_for_timeout(600)
    assert tab.url.endswith("#/settings/account") and tab.title() == title, (tab.url, tab.title())
    assert not tab.get_by_role("dialog").count(), "a page that was left opened a dialog"
    page.close()


def an_upload_ends_with_its_dialog(browser, owner, made):
    page = Page(browser, "admin")
    tab = page.tab
    stopped, held = [], []
    tab.on("requestfailed", lambda request: "/imports" in request.url and stopped.append(request.url))
    page.go("/imports")
    tab.get_by_role("button", name="New import").first.click()
    tab.route("**/api/v1/imports?file_name*", lambda route: held.append(route))
    tab.locator("#file").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": b"name\nA\n"})
    until(lambda: tab.wait_for_timeout(50) or held, "the file was not sent")
    tab.keyboard.press("Escape")
    until(lambda: tab.wait_for_timeout(50) or stopped, "the file is sent although its dialog was closed")
    page.close()


def an_older_answer_does_not_replace_a_newer(browser, owner, made):
    lead_named(owner, "Finder Alpha")
    lead_named(owner, "Finder Alphabet")
    page = Page(browser, "manager")
    tab = page.tab
    held = []
    page.go("/desk/follow-ups")
    tab.get_by_role("button", name="New follow-up").first.click()
    tab.route(
        re.compile("/api/v1/leads.*q=Finder"),
        lambda route: held.append(route) if route.request.url.endswith("Alpha") else route.continue_(),
    )
    box = tab.get_by_role("combobox").first
    box.fill("Finder Alpha")
    until(lambda: tab.wait_for_timeout(50) or held, "the first was not asked for")
    box.fill("Finder Alphabet")
    tab.get_by_role("option", name="Finder Alphabet").wait_for()
    with tab.expect_response(re.compile("q=Finder.Alpha$")):
        held[0].continue_()
    tab.wait_for_timeout(200)
    said = tab.locator("dialog .options li span").all_inner_texts()
    assert said == ["Finder Alphabet"], said
    page.close()


ALL = [
    what_was_promised_is_done_before_its_author_leaves,
    a_sign_out_that_fails_is_said,
    a_login_in_another_tab_is_noticed,
    a_token_is_of_its_tab_alone,
    two_moves_are_undone_one_by_one,
    what_leaves_a_board_comes_back_by_undo,
    a_double_click_does_it_once,
    a_page_that_was_left_does_nothing_to_the_next,
    an_upload_ends_with_its_dialog,
    an_older_answer_does_not_replace_a_newer,
]
