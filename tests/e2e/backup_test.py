"""A backup of a running daemon is verified, goes back anywhere, loses nothing that stands in its way, and knows damage."""

import json
import pathlib
import re
import shutil
import unittest

import peers
import subject
from subject import Daemon

TOKEN = "5d41402abc4b2a76b9719d911017c592"


class Backup(unittest.TestCase):
    def setUp(self):
        self.home = self.folder / self.id().split(".")[-1]
        self.listener = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(self.listener.close)
        self.daemon = Daemon(self.home / "office")
        self.daemon.folder.joinpath("token").write_text(TOKEN)
        self.daemon.configure([{"id": "L1", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                              extra="api: { token_file: token }\n", defaults="interval: 500ms, timeout: 400ms")
        self.addCleanup(self.daemon.kill)
        self.daemon.start()
        self.daemon.wait_up("L1")
        self.keep = self.home / "backups"

    def backup(self, *more):
        code, out, err = subject.run("backup", self.keep, *(more or ("--config", self.daemon.config)))
        self.assertEqual(code, 0, out + err)
        return pathlib.Path(re.search(r"已备份到 (\S+)：", out)[1]), out

    def restored(self, folder, *more):
        return subject.run("restore", folder, *more)

    def verify(self, ledger, *more):
        code, out, err = subject.run("ledger", "verify", "--ledger", ledger, "--format", "json", *more)
        self.assertEqual(code, 0, out + err)
        return json.loads(out)["entries"]

    def test_of_a_running_daemon_to_another_machine(self):
        folder, out = self.backup()
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertEqual(sorted(p.name for p in (folder / "ledger").iterdir()),
                         ["ledger.db", "ledger.db.key", "ledger.db.pub"])
        listed = json.loads((folder / "backup.json").read_text())
        self.assertEqual({pathlib.Path(f["path"]).name for f in listed["files"]},
                         {"ledger.db", "ledger.db.key", "ledger.db.pub", "changtong.yaml", "lines.csv", "token"})
        self.assertEqual(self.verify(folder / "ledger/ledger.db"), listed["entries"])
        self.assertNotIn(TOKEN, out)
        there = self.home / "elsewhere"
        code, out, err = self.restored(folder, "--to", there)
        self.assertEqual((code, there.exists()), (0, False), out + err)  # a preview
        code, out, err = self.restored(folder, "--to", there, "--apply")
        self.assertEqual(code, 0, out + err)
        office = pathlib.Path(str(there) + str(self.daemon.folder.resolve()))
        self.assertEqual(self.verify(office / "ledger.db"), listed["entries"])
        self.assertEqual((office / "lines.csv").read_text(), (self.daemon.folder / "lines.csv").read_text())
        self.assertEqual((office / "ledger.db.key").stat().st_mode & 0o777, 0o600)
        self.daemon.stop()
        moved = Daemon(office)  # goes on where the backup was taken
        moved.config.write_text(moved.config.read_text().replace(str(self.daemon.ledger), str(moved.ledger)))
        self.addCleanup(moved.kill)
        moved.start()
        moved.wait_up("L1")
        moved.stop()
        self.assertGreater(self.verify(moved.ledger), listed["entries"])

    def test_it_goes_back_only_when_nobody_writes_and_loses_nothing(self):
        folder, _ = self.backup()
        entries = json.loads((folder / "backup.json").read_text())["entries"]
        (self.daemon.folder / "lines.csv").write_text("broken")
        code, _, err = self.restored(folder, "--apply")
        self.assertEqual(code, 3, err)
        self.assertIn("正由另一个进程写入", err)
        self.assertEqual((self.daemon.folder / "lines.csv").read_text(), "broken")
        self.daemon.kill()  # its last entries stand in the log beside the book
        newer = self.verify(self.daemon.ledger)
        code, out, err = self.restored(folder, "--apply")
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.verify(self.daemon.ledger), entries)
        aside = [p for p in self.daemon.folder.glob("ledger.db.before-restore-*") if not p.name.endswith(("-wal", "-shm"))]
        self.assertEqual(len(aside), 1)
        self.assertEqual(self.verify(aside[0], "--key", str(self.daemon.ledger) + ".pub"), newer)
        self.assertEqual([p.read_text() for p in self.daemon.folder.glob("lines.csv.before-restore-*")], ["broken"])
        code, out, err = self.restored(folder, "--apply")  # again: nothing is left to do
        self.assertEqual(code, 0, out + err)
        self.assertNotIn("替换", out)
        self.daemon.start()
        self.daemon.wait_up("L1")

    def test_a_copy_that_does_not_verify_is_none(self):
        self.daemon.stop()
        (folder := self.home / "by-hand").mkdir()
        shutil.copy(self.daemon.ledger, folder / "ledger.db")
        shutil.copy(str(self.daemon.ledger) + ".pub", folder / "ledger.db.pub")
        (folder / "ledger.db.seals").write_text("one\n")
        code, out, err = subject.run("backup", self.keep, "--ledger", folder / "ledger.db")
        self.assertEqual(code, 3, out)
        self.assertIn("核验不通过", err)
        self.assertEqual(list(self.keep.iterdir()), [])

    def test_a_damaged_backup_is_not_put_back(self):
        folder, _ = self.backup("--ledger", self.daemon.ledger)
        self.daemon.kill()
        before = self.daemon.ledger.read_bytes()
        book = folder / "ledger/ledger.db"
        data = bytearray(book.read_bytes())
        data[len(data) // 2] ^= 1
        book.write_bytes(data)
        code, _, err = self.restored(folder, "--apply")
        self.assertEqual(code, 3)
        self.assertIn("与备份清单不符", err)
        listed = (folder / "backup.json").read_text()
        (folder / "backup.json").write_text(listed.replace("/ledger.db", "/../ledger.db"))
        code, _, err = self.restored(folder, "--apply")
        self.assertEqual(code, 3)
        self.assertIn("不是本程序写的备份清单", err)
        self.assertEqual(self.daemon.ledger.read_bytes(), before)

    def test_bad_words(self):
        self.assertEqual(subject.run("backup", self.keep)[0], 2)
        self.assertEqual(subject.run("backup", self.keep, "--ledger", self.home / "none")[0], 3)
        self.assertEqual(subject.run("restore", self.home)[0], 3)
        (self.home / "bad.yaml").write_text("zone: Nowhere\n")
        self.assertEqual(subject.run("backup", self.keep, "--config", self.home / "bad.yaml")[0], 1)
