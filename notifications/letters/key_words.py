"""What a kind of key is called in a mail, in each language."""

from dataclasses import dataclass
from typing import Final

from activation.enums import KeyKind


@dataclass(frozen=True)
class KeyWords:
    """The words by their place in a sentence, which only German tells apart.

    `subject`: it was revoked. `object`: you added it. `means`: you sign in with it.
    """

    subject: str
    object: str
    means: str


def _always(words: str) -> KeyWords:
    return KeyWords(words, words, words)


_WORDS: Final[dict[str, dict[KeyKind, KeyWords]]] = {
    "nl": {
        KeyKind.APP: _always("de app op je telefoon"),
        KeyKind.SMS: _always("een code in een sms"),
        KeyKind.EMAIL: _always("een code in een e-mail"),
    },
    "fr": {
        KeyKind.APP: _always("l’application sur votre téléphone"),
        KeyKind.SMS: _always("un code par SMS"),
        KeyKind.EMAIL: _always("un code par e-mail"),
    },
    "de": {
        KeyKind.APP: KeyWords(
            subject="die App auf Ihrem Telefon",
            object="die App auf Ihrem Telefon",
            means="der App auf Ihrem Telefon",
        ),
        KeyKind.SMS: KeyWords(
            subject="ein Code per SMS",
            object="einen Code per SMS",
            means="einem Code per SMS",
        ),
        KeyKind.EMAIL: KeyWords(
            subject="ein Code per E-Mail",
            object="einen Code per E-Mail",
            means="einem Code per E-Mail",
        ),
    },
    "en": {
        KeyKind.APP: _always("the app on your phone"),
        KeyKind.SMS: _always("a code in a text message"),
        KeyKind.EMAIL: _always("a code by e-mail"),
    },
}


def key_words(kind: KeyKind, language: str) -> KeyWords:
    return _WORDS[language][kind]
