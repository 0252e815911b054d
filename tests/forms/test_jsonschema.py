"""Forms as JSON Schema 2020-12."""

import forms
from tests.forms.making import choices, form, parties, question, required


def test_a_form_describes_its_answers() -> None:
    of = form(
        required("textfield", "name", validate={"maxLength": 50}),
        question("number", "age", decimalDigits=0, validate={"min": 0}),
        question("radio", "kind", **choices("a", "b")),
        required("textfield", "paper", conditional={"hide": "=x"}),
        required("textfield", "nation", properties={"mayDecline": "true"}),
        {"type": "group", "id": "g", "path": "applicant", "components": [required("checkbox", "agreed")]},
        parties(required("datetime", "birth", subtype="date"), properties={"minItems": "2"}),
        {"type": "expression", "id": "sum", "key": "sum", "expression": "=1"},
        question("textfield", "fixed", readonly=True),
        question("textfield", "shown", disabled=True),
    )
    schema = forms.json_schema(of)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == "测试表"
    assert schema["required"] == ["name", "nation", "applicant", "parties"]
    assert schema["additionalProperties"] is False
    found = schema["properties"]
    assert found["name"] == {
        "title": "问name",
        "description": "Name",
        "type": "string",
        "maxLength": 50,
        "minLength": 1,
    }
    assert found["age"]["type"] == ["integer", "null"]
    assert found["age"]["minimum"] == 0
    assert found["kind"]["enum"] == ["a", "b", None]
    assert [option["type"] for option in found["nation"]["oneOf"]] == ["string", "object"]
    assert found["applicant"]["required"] == ["agreed"]
    assert found["applicant"]["properties"]["agreed"]["const"] is True
    assert found["parties"]["minItems"] == 2
    assert found["parties"]["items"]["properties"]["birth"]["format"] == "date"
    assert found["sum"]["readOnly"] is found["fixed"]["readOnly"] is True
    assert "shown" not in found
