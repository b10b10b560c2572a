"""Scripted nights of a district against the exact messages that its night duty expects of them. What is expected was worked out
from what alerts are for, not from what the program does."""

import json
import re
import time
import unittest

import district
import peers
import subject
import truth
from district import Scene, kinds, line

CARRIERS = ["中国移动", "中国电信", "中国联通"]
TOWNS = ["龙河镇", "青石乡", "白水乡", "桃源镇", "北山镇"]
WAIT = 45  # s for what must come; what is expected sooner is measured by arrival
QUIET = 8  # s in which nothing more may come

# 1: a township's uplink, 14 villages behind it; a second township and three lines without a parent stay.
UPLINK = [line("T-lh", 10, name="龙河镇汇聚", category="township", town="龙河镇", carrier="中国电信")] + [
    line(f"V{n:02}", 10 + n, name=f"龙河{n}村", town="龙河镇", parent="T-lh", carrier="中国电信") for n in range(1, 15)] + [
    line("T-qs", 40, name="青石乡汇聚", category="township", town="青石乡", carrier="中国移动")] + [
    line(f"Q{n}", 40 + n, name=f"青石{n}村", town="青石乡", parent="T-qs", carrier="中国移动") for n in range(1, 4)] + [
    line(f"D{n}", 50 + n, name=f"区直{n}", category="department", town="城关", carrier="中国电信") for n in range(1, 4)]
BEHIND = ["T-lh"] + [f"V{n:02}" for n in range(1, 15)]

# 2: 26 lines of one carrier in five towns, and 14 of others in the same towns.
CARRIER = [line(f"M{n:02}", 10 + n, name=f"移动{n}号", town=TOWNS[n % 5], carrier="中国移动") for n in range(26)] + [
    line(f"E{n:02}", 50 + n, name=f"其他{n}号", town=TOWNS[n % 5], carrier=CARRIERS[1 + n % 2]) for n in range(14)]
MOBILE = [f"M{n:02}" for n in range(26)]

