"""The texts that a supervisor wrote for the public pages."""

from django.utils import translation

from counter.enums import TextSlot
from counter.models import Office
from counter.offices.plain_text import Block, blocks


def written_by(office: Office | None) -> dict[str, list[Block]]:
    """The supervisor's texts in the active language, as blocks by place.

    Where a place has no blocks, the template shows the product's own text.
    """
    written: dict[str, list[Block]] = {slot.value: [] for slot in TextSlot}
    if office is not None:
        for row in office.texts.filter(language=translation.get_language()):
            written[row.slot] = blocks(row.text)
    return written
