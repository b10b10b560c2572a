"""A node whose brokers have names, and a name server that never answers: it measures, records and stops as ever."""

import pathlib
import socket
import subprocess
import time
import unittest

import brokers
import peers
from subject import Daemon

NODE, PASSWORD, PORT = "东城区", "of the east 0123456789", 8421
NAME, ANOTHER = "broker.example", "another.example"
AT_ONCE = 20  # seconds, as everybody's: what waited for a name would take 30 s and more


class Names(unittest.TestCase):
    def setUp(self):
        self.home = self.folder / self.id().split(".")[-1]
        self.home.mkdir(parents=True)
        silent = socket.socket(type=socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 53))
        self.addCleanup(silent.close)
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30\n"), ("nsswitch.conf", "hosts: files dns\n"), ("hosts", "")):
            (self.home / name).write_text(text)
            target = (pathlib.Path("/etc") / name).resolve()
            subprocess.run(["mount", "--bind", self.home / name, target], check=True)
            self.addCleanup(subprocess.run, ["umount", target], check=True)
        self.authority = peers.Authority(self.home / "ca", "office")
        self.broker = brokers.Broker(self.home / "broker", PORT, self.authority, [brokers.rights(PASSWORD, NODE)], names=(NAME,))
        self.addCleanup(self.broker.kill)
        self.line = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(lambda: self.line.socket is not None and self.line.close())
        self.node = Daemon(self.home / "node", listen="127.0.0.1:8390")
        self.configure(NAME)
        self.addCleanup(self.node.kill)

    def configure(self, name):
        self.node.configure([{"id": "L0", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                            extra=f"node: {NODE}\ncentre: {{ nats: [\"tls://{name}:{PORT}\"], user: {NODE}, password: {PASSWORD}, ca: {self.authority.certificate}, commands: [probe] }}\n",
                            defaults="interval: 300ms, timeout: 250ms, fast_interval: 100ms, down_after: 2, up_after: 1")

    def resolve(self, known):
        """Whether the name is known here, or has to be asked for of who is silent."""
        (self.home / "hosts").write_text(f"127.0.0.1 {NAME}\n" if known else "")

    def threads(self):
        return len(list(pathlib.Path(f"/proc/{self.node.process.pid}/task").iterdir()))

    def measures_and_stops(self):
        begin = time.time()
        for _ in range(3):
            self.line.close()
            self.node.wait_down("L0", seconds=AT_ONCE)
            self.line.open()
            self.node.wait_up("L0", seconds=AT_ONCE)
        stopping = time.monotonic()
        self.assertEqual(self.node.stop(), 0)
        self.assertLess(time.monotonic() - stopping, 10)
        self.assertEqual(len(self.node.outages(begin)), 3, "all of it is recorded")

    def test_from_the_beginning(self):
        self.node.start()
        self.node.wait_up("L0", seconds=AT_ONCE)
        before = self.threads()
        time.sleep(13)  # an attempt is waited for five seconds: each that hangs would leave a thread
        self.assertLessEqual(self.threads(), before + 1, "those who hang do not pile up")
        self.measures_and_stops()

    def test_a_name_that_takes_longer_than_is_waited_for_is_not_in_vain(self):
        """The first name server is dead, as the system finds out each time, twice three seconds long; an attempt is waited for five."""
        (self.home / "resolv.conf").write_text("nameserver 127.0.0.1\nsearch .\noptions timeout:3 attempts:1\n")
        (self.home / "nsswitch.conf").write_text("hosts: dns files\n")
        self.resolve(True)
        self.node.start()
        peers.wait_for(lambda: f"changtong {NODE}" in self.broker.guests(), 30, "the node is there")
        self.assertEqual(self.node.stop(), 0)

    def test_a_broker_that_is_called_otherwise_is_not_believed(self):
        """Its certificate says its address, at which it is found, and not the name in the settings."""
        (self.home / "hosts").write_text(f"127.0.0.1 {ANOTHER}\n")
        self.configure(ANOTHER)
        self.node.start()
        peers.wait_for(lambda: "消息中间件TLS 不通" in self.node.tail(), AT_ONCE, "the node says so")
        self.assertEqual(self.broker.guests(), [])
        self.assertEqual(self.node.stop(), 0)

    def test_once_a_broker_was_there_and_is_gone(self):
        self.resolve(True)
        self.node.start()
        peers.wait_for(lambda: f"changtong {NODE}" in self.broker.guests(), AT_ONCE, "the node is there\n" + self.node.tail())
        self.node.wait_up("L0", seconds=AT_ONCE)
        self.resolve(False)
        self.broker.kill()
        self.measures_and_stops()
        self.resolve(True)
        self.broker.start()
        self.node.start()
        peers.wait_for(lambda: f"changtong {NODE}" in self.broker.guests(), AT_ONCE, "and comes again")


if __name__ == "__main__":
    unittest.main()
