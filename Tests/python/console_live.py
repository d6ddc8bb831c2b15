"""What happens in calls while somebody looks: each function is one promise."""

import json
import time
from urllib.parse import parse_qs, urlsplit

from console_stage import Page


def call(number, age=None):
    """Of so many seconds; by their numbers the higher is the older."""
    began = time.time() - (60 + number if age is None else age)
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "call_sid": f"CA{number:04}",
        "direction": "inbound",
        "status": "in_progress",
        "from": f"+1415555{number:04}",
        "to": "+15550100100",
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(began)),
    }


class Line:
    """A page whose calls and whose socket are the test's."""

    def __init__(self, browser, calls, role="manager"):
        self.calls = calls
        self.asked = 0
        self.sockets = []
        self.closed = 0
        self.page = Page(browser)
        self.tab = self.page.tab
        self.tab.route_web_socket("**/api/v1/live", self._open)
        self.tab.route("**/api/v1/calls/live*", self._answer)
        self.page.sign_in(role)

    def _open(self, socket):
        self.sockets.append(socket)
        socket.on_close(self._close)

    def _close(self, *_):
        self.closed += 1

    def _answer(self, route):
        query = parse_qs(urlsplit(route.request.url).query)
        first, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        self.asked += first == 0
        rest = first + limit
        route.fulfill(
            json={
                "data": self.calls[first:rest],
                "next_cursor": str(rest) if rest < len(self.calls) else None,
            }
        )

    def tell(self, number, kind, **more):
        self.sockets[-1].send(json.dumps({"call_sid": f"CA{number:04}", "at_ms": 1000, "kind": kind, **more}))

    def say(self, number, text):
        self.tell(number, "turn", speaker="caller", text=text)

    def go_live(self):
        # What Today has watched is over.
        self.page.go("/leads")
        self.page.until(lambda: self.closed == len(self.sockets), "the socket stays open")
        self.page.go("/live")
        self.tab.get_by_text("As it happens").wait_for()

    def count(self, number):
        self.tab.get_by_text(f"{number} calls under way" if number != 1 else "1 call under way", exact=True).wait_for()


def a_thousand_calls_are_all_there(browser, owner, made):
    line = Line(browser, [call(n) for n in range(1000)])
    line.go_live()
    line.count(1000)
    assert line.tab.locator(".live-row").count() < 40
    asked = line.asked
    # A hundred ring at once: they are asked for together.
    line.calls = [call(n) for n in range(1100)]
    for number in range(1000, 1100):
        line.tell(number, "rang")
    line.count(1100)
    line.tab.locator(".live-view").evaluate("n => { n.scrollTop = n.scrollHeight; }")
    line.tab.locator(".live-row", has_text="+1 415 555 1099").wait_for()
    line.page.settle()
    assert line.asked - asked < 8, f"all calls were asked for {line.asked - asked} times"
    line.page.close()


def a_click_on_a_call_is_not_lost(browser, owner, made):
    line = Line(browser, [call(n) for n in range(6)])
    tab = line.tab
    line.go_live()
    for number in (2, 3, 4):
        row = tab.locator(f"[data-key=live-CA000{number}]")
        row.hover()
        tab.mouse.down()
        # Another call, which moves all rows.
        line.calls = [call(10 + number, age=0), *line.calls]
        line.tell(10 + number, "rang")
        line.count(len(line.calls))
        tab.mouse.up()
        tab.locator(f"[data-key=live-CA000{number}][aria-current=true]").wait_for()
    row = tab.locator("[data-key=live-CA0001]")
    row.focus()
    tab.keyboard.down("Space")
    line.calls = [call(20, age=0), *line.calls]
    line.tell(20, "rang")
    line.tell(1, "turn", speaker="caller", text="Good morning")
    row.filter(has_text="Good morning").wait_for()
    tab.keyboard.up("Space")
    tab.locator("[data-key=live-CA0001][aria-current=true]").wait_for()
    line.page.close()


def a_long_conversation_goes_on(browser, owner, made):
    line = Line(browser, [call(0)])
    line.go_live()
    lines = line.tab.locator(".live-log li")
    for number in range(230):
        line.say(0, f"word {number}")
        if number % 40 == 39:
            lines.filter(has_text=f"word {number}").first.wait_for()
    lines.filter(has_text="word 229").wait_for()
    assert lines.count() == 200, lines.count()
    # Another call ends: this one keeps its name.
    name = line.tab.locator(".live-panel h2").inner_text()
    line.tell(0, "ended")
    line.calls = []
    line.tell(7, "rang")
    line.tell(7, "ended")
    line.tab.get_by_text("0 calls under way", exact=True).wait_for()
    assert line.tab.locator(".live-panel h2").inner_text() == name
    line.page.close()


