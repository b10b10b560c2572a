"""What nobody is woken for, and what is told although no line is down: outages inside approved windows, lines that leave the
inventory, lines that are up and not well, a roster that is withdrawn."""

import json
import signal
import time
import unittest
import urllib.request

import district
import truth
from district import Scene, kinds, line

WAIT = 45  # s for what must come
QUIET = 7  # s in which nothing more may come
FEW = [line("A1", 11, name="甲村", town="龙河镇", carrier="中国电信"), line("A2", 12, name="乙村", town="青石乡", carrier="中国移动"),
       line("A3", 13, name="丙村", town="白水乡", carrier="中国联通")]
TWO = "".join(f"    - {{ name: {name}, token: {token}-0123456789abcdef, may: [{right}] }}\n"
              for name, token, right in (("陈工", "chen", "request"), ("赵主任", "chief", "approve")))


def scene_of(made, number, **settings):
    scene = Scene(district.Country.here, Quiet.folder, number, FEW, **settings)
    made(scene)
    return scene


def post(scene, token, path, **body):
    request = urllib.request.Request(f"http://{scene.daemon.listen}{path}", json.dumps(body).encode(), method="POST",
                                     headers={"Authorization": f"Bearer {token}-0123456789abcdef", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status


def planned(made):
    """A1 inside an approved window that its outage outlasts, A2 without one, A3 inside one and back in time."""
    scene = scene_of(made, 30, extra=TWO)
    scene.start()
    begin = time.time() + 2
    scene.over = begin + 20
    for window, target, to in (("W1", "A1", scene.over), ("W3", "A3", begin + 600)):
        post(scene, "chen", "/api/v1/windows", id=window, targets=[target], **{"from": truth.iso(begin), "to": truth.iso(to)})
        post(scene, "chief", f"/api/v1/windows/{window}", step="approve")
    time.sleep(max(0.0, begin + 1 - time.time()))
    scene.down = scene.cut("A1", "A2", "A3")
    scene.wait_lines("opened", ["A2"], WAIT)
    time.sleep(QUIET)
    scene.mend("A3")
    scene.wait_lines("opened", ["A1"], WAIT)
    scene.mend("A1", "A2")
    scene.wait_lines("resolved", ["A1", "A2"], WAIT)
    time.sleep(QUIET)
    scene.end()


def gone(made):
    """A3 is down when it is taken out of the inventory."""
    scene = scene_of(made, 31)
    scene.start()
    scene.cut("A3")
    scene.wait("opened", 1, WAIT)
    scene.lines = [l for l in FEW if l["id"] != "A3"]
    scene.configure()
    scene.daemon.process.send_signal(signal.SIGHUP)
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def unwell(made):
    """A1 loses some of its packets, and is not down: each cut is too short for a third bad answer, and may be for a first."""
    scene = scene_of(made, 32, alerts="  limits: [ { of: loss, at: 1%, holds: 1s, away: 1s, source: 合同附件二 } ]\n")
    scene.start()
    time.sleep(18)  # a quarter of 64 samples
    for _ in range(3):
        scene.cut("A1")
        time.sleep(0.8)
        scene.mend("A1")
        time.sleep(3)
    scene.wait("opened", 1, WAIT)
    scene.wait("resolved", 1, 100)
    scene.end()


class Quiet(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Quiet.folder = cls.folder
        district.Country.here = district.Country()
        cls.scenes = district.Played({play.__name__: play for play in (planned, gone, unwell)})

    def test_an_outage_inside_an_approved_window_wakes_nobody_until_the_window_is_over(self):
        scene = self.scenes["planned"]
        opened = [m for m in scene.messages if m.kind == "opened"]
        self.assertEqual([m.lines for m in opened], [["A2"], ["A1"]], scene.messages)
        self.assertLess(opened[0].at, scene.over)
        self.assertGreaterEqual(opened[1].at, scene.over - 0.5)
        self.assertLess(opened[1].at, scene.over + 5)
        self.assertNotIn("A3", {i for m in scene.messages for i in m.lines}, scene.messages)

    def test_a_line_that_leaves_the_inventory_is_told_to_be_gone_not_well(self):
        scene = self.scenes["gone"]
        self.assertEqual(kinds(scene.messages), ["opened", "resolved"], scene.messages)
        self.assertIn("移出清单", scene.messages[1].title)
        self.assertNotIn("已恢复", scene.messages[1].all)
        self.assertTrue(scene.messages[1].fields["over"])

    def test_a_line_that_is_not_well_says_what_is_measured_and_its_limit(self):
        scene = self.scenes["unwell"]
        told = [m for m in scene.messages if m.cause == "degraded"]
        self.assertEqual(kinds(told), ["opened", "resolved"], scene.messages)
        self.assertEqual(told[0].lines, ["A1"])
        self.assertEqual(told[0].title, "甲村质量下降：丢包")
        self.assertRegex(told[0].text, r"实测：丢包 [0-9.]+ %，限值 1 %（合同附件二）")


if __name__ == "__main__":
    unittest.main()
