"""What hands, word processors and mails put between the groups of a code.

One table for the server and the page, which must take the same code for right.
"""

SEPARATORS = {
    "hyphen-minus": "-",
    "hyphen": "\u2010",
    "non-breaking hyphen": "\u2011",
    "figure dash": "\u2012",
    "en dash": "\u2013",
    "em dash": "\u2014",
    "horizontal bar": "\u2015",
    "minus sign": "\u2212",
    "small hyphen-minus": "\ufe63",
    "full-width hyphen-minus": "\uff0d",
    "soft hyphen": "\u00ad",
    "zero width space": "\u200b",
    "zero width joiner": "\u200d",
    "left-to-right mark": "\u200e",
    "word joiner": "\u2060",
    "byte order mark": "\ufeff",
    "space": " ",
    "no-break space": "\u00a0",
    "thin space": "\u2009",
    "narrow no-break space": "\u202f",
    "ideographic space": "\u3000",
    "tab": "\t",
    "line separator": "\u2028",
    "full stop": ".",
    "middle dot": "\u00b7",
    "low line": "_",
    "solidus": "/",
    "dash between spaces": " \u2013 ",
}
#: Typed by mistake, and worth saying so: nobody separates groups with them.
MISTAKES = ("?", "!", "+", "=", "*", "~", "\u00e9", "\u2022")
