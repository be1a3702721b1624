"""What an invoice says where it has no VAT: the usual words, per country and language. Pure.

The owner can word each anew; these are what stands there when nothing is typed. Sources: Council
Directive 2006/112/EC (articles 138, 146, 196, 226(11a)); Croatian VAT Act (Zakon o PDV-u), articles
75(1)6 and 79 (reverse charge), 41 (within the EU), 45 (export), 90(2) (small businesses).
"""

NOTES: dict[tuple[str, str], dict[str, str]] = {
    ("E", "HR"): {
        "en": "VAT not charged: small business, Article 90(2) of the Croatian VAT Act",
        "hr": "PDV nije obračunat prema čl. 90. st. 2. Zakona o PDV-u",
    },
    ("E", ""): {
        "en": "Exempt from VAT: small business",
        "hr": "Oslobođeno PDV-a: mali porezni obveznik",
    },
    ("AE", ""): {
        "en": "Reverse charge: VAT is due from the recipient, Article 196 of Directive 2006/112/EC",
        "hr": "Prijenos porezne obveze, čl. 196. Direktive 2006/112/EZ",
    },
    ("K", ""): {
        "en": "Supply within the EU, exempt under Article 138 of Directive 2006/112/EC",
        "hr": "Isporuka unutar EU-a oslobođena prema čl. 138. Direktive 2006/112/EZ",
    },
    ("G", ""): {
        "en": "Export outside the EU, exempt under Article 146 of Directive 2006/112/EC",
        "hr": "Izvoz izvan EU-a oslobođen prema čl. 146. Direktive 2006/112/EZ",
    },
    ("O", ""): {"en": "Not subject to VAT", "hr": "Ne podliježe PDV-u"},
}


def usual_note(category: str, *, country: str, language: str) -> str:
    """The words for a category (UNCL5305) of a seller in `country`; "" where none are needed."""
    words = NOTES.get((category, country)) or NOTES.get((category, ""))
    return words[language if language in words else "en"] if words else ""
