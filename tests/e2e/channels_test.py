"""Every channel against who receives it: stand-ins of robots that hold the true limits and then misbehave, a real mail
server, a real Alertmanager, listeners of syslog. Messages are rendered and carried as the daemon does (channel_sender)."""

import datetime
import email
import email.policy
import email.utils
import http.server
import json
import pathlib
import re
import socket
import subprocess
import threading
import time
import unittest

import peers
import receivers
import robots
import subject

TITLE, LINK = "龙河镇汇聚中断，影响 14 条村线", "https://monitor.county.example/alerts/A20260314-0007"
TEXT = "自 2026-03-14 06:12:15 起\n原因：上级「龙河镇」中断，邻居正常\n中国移动 服务电话 10086，电路 YD-1024\n"
WHOLE = TITLE + "\n" + TEXT + LINK


def message(**changes):
    return {"id": "A20260314-0007", "title": TITLE, "text": TEXT, "link": LINK, "cause": "upstream", "severity": 1,
            "lines": ["L001", "L002"], "began_ms": int(time.time() * 1000) - 65_000, **changes}


def storm():
    return message(text="".join(f"第{n}村「{'线' * (n % 30)}\"{n}\"」中断\\n\n" for n in range(400)))


def sender():
    return pathlib.Path(subject.binary).parent / "tests" / "channel_sender"


