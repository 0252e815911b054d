"""Decision models for tests, written as little XML as can be."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from engine import dmn

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
OURS = "https://hejie.example/test"


def xml(*parts: str, namespace: str = OURS, dialect: str = NAMESPACE) -> bytes:
    """A file with these elements."""
    head = f'<definitions xmlns="{dialect}" namespace="{namespace}" name="test" id="test">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{"".join(parts)}</definitions>'.encode()


def model(*parts: str, imports: Mapping[str, bytes] | None = None) -> dmn.Model:
    """A model with these elements."""
    return dmn.parse(xml(*parts), imports=imports)


def literal(source: str, type_: str | None = None) -> str:
    """A FEEL expression."""
    return f"<literalExpression{_type(type_)}><text>{escape(source)}</text></literalExpression>"


def decision(name: str, logic: str, *, needs: Sequence[str] = (), knows: Sequence[str] = (), type_: str = "") -> str:
    """A decision; what it needs by id: data with a leading !."""
    required = "".join(
        f'<informationRequirement><requiredInput href="{_href(one[1:])}"/></informationRequirement>'
        if one.startswith("!")
        else f'<informationRequirement><requiredDecision href="{_href(one)}"/></informationRequirement>'
        for one in needs
    )
    required += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{_href(one)}"/></knowledgeRequirement>' for one in knows
    )
    head = f'<variable name="{escape(name)}"{_type(type_ or None)}/>'
    return f'<decision id="{escape(name)}" name="{escape(name)}">{head}{required}{logic}</decision>'


def data(name: str, type_: str | None = None) -> str:
    """Input data."""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{_type(type_)}/></inputData>'


def knowledge(
    name: str, parameters: Mapping[str, str | None], logic: str, *, knows: Sequence[str] = (), type_: str | None = None
) -> str:
    """A business knowledge model."""
    formal = "".join(f'<formalParameter name="{key}"{_type(one)}/>' for key, one in parameters.items())
    required = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{_href(one)}"/></knowledgeRequirement>' for one in knows
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><variable name="{name}"{_type(type_)}/>'
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{required}</businessKnowledgeModel>"
    )


def service(name: str, outputs: Sequence[str], *, inputs: Sequence[str] = (), type_: str | None = None) -> str:
    """A decision service; its inputs by id: data with a leading !."""
    given = "".join(
        f'<inputData href="{_href(one[1:])}"/>' if one.startswith("!") else f'<inputDecision href="{_href(one)}"/>'
        for one in inputs
    )
    out = "".join(f'<outputDecision href="{_href(one)}"/>' for one in outputs)
    variable = f'<variable name="{name}"{_type(type_)}/>'
    return f'<decisionService id="{name}" name="{name}">{variable}{out}{given}</decisionService>'


def table(
    columns: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    outputs: Sequence[str] = ("",),
    policy: str = "UNIQUE",
    more: str = "",
    values: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> str:
    """A decision table; of each rule the input cells come first. `values`, `types` and `defaults` go by column."""
    values, types, defaults = values or {}, types or {}, defaults or {}
    parts = [f'<decisionTable id="t" hitPolicy="{policy}" {more}>']
    for one in columns:
        allowed = f"<inputValues><text>{escape(values[one])}</text></inputValues>" if one in values else ""
        expression = f"<inputExpression{_type(types.get(one))}><text>{escape(one)}</text></inputExpression>"
        parts.append(f"<input>{expression}{allowed}</input>")
    for one in outputs:
        allowed = f"<outputValues><text>{escape(values[one])}</text></outputValues>" if one in values else ""
        default = f"<text>{escape(defaults[one])}</text>" if one in defaults else ""
        default = default and f"<defaultOutputEntry>{default}</defaultOutputEntry>"
        name = f' name="{one}"' if one else ""
        parts.append(f"<output{name}{_type(types.get(one))}>{allowed}{default}</output>")
    for position, cells in enumerate(rules, start=1):
        entries = "".join(
            f"<{kind}><text>{escape(cell)}</text></{kind}>"
            for index, cell in enumerate(cells)
            for kind in ["inputEntry" if index < len(columns) else "outputEntry"]
        )
        parts.append(f'<rule id="r{position}">{entries}</rule>')
    return "".join([*parts, "</decisionTable>"])


def decided(logic: str, given: Mapping[str, Any] | None = None, *more: str, type_: str = "") -> dmn.DecisionResult:
    """What a decision of this logic gives."""
    needs = [f"!{key}" for key in given or {} if f'<inputData id="{key}"' in "".join(more)]
    return model(decision("d", logic, needs=needs, type_=type_), *more).decide("d", given or {})


def _type(type_: str | None) -> str:
    return f' typeRef="{escape(type_)}"' if type_ else ""


def _href(identity: str) -> str:
    return identity if "#" in identity else f"#{identity}"
