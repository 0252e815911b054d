"""The XML of a decision model, read safely: no document type, no entities, nothing fetched, no giant trees."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from engine.dmn.findings import DmnError
from engine.sentences import S_, where

Element = etree._Element

VERSIONS = ("20151101", "20180521", "20191111", "20211108", "20230324")
"""The dates in the namespaces of DMN 1.1 to 1.5; 1.1 differs in nothing that is read here."""
MAX_BYTES = 5_000_000


def definitions(xml: bytes) -> Element:
    """The root of a decision model of DMN 1.1 to 1.5. Raises DmnError."""
    root = document(xml)
    namespace = etree.QName(root).namespace or ""
    if not any(version in namespace for version in VERSIONS):
        found = namespace or "XML without a namespace"
        raise DmnError(
            S_("This is not DMN 1.1 to 1.5 but %(found)s.", found=found), line=1, hint=S_("Save it as DMN 1.3.")
        )
    return root


def document(xml: bytes) -> Element:
    """The `definitions` element of a file of any version. Raises DmnError."""
    if len(xml) > MAX_BYTES:
        raise DmnError(S_("The file is larger than %(max_bytes)s MB.", max_bytes=MAX_BYTES // 1000000))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Element | None = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise DmnError(S_("This is not XML: %(msg)s", msg=where(error)), line=error.lineno) from None
    except ValueError as error:  # an encoding that contradicts the text
        raise DmnError(S_("This is not XML: %(msg)s", msg=where(error))) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise DmnError(S_("A document type (DTD) is not allowed."), line=1)
    if tag(root) != "definitions":
        raise DmnError(S_("This is not a decision model but <%(root)s>.", root=tag(root)), line=1)
    return root


def tag(element: Element) -> str:
    """An element's name without its namespace; empty for comments."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The children of these names, in their order."""
    return (child for child in element if tag(child) in names)


def child(element: Element, *names: str) -> Element | None:
    """The first child of these names."""
    return next(children(element, *names), None)


def text(element: Element | None) -> str:
    """The text of an expression: what its `text` child holds."""
    found = child(element, "text") if element is not None else None
    return (found.text or "").strip() if found is not None else ""


def name(element: Element) -> str:
    """An element's name, with inner spaces as FEEL sees them (DMN 1.5 §10.3.1.4)."""
    return " ".join((element.get("name") or element.get("id") or "").split())


def place(element: Element) -> str | None:
    """The id to show for an element: its own, or that of the nearest one around it."""
    around: Any = element
    while around is not None:
        if found := around.get("id"):
            return str(found)
        around = around.getparent()
    return None


def line(element: Element) -> int | None:
    """The line of an element in its file."""
    found: Any = element.sourceline
    return int(found) if found else None
