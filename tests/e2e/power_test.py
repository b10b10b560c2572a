"""The power of a node's disk is cut: what was announced before is in the ledger, which verifies, and an installation that had just begun
begins again. (The disks: `disks.py`.)

CHANGTONG_LONG=1 cuts it a hundred times instead of ten."""

import random
import signal
import time
import unittest

import disks
import peers
from centre_test import LONG
from pair_test import journal
from province import DEFAULTS
from subject import Daemon


class Power(unittest.TestCase):
    def setUp(self):
        reason = disks.cannot()
        if reason:
            self.skipTest(reason)
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        random.seed(seed)
        self.line = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(lambda: self.line.socket is not None and self.line.close())

    def a_node(self, name):
        """Its settings are old and safe, its ledger is on a disk of its own."""
        disk = disks.Disk(64)
        self.addCleanup(disk.remove)
        node = Daemon(self.folder / name, listen="127.0.0.1:8390")
        node.ledger = disk.folder / "books/ledger.db"
        node.ledger.parent.mkdir()
        disks.call("sync", "-f", disk.folder)
        node.configure([{"id": "L1", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}], defaults=DEFAULTS)
        self.addCleanup(node.kill)
        return node, disk

    def lose_power(self, node, disk):
        node.process.send_signal(signal.SIGSTOP)
        disk.cut_power()
        node.kill()
        disk.again()

    def assert_ends_well(self, node):
        node.wait_up("L1")
        self.assertEqual(node.stop(), 0)
        code, out, err = node.verify()
        self.assertEqual(code, 0, out + err)

    def announced(self, node):
        """How often it has said that the line is down, or up again."""
        text = node.log.read_text()
        return text.count(" 断 L1") + text.count(" 通 L1")

    def test_what_was_announced_is_in_the_ledger(self):
        node, disk = self.a_node("announced")
        node.start()
        for _ in range(100 if LONG else 10):
            node.wait_up("L1")
            said = self.announced(node)
            self.line.close()
            peers.wait_for(lambda said=said: self.announced(node) > said, 20, "the line is down\n" + node.tail())
            self.line.open()
            time.sleep(random.uniform(0, 0.5))  # at any moment after what was announced
            before = journal(node.ledger)
            self.lose_power(node, disk)
            after = journal(node.ledger)
            self.assertEqual(after[:len(before)], before, "what could be read is there, as it was")
            self.assertGreaterEqual(sum(kind == "transition" for _, _, kind, *_ in after), self.announced(node), "what was said is there")
            node.start()
        self.assert_ends_well(node)

    def test_an_installation_that_had_just_begun_begins_again(self):
        for k in range(50 if LONG else 5):
            node, disk = self.a_node(f"new{k}")
            for most in (0.2, 1):
                node.start(ready=0)
                time.sleep(random.uniform(0, most))  # at any moment of its beginning
                self.lose_power(node, disk)
            node.start()
            self.assert_ends_well(node)


if __name__ == "__main__":
    unittest.main()
