"""XML as a tree whose nodes know their lines; what could make a parser do anything but read is refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser
from django.utils.translation import gettext as _

from cms.translation.exchange.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DEEPEST = 50


@dataclass
class Node:
    """An element: its name as `{namespace}name`, and its texts and elements in their order."""

    tag: str
    attributes: dict[str, str]
    line: int
    content: list[str | Node] = field(default_factory=list)

    def children(self, *tags: str) -> Iterator[Node]:
        return (child for child in self.content if isinstance(child, Node) and child.tag in tags)

    def child(self, tag: str) -> Node | None:
        return next(self.children(tag), None)

    @property
    def text(self) -> str:
        """What stands in it, elements aside."""
        return "".join(child for child in self.content if isinstance(child, str))


class _Builder:
    """What the parser tells of the file it reads, put together; `line` says where the parser is."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.open: list[Node] = []
        self.parts: list[str] = []
        self.line: Callable[[], int] = lambda: 1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        node = Node(tag, dict(attributes), self.line())
        if len(self.open) == DEEPEST:
            raise refusal(_("Elements are nested too deeply here. Use the file as it was exported."), node.line)
        if self.open:
            self._end_text()
            self.open[-1].content.append(node)
        else:
            self.root = node
        self.open.append(node)

    def data(self, text: str) -> None:
        """A part of a text: the parser tells of each line and each reference by itself."""
        self.parts.append(text)

    def _end_text(self) -> None:
        if self.parts:
            self.open[-1].content.append("".join(self.parts))
            self.parts = []

    def end(self, tag: str) -> None:
        self._end_text()
        self.open.pop()

    def close(self) -> Node | None:
        return self.root


def tree(text: str) -> Node:
    """The root of an XML file. Raises `ExchangeError` where it is none, or declares types or entities."""
    builder = _Builder()
    # The text is UTF-8 already, whatever it says of itself: see `encoding`.
    parser = DefusedXMLParser(target=builder, encoding="utf-8", forbid_dtd=True)
    builder.line = lambda: parser.parser.CurrentLineNumber
    parser.parser.XmlDeclHandler = _check_declaration
    try:
        parser.feed(text.encode())
        parser.close()
    except DefusedXmlException as error:
        line = parser.parser.CurrentLineNumber
        raise refusal(_("The file declares a document type or entities. Remove the declaration."), line) from error
    except ParseError as error:
        sentence = _("The XML is damaged or was cut off here (%(reason)s). Export the page again, or mend the file.")
        facts = {"reason": ErrorString(error.code) or error.msg}
        raise refusal(sentence % facts, error.position[0]) from error
    if builder.root is None:
        raise refusal(_("This is not an XML file. Choose a file that was exported here."), 1)
    return builder.root


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.lower() not in {"utf-8", "utf8", "us-ascii"}:
        sentence = _("The header says that the encoding is %(encoding)s. It must be UTF-8: save the file so.")
        raise refusal(sentence % {"encoding": encoding}, 1)
