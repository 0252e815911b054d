"""Reading decision models (DMN 1.1 to 1.5): from XML to a model that can be asked, with what is wrong in one list."""

from collections.abc import Iterator, Mapping

from engine.dmn.boxed import BOXES, Book, boxed_in, logic
from engine.dmn.elements import Element, child, children, definitions, line, name, place, tag
from engine.dmn.findings import DmnError, Finding
from engine.dmn.functions import FUNCTIONS, function_parts
from engine.dmn.itemdefinitions import Types
from engine.dmn.model import Decision, InputData, Knowledge, Model, Part, Requirement, Service
from engine.dmn.run import nothing
from engine.dmn.tablereading import TABLES
from engine.dmn.types import ANY, FunctionType, Type, as_function, plain
from engine.sentences import S_, Sentence

Imports = Mapping[str, bytes]
"""The models that may be imported: their files, by namespace."""
MAX_IMPORTS = 20
REFERENCES = ("requiredDecision", "requiredInput", "requiredKnowledge")


def parse(xml: bytes, *, imports: Imports | None = None) -> Model:
    """Read a decision model. What cannot be carried out is in its findings; it then gives null. Raises DmnError."""
    return _Reader(xml, imports or {}, (), {}).model()


def namespace_of(xml: bytes) -> str:
    """The namespace under which others import a model. Raises DmnError."""
    return str(definitions(xml).get("namespace", ""))


def imported_by(xml: bytes) -> list[str]:
    """The namespaces of the decision models that a file imports. Raises DmnError."""
    return [one.get("namespace", "") for one in _imports(definitions(xml))]


