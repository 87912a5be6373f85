"""The secrets of the embedded run. Because they are printed here they protect nothing,
and production refuses them (config.checks). Each key decodes to its text, filled up to
32 bytes.
"""

import base64

DEMO_SECRET_KEY = "demo-only-" + "not-a-secret-" * 4


def _key(kid: str, text: str) -> str:
    return f"{kid}:{base64.b64encode(text.encode().ljust(32, b'.')).decode()}"


DEMO_KEYS = {
    "derivation": _key("d1", "demo derivation key"),
    "encryption": _key("e1", "demo encryption key"),
    "index": _key("a", "demo index key"),
    "seal": _key("s1", "demo seal key"),
}
