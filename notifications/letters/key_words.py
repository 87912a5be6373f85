"""What a kind of key is called in a mail, in each language."""

from dataclasses import dataclass
from typing import Final, assert_never

from activation.enums import KeyKind


@dataclass(frozen=True)
class KeyWords:
    """The words by their place in the sentence, which makes a difference in German
    only.

    `subject`: "it was revoked"; `object`: "you added it"; `means`: "you sign in with
    it".
    """

    subject: str
    object: str
    means: str


def _always(words: str) -> KeyWords:
    return KeyWords(words, words, words)


#: By the language of the mail.
type ByLanguage = dict[str, KeyWords]

_APP: Final[ByLanguage] = {
    "nl": _always("de app op je telefoon"),
    "fr": _always("l’application sur votre téléphone"),
    "de": KeyWords(
        subject="die App auf Ihrem Telefon",
        object="die App auf Ihrem Telefon",
        means="der App auf Ihrem Telefon",
    ),
    "en": _always("the app on your phone"),
}
_SMS: Final[ByLanguage] = {
    "nl": _always("een code in een sms"),
    "fr": _always("un code par SMS"),
    "de": KeyWords(
        subject="ein Code per SMS",
        object="einen Code per SMS",
        means="einem Code per SMS",
    ),
    "en": _always("a code in a text message"),
}
_EMAIL: Final[ByLanguage] = {
    "nl": _always("een code in een e-mail"),
    "fr": _always("un code par e-mail"),
    "de": KeyWords(
        subject="ein Code per E-Mail",
        object="einen Code per E-Mail",
        means="einem Code per E-Mail",
    ),
    "en": _always("a code by e-mail"),
}


def key_words(kind: KeyKind, language: str) -> KeyWords:
    match kind:
        case KeyKind.APP:
            return _APP[language]
        case KeyKind.SMS:
            return _SMS[language]
        case KeyKind.EMAIL:
            return _EMAIL[language]
        case _:
            assert_never(kind)
