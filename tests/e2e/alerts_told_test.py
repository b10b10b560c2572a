"""Who is told, when, by which way, and what a SIGKILL in the middle of it does: scripted nights against the real daemon, each
with the exact messages that were worked out beforehand."""

import json
import signal
import subprocess
import time
import unittest
import urllib.request

import district
import subject
import truth
from district import PHONES, Scene, kinds, line

WAIT = 45  # s for what must come; what is expected sooner is measured by arrival
QUIET = 7  # s in which nothing more may come
FEW = [line("A1", 11, name="甲村", town="龙河镇", carrier="中国电信"), line("A2", 12, name="乙村", town="青石乡", carrier="中国移动"),
       line("A3", 13, name="丙村", town="白水乡", carrier="中国联通")]
DEMO = "127.0.0.1:8190"


def scene_of(made, number, **settings):
    scene = Scene(district.Country.here, Told.folder, number, FEW, **settings)
    made(scene)
    return scene


def killed_while_it_hangs(made):
    """Recorded, on its way, and nobody has answered: SIGKILL."""
    scene = scene_of(made, 20)
    scene.start()
    scene.hook.misbehave("silent")
    scene.cut("A1")
    scene.hung = scene.hook.wait_for(1, WAIT, "arrived")[0]
    time.sleep(0.3)
    scene.daemon.kill()
    scene.hook.behave()
    scene.back = time.time()
    scene.daemon.start()
    scene.wait("opened", 1, WAIT)
    time.sleep(QUIET)
    scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def killed_before_the_answer(made):
    """The receiver has it, the daemon dies before it knows."""
    scene = scene_of(made, 21)
    scene.start()
    scene.hook.misbehave("late", late=30)
    scene.cut("A1")
    scene.hook.wait_for(1, WAIT)
    scene.daemon.kill()
    scene.hook.behave()
    scene.daemon.start()
    time.sleep(QUIET + 4)
    scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET)
    scene.end()


def killed_while_open(made):
    """Twice: A1 goes on being down after the restart; A2 returns while nobody looks."""
    scene = scene_of(made, 22)
    scene.start()
    scene.cut("A1")
    scene.wait("opened", 1, WAIT)
    time.sleep(0.5)
    scene.daemon.kill()
    scene.daemon.start()
    time.sleep(QUIET)
    scene.middle = len(scene.messages)
    scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    scene.cut("A2")
    scene.wait("opened", 2, WAIT)
    time.sleep(0.5)
    scene.daemon.kill()
    scene.mend("A2")
    scene.daemon.start()
    scene.wait("resolved", 2, WAIT)
    time.sleep(QUIET)
    scene.end()


def people_told(scene):
    """[(seconds since the cut, name, text)] of short messages."""
    names = {phone: name for name, phone in PHONES.items()}
    return [(a.at - scene.down.after, names[a.to[0].removeprefix("+86")], a.text) for a in scene.sms.taken]


def with_sms(made, number, rules, more=""):
    scene = scene_of(made, number)
    scene.sms = scene.there.gateway()
    scene.alerts = (f"    sms: {{ kind: sms, url: \"{scene.sms.url}\", body: '{{\"phone\":\"${{phone}}\",\"text\":\"${{text}}\"}}',"
                    f" expect: OK, per_minute: 60 }}\n{more}  rules:\n{rules}")
    return scene


def acknowledged(made):
    scene = with_sms(made, 23, "    - { severity: 1, steps: [ { tell: [李工], by: [sms, hook] }, { after: 6s, tell: [赵工], by: [sms] } ] }\n")
    scene.link = ""  # no page: the message says what to type
    scene.start()
    scene.down = scene.cut("A1")
    scene.wait("opened", 1, WAIT)
    time.sleep(1)
    scene.answers = [scene.typed(scene.messages[0], "--text", "已派人上塔"), scene.command("ack", "A1", "--note", "再说一遍", person="李工")]
    scene.nobody = scene.daemon.request("/api/v1/alerts", "POST", {"Authorization": "Bearer nobody-token-0123456789"}, b"{}")
    time.sleep(6 + QUIET)
    scene.before = people_told(scene)
    scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


