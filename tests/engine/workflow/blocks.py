"""Random processes that are sound by how they are built: blocks within blocks, each with one way in and one way out."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.engine.workflow.diagrams import diagram, flow, signal, timer, user_task

Block = tuple[str, list["Block"]]
ROOTS = (
    '<bpmn:signal id="s1" name="alarm"/><bpmn:signal id="s2" name="flood"/>'
    '<bpmn:error id="er" errorCode="E1"/><bpmn:escalation id="es" escalationCode="X1"/>'
)
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

ESCALATION = '<bpmn:escalationEventDefinition escalationRef="es"/>'


def _blocks(kinds: tuple[str, ...], leaves: tuple[str, ...]) -> st.SearchStrategy[Block]:
    leaf: st.SearchStrategy[Block] = st.sampled_from(leaves).map(lambda kind: (kind, []))

    def around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        return st.tuples(st.sampled_from(kinds), st.lists(inner, min_size=2, max_size=3))

    return around(st.one_of(around(leaf), around(st.one_of(leaf, around(leaf))), leaf))


blocks = _blocks(KINDS, LEAVES)
throwing_blocks = _blocks((*KINDS, "caught", "caught", "heard", "sub", "each"), (*LEAVES, "fails", "tells"))
"""Blocks in which errors and escalations are thrown as well; nobody may catch an error."""


@dataclass
class Drawing:
    """A process being drawn; ids are numbered. Sub-processes may be drawn as calls of processes of their own."""

    parts: list[str] = field(default_factory=list)
    count: int = 0
    calls: bool = False
    called: list[str] = field(default_factory=list)

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

    def _within(self, inner: list[Block], loop: str = "") -> str:
        outer, self.parts = self.parts, []
        first, last = self._sequence(inner)
        begin, end = self.new("startEvent"), self.new("endEvent")
        self.connect(begin, first)
        self.connect(last, end)
        body, self.parts = "".join(self.parts), outer
        if not self.calls:
            return self.new("subProcess", inside=loop + body)
        key = f"called{self.count}"
        self.called.append(f'<bpmn:process id="{key}" isExecutable="true">{body}</bpmn:process>')
        called = f'<bpmn:extensionElements><zeebe:calledElement processId="{key}"/></bpmn:extensionElements>'
        name = self.new("callActivity", inside=called + loop)
        self.parts[-1] = self.parts[-1].replace(name, f"subProcess{self.count}")
        return f"subProcess{self.count}"

    def _sub(self, inner: list[Block]) -> tuple[str, str]:
        name = self._within(inner)
        return name, name

    def _guarded(self, inner: list[Block]) -> tuple[str, str]:
        """A sub-process that a signal ends, beside which a time reminds; both ways meet."""
        host, join = self._ended(inner, signal("s1"))
        self._beside(host, timer("P1D"))
        return host, join

    def _caught(self, inner: list[Block]) -> tuple[str, str]:
        """A sub-process that an error ends."""
        return self._ended(inner, '<bpmn:errorEventDefinition errorRef="er"/>')

    def _heard(self, inner: list[Block]) -> tuple[str, str]:
        """A sub-process whose escalations somebody hears while it goes on."""
        host = self._within(inner)
        self._beside(host, ESCALATION)
        return host, host

    def _ended(self, inner: list[Block], event: str) -> tuple[str, str]:
        host, join = self._within(inner[:-1]), self.new("exclusiveGateway")
        ends = self.new("boundaryEvent", f'attachedToRef="{host}"', event)
        first, last = self.draw(inner[-1])
        for source, target in ((host, join), (ends, first), (last, join)):
            self.connect(source, target)
        return host, join

    def _beside(self, host: str, event: str) -> None:
        told, (asked, _) = (
            self.new("boundaryEvent", f'attachedToRef="{host}" cancelActivity="false"', event),
            self._user([]),
        )
        self.connect(told, asked)

    def _fails(self, inner: list[Block]) -> tuple[str, str]:
        """An error, where v1 holds."""
        after, fails = self.new("task"), self.new("endEvent", inside='<bpmn:errorEventDefinition errorRef="er"/>')
        self.count += 1
        name = f"if{self.count}"
        self.parts.append(f'<bpmn:exclusiveGateway id="{name}" default="{name}_{after}"/>')
        self.connect(name, fails, "v1")
        self.connect(name, after)
        return name, after

    def _tells(self, inner: list[Block]) -> tuple[str, str]:
        name = self.new("intermediateThrowEvent", inside=ESCALATION)
        return name, name

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
        name = self._within(inner, self._rounds("false", "v2"))
        return name, name

    def _repeat(self, inner: list[Block]) -> tuple[str, str]:
        name = self._within(inner, self._rounds("true", "v1"))
        return name, name

    def _rounds(self, sequential: str, until: str) -> str:
        self.count += 1
        return (
            f'<bpmn:multiInstanceLoopCharacteristics isSequential="{sequential}"><bpmn:extensionElements>'
            '<zeebe:loopCharacteristics inputCollection="=[10, 20]" inputElement="item"'
            f' outputCollection="made{self.count}" outputElement="=loopCounter * item"/></bpmn:extensionElements>'
            f"<bpmn:completionCondition>{until}</bpmn:completionCondition></bpmn:multiInstanceLoopCharacteristics>"
        )


def process_of(block: Block, *, calls: bool = False) -> bytes:
    """The diagram of a block between a start and an end event; with `calls`, of what it calls as well."""
    drawing = Drawing(calls=calls)
    first, last = drawing.draw(block)
    start, end = drawing.new("startEvent"), drawing.new("endEvent")
    drawing.connect(start, first)
    drawing.connect(last, end)
    return diagram("".join(drawing.parts), roots=ROOTS + "".join(drawing.called))
