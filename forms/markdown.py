"""The small markdown of form texts: headings, paragraphs, lists, bold, italic, links. Everything else is text.

Nothing that an author or an inserted value contains can become markup: all is escaped, and values are put in last.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

BLOCK = re.compile(r"\n\s*\n")
BULLET = re.compile(r"[-*] +(.*)")
NUMBER = re.compile(r"[0-9]{1,3}[.、)] *(.*)")
HEADING = re.compile(r"(#{1,4}) +(.*)")
LINK = re.compile(r"\[([^\[\]]{1,300})\]\(((?:https?://|tel:|mailto:|/(?!/))[^\s()<>\ue000]{0,500})\)")
BOLD = re.compile(r"\*\*([^*]{1,2000})\*\*")
ITALIC = re.compile(r"\*([^*]{1,2000})\*")
TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
MARK = re.compile("\ue000([0-9]+)\ue001")


def to_html(text: str, insert: Callable[[str], str]) -> Markup:
    """Markdown as safe HTML; `insert` gives the words for each ``{{expression}}``."""
    values: list[str] = []

    def mark(match: re.Match[str]) -> str:
        values.append(insert(match[1].strip()))
        return f"\ue000{len(values) - 1}\ue001"

    plain = re.sub("[\ue000\ue001]", "", text.replace("\r\n", "\n"))
    marked = TEMPLATE.sub(mark, plain).strip()
    html = "\n".join(_block(block) for block in BLOCK.split(marked) if block.strip())
    return Markup(MARK.sub(lambda match: str(escape(values[int(match[1])])), html))  # noqa: S704 - escaped piece by piece


def _block(block: str) -> str:
    """One paragraph, heading or list; a paragraph may run into a list without a blank line."""
    html: list[str] = []
    lines = [line.strip() for line in block.strip().split("\n")]
    position = 0
    while position < len(lines):
        heading = HEADING.fullmatch(lines[position])
        if heading:
            html.append(f'<p class="form-heading form-heading-{len(heading[1])}">{_inline(heading[2])}</p>')
            position += 1
            continue
        kind = _kind(lines[position])
        run = 1
        while position + run < len(lines) and _kind(lines[position + run]) == kind:
            run += 1
        html.append(_run(kind, lines[position : position + run]))
        position += run
    return "\n".join(html)


def _kind(line: str) -> str:
    if HEADING.fullmatch(line):
        return "heading"
    return "ul" if BULLET.fullmatch(line) else "ol" if NUMBER.fullmatch(line) else "p"


def _run(kind: str, lines: list[str]) -> str:
    if kind == "p":
        return f"<p>{'<br>'.join(_inline(line) for line in lines)}</p>"
    pattern = BULLET if kind == "ul" else NUMBER
    entries = "".join(f"<li>{_inline(match[1])}</li>" for line in lines if (match := pattern.fullmatch(line)))
    return f"<{kind}>{entries}</{kind}>"


def _inline(text: str) -> str:
    """Bold, italic and links of one line. Links are cut out first, so that an address is never taken for emphasis."""
    pieces: list[str] = []
    end = 0
    for link in LINK.finditer(text):
        pieces.append(_emphasis(text[end : link.start()]))
        address = escape(link[2])
        pieces.append(
            f'<a href="{address}">{_emphasis(link[1])}</a>' if "\ue000" not in link[2] else str(escape(link[0]))
        )
        end = link.end()
    return "".join([*pieces, _emphasis(text[end:])])


def _emphasis(text: str) -> str:
    escaped = str(escape(text))
    return ITALIC.sub(r"<em>\1</em>", BOLD.sub(r"<strong>\1</strong>", escaped))
