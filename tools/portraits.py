"""Camera pictures for the screenshots: two drawn people, since nobody real should be in them."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

FRAMES = 40
SIZE = (1280, 720)


@dataclass(frozen=True)
class Portrait:
    """The colours of somebody in front of a wall."""

    wall: str
    light: str
    skin: str
    shade: str
    hair: str
    shirt: str
    coat: str
    long_hair: bool


PEOPLE = {
    "doctor": Portrait(
        *("#c9dcdd", "#eef5f4", "#eac3a4", "#d9a988", "#4a352c", "#2f6f7a", "#fbfcfc"), True
    ),
    "patient": Portrait(
        *("#d9cbb8", "#f4ece0", "#d8a27c", "#c48c66", "#2d2623", "#35507a", "#41608f"), False
    ),
}


def drawing(who: Portrait) -> str:
    hair = (
        f'<path d="M470 330c-30 120-20 230-6 260h352c14-30 24-140-6-260z" fill="{who.hair}"/>'
        if who.long_hair
        else ""
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720">
  <defs>
    <linearGradient id="wall" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="{who.light}"/><stop offset="1" stop-color="{who.wall}"/>
    </linearGradient>
  </defs>
  <rect width="1280" height="720" fill="url(#wall)"/>
  <rect x="60" y="40" width="250" height="360" rx="10" fill="#fff" opacity=".55"/>
  <path d="M185 40v360M60 220h250" stroke="{who.wall}" stroke-width="10"/>
  <path d="M980 470h240v18H980z" fill="#8d7763" opacity=".6"/>
  <path d="M1010 300h36v170h-36zM1054 330h44v140h-44zM1106 310h30v160h-30z"
    fill="{who.shirt}" opacity=".45"/>
  {hair}
  <path d="M240 720c10-150 120-205 270-235h260c150 30 260 85 270 235z" fill="{who.coat}"/>
  <path d="M520 486l120 150 120-150-30-30H550z" fill="{who.shirt}"/>
  <path d="M565 420h150v90c0 40-34 66-75 66s-75-26-75-66z" fill="{who.shade}"/>
  <ellipse cx="640" cy="310" rx="138" ry="168" fill="{who.skin}"/>
  <path d="M500 330c-18-150 40-222 142-222 100 0 158 70 138 222-14-70-40-112-72-128
    -60 26-140 26-168 10-22 22-36 60-40 118z" fill="{who.hair}"/>
  <g fill="#2a2220"><circle cx="590" cy="312" r="10"/><circle cx="690" cy="312" r="10"/></g>
  <g fill="none" stroke-linecap="round" stroke-width="7">
    <path d="M568 284q22-14 44-2M668 282q22-12 44 2" stroke="{who.hair}"/>
    <path d="M642 322q-14 40-4 48h14" stroke="{who.shade}"/>
    <path d="M596 404q44 34 88 0" stroke="#a4544a" stroke-width="9"/>
  </g>
</svg>"""


def camera(browser: Browser, who: str, folder: Path) -> str:
    """Draw somebody into a film of one picture; the flag that makes it Chromium's camera."""
    page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    page.set_content(f"<style>body{{margin:0}}</style>{drawing(PEOPLE[who])}")
    picture = page.screenshot(type="jpeg", quality=90)
    page.close()
    film = folder / f"{who}.mjpeg"
    film.write_bytes(picture * FRAMES)
    return f"--use-file-for-fake-video-capture={film}"
