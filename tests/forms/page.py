"""The smallest page around a form: what a task page of the product does, without the product."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template_string, request
from flask.typing import ResponseReturnValue

import forms
from tests.forms.making import TODAY, choices, evaluator, form, parties, question, required

STATIC = Path(__file__).parents[2] / "api" / "static"
PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title><meta name="csrf-token" content="token-1">
<link rel="stylesheet" href="/static/css/hejie.css"><link rel="stylesheet" href="/static/css/form.css"></head>
<body><main class="main"><div class="wrap stack"><h1>{{ title }}</h1>
{{ summary }}
<form method="post" enctype="multipart/form-data" novalidate class="stack" data-autosave>
<input type="hidden" name="csrf_token" value="token-1">
{{ fields }}
<p><button class="button">提交</button></p><p data-draft-status role="status"></p></form></div></main>
<script type="module" src="/static/js/form.js"></script></body></html>"""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:"

WHY = {"why": "人民调解法第二十一条：调解应当及时、就地进行", "why.en": "Law on people's mediation §21"}
FORM = form(
    {"type": "text", "id": "intro", "text": "请**如实**填写。不清楚的可以写“不知道”。紧急情况先打 [110](tel:110)。",
     "properties": {"text.en": "Fill this in truthfully. In an emergency call [110](tel:110) first."}},
    {**required("radio", "kind", properties=WHY), "label": "纠纷类型",
     **{"values": [{"label": "邻里纠纷", "value": "D03"}, {"label": "山林土地", "value": "D05"}]},
     "properties": {**WHY, "label.en": "Kind", "option.D03.en": "Neighbours", "option.D05.en": "Land"}},
    {**required("select", "title"), "label": "争的是什么", **choices("own", "harm"),
     "values": [{"label": "归谁所有", "value": "own"}, {"label": "被占用了", "value": "harm"}],
     "properties": {"label.en": "At issue", "option.own.en": "Who owns it", "option.harm.en": "Encroachment", **WHY},
     "conditional": {"hide": '=kind != "D05"'}},
    {**required("textarea", "words", properties={**WHY, "rows": "4"}), "label": "简要情况",
     "description": "谁、在哪里、什么时候、为了什么", "properties": {
         "label.en": "What happened", "description.en": "Who, where, when, why", **WHY, "rows": "4"}},
    parties(
        {**required("textfield", "name", properties={**WHY, "autocomplete": "name"}), "label": "姓名"},
        {**question("textfield", "id_number"), "label": "公民身份号码", "description": "仅司法确认、送达需要，可不填",
         "properties": {"label.en": "Identity number", "description.en": "Only for confirmation and service",
                        "check": "identity-number", "mayDecline": "true"}},
        {**question("select", "nation"), "label": "民族", "values": [{"label": "汉族", "value": "han"}],
         "properties": {"label.en": "Ethnic group", "option.han.en": "Han", "mayDecline": "true"}},
        {**question("textfield", "phone", properties={"check": "phone", "autocomplete": "tel"}), "label": "联系电话"},
        {**question("datetime", "birth", subtype="date", properties={"typed": "true", "autocomplete": "bday"}),
         "label": "出生日期"},
        properties={"add": "再添一位当事人", "add.en": "Add a party", "minItems": "1"}, defaultRepetitions=2,
    ),
    {**question("number", "amount", decimalDigits=2, serializeToString=True, appearance={"suffixAdorner": "元"}),
     "label": "涉及金额", "properties": {"label.en": "Amount", "suffix.en": "yuan"}},
    {**question("datetime", "at", subtype="datetime"), "label": "发生时间"},
    {**question("filepicker", "photos", multiple=True, accept="image/*,.pdf"), "label": "照片和材料"},
    {**required("checkbox", "agreed"), "label": "我自愿申请人民调解，所述属实"},
)  # fmt: skip
RULES = {'kind != "D05"': lambda names: names["kind"] != "D05"}


@dataclass
class Desk:
    """What the page was sent and what it keeps between requests."""

    url: str = ""
    uploads: list[forms.Upload] = field(default_factory=list)
    drafts: list[dict[str, Any]] = field(default_factory=list)
    submitted: list[dict[str, Any]] = field(default_factory=list)
    fragments: list[str] = field(default_factory=list)
    fail_uploads: bool = False


def app_for(desk: Desk) -> Flask:
    """The page at /, the uploads at /uploads."""
    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    evaluate = evaluator(RULES)

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def page(raw: dict[str, Any], errors: tuple[forms.FieldError, ...] = ()) -> str:
        fields = forms.render(FORM, raw, errors, locale="zh", evaluate=evaluate, uploads=desk.uploads)
        if request.headers.get("X-Fragment") == "fields":
            return str(fields)
        summary = forms.render_error_summary(errors, "zh")
        return render_template_string(PAGE, title="人民调解受理登记表", fields=fields, summary=summary)

    @app.get("/")
    def start() -> str:
        return page({})

    @app.post("/")
    def answer() -> ResponseReturnValue:
        action = request.form.get("_action", "")
        desk.fragments.append(f"{request.headers.get('X-Fragment', 'page')} {action}")
        raw = forms.parse(FORM, request.form)
        for name, file in request.files.items(multi=True):
            if file.filename:
                raw = forms.attach(FORM, raw, name, store(file.filename, file.read(), file.mimetype).id)
        if action == "save-draft":
            desk.drafts.append(raw)
            return "<span>已保存草稿</span>"
        if action:
            return page(forms.apply_action(FORM, raw, action))
        result = forms.validate(FORM, raw, evaluate=evaluate, today=TODAY, uploads=desk.uploads)
        if not result.ok:
            return page(raw, result.errors)
        desk.submitted.append(result.values)
        return str(forms.render_answers(FORM, result.values, locale="zh", uploads=desk.uploads))

    def store(name: str, content: bytes, media_type: str) -> forms.Upload:
        upload = forms.Upload(f"u{len(desk.uploads) + 1}", name, len(content), media_type)
        desk.uploads.append(upload)
        return upload

    @app.post("/uploads")
    def receive() -> ResponseReturnValue:
        if desk.fail_uploads or request.headers.get("X-CSRF-Token") != "token-1":
            return {"detail": "这个文件不能上传。"}, 422
        file = request.files["file"]
        upload = store(file.filename or "", file.read(), file.mimetype)
        return {"id": upload.id, "name": upload.name, "size": upload.size, "media_type": upload.media_type}

    return app
