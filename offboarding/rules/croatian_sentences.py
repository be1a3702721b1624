"""The sentences that open the report and its sections, in Croatian. Pure.

What was measured is named by the owner, so its gender is unknown: no verb depends on it.
"""

from offboarding.rules.croatian import Croatian, counted
from offboarding.rules.facts import Achieved, Court, Facts, ProjectTime

DAYS = ("radni dan", "radna dana", "radnih dana")


class CroatianSentences(Croatian):
    def changed(self, one: Achieved) -> str:
        if one.after == one.before:
            return f"{one.metric}: i dalje {self.number(one.after)}"
        return f"{one.metric}: s {self.number(one.before)} na {self.number(one.after)}"

    def summary(self, facts: Facts, best: Achieved | None) -> str:
        """The one sentence of the cover."""
        parts = []
        if best:
            parts.append(self.changed(best))
        elif facts.deliveries:
            parts.append(self._done(facts))
        elif facts.work:
            spent = self.hours(sum(one.minutes or 0 for one in facts.work))
            parts.append(f"za vas je odrađeno {spent}")
        theirs = facts.days(Court.LATE, Court.STOPPED)
        if facts.clock and theirs:
            parts.append(
                f"od ukupno {counted(len(facts.clock), *DAYS)}, na zakašnjeli odgovor ili uplatu "
                f"s vaše strane čekalo se {theirs}"
            )
        elif facts.asked:
            parts.append("svaki je odgovor stigao u dogovorenom roku")
        if not parts:
            parts.append("ovo je što je među nama učinjeno, zatraženo i plaćeno")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    def results_lead(self, facts: Facts, best: Achieved) -> str:
        if len(facts.achieved) == 1:
            return f"{self.changed(best)}."
        many = counted(len(facts.achieved), "pokazatelj", "pokazatelja", "pokazatelja")
        return (
            f"Prije i poslije rada izmjereno: {many}. Najveća promjena: {best.metric}, "
            f"s {self.number(best.before)} na {self.number(best.after)}."
        )

    def delivered_lead(self, facts: Facts) -> str:
        parts = []
        if facts.deliveries:
            parts.append(self._done(facts))
        if facts.spent:
            minutes = sum(one.minutes for one in facts.spent)
            entries = counted(sum(one.entries for one in facts.spent), "zapis", "zapisa", "zapisa")
            parts.append(f"u dnevniku {entries}, ukupno {self.hours(minutes)}")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    def clock_lead(self, facts: Facts) -> str:
        return (
            "U svakom je trenutku potez bio ili vaš ili naš. "
            f"Ukupno {counted(len(facts.clock), *DAYS)}: "
            f"{facts.days(Court.LATE, Court.STOPPED)} vaših, s kašnjenjem ili obustavom rada; "
            f"{facts.days(Court.ASKED)} u čekanju odgovora, još u roku; "
            f"{facts.days(Court.OURS)} naših."
        )

    def done_sentence(self, facts: Facts, told: ProjectTime) -> str:
        """One sentence that answers the question."""
        late = told.late + told.stopped
        parts = [
            f"Ukupno {counted(told.elapsed, *DAYS)}: naših {told.ours}, u čekanju u roku "
            f"{told.asked}"
        ]
        if late:
            parts.append(f"zbog zakašnjelih odgovora ili uplata izgubljeno je {late}")
        if told.moved_days and told.agreed_on and told.expected_on:
            parts.append(
                f"isporuka se zato pomaknula s {self.long_day(told.agreed_on)} na "
                f"{self.long_day(told.expected_on)}"
            )
        if facts.missed:
            many = ("prilika", "prilike", "prilika")
            parts.append(f"propušteno: {counted(len(facts.missed), *many)}")
        text = "; ".join(parts)
        # A date ends in its own full stop.
        return text if text.endswith(".") else f"{text}."

    def side_late_what(self, facts: Facts) -> str:
        return (
            f"{facts.days(Court.LATE)} u čekanju na zakašnjele odgovore, "
            f"{facts.days(Court.STOPPED)} uz obustavljen rad"
        )

    def asked_lead(self, facts: Facts) -> str:
        kept = [one for one in facts.asked if not one.withdrawn]
        in_time = sum(one.answered_on is not None and not one.late_days for one in kept)
        late = sum(one.answered_on is not None and one.late_days > 0 for one in kept)
        never = sum(one.is_open for one in kept)
        parts = [f"u roku odgovoreno na {in_time}"]
        if late:
            parts.append(f"sa zakašnjenjem na {late}")
        if never:
            parts.append(f"bez odgovora {never}")
        requests = counted(len(kept), "zahtjev", "zahtjeva", "zahtjeva")
        return f"{requests}, svaki s rokom za odgovor: {', '.join(parts)}."

    def money_lead(self, facts: Facts) -> str:
        sums = []
        for one in facts.sums:
            text = (
                f"zaračunato {self.money_of(one.invoiced_minor, one.currency)}, "
                f"plaćeno {self.money_of(one.paid_minor, one.currency)}"
            )
            if one.open_minor:
                text += f", otvoreno {self.money_of(one.open_minor, one.currency)}"
            sums.append(text)
        settled = [one for one in facts.billed if one.settled_on]
        late = [one.days_after_due or 0 for one in settled if (one.days_after_due or 0) > 0]
        if late:
            days = counted(max(late), "dan", "dana", "dana")
            how = (
                f"Plaćenih računa: {len(settled)}, od toga sa zakašnjenjem {len(late)}, do {days}."
            )
        elif settled:
            how = "Svaki je plaćeni račun plaćen do dospijeća."
        else:
            how = ""
        text = "; ".join(sums)
        return f"{text[0].upper()}{text[1:]}. {how}".strip()

    def handover_lead(self, facts: Facts) -> str:
        done = sum(one.handed_over_on is not None for one in facts.accounts)
        total = counted(len(facts.accounts), "profil", "profila", "profila")
        if done == len(facts.accounts):
            return f"Vodili smo za vas {total}; sve je predano."
        left = len(facts.accounts) - done
        return f"Vodili smo za vas {total}; predano {done}, još za predati {left}."

    def cover_figures(self, facts: Facts, best: Achieved | None) -> list[tuple[str, str, str]]:
        rows = []
        if best:
            change = best.change_percent
            rows.append(
                (
                    f"{self.number(best.before)} → {self.number(best.after)}",
                    best.metric,
                    self.percent(change) if change is not None else best.unit,
                )
            )
        theirs = facts.days(Court.LATE, Court.STOPPED)
        if facts.clock and (facts.asked or facts.rests):
            rows.append(
                (
                    f"{theirs} od {len(facts.clock)}",
                    f"radnih dana bio je vaš potez, {facts.days(Court.STOPPED)} uz obustavu",
                    f"{facts.days(Court.ASKED)} zatraženo, {facts.days(Court.OURS)} naših",
                )
            )
        kept = [one for one in facts.asked if not one.withdrawn]
        if kept:
            in_time = sum(one.answered_on is not None and not one.late_days for one in kept)
            late = sum(one.answered_on is not None and one.late_days > 0 for one in kept)
            never = sum(one.is_open for one in kept)
            rows.append(
                (
                    f"{in_time} od {len(kept)}",
                    "zahtjeva s odgovorom u roku",
                    f"{late} kasni, {never} otvoreno",
                )
            )
        if facts.deliveries:
            done = sum(one.delivered_on is not None for one in facts.deliveries)
            rows.append(
                (f"{done} od {len(facts.deliveries)}", "isporuka dovršeno", self._hours(facts))
            )
        for one in facts.sums:
            rows.append(
                (
                    self.money_of(one.invoiced_minor, one.currency),
                    "zaračunato, s PDV-om",
                    f"{self.money_of(one.open_minor, one.currency)} otvoreno"
                    if one.open_minor
                    else "sve plaćeno",
                )
            )
        return rows

    def _done(self, facts: Facts) -> str:
        done = sum(one.delivered_on is not None for one in facts.deliveries)
        return f"dovršeno isporuka: {done} od {len(facts.deliveries)}"

    def _hours(self, facts: Facts) -> str:
        minutes = sum(one.minutes for one in facts.spent)
        return f"{self.hours(minutes)} u dnevniku" if minutes else ""
