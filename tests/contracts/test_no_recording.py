"""There is no recording: nothing of ours can keep what is said and seen (DEC-19, A5)."""

import re

from tests.contracts.source import ROOT

RECORDERS = re.compile(
    r"MediaRecorder|MediaStreamTrackProcessor|ImageCapture|captureStream|ffmpeg|gstreamer", re.I
)
# For a blurred background (decision 31) pictures of the own camera become a track again: one
# file may take them apart and put them together, and it keeps nothing.
PICTURE_BY_PICTURE = "frontend/blur/frames.ts"
ITS_MEANS = {"MediaStreamTrackProcessor", "captureStream"}
FOLDERS = ("frontend", "healthcompanion", "deploy", "tools")
KINDS = {".ts", ".mjs", ".js", ".py", ".html", ".sh", ".yaml", ".yml", ".toml", ".conf", ""}
# One frame, with the permission of the person in it; and the small view of a picture that was sent.
STILL_IMAGES = {
    "frontend/call-stage/still-image/picture-file.ts",
    "frontend/call-stage/chat/preview.ts",
}
PORTRAIT = "frontend/picture-crop/picture-crop.ts"  # draws a file that somebody chose
BLUR = {"frontend/blur/painter.ts", "frontend/blur/segmenter.ts"}
KEEPERS = re.compile(
    r"toBlob|toDataURL|convertToBlob|createObjectURL|download|Storage|indexedDB|caches|WebSocket"
    r"|XMLHttpRequest|sendBeacon|RTC|\.copyTo\(|method:"
)


def texts(*folders: str) -> dict[str, str]:
    found = {}
    for path in (file for folder in folders for file in (ROOT / folder).rglob("*")):
        if path.is_file() and path.suffix in KINDS and "node_modules" not in path.parts:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(errors="ignore")
    return found


def test_nothing_records() -> None:
    sources = texts(*FOLDERS)
    assert "frontend/lib/peer.ts" in sources

    assert {name for name, text in sources.items() if RECORDERS.search(text)} == {
        PICTURE_BY_PICTURE
    }
    assert set(RECORDERS.findall(sources[PICTURE_BY_PICTURE])) == ITS_MEANS


def test_what_we_ship_to_browsers_records_nothing() -> None:
    for name in ("app.js", "guest.js"):
        assert not RECORDERS.search((ROOT / "static/build" / name).read_text()), name


def test_pictures_are_read_only_where_we_know_of_it() -> None:
    reads = {
        name for name, text in texts("frontend").items() if re.search("drawImage|toBlob", text)
    }

    assert reads == STILL_IMAGES | BLUR | {PORTRAIT}
    assert not re.search("video|getUserMedia", (ROOT / PORTRAIT).read_text())


def test_what_blurs_a_background_keeps_and_sends_no_picture() -> None:
    for name, text in texts("frontend/blur").items():
        assert not KEEPERS.search(text), name
    built = (ROOT / "static/build/blur/blur.js").read_text()
    assert set(RECORDERS.findall(built)) == ITS_MEANS
