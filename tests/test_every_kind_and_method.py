"""No code forgets a new kind of key or a new method of payment.

The tests give an enum one more member, and the type checker has to name every `match`
on a kind or a method that lacks it. Code that is not a `match` may not ask for one
member by name: it asks for the record of the kind or the method.
"""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from activation.enums import KeyKind
from activation.one_time import key_kinds
from counter.models import Dossier, Office
from notifications.letters.key_words import key_words
from payments.enums import Method
from payments.taking import methods

ROOT = Path(__file__).resolve().parent.parent
APPS = ("activation", "counter", "notifications", "payments", "localrun", "config")
#: An enum without Django, so that a module can be read without the whole project.
PLAIN_ENUM = """
from enum import StrEnum

class Choices(StrEnum):
    label: str
"""
#: For each enum: its file, its last member, and a new member to put after that.
INVENTED = {
    "Method": ("payments/enums.py", 'WAIVER = "waiver", _("waiver")', "VOUCHER"),
    "KeyKind": ("activation/enums.py", 'EMAIL = "email", _("e-mail")', "PASSKEY"),
}
#: Where one member is asked for by name, and why that forgets no other.
BY_NAME = {
    "activation/journey/views/keys.py": "the page of a mobile number",
    "activation/models": "what a constraint says of one kind",
    "payments/models": "what a constraint says of one method",
}


def sources() -> Iterator[tuple[str, str]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), path.read_text()


def matching(enum: str) -> list[str]:
    """The modules with a `match` on this enum."""
    case = re.compile(rf"^ +case {enum}\.", re.MULTILINE)
    return [name for name, text in sources() if case.search(text)]


def named_by_mypy(folder: Path, names: list[str]) -> set[str]:
    """The modules in which mypy finds a `match` that lacks a member."""
    options = ["--config-file=", "--follow-imports=skip", "--ignore-missing-imports"]
    options += ["--explicit-package-bases", "--namespace-packages"]
    output = subprocess.run(
        [sys.executable, "-m", "mypy", *options, *names],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    error = r'^(\S+?):\d+: error: Argument 1 to "assert_never"'
    lacking = re.compile(error, re.MULTILINE)
    return set(lacking.findall(output))


@pytest.mark.parametrize("enum", INVENTED)
def test_the_type_checker_names_each_place_that_lacks_a_new_one(
    enum: str, tmp_path: Path
) -> None:
    enums, last, new = INVENTED[enum]
    places = matching(enum)
    names = [enums, "counter/database/choices.py", *places]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "counter/database/choices.py").write_text(PLAIN_ENUM)
    assert named_by_mypy(tmp_path, names) == set()

    text = (tmp_path / enums).read_text()
    assert last in text
    more = f'{last}\n    {new} = "{new.lower()[:6]}", _("something new")'
    (tmp_path / enums).write_text(text.replace(last, more))
    assert named_by_mypy(tmp_path, names) == set(places)


def test_a_new_one_is_missed_where_it_matters() -> None:
    """Only the record and the words of a mail have a `match`."""
    assert matching("Method") == ["payments/taking/methods.py"]
    assert matching("KeyKind") == [
        "activation/one_time/key_kinds.py",
        "notifications/letters/key_words.py",
    ]


def test_every_match_ends_in_assert_never() -> None:
    enums = "|".join((*INVENTED, "Place", "SentBy", "RefundMethod"))
    for name, text in sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Match):
                cases = [ast.unparse(case.pattern) for case in node.cases]
                if any(re.match(rf"({enums})\.", case) for case in cases):
                    last = ast.unparse(node.cases[-1].body[0])
                    assert last.startswith("assert_never"), f"{name}:{node.lineno}"


def test_nobody_asks_whether_it_is_one_of_them() -> None:
    """`if kind == KeyKind.SMS: ... else: ...` takes a fourth kind for an e-mail."""
    is_member = re.compile(rf"\b({'|'.join(INVENTED)})\.[A-Z]+$")
    for name, text in sources():
        if name.startswith(tuple(BY_NAME)):
            continue
        for node in ast.walk(ast.parse(text)):
            asked: list[ast.expr] = []
            if isinstance(node, ast.Compare):
                asked = [node.left, *node.comparators]
            elif isinstance(node, ast.Dict):
                asked = [key for key in node.keys if key is not None]
            for each in asked:
                assert not is_member.search(ast.unparse(each)), (
                    f"{name}:{each.lineno}: ask the record of the kind or the method"
                )


def test_no_page_asks_which_one_it_is() -> None:
    values = "|".join([*KeyKind.values, *Method.values])
    # The ways to give money back are another list, which has "cash" too.
    asks = re.compile(
        rf"\b(?!refund_method\b)\w+ *(==|!=) *[\"']({values})[\"']|"
        rf"[\"']({values})[\"'] in \w"
    )
    for path in sorted((ROOT / "templates").rglob("*.*")):
        if path.is_relative_to(ROOT / "templates/local"):
            continue  # the demo inbox shows mails and text messages, no keys
        match = asks.search(path.read_text())
        assert not match, f"{path.name}: {match and match[0]}"


@pytest.mark.parametrize("kind", KeyKind)
def test_each_kind_is_of_an_office_and_has_its_words(kind: KeyKind) -> None:
    record = key_kinds.record(kind)
    assert record.kind is kind
    assert Office._meta.get_field(record.switch)
    assert record.message or record.show
    for language, words in key_kinds.named_on_slip().items():
        assert record.on_slip[language] in words
        assert key_words(kind, language).means


def test_the_page_has_a_key_and_fields_for_each_method_that_is_paid_with(
    els_client: Client, dossier: Dossier
) -> None:
    page = els_client.get(reverse("activation_desk:pay_and_issue", args=[dossier.pk]))
    text = page.content.decode()
    for method in methods.PAID_BY:
        record = methods.record(method)
        (radio,) = re.findall(rf'<input[^>]* value="{method.value}"[^>]*>', text)
        assert f'data-hotkey="{record.hotkey}"' in radio
        assert f'data-shows="#{record.page_part}"' in radio
        assert f'id="{record.page_part}"' in text
        assert f"<kbd>{record.hotkey.upper()}</kbd>" in text  # in the list of keys
    keys = re.findall(r'data-hotkey="([^"]*)"', text)
    assert all(len(key) == 1 for key in keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("method", Method)
def test_each_method_is_of_the_receipt_and_the_accounting(method: Method) -> None:
    record = methods.record(method)
    assert record.on_receipt
    assert (method in methods.PAID_BY) == record.is_paid == bool(record.hotkey)
    assert method in methods.lying_in(record.place)
