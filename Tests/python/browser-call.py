"""Calls a running gateway from a real browser, whose microphone is a recording, and holds what the CRM then has to what was
said. Then calls again where there is no microphone, by typing. Exits 1 with a traceback at the first thing that is wrong: the
page's words, its console, its policy, or the record.

usage: browser-call.py FOLDER_OF_AUDIO_FIXTURES FOLDER_TO_WRITE_IN
environment: PARLEY_URL, PARLEY_TOKEN; PARLEY_SCREENSHOTS: a folder for pictures of the page, if any are wanted
"""

import json
import os
import re
import shutil
import sys
import time
import wave

from playwright.sync_api import expect, sync_playwright

FIXTURES, FOLDER = sys.argv[1:3]
URL, TOKEN = os.environ["PARLEY_URL"], os.environ["PARLEY_TOKEN"]
PICTURES = os.environ.get("PARLEY_SCREENSHOTS")
# Seconds: the greeting is over by then, and so is each answer. Who interrupts is heard as well.
GREETING, ANSWER = 7, 8
SAID = ["need", "name", "company", "budget", "yes-that-is-right"]
PATIENCE_MS = 20_000


def decoded(code):
    """A sample of 16 bits of a mu-law code (G.711)."""
    code = ~code & 0xFF
    size = ((((code & 15) << 3) + 132) << (code >> 4 & 7)) - 132
    return -size if code & 0x80 else size


def recording():
    """The fixtures with the agent's time between them, at the rate of a browser's microphone."""
    samples = [0] * (8_000 * GREETING)
    for name in SAID:
        with open(f"{FIXTURES}/rms/{name}.ulaw", "rb") as file:
            samples += [decoded(code) for code in file.read()]
        samples += [0] * (8_000 * ANSWER)
    # 48 kHz, between two samples a straight line: the images of that are above what the page lets through.
    fine = bytearray()
    for one, other in zip(samples, samples[1:]):
        for step in range(6):
            fine += round(one + (other - one) * step / 6).to_bytes(2, "little", signed=True)
    path = FOLDER + "/microphone.wav"
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(bytes(fine))
    return path


class Browser:
    """One browser at the console's phone; what it complains of is kept."""

    def __init__(self, playwright, *arguments, **how):
        chromium = shutil.which("chromium")
        assert chromium, "chromium is not installed: scripts/install-packages.sh does it"
        self.browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *arguments])
        context = self.browser.new_context(**how)
        self.page = context.new_page()
        self.complaints = []
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        self.page.goto(f"{URL}/#token={TOKEN}&page=call-me")
        expect(self.page.get_by_role("heading", name="Call me")).to_be_visible()
        expect(self.page.get_by_role("button", name="Call", exact=True)).to_be_enabled()
        assert TOKEN not in self.page.url, "the token stays in the address"

    def picture(self, name):
        if PICTURES:
            self.page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def level(self, which):
        return float(
            self.page.evaluate(
                "(which) => document.querySelectorAll('.cm-meter i')[which].style.getPropertyValue('--level') || 0", which
            )
        )

    def hang_up(self):
        self.page.get_by_role("button", name="Hang up").click()
        expect(self.page.get_by_role("status").filter(has_text="Call over")).to_be_visible()
        expect(self.page.get_by_text("In the CRM", exact=True)).to_be_visible(timeout=40_000)
        expect(self.page.get_by_role("button", name="Call again")).to_be_focused()

    def calls(self):
        answer = self.page.request.get(f"{URL}/api/v1/calls", headers={"Authorization": f"Bearer {TOKEN}"})
        return answer.json()["data"]

    def record(self, call):
        return self.page.request.get(
            f"{URL}/api/v1/calls/{call['id']}", headers={"Authorization": f"Bearer {TOKEN}"}
        ).json()

    def close(self):
        assert not self.complaints, f"the browser complains: {self.complaints}"
        self.browser.close()


def by_microphone(playwright):
    browser = Browser(
        playwright,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={recording()}%noloop",
        viewport={"width": 1_280, "height": 900},
    )
    page = browser.page
    browser.picture("call-me")
    page.get_by_role("button", name="Call", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="On the line")).to_be_visible()
    # The record comes later; what is heard and said is seen at once.
    loudest, end = [0.0, 0.0], time.monotonic() + 120
    conversation, learned = page.get_by_label("Conversation").last, page.locator(".cm-record")
    while time.monotonic() < end:
        loudest = [max(loudest[which], browser.level(which)) for which in (0, 1)]
        if re.search("thirty thousand", conversation.inner_text(), re.I) and "30" in learned.inner_text():
            break
        time.sleep(0.05)
    said = conversation.inner_text()
    assert "thirty thousand" in said.lower(), f"the budget was not understood: {said}"
    assert min(loudest) > 0.3, f"the meters of microphone and line show {loudest}"
    assert "urgent" in learned.inner_text().lower(), f"not told while it happened: {learned.inner_text()}"
    browser.picture("call-me-talking")
    page.get_by_role("button", name="Keypad").click()
    page.get_by_role("button", name="5", exact=True).click()
    page.get_by_role("button", name="Mute").click()
    expect(page.get_by_role("button", name="Unmute")).to_have_attribute("aria-pressed", "true")
    browser.hang_up()
    browser.picture("call-me-record")

    shown = learned.inner_text().lower()
    for word in ("urgent", "john smith", "acme", "30,000"):
        assert word in shown, f"{word} is not shown: {shown}"
    (call,) = browser.calls()
    record = browser.record(call)
    found = record["extraction"]["bant"]
    assert found["need"]["value"] == "urgent" and found["budget"]["value"] == "high", json.dumps(found)
    assert record["lead"]["contact_person"].lower() == "john smith", json.dumps(record["lead"])
    assert record["usage"]["call"] == 1 and record["dtmf"] == "5", json.dumps([record["usage"], record["dtmf"]])
    browser.close()


def by_typing(playwright):
    """Where the browser has no microphone to give, on a narrow screen, in the dark, with the keyboard alone."""
    browser = Browser(playwright, viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = browser.page
    page.get_by_role("radio", name=re.compile("^Speak")).focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Call":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="go on by typing")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="On the line")).to_be_visible()
    expect(page.get_by_role("button", name="Mute")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page scrolls sideways"
    expect(page.locator(".cm-turn.cm-agent").first).to_be_visible()
    field = page.get_by_label("Type instead of talking")
    field.fill("I need a new phone system for my sales team, it is urgent.")
    field.press("Enter")
    expect(page.locator(".cm-turn.cm-caller").first).to_contain_text("phone system", timeout=40_000)
    browser.picture("call-me-typing")
    page.get_by_role("button", name="Hang up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("In the CRM", exact=True)).to_be_visible(timeout=40_000)
    browser.picture("call-me-narrow")
    record = browser.record(browser.calls()[0])
    assert record["extraction"]["bant"]["need"]["value"] == "urgent", json.dumps(record["extraction"])
    assert len(browser.calls()) == 2, "each call is one record"
    browser.close()


with sync_playwright() as playwright:
    by_microphone(playwright)
    by_typing(playwright)
print("the record is right")
