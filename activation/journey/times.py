"""The time limits of the applicant's pages. The texts of the pages use them too.

A visit ends an hour after its last page was requested, and the pages say when. That is
enough to install an app first. A button prolongs it by an hour, within IN_ALL: eleven
times, one more than the ten of WCAG 2.2.1. The choices outlive the visit: they are
stored with the code (activation.codes.saved_progress).
"""

from datetime import timedelta
from typing import Final

#: How long a visit lasts after a page was requested or the time was prolonged.
PAGE_WAITS: Final = timedelta(minutes=60)
#: How long a visit lasts at most after the code was typed.
IN_ALL: Final = timedelta(hours=12)
#: How long before the end a script reminds the person.
REMIND_BEFORE: Final = timedelta(minutes=5)
#: How long the page of the activated key can be seen, and leads to the holder's page.
DONE_FOR: Final = timedelta(minutes=15)
