"""What schemathesis has to know of a gateway besides its document."""

import itertools
import os

import schemathesis
from hypothesis import strategies

# One of them may ask twenty times a second: they take turns.
keys = itertools.cycle(os.environ["PARLEY_KEYS"].split())


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.headers and case.headers.get("X-API-Key") == os.environ["PARLEY_KEY"]:
        case.headers["X-API-Key"] = next(keys)


digits = strategies.text("0123456789", min_size=8, max_size=8)
schemathesis.openapi.format("phone", digits.map(lambda text: f"+49{text}"))
schemathesis.openapi.format("uri", digits.map(lambda text: f"https://example.com/{text}"))
