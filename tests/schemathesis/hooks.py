"""What schemathesis must be told of this service: names that its rules hold, and what NDJSON is.

Random texts name no task, so half of all names are taken from the service itself. Nothing else of the description is changed.
"""

import json
import os
import urllib.request

import jsonschema_rs
import schemathesis

URL = os.environ["TQ_URL"]
DAYS = ["2016-02-01", "2021-08-01", "2024-10-01", "01/08/2025", "2026-10-01", "2031-01-01"]


def ask(path):
    with urllib.request.urlopen(URL + path) as answer:
        return json.load(answer)


def names_of_rules():
    tasks = [task["id"] for task in ask("/v1/tasks")["tasks"]]
    details = [ask(f"/v1/tasks/{task}") for task in tasks]
    units = [unit["code"] for day in ("2020-01-01", "2026-01-01") for unit in ask(f"/v1/units?on={day}&limit=40")["units"]]
    facts = {}
    for fact in (fact for task in details for fact in task["facts"]):
        facts[fact["id"]] = [value["id"] for value in fact["values"]] or ["1", "true", "2020-01-01"]
    return {"tasks": tasks, "units": units + ["Hải Châu", "phuong hai chau"], "facts": facts,
            "roles": sorted({place["id"] for task in details for place in task["places"]})}


NAMES = names_of_rules()
BODIES = ["ubnd", "UBND", "hdnd"]
DECISION = {"number": ["1/QD"], "date": DAYS, "signer_body": BODIES, "signer_unit": NAMES["units"], "task": NAMES["tasks"], "unit": NAMES["units"]}
TEXTS = ["", "# nothing\n", "level x \"cấp x\" / \"x\"\n", "body a \"a\" / \"b\"\n", "nonsense\n"]


def known(names, schema):
    """The schema, but half of its values are of these."""
    return {"anyOf": [{"type": "string", "enum": names}, schema]}


@schemathesis.hook
def before_load_schema(context, document):
    question = document["components"]["schemas"]["Question"]["properties"]
    question["task"] = known(NAMES["tasks"], question["task"])
    question["on"] = known(DAYS, question["on"])
    question["in"]["anyOf"].insert(0, {"type": "string", "enum": NAMES["units"]})
    facts = question["facts"]
    facts["properties"] = {name: known(values, facts["additionalProperties"]) for name, values in NAMES["facts"].items()}
    enrich_bodies(document["components"]["schemas"])
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                enrich(parameter)
            lines = operation.get("requestBody", {}).get("content", {}).get("application/x-ndjson")
            if lines and operation["operationId"] == "audit":
                lines["x-line-schema"]["properties"] = {name: known(values, {"type": "string"}) for name, values in DECISION.items()}
            if lines:
                lines["schema"] = {"type": "array", "items": lines["x-line-schema"], "maxItems": 20}


def enrich_bodies(schemas):
    """Texts that are rules, cases that are cases."""
    for name in ("CheckQuestion", "DiffQuestion"):
        schemas[name]["properties"]["files"]["maxItems"] = 2
        file = schemas[name]["properties"]["files"]["items"]["properties"]
        file["path"] = known(["du-thao.tq", "khac.tq"], file["path"])
        file["text"] = known(TEXTS, file["text"])
    schemas["DiffQuestion"]["properties"]["tasks"]["items"] = known(NAMES["tasks"], {"type": "string"})
    schemas["FormatQuestion"]["properties"]["text"] = known(TEXTS, {"type": "string"})
    for name in ("EvaluationQuestion", "EvaluationsQuestion", "SubjectSearchQuestion"):
        members = schemas[name]["properties"]
        members["resource"]["properties"]["id"] = known(NAMES["tasks"], members["resource"]["properties"]["id"])
        members["context"]["properties"]["on"] = known(DAYS, members["context"]["properties"]["on"])
        if "id" in members["subject"]["properties"]:
            offices = [f"ubnd@{unit}" for unit in NAMES["units"]]
            members["subject"]["properties"]["id"] = known(offices, members["subject"]["properties"]["id"])


def enrich(parameter):
    schema = parameter["schema"]
    if parameter["name"] == "id" and "body" in parameter["description"]:
        parameter["schema"] = known(BODIES, schema)
    elif parameter["name"] in ("id", "task") and "items" not in schema:
        parameter["schema"] = known(NAMES["tasks"], schema)
    elif parameter["name"] == "code":
        parameter["schema"] = known(NAMES["units"], schema)
    elif parameter["name"] == "number":
        parameter["schema"] = known(["45/2013/QH13", "50/2014/QH13", "49/2026/NĐ-CP"], schema)
    elif parameter["name"] == "on":
        parameter["schema"] = known(DAYS, schema)
    elif parameter["name"] == "in" and "items" not in schema:
        parameter["schema"] = known(NAMES["units"], schema)
    elif parameter["name"] == "task" and "items" in schema:
        schema["items"] = known(NAMES["tasks"], schema["items"])
    elif parameter["name"] in ("old", "new"):
        parameter["schema"] = known(["served"], schema)
    elif parameter["name"] == "in":
        schema["items"] = known(NAMES["units"], schema["items"])
    elif parameter["name"] == "in.ROLE":
        schema["properties"] = {f"in.{role}": {"type": "string", "enum": NAMES["units"]} for role in NAMES["roles"]}
    elif parameter["name"] == "fact.NAME":
        schema["properties"] = {f"fact.{name}": {"type": "string", "enum": values} for name, values in NAMES["facts"].items()}


@schemathesis.serializer("application/x-ndjson")
def ndjson(context, value):
    if isinstance(value, bytes):
        return value
    lines = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(line) for line in lines).encode("utf-8", "surrogatepass")


@schemathesis.deserializer("application/x-ndjson")
def lines(context, response):
    return response.content.decode("utf-8")


@schemathesis.check
def every_line_is_as_described(context, response, case):
    """Each line of a batch or an audit is an answer or a problem, and there are as many as there were questions."""
    if case.path not in ("/v1/who-decides/batch", "/v1/audit") or response.status_code != 200:
        return
    if case.media_type == "text/csv":
        return
    document = case.operation.schema.raw_schema
    validator = every_line_is_as_described.__dict__.setdefault(
        case.path,
        jsonschema_rs.Draft202012Validator(
            {
                "$ref": "#/components/schemas/Line",
                "components": {
                    "schemas": {
                        **document["components"]["schemas"],
                        "Line": document["paths"][case.path]["post"]["responses"]["200"]["content"]["application/x-ndjson"]["x-line-schema"],
                    }
                },
            }
        ),
    )
    answers = [json.loads(line) for line in response.content.decode("utf-8").split("\n") if line]
    for answer in answers:
        validator.validate(answer)
    if isinstance(case.body, list):
        assert len(answers) == len(case.body), f"{len(answers)} answers to {len(case.body)} questions"
