"""What compose.yaml has its containers do, done here in the same order with the same files, settings and commands.

compose_test.py PROGRAM SOURCE_DIR POSTGRES_FILE: on the PostgreSQL server that the tests share and a Redis of its own.
"""
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import yaml

PROGRAM, SOURCE, POSTGRES_FILE = sys.argv[1:]
WITHIN = 60  # seconds that anything may take
DATABASE = f"compose_{os.getpid()}"


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def run(words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=WITHIN, check=False, **more)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def comes_true(condition, of_what):
    until = time.monotonic() + WITHIN
    while not condition():
        assert time.monotonic() < until, of_what
        time.sleep(0.05)


def on(database, user):
    url = pathlib.Path(POSTGRES_FILE).read_text(encoding="utf-8").split("\n")[0]
    return url.replace("//postgres@/postgres?", f"//{user}@/{database}?")


class Room:
    """A machine on which what is mounted at /run/secrets lies in a directory."""

    def __init__(self, directory):
        self.directory = directory
        self.secrets = directory / "secrets"
        self.processes = []
        with open(f"{SOURCE}/compose.yaml", encoding="utf-8") as file:
            self.services = yaml.safe_load(file)["services"]
        run([f"{SOURCE}/packaging/compose/make-secrets", str(self.secrets)])
        self.redis_port = free_port()
        self.reached_at("owner_database_url", on(DATABASE, "postgres"))
        self.reached_at("node_database_url", on(DATABASE, "hotclock"))
        secret = (self.secrets / "redis_url").read_text(encoding="utf-8")
        self.reached_at("redis_url", secret.replace("@redis:6379", f"@127.0.0.1:{self.redis_port}"))
        settings = self.here(pathlib.Path(f"{SOURCE}/packaging/compose/hotclock.toml").read_text(encoding="utf-8"))
        (directory / "hotclock.toml").write_text(settings, encoding="utf-8")

    def reached_at(self, secret, url):
        file = self.secrets / secret
        file.unlink()
        file.write_text(url, encoding="utf-8")

    def here(self, text):
        return text.replace("/run/secrets", str(self.secrets))

    def environment(self, service, **more):
        own = {key: self.here(str(value)) for key, value in self.services[service]["environment"].items()}
        return {"PATH": f"{os.path.dirname(PROGRAM)}:/usr/bin:/bin", **own,
                "HOTCLOCK_CONFIG": str(self.directory / "hotclock.toml"), **more}

    def start(self, words, **more):
        self.processes.append(subprocess.Popen(words, cwd=self.directory, **more))
        return self.processes[-1]

    def end(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def make_the_role(room):
    url = on(DATABASE, "postgres")
    run(["psql", "-d", on("postgres", "postgres"), "-qc", f"CREATE DATABASE {DATABASE}"])
    host, port = (part.split("=")[1] for part in url.split("?")[1].split("&"))
    run(["sh", f"{SOURCE}/packaging/compose/role.sh"],
        env={"PATH": os.environ["PATH"], "PGHOST": host, "PGPORT": port, "POSTGRES_USER": "postgres",
             "POSTGRES_DB": DATABASE, "NODE_PASSWORD_FILE": str(room.secrets / "node_password")})


def migrate_and_grant(room):
    rights = room.directory / "rights.sql"
    command = room.services["migrate"]["command"][0].replace("/var/lib/hotclock/rights.sql", str(rights))
    run(["/bin/sh", "-ec", command], env=room.environment("migrate"), cwd=room.directory)
    run(["psql", "-d", on(DATABASE, "postgres"), "-v", "ON_ERROR_STOP=1", "-qf", str(rights)])


def redis(room):
    words = [word.replace("/run/secrets", str(room.secrets)) for word in room.services["redis"]["command"]]
    server = room.start(words + ["--port", str(room.redis_port), "--bind", "127.0.0.1", "--save", ""],
                        stdout=subprocess.DEVNULL)
    check = room.here(room.services["redis"]["healthcheck"]["test"][1]).replace("$$", "$")
    check = check.replace("redis-cli", f"redis-cli -p {room.redis_port}")
    comes_true(lambda: subprocess.run(check, shell=True, stderr=subprocess.DEVNULL, check=False).returncode == 0,
               "redis is not ready")
    return server


def node(room, name):
    # The image's own variables, of which the address alone is another: what a test opens stays on this machine.
    environment = room.environment(name, HOTCLOCK_LOG__FORMAT="json", HOTCLOCK_REALTIME__ADDRESS="127.0.0.1",
                                   HOTCLOCK_REALTIME__PORT=str(free_port()), HOTCLOCK_API__PORT="0",
                                   HOTCLOCK_METRICS__ADDRESS="127.0.0.1", HOTCLOCK_METRICS__PORT="0", HOTCLOCK_NODE=name)
    before = subprocess.run([PROGRAM, "healthcheck"], env=environment, capture_output=True, text=True, check=False)
    assert before.returncode == 1 and "not ready: connect to: nobody answers" in before.stderr, before
    log = open(room.directory / f"{name}.log", "w", encoding="utf-8")
    return room.start([PROGRAM, "serve"], env=environment, stdout=log, stderr=log), environment


def is_healthy(environment):
    said = subprocess.run([PROGRAM, "healthcheck"], env=environment, capture_output=True, text=True, check=False)
    return said.returncode == 0 and said.stdout == "ready\n"


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chmod(directory, 0o755)
        room = Room(pathlib.Path(directory))
        try:
            make_the_role(room)
            migrate_and_grant(room)
            redis(room)
            nodes = [node(room, name) for name in ("node-a", "node-b")]
            for process, environment in nodes:
                comes_true(lambda: is_healthy(environment) or process.poll() is not None, "a node is not ready")
                assert process.poll() is None, "\n".join(
                    file.read_text(encoding="utf-8") for file in room.directory.glob("*.log"))
            # A role with these rights alone works slots.
            done = json.loads(run([PROGRAM, "run", "stream-ranking", "--json"], env=nodes[0][1], cwd=directory))
            assert "completed" in json.dumps(done), done
            themes = urllib.request.urlopen(
                f"http://127.0.0.1:{nodes[1][1]['HOTCLOCK_REALTIME__PORT']}/theme/NP.json", timeout=WITHIN)
            assert themes.status == 200
            for process, environment in nodes:
                process.send_signal(signal.SIGTERM)
                assert process.wait(WITHIN) == 0
                assert not is_healthy(environment)
        finally:
            room.end()
            for statement in (f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", "DROP ROLE IF EXISTS hotclock"):
                run(["psql", "-d", on("postgres", "postgres"), "-qc", statement])


main()
