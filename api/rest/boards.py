"""Boards for other systems."""

from typing import Any

from api.resource import Resource
from api.rest.refusals import Blueprint, refuses
from api.rest.schemas.boards import BoardQuerySchema, BoardSchema, DivisionQuerySchema, ProcessBoardSchema
from engine.cases.permissions import NotForYourRole
from engine.casework import process_board
from engine.ledger import board
from engine.ledger.queries import FilterInvalid
from engine.territory.queries import DivisionUnknown
from engine.workflow.errors import DefinitionUnknown

blueprint = Blueprint("Boards", __name__, description="What is open, late and at risk; for leaders and the centres.")


@blueprint.route("/board")
class Board(Resource):
    """The board of a division."""

    @refuses(NotForYourRole, DivisionUnknown, FilterInvalid)
    @blueprint.arguments(BoardQuerySchema, location="query")
    @blueprint.response(200, BoardSchema)
    def get(self, query: dict[str, Any]) -> board.Board:
        """What is open, late and at risk, by place and level, and what came and went."""
        return board.board(self.session, self.actor, query["division"], period=query["period"])


@blueprint.route("/board/processes/<key>")
class Process(Resource):
    """The board of a process."""

    @refuses(NotForYourRole, DivisionUnknown, DefinitionUnknown)
    @blueprint.arguments(DivisionQuerySchema, location="query")
    @blueprint.response(200, ProcessBoardSchema)
    def get(self, query: dict[str, Any], key: str) -> process_board.ProcessBoard:
        """How many wait at each step, and how long a step takes; no case is named."""
        return process_board.process_board(self.session, self.actor, key, query["division"])