def who_reads_back_is_left_there(browser, owner, made):
    line = Line(browser, [call(0)])
    line.go_live()
    for number in range(60):
        line.say(0, f"word {number}")
    log = line.tab.locator(".live-log")
    log.get_by_text("word 59").wait_for()
    line.page.until(lambda: log.evaluate("n => n.scrollTop") > 100, "it does not follow what is said")
    log.evaluate("n => { n.scrollTop = 0; n.focus(); }")
    line.say(0, "the newest")
    log.get_by_text("the newest").wait_for()
    assert log.evaluate("n => [n.scrollTop, n === document.activeElement]") == [0, True]
    line.page.close()


def what_has_ended_stays_away(browser, owner, made):
    line = Line(browser, [call(0), call(1)])
    line.go_live()
    line.count(2)
    asked = line.asked
    # The list of calls is behind what the socket tells.
    line.tell(0, "ended")
    line.count(1)
    line.page.until(lambda: line.asked > asked, "the calls are not asked for again")
    line.page.settle()
    line.count(1)
    line.page.close()


def leaving_live_early_leaves_nothing(browser, owner, made):
    line = Line(browser, [])
    line.page.go("/leads")
    line.page.until(lambda: line.closed == len(line.sockets), "the socket stays open")
    held, opened = [], len(line.sockets)
    line.tab.route("**/api/v1/calls/live*", lambda route: held.append(route))
    line.tab.evaluate("location.hash = '#/live'")
    line.page.until(lambda: held, "Live asks for no calls")
    line.page.go("/desk/todos")
    assert len(line.sockets) == opened, "a page that was left opened a socket"
    held[0].abort()
    line.page.close()


def many_calls_are_counted_once(browser, owner, made):
    line = Line(browser, [])
    figure = line.tab.locator("a.figure", has_text="On the line now").locator("strong")
    line.page.until(lambda: figure.inner_text() == "0" and line.sockets, "Today counts no calls")
    asked = line.asked
    line.calls = [call(n) for n in range(40)]
    for number in range(40):
        line.tell(number, "rang")
    line.page.until(lambda: figure.inner_text() == "40", "Today does not count anew")
    line.page.settle()
    assert line.asked - asked < 4, f"it counted {line.asked - asked} times"
    # The list of calls likewise.
    listed = []
    line.tab.route(
        "**/api/v1/calls?*",
        lambda route: (listed.append(1), route.fulfill(json={"data": [], "next_cursor": None})),
    )
    line.page.go("/calls")
    before = len(listed)
    for number in range(40):
        line.tell(number, "ended")
    line.page.until(lambda: len(listed) > before, "the list of calls is not read again")
    line.page.settle()
    assert len(listed) - before < 4, f"the list was read {len(listed) - before} times"
    line.page.close()


def the_end_of_an_older_socket_says_nothing(browser, owner, made):
    line = Line(browser, [call(0)])
    line.go_live()
    older = line.sockets[-1]
    line.go_live()
    assert line.sockets[-1] is not older
    older.close()
    line.say(0, "still here")
    line.tab.locator(".live-log").get_by_text("still here").wait_for()
    line.tab.get_by_text("As it happens").wait_for()
    assert line.tab.get_by_text("Every few seconds").count() == 0
    line.page.close()


def one_hangs_up_before_there_is_a_call(browser, owner, made):
    page = Page(browser)
    tab = page.tab
    tab.add_init_script(
        "if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
    )
    tab.route(
        "**/api/v1/phone",
        lambda route: route.fulfill(
            json={"available": True, "number": "+15550100100", "from": "+14155550123", "callers": []}
        ),
    )
    tab.route("**/api/v1/phone/tickets", lambda _: None)
    page.sign_in("manager")
    page.go("/call-me")
    for name in ("Call", "Call again"):
        tab.get_by_role("button", name=name, exact=True).click()
        tab.get_by_text("Calling …").wait_for()
        tab.get_by_role("button", name="Hang up").click()
        tab.get_by_text("Not called: you hung up").wait_for()
        assert not tab.get_by_role("button", name="Hang up").is_visible()
    page.close()


ALL = [
    a_thousand_calls_are_all_there,
    a_click_on_a_call_is_not_lost,
    a_long_conversation_goes_on,
    who_reads_back_is_left_there,
    what_has_ended_stays_away,
    leaving_live_early_leaves_nothing,
    many_calls_are_counted_once,
    the_end_of_an_older_socket_says_nothing,
    one_hangs_up_before_there_is_a_call,
]
