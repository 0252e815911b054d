"""What can be refused in casework."""

from collections.abc import Sequence

import forms
from engine.errors import N_, Conflict, FieldError, Forbidden, Invalid, NotFound


class TaskNotYours(Forbidden):
    """The task is for another role or unit."""

    code = "task-not-yours"
    message = N_("This step is for another role or unit. You may look, but not do it.")


class ColleagueUnfit(Invalid):
    """The task is handed to somebody whose roles do not let them do it."""

    code = "colleague-unfit"
    message = N_("This step is not for that colleague's role or unit. Choose somebody else.")


class MergeUnfit(Conflict):
    """A case that the law sends elsewhere, or that is being sorted, does not end in another one."""

    code = "merge-unfit"
    message = N_(
        "This case cannot go on in that one: it is sealed, in danger, handled another way, or its way is just being "
        "decided. Link it as the same matter again; it stays with whoever has to handle it."
    )


class AgreementVoid(Conflict):
    """What builds on an agreement waits until the void one is written again."""

    code = "agreement-void"
    message = N_("The agreement is void. Put it on file again first, in the case's file; then go on here.")


class AgreementInCourt(Conflict):
    """An agreement is not made void over the head of the court that examines or has confirmed it."""

    code = "agreement-in-court"
    message = N_("The court has this agreement. Ask the court to let the application be withdrawn first.")


class NobodyAsked(Invalid):
    """Nobody was named who should agree."""

    code = "nobody-asked"
    message = N_("Choose at least one colleague who is to agree.")


class AnswersInvalid(Invalid):
    """Some answers are missing or wrong; `errors` are the form's own, with every sentence."""

    code = "answers-invalid"
    message = N_("Some answers are missing or wrong. Nothing you typed is lost.")

    def __init__(self, errors: Sequence[forms.FieldError]) -> None:
        fields = [FieldError(error.pointer, error.code, error.message, error.params) for error in errors]
        super().__init__(fields=fields)
        self.errors = tuple(errors)


class CasePaused(Conflict):
    """The case rests until the police have answered (People's Mediation Law §25)."""

    code = "case-paused"
    message = N_("This case rests until the police have answered. Nothing else can be done in it now.")


class Outdated(Conflict):
    """What the change was based on is no longer the newest."""

    code = "outdated"
    message = N_("Somebody has changed this since you opened it. Look at the new state, then decide.")


class NotInMediation(Conflict):
    """Nobody can leave a mediation that has not begun or is over."""

    code = "not-in-mediation"
    message = N_("This case is not being mediated now, so there is nothing to leave.")


class NoteEmpty(Invalid):
    """A remark without words."""

    code = "note-empty"
    message = N_("Write the remark first.")


class AdministratorsOnly(Forbidden):
    """Running processes are mended by administrators."""

    code = "administrators-only"
    message = N_("Only administrators may do this.")


class ReasonMissing(Invalid):
    """What is done outside of the usual way needs a reason, which stays in the history."""

    code = "reason-missing"
    message = N_("Say why: the reason stays in the history.")


class CursorInvalid(Invalid):
    """The place where a page of a list should begin cannot be read."""

    code = "cursor-invalid"
    message = N_("The place in this list cannot be read. Begin again with its first page.")


class ProcedureUnknown(NotFound):
    """There is no procedure of this name that the person may start."""

    code = "procedure-unknown"
    message = N_("There is no such procedure that you may start.")


class AlreadyRunning(Conflict):
    """The procedure runs for this case already."""

    code = "procedure-already-running"
    message = N_("This procedure runs for this case already.")


class NotForThisCase(Invalid):
    """The procedure is for other cases or other roles; what needs a confirmable agreement has none (§355)."""

    code = "procedure-not-for-this-case"
    message = N_("This procedure cannot be started on this case: its kind, your role or the law does not allow it.")


class ApprovalNeeded(Conflict):
    """What carries deadlines of the law is deployed as a release, with a second administrator."""

    code = "approval-needed"
    message = N_(
        "It carries deadlines of the law: ask for it as a release in the studio, for another administrator to approve."
    )
