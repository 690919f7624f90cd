"""The files for Prometheus, Alertmanager and Grafana, as their tests read them."""
import json
import pathlib
import re

import yaml

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FILES = SOURCE / "packaging" / "monitoring"
RULE_FILES = sorted(FILES.glob("*.rules.yml"))
DASHBOARD = FILES / "grafana" / "hotclock.json"

# What Prometheus itself tells of each target.
OF_PROMETHEUS = {"up"}
# A name of PromQL: of a family, of what a rule records, of a label or a function.
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
GROUPINGS = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
WORDS = {"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "inf", "nan"}


def rules():
    """All rules, those that alert and those that record."""
    return [rule for path in RULE_FILES for group in yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
            for rule in group["rules"]]


def alerts():
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def recorded():
    return {rule["record"] for rule in rules() if "record" in rule}


def dashboard():
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


def dashboard_expressions():
    board = dashboard()
    out = [(panel["title"], target["expr"]) for panel in board["panels"] for target in panel.get("targets", [])]
    out += [(note["name"], note["expr"]) for note in board["annotations"]["list"]]
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            out.append((variable["name"], re.fullmatch(r"label_values\((.*), \w+\)", variable["definition"])[1]))
    return out


def families():
    """What docs/metrics.md has: a test of tests/metrics holds it against what a server tells. Name and kind."""
    page = (SOURCE / "docs" / "metrics.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([a-z_]+)` \| (\w+) \|", page, re.MULTILINE))


def labels_of_families():
    page = (SOURCE / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| \w+ \| ([a-z_, ]*) \|", page, re.MULTILINE)
    return {name: set(filter(None, re.split(", *", labels.strip()))) for name, labels in rows}


def series(kinds):
    """Every name that a series of these families has."""
    names = set()
    for name, kind in kinds.items():
        names |= {name + end for end in ("_bucket", "_sum", "_count")} if kind == "histogram" else {name}
    return names


def names_in(expression):
    """The series that an expression names."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\{[^}]*\}", "", bare)
    bare = re.sub(r"\[[^\]]*\]", "", bare)
    bare = GROUPINGS.sub("", bare)
    names = set()
    for found in NAME.finditer(bare):
        before, behind = bare[:found.start()][-1:], bare[found.end():].lstrip()
        is_call = behind.startswith("(")
        if not is_call and not before.isdigit() and found[0].lower() not in WORDS:
            names.add(found[0])
    return names


def matchers_in(expression):
    """(series, label) of each matcher, and of each label that is grouped by."""
    out = []
    for name, inside in re.findall(r"([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*)\}", expression):
        out += [(name, label) for label in re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", re.sub(r'"[^"]*"', '""', inside))]
    return out
