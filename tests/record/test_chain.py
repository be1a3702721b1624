"""The arithmetic of the chain, checked against a second one written from the description alone."""

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from clientdesk.record import chain
from clientdesk.record.chain import NotCanonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
WHOLE = st.integers(-(2**53) + 1, 2**53 - 1)
# Names that stay apart when they are normalised.
NAMES = st.text("abcčšž0_", max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
CONTENT = st.dictionaries(NAMES, JSON, max_size=6)
INSTANTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


def normalised(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normalised(item) for item in value]
    if isinstance(value, dict):
        return {normalised(key): normalised(item) for key, item in value.items()}
    return value


@given(CONTENT)
def test_canonical_text_is_what_another_writer_of_json_writes(content: dict[str, Any]) -> None:
    text = chain.canonical(content)
    # Names here are below U+10000, where order by code points is order by UTF-16, as RFC 8785 asks.
    assert text == json.dumps(
        normalised(content), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert chain.canonical(json.loads(text)) == text


ANY_NAMES = st.dictionaries(
    st.text(max_size=6), st.dictionaries(TEXT, TEXT, max_size=3), max_size=5
)


@given(ANY_NAMES)
def test_whatever_the_names_it_is_what_rfc_8785_writes(content: dict[str, Any]) -> None:
    try:
        text = chain.canonical(content)
    except NotCanonical:  # half a surrogate pair, or one name in two spellings
        return
    assert text == rfc8785.dumps(normalised(content)).decode()


def test_names_are_in_the_order_of_their_utf_16_units() -> None:
    assert chain.canonical({"\uff21": "1", "\U0001f600": "2"}) == '{"😀":"2","\uff21":"1"}'


@given(CONTENT, st.randoms(use_true_random=False))
def test_the_order_of_names_changes_nothing(content: dict[str, Any], random: Any) -> None:
    items = list(content.items())
    random.shuffle(items)
    assert chain.canonical(dict(items)) == chain.canonical(content)


@given(TEXT)
def test_one_text_has_one_spelling(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert chain.canonical({"a": composed}) == chain.canonical({"a": apart})


@given(st.binary(min_size=16, max_size=16), CONTENT)
def test_the_digest_is_over_salt_and_content(salt: bytes, content: dict[str, Any]) -> None:
    text = chain.canonical(content)
    assert chain.digest_of(salt.hex(), text) == hashlib.sha256(salt + text.encode()).hexdigest()


def test_an_envelope_and_its_hash() -> None:
    envelope = chain.envelope_of(
        chain_id="c0ffee",
        seq=1,
        recorded_at=datetime(2025, 4, 26, 7, tzinfo=UTC),
        happened_at=datetime(2025, 4, 25, 18, 30, tzinfo=timezone(timedelta(hours=2))),
        kind="interaction.logged",
        actor="user:1",
        digest="d" * 64,
        prev=chain.GENESIS,
    )
    assert envelope == (
        '{"actor":"user:1","digest":"' + "d" * 64 + '",'
        '"happened_at":"2025-04-25T16:30:00.000000Z","kind":"interaction.logged",'
        '"prev":"' + "0" * 64 + '","recorded_at":"2025-04-26T07:00:00.000000Z",'
        '"seq":1,"v":1,"workspace":"c0ffee"}'
    )
    assert chain.hash_of(envelope) == hashlib.sha256(b"\0" + envelope.encode()).hexdigest()


@given(INSTANTS)
def test_an_instant_has_one_form_and_order(moment: datetime) -> None:
    text = chain.instant(moment)
    assert len(text) == len("2025-04-26T07:00:00.000000Z")
    assert datetime.fromisoformat(text) == moment
    assert chain.instant(moment + timedelta(microseconds=1)) > text


@pytest.mark.parametrize(
    "content",
    [
        {"amount": 0.1},
        {"amount": float("nan")},
        {"amount": Decimal("10.00")},
        {"on": date(2025, 4, 26)},
        {"at": datetime(2025, 4, 26, tzinfo=UTC)},
        {"raw": b"bytes"},
        {"deep": [{"down": {1, 2}}]},
        {"big": 2**53},
        {1: "a name that is no text"},
        {"half": "\ud800"},
        {"\ud800": "half"},
        # č in one sign and in two: after normalising, one name with two values.
        {"\u010d": 1, "c\u030c": 2},
    ],
)
def test_what_has_no_one_spelling_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(NotCanonical):
        chain.canonical(content)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(NotCanonical):
        chain.instant(datetime(2025, 4, 26, 7))
