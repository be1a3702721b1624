"""The sentences that open the report and its sections, in English. Pure."""

from offboarding.rules.english import NB, English, counted
from offboarding.rules.facts import Achieved, Court, Facts, ProjectTime


class EnglishSentences(English):
    def changed(self, one: Achieved) -> str:
        verb = "rose" if one.after > one.before else "fell"
        if one.after == one.before:
            return f"{one.metric} stayed at {self.number(one.after)}"
        return f"{one.metric} {verb} from {self.number(one.before)} to {self.number(one.after)}"

    def summary(self, facts: Facts, best: Achieved | None) -> str:
        """The one sentence of the cover."""
        parts = []
        if best:
            parts.append(self.changed(best))
        elif facts.deliveries:
            done = sum(one.delivered_on is not None for one in facts.deliveries)
            total = len(facts.deliveries)
            parts.append(f"{done} of {counted(total, 'delivery is', 'deliveries are')} done")
        elif facts.work:
            spent = self.hours(sum(one.minutes or 0 for one in facts.work))
            parts.append(f"{spent} of work were done for you")
        theirs = facts.days(Court.LATE, Court.STOPPED)
        if facts.clock and theirs:
            parts.append(
                f"of {counted(len(facts.clock), 'working day', 'working days')}, {theirs} passed "
                "while an answer or a payment from you was late"
            )
        elif facts.asked:
            parts.append("every answer came by the day we had agreed")
        if not parts:
            parts.append("this is what was done, asked and paid between us")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    def results_lead(self, facts: Facts, best: Achieved) -> str:
        many = counted(len(facts.achieved), "figure was", "figures were")
        if len(facts.achieved) == 1:
            return f"{self.changed(best)}."
        name = best.metric
        return (
            f"{many} measured before the work and after it. The largest change: {name}, "
            f"from {self.number(best.before)} to {self.number(best.after)}."
        )

    def delivered_lead(self, facts: Facts) -> str:
        parts = []
        if facts.deliveries:
            done = sum(one.delivered_on is not None for one in facts.deliveries)
            total = counted(len(facts.deliveries), "delivery is", "deliveries are")
            parts.append(f"{done} of {total} done")
        if facts.spent:
            minutes = sum(one.minutes for one in facts.spent)
            entries = counted(sum(one.entries for one in facts.spent), "entry", "entries")
            parts.append(f"{entries} in the log make {self.hours(minutes)}")
        text = "; ".join(parts)
        return f"{text[0].upper()}{text[1:]}."

    def clock_lead(self, facts: Facts) -> str:
        days = counted(len(facts.clock), "working day", "working days")
        return (
            "At any moment it was either your move or ours. "
            f"Of {days} the move was yours and late, or work rested, on "
            f"{facts.days(Court.LATE, Court.STOPPED)}; {facts.days(Court.ASKED)} were asked and "
            f"not yet late; {facts.days(Court.OURS)} were ours."
        )

    def done_sentence(self, facts: Facts, told: ProjectTime) -> str:
        """One sentence that answers the question."""
        days = counted(told.elapsed, "working day", "working days")
        late = told.late + told.stopped
        parts = [f"Of {days} {told.ours} were ours and {told.asked} went into waiting in time"]
        if late:
            parts.append(f"{late} were lost to late answers or payments")
        if told.moved_days and told.agreed_on and told.expected_on:
            parts.append(
                f"the delivery moved with them from {self.long_day(told.agreed_on)} to "
                f"{self.long_day(told.expected_on)}"
            )
        if facts.missed:
            parts.append(counted(len(facts.missed), "chance was missed", "chances were missed"))
        return f"{'; '.join(parts)}."

    def side_late_what(self, facts: Facts) -> str:
        return (
            f"{facts.days(Court.LATE)} waiting for late answers, "
            f"{facts.days(Court.STOPPED)} with work stopped"
        )

    def asked_lead(self, facts: Facts) -> str:
        kept = [one for one in facts.asked if not one.withdrawn]
        in_time = sum(one.answered_on is not None and not one.late_days for one in kept)
        late = sum(one.answered_on is not None and one.late_days > 0 for one in kept)
        never = sum(one.is_open for one in kept)
        parts = [f"{in_time} answered by the agreed day"]
        if late:
            parts.append(f"{late} late")
        if never:
            parts.append(f"{never} not at all")
        requests = counted(len(kept), "request", "requests")
        return f"{requests}, each with a day to answer by: {', '.join(parts)}."

    def money_lead(self, facts: Facts) -> str:
        sums = []
        for one in facts.sums:
            text = (
                f"{self.money_of(one.invoiced_minor, one.currency)} invoiced, "
                f"{self.money_of(one.paid_minor, one.currency)} paid"
            )
            if one.open_minor:
                text += f", {self.money_of(one.open_minor, one.currency)} open"
            sums.append(text)
        settled = [one for one in facts.billed if one.settled_on]
        late = [one.days_after_due or 0 for one in settled if (one.days_after_due or 0) > 0]
        if late:
            days = counted(max(late), "day", "days")
            how = f"{len(late)} of {len(settled)} paid invoices came late, by up to {days}."
        elif settled:
            how = "Every paid invoice was paid by its due day."
        else:
            how = ""
        return f"{'; '.join(sums)}. {how}".strip()

    def handover_lead(self, facts: Facts) -> str:
        done = sum(one.handed_over_on is not None for one in facts.accounts)
        total = counted(len(facts.accounts), "account was", "accounts were")
        if done == len(facts.accounts):
            return f"{total} handled for you; all of them are handed over."
        left = len(facts.accounts) - done
        return f"{total} handled for you; {done} handed over, {left}{NB}still to do."

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
                    f"{theirs} of {len(facts.clock)}",
                    f"working days your move, {facts.days(Court.STOPPED)} of them stopped",
                    f"{facts.days(Court.ASKED)} asked, {facts.days(Court.OURS)} ours",
                )
            )
        kept = [one for one in facts.asked if not one.withdrawn]
        if kept:
            in_time = sum(one.answered_on is not None and not one.late_days for one in kept)
            late = sum(one.answered_on is not None and one.late_days > 0 for one in kept)
            never = sum(one.is_open for one in kept)
            rows.append(
                (
                    f"{in_time} of {len(kept)}",
                    "requests answered by the agreed day",
                    f"{late} late, {never} open",
                )
            )
        if facts.deliveries:
            done = sum(one.delivered_on is not None for one in facts.deliveries)
            rows.append(
                (f"{done} of {len(facts.deliveries)}", "deliveries done", self._hours(facts))
            )
        for one in facts.sums:
            rows.append(
                (
                    self.money_of(one.invoiced_minor, one.currency),
                    "invoiced, with VAT",
                    f"{self.money_of(one.open_minor, one.currency)} open"
                    if one.open_minor
                    else "all paid",
                )
            )
        return rows

    def _hours(self, facts: Facts) -> str:
        minutes = sum(one.minutes for one in facts.spent)
        return f"{self.hours(minutes)} in the log" if minutes else ""
