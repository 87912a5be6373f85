"""Each document, heading and place in the repository that a text names exists.

Citations look like `docs/domain.md#names`: the path from the root, and a heading as
GitHub writes it in an address. Links in documents are relative, as everywhere.
"""

import ast
import functools
import io
import pkgutil
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = "activation|bench|config|counter|localrun|notifications|payments|tests"

DOCUMENT = re.compile(r"(?<![\w./*-])((?:[\w.-]+/)*[\w-]+\.md)(?:#([\w-]+))?")
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([\w-]+))?\)")
#: A file name that is a whole string is read by the code, which fails without it.
STRING = re.compile(r'"[\w.-]+\.md"')
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SHORT_DECISION = re.compile(r"docs/decisions/\d+(?![\d-])")
PLACE = re.compile(rf"`((?:{OURS}|docs|locale|proxy|static|templates)/[^`\s]*)`")
TEST = re.compile(r"(tests/[\w/]+\.py)((?:(?:, )?::\w+)*)")
NAME = re.compile(rf"`((?:{OURS})(?:\.\w+)+)(?:\(\))?`")
NAME_IN_CODE = re.compile(rf"(?<![\w./\"'-])((?:{OURS})(?:\.\w+)+)(?!\.?\w)")
#: A name without its app: `forms.AddressForm` or `holder.forms.AddressForm`. With one
#: point it must be a class: `hand.next` is as likely a variable as a module.
SHORT_NAME = re.compile(
    r"(?<![\w./\"'@-])([a-z_]\w*(?:(?:\.[a-z_]\w*)+\.\w+|\.[A-Z]\w*))(?![./(-]?\w)"
)
FILE = re.compile(r"(?<![\w./-])((?:[\w-]+/)*[\w-]+\.(?:py|js|html|css))\b")
#: Of Django's system check, as in `counter.E002`.
CHECK = re.compile(r"\w+\.[EW]\d{3}")


@functools.cache
def texts() -> dict[str, str]:
    """Every text file of the repository by its path, also files not yet added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    texts = {}
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if path.suffix in {".png", ".mo", ".ttf", ".woff2", ".ico", ".po"}:
            continue
        if path.is_file():
            texts[name] = path.read_text()
    return texts


def documents() -> Iterator[tuple[str, str]]:
    """The documents about the present, with their texts: not CHANGELOG.md."""
    for name, text in texts().items():
        if name.endswith(".md") and name != "CHANGELOG.md":
            yield name, text


def anchor(heading: str) -> str:
    """A heading as GitHub writes it after the # of an address."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@functools.cache
def anchors(name: str) -> frozenset[str]:
    return frozenset(map(anchor, HEADING.findall(FENCED.sub("", texts()[name]))))


