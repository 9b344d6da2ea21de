"""Every id that docs/audit.md must speak of: those of BAR.md, and names of our own for what its section 0 measures."""

LAST = {"L": 18, "S": 20, "R": 23, "D": 19}
NUMBERED = [f"{letter}{number:02}" for letter, last in LAST.items() for number in range(1, last + 1)]
MEASURES = {
    "0.axe": "axe in seven modes",
    "0.engines": "IBM Equal Access, HTML_CodeSniffer",
    "0.overflow": "overflow at 320 px and with text at 200 %; text as large as a reader sets it",
    "0.html": "Nu HTML checker on HTML and CSS",
    "0.lighthouse": "Lighthouse on a phone: four scores",
    "0.paint": "largest paint, shift, blocked time, bytes and requests on a phone",
    "0.headers": "Observatory, CSP evaluator, header checks of Internet.nl",
    "0.links": "links: broken, redirected, orphans, missing from the sitemap",
    "0.feeds": "feeds, calendars, sitemap, robots, JSON-LD, Open Graph, canonical",
    "0.keyboard": "stops without visible focus, traps, small targets, skip link",
    "0.script": "without JavaScript",
    "0.print": "print, console, third parties, storage",
}
IDS = [*NUMBERED, "S04b", *MEASURES]
