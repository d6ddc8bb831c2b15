"""Holds the console to its promises in a real browser, over a running gateway.

usage: console.py pages|use|faults|live|lists|people|typed     console_stage.py says what has to be in the environment
"""

import sys
import time
import traceback

from playwright.sync_api import sync_playwright

import console_faults
import console_lists
import console_live
import console_pages
import console_people
import console_stage
import console_typed
import console_use

CHROMIUM = "/usr/bin/chromium"
PROMISES = {
    "use": console_use.ALL,
    "faults": console_faults.ALL,
    "live": console_live.ALL,
    "lists": console_lists.ALL,
    "people": console_people.ALL,
    "typed": console_typed.ALL,
}


def main(what):
    owner, made = console_stage.fill()
    failed = 0
    with sync_playwright() as playwright:
        # In containers the browser cannot make a sandbox of its own, and it opens our own pages alone.
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        if what == "pages":
            print(console_pages.check(browser, made))
        for promise in PROMISES.get(what, []):
            began = time.monotonic()
            name = promise.__name__.replace("_", " ")
            try:
                said = promise(browser, owner, made)
                print(f"✔ {name} ({time.monotonic() - began:.1f} s) {said or ''}", flush=True)
            except Exception:
                failed += 1
                print(f"✘ {name}\n{traceback.format_exc()}", flush=True)
            for context in browser.contexts:
                context.close()
        browser.close()
    print(f"{failed} promises broken")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
