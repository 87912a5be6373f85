"""Peter's keys through the years, and the steps that he does again and again."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import time_machine
from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from playwright.sync_api import Page, expect

from activation.codes.validity import BRUSSELS
from activation.letters.wording import written_date
from activation.models import DigitalKey
from localrun.inbox.messages import Message, newest
from tests.activation.helpers import GOOD_PASSWORD
from tests.browser.walks.walk import Walk
from tests.processes.conftest import wait_for

EMAIL = "peter@example.org"


@dataclass
class Life:
    """Peter's keys through the years: the walk, the clock, and the messages he read."""

    walk: Walk
    clock: time_machine.Traveller | None = None
    read: set[str] = field(default_factory=set)

    def goes_on(self, to: datetime) -> None:
        """Move the clock to this instant, and run every scheduled task once."""
        assert self.clock is not None
        self.clock.move_to(to)
        for entry in settings.CELERY_BEAT_SCHEDULE.values():
            import_string(str(entry["task"]))()

    def waits(self, **how_long: int) -> None:
        assert self.clock is not None
        self.clock.shift(timedelta(**how_long))

    def news(self) -> list[Message]:
        """Messages since the last call, oldest first; not the officer's daily mail."""
        if self.clock is not None:
            import_string("notifications.tasks.deliver")()
        inbox = newest(self.walk.house.inbox)
        new = [message for message in inbox if message.name not in self.read]
        self.read |= {message.name for message in new}
        officer = settings.DATA_PROTECTION_EMAIL
        return [message for message in new[::-1] if message.to != officer]

    def one_message(self) -> Message:
        if self.clock is None:
            inbox = self.walk.house.inbox
            wait_for(lambda: len(newest(inbox)) > len(self.read), what="a message")
        (message,) = self.news()
        return message

    def mail(self, *sentences: str) -> Message:
        mail = self.one_message()
        assert (mail.kind, mail.to) == ("mail", EMAIL)
        for sentence in sentences:
            assert sentence in f"{mail.subject}\n{mail.text}"
            assert sentence in re.sub(r"\s+", " ", mail.html)
        return mail

    def open(self, page: Page, name: str, *args: object) -> None:
        page.goto(self.walk.url(f"activation_holder:{name}", *args))


def in_years(years: int, since: date | None = None) -> datetime:
    """The same day so many years on, at half past nine."""
    day = since or timezone.localdate()
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    later = day.replace(year=day.year + years)
    return datetime.combine(later, time(9, 30), tzinfo=BRUSSELS)


def in_both_languages(day: date) -> tuple[str, str]:
    """The date as the Dutch text writes it, and as its English translation does."""
    return written_date(day, "nl"), written_date(day, "en")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def shown_secret(page: Page) -> str:
    heading(page, "Set up your app")
    return (page.locator("#secret").text_content() or "").replace(" ", "")


def show_password(life: Life, page: Page) -> None:
    life.open(page, "overview")
    heading(page, "Sign in to my keys")
    page.fill("[name=user_name]", "peter.janssens")
    page.fill("[name=password]", GOOD_PASSWORD)
    press(page, "Go on")


def type_digits(page: Page, digits: str, button: str) -> None:
    page.fill("[name=digits]", digits)
    press(page, button)


def type_sent_digits(life: Life, page: Page, button: str) -> None:
    expect(page.locator("[name=digits]")).to_be_visible()
    message = life.one_message()
    assert message.kind == "sms"
    digits = re.search(r"\b\d{6}\b", message.text)
    assert digits, "no digits in the message"
    type_digits(page, digits[0], button)


def replace(page: Page, title: str) -> None:
    page.goto(page.url.partition("/keys/")[0] + "/keys/")
    page.get_by_role("link", name=f"Replace: {title}").click()
    heading(page, "Replace a key")


def has_replaced(page: Page) -> None:
    heading(page, "My keys")
    expect(page.get_by_role("status").first).to_contain_text("The old one no longer")
    expect(page.locator(".panel")).to_have_count(2)


def last_day(key: DigitalKey) -> date:
    assert key.activated_at is not None
    return in_years(10, timezone.localdate(key.activated_at)).date()
