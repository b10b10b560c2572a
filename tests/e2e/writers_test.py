"""One ledger, one writer: two daemons at once, by every name that a file can have."""

import os
import signal
import subprocess
import unittest

import peers
import subject
from subject import Daemon


class Writers(unittest.TestCase):
    def setUp(self):
        self.daemon = Daemon(self.folder / self._testMethodName, listen="127.0.0.1:8081")
        self.lines = [{"id": "L1", "address": "127.31.0.1", "checks": "icmp"}]
        self.daemon.configure(self.lines)
        self.addCleanup(self.daemon.kill)

    def second(self, ledger):
        """Another daemon on this name, and how it ended: (exit code, its log)."""
        other = Daemon(self.daemon.folder / "second", listen="127.0.0.1:8082")
        other.ledger = ledger
        other.configure(self.lines)
        self.addCleanup(other.kill)
        other.start(ready=0)
        try:
            code = other.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            other.kill()
            code = "it runs"
        return code, other.log.read_text()

    def test_a_second_daemon_is_refused_by_every_name_and_the_book_stays_whole(self):
        self.daemon.start()
        self.daemon.wait_up("L1")
        ledger = self.daemon.ledger
        link, hard, bound = (ledger.with_name(n) for n in ("link.db", "hard.db", "bound.db"))
        link.symlink_to(ledger.name)
        hard.hardlink_to(ledger)
        bound.touch()
        subprocess.run(["mount", "--bind", ledger, bound], check=True)
        inside = ledger.parent / "mounted"
        inside.mkdir()
        subprocess.run(["mount", "--bind", ledger.parent, inside], check=True)
        for name in (ledger, link, hard, bound, inside / ledger.name, os.path.relpath(ledger, self.daemon.folder / "second")):
            with self.subTest(name=str(name)):
                code, log = self.second(name)
                self.assertEqual(code, 3, log)
                self.assertIn("another process is writing this ledger", log)
        for mounted in (inside, bound):
            subprocess.run(["umount", mounted], check=True)
        self.assertEqual(self.daemon.get("/readyz")[0], 200)
        self.assertEqual(self.daemon.stop(), 0)
        code, out, err = self.daemon.verify()
        self.assertEqual(code, 0, out + err)
        # nobody writes it now, and all the same it has two names
        code, log = self.second(hard)
        self.assertEqual(code, 3, log)
        self.assertIn("-samefile", log)

    def test_a_file_that_is_mounted_alone_is_refused(self):
        self.daemon.start()
        self.daemon.stop()
        bound = self.daemon.ledger.with_name("bound.db")
        bound.touch()
        subprocess.run(["mount", "--bind", self.daemon.ledger, bound], check=True)
        code, log = self.second(bound)
        subprocess.run(["umount", bound], check=True)
        self.assertEqual(code, 3, log)
        self.assertIn("mount the whole folder", log)

    def test_a_daemon_that_was_killed_leaves_no_lock(self):
        self.daemon.start()
        self.daemon.process.send_signal(signal.SIGKILL)
        self.daemon.process.wait()
        self.daemon.start()
        self.assertEqual(self.daemon.stop(), 0)

    def test_a_ledger_that_is_taken_away_raises_the_alarm_until_it_is_back(self):
        self.daemon.start()
        away = self.daemon.ledger.with_name("away.db")
        self.daemon.ledger.rename(away)
        peers.wait_for(lambda: self.daemon.metric("changtong_ledger_writable") == 0, 10, "the ledger's own alarm")
        status, text = self.daemon.get("/readyz")
        self.assertEqual(status, 503)
        self.assertIn("放回原文件", text)
        away.rename(self.daemon.ledger)
        peers.wait_for(lambda: self.daemon.metric("changtong_ledger_writable") == 1, 10, "it is back")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertEqual(self.daemon.verify()[0], 0)


if __name__ == "__main__":
    unittest.main()
