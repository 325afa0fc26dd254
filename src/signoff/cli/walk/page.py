"""What a page offers: links, forms, the steps of a timeline, tables. Read from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
Attributes = dict[str, str]


@dataclass(slots=True)
class Form:
    """`values` are those that the page has filled in; `choices`: of radio buttons, with labels."""

    action: str
    method: str
    in_main: bool
    values: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What is written on each button that sends the form: its own name and value."""


@dataclass(slots=True)
class Page:
    """`links` and `steps` are texts as a person reads them, without those of other places."""

    title: str = ""
    heading: str = ""
    errors: str = ""
    links: dict[str, str] = field(default_factory=dict)
    forms: list[Form] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    """Of the timeline: state (done, now, next, problem, left_out) and words."""
    figures: list[str] = field(default_factory=list)
    """Codes that stand out: a case number, a status code."""
    sums: list[str] = field(default_factory=list)
    """Boxes with a number in large type, such as what one gets back; all the words of each."""
    banners: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    """Rows of cells."""


def read(html: str) -> Page:
    """The page; broken HTML gives a page with less on it."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: Attributes
    words: list[str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


class _Reader(HTMLParser):
    """Keeps the open elements; each tells what it is when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self._open: list[_Open] = []
        self._form: Form | None = None
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._radio: tuple[Form, str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "input":
            self._input(attributes)
        if tag in _VOID:
            self.handle_data(" ")
            return
        if tag == "form":
            method = attributes.get("method", "get").lower()
            in_main = any(element.tag == "main" for element in self._open)
            self._form = Form(attributes.get("action", ""), method, in_main)
            self.page.forms.append(self._form)
        self._open.append(_Open(tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self._open):
            return
        while self._open:
            element = self._open.pop()
            if "hidden" not in element.classes and self._open:
                self._open[-1].words += [*element.words, " "]
            self._ended(element)
            if element.tag == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1].words.append(data)

    def _input(self, attributes: Attributes) -> None:
        name, kind = attributes.get("name", ""), attributes.get("type", "text")
        if self._form is None or not name:
            return
        self._form.names.add(name)
        value = attributes.get("value", "on" if kind in {"radio", "checkbox"} else "")
        if kind == "radio":
            self._form.choices.setdefault(name, {})[value] = ""
            self._radio = (self._form, name, value)
        if kind not in {"radio", "checkbox"} or "checked" in attributes:
            self._form.values[name] = value

    def _ended(self, element: _Open) -> None:
        match element.tag:
            case "title":
                self.page.title = element.text
            case "h1":
                self.page.heading = element.text
            case "a" if "href" in element.attributes:
                self.page.links.setdefault(element.text, element.attributes["href"])
            case "li" | "strong" | "div" | "p":
                self._looks(element)
            case "td" | "th" | "tr" | "table":
                self._table(element)
            case _:
                self._form_part(element)

    def _table(self, element: _Open) -> None:
        match element.tag:
            case "tr":
                self._rows.append(self._cells)
                self._cells = []
            case "table":
                self.page.tables.append(self._rows)
                self._rows = []
            case _:
                self._cells.append(element.text)

    def _form_part(self, element: _Open) -> None:
        if self._form is None:
            return
        name = element.attributes.get("name", "")
        match element.tag:
            case "form":
                self._form = None
            case "label":
                self._label(element)
            case "textarea" if name:
                self._form.names.add(name)
                self._form.values[name] = "".join(element.words).strip()
            case "button" if "form" not in element.attributes:
                self._form.buttons[element.text] = name, element.attributes.get("value", "")

    def _label(self, element: _Open) -> None:
        """Of a radio button, if one has just been inside it."""
        if self._radio is not None:
            form, name, value = self._radio
            form.choices[name][value] = element.text
            self._radio = None

    def _looks(self, element: _Open) -> None:
        if "step" in element.classes:
            state = next((c[5:] for c in element.classes if c.startswith("step-")), "")
            self.page.steps.append((state, element.text))
        if "figure-code" in element.classes:
            self.page.figures.append(element.text)
        if "figure" in element.classes:
            self.page.sums.append(element.text)
        if "errors" in element.classes:
            self.page.errors = element.text
        if "banner" in element.classes:
            self.page.banners.append(element.text)
