"""Reading DMN files: namespaces of DMN 1.2 to 1.5, no entities, no DTD."""

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from engine import feel
from engine.dmn.model import Decision, DmnError, Logic, Model, Output, Rule, Table
from engine.feel import Expression, FeelSyntaxError, Function

VERSIONS = ("20180521", "20191111", "20211108", "20230324")
MAX_BYTES = 5_000_000


def parse(xml: bytes) -> Model:
    """Read a decision model. Raises DmnError."""
    root = _root(xml)
    tables: dict[str, Table] = {}
    decisions = {}
    for element in _children(root, "decision"):
        decision = _decision(element, tables)
        decisions[decision.id] = decision
    knowledge = {_name(one): _function(one, tables) for one in _children(root, "businessKnowledgeModel")}
    return Model(root.get("id", ""), root.get("name", ""), decisions, knowledge, tables)


def _root(xml: bytes) -> etree._Element:
    if len(xml) > MAX_BYTES:
        raise DmnError("the file is too large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DmnError(f"this is not XML: {error.msg}", line=error.lineno) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]  # the stubs do not know it
        raise DmnError("a document type (DTD) is not allowed", line=1)
    name = etree.QName(root)
    if name.localname != "definitions" or not any(version in (name.namespace or "") for version in VERSIONS):
        raise DmnError(f"this is not DMN 1.2 to 1.5 but {name.namespace or 'XML without a namespace'}", line=1)
    return root


def _line(element: etree._Element) -> int | None:
    line: Any = element.sourceline
    return int(line) if line else None


def _decision(element: etree._Element, tables: dict[str, Table]) -> Decision:
    variable = _child(element, "variable")
    required = [
        reference.get("href", "").rpartition("#")[2]
        for kind in ("informationRequirement", "knowledgeRequirement")
        for requirement in _children(element, kind)
        for reference in requirement
        if etree.QName(reference).localname in ("requiredDecision", "requiredKnowledge")
    ]
    names = [_referred_name(element, one) for one in required]
    logic = next((one for one in element if etree.QName(one).localname in LOGIC), None)
    if logic is None:
        raise DmnError("the decision has no logic", element_id=element.get("id"), line=_line(element))
    name = variable.get("name") if variable is not None else None
    return Decision(
        element.get("id", _name(element)), _name(element), name or _name(element), tuple(names), _logic(logic, tables)
    )


def _referred_name(element: etree._Element, reference: str) -> str:
    """Knowledge models are known by name, decisions by id."""
    for knowledge in element.getroottree().getroot().iterchildren("{*}businessKnowledgeModel"):
        if knowledge.get("id") == reference:
            return _name(knowledge)
    return reference


def _logic(element: etree._Element, tables: dict[str, Table]) -> Logic:
    return LOGIC[etree.QName(element).localname](element, tables)


def _literal(element: etree._Element, tables: dict[str, Table]) -> Logic:
    expression = _feel(element)
    if expression is None:
        return lambda run: None
    return lambda run: expression.evaluate(run.names, runtime=run.runtime)


def _table(element: etree._Element, tables: dict[str, Table]) -> Logic:
    table = read_table(element)
    tables[table.id] = table

    def decide(run: Any) -> Any:
        return table.decide(run.names, run.runtime, run.fired.setdefault(table.id, []))

    return decide


def read_table(element: etree._Element) -> Table:
    """A decision table from its element."""
    inputs = [_input(one) for one in _children(element, "input")]
    outputs = [_output(one) for one in _children(element, "output")]
    rules = []
    for position, rule in enumerate(_children(element, "rule"), start=1):
        tests = tuple(_test(one) for one in _children(rule, "inputEntry"))
        results = tuple(_feel(one) for one in _children(rule, "outputEntry"))
        if len(tests) != len(inputs) or len(results) != len(outputs):
            raise DmnError("a rule has not one cell for each column", element_id=rule.get("id"), line=_line(rule))
        rules.append(Rule(rule.get("id", str(position)), tests, results))
    owner = element.getparent()
    identity = element.get("id") or (owner.get("id") if owner is not None else None) or ""
    policy = element.get("hitPolicy", "UNIQUE")
    return Table(identity, policy, element.get("aggregation"), tuple(inputs), tuple(outputs), tuple(rules))


def _input(element: etree._Element) -> Expression:
    expression = _child(element, "inputExpression")
    found = _feel(expression) if expression is not None else None
    if found is None:
        raise DmnError("an input column has no expression", element_id=element.get("id"), line=_line(element))
    return found


def _output(element: etree._Element) -> Output:
    allowed, default = _child(element, "outputValues"), _child(element, "defaultOutputEntry")
    text = _text(allowed) if allowed is not None else ""
    listed = feel.evaluate(f"[{text}]", {}) if text.strip() else []
    return Output(element.get("name") or "", tuple(listed), _feel(default) if default is not None else None)


def _test(element: etree._Element) -> Expression | None:
    text = _text(element).strip()
    return None if text in ("", "-") else _compiled(element, text, feel.compile_unary_tests)


def _feel(element: etree._Element) -> Expression | None:
    text = _text(element).strip()
    return _compiled(element, text, feel.compile_expression) if text else None


def _compiled(element: etree._Element, text: str, compiler: Callable[[str], Expression]) -> Expression:
    try:
        return compiler(text)
    except FeelSyntaxError as error:
        place = element.get("id") or element.getparent().get("id")  # type: ignore[union-attr]
        raise DmnError(f"“{text}”: {error}", element_id=place, line=_line(element)) from None


def _context(element: etree._Element, tables: dict[str, Table]) -> Logic:
    entries: list[tuple[str | None, Logic]] = []
    for entry in _children(element, "contextEntry"):
        variable = _child(entry, "variable")
        logic = next(one for one in entry if etree.QName(one).localname in LOGIC)
        entries.append((variable.get("name") if variable is not None else None, _logic(logic, tables)))

    def build(run: Any) -> Any:
        outer, made = dict(run.names), {}
        try:
            for name, logic in entries:
                value = logic(run)
                if name is None:
                    return value
                made[name] = run.names[name] = value
            return made
        finally:
            run.names.clear()
            run.names.update(outer)

    return build


def _list(element: etree._Element, tables: dict[str, Table]) -> Logic:
    items = [_logic(one, tables) for one in element if etree.QName(one).localname in LOGIC]
    return lambda run: [item(run) for item in items]


def _invocation(element: etree._Element, tables: dict[str, Table]) -> Logic:
    called = next(one for one in element if etree.QName(one).localname == "literalExpression")
    function = _literal(called, tables)
    bindings: dict[str, Logic] = {}
    for binding in _children(element, "binding"):
        parameter = _child(binding, "parameter")
        logic = next(one for one in binding if etree.QName(one).localname in LOGIC)
        bindings[parameter.get("name", "") if parameter is not None else ""] = _logic(logic, tables)

    def invoke(run: Any) -> Any:
        found = function(run)
        if not isinstance(found, Function):
            return None
        given = {name: logic(run) for name, logic in bindings.items()}
        return found.call(*(given.get(name) for name in found.parameters))

    return invoke


def _function(element: etree._Element, tables: dict[str, Table]) -> Logic:
    definition = _child(element, "encapsulatedLogic")
    if definition is None:
        raise DmnError("the knowledge model has no logic", element_id=element.get("id"), line=_line(element))
    parameters = tuple(one.get("name", "") for one in _children(definition, "formalParameter"))
    body = _logic(next(one for one in definition if etree.QName(one).localname in LOGIC), tables)

    def make(run: Any) -> Function:
        def called(*given: Any) -> Any:
            outer = dict(run.names)
            run.names.update(zip(parameters, given, strict=False))
            try:
                return body(run)
            finally:
                run.names.clear()
                run.names.update(outer)

        return Function(called, parameters)

    return make


LOGIC: Mapping[str, Callable[[etree._Element, dict[str, Table]], Logic]] = {
    "literalExpression": _literal,
    "decisionTable": _table,
    "context": _context,
    "list": _list,
    "invocation": _invocation,
}


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [one for one in element if isinstance(one.tag, str) and etree.QName(one).localname == name]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next(iter(_children(element, name)), None)


def _name(element: etree._Element) -> str:
    return element.get("name") or element.get("id") or ""


def _text(element: etree._Element) -> str:
    text = _child(element, "text")
    return (text.text or "") if text is not None else ""
