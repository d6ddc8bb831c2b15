"""A gateway for tests of the console: people of every role, rows to look at, and a browser that tells of every fault.

Environment: PARLEY_URL, PARLEY_EMAIL and PARLEY_PASSWORD of a super_admin.
"""

import contextlib
import json
import os
import time
import urllib.error
import urllib.request

from axe_playwright_python.sync_playwright import Axe

URL = os.environ["PARLEY_URL"]
OWNER = os.environ["PARLEY_EMAIL"]
PASSWORD = os.environ["PARLEY_PASSWORD"]
# What the browser says of any answer that is a refusal.
LOST = "Failed to load resource"
ROLES = ("agent", "manager", "admin")

MARKUP = "<img src=x onerror=alert(1)> & Söhne"
RIGHT_TO_LEFT = "محمد عبد الله"
LONG = "x" * 60 + " " + "long words " * 900

# In the page before anything else: what its policy forbids, and what it throws.
WATCH = """
window.__faults = [];
addEventListener("securitypolicyviolation", (e) => window.__faults.push("policy: " + e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => window.__faults.push("error: " + e.message));
"""


class API:
    """The API, as a user's browser sees it."""

    def __init__(self, email, password=PASSWORD):
        self.cookie = None
        answer = self.ask("POST", "/api/auth/login", {"email": email, "password": password}, whole=True)
        self.cookie = answer.headers["set-cookie"].split(";")[0]

    def ask(self, method, path, body=None, whole=False):
        headers = {"origin": URL, "content-type": "application/json"}
        if self.cookie:
            headers["cookie"] = self.cookie
        data = None if body is None else json.dumps(body).encode()
        for _ in range(200):
            request = urllib.request.Request(URL + path, data=data, headers=headers, method=method)
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    text = answer.read()
                    return answer if whole else json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise AssertionError(f"{method} {path}: {error.code} {error.read()[:600]!r}") from error
                time.sleep(0.2)
        raise AssertionError(f"{method} {path}: refused again and again")


def fill():
    """Makes people and rows; answers with the addresses of some."""
    owner = API(OWNER)
    for role in ROLES:
        user = owner.ask(
            "POST",
            "/api/v1/users",
            {"email": f"{role}@example.com", "full_name": f"{role.title()} Example", "role": role},
        )
        invite = owner.ask("POST", f"/api/v1/users/{user['id']}/invite")
        owner.ask("POST", "/api/auth/accept-invite", {"token": invite["token"], "password": PASSWORD})
    made = {}
    stages = ["LEAD"] * 5 + ["MQL"] * 3 + ["SQL"] * 2 + ["OPPORTUNITY", "CUSTOMER"]
    for number in range(36):
        lead = owner.ask(
            "POST",
            "/api/v1/leads",
            {
                "contact_person": f"Person {number:02}",
                "company_name": f"Company {number % 7}",
                "stage": stages[number % len(stages)],
                "deal_value": 1000 * (number % 9) or None,
                "phone": f"+1415555{number:04}",
                "agent_id": None,
            },
        )
        made.setdefault("lead", lead["id"])
    for name in (MARKUP, RIGHT_TO_LEFT, "Somebody long"):
        contact = owner.ask(
            "POST",
            "/api/v1/contacts",
            {
                "contact_name": name,
                "business_name": "<b>Bold</b>",
                "notes": LONG[:9000],
                "tags": ["fair"],
                "phone": f"+1415555{900 + len(made)}1",
            },
        )
        made.setdefault("contact", contact["id"])
    for number in range(4):
        owner.ask("POST", "/api/v1/todos", {"title": f"Owner's {number}"})
        owner.ask(
            "POST",
            "/api/v1/follow-ups",
            {"lead_id": made["lead"], "due_at": f"2026-0{number + 1}-05T10:00:00Z", "reason": f"Call back {number}"},
        )
        owner.ask(
            "POST", "/api/v1/tasks", {"title": f"Task {number}", "contact_id": made["contact"], "priority": "high"}
        )
    campaign = owner.ask(
        "POST", "/api/v1/campaigns", {"name": "Spring <i>fair</i>", "target_criteria": {"tags_any": ["fair"]}}
    )
    owner.ask("POST", f"/api/v1/campaigns/{campaign['id']}/enroll-from-criteria", {})
    made["campaign"] = campaign["id"]
    made["call"] = owner.ask("GET", "/api/v1/calls?limit=1")["data"][0]["id"]
    return owner, made


class Page:
    """One tab of one person, which collects what goes wrong in it."""

    def __init__(self, browser, role=None, width=1280, scheme="light", context=None, **more):
        self.context = context or browser.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            **{"locale": "en-US", "timezone_id": "America/Chicago", **more},
        )
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(20_000)
        self.tab.add_init_script(WATCH)
        self.said = []
        self.where = "sign in"
        # What a refusal looks like is a test's own business: it says so by `expecting`.
        self.expected = []
        self.tab.on("console", self._heard)
        self.tab.on("pageerror", lambda error: self.said.append(f"{self.where}: {error}"))
        if role:
            self.sign_in(role)

    def _heard(self, message):
        if message.type in ("error", "warning") and not any(word in message.text for word in self.expected):
            self.said.append(f"{self.where}: {message.text} {message.location.get('url', '')}")

    def sign_in(self, role, password=PASSWORD):
        email = OWNER if role == "super_admin" else f"{role}@example.com"
        if self.tab.url == "about:blank":
            self.tab.goto(URL + "/")
        self.tab.get_by_label("E-mail address").fill(email)
        self.tab.get_by_label("Password").fill(password)
        self.tab.get_by_role("button", name="Sign in").click()
        self.tab.locator("#main h1").first.wait_for()

    def go(self, path):
        """Another page of the console, once all of it has come."""
        self.where = path
        self.tab.evaluate("path => { location.hash = '#' + path; }", path)
        self.tab.locator("#main h1").first.wait_for()
        self.settle()

    def settle(self):
        for _ in range(200):
            self.tab.wait_for_timeout(50)
            if self.where == "/components" or not self.tab.locator("#main .skeleton").count():
                break
        else:
            self.said.append(f"{self.where}: it never came")
        self.tab.wait_for_timeout(120)

    def until(self, truth, what, seconds=20):
        """Waits, and lets what the page asks be answered meanwhile."""
        end = time.monotonic() + seconds
        while not truth():
            assert time.monotonic() < end, what
            self.tab.wait_for_timeout(50)

    def faults(self):
        """Everything that went wrong since the last time."""
        said = self.said + [f"{self.where}: {fault}" for fault in self.tab.evaluate("window.__faults.splice(0)")]
        self.said = []
        return said

    def axe(self):
        found = Axe().run(self.tab).response["violations"]
        return [
            f"{self.where}: {v['id']}: {v['nodes'][0]['html'][:160]} {v['nodes'][0].get('failureSummary', '')[:200]}"
            for v in found
        ]

    def close(self):
        faults = self.faults()
        self.context.close()
        assert not faults, "\n".join(faults)

    @contextlib.contextmanager
    def expecting(self, *words):
        self.expected += words
        yield
        self.tab.wait_for_timeout(100)
        self.expected = []
