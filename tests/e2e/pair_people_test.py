"""What people enter on either machine of an office counts on both: over TLS, through a link that is cut, a pause and a kill."""

import json
import os
import signal
import ssl
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

import peers
import robots
import subject
import truth
from peers import wait_for
from subject import Daemon

TOKEN = "5d41402abc4b2a76b9719d911017c592"
PEOPLE = {"王工": "wang-token-0123456789", "李工": "li-token-0123456789", "赵工": "zhao-token-0123456789"}
LINES = {name: f"127.9.0.{n}" for n, name in enumerate(("planned", "plain", "later"), 1)}


class Node(Daemon):
    """Speaks TLS alone."""

    trusted = None

    def request(self, path, method="GET", headers=None, body=None):
        wanted = urllib.request.Request(f"https://{self.listen}{path}", method=method, headers=headers or {}, data=body)
        try:
            with urllib.request.urlopen(wanted, timeout=5, context=self.trusted) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError as error:
            return 0, str(error)

    def post(self, who, path, **body):
        """The status, and the code of what was refused."""
        status, text = self.request(f"/api/v1/{path}", "POST", {"Authorization": f"Bearer {PEOPLE[who]}"}, json.dumps(body).encode())
        return status, json.loads(text).get("error", {}).get("code") if text.startswith("{") else text

    def window(self, name):
        found = [w for w in self.json("/api/v1/windows?from=2026&to=2040")["windows"] if w["id"] == name]
        return found[0] if found else None

    def window_state(self, name):
        window = self.window(name)
        return window and window["state"]


