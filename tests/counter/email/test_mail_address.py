"""What the desk sees in an e-mail address: a slip, work or study, a reserved name."""

import pytest
from pytest_django import Settings

from counter.email import typo_check
from counter.models import MailDomain

SLIPS = {
    "gmail.com": """
        gmial.com gmai.com gmal.com gamil.com gmaill.com gmil.com gmali.com
        ggmail.com gmail.con gmail.cm gmail.co gmail.om gmail.cmo gmail.comm
        gmail.c0m gmail.vom gmail.be gmail.fr gmail.nl gmail.net gmail.com.be
        gmail.com.com gmailcom gmail,com gmail..com g.mail.com gmai.lcom gmial.con
        gmial.be www.gmail.com @gmail.com gma\u0131l.com gm\u0430il.com
        gmail.\u0441om \uff47mail.com.com gmaiil.com gmsil.com gmaik.com
    """,
    "hotmail.com": """
        hotmial.com hotmal.com hotmil.com hotmai.com hotmaill.com homtail.com
        hotnail.com htomail.com hormail.com hotmail.con hotmail.cm hotmail.c0m
        hotmailcom hotmali.com hot.mail.com hitmail.com hotamil.com otmail.com
        hotmail.com.be hotmail.com.nl hotmail.xx hotmail.co.de
        hotmail.ccom hotmail.ckm hotmail.cok hotmail.dom hotmail.coj
    """,
    "hotmail.be": "hotmial.be hotmail.bee hotmail.br hotmal.be hotmailbe hotmail.eb"
    " hotmail.ve hotmail.bd hotmail.bw hotmail.ne hotmal.ve hotmail.be.be",
    "hotmail.fr": "hotmial.fr hotmail.frr hotmal.fr",
    "hotmail.se": "hotmial.se",
    "hotmail.co.uk": "hotmial.co.uk",
    "outlook.com": """
        outlok.com outloook.com outlook.con oultook.com outook.com outlook.com.fr
    """,
    "outlook.be": "outlok.be outloo.be",
    "yahoo.com": """
        yaho.com yahooo.com yahoo.con yhaoo.com yahoo.cm yahoo.co.be yahoo.com.fr
    """,
    "yahoo.fr": "yaho.fr yhoo.fr",
    "yahoo.com.br": "yahho.com.br",
    "icloud.com": "iclould.com icoud.com icloud.be icloud.con iclod.com",
    "telenet.be": "telent.be telenet.bee telenet.com telnet.be telenet.br teleent.be",
    "skynet.be": "skyent.be skynet.bee skynet.com skynett.be",
    "proximus.be": "proximus.com proximis.be priximus.be proximus.bee",
    "belgacom.net": "belgacom.nett belagcom.net belgacon.net",
    "protonmail.com": "protonmial.com protonmail.con pretonmail.com",
    "bakkerij.com": "bakkerij.con bakkerij.cmo bakkerij.comm bakkerij.ckm",
    "live.com": "live.con live.cm live,com live.com.be live.co.nl live.ckm",
    "live.be": "live.bee live.ve live.bd",
    "msn.com": "msn.com.be msn.ckm",
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (typed, meant)
        for meant, all_typed in SLIPS.items()
        for typed in all_typed.split()
    ],
)
def test_a_slip_is_seen(typed: str, meant: str) -> None:
    assert typo_check.likely(f"Anna.De-Smet+key@{typed}") == (
        f"Anna.De-Smet+key@{meant}"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("anna @gmail.com", "anna@gmail.com"),
        ("anna@ gmail.com", "anna@gmail.com"),
        ("anna@gmail .com", "anna@gmail.com"),
        ("anna@@gmail.com", "anna@gmail.com"),
        ("anna\uff20gmail.com", "anna@gmail.com"),
        ("ren\u00e9@gmail.com", "rene@gmail.com"),
        ("m\u0131ke@gmail.com", "mike@gmail.com"),
        ("\uff41nna@gmail.com", "anna@gmail.com"),
        ("\u0430nna@gmail.com", "anna@gmail.com"),
        ("o\ufb03ce@gmail.com", "office@gmail.com"),
        ("GMIAL@GMIAL.com", "GMIAL@gmail.com"),
        ("anna@kul\u0435uven.be", "anna@kuleuven.be"),
        ("anna@m\u0131crosoft.com", "anna@microsoft.com"),
        ("anna@\u0261m\u0430il.con", "anna@gmail.com"),
    ],
)
def test_what_is_no_address_is_mended_where_little_changes(
    typed: str, meant: str
) -> None:
    assert typo_check.likely(typed) == meant


