"""What happened and where it stands, in plain words for the reader."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext

from api import i18n
from engine import clock
from engine.cases.models import Case
from engine.casework import StepNames
from engine.casework.queries import Timeline
from engine.deadlines import shipped
from engine.errors import N_
from engine.events import Event

STANDS = {
    "reported": N_("It has arrived and waits to be read."),
    "triage": N_("Somebody reads it now and decides who must act."),
    "guidance": N_("You will be told which organ this belongs to, and how to get there."),
    "consent": N_("Both sides are being asked whether they want mediation."),
    "acceptance": N_("Both sides are willing; it is being accepted for mediation."),
    "mediation": N_("A mediator talks with both sides."),
    "agreement": N_("The sides agree; it is being written down."),
    "performance": N_("What was agreed is being carried out."),
    "callback": N_("Somebody else than the mediator will ask whether it is really settled."),
    "routes": N_("Mediation has ended; you will be told which other ways are open."),
    "call": N_("People near the place are being called."),
    "verify": N_("Somebody goes there to look."),
    "measures": N_("The place is being made safe for now."),
    "fixing": N_("It is being fixed."),
    "recheck": N_("Another person checks whether it is really fixed."),
    "handover": N_("It is being handed over to the police."),
    "confirmation": N_("Both sides may ask the court to confirm the agreement."),
    "petition": N_("It is handled as a petition; you will get a written answer."),
    "review": N_("The answer was sent; it may be reviewed if you ask for it."),
    "court": N_("It is on its way to the court."),
    "protection": N_("People who protect are at work. What they do is not shown here."),
    "fraud": N_("The police know; what happened is being written down."),
    "labour": N_("It is handled as a labour dispute."),
    "land": N_("It is being found out which road it takes: whose the land is, or who uses it."),
    "consumer": N_("It is handled as a consumer complaint."),
    "reception": N_("A leader will hear it in person."),
    "campaign": N_("The campaign runs."),
    "patrol": N_("What the patrol found is being looked at."),
    "roster": N_("The roster is being filled."),
    "reward": N_("The reward is being decided."),
    "watch": N_("Somebody looks again whether it stays calm."),
    "errand": N_("It is being done for you."),
    "correction": N_("Whoever keeps it looks whether it is wrong, and corrects it."),
    "counselling": N_("People who help are at work. What is said is not shown here."),
    "standards": N_("The centre checks itself."),
    "paused": N_("Mediation rests until the police have answered."),
    "closed": N_("It is closed."),
}
"""What a stage means to whoever reported."""

NEXT = {
    "reported": N_("The centre on duty reads it: dangers at once, everything else within a day."),
    "triage": N_("Then it goes to whoever must act, and you see here who that is."),
    "guidance": N_("Somebody tells you by phone or in person. Nothing is lost by having come here first."),
    "consent": N_(
        "If both agree, a mediator is chosen; you may say whom you want. If not, you are told the other ways."
    ),
    "acceptance": N_("Then a mediator is chosen. You may say whom you want."),
    "mediation": N_("Both sides are invited. You may end it at any time, and going to court stays open."),
    "agreement": N_("Both sides sign it; then it binds them."),
    "performance": N_("Whoever promised something does it by the day that was agreed. Tell us if it is not done."),
    "callback": N_("Tell them openly how it is: only then is it closed."),
    "routes": N_("You are told about court, arbitration and legal aid. The choice is yours."),
    "call": N_("Stay away from the place until somebody says that it is safe."),
    "verify": N_("If there is a danger, the place is closed off at once. Stay away until then."),
    "measures": N_("Then it is fixed; who does it and by when is written down."),
    "fixing": N_("When it is done, another person looks whether it is."),
    "recheck": N_("If it is fixed, it is struck off the list and you are told."),
    "handover": N_("The police say whether they take it, and you see it here."),
    "confirmation": N_("With the court's word the agreement can be enforced. It costs nothing."),
    "petition": N_("The answer says what was decided and how you can have it reviewed."),
    "review": N_("If you are not content, ask for a review within 30 days of the answer."),
    "court": N_("The court writes to you. Bring the agreement and what proves your side."),
    "protection": N_("In danger, call 110. You need not explain yourself."),
    "fraud": N_("Send no more money. The police may call you; they never ask for a transfer."),
    "labour": N_("You are told whether it is mediated or goes to arbitration."),
    "land": N_("Leave the land as it is until it is decided."),
    "consumer": N_("The department tells you what it did within seven working days."),
    "reception": N_("You are told the day and place."),
    "watch": N_("If it becomes a dispute, it is decided who acts. Tell us at once if it gets worse."),
    "errand": N_("You are told what became of it, by the day that was promised."),
    "correction": N_("You are told what it says now, or why it stays as it was."),
    "counselling": N_("In danger, call 110 or 120. You need not be alone."),
    "paused": N_("When the police have answered, it goes on. In danger, call 110."),
    "closed": N_("Tell us whether it helped. If it comes up again, report it again and name this number."),
    "rated": N_("If it comes up again, report it again and name this number."),
}
"""What happens after a stage, for whoever reported; for the others it is said that somebody will tell."""

HAPPENED = {
    "case.reported": N_("Reported: %(source)s"),
    "case.reported_together": N_("Written down together with others: %(count)s matters in all"),
    "case.located": N_("It was said where it really happened"),
    "case.classified": N_("Classified: %(facts)s"),
    "case.routed": N_("Decided which way it goes: %(gate)s"),
    "case.accepted": N_("Accepted for mediation"),
    "case.refused": N_("Not accepted for mediation"),
    "case.mediator_appointed": N_("A mediator was named"),
    "case.escalated": N_("Taken up one level, to: %(level)s"),
    "case.paused": N_("Mediation paused because of danger"),
    "case.resumed": N_("Taken up again"),
    "case.agreed": N_("The sides have agreed"),
    "case.agreement_rewritten": N_("The agreement was written again under a new number"),
    "case.performance_recorded": N_("Performance recorded: %(performed)s"),
    "case.concluded": N_("Concluded: %(outcome)s. The case stays open until everything in it is done"),
    "case.closed": N_("Closed: %(outcome)s"),
    "case.sealed": N_("The case was sealed"),
    "case.viewed": N_("The sealed case was opened"),
    "case.emergency_opened": N_("Opened in an emergency by somebody whose case it is not"),
    "case.emergency_viewed": N_("Read in an emergency"),
    "case.emergency_ended": N_("The emergency look was ended"),
    "upload.viewed": N_("A picture or document of the file was opened"),
    "case.noted": N_("A remark was added"),
    "callback.made": N_("An independent call-back was made"),
    "case.linked": N_("Linked with another case: %(link)s"),
    "case.unlinked": N_("Link with another case taken back: %(link)s"),
    "case.reopened": N_("Opened again"),
    "file.finished": N_("The file was finished"),
    "paper.added": N_("A paper was put on the file"),
    "paper.taken_out": N_("A paper was printed or taken out"),
    "bundle.made": N_("A signed bundle was made for: %(recipient)s"),
    "paper.signed": N_("A paper was signed"),
    "signature.asked": N_("A party was sent a code to sign a paper with"),
    "party.added": N_("A person was added: %(role)s"),
    "party.unmasked": N_("A whole identity number was looked at"),
    "consent.given": N_("Consent was recorded"),
    "consent.withdrawn": N_("Consent was taken back"),
    "subject.exported": N_("A person got a copy of their data"),
    "case.blocked_words_kept": N_("Words that the block list names were kept, with a reason"),
    "case.unsealing_asked": N_("Somebody asked to unseal the case"),
    "case.unsealed": N_("Two people agreed: the case was unsealed"),
    "case.erased": N_("The time of the file was up: what it said about people was erased"),
    "task.completed": N_("Done: %(step)s"),
    "task.claimed": N_("Taken on: %(step)s"),
    "task.released": N_("Given back: %(step)s"),
    "task.assigned": N_("Handed on: %(step)s"),
    "sitting.planned": N_("Planned: %(sitting)s"),
    "sitting.moved": N_("Moved: %(sitting)s"),
    "sitting.cancelled": N_("What was planned is cancelled"),
    "invitation.served": N_("An invitation was served"),
    "clause.proposed": N_("A clause was put on the table"),
    "clause.changed": N_("A clause was worded anew"),
    "clause.answered": N_("Something was said to a clause"),
    "clause.removed": N_("A clause was taken off the table"),
    "task.undone": N_("Taken back: who does “%(step)s” is as before"),
    "case.mentioned": N_("Somebody was named in a remark"),
    "case.note_withdrawn": N_("A remark was taken back"),
    "task.returned": N_("Sent back: %(step)s"),
    "task.delegated": N_("Delegated: %(step)s"),
    "task.resolved": N_("Given back to its owner: %(step)s"),
    "task.cosigners_added": N_("Others asked to agree: %(step)s"),
    "task.cosigner_removed": N_("Somebody need not agree any more: %(step)s"),
    "task.cosigned": N_("Agreed: %(step)s"),
    "task.cosigning_declined": N_("Declined to agree: %(step)s"),
    "deadline.started": N_("%(deadline)s runs until %(due)s"),
    "deadline.warned": N_("%(deadline)s is near or past: %(due)s"),
    "deadline.met": N_("%(deadline)s: met"),
    "deadline.kept": N_("%(deadline)s: the parties' own right, still theirs until %(due)s"),
    "deadline.suspended": N_("%(deadline)s: stopped"),
    "document.issued": N_("A document was issued"),
    "document.voided": N_("A document was voided"),
    "handover.sent": N_("Handed over to the police"),
    "handover.answered": N_("The police answered: %(decision)s"),
    "case.joined": N_("Somebody else reported the same; it was added"),
    "party.code_made": N_("A party was given a code of their own: %(role)s"),
    "party.code_withdrawn": N_("The code of a party was withdrawn: %(role)s"),
    "party.asked_recusal": N_("A party asks a mediator to stand aside: %(role)s"),
    "party.rated": N_("A party said whether it helped: %(role)s"),
    "party.ended": N_("A party ended the mediation: %(role)s"),
    "party.chose": N_("A party said whom they want as mediator: %(role)s"),
    "reporter.added": N_("Whoever reported it added something"),
    "reporter.chose": N_("Whoever reported it said whom they want as mediator"),
    "reporter.rated": N_("Whoever reported it said whether it helped"),
    "reporter.withdrew": N_("Whoever reported it withdraws"),
    "handover.outcome_recorded": N_("The police told the outcome"),
    "case.visited": N_("A leader takes it up: %(number)s"),
    "case.split": N_("A second case was opened for another matter in it: %(number)s"),
    "result.recorded": N_("Recorded: %(result)s"),
    "deadline.extended": N_("%(deadline)s was extended until %(due)s"),
    "deadline.not_extended": N_("%(deadline)s was extended once, and the law allows no more: still until %(due)s"),
    "deadline.resumed": N_("%(deadline)s counts again, until %(due)s"),
    "case.blocked_words_found": N_(
        "The words name facts that must not be kept; they are covered on papers and in exports"
    ),
    "deadline.recounted": N_("%(deadline)s was counted anew, until %(due)s: the calendar changed"),
    "reception.booked": N_("Booked into a leader's reception"),
    "reception.cancelled": N_("Taken out of a leader's reception"),
    "reward.recorded": N_("A reward was recorded"),
    "reward.reversed": N_("A reward was taken back"),
    "roster.planned": N_("The shifts of the roster were made"),
    "deadline.restarted": N_("%(deadline)s began anew"),
    "notice.recorded": N_("A reminder was recorded"),
    "instance.cancelled": N_("A process was cancelled"),
}
"""Each kind of event that people should read; the others are for machines."""

PERFORMED = {"yes": N_("performed"), "partly": N_("performed in part"), "no": N_("not performed")}
DECISIONS = {"accept": N_("taken over"), "return": N_("returned"), "refuse": N_("not theirs")}
ALARMS = {"case.emergency_opened", "case.paused", "deadline.warned", "handover.sent", "case.refused"}
LOOKS = {
    "case.viewed": N_("The sealed case was opened %(times)s times that day"),
    "case.emergency_viewed": N_("Read in an emergency %(times)s times that day"),
}
"""Repeated looks of one person on one day, told as one; the audit log keeps each."""
REASONED = ("task.returned", "task.delegated", "task.resolved", "task.cosign")
"""How the kinds begin for which a colleague wrote a reason that the others need to read."""


@dataclass(frozen=True)
class Line:
    """One thing that happened: when, what, by whom, whether it should catch the eye, why, and by which article."""

    at: datetime
    text: str
    who: str
    alarm: bool
    why: str = ""
    law: str = ""


def stands(case: Case) -> str:
    """Where a case stands, as a sentence for whoever reported it."""
    return str(gettext(STANDS.get(case.stage, STANDS["triage"])))


def follows(case: Case, may: Set[str]) -> str:
    """What happens next with a case, as a sentence for whoever follows it and may still do something."""
    stage = "rated" if case.stage == "closed" and "rate" not in may else case.stage
    return str(gettext(NEXT[stage]) if stage in NEXT else gettext("Somebody tells you what comes next."))


def lines(timeline: Timeline, steps: StepNames) -> list[Line]:
    """What happened in a case, newest first."""
    return list(reversed(list(_lines(timeline, steps))))


def _lines(timeline: Timeline, steps: StepNames) -> Iterator[Line]:
    for event, times in _folded(timeline.events):
        sentence = LOOKS[event.kind] if times > 1 else HAPPENED.get(event.kind)
        if sentence:
            text = i18n.fill(sentence, {"times": times, **_facts(event, timeline, steps)})
            who = timeline.names.get(event.actor or "", "")
            yield Line(event.at, text, who, event.kind in ALARMS, *_reason(event))


def _folded(happened: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """Each event with how often it happened; of the looks of one person on one day only the last."""
    alike = [_look(event) for event in happened]
    times = Counter(alike)
    last = dict(zip(alike, happened, strict=True))
    return ((event, times[look]) for look, event in zip(alike, happened, strict=True) if last[look] is event)


def _look(event: Event) -> tuple[object, ...]:
    """What makes a look the same as another; any other event is like none but itself."""
    by_day = (event.kind, event.actor, event.at.astimezone(clock.ZONE).date())
    return by_day if event.kind in LOOKS else (event.position,)


def _reason(event: Event) -> tuple[str, str]:
    """Why it happened and by which article: a colleague's own words, or what the gate's table says of its rule."""
    data, routed = event.data, event.kind == "case.routed"
    if not routed and not event.kind.startswith(REASONED):
        return "", ""
    return str(data.get("reason_en" if routed and i18n.locale() == "en" else "reason") or ""), data.get("law", "")


def sent_back(timeline: Timeline, instance: UUID, element: str) -> Event | None:
    """What sent a step back to its people, where it is open for that; who and why stand in it."""
    for event in reversed(timeline.events):
        if event.instance != instance:
            continue
        if event.kind == "task.returned" and event.data["to"] == element:
            return event
        if event.kind == "task.completed" and event.data["element"] == element:
            return None
    return None


def _facts(event: Event, timeline: Timeline, steps: StepNames) -> Mapping[str, Any]:
    data = event.data
    match event.kind:
        case "case.reported":
            return {"source": i18n.code(data.get("source"), "source")}
        case "case.classified":
            found = [i18n.code(data[kind], kind) for kind in ("kind", "category", "risk", "level") if data.get(kind)]
            return {"facts": " · ".join(found)}
        case "case.routed":
            return {"gate": f"{data.get('gate', '')} {i18n.code(data.get('rule') or data.get('gate'), 'gate')}"}
        case "case.linked" | "case.unlinked":
            return {"link": i18n.code(data.get("link"), "link")}
        case "bundle.made":
            return {"recipient": i18n.code(data.get("recipient"), "recipient")}
        case (
            "party.added"
            | "party.code_made"
            | "party.code_withdrawn"
            | "party.chose"
            | "party.asked_recusal"
            | "party.rated"
            | "party.ended"
        ):
            return {"role": i18n.code(data.get("role"), "party")}
        case "case.escalated":
            return {"level": i18n.code(data.get("level"), "level")}
        case "case.performance_recorded":
            return {"performed": gettext(PERFORMED.get(data.get("performed", ""), ""))}
        case "case.concluded" | "case.closed":
            return {"outcome": i18n.code(data.get("reason"), "outcome")}
        case "case.split" | "case.visited":
            return {"number": data.get("number", "")}
        case "case.reported_together":
            return {"count": data["count"]}
        case "result.recorded":
            ground = f"（{data['ground']}）" if data.get("ground") else ""
            return {"result": i18n.code(data.get("code"), "result") + ground}
        case "sitting.planned" | "sitting.moved":
            return {"sitting": i18n.code(data.get("sitting_kind"), "sitting")}
        case "handover.answered":
            return {"decision": gettext(DECISIONS.get(data.get("decision", ""), ""))}
    if event.kind.startswith("party.") and data.get("role"):
        return {"role": i18n.code(data["role"], "party")}
    if event.kind.startswith("deadline."):
        due = date.fromisoformat(data["due_on"]) if data.get("due_on") else None
        return {"deadline": shipped.name(data.get("key", ""), i18n.locale()), "due": i18n.day(due) if due else ""}
    if event.kind.startswith("task.") and event.instance:
        return {"step": steps.of(timeline.diagrams[event.instance, data["element"]], data["element"])}
    return {}