def unanswered(made, number=24, on_duty="李工"):
    """Li is on duty by the roster, Wang comes after him, Zhao is the head."""
    scene = with_sms(made, number, "    - { severity: 1, steps: [ { tell: [on_duty], by: [sms] }, { after: 5s, tell: [next], by: [sms] },"
                               " { after: 10s, tell: [head], by: [sms] } ] }\n",
                     more="  head: 赵工\n  staff: [李工, 王工]\n")
    scene.start()
    scene.duty = scene.command("duty", "add", "--person", on_duty)
    time.sleep(1)
    scene.down = scene.cut("A1")
    scene.sms.wait_for(1, WAIT)
    time.sleep(10 + QUIET)
    scene.before = people_told(scene)
    scene.mend("A1")
    time.sleep(2 * QUIET)
    scene.after = people_told(scene)[len(scene.before):]
    scene.end()


def swapped(made):
    """Today's duty went to the other one of two, whoever it is that the staff's turn names."""
    unanswered(made, 31, "王工")


def escalation_and_kill(made):
    """A step falls due while the daemon is dead; another is called off by an acknowledgement before that."""
    scene = with_sms(made, 29, "    - { carriers: [中国移动], severity: 1, steps: [ { tell: [李工], by: [sms] }, { after: 7s, tell: [赵工], by: [sms] } ] }\n"
                               "    - { severity: 1, steps: [ { tell: [李工], by: [sms, hook] }, { after: 7s, tell: [王工], by: [sms] } ] }\n")
    scene.start()
    scene.down = scene.cut("A1", "A2")
    scene.sms.wait_for(2, WAIT)
    time.sleep(0.5)
    scene.answer = scene.command("ack", "A2", person="李工")
    scene.daemon.kill()
    time.sleep(max(0.0, scene.down.after + 12 - time.time()))
    scene.daemon.start()
    scene.sms.wait_for(3, WAIT)
    time.sleep(QUIET)
    scene.before = people_told(scene)
    scene.mend("A1", "A2")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


def receiver_ill(made):
    """It answers with an error while the whole outage comes and goes."""
    scene = scene_of(made, 30)
    scene.start()
    scene.hook.misbehave("500", seconds=14)
    scene.cut("A1")
    scene.hook.wait_for(1, WAIT, "arrived")
    time.sleep(1)
    scene.mend("A1")
    scene.wait("resolved", 1, WAIT)
    time.sleep(QUIET / 2)
    scene.end()


def nobody(made):
    """The rule asks for whoever is on duty, and nobody is."""
    scene = with_sms(made, 28, "    - { subjects: [own], steps: [ { by: [hook] } ] }\n"
                               "    - { severity: 1, steps: [ { tell: [on_duty], by: [sms] } ] }\n")
    scene.start()
    scene.down = scene.cut("A1")
    scene.wait("own", 1, WAIT)
    time.sleep(QUIET)
    scene.mend("A1")
    time.sleep(2)
    scene.end()


def throttled(first, second, number):
    def play(made):
        scene = scene_of(made, number, webhook=False)
        scene.first, scene.second = (getattr(scene.there, kind)(**settings) for kind, settings in (first, second))
        keys = [f", key: {settings['secret']}" if "secret" in settings else "" for _, settings in (first, second)]
        scene.alerts = (f"  channels:\n    crew: {{ kind: {first[0]}, url: \"{scene.first.url}\"{keys[0]}, instead: other }}\n"
                        f"    other: {{ kind: {second[0]}, url: \"{scene.second.url}\"{keys[1]} }}\n"
                        "  rules:\n    - { steps: [ { tell: [on_duty], by: [crew] } ] }\n")
        scene.start()
        scene.first.misbehave("throttle")
        scene.down = scene.cut("A1")
        scene.second.wait_for(1, WAIT)
        time.sleep(QUIET)
        scene.up = scene.mend("A1")
        scene.second.wait_for(2, WAIT)
        time.sleep(QUIET / 2)
        scene.asked = len(scene.first.arrived)
        scene.seen = [scene.daemon.metric("changtong_alert_channel_up", channel=c) for c in ("crew", "other")]
        scene.well = subject.run("alerts", "test", "other", "--config", scene.daemon.config)
        scene.tested = len(scene.second.taken)
        scene.ill = subject.run("alerts", "test", "crew", "--config", scene.daemon.config)
        scene.end()
    return play


ROBOTS = {"wecom": ({}, "dingtalk"), "dingtalk": ({"secret": "SEC-example"}, "feishu"), "feishu": ({"secret": "SEC-other"}, "wecom")}


class Demo:
    """The demo with --webhook, as if it were a scene."""

    def __init__(self, folder):
        self.there = district.robots.Robots()
        self.hook = self.there.webhook()
        self.log = folder / "demo.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([subject.binary, "demo", "--webhook", self.hook.url, "--listen", DEMO, "--lines", "80", "--speed", "8",
                                             "--seed", "7"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)

    @property
    def messages(self):
        return [district.message(a) for a in self.hook.taken]

    @staticmethod
    def fetch(path):
        with urllib.request.urlopen(f"http://{DEMO}/api/v1/{path}", timeout=5) as answer:
            return json.load(answer)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.there.close()


