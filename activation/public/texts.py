"""The texts of a supervisor on the public pages."""

from django.utils import translation

from counter.enums import TextSlot
from counter.models import Office
from counter.offices.plain_text import Block, blocks


def written_by(office: Office | None) -> dict[str, list[Block]]:
    """What the supervisor wrote in this language, by place; empty: the house's own."""
    written: dict[str, list[Block]] = {slot.value: [] for slot in TextSlot}
    if office is not None:
        for row in office.texts.filter(language=translation.get_language()):
            written[row.slot] = blocks(row.text)
    return written
