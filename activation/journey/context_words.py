"""Words that anybody may guess: the person's, the office's, and those of the service.

A password made of these alone, joined in whatever way, is refused by `passwords.check`.
Accents do not matter there: "clé" is also "cle".
"""

from typing import TYPE_CHECKING, Final

from counter.models import Dossier, Office

if TYPE_CHECKING:  # whose password is checked with these words
    from activation.models import KeyHolder

#: What this service is about, in the languages of its pages.
OF_THE_SERVICE: Final = (
    # All languages
    *("sleutelloket", "eid", "itsme", "login", "code", "pin", "sms", "app", "account"),
    # Dutch
    *("sleutel", "sleutels", "digitaal", "digitale", "mobiele", "loket", "wachtwoord"),
    *("gebruikersnaam", "aanmelden", "activatie", "activatiecode", "activeren", "mijn"),
    *("stad", "stadskantoor", "gemeente", "gemeentehuis", "overheid", "belgie"),
    # French
    *("cle", "cles", "numerique", "numeriques", "mobile", "guichet", "motdepasse"),
    *("mot", "passe", "utilisateur", "connexion", "activation", "activer", "mon"),
    *("ville", "commune", "bureau", "maison", "communale", "belgique", "compte", "mes"),
    # German
    *("schlussel", "schluessel", "digital", "digitaler", "digitalen", "schalter"),
    *("passwort", "kennwort", "benutzername", "anmelden", "aktivierung", "konto"),
    *("stadt", "gemeinde", "rathaus", "behorde", "behoerde", "belgien", "mein"),
    # English
    *("key", "keys", "password", "passphrase", "username", "sign", "activate"),
    *("city", "office", "counter", "town", "hall", "government", "belgium"),
)


def of_office(office: Office) -> tuple[str, ...]:
    """What everybody can read of the office, as it stands."""
    return (office.name, office.authority, office.city, office.address)


def of_dossier(dossier: Dossier) -> tuple[str, ...]:
    """The applicant's names and those of the office."""
    return (dossier.first_names, dossier.last_name, *of_office(dossier.office))


def of_holder(holder: "KeyHolder") -> tuple[str, ...]:
    """The holder's names and those of the office of the last visit."""
    person = holder.applicant
    names = (person.first_names, person.last_name)
    return (*names, *of_office(holder.dossier.office))


def for_page(words: tuple[str, ...]) -> str:
    """All that may be shown, for the page that judges while one types.

    `words` are without the mail address, which pages show only masked.
    """
    return " ".join((*words, *OF_THE_SERVICE))
