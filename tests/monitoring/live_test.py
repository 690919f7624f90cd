"""A node, a Prometheus and an Alertmanager with the files of packaging/monitoring: every expression of rules and dashboard
has an answer, an alert goes all the way to people, and its link leads to the runbook.

live_test.py PROGRAM
"""
import http.server
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import yaml

import files

PROGRAM = sys.argv.pop(1)
WITHIN = 60  # seconds that anything may take
# Commands that change nothing.
LOOKS = {"alerts", "history", "show", "jobs", "nodes", "stats", "audit", "drift", "config", "doctor", "clients", "next",
         "kill-switch", "schedule", "healthcheck", "simulate"}

SETTINGS = """
[database]
url = "sqlite:{room}/demo.db"
[metrics]
enabled = true
port = {metrics}
[api]
port = {api}
[realtime]
port = {realtime}
[alerts]
every = "1 s"
group_wait = "0 s"
runbook = "http://127.0.0.1:{api}/api/v1/runbook/{{rule}}"
[alerts.rules.disabled_long]
after = "0 s"
[notifiers.people]
kind = "alertmanager"
url = "http://127.0.0.1:{alertmanager}"
allow_private = true
severities = ["info", "warning", "critical"]
[sinks.main]
kind = "redis"
url = "redis://127.0.0.1:{nobody}"
"""


def free_ports(count):
    doors = [socket.socket() for _ in range(count)]
    for door in doors:
        door.bind(("127.0.0.1", 0))
    ports = [door.getsockname()[1] for door in doors]
    for door in doors:
        door.close()
    return ports


def comes_true(condition, of_what):
    until = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < until, of_what() if callable(of_what) else of_what
        time.sleep(0.1)


def fetched(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=WITHIN) as answer:
        return answer.read().decode()