class PairOfPeople(unittest.TestCase):
    """One story in one life, a case for each part of it: they follow each other by their names."""

    @classmethod
    def setUpClass(cls):
        cls.ports = {name: peers.Listener(address, 7001) for name, address in LINES.items()}
        cls.there = robots.Robots()
        cls.hooks = [cls.there.webhook(path=f"/hook{k}") for k in (0, 1)]
        authority = peers.Authority(cls.folder / "tls", "ours")
        Node.trusted = ssl.create_default_context(cafile=str(authority.certificate))
        cls.links = [peers.Link(8490 + k, 8390 + k) for k in (0, 1)]
        cls.nodes = [cls.node(k, authority) for k in (0, 1)]
        for node in cls.nodes:
            node.start()
            node.wait_up(*LINES)
        for node in cls.nodes:
            wait_for(lambda: (node.metric("changtong_peer_shipped_timestamp_seconds") or 0) > 0, 20, "the link is there\n" + node.tail())

    @classmethod
    def node(cls, k, authority):
        node = Node(cls.folder / f"node{k}", listen=f"127.0.0.1:{8390 + k}")
        certificate, key = authority.sign(f"node{k}", "127.0.0.1")
        people = "".join(f"    - {{ name: {name}, token: {token}, may: [request, approve, duty, annotate, acknowledge] }}\n" for name, token in PEOPLE.items())
        alerts = {"link": f"https://127.0.0.1:{8390 + k}", "channels": {"hook": {"kind": "webhook", "url": cls.hooks[k].url}},
                  "rules": [{"severity": 1, "steps": [{"by": ["hook"]}]}]}
        node.configure([{"id": name, "address": address, "checks": "tcp:port=7001,reset=bad"} for name, address in LINES.items()],
                       extra=f"node: {'甲乙'[k]}机\ntls: {{ certificate: {certificate}, key: {key} }}\n"
                             f"peer: {{ url: 'https://127.0.0.1:{8491 - k}', token: {TOKEN}, ca: {authority.certificate}, rank: {('first', 'second')[k]} }}\n"
                             f"api:\n  people:\n{people}alerts: {json.dumps(alerts, ensure_ascii=False)}\n",
                       defaults="interval: 500ms, timeout: 400ms, fast_interval: 100ms, down_after: 2")
        os.chmod(node.config, 0o600)
        return node

    @classmethod
    def tearDownClass(cls):
        for node in cls.nodes:
            node.kill()
        for end in (*cls.links, cls.there, *(p for p in cls.ports.values() if p.socket)):
            end.close()

    def setUp(self):
        self.first, self.second = self.nodes

    def told(self, k, line):
        return [a for a in self.hooks[k].arrived if line in a.body.decode()]

    def agree(self, name, state, seconds=30):
        for node in self.nodes:
            wait_for(lambda: node.window_state(name) == state, seconds, f"{name} is {state} on both, here {node.window_state(name)}\n{node.tail()}")

    def request_window(self, node, who, name, line, begins, ends):
        status, code = node.post(who, "windows", id=name, targets=[line], **{"from": truth.iso(begins), "to": truth.iso(ends)})
        self.assertEqual(status, 200, code)

    def test_1_a_window_requested_on_one_and_approved_on_the_other_keeps_both_silent(self):
        begins = time.time() + 12
        self.request_window(self.first, "王工", "W1", "planned", begins, begins + 3000)
        self.agree("W1", "requested")
        self.assertEqual(self.second.post("王工", "windows/W1", step="approve"), (409, "second_person_needed"))
        self.assertEqual(self.second.post("李工", "windows/W1", step="approve")[0], 200)
        self.agree("W1", "approved")
        self.assertLess(time.time(), begins, "the machine is too slow for this story")
        wait_for(lambda: time.time() > begins + 0.5, 30, "it has begun")
        self.ports["planned"].close()
        for node in self.nodes:
            node.wait_down("planned")
        self.ports["plain"].close()  # what is not planned is told, after what would have been told before it
        for node in self.nodes:
            node.wait_down("plain")
        wait_for(lambda: self.told(0, "plain"), 40, "alerts work: " + self.first.tail(40))
        wait_for(lambda: self.second.json("/api/v1/alerts?open=1")["alerts"], 40, "the second one has its own alert")
        self.assertEqual((self.told(0, "planned"), self.told(1, "planned")), ([], []))
        for node in self.nodes:
            both = node.json("/api/v1/availability?by=line")
            self.assertEqual((both["view"], both["observers"]), ("merged", ["甲机", "乙机"]), "what nobody asks otherwise is of both")
            out = {row["key"]: row for row in both["rows"]}
            self.assertGreater(out["planned"]["excluded_s"], 0, "and leaves the figures of both as one book")
            self.assertEqual(out["planned"]["down_s"], 0)
        own = [{row["key"]: row for row in node.json("/api/v1/availability?by=line&view=own")["rows"]}["planned"] for node in self.nodes]
        self.assertEqual(own[0]["excluded_s"], 0, "this ledger has no approval")
        self.assertGreater(own[1]["excluded_s"], 0)

    def test_2_who_takes_an_alert_over_on_one_has_it_on_the_other(self):
        def alert(node):
            return next(a for a in node.json("/api/v1/alerts?open=1")["alerts"] if "plain" in a["targets"])

        self.assertEqual(self.second.post("李工", "acknowledgements", alert=alert(self.second)["id"], text="我去看")[0], 200)
        wait_for(lambda: [t["author"] for t in alert(self.first)["acknowledged"]] == ["李工"], 20, f"{alert(self.first)}")
        status, _ = self.first.post("赵工", "acknowledgements", alert=alert(self.first)["id"])
        self.assertEqual(status, 200)
        wait_for(lambda: [t["author"] for t in alert(self.second)["acknowledged"]] == ["李工", "赵工"], 20, f"{alert(self.second)}")

    def test_3_while_the_link_is_cut_both_go_on_and_agree_afterwards(self):
        begins = time.time() + 3000
        self.request_window(self.first, "王工", "W3", "later", begins, begins + 600)
        self.agree("W3", "requested")
        for link in self.links:
            link.cut()
        self.assertEqual(self.first.post("李工", "windows/W3", step="approve")[0], 200)
        self.assertEqual(self.second.post("赵工", "windows/W3", step="approve")[0], 200, "it has not heard of the other's approval")
        self.assertEqual(self.second.post("赵工", "windows/W3", step="cancel")[0], 200)
        self.request_window(self.first, "王工", "W4", "later", begins, begins + 600)
        self.request_window(self.second, "赵工", "W4", "later", begins + 60, begins + 900)
        self.assertEqual((self.first.window_state("W3"), self.second.window_state("W3")), ("approved", "cancelled"))
        for link in self.links:
            link.mend()
        self.agree("W3", "cancelled")
        wait_for(lambda: self.first.window("W4") == self.second.window("W4"), 30, "one id is one window")
        self.assertEqual(self.first.window("W4")["requested_by"], "赵工", "the later word counts")
        self.assertEqual(self.first.post("王工", "windows/W4", step="approve"), (409, "second_person_needed"))

    def test_4_what_both_observed_is_one_book_on_either(self):
        until = time.time()
        asked = ("--from", truth.iso(until - 20), "--to", truth.iso(until), "--by", "line")

        def merged(node):
            answer = node.json("/api/v1/availability?" + urllib.parse.urlencode(
                {"view": "merged", "by": "line", "from": asked[1], "to": asked[3]}))
            self.assertEqual((answer["observers"], answer["observers_shown"]), (["甲机", "乙机"], []))
            return answer["rows"]

        def by_command():
            code, out, err = subject.run("availability", "--ledger", self.first.ledger, "--ledger", f"{self.first.ledger}.peer", *asked,
                                         "--format", "json")
            self.assertEqual(code, 0, err)
            return [{k: v for k, v in row.items() if not k.startswith("observers")} for row in json.loads(out)]

        # once the copies reach beyond `until`
        wait_for(lambda: merged(self.first) == merged(self.second) == by_command(), 30, "both machines and the command say the same")

    def test_5_what_is_entered_beside_one_that_stands_still_or_is_killed_is_there_when_it_is_back(self):
        self.first.process.send_signal(signal.SIGSTOP)
        self.assertEqual(self.second.post("李工", "annotations", target="later", text="暂停时登记")[0], 200)
        self.first.process.send_signal(signal.SIGCONT)

        def notes(node):
            return [a["text"] for a in node.json("/api/v1/annotations")["annotations"]]

        wait_for(lambda: "暂停时登记" in notes(self.first), 30, "after a pause")
        self.first.kill()
        self.assertEqual(self.second.post("李工", "duty", person="赵工")[0], 200)
        self.first.start()
        wait_for(lambda: "赵工" in [d["person"] for d in self.first.json("/api/v1/duty")["duty"]], 90, "after a kill\n" + self.first.tail())
        for node in self.nodes:
            self.assertEqual(node.stop(), 0)
            code, out, err = node.verify()
            self.assertEqual(code, 0, out + err)