class _Reader:
    """Reads one file; `above` are the namespaces of the models that import it, `read` those that were read before."""

    def __init__(self, xml: bytes, files: Imports, above: tuple[str, ...], read: dict[str, Model]) -> None:
        self.root = definitions(xml)
        self.namespace = str(self.root.get("namespace", ""))
        self.files = files
        self.read = read
        self.above = (*above, self.namespace)
        self.findings: list[Finding] = []
        self.imports: dict[str, Model] = {}
        self.origins: dict[str, str] = {}
        self.elements: dict[str, Element] = {}

    def model(self) -> Model:
        """The model of the file."""
        self._read_imports()
        types = Types(self.findings, imported={key: model.types for key, model in self.imports.items()})
        types.read(self.root)
        self.book = Book(types, self.findings, {**BOXES, **FUNCTIONS, **TABLES}, self._members(types))
        for element in children(self.root, *PARTS):
            identity = element.get("id") or name(element)
            if identity in self.elements:
                self._find(
                    element,
                    "defined-twice",
                    S_("There are two elements %(identity)s.", identity=identity),
                    S_("Give one another id."),
                )
            self.elements.setdefault(identity, element)
        parts = {identity: self._part(identity, element) for identity, element in self.elements.items()}
        self._find_unknown()
        return Model(
            self.root.get("id", ""),
            self.root.get("name", ""),
            self.namespace,
            parts,
            self.imports,
            types,
            tuple(self.book.tables),
            tuple(self.findings),
        )

    def _read_imports(self) -> None:
        for element in _imports(self.root):
            key, wanted = name(element) if element.get("name") else "", element.get("namespace", "")
            found = self.files.get(wanted)
            if wanted in self.above or len(self.above) > MAX_IMPORTS:
                self._find(
                    element,
                    "import-cycle",
                    S_("The models import each other: %(wanted)s.", wanted=wanted),
                    S_("Remove one import."),
                )
            elif found is None:
                hint = S_("Give its file as well, in the same folder or deployment.")
                self._find(element, "unknown-import", S_("The model %(wanted)s is not known.", wanted=wanted), hint)
            else:
                try:
                    if wanted not in self.read:
                        self.read[wanted] = _Reader(found, self.files, self.above, self.read).model()
                    self.imports[key] = self.read[wanted]
                    self.origins[wanted] = key
                except DmnError as error:
                    message = S_("The model %(wanted)s cannot be read: %(error)s", wanted=wanted, error=error)
                    self._find(element, "import-unreadable", message, S_("Correct it."))

    def _members(self, types: Types) -> frozenset[str]:
        """Names of more than one word of letters and digits that may follow a dot, or that whoever asks may give."""
        holders = ("contextEntry", "column", "output")
        names = {*types.names()}
        for element in self.root.iter():
            if tag(element) in holders:
                variable = child(element, "variable")
                names.add(name(element if variable is None else variable))
            elif tag(element) == "inputData":  # whoever asks may give it to all
                names.add(name(element))
        for key, model in self.imports.items():
            names |= {key, *model.types.names(), *(part.variable for part in model.parts.values())}
        return frozenset(one for one in names if one and not one.isidentifier())

    def _part(self, identity: str, element: Element) -> Part:
        variable = child(element, "variable")
        known = name(variable) if variable is not None and variable.get("name") else name(element)
        type_ = self.book.types.of(variable)
        match tag(element):
            case "inputData":
                return InputData(identity, name(element), known, type_, line(element))
            case "decision":
                return self._decision(identity, element, known, type_)
            case "businessKnowledgeModel":
                return self._knowledge(identity, element, known, type_)
        return self._service(identity, element, known, type_)

    def _decision(self, identity: str, element: Element, known: str, type_: Type) -> Decision:
        required = tuple(self._required(element))
        body = boxed_in(element)
        self.book.reads = set()
        made = logic(body, self._names(required), self.book, type_) if body is not None else None
        self._find_unread(element, self.book.reads if body is not None else None)
        return Decision(identity, name(element), known, type_, required, made, line(element))

    def _knowledge(self, identity: str, element: Element, known: str, type_: Type) -> Knowledge:
        required = tuple(self._required(element))
        function = child(element, "encapsulatedLogic")
        if function is None:
            self._find(
                element, "no-expression", S_("The knowledge model has no logic."), S_("Write it, or remove the model.")
            )
            return Knowledge(identity, name(element), known, (), (), ANY, ANY, required, nothing, line(element))
        declared = self.book.types.of(function)
        expected = declared if declared is not ANY else type_
        names = self._names(required) | {known}
        parameters, types, body = function_parts(function, names, self.book, expected)
        result = as_function(expected).result
        both = type_ if isinstance(plain(type_), FunctionType) else ANY
        return Knowledge(identity, name(element), known, parameters, types, result, both, required, body, line(element))

    def _service(self, identity: str, element: Element, known: str, type_: Type) -> Service:
        inputs = (*self._references(element, "inputData"), *self._references(element, "inputDecision"))
        outputs = tuple(self._references(element, "outputDecision"))
        if not outputs:
            self._find(element, "no-output", S_("The decision service has no output decision."), S_("Name one."))
        target = plain(type_)
        declared = target.parameters if isinstance(target, FunctionType) else {}
        return Service(
            identity, name(element), known, inputs, outputs, as_function(type_).result, declared, line(element)
        )

    def _required(self, element: Element) -> Iterator[Requirement]:
        for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
            yield from self._references(requirement, *REFERENCES)

    def _references(self, element: Element, *kinds: str) -> Iterator[Requirement]:
        for reference in children(element, *kinds):
            href = reference.get("href", "")
            namespace, _, identity = href.rpartition("#")
            if namespace in ("", self.namespace):
                if any(one.get("id") == identity for one in children(self.root, *PARTS)):
                    yield Requirement(None, identity)
                    continue
            elif (origin := self.origins.get(namespace)) is not None and identity in self.imports[origin].parts:
                yield Requirement(origin, identity)
                continue
            message = S_("There is no element %(href)s.", href=href)
            self._find(reference, "unknown-requirement", message, S_("Remove the requirement, or correct its href."))

    def _names(self, required: tuple[Requirement, ...]) -> frozenset[str]:
        """The names that a requirement brings into sight, those of a service's parameters among them."""
        found = set(self.imports) - {""}
        for one in required:
            found |= self._visible(one)
        return frozenset(found)

    def _visible(self, one: Requirement) -> set[str]:
        if one.origin is not None:
            return {self.imports[one.origin].parts[one.id].variable}
        element = self.elements.get(one.id)
        element = next(e for e in children(self.root, *PARTS) if e.get("id") == one.id) if element is None else element
        variable = child(element, "variable")
        found = {name(variable if variable is not None and variable.get("name") else element)}
        if tag(element) == "decisionService":
            for kind in ("inputData", "inputDecision"):
                for inner in self._references(element, kind):
                    prefix = f"{inner.origin}." if inner.origin else ""
                    found |= {prefix + visible for visible in self._visible(inner)}
        return found

    def _find_unread(self, element: Element, reads: set[str] | None) -> None:
        """Input data and decisions that a decision requires and does not read."""
        for requirement in children(element, "informationRequirement") if reads is not None else ():
            for one in self._references(requirement, "requiredDecision", "requiredInput"):
                names = {one.origin} if one.origin else self._visible(one)
                if reads is not None and not names & reads:
                    message = S_(
                        "%(element)s requires %(names)s and does not read it.",
                        element=name(element),
                        names=", ".join(names),
                    )
                    self._warn(requirement, "unused-requirement", message, S_("Remove the requirement, or use it."))

    def _find_unknown(self) -> None:
        """Names that expressions read and nothing gives; a caller may give them all the same."""
        components = {name(one) for one in self.root.iter() if tag(one) in ("itemComponent", "contextEntry", "column")}
        told = set()
        for element, unknown in self.book.unknown:
            if unknown not in components and (place(element), unknown) not in told:
                told.add((place(element), unknown))
                hint = S_("Add input data of this name and require it, or correct the name.")
                self._warn(
                    element, "unknown-name", S_("Nothing in the model gives %(unknown)s.", unknown=unknown), hint
                )

    def _warn(self, element: Element, rule: str, message: Sentence, hint: Sentence) -> None:
        self.findings.append(Finding("warning", rule, message, place(element), line(element), hint))

    def _find(self, element: Element, rule: str, message: Sentence, hint: Sentence) -> None:
        found = Finding("error", rule, message, place(element), line(element), hint)
        if found not in self.findings:  # a reference is looked up more than once
            self.findings.append(found)


PARTS = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


def _imports(root: Element) -> Iterator[Element]:
    return (one for one in children(root, "import") if "/DMN/" in one.get("importType", "/DMN/"))