GOOD = """
    gmail.com googlemail.com hotmail.com hotmail.be hotmail.fr hotmail.se
    hotmail.com.tr hotmail.co.jp hotmail.com.ar hotmail.rs hotmail.gr outlook.com
    outlook.com.br outlook.com.tr outlook.in outlook.be live.com live.be live.com.au
    live.com.mx live.ie live.se live.co.za msn.com yahoo.com yahoo.com.br yahoo.co.uk
    yahoo.co.in yahoo.com.ph yahoo.com.vn yahoo.ro yahoo.gr yahoo.co.id ymail.com
    rocketmail.com aol.com aol.co.uk icloud.com me.com mac.com pm.me proton.me
    protonmail.com protonmail.ch hey.com mail.com email.com mail.ru bk.ru list.ru
    inbox.ru ya.ru yandex.com.tr yandex.by mail.ee mail.de mail.pt mail.be qq.com
    163.com 126.com foxmail.com sina.com yeah.net mailo.com mailo.eu posteo.de
    mailbox.org tuta.io tutanota.com fastmail.com fastmail.fm zoho.eu zoho.com gmx.at
    bakkerij.ve bakkerij.bd libero.com.ve yahoo.com.ve hotmail.co.bw
    orange.com mail.org yahoo.co.ul
    gmx.be gmx.ch gmx.net gmx.co.uk web.de t-online.de freenet.de skynet.be telenet.be
    proximus.be scarlet.be pandora.be belgacom.net voo.be edpnet.be dommel.com mil.be
    base.be orange.be orange.fr free.fr sfr.fr laposte.net bbox.fr neuf.fr wanadoo.fr
    wanadoo.es ziggo.nl kpnmail.nl xs4all.nl home.nl hetnet.nl seznam.cz email.cz
    wp.pl o2.pl vp.pl onet.pl interia.pl abv.bg freemail.hu azet.sk libero.it
    libero.com.ar virgilio.it tin.it tiscali.it sapo.pt terra.com.br uol.com.br
    bol.com.br rediffmail.com naver.com hanmail.net walla.co.il otenet.gr bluewin.ch
    btinternet.com sky.com comcast.net att.net rogers.com shaw.ca videotron.ca
    bigpond.com camtel.cm orange.cm orange.sn menara.ma topnet.tn duck.com cloud.com
    bakkerij-peeters.be uitvaart.amsterdam kuleuven.be student.kuleuven.be leuven.be
    vmail.me grange.fr gmbh.com gmt.be otlook-art.be yahya.com maximus.be mails.be
    telecom.net telenor.no telia.se skyline.be skype.net hotel.be hotels.com
    live-art.be meal.com mailing.be ormail.fr horizon.fr oranje.nl range.be
    scarlett.com gmbail.org m\u00fcnchen.de \u043a\u0442\u043e.\u0440\u0444
    xn--mnchen-3ya.de stra\u00dfe.de
"""


@pytest.mark.parametrize("domain", GOOD.split())
def test_a_good_one_is_left_alone(domain: str) -> None:
    assert typo_check.likely(f"anna@{domain}") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anna",
        "anna@",
        "@gmail.com",
        "anna@" + "gmail.com" * 100_000,
        "@" * 999,
        "anna@gmail",
    ],
)
def test_what_is_no_address_at_all_gets_no_other(text: str) -> None:
    assert typo_check.likely(text) == ""


@pytest.mark.parametrize(
    ("address", "is_work"),
    [
        ("an@kuleuven.be", True),
        ("an@Student.KULeuven.be", True),
        ("an@bakker.example", True),
        ("an@notkuleuven.be", False),
        ("an@gmail.com", False),
    ],
)
def test_work_and_study_are_the_supervisors_list(
    db: None, address: str, *, is_work: bool
) -> None:
    MailDomain.objects.get_or_create(domain="kuleuven.be")
    MailDomain.objects.create(domain="bakker.example")
    assert typo_check.is_of_work_or_study(address) is is_work


@pytest.mark.parametrize(
    ("address", "is_dead"),
    [
        ("an@example.org", True),
        ("an@post.example.com", True),
        ("an@home.local", True),
        ("an@iets.test", True),
        ("an@gmail.com", False),
        ("an@voorbeeld.be", False),
        ("an@bedrijf.photography", False),
        ("an@кто.рф", False),
    ],
)
def test_reserved_names_take_no_mail(
    settings: Settings, address: str, *, is_dead: bool
) -> None:
    settings.REFUSE_RESERVED_MAIL_DOMAINS = True
    assert typo_check.takes_no_mail(address) is is_dead
