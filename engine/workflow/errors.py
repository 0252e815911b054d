"""What can be refused in the workflow engine."""

from collections.abc import Sequence

from engine.errors import N_, Conflict, Invalid, NotFound
from engine.sentences import S_, Series
from engine.workflow.bpmn import Finding


class DeploymentRefused(Invalid):
    """A file would not run as it says; `findings` tell where and what to do."""

    code = "deployment-refused"
    message = N_("Nothing was deployed: some of the files would not run as they are drawn.")

    def __init__(self, findings: Sequence[Finding]) -> None:
        told = (
            S_(
                "%(file)s %(place)s: %(message)s",
                file=one.file,
                place=one.element_id or one.line or "",
                message=one.message,
            )
            for one in findings[:5]
        )
        super().__init__(Series(told, S_("; ")), findings=[vars(finding) for finding in findings])
        self.findings = tuple(findings)


class DefinitionUnknown(NotFound):
    """No process, decision or form of that key is deployed."""

    code = "definition-unknown"
    message = N_("No process, decision table or form of this name is deployed.")


class TableUnknown(NotFound):
    """The decision has no table, or the table has no such rule."""

    code = "table-unknown"
    message = N_("There is no decision table of this name.")


class DecisionImpossible(Invalid):
    """A decision has no value: rules contradict each other, or a value is not of its type."""

    code = "decision-impossible"
    message = N_("The table gives no decision here: its rules contradict each other, or a value is not of its type.")


class InstanceUnknown(NotFound):
    """No instance has that id."""

    code = "instance-unknown"
    message = N_("This process instance does not exist.")


class InstanceNotActive(Conflict):
    """The instance has ended or is suspended."""

    code = "instance-not-active"
    message = N_("This process has ended or is suspended; nothing can be done in it now.")


class InstanceNotSuspended(InstanceNotActive):
    """The instance does not rest."""

    message = N_("This process is not suspended, so there is nothing to resume.")


class TokenUnknown(NotFound):
    """No token of the instance has that id."""

    code = "token-unknown"
    message = N_("There is no such token in this process now: it has moved on.")


class TaskUnknown(NotFound):
    """No task has that id."""

    code = "task-unknown"
    message = N_("This task does not exist.")


class TaskNotOpen(Conflict):
    """The task was completed or cancelled by somebody else; the facts say by whom and when."""

    code = "task-not-open"
    message = N_("This task is no longer open: it was done or became unnecessary in the meantime.")


class TaskAlreadyAssigned(Conflict):
    """Somebody else has taken the task."""

    code = "task-already-assigned"
    message = N_("Somebody else has taken this task.")


class TaskDelegated(Conflict):
    """Somebody works on the task for its owner and must give it back first."""

    code = "task-delegated"
    message = N_("Somebody is working on this for its owner, and must give it back first.")


class TaskNotDelegated(Conflict):
    """The task was not delegated to this person."""

    code = "task-not-delegated"
    message = N_("This was not delegated to you, so there is nothing to give back.")


class SignaturesMissing(Conflict):
    """People who were asked to agree have not yet, or have declined."""

    code = "signatures-missing"
    message = N_("People who were asked to agree have not done so yet. Take them off the list, or wait.")


class NobodyWaits(Conflict):
    """No instance waits for this message, and no process starts by it."""

    code = "nobody-waits"
    message = N_("Nobody waits for this message.")


class TimerOfLaw(Conflict):
    """The timer stands for a deadline of the law: it moves with the deadline, and with nothing else."""

    code = "timer-of-law"
    message = N_("This timer is a deadline of the law (%(deadline)s). It moves only with the deadline itself.")
