"""What a message says beyond that something is down: the cause and how it is known, also in the recovery; what the device said
itself; which towns; a device that gives no data; how long we stood still ourselves."""

import os
import pathlib
import signal
import subprocess
import time
import unittest

import district
import peers
import subject
import truth
import wan
from district import Scene, kinds, line

WAIT = 45  # s for what must come
QUIET = 7  # s in which nothing more may come
LINK_DOWN = ["1.3.6.1.6.3.1.1.5.3", "1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.2.3", "s", "GE0/0/1"]
TRAPS = 1620
CREDENTIALS = ("credentials:\n  right: { version: 2c, community: right-words }\n  wrong: { version: 2c, community: wrong-words }\n")
DEVICES = [line("A1", 11, name="甲村", town="龙河镇", carrier="中国电信", checks="icmp snmp:credential=right,interval=1s"),
           line("A2", 12, name="乙村", town="青石乡", carrier="中国移动", checks="icmp snmp:credential=wrong,interval=1s"),
           line("A3", 13, name="丙村", town="白水乡", carrier="中国联通")]
TOWNS = [line(f"C{n}", 10 + n, name=f"{n}村", town=f"{n}乡", carrier="中国移动") for n in range(1, 8)] + \
        [line("D1", 30, name="旁村", town="1乡", carrier="中国电信")]


def scene_of(made, number, lines, **settings):
    scene = Scene(district.Country.here, Causes.folder, number, lines, **settings)
    made(scene)
    return scene


def agent(scene, id, name):
    return peers.Snmpd("h1", scene.address[id], "right-words", pathlib.Path(scene.daemon.folder) / name)


def restarted(made):
    """A1's device says that a link of it is down, then nothing; while it is away it starts anew."""
    scene = scene_of(made, 40, DEVICES, extra=CREDENTIALS + f"traps: {{ listen: \"0.0.0.0:{TRAPS}\", credentials: [right] }}\n")
    scene.daemon.folder.mkdir(parents=True, exist_ok=True)
    first = agent(scene, "A1", "first")
    try:
        scene.start()
        time.sleep(3)
        done = subprocess.run(wan.inside("h1", ["snmptrap", "-v", "2c", "-c", "right-words", f"--clientaddr={scene.address['A1']}",
                                                f"10.77.0.2:{TRAPS}", "12300", *LINK_DOWN]), capture_output=True, text=True,
                              timeout=30, env={**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(scene.daemon.folder / "trap")})
        scene.sent = (done.returncode, done.stderr)
        time.sleep(0.5)
        scene.cut("A1")
        scene.wait("opened", 1, WAIT)
    finally:
        first.kill()
    second = agent(scene, "A1", "second")
    try:
        scene.mend("A1")
        scene.mended = time.time()
        scene.wait("resolved", 1, WAIT)
        time.sleep(QUIET)
        scene.end()
    finally:
        second.kill()


def dataless(made):
    """A2's community is wrong: its device is silent, the line is not."""
    scene = scene_of(made, 41, DEVICES, extra=CREDENTIALS, alerts="  limits: [ { of: data, holds: 3s, away: 1s } ]\n")
    scene.daemon.folder.mkdir(parents=True, exist_ok=True)
    here = [agent(scene, id, id) for id in ("A1", "A2")]
    try:
        scene.start()
        scene.wait("opened", 1, WAIT)
        scene.shown = [scene.daemon.json(f"/api/v1/lines/{id}") for id in ("A1", "A2")]
        scene.measured = scene.daemon.metrics()
        scene.live = subject.run("check", "--live", "--config", scene.daemon.config)
        scene.outages = scene.daemon.json("/api/v1/outages")
        time.sleep(QUIET)
        scene.end()
    finally:
        for one in here:
            one.kill()