def demo(made):
    scene = Demo(Told.folder)
    made(scene)
    time.sleep(40)
    scene.ids = [l["id"] for l in scene.fetch("lines?limit=1000")["lines"]]  # sites are among them
    scene.outages = scene.fetch("outages?limit=1000")["outages"]
    scene.now = time.time()
    time.sleep(1)
    scene.process.send_signal(signal.SIGINT)
    scene.exit_code = scene.process.wait(30)


class Told(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        Told.folder = cls.folder
        district.Country.here = district.Country()
        plays = {play.__name__: play for play in (killed_while_it_hangs, killed_before_the_answer, killed_while_open, acknowledged, unanswered, escalation_and_kill,
                                                  receiver_ill, nobody, demo, swapped)}
        for number, (kind, (settings, other)) in enumerate(ROBOTS.items(), 25):
            plays[kind] = throttled((kind, settings), (other, ROBOTS[other][0]), number)
        cls.scenes = district.Played(plays)

    def story(self, name, *expected, twice=False):
        scene = self.scenes[name]
        told = scene.messages
        self.assertEqual(district.faults_of_form(told, [l["id"] for l in FEW], twice), [], told)
        self.assertEqual(scene.exit_code, 0, scene.daemon.tail())
        self.assertEqual(scene.hook.violations, [])
        if expected:
            self.assertEqual(kinds(told), list(expected), told)
        return scene, told

    def test_what_was_on_its_way_when_the_daemon_was_killed_arrives(self):
        scene, told = self.story("killed_while_it_hangs", "opened", "resolved")
        self.assertEqual({m.id for m in told}, {scene.hung.fields["id"]})
        self.assertEqual([m.lines for m in told], [["A1"], ["A1"]])
        self.assertEqual(told[0].fields["began"], scene.hung.fields["began"])
        self.assertLess(told[0].at - scene.back, 15)

    def test_what_nobody_knows_to_have_arrived_is_told_again_and_nothing_else(self):
        _, told = self.story("killed_before_the_answer", twice=True)
        self.assertIn([m.kind for m in told if m.kind != "opened"], (["resolved"],), told)
        opened = [m for m in told if m.kind == "opened"]
        self.assertIn(len(opened), (1, 2), told)
        self.assertEqual({(m.id, tuple(m.lines)) for m in told}, {(told[0].id, ("A1",))}, told)

    def test_an_alert_outlives_the_daemon(self):
        scene, told = self.story("killed_while_open", "opened", "resolved", "opened", "resolved")
        self.assertEqual(scene.middle, 1, told)
        self.assertEqual([m.lines for m in told], [["A1"], ["A1"], ["A2"], ["A2"]])
        self.assertEqual(told[0].id, told[1].id)
        self.assertEqual(told[2].id, told[3].id)
        self.assertNotEqual(told[0].id, told[2].id)
        self.assertEqual(told[0].fields["began"], told[1].fields["began"])

    def test_an_acknowledgement_ends_the_escalation(self):
        scene, told = self.story("acknowledged", "opened", "acknowledged", "acknowledged", "resolved")
        self.assertEqual(scene.answers[0][0], 0, scene.answers)
        self.assertIn("此前 王工", scene.answers[1][1] + scene.answers[1][2])
        self.assertIn("李工", told[2].all)
        self.assertIn("（此前 王工）：再说一遍", told[2].all)
        self.assertIn("王工", told[1].all)
        self.assertIn("已派人上塔", told[1].all)
        self.assertIn("甲村", told[1].title)
        self.assertEqual([m.lines for m in told], [["A1"]] * 4)
        self.assertEqual([name for _, name, text in scene.before if "赵工" == name], [], "the next step came all the same")
        self.assertEqual([name for _, name, text in scene.before if "甲村" in text and "中断" in text and "派人" not in text], ["李工"], scene.before)
        self.assertIn(scene.nobody[0], (401, 403, 404, 405), scene.nobody)
        self.assertEqual([text for _, _, text in scene.before if "changtong ack" in text], [], "nobody types what a telephone says")

    def test_whoever_does_not_answer_is_followed_by_the_next(self):
        self.followed(self.scenes["unanswered"], "李工", "王工")

    def test_the_next_is_another_person_where_duty_was_swapped(self):
        self.followed(self.scenes["swapped"], "王工", "李工")

    def followed(self, scene, first, second):
        self.assertEqual(scene.duty[0], 0, scene.duty)
        self.assertEqual([name for _, name, _ in scene.before], [first, second, "赵工"], scene.before)
        at = [when for when, _, _ in scene.before]
        self.assertLess(at[0], 5)
        for text in (text for _, _, text in scene.before):
            self.assertIn("甲村", text)
            self.assertIn("中断", text)
        self.assertAlmostEqual(at[1] - at[0], 5, delta=3)
        self.assertAlmostEqual(at[2] - at[0], 10, delta=3)
        self.assertEqual(sorted(name for _, name, _ in scene.after), sorted(["李工", "王工", "赵工"]), "all of them hear that it is over")
        for _, _, text in scene.after:
            self.assertIn("恢复", text)
        self.assertEqual(scene.sms.violations, [])

    def test_steps_and_acknowledgements_outlive_the_daemon(self):
        scene, told = self.story("escalation_and_kill", "opened", "resolved")
        self.assertEqual(scene.answer[0], 0, scene.answer)
        self.assertEqual(sorted((name, "甲村" in text) for _, name, text in scene.before),
                         sorted([("李工", True), ("李工", False), ("王工", True)]), scene.before)
        self.assertEqual([m.lines for m in told], [["A1"], ["A1"]])

    def test_an_end_does_not_overtake_its_beginning(self):
        scene, told = self.story("receiver_ill", "opened", "resolved")
        self.assertEqual([m.lines for m in told], [["A1"], ["A1"]])
        self.assertLess(len(scene.hook.arrived), 8, "hammered")

    def test_nobody_to_be_told_is_itself_an_alarm(self):
        scene, told = self.story("nobody")
        self.assertEqual(kinds(told)[:1], ["own"], told)
        self.assertEqual(told[0].lines, [])
        self.assertIn("无人", told[0].title)
        self.assertLess(told[0].at - scene.down.after, 15)
        self.assertEqual(len([m for m in told if m.at < scene.down.after + 12]), 1, told)
        self.assertEqual(scene.sms.arrived, [])

    def test_a_throttled_robot_s_messages_go_another_way_which_says_so(self):
        for kind in ROBOTS:
            with self.subTest(kind=kind):
                scene = self.scenes[kind]
                texts = scene.second.texts[:scene.tested - 1]
                self.assertEqual(len(texts), 2, texts)
                self.assertIn("甲村中断", texts[0])
                self.assertIn("甲村已恢复", texts[1])
                self.assertLess(scene.second.taken[0].at - scene.down.after, 30)
                self.assertTrue(any("crew" in text for text in texts), f"nobody hears that crew fails: {texts}")
                self.assertEqual(scene.seen, [0, 1])
                self.assertEqual((scene.first.violations, scene.second.violations), ([], []))
                if kind != "feishu":  # whose penalty nobody has written down
                    self.assertEqual(scene.asked, 1, "asked again inside the platform's penalty")

    def test_one_message_now(self):
        for kind in ROBOTS:
            with self.subTest(kind=kind):
                scene = self.scenes[kind]
                self.assertEqual(scene.well[0], 0, scene.well)
                self.assertEqual(scene.tested, 3, scene.second.texts)
                self.assertIn("测试", scene.second.texts[2])
                self.assertNotIn(scene.ill[0], (0, 2), scene.ill)

    def test_the_demo_posts_every_message_as_json(self):
        scene = self.scenes["demo"]
        told = scene.messages
        self.assertEqual(scene.hook.violations, [])
        self.assertEqual(scene.exit_code, 0, scene.log.read_text()[-2000:])
        self.assertEqual(district.faults_of_form(told, scene.ids), [], told)
        self.assertGreater(kinds(told).count("opened"), 2, told)
        self.assertGreater(kinds(told).count("resolved"), 0, told)
        self.assertEqual(len(scene.hook.arrived), len(told))
        for arrival in scene.hook.arrived:
            self.assertRegex(arrival.headers["content-type"], "^application/json")

    def test_every_outage_of_the_demo_was_told(self):
        scene = self.scenes["demo"]
        named = {i for m in scene.messages for i in m.lines}
        old = [o for o in scene.outages if truth.instant(o["began"]) < scene.now - 12]
        flapping = {i for m in scene.messages if "时通时断" in m.title for i in m.lines}
        self.assertEqual({o["target"] for o in old} - named - flapping, set(), scene.messages)
        self.assertGreater(len(old), 2)


if __name__ == "__main__":
    unittest.main()
