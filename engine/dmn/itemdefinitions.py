"""Item definitions (DMN 1.5 §7.3.3): from XML to types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine import feel
from engine.dmn.elements import Element, child, children, line, name, place, tag, text
from engine.dmn.expressions import expression, unary_tests
from engine.dmn.findings import Finding
from engine.dmn.types import (
    ANY,
    BUILT_IN,
    BuiltIn,
    Collection,
    Constrained,
    FunctionType,
    Named,
    Structure,
    Type,
    in_feel,
    plain,
    unconstrained,
)
from engine.sentences import S_, Sentence

DEPTH = 50
"""How deep definitions may nest; deeper ones are a mistake or an attack."""


@dataclass
class Types:
    """The types that a model defines and imports, by name."""

    findings: list[Finding]
    elements: dict[str, Element] = field(default_factory=dict)
    imported: Mapping[str, "Types"] = field(default_factory=dict)
    known: dict[str, Type] = field(default_factory=dict)
    for_feel: feel.Types | None = None
    """The same types as expressions may name them."""

    def read(self, root: Element) -> None:
        """Take in the item definitions of a model, and say which of them are wrong."""
        for element in children(root, "itemDefinition"):
            if name(element) in self.elements:
                self._finding(
                    element,
                    "defined-twice",
                    S_("The type %(element)s is defined twice.", element=name(element)),
                    S_("Remove one."),
                )
            self.elements.setdefault(name(element), element)
        for found, element in self.elements.items():
            if self._is_itself(element):
                message = S_("The type %(found)s is defined by itself.", found=found)
                self._finding(element, "type-cycle", message, S_("Name another type."))
                self.known[found] = ANY
        for found in self.elements:
            self.named(found)
        if self.elements or self.imported:
            self.for_feel = feel.Types(self._for_feel())

    def named(self, reference: str | None, user: Element | None = None) -> Type:
        """The type that a typeRef means: an item definition, FEEL's own, or one of an import. Any if unknown."""
        reference = " ".join((reference or "").split())
        found = self._found(reference)
        if found is None and ":" in reference:  # a prefix, as DMN 1.1 wrote it
            found = self._found(reference.partition(":")[2])
        if found is not None:
            return found
        if user is not None and reference not in ("", "Any", "<Undefined>"):
            message = S_("There is no type %(reference)s, so anything is allowed here.", reference=reference)
            hint = S_("Define it, or choose one of FEEL's types.")
            self.findings.append(Finding("warning", "unknown-type", message, place(user), line(user), hint))
        return ANY

    def of(self, element: Element | None) -> Type:
        """The type that an element's typeRef names."""
        if element is None:
            return ANY
        found = self.named(element.get("typeRef"), element)
        if element.get("isCollection") == "true" and tag(element) == "variable":  # as DMN 1.1 wrote it
            return Collection(found.name, found)
        return found

    def names(self) -> Iterator[str]:
        """The names of all components, which expressions may read after a dot."""
        for definition in self.elements.values():
            yield from (name(part) for part in definition.iter() if tag(part) == "itemComponent")

    def _for_feel(self) -> Iterator[tuple[str, feel.Type]]:
        for found in self.elements:
            yield found, in_feel(self.named(found))
        for key, types in self.imported.items():
            yield from ((f"{key}.{found}", type_) for found, type_ in (types.for_feel or {}).items())

    def _found(self, reference: str) -> Type | None:
        if reference in self.elements:
            return self._definition(reference)
        if reference in BUILT_IN:
            return BuiltIn(BUILT_IN[reference])
        prefix, dot, rest = reference.partition(".")
        if dot and prefix in self.imported:
            return self.imported[prefix]._found(rest)
        return self.imported[""]._found(reference) if "" in self.imported else None  # imported without a name

    def _definition(self, reference: str) -> Type:
        if reference not in self.known:
            self.known[reference] = Named(reference, lambda: self.known[reference])  # it may use itself
            self.known[reference] = self._read(self.elements[reference], 0)
        return self.known[reference]

    def _read(self, element: Element, depth: int) -> Type:
        if depth > DEPTH:
            self._finding(
                element, "type-too-deep", S_("The types are nested too deeply."), S_("Define parts of them by name.")
            )
            return ANY
        made = self._constrained(element, self._base(element, depth), "allowedValues")
        if element.get("isCollection") == "true":
            made = Collection(name(element), made)
        return self._constrained(element, made, "typeConstraint")

    def _base(self, element: Element, depth: int) -> Type:
        components = {name(one): self._read(one, depth + 1) for one in children(element, "itemComponent")}
        if components:
            return Structure(name(element), components)
        function = child(element, "functionItem")
        if function is not None:
            parameters = {name(one): self.of(one) for one in children(function, "parameters")}
            return FunctionType(name(element), parameters, self.named(function.get("outputTypeRef"), function))
        reference = child(element, "typeRef")
        return self.named((reference.text or "") if reference is not None else "", element)

    def _is_itself(self, element: Element) -> bool:
        """Whether a definition says no more than to be another one, which says no more than to be this one."""
        seen, following = set(), name(element)
        while following in self.elements and following not in seen:
            seen.add(following)
            current = self.elements[following]
            reference = child(current, "typeRef")
            if reference is None or current.get("isCollection") == "true":
                return False
            following = " ".join((reference.text or "").split())
        return following == name(element)

    def _constrained(self, element: Element, base: Type, constraint: str) -> Type:
        allowed = child(element, constraint)
        written = text(allowed)
        if allowed is None or not written:
            return base
        test = unary_tests(allowed, written, frozenset(self.names()), None, self.findings)  # it may read its siblings
        if test is None:
            return base
        found = plain(base)
        if constraint == "allowedValues" and isinstance(found, Collection):  # it is about the items (§7.3.3)
            of_items = Constrained(name(element), unconstrained(found.item), test, self.listed(allowed, written))
            return Collection(name(element), of_items)
        known = base if isinstance(base, Named) else unconstrained(base)
        return Constrained(name(element), known, test, self.listed(allowed, written))

    def listed(self, element: Element, written: str) -> tuple[object, ...]:
        """The values that unary tests list one by one, in their order; none where they do not."""
        found = expression(element, f"[{written}]", frozenset(), None, [])
        values = found.evaluate({}) if found is not None and not found.names else None
        if not isinstance(values, list) or any(isinstance(one, feel.Range) for one in values):
            return ()
        return tuple(values)

    def _finding(self, at: Element, rule: str, message: Sentence, hint: Sentence) -> None:
        self.findings.append(Finding("error", rule, message, place(at), line(at), hint))