def send(*sends, stop_after_ms=None):
    """What became of each, by its number, and how long the stop took."""
    asked = {"sends": list(sends)} | ({"stop_after_ms": stop_after_ms} if stop_after_ms is not None else {})
    done = subprocess.run([sender()], input=json.dumps(asked), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return lines[:-1], lines[-1]["stopped_in_ms"]


def to(channel, what=None, patience_ms=10_000, **people):
    return {"channel": channel, "message": what or message(), "to": people, "patience_ms": patience_ms}


class Channels(unittest.TestCase):
    def setUp(self):
        self.robots = robots.Robots()
        self.addCleanup(self.robots.close)

    @property
    def here(self):
        return self.folder / self.id().split(".")[-1]

    def one(self, channel, what=None, **settings):
        ended, _ = send(to(channel, what, **settings))
        self.assertEqual(len(ended), 1, ended)
        return ended[0]

    def five(self):
        """Kind, stand-in and channel of each."""
        there = self.robots
        return {
            "wecom": (w := there.wecom(), {"kind": "wecom", "url": w.url}),
            "dingtalk": (d := there.dingtalk(secret="SEC-ding"), {"kind": "dingtalk", "url": d.url, "key": "SEC-ding"}),
            "feishu": (f := there.feishu(secret="SEC-feishu"), {"kind": "feishu", "url": f.url, "key": "SEC-feishu"}),
            "sms": (s := there.gateway(), {"kind": "sms", "url": s.url, "to": ["13800000000"], "expect": '"Code": "OK"',
                                           "body": '{"phone":"${phone}","text":"${title}：${text}","ref":"${id}"}'}),
            "webhook": (h := there.webhook(key="hook-key-1"), {"kind": "webhook", "url": h.url, "key": "hook-key-1"}),
        }

    def test_the_stand_ins_sign_as_the_handbook_says(self):
        self.assertEqual(robots.signed_by_dingtalk_rule("SEC-example", 1700000000000),
                         "Q7aaP99yyzdhi28n7EfYsanxv8lOWozU7g5iKwLmNuI=")
        self.assertEqual(robots.signed_by_feishu_rule("SEC-example", 1700000000),
                         "//FxyFZVZ0Qx41t2C/VNp100ZPMJpTFhBhxjuVZ18B4=")

    def test_each_takes_the_message_and_calls_who_is_meant(self):
        for kind, (stand, channel) in self.five().items():
            with self.subTest(kind):
                answer = self.one(channel, phones=["13900000000"] if kind in ("wecom", "dingtalk") else [], ids=["ou_wang"])
                self.assertEqual((answer["how"], stand.violations), ("taken", []), answer)
                said = stand.texts[0]
                if kind == "sms":
                    self.assertEqual(said, TITLE + "：" + TEXT.strip().replace("\n", "；"))
                elif kind == "webhook":
                    self.assertEqual(said, TITLE + "\n" + TEXT)
                else:
                    self.assertEqual(said.rstrip("\n"), WHOLE)
                self.assertEqual(stand.taken[0].to, {"wecom": ["ou_wang", "13900000000"], "dingtalk": ["13900000000", "ou_wang"],
                                                     "feishu": ["ou_wang"], "sms": ["13800000000"], "webhook": []}[kind])

    def test_a_storm_keeps_every_limit(self):
        for kind, (stand, channel) in self.five().items():
            with self.subTest(kind):
                answer = self.one(channel, storm())
                self.assertEqual((answer["how"], stand.violations), ("taken", []), answer)
                if kind != "webhook":
                    self.assertIn("行未列出）", stand.texts[0])
                    self.assertIn(TITLE, stand.texts[0])

    def test_a_form_and_its_specials(self):
        gateway = self.robots.gateway(path="/form", provider="huawei")
        what = message(title='a&b=c+d%20"e"<f>', text="甲\n乙")
        answer = self.one({"kind": "voice", "url": gateway.url, "content_type": "application/x-www-form-urlencoded",
                           "body": "phone=${phone}&text=${text}&title=${title}", "to": ["+8613800000000"]}, what)
        self.assertEqual((answer["how"], gateway.violations), ("taken", []))
        self.assertEqual(gateway.taken[0].fields, {"phone": "+8613800000000", "text": "甲；乙", "title": what["title"]})

    def test_wrong_keys_are_refused_and_never_quoted(self):
        wecom, ding, feishu = self.robots.wecom(), self.robots.dingtalk(secret="SEC-ding"), self.robots.feishu(secret="SEC-feishu")
        hook = self.robots.webhook(key="hook-key-1")
        wrong = [{"kind": "wecom", "url": wecom.url + "-wrong"}, {"kind": "dingtalk", "url": ding.url, "key": "SEC-wrong"},
                 {"kind": "feishu", "url": feishu.url, "key": "SEC-wrong"}, {"kind": "webhook", "url": hook.url, "key": "SEC-wrong"}]
        ended, _ = send(*[to(channel) for channel in wrong])
        for answer in ended:
            # a robot's own word is final; a bare 401 may be that of a relay, which somebody mends
            self.assertEqual(answer["how"], "later" if "HTTP 401" in answer["text"] else "refused", answer)
            for key in ("wrong", wecom.key, "SEC-ding", "SEC-feishu", "hook-key-1"):
                self.assertNotIn(key, answer["text"])

    def test_the_twenty_first_of_a_minute_is_too_much(self):
        wecom, ding = self.robots.wecom(), self.robots.dingtalk()
        for stand, kind, pause in ((wecom, "wecom", 65_000), (ding, "dingtalk", 600_000)):
            ended, _ = send(*[to({"kind": kind, "url": stand.url})] * 21)
            self.assertEqual(sum(a["how"] == "taken" for a in ended), 20)
            self.assertEqual([a["pause_ms"] for a in ended if a["how"] == "later"], [pause])

    def test_whatever_they_do_is_understood_in_time(self):
        elsewhere = self.robots.webhook(path="/elsewhere")
        five = self.five()
        for way in ("silent", "500", "garbage", "drip", "endless", "close", "half", "throttle", "redirect", "lost"):
            for stand, _ in five.values():
                stand.misbehave(way, elsewhere=elsewhere.url)
            began = time.monotonic()
            ended, _ = send(*[to(channel, patience_ms=1500) for _, channel in five.values()])
            self.assertLess(time.monotonic() - began, 6, way)
            for answer in ended:
                kind = list(five)[answer["n"]]
                with self.subTest(way=way, kind=kind):
                    # A webhook's 200 is its yes, whatever stands in it; a redirect is nobody's, and may be mended.
                    how, pause = "later", 0
                    if way == "throttle":
                        pause = 600_000 if kind == "dingtalk" else 65_000
                    if way == "redirect" and kind == "dingtalk":
                        pause = 600_000
                    if way == "garbage" and kind == "webhook":
                        how = "taken"
                    if way == "drip" and kind == "webhook":
                        self.assertIn(answer["how"], ("later", "taken"))  # two bytes may be there in time
                        continue
                    self.assertEqual((answer["how"], answer["pause_ms"]), (how, pause), answer)
        self.assertEqual(elsewhere.arrived, [])

    def test_who_hangs_holds_up_nobody_and_the_stop_is_quick(self):
        slow, quick = self.robots.wecom(), self.robots
        other = robots.Robots()
        self.addCleanup(other.close)
        hook = other.webhook()
        slow.misbehave("silent")
        sends = [to({"kind": "wecom", "url": slow.url}, patience_ms=60_000)] * 12 + [to({"kind": "webhook", "url": hook.url})]
        ended, stop = send(*sends, stop_after_ms=1500)
        self.assertEqual((ended[0]["n"], ended[0]["how"]), (12, "taken"))
        self.assertLess(ended[0]["after_ms"], 1000)
        self.assertEqual(len(ended), 13)
        self.assertLess(stop, 2000)

    def test_a_name_server_that_is_silent_holds_up_nobody(self):
        """Whoever asks the resolver waits for it; we do not wait for them."""
        silent = socket.socket(type=socket.SOCK_DGRAM)
        silent.bind(("127.0.0.1", 53))
        self.addCleanup(silent.close)
        self.here.mkdir(parents=True)
        for name, text in (("resolv.conf", "nameserver 127.0.0.1\noptions timeout:30\n"), ("nsswitch.conf", "hosts: dns\n")):
            (self.here / name).write_text(text)
            target = pathlib.Path("/etc") / name
            subprocess.run(["mount", "--bind", self.here / name, target.resolve()], check=True)
            self.addCleanup(subprocess.run, ["umount", target.resolve()], check=True)
        hook = self.robots.webhook()
        mail = {"kind": "mail", "url": "smtp://mail.county.example", "from": "a@b.example", "to": ["c@d.example"]}
        sends = [to({"kind": "wecom", "url": "http://qyapi.county.example/"}, patience_ms=60_000),
                 to(mail, patience_ms=60_000), to({"kind": "syslog", "url": "udp://log.county.example"}, patience_ms=60_000),
                 to({"kind": "wecom", "url": "http://other.county.example/"}, patience_ms=700),
                 to({"kind": "webhook", "url": hook.url})]
        ended, stop = send(*sends, stop_after_ms=2500)
        self.assertEqual([a["n"] for a in ended[:2]], [4, 3])
        self.assertLess(ended[1]["after_ms"], 2000)
        self.assertLess(stop, 2000)
        self.assertEqual(len(ended), 5)

    def test_by_tls_to_whom_the_channel_believes(self):
        ours, strangers = (peers.Authority(self.here, name) for name in ("ours", "strangers"))
        there = robots.Robots(tls=ours.sign("robots", "127.0.0.1"))
        self.addCleanup(there.close)
        feishu = there.feishu(secret="SEC-feishu")
        channel = {"kind": "feishu", "url": feishu.url, "key": "SEC-feishu"}
        for authority, how in ((ours, "taken"), (strangers, "later")):
            answer = self.one(channel | {"ca_file": str(authority.certificate)})
            self.assertEqual(answer["how"], how, answer)
        self.assertEqual(self.one(channel)["how"], "later")
        self.assertEqual(len(feishu.arrived), 1)

    def test_a_real_mail_server(self):
        authority = peers.Authority(self.here, "ours")
        server = receivers.MailServer(self.here / "mail", *authority.sign("mail", "127.0.0.1"))
        self.addCleanup(server.kill)
        channel = {"kind": "mail", "url": server.url, "user": server.user, "key": server.password, "from": "monitor@county.example",
                   "to": ["duty@county.example", "nobody@county.example"], "ca_file": str(authority.certificate)}
        answer = self.one(channel, mails=["head@county.example"])
        self.assertEqual(answer["how"], "taken", answer)
        self.assertIn("no such mailbox", answer["text"])
        self.assertEqual(self.one(channel, storm() | {"kind": "resolved", "over": True})["how"], "taken")
        self.check_mails(server)
        self.assertEqual(self.one(channel | {"to": ["nobody@county.example"]})["how"], "refused")
        wrong = self.one(channel | {"key": "wrong-password"})
        self.assertEqual(wrong["how"], "refused", wrong)
        self.assertNotIn("wrong-password", wrong["text"])
        self.assertEqual(self.one({k: v for k, v in channel.items() if k != "ca_file"})["how"], "later")
        self.assertEqual(len(server.mails()), 2)

    def check_mails(self, server):
        first, second = server.mails()
        self.assertEqual((first["from"], first["to"], first["tls"], first["user"]),
                         ("monitor@county.example", ["head@county.example", "duty@county.example"], True, server.user))
        one, two = (email.message_from_string(m["mail"], policy=email.policy.default) for m in (first, second))
        for mail in (one, two):
            self.assertEqual([d for part in mail.walk() for d in part.defects], [])
            self.assertEqual([h for h in ("From", "To", "Subject", "Date", "Message-ID") if mail[h].defects], [])
            self.assertEqual(str(mail["Subject"]), TITLE)
            age = datetime.datetime.now(datetime.timezone.utc) - mail["Date"].datetime
            self.assertLess(abs(age.total_seconds()), 60)
            self.assertEqual(mail["Date"].datetime.utcoffset(), datetime.timedelta(hours=8))
        self.assertEqual(one.get_content().replace("\r\n", "\n"), TEXT + "\n" + LINK + "\n\n告警编号：A20260314-0007\n")
        self.assertEqual(one["References"], two["References"])
        self.assertNotEqual(one["Message-ID"], two["Message-ID"])
        self.assertTrue(all(len(line) <= 998 for line in second["mail"].splitlines()))

    def test_a_real_alertmanager(self):
        told, sink = self.sink()
        there = receivers.Alertmanager(self.here, sink)
        self.addCleanup(there.kill)
        channel = {"kind": "alertmanager", "url": there.base}
        self.assertEqual(self.one(channel)["how"], "taken")
        peers.wait_for(lambda: told, 15, "alertmanager told the sink")
        alert = told[0]["alerts"][0]
        self.assertEqual((alert["status"], alert["labels"]),
                         ("firing", {"alertname": "ChangtongAlert", "alert": "A20260314-0007", "cause": "upstream"}))
        self.assertEqual((alert["annotations"]["summary"], alert["annotations"]["description"], alert["generatorURL"]), (TITLE, TEXT, LINK))
        self.assertEqual(self.one(channel, message(kind="grown", title="更多", severity=2))["how"], "taken")
        self.assertEqual([a["annotations"]["summary"] for a in there.alerts()], ["更多"])
        self.assertEqual(self.one(channel, message(kind="resolved", over=True, title="恢复"))["how"], "taken")
        peers.wait_for(lambda: told[-1]["status"] == "resolved", 15, "alertmanager told of the end")
        self.assertEqual([a["annotations"]["summary"] for a in told[-1]["alerts"]], ["恢复"])
        self.assertEqual(there.alerts(), [])
        self.assertEqual(self.one(channel | {"url": there.base + "/nowhere"})["how"], "later")

    def sink(self):
        told = []

        class Door(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        return told, f"http://127.0.0.1:{server.server_address[1]}/"

    def test_syslog_by_datagram_stream_and_tls(self):
        authority = peers.Authority(self.here, "ours")
        form = re.compile(rb"<(\d+)>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00 - changtong - (\w+) "
                          rb"\[alert@32473( \w+=\"[^\"]*\")+\] \xef\xbb\xbf(.*)", re.DOTALL)
        for kind in ("udp", "tcp", "tls"):
            with self.subTest(kind):
                there = receivers.Syslog(kind, *(authority.sign(kind, "127.0.0.1") if kind == "tls" else ()))
                channel = {"kind": "syslog", "url": there.url, "ca_file": str(authority.certificate)}
                self.assertEqual(self.one(channel)["how"], "taken")
                self.assertEqual(self.one(channel, storm())["how"], "taken")
                peers.wait_for(lambda: len(there.lines) == 2, 5, "both lines are there")
                self.assertEqual(there.wrong, [])
                found = form.fullmatch(there.lines[0])
                self.assertEqual((found[1], found[2], found[4].decode()), (b"130", b"opened", WHOLE.replace("\n", "；")))
                self.assertLessEqual(len(there.lines[1]), 2048 if kind == "udp" else 8192)
                self.assertTrue(form.fullmatch(there.lines[1]))
