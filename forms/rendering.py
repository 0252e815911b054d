"""Forms as HTML: the fields, the summary of errors, and a completed form. Plain, accessible, without script."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from forms.completed import completed
from forms.conditions import Asking, Evaluate
from forms.definition import Form
from forms.messages import word
from forms.places import ROOT
from forms.texts import Locale
from forms.uploads import Upload
from forms.validation import FieldError
from forms.views import kept, showing, views


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("forms"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _render(template: str, **facts: Any) -> Markup:
    return Markup(_environment().get_template(template).render(**facts))  # noqa: S704 - autoescaped


def render(
    form: Form,
    raw: Mapping[str, Any],
    errors: Iterable[FieldError] = (),
    *,
    locale: Locale,
    evaluate: Evaluate,
    context: Mapping[str, Any] | None = None,
    uploads: Iterable[Upload] = (),
    read_only: bool = False,
    id_prefix: str = "",
) -> Markup:
    """The fields of a form with what was typed. The page has the ``<form>`` (``multipart/form-data`` where
    `form.has_files`), the CSRF field and the submit buttons.

    `read_only` shows the answers instead of fields. `id_prefix` keeps ids apart where one page holds two forms.
    """
    if read_only:
        return render_answers(form, raw, locale=locale, evaluate=evaluate, context=context, uploads=uploads)
    show = showing(form, raw, Asking(evaluate, context or {}), errors, locale, uploads, id_prefix)
    return _render(
        "fields.html",
        views=views(show, form.fields, ROOT),
        kept=kept(show),
        say=lambda name: word(name, locale),
        prefix=id_prefix,
        controlling=bool(form.controlling),
    )


def render_error_summary(errors: Iterable[FieldError], locale: Locale, *, id_prefix: str = "") -> Markup:
    """“There is a problem”: every error with a link to its field; empty where there is none. form.js focuses it."""
    listed = [(error.field_id, error.summary(locale)) for error in errors]
    if not listed:
        return Markup()
    return _render("summary.html", errors=listed, title=word("problem", locale), prefix=id_prefix)


def render_answers(
    form: Form,
    values: Mapping[str, Any],
    *,
    locale: Locale,
    mask: bool = True,
    evaluate: Evaluate | None = None,
    context: Mapping[str, Any] | None = None,
    uploads: Iterable[Upload] = (),
) -> Markup:
    """A completed form. Identity numbers are masked unless `mask` is False.

    What is not in the values was not asked and is not shown. `evaluate` and `context` find the labels of choices that
    the form itself does not list; without them such a choice shows its value.
    """
    asking = Asking(evaluate or (lambda expression, names: None), context or {})
    return _render("answers.html", parts=completed(form, values, asking, locale, uploads, mask=mask))
