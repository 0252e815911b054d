"""What may be wrong with a form's file, each rule with a sentence and what to do, in both languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from forms.texts import Label, Locale

Severity = Literal["error", "warning"]


class Rule(NamedTuple):
    """One rule for form files; an error refuses the form, a warning does not."""

    severity: Severity
    message: Label
    hint: Label


RULES: dict[str, Rule] = {
    "too-large": Rule(
        "error",
        Label("文件超过 {limit} 字节。", "The file is larger than {limit} bytes."),
        Label("请把表单拆成几个。", "Split the form into several."),
    ),
    "not-json": Rule(
        "error",
        Label("不是有效的 JSON：{reason}", "This is not valid JSON: {reason}"),
        Label("请用表单编辑器重新保存。", "Save it again with the form editor."),
    ),
    "not-a-form": Rule(
        "error",
        Label("不是 form-js 表单。", "This is not a form-js form."),
        Label(
            '最外层须是对象，含 "type": "default" 和 "components" 列表。',
            'The file must be an object with "type": "default" and a list "components".',
        ),
    ),
    "schema-version": Rule(
        "error",
        Label("不支持的 schemaVersion：{found}。", "schemaVersion {found} is not supported."),
        Label(
            "请用 form-js 1.23（schemaVersion 19）或更早版本保存。",
            "Save it with form-js 1.23 (schemaVersion 19) or older.",
        ),
    ),
    "id-missing": Rule(
        "error",
        Label(
            "缺少 id，或 id 不是字母开头的 ASCII 名称。",
            "The id is missing or no ASCII name that begins with a letter.",
        ),
        Label('请填写 "id"，如 f10-session。', 'Give "id" a name such as f10-session.'),
    ),
    "id-twice": Rule(
        "error",
        Label("id 重复。", "This id is used twice."),
        Label("每个组件用不同的 id。", "Give every component an id of its own."),
    ),
    "too-many": Rule(
        "error",
        Label(
            "组件超过 {limit} 个或嵌套超过 {depth} 层。", "More than {limit} components, or nested deeper than {depth}."
        ),
        Label("请把表单拆成几个。", "Split the form into several."),
    ),
    "refused-type": Rule(
        "error",
        Label("类型 {type} 不允许使用。", "Components of type {type} are not allowed."),
        Label(
            "外来的 HTML、网页和图片不能进表单；说明文字请用 text。",
            "Foreign HTML, pages and images stay out; use text.",
        ),
    ),
    "unknown-type": Rule(
        "error",
        Label("未知的组件类型：{type}。", "Unknown component type: {type}."),
        Label("支持的类型见 docs/forms.md。", "docs/forms.md lists the types."),
    ),
    "unknown-key": Rule(
        "warning",
        Label("“{name}”在这里不起作用。", "“{name}” has no effect here."),
        Label("请删去，或改为 docs/forms.md 中的写法。", "Remove it or write it as docs/forms.md says."),
    ),
    "unknown-property": Rule(
        "warning",
        Label("未知的扩展属性“{name}”。", "Unknown property “{name}”."),
        Label(
            "请改正拼写；其他模块的属性以 hejie. 开头。",
            "Correct the spelling; properties of other parts begin with hejie.",
        ),
    ),
    "wrong-value": Rule(
        "error",
        Label("“{name}”的值不对。", "“{name}” has a wrong value."),
        Label("应为：{wanted}", "It must be: {wanted}"),
    ),
    "key-missing": Rule(
        "error",
        Label("缺少 key 或 path，或写法不对。", "The key or path is missing or wrongly written."),
        Label(
            "用字母开头的 ASCII 名称，可用点分层，如 applicant.name。", "Use ASCII names, dots nest: applicant.name."
        ),
    ),
    "key-twice": Rule(
        "error",
        Label("两个组件写到同一处：{key}。", "Two components store under the same place: {key}."),
        Label("请改其中一个的 key 或 path。", "Change the key or path of one of them."),
    ),
    "label-missing": Rule(
        "error",
        Label("缺少中文文字“{name}”。", "The Chinese text “{name}” is missing."),
        Label(
            "没有文字，用读屏软件的人就不知道在问什么。",
            "Without it a person with a screen reader cannot know the question.",
        ),
    ),
    "english-missing": Rule(
        "warning",
        Label("缺少英文文字“{name}”。", "The English text “{name}” is missing."),
        Label("请在 properties（或表单顶层）补上。", "Add it to the properties (or at the top of the form)."),
    ),
    "why-missing": Rule(
        "warning",
        Label("必填项没有说明为什么要填。", "A required answer does not say why it is asked."),
        Label(
            "请在 properties 里补上 why，写明法律或工作上的理由。",
            "Add the property why: the legal or practical reason.",
        ),
    ),
    "options-missing": Rule(
        "error",
        Label("没有可选项。", "There is nothing to choose from."),
        Label(
            "请给出 values、valuesKey 或 valuesExpression 之一。", "Give one of values, valuesKey, valuesExpression."
        ),
    ),
    "option-twice": Rule(
        "error",
        Label("选项的值重复：{value}。", "Two options have the value {value}."),
        Label("每个选项用不同的值。", "Give every option a value of its own."),
    ),
    "pattern": Rule(
        "error",
        Label("pattern 不能使用：{reason}", "The pattern cannot be used: {reason}"),
        Label(
            "用 RE2 语法，不超过 200 个字符，不用环视和反向引用。",
            "Use RE2 syntax, at most 200 characters, no lookaround or back-references.",
        ),
    ),
    "pattern-message-missing": Rule(
        "warning",
        Label("有 pattern，却没有说明要怎样填。", "There is a pattern, but nothing says what is wanted."),
        Label(
            "请补上 patternMessage 和 patternMessage.en。", "Add the properties patternMessage and patternMessage.en."
        ),
    ),
    "expression": Rule(
        "error",
        Label("“{name}”的表达式不能编译：{reason}", "The expression in “{name}” does not compile: {reason}"),
        Label("请写以 = 开头的 FEEL 表达式。", "Write a FEEL expression with a leading =."),
    ),
    "default-value": Rule(
        "error",
        Label("defaultValue 本身通不过检查。", "The defaultValue would not pass as an answer."),
        Label("请改成合法的值或删去。", "Give an acceptable value or remove it."),
    ),
    "limits": Rule(
        "error",
        Label("“{low}”大于“{high}”。", "“{low}” is greater than “{high}”."),
        Label("请对调或改正。", "Exchange or correct them."),
    ),
    "html-in-text": Rule(
        "warning",
        Label("文字里有 HTML 标签，会原样显示。", "The text contains HTML tags; they are shown as typed."),
        Label(
            "请用 **粗体**、列表和 [链接](https://…) 的写法。", "Write **bold**, lists and [links](https://…) instead."
        ),
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a form's file. `field` is the id of the component, empty for the form itself."""

    rule: str
    field: str = ""
    params: tuple[tuple[str, str], ...] = ()

    @property
    def severity(self) -> Severity:
        """``error`` refuses the form; ``warning`` does not."""
        return RULES[self.rule].severity

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.says("en")

    @property
    def hint(self) -> str:
        """What to do, in English."""
        return self.advises("en")

    def says(self, locale: Locale) -> str:
        """What is wrong, for a reader."""
        return RULES[self.rule].message.filled(locale, dict(self.params))

    def advises(self, locale: Locale) -> str:
        """What to do about it, for a reader."""
        return RULES[self.rule].hint.filled(locale, dict(self.params))


class FormInvalid(Exception):
    """This file is no form that can be used; `findings` says where and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{finding.field or 'form'}: {finding.message}" for finding in findings))
        self.findings = tuple(findings)
