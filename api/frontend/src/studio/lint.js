// bpmnlint in the browser: the rules of style that the checker leaves to taste.
import StaticResolver from "bpmnlint/lib/resolver/static-resolver.js";
import labelRequired from "bpmnlint/rules/label-required.js";
import noDisconnected from "bpmnlint/rules/no-disconnected.js";
import noDuplicateFlows from "bpmnlint/rules/no-duplicate-sequence-flows.js";
import noGatewayJoinFork from "bpmnlint/rules/no-gateway-join-fork.js";
import noOverlapping from "bpmnlint/rules/no-overlapping-elements.js";
import superfluousGateway from "bpmnlint/rules/superfluous-gateway.js";

const RULES = {
  "label-required": labelRequired,
  "no-disconnected": noDisconnected,
  "no-duplicate-sequence-flows": noDuplicateFlows,
  "no-gateway-join-fork": noGatewayJoinFork,
  "no-overlapping-elements": noOverlapping,
  "superfluous-gateway": superfluousGateway,
};

export const lintConfig = { rules: Object.fromEntries(Object.keys(RULES).map((name) => [name, "warn"])) };
export const resolver = new StaticResolver(Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [`rule:bpmnlint/${name}`, rule])));
