"""Rehearsals, and cases played again."""

from marshmallow import Schema, fields, validate

from api.rest.schemas.operation import NAME
from api.rest.schemas.shared import Told, said


class RehearsalBeginSchema(Schema):
    """What to rehearse."""

    process = fields.String(required=True, validate=NAME, metadata=said("Its key"))
    draft = fields.UUID(load_default=None, metadata=said("The draft to play instead of what is in force"))
    begins_at = fields.AwareDateTime(load_default=None, metadata=said("The time on the stage at the beginning; now"))


class RehearsalStepSchema(Schema):
    """One more step."""

    step = fields.Dict(keys=fields.String(), required=True, validate=validate.Length(1, 1))
    version = fields.Integer(load_default=None, metadata=said("The state that the step was chosen in"))


class KeepSchema(Schema):
    """How much to keep."""

    keep = fields.Integer(required=True, metadata=said("The number of steps that stay"))


class StageTaskSchema(Schema):
    """A task that waits on the stage."""

    element_id = fields.String(required=True)
    form = fields.String(required=True, allow_none=True)


class AwaitedSchema(Schema):
    """A message or signal that is waited for."""

    kind = fields.String(required=True)
    name = fields.String(required=True)


class StageIncidentSchema(Schema):
    """A step that did not work."""

    element_id = fields.String(required=True)
    code = fields.String(required=True)


class RunSchema(Schema):
    """An instance on the stage."""

    name = fields.String(required=True, metadata=said("What steps call it"))
    process = fields.String(required=True)
    status = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    places = fields.List(fields.String(), required=True, metadata=said("Where tokens are, by element id"))
    variables = fields.Dict(required=True)
    tasks = fields.List(fields.Nested(StageTaskSchema), required=True)
    waits_for = fields.List(fields.Nested(AwaitedSchema), required=True)
    incidents = fields.List(fields.Nested(StageIncidentSchema), required=True)


class StageFindingSchema(Schema):
    """Why a draft cannot be played."""

    file = fields.String(required=True, allow_none=True)
    element_id = fields.String(required=True, allow_none=True)
    rule = fields.String(required=True)
    message = fields.String(required=True)


class RehearsalSchema(Schema):
    """A rehearsal, and what stands on the stage after its steps."""

    id = fields.UUID(attribute="rehearsal.id", required=True)
    process = fields.String(attribute="rehearsal.process_key", required=True)
    draft = fields.UUID(attribute="rehearsal.draft_id", required=True, allow_none=True)
    version = fields.Integer(attribute="rehearsal.version", required=True)
    steps = fields.List(fields.Dict(), attribute="rehearsal.steps", required=True)
    now = fields.AwareDateTime(required=True, metadata=said("The clock on the stage"))
    next_due = fields.AwareDateTime(required=True, allow_none=True, metadata=said("When the next timer is due"))
    runs = fields.List(fields.Nested(RunSchema), required=True)
    flows = fields.List(fields.String(), required=True, metadata=said("Sequence flows that were taken"))
    stopped_at = fields.Integer(required=True, allow_none=True, metadata=said("The step that could not be done"))
    why = fields.String(required=True, allow_none=True)
    findings = fields.List(fields.Nested(StageFindingSchema), required=True)


class ReplayAskSchema(Schema):
    """Which ended cases to play again."""

    process = fields.String(required=True, validate=NAME)
    draft = fields.UUID(load_default=None)
    most = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class PartingSchema(Schema):
    """Where cases would part from the way they went."""

    after = fields.String(required=True, metadata=said("The last element in common"))
    was = fields.String(required=True, metadata=said("What came next"))
    now = fields.String(required=True, metadata=said("What would come next"))
    instances = fields.List(fields.UUID(), required=True)


class ReplaySchema(Schema):
    """What came of playing ended cases again."""

    id = fields.UUID(attribute="replay.id", required=True)
    process = fields.String(attribute="replay.process_key", required=True)
    draft = fields.UUID(attribute="replay.draft_id", required=True, allow_none=True)
    ended_at = fields.AwareDateTime(attribute="replay.ended_at", required=True, allow_none=True)
    total = fields.Integer(required=True)
    played = fields.Integer(required=True)
    same = fields.Integer(required=True)
    other = fields.List(fields.Nested(PartingSchema), required=True)
    cannot = fields.Dict(
        keys=fields.String(), values=fields.Integer(), required=True,
        metadata=said("How many cannot be played, by reason"),
    )  # fmt: skip


class WalkAskSchema(Schema):
    """Whose scenarios to play."""

    process = fields.String(required=True, validate=NAME)
    draft = fields.UUID(load_default=None)


class WalkedScenarioSchema(Schema):
    """One scenario."""

    file = fields.String(required=True)
    scenario = fields.String(required=True)
    passed = fields.Boolean(required=True)
    step = fields.Integer(required=True, allow_none=True, metadata=said("The step that did not do what it says"))
    problem = Told(required=True, allow_none=True, metadata=said("Why not, in your language"))


class WalkSchema(Schema):
    """What came of the scenarios so far."""

    id = fields.UUID(attribute="walk.id", required=True)
    process = fields.String(attribute="walk.process_key", required=True)
    draft = fields.UUID(attribute="walk.draft_id", required=True, allow_none=True)
    ended_at = fields.AwareDateTime(attribute="walk.ended_at", required=True, allow_none=True)
    scenarios = fields.List(fields.Nested(WalkedScenarioSchema), required=True)
    walked = fields.List(fields.String(), required=True, metadata=said("Sequence flows that a scenario walks"))
    missed = fields.List(fields.String(), required=True, metadata=said("Sequence flows that none walks"))
