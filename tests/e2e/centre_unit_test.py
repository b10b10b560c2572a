"""The centre under the filter and without the capabilities, as deploy/changtong-centre.service has it, without systemd."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import unittest

import peers
import subject
from postgres import Postgres
from subject import Daemon
from unit_test import CENTRE, HERE, whole

TOKEN, READER = "5d41402abc4b2a76b9719d911017c592", "9e107d9d372bb6826bd81d3542a419d6"


class ConfinedCentre(unittest.TestCase):
    def setUp(self):
        # an ordinary user must reach the program, the filter's script and the configuration
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="changtong-unit-"))
        self.addCleanup(shutil.rmtree, self.place, True)
        self.program = self.place / "changtong"
        shutil.copy(subject.binary, self.program)
        shutil.copy(HERE / "confine.py", self.place)
        shutil.copy(CENTRE, self.place / "unit.service")
        self.database = Postgres(self.place)
        self.addCleanup(shutil.rmtree, self.database.folder, ignore_errors=True)
        self.addCleanup(self.database.kill)
        self.database.folder.chmod(0o755)  # to its socket
        self.centre = Daemon(self.place / "centre", listen="127.0.0.1:8400")
        self.addCleanup(self.centre.kill)
        self.centre.config.write_text(f"listen: {self.centre.listen}\ndatabase: {{ connect: '{self.database.connect}' }}\n"
                                      f"readers: [{{ name: 看数, token: {READER} }}]\nnodes: [{{ name: 东城甲, token: {TOKEN} }}]\n")
        self.node = Daemon(self.place / "node", listen="127.0.0.1:8390")
        self.node.configure([{"id": "L0", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                            extra=f"node: 东城甲\ncentre: {{ url: 'http://127.0.0.1:8400', token: {TOKEN} }}\n")
        self.addCleanup(self.node.kill)
        for each in (self.place, *self.place.rglob("*")):
            each.chmod(0o755 if each.is_dir() or each == self.program else 0o644)

    def start(self, trace):
        with open(self.centre.log, "ab") as log:
            self.centre.process = subprocess.Popen(
                [*trace, "/usr/bin/python3", str(self.place / "confine.py"), str(self.place / "unit.service"), str(self.program), "serve",
                 "--centre", str(self.centre.config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/")

    def shipped(self):
        done = subprocess.run([self.program, "centre", "nodes", "--config", self.centre.config, "--format", "json"], capture_output=True, text=True)
        return '"entries":0' not in done.stdout.replace(" ", "") and "东城甲" in done.stdout

    def test_it_waits_for_its_database_receives_and_the_filter_refuses_nothing_that_it_asks_for(self):
        traced = self.place / "strace"
        self.start(["strace", "-f", "-o", str(traced)])
        peers.wait_for(lambda: self.centre.get("/healthz")[0] == 200, 60, "it runs before its database\n" + self.centre.tail())
        self.database.start()
        peers.wait_for(self.centre.ready, 60, "it has its database")
        self.node.start()
        peers.wait_for(self.shipped, 60, "the node ships\n" + self.centre.tail())
        pid = subprocess.run(["pgrep", "-P", str(self.centre.process.pid)], capture_output=True, text=True, check=True).stdout
        os.kill(int(pid), signal.SIGTERM)
        self.assertEqual(self.centre.process.wait(timeout=60), 0)
        calls = traced.read_text()
        calls = whole(calls[calls.index(f'execve("{self.program}"'):])
        self.assertEqual([line for line in calls if "EPERM" in line or "ENOSYS" in line], [])


if __name__ == "__main__":
    unittest.main()
