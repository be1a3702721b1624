"""Statements of account laid out: what is open by age, then the movements. Pure."""

from typing import Any

from billing.rules.paper import Account, Move, OpenItem
from billing.rules.paper_english import English
from billing.rules.sheet import (
    WORDS,
    Cell,
    Column,
    Grid,
    Row,
    Sheet,
    head_of,
    legal_of,
    pay_of,
    width_of,
)

AGES = (0, 30, 60, 90)


def statement_sheet(account: Account, language: str) -> Sheet:
    """Currencies each for itself; the large figure is what is overdue and not disputed."""
    words = WORDS[language]
    due = {code: _overdue(account, code) for code in account.currencies}
    late = {code: minor for code, minor in due.items() if minor}
    open_ = {code: account.balance(code) for code in account.currencies}
    owed = {code: minor for code, minor in open_.items() if minor}
    named = late or owed
    label = words.overdue if late else words.balance_now
    amounts = [words.money(minor, code) for code, minor in named.items()]
    currency, amount = next(iter(named.items()), ("", 0))
    numbers = [
        one.number
        for one in account.open_items
        if one.currency == currency and _counts(account, one, late)
    ]
    fixed: dict[str, Any] = {
        **head_of(words, account.seller, account.buyer),
        **legal_of(words, account.seller, account.legal_note, account.mark),
    }
    return Sheet(
        title=words.statement_title(account.buyer.name, account.until),
        heading=words.statement,
        sub=words.of_account(account.until),
        fact_label=label if amounts else "",
        fact=amounts[0] if amounts else words.nothing_due,
        fact_due=words.and_more(amounts[1:]) if amounts[1:] else "",
        to_label=words.statement_for,
        facts=tuple(_facts(words, account)),
        grids=tuple(_grids(words, account)),
        pay=pay_of(
            words,
            seller=account.seller,
            buyer=account.buyer,
            currency=currency,
            amount_minor=amount,
            number=numbers[0],
            text=_purpose(words, account, numbers),
        )
        if numbers and amount > 0
        else None,
        after=words.crossed if owed else words.nothing_open,
        **fixed,
    )


def _purpose(words: English, account: Account, numbers: list[str]) -> str:
    """What a transfer says it is for, in the 35 signs that banks pass on."""
    text = words.both(numbers) if len(numbers) > 1 else words.payment_text(numbers[0])
    return text if len(text) <= 35 else f"{words.statement} {words.day(account.until)}"


def _overdue(account: Account, currency: str) -> int:
    return sum(
        one.open_minor
        for one in account.open_items
        if one.currency == currency and _counts(account, one, {currency: 1})
    )


def _counts(account: Account, one: OpenItem, late: dict[str, int]) -> bool:
    """Whether the item is part of the large figure."""
    if not late:
        return True
    return not one.disputed_on and _days_late(account, one) > 0


def _days_late(account: Account, one: OpenItem) -> int:
    return (account.until - one.due_on).days if one.due_on else 0


def _facts(words: English, account: Account) -> list[tuple[str, str]]:
    facts = [(words.period, words.span(account.since, account.until))]
    for code in account.currencies:
        facts.append((words.balance_in(code), words.money(account.balance(code), code)))
        held = sum(
            one.open_minor for one in account.open_items if one.disputed_on and one.currency == code
        )
        if held:
            facts.append((words.disputed, words.money(held, code)))
    return facts


def _grids(words: English, account: Account) -> list[Grid]:
    grids = [_open(words, account)] if account.open_items else []
    for code in account.currencies:
        grids.append(_moves(words, account, code))
    return grids


