"""A code is accepted also when it looks by chance like a part of a document's scan."""

import pytest
from django.http import QueryDict

from activation.codes import activation_code
from activation.holder.paper.forms import RecoveryCodeForm
from activation.journey.forms.code import CodeForm
from counter.scans.scan_shape import looks_like_zone

#: A random code; the last character is the check character.
LIKE_A_SCAN = "QRRZQQT1196V9X"
FORMS = pytest.mark.parametrize("form", [CodeForm, RecoveryCodeForm])


@FORMS
def test_it_is_taken_without_dashes_too(form: type[CodeForm]) -> None:
    assert looks_like_zone(LIKE_A_SCAN)
    assert activation_code.is_well_formed(LIKE_A_SCAN)
    typed = form(QueryDict(f"code={LIKE_A_SCAN}"))
    assert typed.is_valid(), typed.errors
    assert typed.cleaned_data["code"] == LIKE_A_SCAN


@FORMS
def test_what_is_no_code_is_refused_and_not_shown(form: type[CodeForm]) -> None:
    mistyped = LIKE_A_SCAN[:-1] + "0"
    assert looks_like_zone(mistyped)
    typed = form(QueryDict(f"code={mistyped}"))
    assert typed.has_error("code", code="scan")
    assert mistyped not in str(typed["code"])
