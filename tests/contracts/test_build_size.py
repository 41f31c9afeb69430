"""What a telephone in a poor network has to fetch before somebody can be called."""

import gzip
import subprocess

import pytest

from tests.contracts.source import ROOT

KILOBYTES = 1000
LIMIT = 150 * KILOBYTES
# What every page with a call carries of the blurred background; the rest comes when it is wanted.
SWITCH = ("frontend/lib/blur.ts", "frontend/call-stage/devices/blur-switch.ts")
SWITCH_LIMIT = 2 * KILOBYTES


@pytest.mark.parametrize("name", ["app.js", "guest.js", "app.css"])
def test_page_stays_small(name: str) -> None:
    size = len(gzip.compress((ROOT / "static/build" / name).read_bytes()))

    assert 1 * KILOBYTES < size <= LIMIT


def test_what_blurs_a_background_is_no_part_of_the_page() -> None:
    names = {path.name for path in (ROOT / "static/build/blur").iterdir()}
    pages = "".join((ROOT / "static/build" / name).read_text() for name in ("app.js", "guest.js"))

    assert names == {"blur.js", "loader.js", "segmenter.wasm", "selfie_segmenter.tflite"}
    assert "confidenceMasks" in (ROOT / "static/build/blur/blur.js").read_text()
    assert "confidenceMasks" not in pages


def test_switch_for_a_blurred_background_is_small() -> None:
    code = b"".join(
        subprocess.run(
            [str(ROOT / "node_modules/.bin/esbuild"), "--minify", source],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout
        for source in SWITCH
    )

    assert 0 < len(gzip.compress(code)) <= SWITCH_LIMIT


def test_what_blurs_a_background_reports_to_nobody() -> None:
    """From version 1.0 on the library sends measurements to its makers (decision 31)."""
    code = (ROOT / "static/build/blur/blur.js").read_text()

    assert "https://" not in code
    assert "sendBeacon" not in code