def _open(words: English, account: Account) -> Grid:
    """Open items in columns of age, with a sum for each currency."""
    rows: list[Row] = []
    for code in account.currencies:
        items = [one for one in account.open_items if one.currency == code]
        if not items:
            continue
        sums = [0] * 5
        for one in items:
            age = _age(_days_late(account, one))
            sums[age] += one.open_minor
            rows.append(Row(tuple(_open_cells(words, account, one, age))))
        total = f"{words.balance}, {words.money(sum(sums), code)}"
        figures = [Cell(words.figure(minor, code)) for minor in sums]
        rows.append(Row((Cell(total), Cell(""), Cell(""), *figures), strong=True))
    texts = [[row.cells[n].text for row in rows] for n in range(8)]
    widths = [0.0, 14.0, 10.5, width_of(texts[3], 11), *(width_of(t, 9) for t in texts[4:])]
    widths[0] = max(22.0, 100 - sum(widths))
    labels = (words.item, words.due, words.days_late, *words.ages)
    css = ("", "d", "r", "r", "r", "r", "r", "r")
    columns = tuple(Column(*one) for one in zip(labels, css, widths, strict=True))
    several = len({one.currency for one in account.open_items}) > 1
    note = f"{words.ages_note} {words.ages_apart}" if several else words.ages_note
    return Grid(columns, tuple(rows), title=words.open_by_age, note=note, css="tight")


def _open_cells(words: English, account: Account, one: OpenItem, age: int) -> list[Cell]:
    days = _days_late(account, one)
    disputed = words.disputed_since(one.disputed_on) if one.disputed_on else ""
    small = " · ".join(part for part in (one.about, disputed) if part)
    cells = [
        Cell(one.number, small),
        Cell(words.short_day(one.due_on) if one.due_on else ""),
        Cell(str(days) if days > 0 else ""),
    ]
    figure = words.figure(one.open_minor, one.currency)
    return cells + [Cell(figure if n == age else "") for n in range(5)]


def _age(days: int) -> int:
    """0 for not due, 1 to 4 for the columns of age."""
    return sum(days > limit for limit in AGES)


def _moves(words: English, account: Account, code: str) -> Grid:
    """Every movement of one currency with the balance after it."""
    symbol = words.sign(code)
    moves = [move for move in account.moves if move.currency == code]
    balance = account.opening.get(code, 0)
    rows: list[Row] = []
    if balance:
        figures = (Cell(""), Cell(""), Cell(words.figure(balance, code)))
        rows.append(
            Row((Cell(words.short_day(account.since)), Cell(words.opening), Cell(""), *figures))
        )
    for move in moves:
        balance += move.debit_minor - move.credit_minor
        rows.append(
            Row(
                (
                    Cell(words.short_day(move.on)),
                    Cell(words.moves[move.kind].format(number=move.number)),
                    Cell(_about(words, move)),
                    Cell(words.figure(move.debit_minor, code) if move.debit_minor else ""),
                    Cell(words.figure(move.credit_minor, code) if move.credit_minor else ""),
                    Cell(words.figure(balance, code)),
                )
            )
        )
    debit, credit = sum(m.debit_minor for m in moves), sum(m.credit_minor for m in moves)
    total = (words.figure(debit, code), words.figure(credit, code), words.money(balance, code))
    rows.append(
        Row((Cell(words.balance), Cell(""), Cell(""), *(Cell(text) for text in total)), strong=True)
    )
    texts = [[row.cells[n].text for row in rows] for n in range(6)]
    figures_ = [width_of(texts[n], 13) for n in (3, 4, 5)]
    widths = [15.0, 21.0, max(14.0, 64 - sum(figures_)), *figures_]
    heads = [*words.move_columns[:3], *(f"{label}, {symbol}" for label in words.move_columns[3:])]
    css = ("d", "", "", "r", "r", "r")
    columns = tuple(Column(*one) for one in zip(heads, css, widths, strict=True))
    note = "" if moves else words.no_moves
    return Grid(columns, tuple(rows), title=words.moves_in(code), note=note, css="tight plain")


def _about(words: English, move: Move) -> str:
    if move.kind in {"payment", "credit", "lost"}:
        return words.for_invoice.format(number=move.about)
    return move.about
