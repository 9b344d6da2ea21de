"""Every Dutch text that a reader or an editor sees, with its place; code, addresses and English are left out."""

import ast
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Keys of content files that hold no words: names of types, of files and of other pages, dates and codes.
CODE_KEYS = (
    "type|kind|form|colour|image|poster|document|url|page|publisher_uri|contact_email|signup_url|signup_email|online_url"
    "|themes|topics|roles|municipalities|authors|senders|maintainer|organisation|downloads|featured|redirect_from|slug"
    "|effort|cost|rung|status|starts_at|ends_at|added_at|published_on|reviewed_on|review_due_on|go_live_at|expire_at"
    "|all_day|row_headers|is_decorative|is_example|is_evaluated|show_in_recent|live|private|order|focal_point"
)
CODE_LINE = re.compile(rf"^\s*(?:- )?(?:{CODE_KEYS}):.*$")
KEY = re.compile(r"(?:(?<=[{,])|^|(?<=- ))\s*[a-z_]+:(?=\s|$)")
ADDRESS = re.compile(
    r"https?://[^\s)\"'>]+|document:[\w-]+|mailto:\S+|[\w.-]+@[\w.-]+|(?<![\w<])/(?:[\w?=&.-]+/?)+|\b(?:\w+\.)+(?:nl|org|com)\b"
)
#: The name of a block, and the fence around the front matter.
FENCE = re.compile(r"^(?::::.*|---)$")

#: Attributes of HTML that are read or heard.
TEXT_ATTRIBUTES = re.compile(r"""\b(?:alt|aria-label|title|placeholder|label)=(?:"([^"]*)"|'([^']*)')""")
#: The arguments of a template tag or filter that end up on the page.
TEXT_ARGUMENTS = re.compile(
    r"""(?:default|pluralize|yesno|add|title|label|text)[:=](?:"([^"]*)"|'([^']*)')"""
)
TAG = re.compile(r"<(?:!--.*?--|[^>]*)>", re.S)
TEMPLATE_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", re.S)
UNREAD = re.compile(r"<(script|style|svg|InputEncoding|Language)\b.*?</\1>", re.S)

#: Words by which a sentence is known to be Dutch or English.
DUTCH = """
    aan al als bij dan dat de deze die dit door een en er geen hebt heeft het hier hun in is je kan kies met mag moet
    naar niet nog nu of om onder ook op over te tot uit van vanaf voor waar wat we wie wordt zijn zich zo zoals zonder
"""
ENGLISH = """
    a already an and are as at be by can cannot does for from has have if in is it its more no not of on only or than
    that the there this to twice was what when where which whole with you your approval empty inside many missing
    per sentence too
"""
DUTCH_WORDS, ENGLISH_WORDS = set(DUTCH.split()), set(ENGLISH.split())
#: Where a string in code is always shown to someone, however short it is.
SHOWN_ARGUMENTS = {
    "verbose_name", "verbose_name_plural", "help_text", "label", "heading", "menu_label", "error_message", "title",
    "singular", "plural", "add_to_settings_menu",
}  # fmt: skip
SHOWN_CALLS = re.compile(r"(?<!Search)(?<!Filter)(?<!Autocomplete)Field$|ValidationError$|^Http404$")
SHOWN_NAMES = re.compile(r"_LABELS$|^SINGULAR$")
#: Several plain words: a label, even where no small word tells its language.
LABEL = re.compile(r"[^\W\d_]+(?: [a-zà-ÿ'’-]+)+[.:!?…]?")
#: A pattern, a query or a header: nobody reads it.
PATTERN = re.compile(r"\(\?|\\[dwsb]|\[\^?\w-\w|^[A-Z][\w-]+: [\w, -]+$")
#: Many words without one capital or comma: a list that code uses.
WORD_LIST = re.compile(r"\s*(?:[^\W\d_A-Z]+\s+){9,}[^\W\d_A-Z]+\s*")
#: A part of a text that is code: a path, a name with underscores or dots, a setting.
CODE = re.compile(
    r"\S*[_/\\{}<>=$*#|]\S*|(?<!\S)[\w-]+\.[A-Za-z]\S*|(?<!\S)[a-z]+(?:-[a-z]+){2,}(?!\S)|\b[A-Z][a-z]+[A-Z]\w*"
)


@dataclass(frozen=True)
class Text:
    """One piece of text at its place."""

    path: Path
    line: int
    words: str
    #: Found in code without a sign that it is shown: it may not be Dutch at all.
    is_guess: bool = False


def _blank(pattern: re.Pattern, text: str, keep=lambda match: "") -> str:
    """The text without what matches, with as many lines as before; `keep` says what of a match is text."""

    def replaced(match):
        kept = keep(match)
        return f" {kept} " + "\n" * (match[0].count("\n") - kept.count("\n"))

    return pattern.sub(replaced, text)


def _arguments(pattern: re.Pattern):
    """What of a tag is text: the values that `pattern` finds in it, with the line breaks before them."""

    def keep(match):
        kept, end = "", 0
        for found in pattern.finditer(match[0]):
            kept += (
                "\n" * match[0].count("\n", end, found.start())
                + " ".join(filter(None, found.groups()))
                + " . "
            )
            end = found.start()
        return kept

    return keep


def _lines(path: Path, text: str) -> Iterator[Text]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Text(path, number, line)


def texts_of_content(path: Path) -> Iterator[Text]:
    """The texts of a content file: of its front matter, its blocks and its Markdown."""
    lines = []
    for line in path.read_text("utf-8").splitlines():
        is_code = FENCE.match(line) or CODE_LINE.match(line)
        lines.append("" if is_code else ADDRESS.sub(" ", KEY.sub(" ", line)))
    return _lines(path, "\n".join(lines))


