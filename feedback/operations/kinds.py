"""Every kind of letter that this app hands to the outbox."""

from clientdesk.outbox.kinds import Kind
from feedback.operations.asking_letters import AskLetter
from feedback.operations.nudge_letters import NudgeLetter
from feedback.operations.page_letters import AnsweredLetter, CodeLetter, NewLinkLetter
from feedback.operations.project_letters import ProjectLetter
from feedback.operations.rung_letters import RungLetter
from feedback.operations.talk_letters import TalkLetter

KINDS: tuple[Kind, ...] = (
    AskLetter(),
    RungLetter(),
    NudgeLetter(),
    ProjectLetter(),
    AnsweredLetter(),
    CodeLetter(),
    NewLinkLetter(),
    TalkLetter(),
)
