"""Domains of mail providers, to distinguish typing errors from real domains.

For a domain that is listed here, or that belongs to a family, the clerk is not asked
whether it is right. Only those in `OFFERED` are suggested instead of another domain.
"""

from typing import Final

#: Domains that are suggested when a typed one is similar. Many people here use them,
#: and their names are long enough to distinguish an error from another name.
OFFERED: Final = (
    "gmail.com",
    "hotmail.com",
    "hotmail.be",
    "hotmail.fr",
    "hotmail.nl",
    "outlook.com",
    "outlook.be",
    "outlook.fr",
    "telenet.be",
    "skynet.be",
    "proximus.be",
    "scarlet.be",
    "pandora.be",
    "belgacom.net",
    "icloud.com",
    "yahoo.com",
    "yahoo.fr",
    "yahoo.nl",
    "protonmail.com",
    "googlemail.com",
    "rocketmail.com",
    "laposte.net",
    "wanadoo.fr",
    "orange.fr",
    "orange.be",
    "ziggo.nl",
    "kpnmail.nl",
    "zeelandnet.nl",
    "tutanota.com",
    "fastmail.com",
    "mailfence.com",
)

#: Names of providers in many countries: hotmail.se, yahoo.com.br, live.com.au.
FAMILIES: Final = frozenset(
    [
        "aol",
        "gmx",
        "hotmail",
        "libero",
        "live",
        "mail",
        "msn",
        "orange",
        "outlook",
        "protonmail",
        "rediffmail",
        "tiscali",
        "t-online",
        "virgin",
        "vodafone",
        "wanadoo",
        "yahoo",
        "yandex",
        "ymail",
        "zoho",
    ]
)

#: Second-level endings of some countries, as used by these providers: com.br, co.uk.
SECOND_LEVELS: Final = frozenset({"com", "co", "net", "org", "ne", "or", "gov", "edu"})
#: Countries that have no such second level: hotmail.com.be is an error.
FIRST_LEVEL_ONLY: Final = frozenset(
    [
        *("be", "bg", "ca", "ch", "cz", "de", "dk", "ee", "eu", "fi", "fr", "ie", "is"),
        *("it", "lt", "lu", "lv", "nl", "no", "se", "si", "sk", "us"),
    ]
)