class People(http.server.BaseHTTPRequestHandler):
    """What Alertmanager tells: (receiver, status, labels, annotations)."""
    heard = []

    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard += [(self.path[1:], one["status"], one["labels"], one["annotations"]) for one in told["alerts"]]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Room:
    """All of it on this machine, on ports of their own."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.processes = []
        names = ("metrics", "api", "realtime", "alertmanager", "prometheus", "nobody")
        self.ports = dict(zip(names, free_ports(len(names))))
        self.people = http.server.ThreadingHTTPServer(("127.0.0.1", 0), People)
        threading.Thread(target=self.people.serve_forever, daemon=True).start()

    def start(self, name, *words):
        with open(self.directory / f"{name}.log", "wb") as log:
            self.processes.append(
                subprocess.Popen(words, cwd=self.directory, stdout=log, stderr=log, env=self.environment()))
        return self.processes[-1]

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOTCLOCK_CONFIG": str(self.directory / "hotclock.toml")}

    def logs(self):
        return "\n".join(f"{file.name}: {file.read_text(encoding='utf-8')[-3000:]}" for file in self.directory.glob("*.log"))

    def hotclock(self, *words):
        done = subprocess.run([PROGRAM, *words], cwd=self.directory, env=self.environment(), capture_output=True,
                              text=True, check=False, timeout=WITHIN)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def node(self):
        settings = SETTINGS.format(room=self.directory, **self.ports)
        (self.directory / "hotclock.toml").write_text(settings, encoding="utf-8")
        self.hotclock("demo", "--users", "50", "--streams", "3")
        return self.start("node", PROGRAM, "serve")

    def alertmanager(self):
        """The example as it is, but that nobody is waited for and people hear it here."""
        text = (files.FILES / "alertmanager.yml").read_text(encoding="utf-8")
        text = text.replace("127.0.0.1:9999", f"127.0.0.1:{self.people.server_port}")
        text = text.replace("group_wait: 30s", "group_wait: 0s").replace("group_interval: 5m", "group_interval: 1s")
        (self.directory / "alertmanager.yml").write_text(text, encoding="utf-8")
        self.start("alertmanager", "prometheus-alertmanager", "--config.file=alertmanager.yml",
                   "--storage.path=alertmanager-data", f"--web.listen-address=127.0.0.1:{self.ports['alertmanager']}",
                   "--cluster.listen-address=")

    def prometheus(self):
        """The files as they are, but for ports, and with seconds where they have minutes to wait."""
        for path in files.RULE_FILES:
            text = re.sub(r"(?m)^( +for:) .*$", r"\1 1s", path.read_text(encoding="utf-8"))
            (self.directory / path.name).write_text(text, encoding="utf-8")
        config = yaml.safe_load((files.FILES / "prometheus.yml").read_text(encoding="utf-8"))
        config["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
        config["scrape_configs"][0]["static_configs"][0]["targets"] = [f"127.0.0.1:{self.ports['metrics']}"]
        config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [
            f"127.0.0.1:{self.ports['alertmanager']}"]
        (self.directory / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
        self.start("prometheus", "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
                   f"--web.listen-address=127.0.0.1:{self.ports['prometheus']}")

    def asked(self, path, **query):
        url = f"http://127.0.0.1:{self.ports['prometheus']}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            return json.loads(fetched(url))
        except urllib.error.HTTPError as refused:
            said = refused.read()
            return {"status": "away"} if refused.code == 503 else json.loads(said)
        except OSError:
            return {"status": "away"}

    def answers(self, expression):
        said = self.asked("query", query=expression)
        assert said["status"] in ("success", "away"), f"{expression}: {said}"
        return said.get("data", {}).get("result", [])

    def end(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(WITHIN)
        self.people.shutdown()
        self.people.server_close()


def filled_in(expression):
    for name, value in (("$__rate_interval", "10s"), ("$job", ".*"), ("$node", ".*")):
        expression = expression.replace(name, value)
    return expression


class Monitoring(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        self.room = Room(self.place.name)
        self.addCleanup(self.room.end)
        People.heard.clear()
        self.node = self.room.node()
        self.room.alertmanager()
        self.room.prometheus()
        comes_true(lambda: self.room.answers("hotclock_nodes"), self.room.logs)

    def test_the_runbook_looks_at_what_there_is(self):
        """Its commands that only look; service/cli/runbook_test.cpp has the form of all of them."""
        meant = {"JOB": "og-daily-bonus", "EXECUTION": "1", "QUEUE": "default", "INSTANT": "2026-11-23T00:05Z",
                 "NOTIFIER": "people", "RULE": "failed", "DAY": "2026-11-23"}
        tried = set()
        for page in sorted((files.SOURCE / "docs" / "runbook").glob("*.md")):
            for command in re.findall(r"(?m)^    hotclock (.*)$", page.read_text(encoding="utf-8")):
                words = re.sub(r"\b(" + "|".join(meant) + r")\b", lambda word: meant[word[0]], command).split()
                is_look = words[0] in LOOKS and not {"test", "on", "off", "set"} & set(words)
                if not is_look or command in tried:
                    continue
                tried.add(command)
                done = subprocess.run([PROGRAM, *words], cwd=self.room.directory, env=self.room.environment(),
                                      capture_output=True, text=True, check=False, timeout=WITHIN)
                # 1 is an answer, too: doctor and healthcheck say so what is wrong.
                self.assertIn(done.returncode, (0, 1), f"{page.stem}: {command}: {done.stdout}{done.stderr}")
        self.assertGreater(len(tried), 40)

    def heard(self, alert, receiver, status="firing"):
        return [said for said in People.heard if said[:2] == (receiver, status) and said[2]["alertname"] == alert]

    def test_every_expression_has_an_answer(self):
        self.assertGreater(len(files.dashboard_expressions()), 40)
        for where, expression in files.dashboard_expressions():
            if where == "Restarts":  # what it shows is rare
                self.assertEqual(self.room.answers(filled_in(expression)), [])
                continue
            comes_true(lambda: self.room.answers(filled_in(expression)), lambda: f"{where}: no answer to {expression}")
        for rule in files.rules():
            self.room.answers(rule["expr"])
            for side in re.split(r"\s(?:and|unless)\s", rule["expr"]):
                for name in files.names_in(side) - {"up"}:
                    comes_true(lambda: self.room.answers(name), lambda: f"nothing tells {name}")

    def test_the_rules_are_well_and_silent_at_a_node_that_is(self):
        def groups():
            return self.room.asked("rules").get("data", {}).get("groups", [])
        comes_true(lambda: groups() and all(rule["health"] == "ok" for group in groups() for rule in group["rules"]),
                   lambda: json.dumps(groups()))
        def firing():
            return {one["metric"]["alertname"] for one in self.room.answers('ALERTS{alertstate="firing"}')}
        # The demo has failures in its past, and nobody takes the events of its sink.
        comes_true(lambda: firing() <= {"HotclockSinkBehind", "HotclockOwnAlert"}, lambda: str(firing()))

    def test_an_alert_of_hotclocks_reaches_people_and_leads_to_its_page(self):
        self.room.hotclock("pause", "trust-score", "--reason", "the provider moves")
        def shown():
            return [one for one in json.loads(self.room.hotclock("alerts", "--rule", "disabled_long", "--json"))["items"]
                    if one["state"] == "firing"]
        comes_true(shown, self.room.logs)
        link = shown()[0]["annotations"]["runbook"]
        self.assertEqual(link, f"http://127.0.0.1:{self.room.ports['api']}/api/v1/runbook/disabled_long")
        self.assertTrue(fetched(link).startswith("# disabled_long\n"))
        self.assertIn("<h1>disabled_long</h1>", fetched(link, {"Accept": "text/html"}))
        self.assertEqual(fetched(link), self.room.hotclock("alerts", "explain", "disabled_long"))
        def standing():
            return json.loads(fetched(f"http://127.0.0.1:{self.room.ports['alertmanager']}/api/v2/alerts"))
        def is_told():
            return [one for one in standing() if one["labels"]["alertname"] == "disabled_long"]
        comes_true(is_told, self.room.logs)
        self.assertEqual(is_told()[0]["receivers"], [{"name": "nobody"}])
        self.assertEqual(is_told()[0]["annotations"]["runbook"], link)
        # And once more by way of Prometheus, whose link leads to the same page.
        comes_true(lambda: self.room.answers('ALERTS{alertname="HotclockOwnAlert",rule="disabled_long",severity="info"}'),
                   self.room.logs)

    def test_a_node_that_dies_is_told_to_who_is_on_call(self):
        self.node.kill()
        self.node.wait(WITHIN)
        comes_true(lambda: self.heard("HotclockDown", "oncall") and self.heard("HotclockDown", "chat"), self.room.logs)
        notes = self.heard("HotclockDown", "oncall")[0][3]
        self.assertEqual(notes["runbook_url"], "http://127.0.0.1:8081/api/v1/runbook/HotclockDown")
        # It is held back by the other: that no node answers says it.
        def node_down():
            alerts = json.loads(fetched(f"http://127.0.0.1:{self.room.ports['alertmanager']}/api/v2/alerts"))
            return [one["status"]["state"] for one in alerts if one["labels"]["alertname"] == "HotclockNodeDown"]
        comes_true(lambda: node_down() == ["suppressed"], self.room.logs)
        self.room.start("node-again", PROGRAM, "serve")
        comes_true(lambda: self.heard("HotclockDown", "oncall", "resolved"), self.room.logs)


if __name__ == "__main__":
    unittest.main()
