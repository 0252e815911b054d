"""Decision tables for people: read the rules in force, change one, and put the change in force as a new version."""

from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import i18n
from api.resource import Page
from engine import casework, dmn
from engine.dmn import sheet as dmn_sheet
from engine.dmn.sheet import Row, Sheet
from engine.errors import DomainError
from engine.workflow import definitions
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused, TableUnknown
from engine.workflow.models import Definition

blueprint = Blueprint("decisions", __name__)
NEW = "new"
COVERAGE = ("gap", "overlap", "dead-rule")
ANY = "-"
"""What DMN writes where a condition does not matter (§8.3.3)."""


@dataclass(frozen=True)
class Table:
    """A decision table in force: the definition that holds it, and its sheet."""

    definition: Definition
    sheet: Sheet

    def row(self, rule: str) -> Row:
        """A rule, or an empty one to begin a new rule with. Raises TableUnknown."""
        if rule == NEW:
            return Row(None, tuple(ANY if column.kind == "input" else "" for column in self.sheet.columns))
        found = next((row for row in self.sheet.rows if row.id == rule), None)
        if found is None:
            raise TableUnknown(rule=rule)
        return found


class Tables(Page):
    """Every table in force."""

    def get(self) -> str:
        deployed = definitions.all_newest(self.session, definitions.DECISION)
        found = [
            Table(definition, _named(self, sheet))
            for definition in deployed
            for sheet in dmn_sheet.sheets(definition.content)
            if sheet.id == definition.key
        ]
        return render_template("decisions.html", tables=found)


class OneTable(Page):
    """The rules of one table."""

    def get(self, key: str) -> str:
        table = self.table(key)
        may_change = self.actor.has("admin")
        return render_template("decision_table.html", table=table, may_change=may_change, findings=_coverage(table))

    def table(self, key: str) -> Table:
        """The table in force. Raises DefinitionUnknown, TableUnknown."""
        definition = definitions.newest(self.session, definitions.DECISION, key)
        for sheet in dmn_sheet.sheets(definition.content):
            if sheet.id == key:
                return Table(definition, _named(self, sheet))
        raise TableUnknown(decision=key)


class Rule(OneTable):
    """One rule: change it, remove it, or add one; each change is a version of its own, with its reason."""

    def get(self, key: str, rule: str) -> str:  # type: ignore[override]
        table = self.table(key)
        return self._show(table, table.row(rule))

    def post(self, key: str, rule: str) -> ResponseReturnValue:
        table = self.table(key)
        content = dmn_sheet.changed(table.definition.content, key, self._rows(table, rule))
        file = File(table.definition.file_name, content)
        deployed = casework.deploy(self.session, self.actor, [file], note=request.form.get("note", ""))
        new = any(one.version > table.definition.version for one in deployed if one.key == key)
        return redirect(url_for("decisions.table", key=key, notice="deployed" if new else "unchanged"), 303)

    def refused(self, error: DomainError, key: str, rule: str) -> str:  # type: ignore[override]
        table = self.table(key)
        findings = error.findings if isinstance(error, DeploymentRefused) else ()
        return self._show(table, self._typed(table, rule), error=i18n.sentence(error), findings=findings)

    def _rows(self, table: Table, rule: str) -> list[Row]:
        if rule == NEW:
            return [*table.sheet.rows, self._typed(table, rule)]
        table.row(rule)  # there must be one
        if "remove" in request.form:
            return [row for row in table.sheet.rows if row.id != rule]
        return [self._typed(table, rule) if row.id == rule else row for row in table.sheet.rows]

    def _typed(self, table: Table, rule: str) -> Row:
        cells = (request.form.get(f"cell-{number}", "").strip() for number in range(len(table.sheet.columns)))
        return Row(None if rule == NEW else rule, tuple(cells))

    def _show(self, table: Table, row: Row, **more: object) -> str:
        note = request.form.get("note", "")
        may_change = self.actor.has("admin")
        return render_template("decision_rule.html", table=table, row=row, note=note, may_change=may_change, **more)


def _coverage(table: Table) -> list[dmn.Finding]:
    """What the table's rules leave open, and where they meet."""
    found = dmn.check(table.definition.content)
    return [one for one in found if one.rule in COVERAGE and table.sheet.has(one.element_id)]


def _named(page: Page, sheet: Sheet) -> Sheet:
    """The sheet with the names of table and columns in the reader's language."""
    if i18n.locale() != "en":
        return sheet
    english = definitions.labels(page.session).get(sheet.id, {})
    columns = tuple(replace(column, label=english.get(column.id, column.label)) for column in sheet.columns)
    return replace(sheet, name=english.get(sheet.id, sheet.name), columns=columns)


blueprint.add_url_rule("/decisions", view_func=Tables.as_view("page"))
blueprint.add_url_rule("/decisions/<key>", view_func=OneTable.as_view("table"))
blueprint.add_url_rule("/decisions/<key>/rules/<rule>", view_func=Rule.as_view("rule"))
