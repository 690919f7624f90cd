"""What a container's engine would read, read here, where there is none.

container_test.py PROGRAM SOURCE_DIR: of packaging/Containerfile and compose.yaml, against the compose specification
(Debian's docker-compose has its schema), the tree they are built from, and the program that they start.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import yaml

PROGRAM, SOURCE = sys.argv[1:3]
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "LABEL", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
         "ENTRYPOINT", "CMD"}


def instructions(text):
    """(WORD, rest) of a Containerfile, its continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.M).replace("\\\n", " ")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line.strip()]


def stages(lines):
    out = []
    for word, rest in lines:
        if word == "FROM":
            out.append([])
        out[-1].append((word, rest))
    return out


def text_of(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def of(stage, word):
    return [rest for name, rest in stage if name == word]


def spelled(text):
    """A span of compose in seconds."""
    return sum(int(n) * {"s": 1, "m": 60}[unit] for n, unit in re.findall(r"(\d+)([ms])", text))


class Containerfile(unittest.TestCase):
    def setUp(self):
        self.lines = instructions(text_of(f"{SOURCE}/packaging/Containerfile"))
        self.build, self.run_stage = stages(self.lines)
        self.env = dict(re.findall(r"(\w+)=(\S+)", " ".join(of(self.run_stage, "ENV"))))

    def test_is_made_of_known_instructions(self):
        self.assertEqual({word for word, _ in self.lines} - KNOWN, set())

    def test_copies_what_there_is(self):
        for rest in of(self.build, "COPY"):
            self.assertTrue(os.path.exists(f"{SOURCE}/{rest.split()[0]}"), rest)
        for rest in of(self.build, "RUN"):
            for tool in re.findall(r"tools/\S+", rest):
                self.assertTrue(os.access(f"{SOURCE}/{tool}", os.X_OK), tool)
        self.assertIn("--from=build /package/hotclock.deb", of(self.run_stage, "COPY")[0])

    def test_installs_what_it_builds_with_and_nothing_to_run_with(self):
        groups = re.search(r"tools/install-packages (.*)", "\n".join(of(self.build, "RUN"))).group(1).split()
        script = text_of(f"{SOURCE}/tools/install-packages")
        for group in groups:
            self.assertRegex(script, rf"(?m)^    {group}\) ")
        installed = re.search(r"apt-get install -y --no-install-recommends (.*?) &&", " ".join(of(self.run_stage, "RUN")))
        self.assertEqual(installed.group(1), "/tmp/hotclock.deb")

    def test_does_not_run_as_root(self):
        user, group = of(self.run_stage, "USER")[-1].split(":")
        self.assertGreater(int(user), 999)
        self.assertIn(f"--uid {user} --gid {group}", " ".join(of(self.run_stage, "RUN")))
        self.assertIn(f"install -d -o {user} -g {group}", " ".join(of(self.run_stage, "RUN")))

    def test_starts_and_watches_over_the_program(self):
        self.assertEqual(json.loads(of(self.run_stage, "ENTRYPOINT")[0]), ["/usr/bin/hotclock"])
        asked = json.loads(of(self.run_stage, "HEALTHCHECK")[0].split("CMD", 1)[1])
        for words in (json.loads(of(self.run_stage, "CMD")[0]), asked[1:]):
            said = subprocess.run([PROGRAM, *words, "--help"], capture_output=True, text=True, check=False)
            self.assertEqual(said.returncode, 0, said.stderr)

    def test_sets_what_the_settings_know(self):
        """An unknown variable of Hotclock's is refused by it."""
        with tempfile.TemporaryDirectory() as room:
            config = shutil.copy(f"{SOURCE}/packaging/hotclock.toml", room)
            env = {**self.env, "HOTCLOCK_CONFIG": config}
            checked = subprocess.run([PROGRAM, "config", "check"], env=env, capture_output=True, text=True, check=False)
            self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_has_the_version_of_the_project(self):
        project = text_of(f"{SOURCE}/CMakeLists.txt")
        version = re.search(r"project\(hotclock VERSION (\S+)", project).group(1)
        self.assertIn(f'image.version="{version}"', of(self.run_stage, "LABEL")[0])
        self.assertIn(f"image: hotclock:{version}\n", text_of(f"{SOURCE}/compose.yaml"))


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        read = subprocess.run(["docker-compose", "--profile", "monitoring", "-f", f"{SOURCE}/compose.yaml", "config"], capture_output=True,
                              text=True, check=False)
        assert read.returncode == 0, read.stderr
        cls.all = yaml.safe_load(read.stdout)
        cls.services = cls.all["services"]
        cls.once = {"migrate", "grant"}

    def test_has_two_nodes_after_a_migration_that_has_ended(self):
        for node in ("node-a", "node-b"):
            self.assertEqual(self.services[node]["depends_on"]["grant"]["condition"],
                             "service_completed_successfully")
        self.assertEqual(self.services["grant"]["depends_on"]["migrate"]["condition"],
                         "service_completed_successfully")
        self.assertEqual(self.services["migrate"]["depends_on"], {"postgres": {"condition": "service_healthy"}})

    def test_opens_no_port_beyond_this_machine(self):
        for name, service in self.services.items():
            for port in service.get("ports", []):
                self.assertTrue(str(port).startswith("127.0.0.1:"), f"{name}: {port}")
        for name in ("postgres", "redis"):
            self.assertNotIn("ports", self.services[name])
            self.assertEqual(list(self.services[name]["networks"]), ["inside"])
        self.assertTrue(self.all["networks"]["inside"]["internal"])

    def test_holds_every_secret_in_a_file(self):
        for name, service in self.services.items():
            for key, value in (service.get("environment") or {}).items():
                if re.search("PASSWORD|URL|KEY|SECRET", key):
                    self.assertRegex(str(value), r"^(file:)?/run/secrets/", f"{name}: {key}")
            for secret in service.get("secrets", []):
                self.assertIn(secret["source"], self.all["secrets"], name)
        with tempfile.TemporaryDirectory() as room:
            subprocess.run([f"{SOURCE}/packaging/compose/make-secrets", room], check=True)
            for secret in self.all["secrets"].values():
                file = f"{room}/{os.path.basename(secret['file'])}"
                self.assertGreater(os.path.getsize(file), 32)
            before = text_of(f"{room}/jwt_key")
            subprocess.run([f"{SOURCE}/packaging/compose/make-secrets", room], check=True)
            self.assertEqual(text_of(f"{room}/jwt_key"), before)

    def test_watches_only_where_it_is_asked_to(self):
        watchers = {name for name, service in self.services.items() if service.get("profiles") == ["monitoring"]}
        self.assertEqual(watchers, {"prometheus", "alertmanager", "grafana"})
        scraped = yaml.safe_load(text_of(f"{SOURCE}/packaging/compose/prometheus.yml"))["scrape_configs"][0]
        self.assertEqual(scraped["static_configs"][0]["targets"], ["node-a:9464", "node-b:9464"])
        plain = yaml.safe_load(text_of(f"{SOURCE}/packaging/monitoring/prometheus.yml"))
        self.assertEqual({**scraped, "static_configs": 0}, {**plain["scrape_configs"][0], "static_configs": 0})

    def test_lets_services_do_little(self):
        for name, service in self.services.items():
            self.assertIn("no-new-privileges:true", service["security_opt"], name)
            if name != "postgres":  # its image begins as root, to make its directory its own
                self.assertTrue(service["read_only"], name)
                self.assertEqual(service["cap_drop"], ["ALL"], name)

    def test_watches_over_what_goes_on(self):
        for name in self.services.keys() - self.once - {"node-a", "node-b"}:  # the nodes' is their image's
            self.assertIn("test", self.services[name]["healthcheck"], name)
        self.assertEqual(self.services["migrate"]["healthcheck"]["test"], ["NONE"])

    def test_waits_for_work_longer_than_nodes_do(self):
        shown = subprocess.run([PROGRAM, "config", "show", "scheduler.drain", "--json"], capture_output=True, text=True,
                               check=True, env={"HOTCLOCK_CONFIG": f"{SOURCE}/packaging/compose/hotclock.toml"})
        drain = int(re.search(r"(\d+) s", shown.stdout).group(1))
        self.assertGreater(spelled(str(self.services["node-a"]["stop_grace_period"])), drain)

    def test_mounts_what_there_is(self):
        for name, service in self.services.items():
            for volume in service.get("volumes", []):
                source = volume["source"] if isinstance(volume, dict) else str(volume).split(":")[0]
                self.assertTrue(source in self.all["volumes"] or os.path.exists(source), f"{name}: {source}")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