_BELGIUM: Final = """
    advalvas.be base.be belgacom.be brutele.be chello.be coditel.be compaqnet.be
    cybernet.be dommel.be easynet.be edpnet.be email.be euphonynet.be evonet.be
    freegates.be freeworld.be gmx.be hotmail.be infonie.be live.be mac.be mail.be
    mailfence.com mil.be mobilevikings.be mobistar.be numericable.be online.be orange.be
    outlook.be pandora.be pi.be ping.be planetinternet.be proximus.be scarlet.be
    skynet.be skypro.be swing.be telenet.be tijd.be tiscali.be tvcablenet.be unicall.be
    versateladsl.be village.uunet.be voo.be win.be worldonline.be yahoo.be ymail.be
    yucom.be
"""
_NEIGHBOURS: Final = """
    12move.nl 9online.fr a1.net alice.fr aliceadsl.fr aon.at arcor.de bbox.fr bluewin.ch
    box.nl caiway.nl casema.nl cegetel.net chello.at chello.nl club-internet.fr
    concepts.nl dartybox.com dbmail.com delta.nl email.de estvideo.fr filternet.nl
    free.fr freeler.nl freenet.de gmx.at gmx.ch gmx.de gmx.fr gmx.net hccnet.nl
    hetnet.nl hispeed.ch home.nl hotmail.de hotmail.fr hotmail.nl infonie.fr inode.at
    internet.lu kabelfoon.nl kabelmail.de kpn.nl kpnmail.nl kpnplanet.nl laposte.net
    libertysurf.fr lijbrandt.nl live.de live.fr live.nl liwest.at mail.de mailbox.org
    mailo.com mailo.eu multiweb.nl netcologne.de neuf.fr noos.fr nordnet.fr
    numericable.fr online-home.de online.de online.nl onsbrabantnet.nl onsmail.nl
    orange.fr outlook.de outlook.fr outlook.nl ovi.com planet.nl post.lu posteo.de
    posteo.eu posteo.net pt.lu quicknet.nl schoolmail.nl sfr.fr simpc.nl solcon.nl
    sunrise.ch swissonline.ch t-online.de tango.lu tele2.fr tele2.nl telfort.nl
    tomaatnet.nl upcmail.nl versatel.nl vo.lu vodafone.de vodafonevast.nl voila.fr
    wanadoo.fr wanadoo.nl web.de wxs.nl xmsnet.nl xs4all.nl yahoo.de ymail.fr
    zeelandnet.nl ziggo.nl zonnet.nl
"""
_WORLD: Final = """
    012.net.il 126.com 139.com 163.com 189.cn 21cn.com abv.bg afribone.net.ml
    africamail.com aim.com alice.it aliyun.com amail.com aol.com apollo.lv arc.sn
    aruba.it att.net autograf.pl autorambler.ru azet.sk bell.net bellsouth.net
    bezeqint.net bigmir.net bigpond.com bigpond.net.au bih.net.ba bk.ru blueyonder.co.uk
    bol.com.br bredband.net btinternet.com btopenworld.com c2i.net camtel.cm cantv.net
    centrum.cz centrum.sk charter.net citromail.hu ciudad.com.ar clix.pt cloud.com
    comcast.net comhem.se consultant.com cooperation.net cox.net daum.net dir.bg
    disroot.org docomo.ne.jp duck.com earthlink.net eircom.net elisanet.fi email.com
    email.cz email.it emirates.net.ae engineer.com etisalat.ae eunet.rs europe.com
    excite.com ezweb.ne.jp fastmail.com fastmail.fm fastwebnet.it fibertel.com.ar
    fmail.co.uk forthnet.gr foxmail.com freemail.gr freemail.hu frisurf.no frontier.com
    fsmail.net gazeta.pl globo.com globomail.com gmail.com gmx.com gmx.eu gmx.info
    gmx.tm gmx.us gnet.tn googlemail.com googlemail.de hanmail.net hexabyte.tn hey.com
    hinet.net hmail.com home.se hot.ee hotmail.com hotmail.es hotmail.it hush.com
    hushmail.com i.softbank.jp i.ua iafrica.com icloud.com ig.com.br iinet.net.au in.gr
    inbox.com inbox.lt inbox.lv inbox.ru indamail.hu indiatimes.com inet.hr interia.eu
    interia.pl internet.ru inwind.it iol.ie iol.it iol.pt jubii.dk juno.com k.ro
    keemail.me kolumbus.fi lenta.ru libero.it lineone.net link.net list.ru live.com
    luukku.com lycos.com mac.com mail.bg mail.com mail.dk mail.ee mail.kz mail.pt
    mail.ru mailbox.co.za mailinator.com maktoob.com me.com menara.ma meta.ua
    movistar.es mozmail.com msn.com mweb.co.za mynet.com myself.com myyahoo.com narod.ru
    nate.com naver.com net.hr netcabo.pt netscape.net netvigator.com netvision.net.il
    netzero.net nifty.com ntlworld.com o2.co.uk o2.com o2.pl ofir.dk oi.com.br omail.com
    one.lv onet.eu onet.pl online.ee online.no online.ua ono.com op.pl optonline.net
    optusnet.com.au orange.cm orange.sn otenet.gr ozu.es pacbell.net passmail.net
    pchome.com.tw pec.it planet.tn plus.com plusnet.com pm.me poczta.fm poczta.onet.pl
    portugalmail.pt post.com post.cz post.sk pp.inet.fi prodigy.net prodigy.net.mx
    proton.me protonmail.ch protonmail.com ptt.rs qmail.com qq.com r7.com rambler.ru
    rediff.com rediffmail.com riseup.net roadrunner.com rocketmail.com rogers.com rr.com
    runbox.com sapo.pt sbcglobal.net seed.net.tw sentoo.sn sezampro.rs seznam.cz shaw.ca
    sify.com simnet.is simplelogin.com sina.cn sina.com singnet.com.sg siol.net
    skiff.com sky.com softbank.ne.jp sohu.com spray.se startmail.com stofanet.dk
    suomi24.fi superonline.com sympatico.ca t-2.net t-online.hu takas.lt talk21.com
    talktalk.net tdcadsl.dk tedata.net telefonica.net telepac.pt telia.com telkomsa.net
    telus.net terra.com terra.com.br terra.es tesco.net tim.it tin.it tiscali.co.uk
    tiscali.cz tiscali.it tlen.pl tmail.com tom.com topnet.tn tpg.com.au ttmail.com
    turk.net tut.by tuta.com tuta.io tutamail.com tutanota.com tutanota.de ukr.net
    umail.com uol.com.br usa.com usa.net verizon.net videotron.ca vip.163.com vip.hr
    vip.qq.com vipmail.hu virgilio.it virgin.net virginmedia.com vk.com vodamail.co.za
    volny.cz vp.pl vsnl.net walla.co.il walla.com wanadoo.es webmail.co.za
    windowslive.com windstream.net wp.pl xmail.ru xtra.co.nz ya.ru yahoo.com
    yahoo.com.br yandex.com yandex.ru ybb.ne.jp yeah.net ymail.com zahav.net.il
    zipmail.com.br zmail.ru zoho.com zoznam.sk
"""

REAL: Final = frozenset(
    {*OFFERED, *_BELGIUM.split(), *_NEIGHBOURS.split(), *_WORLD.split()}
)

#: Domains that lead to the same mailbox, each with the one by which they are compared.
SAME_MAILBOX: Final = {
    "googlemail.com": "gmail.com",
    "protonmail.com": "proton.me",
    "protonmail.ch": "proton.me",
    "pm.me": "proton.me",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
