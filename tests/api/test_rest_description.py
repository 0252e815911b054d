"""The description of REST: valid OpenAPI 3.1, complete, and in step with what is served."""

import re
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def description(app: Flask) -> dict[str, Any]:
    """The description, as another system reads it."""
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def operations(description: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation, by method and path."""
    return {
        f"{method} {path}": operation
        for path, item in description["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def test_it_is_openapi(description: dict[str, Any]) -> None:
    assert description["openapi"].startswith("3.1")
    validate(description)


def test_every_operation_says_what_it_does_and_how_it_refuses(description: dict[str, Any]) -> None:
    for name, operation in operations(description).items():
        assert operation["summary"], name
        assert operation["tags"], name
        assert {"401", "default"} <= set(operation["responses"]), name
        assert any(status.startswith("2") for status in operation["responses"]), name


def test_every_address_is_described(app: Flask, description: dict[str, Any]) -> None:
    served = {
        re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1") and rule.endpoint != "api-docs.openapi_json"
    }
    assert served == set(description["paths"])


def test_what_needs_no_account_is_named_and_nothing_else(description: dict[str, Any]) -> None:
    public = {
        name
        for name, operation in operations(description).items()
        if operation.get("security") is not None and (not operation["security"] or {} in operation["security"])
    }
    assert public == {
        "get /api/v1/bodies/{unit_id}/called",
        "get /api/v1/bodies/{unit_id}/times",
        "get /api/v1/mediators",
        "post /api/v1/bodies/{unit_id}/visits",
        "post /api/v1/mediations/follow",
        *(f"post /api/v1/mediations/{act}" for act in ("ending", "mediator", "rating", "recusal")),
        "post /api/v1/reports",
        "post /api/v1/reports/follow",
        *(
            f"post /api/v1/reports/{act}"
            for act in ("additions", "mediator", "messages", "rating", "visits", "withdrawal")
        ),
        "post /api/v1/reports/visits/{visit_id}/cancel",
        "post /api/v1/reports/visits/{visit_id}/time",
        "post /api/v1/signing/{code_id}",
        "post /api/v1/signing/{code_id}/paper",
        "post /api/v1/tokens",
        "post /api/v1/visits/cancel",
    }


def test_refusals_are_problems_named_by_their_codes(description: dict[str, Any]) -> None:
    complete = operations(description)["post /api/v1/tasks/{task_id}/complete"]["responses"]
    for status, code in (
        ("403", "task-not-yours"), ("404", "task-unknown"), ("409", "task-not-open"), ("412", "outdated"),
        ("422", "answers-invalid"),
    ):  # fmt: skip
        assert f"`{code}`" in complete[status]["description"]
        assert complete[status]["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_what_needs_a_path_has_a_way_not_to_find_it(description: dict[str, Any]) -> None:
    for name, operation in operations(description).items():
        if "{" in name:
            assert "404" in operation["responses"], name


def test_answers_stand_in_the_order_of_their_status(description: dict[str, Any]) -> None:
    for name, operation in operations(description).items():
        assert list(operation["responses"]) == sorted(operation["responses"]), name


def test_the_description_is_in_one_language(description: dict[str, Any]) -> None:
    told = [str(operation) for operation in operations(description).values()]
    assert not [text for text in told if any("一" <= char <= "鿿" for char in text)]


def test_headers_are_described(description: dict[str, Any]) -> None:
    known = operations(description)
    asked = {one["name"] for one in known["post /api/v1/tasks/{task_id}/complete"]["parameters"]}
    assert {"If-Match", "Idempotency-Key"} <= asked
    assert "ETag" in known["get /api/v1/tasks/{task_id}"]["responses"]["200"]["headers"]
    assert "Location" in known["post /api/v1/reports"]["responses"]["201"]["headers"]
    assert set(description["components"]["securitySchemes"]) == {"token", "session"}