# 3: every line of two towns, three carriers; two other towns stay.
VALLEY = [line(f"B{n:02}", 10 + n, name=f"谷地{n}号", town=TOWNS[1 + n % 2], carrier=CARRIERS[n // 2 % 3]) for n in range(15)] + [
    line(f"F{n:02}", 50 + n, name=f"山外{n}号", town=["桃源镇", "北山镇"][n % 2], carrier=CARRIERS[n % 3]) for n in range(12)]
DARK = [f"B{n:02}" for n in range(15)]
BURST_PAUSE = 0.5  # s without another outage after which what waits is told: `quiet`, less what it takes to be durable

FEW = [line("A1", 11, name="甲村", town="龙河镇", carrier="中国电信", circuit="DX-0412-88"),
       line("A2", 12, name="乙村", town="龙河镇", carrier="中国电信", circuit="DX-0412-89"),
       line("A3", 13, name="丙村", town="青石乡", carrier="中国移动", circuit="YD-77")]


def uplink(made):
    """Scene 1."""
    scene = Scene(district.Country.here, Played.folder, 1, UPLINK)
    made(scene)
    scene.start()
    scene.down = scene.cut(*BEHIND)
    scene.wait("opened", 1, WAIT)
    time.sleep(QUIET)
    scene.up = scene.mend(*BEHIND)
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def carrier(made):
    """Scene 2."""
    scene = Scene(district.Country.here, Played.folder, 2, CARRIER)
    made(scene)
    scene.start()
    scene.down = scene.cut(*MOBILE)
    scene.wait_lines("opened", MOBILE, WAIT)
    time.sleep(QUIET)
    scene.up = scene.mend(*MOBILE)
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def growing(made):
    """Scene 3: the same carrier, twenty lines and ten seconds later six more."""
    scene = Scene(district.Country.here, Played.folder, 3, CARRIER)
    made(scene)
    scene.start()
    scene.down = scene.cut(*MOBILE[:20])
    time.sleep(10)
    scene.down_too = scene.cut(*MOBILE[20:])
    scene.wait("grown", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.mend(*MOBILE)
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


def valley(made):
    """Scene 4: batteries give up within three seconds."""
    scene = Scene(district.Country.here, Played.folder, 4, VALLEY)
    made(scene)
    scene.start()
    for name in DARK:
        scene.cut(name)
        time.sleep(0.2)
    scene.wait_lines("opened", DARK, 15)
    scene.wait_lines("grown", DARK, 5)
    time.sleep(QUIET)
    scene.mend(*DARK)
    scene.wait_lines("resolved", DARK, WAIT)
    time.sleep(QUIET)
    scene.end()


def flapping(made):
    """Scene 5: seven outages of one line; the fourth within the window makes it a flapping one. It is well again when it has
    been still for a window."""
    scene = Scene(district.Country.here, Played.folder, 5, FEW, defaults="interval: 500ms, timeout: 300ms, fast_interval: 100ms",
                  alerts="  together: { flaps: 4, flap_window: 1m }\n")
    made(scene)
    scene.start()
    for _ in range(7):
        scene.cut("A1")
        scene.daemon.wait_down("A1")
        time.sleep(0.3)
        scene.mend("A1")
        scene.daemon.wait_up("A1")
        time.sleep(0.3)
    scene.still = time.time()
    scene.wait("resolved", 4, 65)
    time.sleep(2)
    scene.end()


def cable(made):
    """Scene 6: everything behind our own uplink is silent, without a word from the kernel."""
    scene = Scene(district.Country.here, Played.folder, 6, CARRIER)
    made(scene)
    scene.start()
    scene.down = scene.everything("add")
    time.sleep(14)
    scene.up = scene.everything("del")
    scene.daemon.wait_up("M00", "E00")
    time.sleep(QUIET + 4)
    scene.end()


def our_side(number, prefix, down, up):
    """Scenes 7 and 10: our own end breaks; the kernel says so, sooner or later."""
    def play(made):
        scene = Scene(district.Country.here, Played.folder, number, CARRIER, prefix=f"10.{prefix}")
        made(scene)
        scene.start()
        scene.down = truth.at(lambda: down(prefix))
        time.sleep(14)
        scene.up = truth.at(lambda: up(prefix))
        scene.daemon.wait_up("M00", "E00")
        time.sleep(QUIET + 4)
        scene.end()
    return play


def village(made):
    """Scene 9: one village, while its township's uplink and all its neighbours are well."""
    scene = Scene(district.Country.here, Played.folder, 9, UPLINK)
    made(scene)
    scene.start()
    scene.down = scene.cut("V03")
    scene.wait("opened", 1, WAIT)
    time.sleep(QUIET)
    scene.mend("V03")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


SITE = "http://127.0.0.1:8290/"


def alone(made):
    """Scene 8: one line, later one website."""
    server = district.Website(8290)
    scene = Scene(district.Country.here, Played.folder, 8, FEW, alerts="  carriers: { 中国电信: { phone: \"10000\" } }\n",
                  extra=f"sites: [ {{ id: portal, name: 区政府门户网站, url: \"{SITE}\", unit: 区政府办公室, interval: 2s, timeout: 1s, fast_interval: 500ms }} ]\n")
    made(scene)
    scene.start()
    peers.wait_for(lambda: scene.daemon.metric("changtong_site_up", site="portal") == 1, 20, "the site is up")
    scene.down = scene.cut("A1")
    scene.wait("opened", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.up = scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    scene.site_down = truth.at(server.close)
    scene.wait("opened", 2, WAIT)
    time.sleep(QUIET / 2)
    server.open()
    scene.wait("resolved", 2, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


class Played(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Played.folder = cls.folder
        district.Country.here = district.Country()
        here = district.Country
        cls.scenes = district.Played({
            **{play.__name__: play for play in (uplink, carrier, growing, valley, flapping, cable, alone, village)},
            "interface": our_side(7, 82, here.interface_down, here.interface_up), "pulled": our_side(10, 83, here.unplug, here.plug)})

    def story(self, name, *expected):
        """The messages, after what any receiver relies on; `expected`: their kinds in order."""
        scene = self.scenes[name]
        told = scene.messages
        self.assertEqual(district.faults_of_form(told, [l["id"] for l in scene.lines] + ["portal"]), [], told)
        self.assertEqual(scene.exit_code, 0, scene.daemon.tail())
        if expected:
            self.assertEqual(kinds(told), list(expected), told)
        return scene, told

    def test_a_township_s_uplink_is_one_message_and_one_recovery(self):
        scene, told = self.story("uplink", "opened", "resolved")
        opened, resolved = told
        self.assertEqual(opened.title, "龙河镇汇聚中断，影响 14 条村线")
        self.assertEqual(opened.lines, sorted(BEHIND))
        self.assertLess(opened.at - scene.down.after, 7)
        self.assertNotIn("区直", opened.text)
        self.assertEqual((resolved.id, resolved.lines), (opened.id, opened.lines))
        self.assertRegex(resolved.title, "龙河镇汇聚.*14 条村线.*恢复.*历时")
        self.assertIn("畅通率", resolved.text)
        self.assertLess(resolved.at - scene.up.after, 15)

    def test_a_simulation_of_its_ledger_tells_the_same(self):
        scene, told = self.story("uplink")
        begin, end = truth.iso(scene.begin - 60), truth.iso(time.time() + 1)
        code, out, err = subject.run("alerts", "simulate", "--ledger", scene.daemon.ledger, "--from", begin, "--to", end,
                                     "--config", scene.daemon.config, "--format", "json")
        self.assertEqual(code, 0, err)
        would = [row["message"] for row in json.loads(out)]
        self.assertEqual([[m[k] for k in ("kind", "title", "cause", "lines")] for m in would],
                         [[m.kind, m.title, m.cause, m.lines] for m in told], out)
        code, table, err = subject.run("alerts", "simulate", "--ledger", scene.daemon.ledger, "--from", begin, "--to", end,
                                       "--config", scene.daemon.config)
        self.assertEqual(code, 0, err)
        for m in told:
            self.assertEqual(table.count(m.title), 1, table)

    def test_a_carrier_s_cut_is_one_message_exact_to_the_line(self):
        scene, told = self.story("carrier")
        self.assertIn(kinds(told), (["opened", "resolved"], ["opened", "grown", "resolved"]), told)
        self.assertEqual(len({m.id for m in told}), 1)
        for m in told[-2:]:
            self.assertEqual(m.lines, MOBILE, told)
            self.assertIn("中国移动 26 条", m.title)
        self.assertTrue(told[0].title.startswith("中国移动 "), told)
        self.assertIn(f"{told[0].count} 条中断；其他运营商 14 条无一中断", told[0].text)
        self.assertNotIn("\n\n", told[0].text)
        self.assertLess(told[0].at - scene.down.after, 8)
        self.assertIn("恢复", told[-1].title)

    def test_what_a_carrier_loses_later_is_one_follow_up(self):
        scene, told = self.story("growing", "opened", "grown", "resolved")
        self.assertEqual(len({m.id for m in told}), 1)
        self.assertEqual([m.lines for m in told], [MOBILE[:20], MOBILE, MOBILE])
        self.assertIn("中国移动 20 条", told[0].title)
        self.assertIn("中国移动 26 条", told[1].title)
        self.assertIn("中国移动 26 条", told[2].title)
        self.assertLess(told[0].at - scene.down.after, 8)
        self.assertGreater(told[1].at, scene.down_too.before)

    def test_a_power_cut_over_a_valley_is_no_storm(self):
        scene, told = self.story("valley")
        opened = [m for m in told if m.kind == "opened"]
        before_pause = self.confirmed_before_a_pause(scene)
        # A machine that stands still for a moment while the batteries give up makes two bursts of one: a line of the
        # first is told alone, and its alert ends without a word once the whole has told it. That is one message more;
        # everything else is as ever.
        self.assertLessEqual(len(opened), 3 if before_pause else 2, told)
        self.assertTrue(opened)
        for m in opened:
            mine = [n for n in told if n.id == m.id]
            if kinds(mine) == ["opened"]:
                self.assertEqual(len(m.lines), 1, told)
                self.assertIn(m.lines[0], before_pause, told)
                self.assertTrue([n for n in told if n.id != m.id and n.at >= m.at and m.lines[0] in n.lines
                                 and n.kind in ("opened", "grown")], told)
            else:
                self.assertIn(kinds(mine), (["opened", "resolved"], ["opened", "grown", "resolved"]), told)
                self.assertEqual(mine[-1].lines, mine[-2].lines)
            self.assertTrue("青石乡" in m.all or "白水乡" in m.all, "nobody knows where to send somebody")
        self.assertEqual(sorted(i for m in told if m.kind == "resolved" for i in m.lines), DARK, told)

    def confirmed_before_a_pause(self, scene):
        """The lines whose outages were confirmed before the last pause of the burst; without one nobody."""
        rows = sorted((truth.instant(o["confirmed"]), o["target"]) for o in scene.daemon.outages(scene.begin))
        pauses = [earlier for (earlier, _), (later, _) in zip(rows, rows[1:]) if later - earlier > BURST_PAUSE]
        return {name for at, name in rows if pauses and at <= pauses[-1]}

    def test_a_flapping_line_is_damped_with_its_own_notice(self):
        scene, told = self.story("flapping", *["opened", "resolved"] * 3, "opened", "resolved")
        self.assertEqual({tuple(m.lines) for m in told}, {("A1",)})
        self.assertIn("时通时断", told[6].title)
        self.assertIn("甲村", told[6].title)
        self.assertFalse([m for m in told[:6] if "时通时断" in m.title])
        self.assertIn("稳定", told[7].title)
        self.assertGreater(told[7].at, scene.still + 10, "still after seconds?")

    def own(self, name):
        scene, told = self.story(name)
        self.assertEqual([m.lines for m in told], [[]] * len(told), told)
        self.assertIn(kinds(told), (["own", "own"], ["own", "resolved"]), told)
        self.assertLess(told[0].at, scene.up.before, "told only after it was over")
        self.assertLess(told[0].at - scene.down.after, 12)
        self.assertNotIn("恢复", told[0].title)
        self.assertIn("恢复", told[1].title)
        self.assertGreater(told[1].at, scene.up.before)
        self.assertEqual(told[0].id, told[1].id)

    def test_our_own_silent_uplink_is_one_message_about_ourselves(self):
        self.own("cable")

    def test_our_own_interface_down_is_one_message_about_ourselves(self):
        self.own("interface")

    def test_our_own_pulled_cable_is_one_message_about_ourselves(self):
        self.own("pulled")

    def test_a_village_whose_uplink_is_well_is_told_as_such(self):
        scene, told = self.story("village", "opened", "resolved")
        self.assertEqual(told[0].title, "龙河3村中断")
        self.assertEqual([m.lines for m in told], [["V03"], ["V03"]])
        self.assertLess(told[0].at - scene.down.before, 5)
        self.assertIn("龙河镇汇聚 正常", told[0].text)

    def test_an_outage_is_a_warning_in_the_log(self):
        scene, _ = self.story("alone")
        log = scene.daemon.log.read_text()
        self.assertRegex(log, "warning 断 A1")
        self.assertRegex(log, "info 通 A1")

    def test_a_line_alone_is_told_within_five_seconds_with_all_that_is_known(self):
        scene, told = self.story("alone", "opened", "resolved", "opened", "resolved")
        opened, resolved = told[:2]
        self.assertEqual((opened.lines, resolved.lines), (["A1"], ["A1"]))
        self.assertLess(opened.at - scene.down.before, 5)
        self.assertEqual(opened.title, "甲村中断")
        for word in ("中国电信", "DX-0412-88", "10000", "原因", "依据", "http://10.1.2.3:8080", "龙河镇"):
            self.assertIn(word, opened.text)
        self.assertRegex(opened.text, "相邻|邻|同乡镇|同镇|其他|其余")
        self.assertRegex(resolved.title, "^甲村已恢复，历时 ")
        self.assertIn("畅通率", resolved.text)
        self.said_civil_time(opened, scene.down)

    def said_civil_time(self, m, moment):
        """The moment of the cut, in the configured zone."""
        local = time.strftime("%H:%M", time.gmtime(moment.before + 8 * 3600)), time.strftime("%H:%M", time.gmtime(moment.after + 2 + 8 * 3600))
        self.assertTrue(any(t in m.text for t in local), m)

    def test_the_length_of_an_outage_is_said_exactly(self):
        scene, told = self.story("alone")
        said = re.search(r"历时\s*(?:(\d+)\s*分\S*?)?\s*(\d+(?:\.\d+)?)\s*秒", told[1].title)
        self.assertIsNotNone(said, told[1])
        seconds = 60 * int(said[1] or 0) + float(said[2])
        self.assertAlmostEqual(seconds, scene.up.before - scene.down.before, delta=2.5)

    def test_a_website_is_never_a_fault_of_a_line(self):
        scene, told = self.story("alone")
        opened, resolved = told[2:]
        self.assertEqual((opened.lines, resolved.lines), (["portal"], ["portal"]))
        self.assertIn("区政府门户网站", opened.title)
        self.assertIn(SITE, opened.text)
        self.assertIn("区政府办公室", opened.text)
        for m in (opened, resolved):
            self.assertNotIn("线路", m.all)
            self.assertNotIn("本线路故障", m.cause)
            self.assertNotIn("own_line", m.cause)
        self.assertLess(opened.at - scene.site_down.after, 8)
        self.assertIn("恢复", resolved.title)

    def test_the_books_hold_every_alert(self):
        scene, told = self.story("alone")
        code, out, err = subject.run("alerts", "list", "--help")
        self.assertEqual(code, 0, err)
        code, out, err = scene.daemon.verify()
        self.assertEqual(code, 0, out + err)


if __name__ == "__main__":
    unittest.main()
