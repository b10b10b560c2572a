"""Our fault is never the line's fault: permission, descriptors, route."""

import os
import pathlib
import resource
import shutil
import tempfile
import time
import unittest

import peers
import subject
from subject import Daemon

# as nobody, without a single capability and without a way to get one
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
          "--inh-caps=-all"]


class Permission(unittest.TestCase):
    def setUp(self):
        # nobody must reach the program and its folder
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="changtong-nobody-"))
        self.addCleanup(shutil.rmtree, self.place, True)
        self.program = self.place / "changtong"
        shutil.copy(subject.binary, self.program)
        self.daemon = Daemon(self.place / "daemon")
        self.daemon.configure([{"id": "L1", "address": "127.8.0.1", "checks": "icmp"},
                               {"id": "L6", "address": "::1", "checks": "icmp"}], defaults="interval: 500ms, timeout: 400ms")
        for path in (self.place, self.daemon.folder):
            path.chmod(0o755)
        for path in (self.daemon.folder, *self.daemon.folder.iterdir()):
            os.chown(path, 65534, 65534)
        self.addCleanup(self.daemon.kill)

    def allow_ping_sockets(self, allowed):
        pathlib.Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 2147483647" if allowed else "1 0")

    def test_without_cap_net_raw_it_falls_back_to_ping_sockets_and_says_so(self):
        self.allow_ping_sockets(True)
        self.daemon.start(wrap=NOBODY, program=self.program)
        self.daemon.wait_up("L1", "L6")
        self.assertRegex(self.daemon.log.read_text(), r"(?i)ping socket")

    def test_without_any_permission_lines_are_unknown_and_never_down(self):
        self.allow_ping_sockets(False)
        begin = time.time()
        self.daemon.start(wrap=NOBODY, program=self.program)
        time.sleep(4)
        self.assertNotIn(self.daemon.line_up("L1"), (0, 1))
        self.assertGreater(self.daemon.metric("changtong_samples_total", kind="icmp", outcome="not_measured"), 0)
        self.daemon.stop()
        row = self.daemon.availability(begin - 1)["L1"]
        self.assertEqual((row["up_s"], row["down_s"], row["outages"]), (0, 0, 0))

    def test_with_cap_net_raw_it_says_raw_socket(self):
        self.daemon.start()
        self.daemon.wait_up("L1", "L6")
        self.assertRegex(self.daemon.log.read_text(), r"(?i)raw socket")


class Descriptors(unittest.TestCase):
    def test_without_descriptors_lines_are_unknown_never_down_and_it_recovers(self):
        listeners = [peers.Listener(f"127.8.1.{n}", 7001) for n in range(1, 6)]
        self.addCleanup(lambda: [listener.close() for listener in listeners])
        daemon = Daemon(self.folder / "descriptors")
        daemon.configure([{"id": f"L{n}", "address": f"127.8.1.{n}", "checks": "tcp:port=7001,reset=bad"}
                          for n in range(1, 6)], defaults="interval: 500ms, timeout: 400ms")
        self.addCleanup(daemon.kill)
        begin = time.time()
        daemon.start()
        daemon.wait_up(*[f"L{n}" for n in range(1, 6)])
        time.sleep(2)
        # not one descriptor more than are open now: the soft limit, which may be raised again
        soft, hard = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
        lowest_free = next(n for n in range(10000) if n not in daemon.open_descriptors())
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (lowest_free, hard))
        time.sleep(5)
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        daemon.wait_up(*[f"L{n}" for n in range(1, 6)])
        self.assertGreater(daemon.metric("changtong_samples_total", kind="tcp", outcome="not_measured"), 10)
        time.sleep(1)
        daemon.stop()
        self.assertEqual(daemon.outages(begin), [])
        for key, row in daemon.availability(begin).items():
            with self.subTest(line=key):
                self.assertEqual(row["down_s"], 0)
                self.assertGreater(row["unknown_s"], 3)


class Route(unittest.TestCase):
    def test_an_address_without_a_route_is_unknown_and_never_down(self):
        daemon = Daemon(self.folder / "route")
        daemon.configure([{"id": "PING", "address": "10.99.0.1", "checks": "icmp"},
                          {"id": "PORT", "address": "10.99.0.2", "checks": "tcp:port=443"},
                          {"id": "SIX", "address": "2001:db8::9", "checks": "icmp"}],
                         defaults="interval: 500ms, timeout: 400ms")
        self.addCleanup(daemon.kill)
        begin = time.time()
        daemon.start()
        time.sleep(4)
        daemon.stop()
        self.assertEqual(daemon.outages(begin), [])
        for key, row in daemon.availability(begin).items():
            with self.subTest(line=key):
                self.assertEqual((row["up_s"], row["down_s"]), (0, 0))


if __name__ == "__main__":
    unittest.main()
