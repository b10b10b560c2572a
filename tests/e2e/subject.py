"""The daemon under test, as an operator sees it: files, signals, HTTP, commands."""

import csv
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request

import schemas
import truth
from peers import wait_for

binary = None  # set by run.py

HEADINGS = ["id", "name", "category", "unit", "town", "carrier", "circuit", "bandwidth_mbps", "address", "parent",
            "accepted", "closed", "grade", "checks"]


def inventory(lines):
    """lines.csv of dictionaries; what is left out is empty, the category is a village."""
    out = io.StringIO()
    rows = csv.DictWriter(out, HEADINGS, restval="")
    rows.writeheader()
    rows.writerows({"name": line["id"], "category": "village", "carrier": "电信", "town": "龙河镇", **line} for line in lines)
    return out.getvalue()


def run(*arguments, timeout=60):
    """One command of the program: (exit code, standard output, standard error)."""
    done = subprocess.run([binary, *[str(a) for a in arguments]], capture_output=True, text=True, timeout=timeout)
    return done.returncode, done.stdout, done.stderr


class Daemon:
    def __init__(self, folder, listen="127.0.0.1:8080"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.listen = listen
        self.config = self.folder / "changtong.yaml"
        self.ledger = self.folder / "ledger.db"
        self.log = self.folder / "daemon.log"
        self.process = None

    def configure(self, lines, extra="", defaults="interval: 1s, timeout: 1s, fast_interval: 250ms"):
        (self.folder / "lines.csv").write_text(inventory(lines))
        self.config.write_text(f"zone: Asia/Shanghai\nlisten: {self.listen}\nledger: {self.ledger}\ninventory: lines.csv\n"
                               f"defaults: {{ {defaults} }}\n{extra}")

    def start(self, wrap=(), program=None, ready=20):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*wrap, str(program or binary), "serve", "--config", str(self.config)],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        if ready:
            wait_for(self.ready, ready, "the daemon is ready (/readyz answers 200): " + self.tail())

    def ready(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with exit code {self.process.returncode}: " + self.tail())
        return self.get("/readyz")[0] == 200

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def request(self, path, method="GET", headers=None, body=None):
        """(status, text); (0, reason) where no answer came. What a centre answers has to be as it is documented."""
        wanted = urllib.request.Request(f"http://{self.listen}{path}", method=method, headers=headers or {}, data=body)
        try:
            with urllib.request.urlopen(wanted, timeout=5) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode(errors="replace")
        except OSError as error:
            return 0, str(error)
        schemas.hold(method, path, status, text)
        return status, text

    def get(self, path):
        return self.request(path)

    def json(self, path):
        status, text = self.get(path)
        if status != 200:
            raise AssertionError(f"GET {path}: {status} {text[:300]}")
        return json.loads(text)

    def metrics(self):
        """{(name, frozenset of label pairs): value}"""
        status, text = self.get("/metrics")
        if status != 200:
            raise AssertionError(f"GET /metrics: {status} {text[:300]}")
        out = {}
        for line in text.splitlines():
            if line.startswith("#") or not line:
                continue
            name, labels, value = re.fullmatch(r"([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)(?: \d+)?", line).groups()
            pairs = re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or "")
            out[name, frozenset(pairs)] = float(value)
        return out

    def metric(self, name, **labels):
        """The value of the one series with these labels (others may be there too); None if there is none."""
        wanted = set(labels.items())
        found = [v for (n, have), v in self.metrics().items() if n == name and wanted <= set(have)]
        if len(found) > 1:
            raise AssertionError(f"{name}{labels} names {len(found)} series")
        return found[0] if found else None

    def line_up(self, line):
        return self.metric("changtong_line_up", line=line)

    def wait_up(self, *lines, seconds=20):
        for line in lines:
            wait_for(lambda: self.line_up(line) == 1, seconds, f"{line} is up\n{self.tail()}")

    def wait_down(self, *lines, seconds=20):
        for line in lines:
            wait_for(lambda: self.line_up(line) == 0, seconds, f"{line} is down\n{self.tail()}")

    def stop(self):
        """A clean stop; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=20)
            self.no_sanitizer_spoke()
            return code
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("the daemon did not end within 20 s of SIGTERM: " + self.tail())

    def kill(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.no_sanitizer_spoke()

    def no_sanitizer_spoke(self):
        """For builds with sanitizers: a race or a bad access fails the case in which it happened."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        found = re.search(r"(?:WARNING|ERROR): \w+Sanitizer|runtime error:", text)
        if found:
            raise AssertionError(text[found.start():found.start() + 4000])

    def open_descriptors(self):
        return {int(n) for n in os.listdir(f"/proc/{self.process.pid}/fd")}

    # The books, by the commands that an auditor uses.
    def availability(self, begin, end=None, by="line"):
        rows = self._books("availability", begin, end, "--by", by)
        return {row["key"]: row for row in rows}

    def outages(self, begin, end=None):
        return sorted(self._books("outages", begin, end), key=lambda o: (o["target"], truth.instant(o["began"])))

    def _books(self, command, begin, end, *more):
        code, out, err = run(command, "--ledger", self.ledger, "--from", truth.iso(begin), "--to",
                             truth.iso(end or time.time() + 1), "--format", "json", *more)
        if code != 0:
            raise AssertionError(f"changtong {command}: exit code {code}: {err}")
        return json.loads(out)

    def verify(self):
        return run("ledger", "verify", "--ledger", self.ledger)
