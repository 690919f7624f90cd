"""Whether the files of packaging/monitoring are what they say: for promtool, for amtool, and beside Hotclock's families
and runbook."""
import re
import subprocess
import unittest

import yaml

import files


def said(words):
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=files.FILES, timeout=120)
    return done.returncode, done.stdout + done.stderr


class Rules(unittest.TestCase):
    def test_promtool_takes_them(self):
        for words in (["promtool", "check", "rules", *map(str, files.RULE_FILES)],
                      ["promtool", "check", "config", "prometheus.yml"]):
            code, text = said(words)
            self.assertEqual(code, 0, text)

    def test_each_fires_at_its_threshold_and_is_silent_beneath(self):
        code, text = said(["promtool", "test", "rules", *map(str, self.cases())])
        self.assertEqual(code, 0, text)

    def test_each_is_tried_from_both_sides(self):
        self.assertEqual({path.stem for path in self.cases()}, set(files.alerts()))
        for path in self.cases():
            asked = [test for case in yaml.safe_load(path.read_text(encoding="utf-8"))["tests"]
                     for test in case["promql_expr_test"]]
            self.assertTrue(all(f'alertname="{path.stem}",alertstate="firing"' in test["expr"] for test in asked), path)
            silent = [test for test in asked if not test["exp_samples"]]
            self.assertTrue(silent and len(silent) < len(asked), f"{path.stem} is tried from one side alone")

    @staticmethod
    def cases():
        return sorted((files.SOURCE / "tests" / "monitoring" / "rules").glob("*.yml"))

    def test_each_says_what_it_is_and_leads_to_its_page(self):
        pages = {page.stem for page in (files.SOURCE / "docs" / "runbook").glob("*.md")}
        for name, rule in files.alerts().items():
            notes = rule["annotations"]
            self.assertEqual(set(notes), {"summary", "description", "runbook_url"}, name)
            self.assertIn(name, pages)
            where = "{{ $labels.rule }}" if name == "HotclockOwnAlert" else name
            self.assertEqual(notes["runbook_url"], f"http://127.0.0.1:8081/api/v1/runbook/{where}")
            if name != "HotclockOwnAlert":  # it has the severity of what it tells of
                self.assertIn(rule["labels"]["severity"], ("info", "warning", "critical"), name)

    def test_the_page_on_monitoring_lists_each_with_its_severity(self):
        page = (files.SOURCE / "docs" / "monitoring.md").read_text(encoding="utf-8")
        listed = dict(re.findall(r"^\| `(Hotclock\w+)` \| (\w+)", page, re.MULTILINE))
        severities = {name: rule.get("labels", {}).get("severity", "as") for name, rule in files.alerts().items()}
        self.assertEqual(listed, severities)

    def test_no_page_is_of_a_rule_that_is_none(self):
        pages = {page.stem for page in (files.SOURCE / "docs" / "runbook").glob("Hotclock*.md")}
        self.assertEqual(pages, set(files.alerts()))

    def test_no_name_is_given_twice(self):
        names = [rule.get("alert") or rule["record"] for rule in files.rules()]
        self.assertEqual(len(names), len(set(names)))

    def test_what_is_recorded_is_used(self):
        used = set().union(*(files.names_in(text) for _, text in files.dashboard_expressions()),
                           *(files.names_in(rule["expr"]) for rule in files.rules()))
        self.assertEqual(files.recorded() - used, set())


class Families(unittest.TestCase):
    def expressions(self):
        return files.dashboard_expressions() + [(rule.get("alert") or rule["record"], rule["expr"])
                                                for rule in files.rules()]

    def test_every_name_is_a_family(self):
        known = files.series(files.families()) | files.recorded() | files.OF_PROMETHEUS
        for where, text in self.expressions():
            names = files.names_in(text)
            self.assertTrue(names, where)
            self.assertEqual(names - known, set(), f"{where} names what Hotclock does not tell")

    def test_every_label_is_one_of_the_family(self):
        labels = files.labels_of_families()
        of_target = {"job", "instance", "le"}
        for where, text in self.expressions():
            for name, label in files.matchers_in(text):
                family = re.sub(r"_(bucket|sum|count)$", "", name)
                if family in labels:
                    self.assertIn(label, labels[family] | of_target, f"{where}: {name}")

    def test_numbers_of_the_whole_cluster_are_never_added_over_nodes(self):
        page = (files.SOURCE / "docs" / "metrics.md").read_text(encoding="utf-8")
        section = page[page.index("## The whole cluster"):page.index("## Alerts and notices")]
        of_cluster = set(re.findall(r"^\| `(\w+)` \| gauge", section, re.MULTILINE))
        self.assertGreater(len(of_cluster), 10)
        for where, text in self.expressions():
            for name in files.names_in(text) & of_cluster:
                is_variable = text.strip() == name
                for found in re.finditer(rf"\b{name}\b", text):
                    outer = re.search(r"(\w+)\s*(?:by \([^)]*\)\s*)?\($", text[:found.start()])
                    self.assertTrue(is_variable or (outer and outer[1] == "max"), f"{where}: {text}")

    def test_a_family_that_was_renamed_is_found(self):
        text = 'sum by (job) (rate(hotclock_gone_total{end="missed",job=~"$job"}[5m])) > 2 * max(up) and hotclock_x == 0'
        self.assertEqual(files.names_in(text), {"hotclock_gone_total", "up", "hotclock_x"})
        self.assertEqual(files.matchers_in(text), [("hotclock_gone_total", "end"), ("hotclock_gone_total", "job")])
        self.assertGreater(len(files.families()), 60)


