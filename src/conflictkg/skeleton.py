"""The beginning of a file for a new source document: what is known, and what is to be filled in."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from conflictkg.errors import InputError
from conflictkg.terms import PREFIXES, slug

WORDS = 5
"""How many words of a page's address go into a slug."""

NEEDED = frozenset(
    {
        *("ckg", "document", "report", "statement", "claim", "issue", "person", "organization"),
        *("source", "place", "event", "post", "docgraph", "attitude", "certainty", "wording"),
        *("doctype", "extent", "channel", "dcterms", "skos", "prov", "oa", "schema", "edtf"),
    }
)
"""The prefixes that a document file is likely to need; fmt drops those that it does not use."""

_DATE = re.compile(r"(?<!\d)(20\d\d)[-/]?(\d\d)(?:[-/]?(\d\d))?(?!\d)")


def slug_of(url: str) -> str:
    """Return the slug of a document from the address of its page: outlet, some words, date.

    Raises InputError if the address is not one of http or https.

    >>> slug_of("https://www.unn.ua/en/news/2025/03/18/no-offensive-on-belgorod-1234.html")
    'unn-no-offensive-on-belgorod-2025-03-18'
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"“{url}” is not the address of a page", "give it whole, with https://")
    if re.search(r"[\s<>\"{}|\\^`]", url):
        raise InputError(f"“{url}” has characters that no address has", "percent-encode them")
    labels = parts.hostname.split(".")
    short = {"www", "m", "en", "uk", "ua", "ru", "news", "global", "amp"}
    named = [label for label in labels[:-1] if label not in short] or labels[:1]
    if len(named) > 1 and named[-1] in ("co", "com", "org", "gov", "in"):
        named.pop()
    path = unquote(parts.path)
    found = _DATE.search(path)
    date = "-".join(filter(None, found.groups())) if found else ""
    rest = path.replace(found.group(), "/") if found else path
    segments = [s for s in rest.split("/") if re.search(r"[^\W\d_]{3}", s)]
    last = re.sub(r"\.\w{2,5}$", "", segments[-1]) if segments else ""
    words = [word for word in slug(last).split("-") if not word.isdigit()][:WORDS]
    return "-".join(filter(None, (slug(named[-1]), *words, date)))


def document(url: str, name: str) -> str:
    """Return the text of a new file ``documents/<name>.trig`` for the page at an address.

    It can be read and formatted as it is; ``conflictkg validate`` tells what it lacks.
    """
    used = "".join(
        f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items() if prefix in NEEDED
    )
    return used + _BODY.format(slug=name, url=url)


_BODY = """
docgraph:{slug} prov:wasAttributedTo organization:conflictkg ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
    prov:wasDerivedFrom document:{slug} .

docgraph:{slug} {{

    # The page. To fill in:
    #   dcterms:title "as printed"@en ; dcterms:language "en" ; dcterms:publisher organization:... ;
    #   dcterms:type doctype:newsArticle ; dcterms:extent extent:full (or part, summary) ;
    #   ckg:published [ ckg:edtf "2025-03-18"^^edtf:EDTF ]
    # For a copy dcterms:isVersionOf document:..., for a translation schema:translationOfWork ...

    document:{slug} a ckg:Document ;
        schema:url <{url}> .

    # A report for each passage that tells of a statement. To fill in:
    #   ckg:wording wording:direct (translatedDirect backTranslated partial indirect mention) ;
    #   oa:hasSelector [ oa:exact "at most 25 words" ; oa:prefix "..." ; oa:suffix "..." ] ;
    #   schema:text "our translation of a quote that is not English"@en ;
    #   ckg:via [ prov:wasAttributedTo organization:... ] where somebody stands in between

    report:{slug}.first a ckg:Report ;
        ckg:inDocument document:{slug} ;
        ckg:reports statement:{slug}-first .

    # The statement: one speech act. If another document tells of it too, use its IRI from there;
    # else name it <speaker>-<date>-<gist>. To fill in:
    #   schema:text "the gist in our words"@en ; ckg:speaker person:... ; ckg:inCapacity post:... ;
    #   ckg:channel channel:telegram ;
    #   ckg:said [ ckg:asWritten "on Tuesday"@en ; ckg:edtf "2025-03-18"^^edtf:EDTF ] ;
    #   ckg:expresses [ ckg:attitude attitude:asserts ; ckg:certainty certainty:certain ;
    #                   ckg:onClaim claim:... ; ckg:accordingTo document:{slug} ]

    statement:{slug}-first a ckg:Statement .

}}
"""
