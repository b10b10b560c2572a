"""The centre's database on three machines, as deploy/patroni.yml has it: the machine that writes is lost again and again, and nothing that
the centre has confirmed is lost with it.

CHANGTONG_LONG=1 loses ten machines instead of two."""

import unittest

import patroni_cluster
import peers
from centre_test import LONG, SECONDS
from province import Province


class Failover(Province, unittest.TestCase):
    def setUp(self):
        if patroni_cluster.missing():
            self.skipTest(f"not installed: {patroni_cluster.missing()}")
        self.begin_province(patroni_cluster.Cluster)

    def test_what_was_confirmed_is_there_when_another_machine_writes(self):
        self.assertNotEqual(self.database.ask("postgres", "SHOW synchronous_standby_names"), "", "somebody has to follow")
        for _ in range(10 if LONG else 2):
            for name in self.nodes:
                peers.wait_for(lambda name=name: self.heads()[name]["entries"] > 0, SECONDS, f"{name} ships")
            lost = self.database.leader()
            before = self.heads()
            lost.kill()
            peers.wait_for(lambda lost=lost: self.database.leader() not in (None, lost), SECONDS, "another one writes\n" + self.database.tail())
            peers.wait_for(lambda: self.centre.get("/readyz")[0] == 200, SECONDS, "the centre is ready\n" + self.centre.tail())
            for name, row in self.heads().items():
                self.assertGreaterEqual(row["entries"], before[name]["entries"], f"what was confirmed of {name} is there")
            lost.start()
            self.database.wait_whole()
        self.assert_nothing_is_lost()


if __name__ == "__main__":
    unittest.main()
