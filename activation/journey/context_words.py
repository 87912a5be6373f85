"""Words that are easy to guess: about the person, the office and this service.

`passwords.check` refuses a password that consists of these words only, in any
combination. It ignores accents: "clé" is the same as "cle".
"""

from typing import TYPE_CHECKING, Final

from counter.models import Dossier, Office

if TYPE_CHECKING:  # whose password is checked with these words
    from activation.models import KeyHolder

#: Words about this service, in the languages of its pages.
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
    """The office's public names and address, not yet split into words."""
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
    """The words for the script that checks the password while the person types.

    Leave the mail address out of `words`: pages show it only masked.
    """
    return " ".join((*words, *OF_THE_SERVICE))
