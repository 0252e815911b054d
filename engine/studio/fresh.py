"""New files, with the least that makes them what they are."""

import json
import re

from engine.studio.errors import FileUnfit, KeyTaken
from engine.studio.exchange import KEY
from engine.studio.models import Draft
from engine.workflow import definitions

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="KEY_definitions" targetNamespace="http://hejie/process">
  <bpmn:process id="KEY" name="KEY" isExecutable="true">
    <bpmn:startEvent id="start" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="KEY_diagram">
    <bpmndi:BPMNPlane id="KEY_plane" bpmnElement="KEY">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start">
        <dc:Bounds x="180" y="160" width="36" height="36" />
      </bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - one line of XML

DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="KEY_model" name="KEY" namespace="http://hejie/decision/KEY">
  <decision id="KEY" name="KEY">
    <decisionTable id="KEY_table" hitPolicy="FIRST">
      <input id="KEY_input" label="level"><inputExpression id="KEY_asks" typeRef="string"><text>level</text></inputExpression></input>
      <output id="KEY_output" name="result" typeRef="string" />
      <rule id="KEY_rule"><inputEntry id="KEY_entry"><text>-</text></inputEntry><outputEntry id="KEY_result"><text>"yes"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="KEY"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""  # noqa: E501 - lines of XML

SCENARIO = """clock: 2026-11-23T09:00:00+08:00
scenarios:
  - name: KEY
    steps:
      - start: {process: KEY, as: one, variables: {}}
      - expect: {active: [one]}
"""


def file(draft: Draft, kind: str, key: str) -> tuple[str, bytes]:
    """The name and the content of a new file of a draft. Raises KeyTaken, FileUnfit."""
    form = {"type": "default", "id": key, "schemaVersion": 19, "title": key, "title.en": key, "components": []}
    made = {
        definitions.PROCESS: (f"{draft.bundle}/{key}.bpmn", PROCESS.replace("KEY", key)),
        definitions.DECISION: (f"{draft.bundle}/{key}.dmn", DECISION.replace("KEY", key)),
        definitions.FORM: (f"{key}.form.json", json.dumps(form, ensure_ascii=False, indent=2)),
        definitions.SCENARIO: (f"{draft.bundle}/scenarios/{key}.yaml", SCENARIO.replace("KEY", key)),
    }
    if kind not in made:
        raise FileUnfit
    name, content = made[kind]
    if not re.fullmatch(KEY, key) or draft.file(name):
        raise KeyTaken(key=key)
    return name, content.encode()
