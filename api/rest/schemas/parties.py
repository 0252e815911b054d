"""The people of a case; identity numbers are masked."""

from marshmallow import Schema, fields

from api.rest.schemas.shared import said


class PartySchema(Schema):
    """A person or organisation in a case."""

    id = fields.UUID(required=True)
    role = fields.String(required=True, metadata=said("applicant, respondent, third, reporter, guardian or agent"))
    kind = fields.String(required=True, metadata=said("person or organisation"))
    name = fields.String(required=True)
    phone = fields.String(required=True)
    sex = fields.String(allow_none=True)
    birth_date = fields.Date(allow_none=True)
    occupation = fields.String(allow_none=True)
    address = fields.String(allow_none=True)
    acts_for = fields.UUID(allow_none=True, metadata=said("For whom a guardian or agent stands"))
    powers = fields.String(allow_none=True)
    representative = fields.Boolean(required=True, metadata=said("Speaks for a group; five at most a side"))


class PeopleSchema(Schema):
    """Everybody in a case."""

    items = fields.List(fields.Nested(PartySchema), attribute="parties", required=True)
    numbers = fields.Dict(keys=fields.UUID(), values=fields.String(), required=True, metadata=said("Masked, by party"))
    without_guardian = fields.Pluck(PartySchema, "id", many=True, required=True, metadata=said("Minors without one"))


class ConsentSchema(Schema):
    """What somebody agreed to, and whether they took it back."""

    given_for = fields.String(required=True, metadata=said("mediation, sensitive, minor or publication"))
    how = fields.String(required=True, metadata=said("written or told"))
    at = fields.AwareDateTime(required=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class ConsentListSchema(Schema):
    """All that somebody agreed to, the oldest first."""

    items = fields.List(fields.Nested(ConsentSchema), required=True)


class ReasonSchema(Schema):
    """Why a whole number is needed."""

    reason = fields.String(
        required=True, metadata=said("confirmation, service, same_person or correction; it is recorded")
    )


class NumberSchema(Schema):
    """A whole identity number."""

    number = fields.String(required=True)


class WishSchema(Schema):
    """Why a case should be unsealed."""

    reason = fields.String(required=True, metadata=said("The second person decides by it"))


class OwnDataSchema(Schema):
    """What is on file about one person, and nothing about anybody else."""

    made_at = fields.String(required=True)
    person = fields.Dict(required=True)
    consents = fields.List(fields.Dict(), required=True)
    cases = fields.List(fields.Dict(), required=True)
    documents = fields.List(fields.String(), required=True)


class HoldSchema(Schema):
    """A hold on a file."""

    reason = fields.String(required=True, metadata=said("Who asked for it, and with which letter"))
    at = fields.DateTime(dump_only=True)
    ended_at = fields.DateTime(dump_only=True)
