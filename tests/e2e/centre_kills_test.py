"""A centre, its database and two districts with a pair each, over HTTPS: each part is killed, stands still or is cut off at random moments,
while something happens on every line. No entry may be lost or there twice, and every figure at the centre is the node's own.

CHANGTONG_LONG=1 plays thirty rounds instead of five."""

import random
import signal
import time
import unittest

from centre_test import LONG
from province import Province


class Kills(Province, unittest.TestCase):
    def setUp(self):
        self.begin_province()

    def hardships(self):
        """One of each; whom it hits is drawn."""
        nodes, cable, silent = list(self.nodes.values()), random.choice(self.districts), random.choice(self.districts)
        killed, frozen = random.choice(nodes), random.choice(nodes)
        # what happens, and what ends it
        return [(self.centre.kill, lambda: self.centre.start(ready=0)),
                (killed.kill, lambda: killed.start(ready=0)),
                (self.database.kill, self.database.start),
                (cable.cut, cable.mend),
                (silent.hush, silent.mend),
                (lambda: frozen.process.send_signal(signal.SIGSTOP), lambda: frozen.process.send_signal(signal.SIGCONT)),
                (lambda: self.centre.process.send_signal(signal.SIGSTOP), lambda: self.centre.process.send_signal(signal.SIGCONT)),
                (self.database.pause, self.database.go_on)]

    def test_no_entry_is_lost_or_there_twice_whoever_is_killed_stands_still_or_is_cut_off(self):
        for _ in range(30 if LONG else 5):
            hardships = self.hardships()
            random.shuffle(hardships)
            before = bool  # does nothing
            for begin, end in hardships:  # one ends when the next has begun
                begin()
                time.sleep(random.uniform(0.1, 0.8))  # both at once for a while …
                before()
                time.sleep(random.uniform(0.1, 0.8))  # … and this one alone
                before = end
            before()
        self.assert_nothing_is_lost()


if __name__ == "__main__":
    unittest.main()
