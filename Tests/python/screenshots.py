"""Takes the pictures of docs/console.md in a running gateway with records in it, like that of `parley demo`.

usage: screenshots.py ADDRESS FOLDER     ADDRESS as it ends, with #token=…; of an admin
"""

import pathlib
import sys

from playwright.sync_api import sync_playwright

# Name, address, width, scheme; the address may name the first row of a list.
PICTURES = [
    ("today", "/", 1200, "light"),
    ("call", "/calls/first", 1200, "light"),
    ("board", "/leads?view=board", 1200, "light"),
    ("lead", "/leads/first", 1200, "dark"),
    ("campaign", "/campaigns/first", 1200, "light"),
    ("phone", "/", 390, "light"),
]
FIRST = {
    "/calls/first": "/calls?outcome=meeting_booked",
    "/leads/first": "/leads?view=table&sort=-lead_score",
    "/campaigns/first": "/campaigns",
}


def main(address, folder):
    home, token = address.split("#", 1)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path, width, scheme in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": 760},
                color_scheme=scheme,
                locale="en-US",
                timezone_id="America/New_York",
            )
            tab = context.new_page()
            tab.goto(home + "#" + token)
            tab.locator("#main h1").wait_for()
            tab.evaluate("path => { location.hash = '#' + path; }", FIRST.get(path, path))
            if path in FIRST:
                tab.locator(".list-rows .row-title").first.click()
            tab.wait_for_timeout(1500)
            file = pathlib.Path(folder) / f"{name}.png"
            tab.screenshot(path=file)
            print(f"{file}: {file.stat().st_size // 1024} KB")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