def cited(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Each document that a file cites, as a path from the root, with the heading."""
    folder = (ROOT / name).parent
    if name.endswith(".md"):
        for target, heading in LINK.findall(text):
            path = (folder / target).resolve() if target else ROOT / name
            yield str(path.relative_to(ROOT)), heading
    text = STRING.sub("", LINK.sub("", text))
    for path, heading in DOCUMENT.findall(text):
        beside = folder / path
        is_beside = name.endswith(".md") and beside.is_file()
        yield str(beside.relative_to(ROOT)) if is_beside else path, heading


def test_every_cited_document_and_heading_is_there() -> None:
    wrong = []
    for name, text in texts().items():
        if name == "CHANGELOG.md":
            continue
        for target, heading in cited(name, text):
            if not (ROOT / target).exists():
                wrong.append(f"{name}: {target} is not in the repository")
            elif heading and heading not in anchors(target):
                wrong.append(f"{name}: {target} has no heading #{heading}")
    assert not wrong, "\n".join(wrong)


def test_a_decision_is_cited_by_its_whole_name() -> None:
    wrong = [
        f"{name}: {mention}"
        for name, text in texts().items()
        for mention in SHORT_DECISION.findall(text)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_places_that_documents_name_are_there() -> None:
    """Whoever moves a module must change the documents that name it."""
    wrong = []
    for name, text in documents():
        for place in PLACE.findall(text):
            path = re.split("::|#", place)[0]
            if "<" in path or "*" in path:
                continue
            if not (ROOT / path).exists():
                wrong.append(f"{name}: {place}")
    assert not wrong, "\n".join(wrong)


def test_the_tests_that_documents_name_are_there() -> None:
    wrong = []
    for name, text in documents():
        for path, tests in TEST.findall(text):
            there = texts().get(path, "")
            wrong += [
                f"{name}: {path}::{test}"
                for test in re.findall(r"\w+", tests) or [""]
                if not there or f"def {test}" not in there
            ]
    assert not wrong, "\n".join(wrong)


def is_there(dotted: str) -> bool:
    """Whether this is a module or something in one.

    Settings count without a look: those of servers refuse to be imported.
    """
    if CHECK.fullmatch(dotted) or dotted.startswith("config.settings."):
        return True
    try:
        pkgutil.resolve_name(dotted)
    except (ImportError, AttributeError):
        return False
    except ValueError:  # Python has no name that begins with a digit: a migration.
        return (ROOT / dotted.replace(".", "/")).with_suffix(".py").is_file()
    return True


@functools.cache
def places() -> dict[str, frozenset[str]]:
    """The dotted modules and folders of the product, by the last part of their name."""
    by_last_part: dict[str, set[str]] = {}
    for name in texts():
        path = Path(name).with_suffix("")
        if not name.endswith(".py") or name.startswith(("bench/", "tests/")):
            continue
        parts = path.parts[:-1] if path.name == "__init__" else path.parts
        if parts:
            by_last_part.setdefault(parts[-1], set()).add(".".join(parts))
    return {last: frozenset(dotted) for last, dotted in by_last_part.items()}


def leads_nowhere(short: str) -> bool:
    """Whether `short` begins with a module or folder of ours that lacks the rest."""
    first, _, rest = short.partition(".")
    if re.fullmatch(OURS, first) or FILE.fullmatch(short):
        return False
    begun = places().get(first, frozenset())
    return bool(begun) and not any(is_there(f"{place}.{rest}") for place in begun)


def test_the_names_that_documents_give_are_there() -> None:
    """`counter.dossiers.moves.move` is a module, or something in one."""
    wrong = [
        f"{name}: {dotted}"
        for name, text in documents()
        for dotted in NAME.findall(text)
        if not is_there(dotted)
    ]
    assert not wrong, "\n".join(wrong)


def remarks(text: str) -> Iterator[str]:
    """The comments and docstrings of a module."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            yield ast.get_docstring(node, clean=False) or ""


def test_the_names_and_files_that_comments_give_are_there() -> None:
    wrong = []
    for name, text in texts().items():
        if not name.endswith(".py") or "/migrations/" in name:
            continue
        for remark in remarks(text):
            wrong += [
                f"{name}: {dotted}"
                for dotted in NAME_IN_CODE.findall(remark)
                if not is_there(dotted)
            ]
            wrong += [
                f"{name}: {dotted}"
                for dotted in SHORT_NAME.findall(remark)
                if leads_nowhere(dotted)
            ]
            wrong += [
                f"{name}: {path}"
                for path in FILE.findall(remark)
                if not any(f"/{there}".endswith(f"/{path}") for there in texts())
            ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("remark", "is_right"),
    [
        ("the guard (counter.migrations.0003_append_only) knows", True),
        ("the guard (counter.migrations.0007_holds) knows", False),
        ("the one typed (holder.forms.AddressForm).", True),
        ("the one typed (forms.holder.AddressForm).", False),
        ("the one typed (forms.NoSuchForm).", False),
        ("while row := hand.next(...)", True),
    ],
)
def test_a_name_in_a_comment_is_followed(remark: str, *, is_right: bool) -> None:
    """Also a name without its app, or a migration's, which begins with a digit."""
    whole = [n for n in NAME_IN_CODE.findall(remark) if not is_there(n)]
    short = [n for n in SHORT_NAME.findall(remark) if leads_nowhere(n)]
    assert (not whole and not short) is is_right


@pytest.mark.parametrize(
    ("heading", "address"),
    [
        ("What is kept, and how long", "what-is-kept-and-how-long"),
        ("The day's close", "the-days-close"),
        ("What `rotate_keys` does", "what-rotate_keys-does"),
    ],
)
def test_a_heading_becomes_an_address_as_on_github(heading: str, address: str) -> None:
    assert anchor(heading) == address
