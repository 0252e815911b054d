"""Random processes that are sound by how they are built: blocks within blocks, each with one way in and one way out."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.engine.workflow.diagrams import diagram, flow, signal, timer, user_task

Block = tuple[str, list["Block"]]
SIGNALS = '<bpmn:signal id="s1" name="alarm"/><bpmn:signal id="s2" name="flood"/>'
KINDS = (
    "sequence",
    "exclusive",
    "parallel",
    "inclusive",
    "inclusive",
    "loop",
    "sub",
    "choice",
    "wait",
    "each",
    "repeat",
    "guarded",
    "guarded",
)
LEAVES = ("user", "user", "script", "none")


def _around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    return st.tuples(st.sampled_from(KINDS), st.lists(inner, min_size=2, max_size=3))


_leaf: st.SearchStrategy[Block] = st.sampled_from(LEAVES).map(lambda kind: (kind, []))
blocks = _around(st.one_of(_around(_leaf), _around(st.one_of(_leaf, _around(_leaf))), _leaf))


@dataclass
class Drawing:
    """A process being drawn; ids are numbered."""

    parts: list[str] = field(default_factory=list)
    count: int = 0

    def new(self, kind: str, attributes: str = "", inside: str = "") -> str:
        self.count += 1
        name = f"{kind}{self.count}"
        self.parts.append(f'<bpmn:{kind} id="{name}" {attributes}>{inside}</bpmn:{kind}>')
        return name

    def draw(self, block: Block) -> tuple[str, str]:
        """Draw a block. Returns the elements that it begins and ends with."""
        kind, inner = block
        draw = getattr(self, f"_{kind}")
        ends: tuple[str, str] = draw(inner)
        return ends

    def connect(self, source: str, target: str, condition: str | None = None) -> None:
        self.parts.append(flow(source, target, condition))

    def _user(self, inner: list[Block]) -> tuple[str, str]:
        self.count += 1
        name = f"user{self.count}"
        self.parts.append(user_task(name))
        return name, name

    def _script(self, inner: list[Block]) -> tuple[str, str]:
        name = self.new("scriptTask", inside="<bpmn:script>1</bpmn:script>")
        return name, name

    def _none(self, inner: list[Block]) -> tuple[str, str]:
        name = self.new("task")
        return name, name

    def _sequence(self, inner: list[Block]) -> tuple[str, str]:
        ends = [self.draw(block) for block in inner]
        for (_, last), (first, _) in pairwise(ends):
            self.connect(last, first)
        return ends[0][0], ends[-1][1]

    def _branches(self, inner: list[Block], kind: str) -> tuple[str, str]:
        conditional = kind != "parallelGateway"
        self.count += 1
        fork = f"fork{self.count}"
        join = self.new(kind)
        default = ""
        for number, block in enumerate(inner):
            first, last = self.draw(block)
            if conditional and number == 0:
                default = f'default="{fork}_{first}"'
            self.connect(fork, first, f"v{number}" if conditional and number else None)
            self.connect(last, join)
        self.parts.append(f'<bpmn:{kind} id="{fork}" {default}/>')
        return fork, join

    def _exclusive(self, inner: list[Block]) -> tuple[str, str]:
        return self._branches(inner, "exclusiveGateway")

    def _parallel(self, inner: list[Block]) -> tuple[str, str]:
        return self._branches(inner, "parallelGateway")

    def _inclusive(self, inner: list[Block]) -> tuple[str, str]:
        return self._branches([*inner, ("user", [])][:3], "inclusiveGateway")  # of three ways two may be taken

    def _loop(self, inner: list[Block]) -> tuple[str, str]:
        enter, (first, last) = self.new("exclusiveGateway"), self._sequence(inner)
        # Somebody must act in each round, so that nothing goes round by itself.
        (asked, _), after = self._user([]), self.new("task")
        self.count += 1
        again = f"again{self.count}"
        self.parts.append(f'<bpmn:exclusiveGateway id="{again}" default="{again}_{after}"/>')
        for source, target in ((enter, first), (last, asked), (asked, again), (again, after)):
            self.connect(source, target)
        self.connect(again, enter, "again")
        return enter, after

    def _within(self, inner: list[Block], attributes: str = "", more: str = "") -> str:
        outer, self.parts = self.parts, []
        first, last = self._sequence(inner)
        begin, end = self.new("startEvent"), self.new("endEvent")
        self.connect(begin, first)
        self.connect(last, end)
        body, self.parts = "".join(self.parts), outer
        return self.new("subProcess", attributes, more + body)

    def _sub(self, inner: list[Block]) -> tuple[str, str]:
        name = self._within(inner)
        return name, name

    def _guarded(self, inner: list[Block]) -> tuple[str, str]:
        """A sub-process that a signal ends, beside which a time reminds; both ways meet."""
        host, join = self._within(inner[:-1]), self.new("exclusiveGateway")
        ends = self.new("boundaryEvent", f'attachedToRef="{host}"', signal("s1"))
        reminds = self.new("boundaryEvent", f'attachedToRef="{host}" cancelActivity="false"', timer("P1D"))
        first, last = self.draw(inner[-1])
        told = self.new("task")
        for source, target in ((host, join), (ends, first), (last, join), (reminds, told)):
            self.connect(source, target)
        return host, join

    def _choice(self, inner: list[Block]) -> tuple[str, str]:
        fork, join = self.new("eventBasedGateway"), self.new("exclusiveGateway")
        for number, block in enumerate(inner[:2]):
            event = self.new("intermediateCatchEvent", inside=timer("P2D") if number else signal("s2"))
            first, last = self.draw(block)
            for source, target in ((fork, event), (event, first), (last, join)):
                self.connect(source, target)
        return fork, join

    def _wait(self, inner: list[Block]) -> tuple[str, str]:
        first, last = self._sequence(inner)
        event = self.new("intermediateCatchEvent", inside=signal("s2"))
        self.connect(last, event)
        return first, event

    def _each(self, inner: list[Block]) -> tuple[str, str]:
        loop = (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>2</bpmn:loopCardinality>"
            "<bpmn:completionCondition>v2</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
        )
        name = self._within(inner, more=loop)
        return name, name

    def _repeat(self, inner: list[Block]) -> tuple[str, str]:
        loop = (
            '<bpmn:multiInstanceLoopCharacteristics isSequential="true"><bpmn:loopCardinality>2</bpmn:loopCardinality>'
            "<bpmn:completionCondition>v1</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
        )
        name = self._within(inner, more=loop)
        return name, name


def process_of(block: Block) -> bytes:
    """The diagram of a block between a start and an end event."""
    drawing = Drawing()
    first, last = drawing.draw(block)
    start, end = drawing.new("startEvent"), drawing.new("endEvent")
    drawing.connect(start, first)
    drawing.connect(last, end)
    return diagram("".join(drawing.parts), roots=SIGNALS)