def texts_of_html(path: Path) -> Iterator[Text]:
    """The texts of a template or of the source of a PDF, those in attributes and in arguments of tags too."""
    text = path.read_text("utf-8")
    text = _blank(UNREAD, text, _arguments(TEXT_ATTRIBUTES))
    text = _blank(TEMPLATE_CODE, text, _arguments(TEXT_ARGUMENTS))
    text = _blank(TAG, text, _arguments(TEXT_ATTRIBUTES))
    text = re.sub(r"[a-z-]+=\"[^\"]*\"", " ", text)  # an attribute that a block writes into a tag
    return _lines(path, ADDRESS.sub(" ", html.unescape(text)))


def _is_dutch(text: str) -> bool | None:
    """Whether a text is Dutch; None when its words do not tell."""
    words = re.findall(r"[a-z]+", text.lower())
    dutch, english = sum(w in DUTCH_WORDS for w in words), sum(w in ENGLISH_WORDS for w in words)
    return None if dutch == english else dutch > english


class _Strings(ast.NodeVisitor):
    """The strings of a module, each with whether it is certainly shown to someone."""

    def __init__(self):
        self.found, self.is_shown = [], False

    def visit_as(self, is_shown: bool, *nodes):
        before, self.is_shown = self.is_shown, is_shown
        for node in nodes:
            self.visit(node)
        self.is_shown = before

    def visit_Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if getattr(getattr(node.func, "value", None), "id", "") == "logger":  # a log is for operators
            return
        is_error = name == "add_error"
        self.visit(node.func)
        self.visit_as(bool(SHOWN_CALLS.search(name)), *node.args[:1])
        self.visit_as(is_error, *node.args[1:])
        for keyword in node.keywords:
            self.visit_as(keyword.arg in SHOWN_ARGUMENTS, keyword.value)

    def visit_Assign(self, node):
        names = {getattr(target, "id", "") for target in node.targets}
        self.visit_as(any(n in SHOWN_ARGUMENTS or SHOWN_NAMES.search(n) for n in names), node.value)

    def visit_ClassDef(self, node):
        is_choices = any(
            getattr(base, "attr", "") in ("TextChoices", "IntegerChoices") for base in node.bases
        )
        for child in node.body:
            if is_choices and isinstance(child, ast.Assign) and isinstance(child.value, ast.Tuple):
                self.visit_as(True, *child.value.elts[1:])
            else:
                self.visit(child)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring is for developers
            self.visit(node.value)

    def visit_Dict(self, node):
        is_shown = self.is_shown
        self.visit_as(False, *filter(None, node.keys))
        self.visit_as(is_shown, *node.values)

    def visit_JoinedStr(self, node):
        parts = (part.value if isinstance(part, ast.Constant) else " … " for part in node.values)
        self.found.append((node.lineno, "".join(parts), self.is_shown))
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit_as(False, part.value)

    def visit_Constant(self, node):
        if isinstance(node.value, str):
            self.found.append((node.lineno, node.value, self.is_shown))


def texts_of_python(path: Path) -> Iterator[Text]:
    """The Dutch strings of a module: what is certainly shown, and whatever else reads as Dutch."""
    strings = _Strings()
    strings.visit(ast.parse(path.read_text("utf-8")))
    is_for_operators = "management" in path.parts  # commands speak English, unless they speak to everyone
    for line, text, is_shown in strings.found:
        if PATTERN.search(text) or WORD_LIST.fullmatch(text) or not (is_shown or " " in text.strip()):
            continue
        plain = CODE.sub(" ", ADDRESS.sub(" ", html.unescape(TAG.sub(" ", text))))
        is_dutch = _is_dutch(plain)
        if is_dutch or (is_dutch is None and not is_for_operators and (is_shown or LABEL.fullmatch(text))):
            for place, part in enumerate(plain.splitlines()):
                yield Text(path, line + place, part, is_guess=not is_shown)


STRING_IN_SCRIPT = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`')
COMMENT_IN_SCRIPT = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.S)


def texts_of_script(path: Path) -> Iterator[Text]:
    """The strings of a script that a reader sees or hears: Dutch sentences, and a word with a capital."""
    text = _blank(COMMENT_IN_SCRIPT, path.read_text("utf-8"))
    for match in STRING_IN_SCRIPT.finditer(text):
        words = re.sub(r"\$\{[^}]*\}", " ", next(filter(None, match.groups()), ""))
        is_label = re.fullmatch(r"[A-ZÀ-Ý][^\W\d_]+(?: [^\W\d_]+)*[.…:]?", words) and not re.search(
            r"[a-z][A-Z]", words
        )
        if _is_dutch(words) or (is_label and _is_dutch(words) is None):
            yield Text(path, text.count("\n", 0, match.start()) + 1, words)


def _files(folder: str, pattern: str) -> list[Path]:
    return sorted(path for path in (ROOT / folder).glob(pattern) if path.is_file())


def all_texts() -> Iterator[Text]:
    """Every text of the portal."""
    for path in _files("portal/content/demo", "**/*.md"):
        yield from texts_of_content(path)
    for pattern in ("**/*.html", "**/*.txt", "**/*.xml", "**/*.svg"):
        for path in _files("templates", pattern):
            yield from texts_of_html(path)
    for path in _files("portal/content/documents_source", "*.html"):
        yield from texts_of_html(path)
    for app in ("portal", "themes", "knowledgebase", "news"):
        for path in _files(app, "**/*.py"):
            if "migrations" not in path.parts:
                yield from texts_of_python(path)
    for path in _files("static/js", "**/*.js"):
        yield from texts_of_script(path)
