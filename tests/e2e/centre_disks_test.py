"""Disks of a centre's database and of a node that lose their power or are full, and backups that are restored: what was confirmed stays,
and a fork is shown as one.

The disks are ext4 on loop devices; where a machine has none, nothing of this is played, and the case is skipped with the reason.
CHANGTONG_LONG=1 plays thirty rounds instead of five."""

import pwd
import random
import shutil
import signal
import time
import unittest

import disks
import peers
from centre_test import LONG, SECONDS
from pair_test import journal
from postgres import Postgres
from province import Province

FIRST = "东城甲"  # whose ledger is on a disk of its own


class Disks(Province, unittest.TestCase):
    def setUp(self):
        reason = disks.cannot()
        if reason:
            self.skipTest(reason)
        self.vault = self.a_disk(128, pwd.getpwnam("postgres").pw_uid)
        self.drive = self.a_disk(400)  # a peer's book is taken while ours has room
        self.begin_province(lambda home: Postgres(home, self.vault.folder / "data"), first_book=self.drive.folder / "changtong")
        self.first = self.nodes[FIRST]

    def a_disk(self, *how):
        disk = disks.Disk(*how)
        self.addCleanup(disk.remove)
        return disk

    def confirmed(self):
        """What the centre says it has, of each node."""
        return {name: (row["entries"], row["hash"]) for name, row in self.heads().items()}

    def assert_stays(self, before):
        for name, (entries, _) in self.confirmed().items():
            self.assertGreaterEqual(entries, before[name][0], f"what was confirmed of {name} is there")

    def power_cut_of_the_database(self):
        before = self.confirmed()
        self.database.pause()
        self.vault.cut_power()
        self.database.kill()
        self.vault.again()
        self.database.start()
        peers.wait_for(lambda: self.centre.get("/readyz")[0] == 200, SECONDS, "the centre is ready\n" + self.centre.tail())
        self.assert_stays(before)

    def power_cut_of_a_node(self):
        entries, digest = self.confirmed()[FIRST]
        self.first.process.send_signal(signal.SIGSTOP)
        self.drive.cut_power()
        self.first.kill()
        self.drive.again()
        self.first.start()
        if entries:
            self.assertEqual(journal(self.first.ledger)[entries - 1][5].hex(), digest, "what the centre had of it, it has itself")

    def full_disk_of_the_database(self):
        self.vault.fill()
        self.database.use_up()
        failures = {node: node.metric("changtong_centre_failures_total") for node in self.nodes.values()}
        peers.wait_for(lambda: any(node.metric("changtong_centre_failures_total") > count for node, count in failures.items()), SECONDS,
                       "a node was told to come again\n" + self.centre.tail())
        self.vault.free()
        self.database.kill()  # it may have ended by itself, or be about to
        self.database.start()

    def full_disk_of_a_node(self):
        self.drive.fill()
        peers.wait_for(lambda: self.first.metric("changtong_ledger_writable") == 0, SECONDS, "the ledger's own alarm\n" + self.first.tail())
        time.sleep(random.uniform(0, 1))  # it goes on for a while, never as long as another time
        self.drive.free()
        peers.wait_for(lambda: self.first.metric("changtong_ledger_writable") == 1, SECONDS, "it goes on\n" + self.first.tail())

    def test_what_was_confirmed_stays_over_power_cuts_full_disks_and_restored_backups(self):
        for name in self.nodes:
            peers.wait_for(lambda name=name: self.heads()[name]["entries"] > 0, SECONDS, f"{name} ships")
        old = self.backups()
        for _ in range(30 if LONG else 5):
            hardships = [self.power_cut_of_the_database, self.power_cut_of_a_node, self.full_disk_of_the_database, self.full_disk_of_a_node]
            random.shuffle(hardships)
            for hardship in hardships:
                hardship()
                time.sleep(random.uniform(0, 1))  # it goes on for a while, never as long as another time
        self.assert_nothing_is_lost()
        self.restore_the_database(old)
        self.restore_the_node(old)

    def backups(self):
        """Of the database and of the node, each while it does not run."""
        folder = self.home / "backups"
        folder.mkdir()
        self.database.stop()
        disks.call("cp", "-a", self.database.data, folder / "data")
        self.database.start()
        self.first.kill()
        disks.call("cp", "-a", self.first.ledger.parent, folder / "book")
        self.first.start()
        return folder

    def restore_the_database(self, old):
        """The centre knows less than it has confirmed: the nodes ship that once more, and it is no fork."""
        before = self.confirmed()
        self.database.kill()
        shutil.rmtree(self.database.data)
        disks.call("cp", "-a", old / "data", self.database.data)
        self.database.start()
        for name, (entries, _) in self.confirmed().items():
            self.assertLess(entries, before[name][0], "it is the old one")
        for node in self.nodes.values():
            node.start()
        self.assert_nothing_is_lost()

    def restore_the_node(self, old):
        """It went on otherwise than the centre's copy of it: nothing of that is taken until a person says so."""
        shutil.rmtree(self.first.ledger.parent)
        disks.call("cp", "-a", old / "book", self.first.ledger.parent)
        before = self.confirmed()
        for node in self.nodes.values():
            node.start()
        peers.wait_for(lambda: self.centre.metric("changtong_centre_node_forked", node=FIRST) == 1, SECONDS, "the centre shows it\n" + self.centre.tail())
        peers.wait_for(lambda: self.first.metric("changtong_centre_forked") == 1, SECONDS, "so does the node")
        self.assertEqual([name for name, row in self.heads().items() if row["fork"] is not None], [FIRST])
        self.assertEqual(self.confirmed()[FIRST], before[FIRST], "nothing of it was taken")
        code, out, err = self.command("branch", "--node", FIRST, "--by", "王工", "--text", "恢复了备份")
        self.assertEqual(code, 0, out + err)
        self.assert_nothing_is_lost()
        self.assertEqual(self.heads()[FIRST]["branch"], 2)


if __name__ == "__main__":
    unittest.main()
