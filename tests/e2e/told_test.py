"""One outage of one line, told by the daemon to a receiver of every kind at once: what each of them has, and how it ends."""

import email
import email.policy
import json
import os
import time
import unittest

import peers
import receivers
import robots
import stand
import subject

KINDS = ("wecom", "dingtalk", "feishu", "sms", "webhook", "mail", "alertmanager", "syslog")


class Told(unittest.TestCase):
    def setUp(self):
        self.here = self.folder / self.id().split(".")[-1]
        self.there = robots.Robots()
        self.addCleanup(self.there.close)
        self.listener = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(lambda: self.listener.socket and self.listener.close())
        self.stands = {"wecom": self.there.wecom(), "dingtalk": self.there.dingtalk(secret="SEC-ding"),
                       "feishu": self.there.feishu(secret="SEC-feishu"), "sms": self.there.gateway(),
                       "webhook": self.there.webhook(key="hook-key-1")}
        authority = peers.Authority(self.here, "ours")
        self.mail = receivers.MailServer(self.here / "mail", *authority.sign("mail", "127.0.0.1"))
        self.addCleanup(self.mail.kill)
        self.syslog = receivers.Syslog("tcp")
        self.sink = self.there.add(Sink())
        self.manager = receivers.Alertmanager(self.here / "alertmanager", self.sink.url)
        self.addCleanup(self.manager.kill)
        self.channels = {
            "wecom": {"url": self.stands["wecom"].url},
            "dingtalk": {"url": self.stands["dingtalk"].url, "key": "SEC-ding"},
            "feishu": {"url": self.stands["feishu"].url, "key": "SEC-feishu"},
            "sms": {"url": self.stands["sms"].url, "to": ["13800000000"], "expect": '"Code": "OK"',
                    "body": '{"phone":"${phone}","text":"${title}：${text}","ref":"${id}"}'},
            "webhook": {"url": self.stands["webhook"].url, "key": "hook-key-1"},
            "mail": {"url": self.mail.url, "user": self.mail.user, "key": self.mail.password, "from": "monitor@county.example",
                     "to": ["duty@county.example"], "ca_file": str(authority.certificate)},
            "alertmanager": {"url": self.manager.base},
            "syslog": {"url": self.syslog.url},
        }

    def start(self, told_by, settled=True):
        """A daemon with one line, which is up; alerts go by `told_by`."""
        self.daemon = subject.Daemon(self.here / "daemon")
        self.addCleanup(self.daemon.kill)
        alerts = {"link": "http://127.0.0.1:8080", "channels": {k: {"kind": k, **c} for k, c in self.channels.items()},
                  "rules": [{"severity": 1, "steps": [{"by": list(told_by)}]}]}
        self.daemon.configure([{"id": "L1", "name": "长山村专线", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                              extra="alerts: " + json.dumps(alerts, ensure_ascii=False) + "\n",
                              defaults="interval: 500ms, timeout: 300ms, fast_interval: 100ms")
        os.chmod(self.daemon.config, 0o600)
        self.daemon.start()
        self.daemon.wait_up("L1")

    def titles(self):
        """What each has been told, first to last."""
        out = {k: [t.split("\n")[0] for t in s.texts] for k, s in self.stands.items()}
        out["sms"] = [t.split("：")[0] for t in self.stands["sms"].texts]
        out["mail"] = [str(m["Subject"]) for m in self.mails()]
        out["syslog"] = [line.decode().split("\ufeff")[1].split("；")[0] for line in self.syslog.lines]
        out["alertmanager"] = [a["annotations"]["summary"] for n in self.sink.told for a in n["alerts"]]
        return out

    def mails(self):
        return [email.message_from_string(m["mail"], policy=email.policy.default) for m in self.mail.mails()]

    def wait_titles(self, count):
        peers.wait_for(lambda: all(len(t) >= count for t in self.titles().values()), 30, f"{count} by each: {self.titles()}\n{self.daemon.tail(40)}")
        told = self.titles()
        self.assertEqual({k: len(t) for k, t in told.items()}, dict.fromkeys(told, count), told)
        self.assertEqual(len({t[-1] for t in told.values()}), 1, told)
        return told["webhook"][-1]

    def test_every_receiver_has_the_outage_and_its_end(self):
        self.start(KINDS)
        self.listener.close()
        opened = self.wait_titles(1)
        self.assertIn("长山村", opened)
        firing = self.manager.alerts()
        self.assertEqual([(a["labels"]["cause"], a["status"]["state"]) for a in firing], [("line", "active")])
        time.sleep(2)
        self.listener.open()
        resolved = self.wait_titles(2)
        self.assertNotEqual(resolved, opened)
        self.assertEqual([n["status"] for n in self.sink.told], ["firing", "resolved"])
        self.assertEqual(self.manager.alerts(), [])
        first, second = self.mails()
        self.assertEqual(first["References"], second["References"])
        self.assertEqual([s.violations for s in self.stands.values()], [[]] * len(self.stands))
        self.assertEqual(self.syslog.wrong, [])
        self.assertEqual(self.daemon.stop(), 0)

    def test_who_is_throttled_is_left_alone_and_another_one_is_told(self):
        self.channels["dingtalk"]["instead"] = "mail"
        self.stands["dingtalk"].misbehave("throttle")
        self.start(["dingtalk"])
        self.listener.close()
        peers.wait_for(self.mails, 60, f"the mail in its stead is there: {self.daemon.tail(30)}")
        self.assertIn("长山村", str(self.mails()[0]["Subject"]))
        self.assertEqual(len(self.stands["dingtalk"].arrived), 1, "ten minutes mean ten minutes")
        self.assertEqual(self.daemon.stop(), 0)

    def test_the_daemon_ends_though_everybody_hangs(self):
        for stand in self.stands.values():
            stand.misbehave("silent")
        self.start(self.stands)
        self.listener.close()
        for stand in self.stands.values():
            stand.wait_for(1, 20, "arrived")
        began = time.monotonic()
        self.assertEqual(self.daemon.stop(), 0)
        self.assertLess(time.monotonic() - began, 4)


class Sink(stand.Stand):
    """Whom Alertmanager tells."""
    path, query = "/sink", ""

    def __init__(self):
        super().__init__()
        self.told = []

    def judge(self, arrival, query):
        self.told.append(json.loads(arrival.body))
        return "{}"
