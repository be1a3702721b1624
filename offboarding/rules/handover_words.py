"""The fixed words of the page on which a client confirms a handover, in both languages. Pure."""

from collections.abc import Mapping

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "What is handed over to you",
        "lede": "For each account: what you have now, so that it works without me.",
        "none": "There are no accounts to hand over.",
        "later": "Access follows once the open invoices are paid. Nothing is lost meanwhile.",
        "given": "given",
        "not_needed": "not needed",
        "not_yet": "not yet",
        "passwords": "Passwords never come by mail or on a page. If one has to change hands, call "
        "me, or use a one-time link of your password manager; then change it.",
        "report": "The final report",
        "download": "Download it (PDF)",
        "confirm": "Please confirm",
        "confirm_words": "Try every account first. Your name and the day are kept with the list.",
        "name": "Your name",
        "note": "Is anything missing?",
        "optional": "(you need not)",
        "send": "I can get into all of them",
        "thanks": "Thank you",
        "confirmed": "{name} confirmed on {day} that everything has arrived.",
        "name_missing": "Please write your name.",
        "error": "Error:",
    },
    "hr": {
        "title": "Što vam je predano",
        "lede": "Za svaki profil: što sada imate, tako da sve radi i bez mene.",
        "none": "Nema profila za predaju.",
        "later": "Pristup slijedi čim se podmire otvoreni računi. Ništa se u međuvremenu ne gubi.",
        "given": "predano",
        "not_needed": "nije potrebno",
        "not_yet": "još ne",
        "passwords": "Lozinke se ne šalju porukom ni preko stranice. Ako neku treba predati, "
        "nazovite me ili se poslužite jednokratnom poveznicom svojeg upravitelja lozinki, a zatim "
        "je promijenite.",
        "report": "Završno izvješće",
        "download": "Preuzimanje (PDF)",
        "confirm": "Molim potvrdu",
        "confirm_words": "Najprije isprobajte svaki profil. Vaše ime i dan čuvaju se uz popis.",
        "name": "Vaše ime",
        "note": "Nedostaje li nešto?",
        "optional": "(nije obavezno)",
        "send": "Svima mogu pristupiti",
        "thanks": "Hvala",
        "confirmed": "{name}, {day}: potvrđeno je da je sve stiglo.",
        "name_missing": "Molim, upišite svoje ime.",
        "error": "Greška:",
    },
}
THINGS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "role": "You are the owner",
        "recovery": "Recovery address and phone are yours",
        "two_factor": "Two-factor codes come to you",
        "files": "Files and originals",
        "licences": "Licences and subscriptions are in your name",
        "scheduled": "Scheduled posts",
    },
    "hr": {
        "role": "Vi ste vlasnik profila",
        "recovery": "Adresa i telefon za oporavak su vaši",
        "two_factor": "Kodovi za potvrdu u dva koraka stižu vama",
        "files": "Datoteke i izvornici",
        "licences": "Licence i pretplate glase na vas",
        "scheduled": "Zakazane objave",
    },
}
REPORT_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "lede": "What was done, asked, answered, invoiced and paid, as one PDF.",
        "download": "Download it (PDF)",
        "reply": "If something is not as you remember it, please reply to the message that brought "
        "you here.",
    },
    "hr": {
        "lede": "Što je napravljeno, traženo, odgovoreno, zaračunano i plaćeno, u jednom PDF-u.",
        "download": "Preuzmite (PDF)",
        "reply": "Ako nešto nije onako kako pamtite, odgovorite na poruku koja vas je ovamo "
        "dovela.",
    },
}