class Dashboard(unittest.TestCase):
    def setUp(self):
        self.board = files.dashboard()
        self.panels = self.board["panels"]

    def test_it_can_be_imported_anywhere(self):
        self.assertIsNone(self.board["id"])
        self.assertEqual(self.board["uid"], "hotclock")
        variables = {one["name"]: one for one in self.board["templating"]["list"]}
        self.assertEqual(set(variables), {"datasource", "job", "node"})
        self.assertEqual((variables["datasource"]["type"], variables["datasource"]["query"]), ("datasource", "prometheus"))
        for name in ("job", "node"):
            self.assertEqual(variables[name]["datasource"]["uid"], "${datasource}")
            self.assertTrue(variables[name]["includeAll"] and variables[name]["multi"])

    def test_no_id_is_given_twice(self):
        ids = [panel["id"] for panel in self.panels]
        self.assertEqual(len(ids), len(set(ids)))

    def test_no_panel_lies_on_another_or_beside_the_page(self):
        taken = {}
        for panel in self.panels:
            at = panel["gridPos"]
            self.assertTrue(0 <= at["x"] and at["x"] + at["w"] <= 24 and at["w"] > 0 and at["h"] > 0, panel["title"])
            for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
                self.assertNotIn(cell, taken, f"{panel['title']} lies on {taken.get(cell)}")
                taken[cell] = panel["title"]

    def test_every_panel_says_what_it_shows(self):
        shown = [panel for panel in self.panels if panel["type"] != "row"]
        self.assertEqual(len({panel["title"] for panel in self.panels}), len(self.panels))
        for panel in shown:
            self.assertTrue(panel["title"] and panel["description"].endswith("."), panel["title"])
            self.assertIn(panel["fieldConfig"]["defaults"]["unit"],
                          ("short", "s", "percentunit", "bytes", "cps", "reqps"), panel["title"])
            for one in [panel, *panel["targets"]]:
                self.assertEqual(one["datasource"], {"type": "prometheus", "uid": "${datasource}"}, panel["title"])

    def test_its_rows_begin_with_whether_each_slot_happened(self):
        rows = [panel["title"] for panel in self.panels if panel["type"] == "row"]
        self.assertEqual(rows, ["Did each slot happen", "Waiting and running", "Money", "Events and clients", "Database",
                                "Process", "Alerts and notices"])

    def test_a_step_of_a_rate_is_grafanas(self):
        for where, text in files.dashboard_expressions():
            for function, span in re.findall(r"(rate|irate)\([^\[]*\[([^\]]*)\]", text):
                self.assertEqual(span, "$__rate_interval", f"{where}: {function}")


class Alertmanager(unittest.TestCase):
    def setUp(self):
        self.config = yaml.safe_load((files.FILES / "alertmanager.yml").read_text(encoding="utf-8"))

    def test_amtool_takes_it(self):
        code, text = said(["amtool", "check-config", "alertmanager.yml"])
        self.assertEqual(code, 0, text)

    def test_each_severity_goes_where_it_belongs(self):
        for severity, receivers in (("critical", "oncall,chat"), ("warning", "chat"), ("info", "nobody")):
            code, text = said(["amtool", "config", "routes", "test", "--config.file=alertmanager.yml",
                               f"--verify.receivers={receivers}", f"severity={severity}", "alertname=failed"])
            self.assertEqual(code, 0, text)

    def test_what_holds_back_and_is_held_back_are_alerts(self):
        known = set(files.alerts()) | {page.stem for page in (files.SOURCE / "docs" / "runbook").glob("*.md")}
        for rule in self.config["inhibit_rules"]:
            for side in ("source_matchers", "target_matchers"):
                for matcher in rule[side]:
                    names = re.fullmatch(r'alertname =~? "?([\w|]+)"?', matcher)[1].split("|")
                    self.assertEqual(set(names) - known, set())

    def test_nothing_holds_back_what_holds_it_back(self):
        def names(rule, side):
            return {name for matcher in rule[side] for name in re.findall(r"\w+", matcher.split("=", 1)[1])}
        pairs = {(by, of) for rule in self.config["inhibit_rules"] for by in names(rule, "source_matchers")
                 for of in names(rule, "target_matchers")}
        self.assertEqual({pair for pair in pairs if pair[::-1] in pairs or pair[0] == pair[1]}, set())

    def test_it_holds_no_secret(self):
        text = (files.FILES / "alertmanager.yml").read_text(encoding="utf-8")
        self.assertNotRegex(text, r"(?m)^[^#]*(password|token|secret|credentials|api_key)\s*:")


if __name__ == "__main__":
    unittest.main()
