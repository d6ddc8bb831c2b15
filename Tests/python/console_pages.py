"""Opens every page of the console as every role, in light and dark, wide and narrow: nothing may be wrong on any of them."""

from console_stage import Page

AGENT = [
    "/",
    "/live",
    "/calls",
    "/calls/{call}",
    "/leads",
    "/leads?view=table",
    "/leads/{lead}",
    "/desk/follow-ups",
    "/desk/tasks",
    "/desk/meetings",
    "/desk/deals",
    "/desk/todos",
    "/desk/clients",
    "/reports",
    "/notifications",
    "/settings/account",
    "/settings/stages",
    "/settings/scoring",
    "/components",
    "/nowhere",
]
MANAGER = [
    "/settings/users",
    "/settings/specialists",
    "/operations/health",
    "/operations/rules",
    "/operations/attempts",
    "/operations/receipts",
    "/operations/consents",
]
ADMIN = [
    "/contacts",
    "/contacts/{contact}",
    "/imports",
    "/campaigns",
    "/campaigns/{campaign}",
    "/campaigns/{campaign}?tab=forecast",
    "/campaigns/{campaign}?tab=contacts",
    "/campaigns/{campaign}?tab=receipts",
    "/campaigns/{campaign}?tab=plan",
    "/campaigns/{campaign}/edit",
    "/campaigns/new/edit",
    "/settings/keys",
    "/settings/webhooks",
    "/settings/deliveries",
    "/settings/profiles",
    "/settings/numbers",
    "/settings/fields",
    "/operations/lists",
    "/operations/audit",
]
PLATFORM = ["/settings/tenants"]

# Each role, both schemes, all widths; every page in both schemes, on a screen and on a telephone, as the one who sees them all.
ROUNDS = [
    ("super_admin", 1280, "light"),
    ("super_admin", 390, "dark"),
    ("super_admin", 1280, "dark"),
    ("super_admin", 320, "light"),
    ("admin", 820, "light"),
    ("manager", 1280, "dark"),
    ("agent", 390, "light"),
]


def pages_of(role):
    order = ["agent", "manager", "admin", "super_admin"]
    return [
        path for at, paths in enumerate([AGENT, MANAGER, ADMIN, PLATFORM]) if order.index(role) >= at for path in paths
    ]


def look(page, wrong):
    """What is wrong with the page as it is now."""
    tab = page.tab
    if tab.locator("#main .trouble").count():
        wrong.append(f"{page.where}: {tab.locator('#main .trouble').first.inner_text()[:300]}")
    wider = tab.evaluate(
        "Math.max(document.documentElement.scrollWidth - innerWidth, (m => m.scrollWidth - m.clientWidth)(document.querySelector('main')))"
    )
    if wider > 0:
        wrong.append(f"{page.where}: {wider} px wider than the screen")
    if tab.locator("#main h1").count() != 1:
        wrong.append(f"{page.where}: {tab.locator('#main h1').count()} first headings")
    wrong += page.axe()


def check(browser, made):
    wrong, looked = [], 0
    for role, width, scheme in ROUNDS:
        page = Page(browser, width=width, scheme=scheme)
        page.tab.goto(page_url())
        wrong += page.axe()
        page.sign_in(role)
        # A connection that lasts is one that a reader is told of.
        with page.expecting("404" if role == "agent" else "nothing"):
            for path in pages_of(role):
                page.go(path.format(**made))
                page.where = f"{role} {width} {scheme} {path}"
                look(page, wrong)
                looked += 1
        wrong += page.faults()
        page.context.close()
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)
    return f"{looked} pages looked at"


def page_url():
    from console_stage import URL

    return URL + "/"
