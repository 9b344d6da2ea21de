"""Takes the pictures of docs/screens/ anew from a running demo: `.venv/bin/python tests/screens.py http://localhost:8000`.

With `--all` it takes every page at every width and in both schemes into a folder to look at; names narrow it down:
`tests/screens.py URL --all --to /tmp/screens home agenda`.
"""

import argparse
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
ACCOUNT = ("beheerder", "beheerder-demo")
WIDTHS, SCHEMES = (1280, 1024, 390), ("light", "dark")
TALLEST = 1600  # of a picture in docs; a page that is longer is cut there
LARGEST = 90_000  # bytes; fewer colours where a picture has more
#: Pictures below the fold come only when a reader is near; here all are wanted.
PICTURES_COME = """async () => {
  const pictures = [...document.querySelectorAll("img[loading=lazy]")];
  for (const picture of pictures) picture.loading = "eager";
  await Promise.all(pictures.map((picture) => picture.decode().catch(() => null)));
}"""


@dataclass(frozen=True)
class Screen:
    """A page to take, and as which of its pictures it stands in docs."""

    name: str
    path: str
    kept: tuple[str, ...] = ("1280-light", "390-light")
    is_for_editors: bool = False
    opens: str = ""  # a selector that is clicked first


SCREENS = [
    Screen("home", "/", ("1280-light", "1280-dark", "390-light", "390-dark")),
    Screen("menu", "/", ("390-light",), opens=".menu__button"),
    Screen("themes", "/aan-de-slag-met/", ("1280-light", "390-light")),
    Screen("theme", "/aan-de-slag-met/participatie/", ("1280-light", "1280-dark", "390-light")),
    Screen("topic", "/aan-de-slag-met/participatie/uitdaagrecht/"),
    Screen("list-kennisbank", "/kennisbank/", ("1280-light",)),
    Screen("list-instrumenten", "/instrumenten/", ("1024-light", "390-light")),
    Screen("list-inspiratie", "/inspiratie/", ("1280-dark", "390-light")),
    Screen("list-actueel", "/actueel/", ("1280-light",)),
    Screen("list-recent", "/recent/", ("390-light",)),
    Screen("list-filtered", "/instrumenten/?thema=participatie&rol=griffier", ("1280-light", "390-dark")),
    Screen("list-filters", "/kennisbank/", ("390-light",), opens=".filters__button"),
    Screen("list-empty", "/instrumenten/?q=xyzzy&thema=samenspel", ("1280-light",)),
    Screen("search", "/zoeken/?q=burgerberaad", ("1280-light", "390-light")),
    Screen("search-none", "/zoeken/?q=xyzzy", ("1280-light",)),
    Screen("search-start", "/zoeken/", ("390-light",)),
    Screen("agenda", "/agenda/", ("1280-light", "1280-dark", "390-light")),
    Screen("agenda-past", "/agenda/?periode=voorbij", ("1280-light",)),
    Screen("article", "/kennisbank/een-burgerberaad-organiseren/", ("1280-light", "390-light", "390-dark")),
    Screen("publication", "/kennisbank/handreiking-kernendemocratie/"),
    Screen(
        "instrument", "/instrumenten/loten-voor-een-burgerberaad/", ("1280-light", "1280-dark", "390-light")
    ),
    Screen("experience", "/inspiratie/burgerberaad-over-warmte-in-waterhoven/"),
    Screen("news", "/actueel/regels-voor-participatie-sinds-1-januari-2025/", ("1280-light", "390-light")),
    Screen("column", "/actueel/column-de-stoel-bij-de-deur/", ("1280-light",)),
    Screen("interview", "/actueel/interview-een-griffier-moet-nee-kunnen-zeggen/", ("390-light",)),
    Screen("report", "/actueel/verslag-een-avond-over-het-uitdaagrecht/", ("1280-light",)),
    Screen("event", "/agenda/werkmiddag-toezeggingen-volgen/", ("1280-light", "1280-dark", "390-light")),
    Screen("event-full", "/agenda/training-loten-voor-een-burgerberaad/", ("390-light",)),
    Screen("event-moved", "/agenda/regioavond-samen-een-begroting-lezen/", ("390-light",)),
    Screen("event-off", "/agenda/lezing-lokale-media-en-de-raad/", ("1280-light",)),
    Screen("event-past", "/agenda/themadag-de-driehoek-in-gesprek/", ("1280-light",)),
    Screen("event-days", "/agenda/driedaagse-voor-nieuwe-raadsleden/", ("1280-light",)),
    Screen("event-online", "/agenda/webinar-de-participatieverordening-in-gewone-taal/", ("390-light",)),
    Screen("standard", "/toegankelijkheid/", ("1280-light", "390-light")),
    Screen("contact", "/contact/", ("390-light",)),
    Screen("error-404", "/bestaat-niet/", ("1280-light", "390-dark")),
    Screen("login", "/beheer/login/", ("1280-light", "1280-dark")),
    Screen("admin", "/beheer/", ("1280-light", "1280-dark"), is_for_editors=True),
    Screen("components", "/beheer/componenten/", ("1280-light",), is_for_editors=True),
]


def take(browser: Browser, site: str, screen: Screen, width: int, scheme: str, path: Path, login=None):
    """One picture of a whole page."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": width, "height": 900 if width > 600 else 844},
        color_scheme=scheme,
        locale="nl-NL",
        storage_state=login if screen.is_for_editors else None,
    )
    page = context.new_page()
    page.goto(screen.path, wait_until="networkidle")
    if screen.opens and page.locator(screen.opens).is_visible():  # on a wide screen it lies open
        page.click(screen.opens)
    page.evaluate(PICTURES_COME)
    page.screenshot(path=path, full_page=True)
    context.close()


def log_in(browser: Browser, site: str) -> dict:
    """The state of a browser in which an administrator has logged in."""
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/beheer/login/")
    page.fill("[name=username]", ACCOUNT[0])
    page.fill("[name=password]", ACCOUNT[1])
    page.click("[type=submit]")
    page.wait_for_url("**/beheer/")
    state = context.storage_state()
    context.close()
    return state


def shrink(path: Path):
    """Cut a picture to its top and to its most frequent colours: flat ones stay as they are, edges get the nearest."""
    with Image.open(path) as picture:
        whole = picture.convert("RGB")
    part = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    frequent = sorted(part.getcolors(part.width * part.height), reverse=True)
    for number in (64, 40, 24):
        palette = Image.new("P", (1, 1))
        palette.putpalette([tone for _, colour in frequent[:number] for tone in colour])
        part.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= LARGEST:
            return


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition(":")[0])
    parser.add_argument("site", help="the address of a running demo")
    parser.add_argument("names", nargs="*", help="only these screens")
    parser.add_argument("--all", action="store_true", help="every width and scheme, whole and in full colour")
    parser.add_argument("--form", action="append", help="with --all: only this one, such as 390-dark")
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder of the pictures")
    asked = parser.parse_intermixed_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        login = log_in(browser, asked.site)
        forms = [f"{width}-{scheme}" for width in WIDTHS for scheme in SCHEMES]
        for screen in SCREENS:
            if asked.names and screen.name not in asked.names:
                continue
            for width in WIDTHS:
                for scheme in SCHEMES:
                    form = f"{width}-{scheme}"
                    if form not in (asked.form or forms if asked.all else screen.kept):
                        continue
                    path = asked.to / f"{screen.name}-{form}.png"
                    take(browser, asked.site, screen, width, scheme, path, login)
                    if not asked.all:
                        shrink(path)
        browser.close()


if __name__ == "__main__":
    main()
