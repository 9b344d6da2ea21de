"""Make the tagged PDFs of the demo content: `python -m portal.content.make_documents [FOLDER]`.

Needs Chromium on the path (it writes the tags and bookmarks) and the packages pypdf (it adds what Chromium
leaves out), fonttools and brotli (they cut two weights out of the variable typeface: it is then embedded as a
font and not as drawings). None of them is needed to run the site. The texts are the HTML files in
`documents_source/`; the typeface, the drawings and the tones are those of the site. Running it again replaces
the PDFs.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import brotli  # noqa: F401  fonttools reads woff2 with it
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject, TextStringObject
except ImportError:
    sys.exit("make_documents needs three packages: pip install pypdf fonttools brotli")

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
NOTICE = "Voorbeeld: pas dit aan je eigen gemeente aan"

# Name of the file: its title, the drawing of its theme, and the tones deep, mid and field of that theme.
DOCUMENTS = {
    "modelregeling-uitdaagrecht": (
        "Modelregeling uitdaagrecht",
        "participatie",
        "#854000",
        "#e58a00",
        "#ffd784",
    ),
    "checklist-participatieverordening": (
        "Checklist participatieverordening",
        "participatie",
        "#854000",
        "#e58a00",
        "#ffd784",
    ),
    "vragenlijst-gemeenschappelijke-regeling": (
        "Vragenlijst gemeenschappelijke regeling",
        "samenspel",
        "#005a45",
        "#2a9d78",
        "#aee0c7",
    ),
    "startgids-nieuwe-raadsleden": (
        "Startgids voor nieuwe raadsleden",
        "raad",
        "#8e1538",
        "#d9486c",
        "#f8c8cb",
    ),
}

STYLE = """
@font-face { font-family: Literata; src: url("literata-400.ttf"); font-weight: 400; }
@font-face { font-family: Literata; src: url("literata-650.ttf"); font-weight: 650; }
@page {
  size: A4; margin: 20mm 22mm 22mm; background: #fffdf9;
  @bottom-left { content: "Lokale Democratie"; font: 9pt Literata; color: #5c5365; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 9pt Literata; color: #5c5365; }
}
:root { --deep: DEEP; --mid: MID; --field: FIELD; --paper: #fffdf9; }
* { box-sizing: border-box; print-color-adjust: exact; }
html { background: var(--paper); }
body { margin: 0; font: 400 10.5pt/1.5 Literata, Georgia, serif; color: #231a2d; }
body { font-variant-numeric: lining-nums; }
header { display: flex; align-items: flex-end; }
header { background: var(--field); border-bottom: 1.2mm solid var(--deep); }
header div { flex: 1; padding: 7mm 6mm 6mm; }
header svg { width: 66mm; height: auto; display: block; margin: 6mm 5mm 0 0; }
header p { margin: 0; font-size: 9.5pt; }
h1 { font-size: 23pt; line-height: 1.08; font-weight: 650; letter-spacing: -.02em; margin: 0 0 3mm; }
h2 { font-size: 15pt; line-height: 1.2; font-weight: 650; letter-spacing: -.012em; margin: 7mm 0 2mm; }
h3 { font-size: 11.5pt; line-height: 1.3; font-weight: 650; margin: 4.5mm 0 1mm; }
h1, h2, h3, caption { break-after: avoid; }
h2 { border-top: .5mm solid #231a2d; padding-top: 2.5mm; }
p, ul, ol { margin: 0 0 2.5mm; orphans: 3; widows: 3; }
p:has(+ h3, + ul, + ol, + table) { break-after: avoid; }
h3 + ul, h3 + ol { break-inside: avoid; }
.notice { margin: 4mm 0 0; padding: 1mm 0 1mm 4mm; border-left: 1.2mm solid var(--deep); font-weight: 650; }
.lede { font-size: 12.5pt; line-height: 1.45; margin: 4mm 0 0; }
ul, ol { padding-left: 6mm; }
li { margin-bottom: .8mm; break-inside: avoid; }
li::marker { color: var(--deep); font-weight: 650; }
.check { list-style: none; }
.check li { position: relative; }
.check li::before { content: ""; position: absolute; left: -6mm; top: .8mm; width: 3mm; height: 3mm; }
.check li::before { border: .35mm solid var(--deep); }
strong { font-weight: 650; }
a { color: inherit; text-decoration-color: var(--deep); }
table { width: 100%; border-collapse: collapse; margin: 3mm 0 4mm; break-inside: avoid; }
caption { text-align: left; font-weight: 650; padding-bottom: 1.5mm; }
th, td { font-size: 9.5pt; line-height: 1.4; text-align: left; vertical-align: top; }
th, td { padding: 1.6mm 3mm 1.6mm 0; border-bottom: .2mm solid #857b8c; }
thead th { border-bottom: .5mm solid var(--deep); }
tr { break-inside: avoid; }
th { font-weight: 650; }
tbody th { width: 26%; }
"""


def page(name: str) -> str:
    """The whole HTML document around one text."""
    title, theme, deep, mid, field = DOCUMENTS[name]
    style = STYLE.replace("DEEP", deep).replace("MID", mid).replace("FIELD", field)
    drawing = (ROOT / f"templates/components/drawings/{theme}.svg").read_text("utf-8")
    drawing = re.sub(r"\{#.*?#\}", "", drawing)
    text = (HERE / f"documents_source/{name}.html").read_text("utf-8")
    return (
        f'<!doctype html><html lang="nl-NL"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head><body><header><div><h1>{title}</h1><p>Lokale Democratie</p></div>"
        f'{drawing}</header><p class="notice">{NOTICE}</p>{text}</body></html>'
    )


def render(html: str, path: Path) -> None:
    """Let Chromium print the HTML as a tagged PDF with bookmarks."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        sys.exit(f"make_documents needs Chromium: none of {', '.join(BROWSERS)} is on the path")
    with tempfile.TemporaryDirectory() as folder:
        for weight in (400, 650):
            font = TTFont(ROOT / "static/fonts/literata-nl.woff2")
            font = instantiateVariableFont(font, {"wght": weight}, updateFontNames=False)
            font.flavor = None
            font.save(Path(folder) / f"literata-{weight}.ttf")
        source = Path(folder) / "page.html"
        source.write_text(html, "utf-8")
        options = (
            "--headless --no-sandbox --disable-gpu --disable-background-networking "
            "--allow-file-access-from-files --no-pdf-header-footer --generate-pdf-document-outline"
        )
        command = [browser, *options.split(), f"--user-data-dir={folder}/profile", f"--print-to-pdf={path}"]
        subprocess.run([*command, source.as_uri()], check=True, capture_output=True, timeout=120)


def finish(path: Path, title: str) -> None:
    """Say the title and the language in the PDF itself, and let readers show the title, not the file name."""
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.metadata = {"/Title": title, "/Author": "Lokale Democratie", "/Subject": NOTICE}
    root = writer.root_object
    root[NameObject("/Lang")] = TextStringObject("nl-NL")
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    # Chromium loses the space where a heading wraps, and only the title is long enough to do so.
    root["/Outlines"]["/First"][NameObject("/Title")] = TextStringObject(title)
    writer.compress_identical_objects()
    writer.write(path)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, *_) in DOCUMENTS.items():
        path = folder.resolve() / f"{name}.pdf"
        render(page(name), path)
        finish(path, title)
        path.with_suffix(".md").write_text(f"---\ntitle: {title}\n---\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "demo/documents")
