"""The quick log reads a line without losing a word."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from clients.rules.quicklog import Known, minutes_of, plain, read_line

TODAY = date(2025, 5, 14)
LUNE = Known(1, "bistro-lune", "Bistro Lune")
CEVAP = Known(2, "cevap-djuro", "Ćevap Đuro")
LUNA = Known(3, "luna-spa", "Luna Spa")


def test_the_whole_line_of_the_manual() -> None:
    reading = read_line(
        "call lune asked about the logo again 15m +2d #problem", [LUNE, CEVAP], today=TODAY
    )
    assert (reading.kind, reading.client, reading.minutes) == ("call", LUNE, 15)
    assert reading.text == "asked about the logo again"
    assert reading.follow_up_on == date(2025, 5, 16)
    assert reading.tags == ["problem"]
    assert reading.complete


def test_croatian_words_and_letters_without_their_marks() -> None:
    reading = read_line("sastanak duro dogovoren rok 1h30 +1w", [LUNE, CEVAP], today=TODAY)
    assert (reading.kind, reading.client, reading.minutes) == ("meeting", CEVAP, 90)
    assert reading.follow_up_on == date(2025, 5, 21)
    assert plain("Čevapi ĐURO žšć") == "cevapi duro zsc"


def test_several_clients_are_candidates_and_none_is_chosen() -> None:
    reading = read_line("call lun asked", [LUNE, LUNA], today=TODAY)
    assert reading.client is None
    assert reading.candidates == [LUNE, LUNA]
    assert reading.text == "lun asked"
    assert not reading.complete


def test_a_bare_number_is_a_word() -> None:
    assert minutes_of("15") is None
    assert read_line("note lune sent 12 posts", [LUNE], today=TODAY).text == "sent 12 posts"


@given(st.lists(st.text(alphabet="abcčžđ+#0123456789mhd-", min_size=1, max_size=8), max_size=12))
def test_no_word_is_lost(words: list[str]) -> None:
    reading = read_line(" ".join(words), [LUNE], today=TODAY)
    taken = len(words) - len(reading.text.split())
    explained = (
        (reading.client is not None)
        + (reading.minutes is not None)
        + (reading.follow_up_on is not None)
        + len(reading.tags)
        + (bool(words) and reading.kind != "note")
        + (bool(words) and plain(words[0]) in {"note", "biljeska"})
    )
    assert taken == explained
    kept = reading.text.split()
    remaining = iter(words)
    assert all(word in remaining for word in kept), "in their order"


def test_on_a_client_page_a_word_means_that_client_first() -> None:
    def read(line: str) -> tuple[Known | None, str]:
        reading = read_line(line, [LUNE, CEVAP, LUNA], today=TODAY, own=LUNE)
        return reading.client, reading.text

    assert read("call lun asked") == (LUNE, "asked")
    assert read("asked again") == (LUNE, "asked again")
    # Another client only by a whole name: "spa" is one, "ce" a word like any other.
    assert read("call luna asked") == (LUNA, "asked")
    assert read("note ce soir") == (LUNE, "ce soir")
