"""Slips to print, and their text."""

import dataclasses
import datetime
import io
import re

from pypdf import PdfReader

from activation.codes.slip_paper import Slip
from activation.letters.wording import OfficeContact

OFFICE = OfficeContact(
    name="Stadskantoor Leuven",
    address="Professor Van Overstraetenplein 1",
    postal_code="3000",
    city="Leuven",
    phone="016 27 27 27",
    help_phone="02 740 79 91",
)
SLIP = Slip(
    code="7K3MD9QX4RTV5C",
    masked_email="p•••@gm•••.com",
    last_day=datetime.date(2026, 4, 2),
    language="fr",
    applicant_name="Peter Peeters",
    office=OFFICE,
    issued_on=datetime.date(2026, 3, 20),
    reference="SL-2026-000123",
)
LANGUAGES = ("nl", "fr", "de", "en")


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return re.sub(r"\s+", " ", " ".join(pages))


def injected(text: str) -> Slip:
    """A slip with this text in every place that is filled with typed text."""
    office = OfficeContact(
        name=text, address=text, postal_code=text, city=text, phone="1", help_phone="2"
    )
    return dataclasses.replace(
        SLIP, applicant_name=text, masked_email=text, reference=text, office=office
    )