def stopped(made):
    """We are suspended for a while."""
    scene = scene_of(made, 42, DEVICES[2:])
    scene.start()
    time.sleep(3)
    scene.from_ = time.time()
    scene.daemon.process.send_signal(signal.SIGSTOP)
    time.sleep(13)
    scene.until = time.time()
    scene.daemon.process.send_signal(signal.SIGCONT)
    scene.wait("own", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def towns(made):
    scene = scene_of(made, 43, TOWNS)
    scene.start()
    scene.cut(*[l["id"] for l in TOWNS if l["carrier"] == "中国移动"])
    scene.wait("opened", 1, WAIT)
    time.sleep(2)
    scene.mend(*[l["id"] for l in TOWNS if l["carrier"] == "中国移动"])
    scene.wait("resolved", 1, WAIT)
    scene.end()


def unreachable(made):
    """Who is on duty has no telephone, and nothing is down."""
    scene = scene_of(made, 44, DEVICES[2:], extra="    - { name: 周工, token: zhou-token-0123456789, may: [duty] }\n",
                     alerts="    sms: { kind: sms, url: \"http://127.0.0.1:9/\", body: '{\"p\":\"${phone}\",\"t\":\"${text}\"}' }\n"
                            "  staff: [周工]\n  rules:\n    - { subjects: [own], steps: [ { by: [hook] } ] }\n"
                            "    - { severity: 1, steps: [ { tell: [on_duty], by: [sms] } ] }\n")
    scene.start()
    scene.checked = subject.run("check", "--config", scene.daemon.config)
    scene.wait("own", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


class Causes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Causes.folder = cls.folder
        district.Country.here = district.Country()
        cls.scenes = district.Played({play.__name__: play for play in (restarted, dataless, stopped, towns, unreachable)})

    def test_an_outage_says_what_the_device_said_before_it(self):
        scene = self.scenes["restarted"]
        self.assertEqual(scene.sent[0], 0, scene.sent)
        self.assertEqual(kinds(scene.messages), ["opened", "resolved"], scene.messages)
        self.assertRegex(scene.messages[0].text, r"设备通知：\d\d:\d\d:\d\d 接口中断 GE0/0/1\n")

    def test_a_recovery_says_the_cause_that_was_found_and_how(self):
        scene = self.scenes["restarted"]
        end = scene.messages[1]
        self.assertIn("原因：设备重启或断电（当时超时无应答）\n", end.text)
        self.assertRegex(end.text, r"依据：.*设备在中断期间重新启动（恢复后称已运行 \d+ 秒）")
        self.assertRegex(end.title, r"甲村已恢复，历时 (\d+ 分 )?\d+ 秒")
        self.assertRegex(end.text, r"本月畅通率 [0-9.]+ %，本次使之下降 [0-9.]+ 个百分点")
        self.assertLess(end.at - scene.mended, 15)

    def test_a_device_that_gives_no_data_is_seen_and_told_and_is_no_outage(self):
        scene = self.scenes["dataless"]
        told = [m for m in scene.messages if m.cause == "degraded"]
        self.assertEqual([m.lines for m in told], [["A2"]], scene.messages)
        self.assertEqual(told[0].title, "乙村质量下降：取不到设备数据")
        self.assertIn("实测：A2/snmp", told[0].text)
        self.assertEqual([(s["state"], s["data_missing"]) for s in scene.shown], [("up", False), ("degraded", True)], scene.shown)
        states = {dict(labels)["line"]: value for (name, labels), value in scene.measured.items() if name == "changtong_line_state"}
        self.assertEqual((states["A1"], states["A2"]), (1, 3))
        self.assertEqual([m for m in scene.messages if m.cause != "degraded"], [])
        self.assertIn("问不到 A2", scene.live[1] + scene.live[2])
        self.assertIn("取不到数据的设备 1 台", scene.live[1] + scene.live[2])

    def test_our_own_standstill_is_told_from_when_to_when(self):
        scene = self.scenes["stopped"]
        own = [m for m in scene.messages if m.cause == "own"]
        self.assertTrue(own and "监测停顿" in own[0].title, scene.messages)
        self.assertEqual({m.cause for m in scene.messages}, {"own"}, scene.messages)
        self.assertEqual(len({m.id for m in own}), 1, f"one thing, one message: {own}")
        self.assertAlmostEqual(truth.instant(own[0].fields["began"]), scene.from_, delta=2)
        self.assertRegex(own[0].text, r"自 \d\d:\d\d:\d\d 起，至 \d\d:\d\d:\d\d，历时 1[2-6] 秒\n")

    def test_a_carriers_cut_says_which_towns(self):
        told = self.scenes["towns"].messages
        self.assertEqual(kinds(told)[0], "opened", told)
        self.assertRegex(told[0].text, r"乡镇：(\d乡、){4}\d乡等 7 个乡镇\n")

    def test_who_is_on_duty_and_cannot_be_reached_is_said_by_check_and_told(self):
        scene = self.scenes["unreachable"]
        self.assertIn("值守人员 周工 没有任何渠道能找到", scene.checked[1] + scene.checked[2])
        self.assertEqual([m.title for m in scene.messages], ["监测本机：告警无人可达"], scene.messages)
        self.assertIn("；当班：周工\n", scene.messages[0].text)


if __name__ == "__main__":
    unittest.main()
