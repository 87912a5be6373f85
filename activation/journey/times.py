"""How long the applicant's pages wait for somebody; what the pages say follows it.

Setting up an app takes a walk to the shop of a phone, so a page waits an hour from when
it was last asked for, and says until when. One button has it wait an hour more, as
often as WCAG 2.2.1 asks for (ten times) and once more. What was chosen outlives all of
this with the code (activation.codes.kept_way).
"""

from datetime import timedelta
from typing import Final

#: From when a page was asked for, or the time was prolonged.
PAGE_WAITS: Final = timedelta(minutes=60)
#: From when the code was typed, however often it is prolonged.
IN_ALL: Final = timedelta(hours=12)
#: So long before the end a script reminds of it.
REMIND_BEFORE: Final = timedelta(minutes=5)
#: The page of a key that became active, and the way from it to the holder's own page.
DONE_FOR: Final = timedelta(minutes=15)
