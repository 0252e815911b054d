"""A BPMN file as it is read: its tree, its named root elements, and what is to be said of it."""

from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

from engine import feel
from engine.feel import Expression, FeelSyntaxError
from engine.sentences import S_, Sentence, where
from engine.workflow.bpmn.findings import Finding
from engine.workflow.bpmn.model import Value

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_BYTES = 5_000_000


@dataclass
class Document:
    """A file being read."""

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, rule: str, message: Sentence, element: etree._Element | None, hint: Sentence) -> None:
        """Add an error."""
        self._find("error", rule, message, element, hint)

    def warn(self, rule: str, message: Sentence, element: etree._Element | None, hint: Sentence) -> None:
        """Add a warning."""
        self._find("warning", rule, message, element, hint)

    def _find(
        self,
        severity: Literal["error", "warning"],
        rule: str,
        message: Sentence,
        element: etree._Element | None,
        hint: Sentence,
    ) -> None:
        identity = element.get("id") if element is not None else None

        self.findings.append(Finding(severity, rule, message, identity, line_of(element), hint))

    def expression(self, element: etree._Element, text: str) -> Expression | None:
        """FEEL, with or without its leading =."""
        try:
            return feel.compile_expression(text.strip().removeprefix("=").strip())
        except FeelSyntaxError as error:
            self.refuse(
                "expression",
                S_("“%(text)s” is not FEEL: %(problem)s.", text=text.strip(), problem=error),
                element,
                S_("Correct the expression."),
            )
            return None

    def value(self, element: etree._Element, text: str | None) -> Value:
        """FEEL where the text begins with =, else the text itself."""
        if text is None or not text.strip():
            return None
        return self.expression(element, text) if text.strip().startswith("=") else text.strip()

    def inner(self, element: etree._Element, parent: etree._Element, name: str) -> Expression | None:
        """The expression in a child of `parent`; None where there is none."""
        found = child(parent, name)
        text = (found.text or "").strip() if found is not None else ""
        if found is None or not text:
            return None
        language = (found.get("language") or "feel").lower()
        if "feel" not in language:
            hint = S_("Write it in FEEL and remove the language.")
            self.refuse(
                "expression-language",
                S_("Expressions in %(language)s are not run.", language=found.get("language")),
                element,
                hint,
            )
            return None
        return self.expression(element, text)

    def referred(self, reference: str | None, kind: str) -> etree._Element | None:
        """The root element that a (perhaps prefixed) reference names."""
        name = plain(reference)
        return next((one for one in self.root.iterchildren(f"{{{BPMN}}}{kind}") if one.get("id") == name), None)


def open_document(xml: bytes) -> tuple[Document | None, list[Finding]]:
    """The document of a file; None and why, where it is no BPMN file or a dangerous one."""

    def refused(rule: str, message: Sentence, line: int | None, hint: Sentence) -> tuple[None, list[Finding]]:
        return None, [Finding("error", rule, message, None, line, hint)]

    if len(xml) > MAX_BYTES:
        return refused("too-large", S_("The file is larger than 5 MB."), None, S_("Split the diagram."))
    upper = xml[:2000].upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in xml.upper():
        line = xml[: max(xml.upper().find(b"<!"), 0)].count(b"\n") + 1
        return refused(
            "dtd", S_("A document type (DTD) or entity is not allowed."), line, S_("Remove the <!DOCTYPE …> part.")
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        return refused(
            "xml",
            S_("This is not well-formed XML: %(msg)s.", msg=where(error)),
            error.lineno,
            S_("Save the diagram again."),
        )
    if root.tag != f"{{{BPMN}}}definitions":
        name = etree.QName(root)
        text = S_(
            "The root element is %(name)s of %(namespace)s, not BPMN 2.0.",
            name=name.localname,
            namespace=name.namespace or "—",
        )
        return refused(
            "namespace", text, line_of(root), S_("A BPMN file begins with definitions in %(bpmn)s.", bpmn=BPMN)
        )
    return Document(root), []


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first BPMN child of a name."""
    return element.find(f"{{{BPMN}}}{name}")


def line_of(element: etree._Element | None) -> int | None:
    """The line of the file that an element begins at."""
    line = element.sourceline if element is not None else None
    return line if isinstance(line, int) else None


def flag(element: etree._Element, name: str, *, default: bool = False) -> bool:
    """An attribute of type xsd:boolean, which may be written as true, false, 1 or 0."""
    text = element.get(name)
    return default if text is None else text.strip() in ("true", "1")


def local(element: etree._Element) -> str:
    """An element's name without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def plain(reference: str | None) -> str:
    """A reference without its namespace prefix."""
    return (reference or "").strip().rpartition(":")[2]
