"""The two machines of an office: each keeps what the other wrote, entry by entry, whoever is killed or away."""

import contextlib
import json
import os
import pathlib
import sqlite3
import time
import unittest

import peers
import subject
from subject import Daemon

TOKEN = "5d41402abc4b2a76b9719d911017c592"


def journal(ledger):
    """Every entry as it is stored."""
    if not os.path.exists(ledger):
        return []
    try:
        with contextlib.closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as book:
            return book.execute("SELECT seq, at, kind, body, prev, hash FROM journal ORDER BY seq").fetchall()
    except sqlite3.OperationalError:  # it is being made
        return []


class Pair(unittest.TestCase):
    def setUp(self):
        self.line = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(lambda: self.line.socket is not None and self.line.close())
        self.first, self.second = self.node(0), self.node(1)
        self.begin = time.time()
        for node in (self.first, self.second):
            node.start()
            node.wait_up("L1")

    def node(self, k, token=TOKEN):
        daemon = Daemon(self.folder / self.id().split(".")[-1] / f"node{k}", listen=f"127.0.0.1:{8390 + k}")
        daemon.configure([{"id": "L1", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                         extra=f"node: {'甲乙'[k]}机\npeer: {{ url: 'http://127.0.0.1:{8391 - k}', token: {token} }}\n",
                         defaults="interval: 500ms, timeout: 400ms, down_after: 2")
        self.addCleanup(daemon.kill)
        return daemon

    @staticmethod
    def copy_of(node, other):
        """Where `other` keeps what `node` wrote."""
        return f"{other.ledger}.peer"

    def wait_equal(self, node, other):
        peers.wait_for(lambda: journal(node.ledger) == journal(self.copy_of(node, other)), 20,
                       "the copy has every entry of the original\n" + node.tail())

    def merged(self, node, command, *more):
        code, out, err = subject.run(command, "--ledger", node.ledger, "--ledger", f"{node.ledger}.peer", "--from", "2026", "--to", "2030",
                                     "--format", "json", *more)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def test_each_has_the_others_journal_and_loses_no_second_that_one_of_them_saw(self):
        self.wait_equal(self.first, self.second)
        self.wait_equal(self.second, self.first)
        self.first.kill()  # in the middle of whatever it does; the other goes on
        self.line.close()
        self.second.wait_down("L1")
        self.line.open()
        self.second.wait_up("L1")

        peers.wait_for(lambda: [(o["target"], o["open"]) for o in self.merged(self.second, "outages")] == [("L1", False)], 20,
                       "it goes on without the first, and has what happened since")
        rows = self.merged(self.second, "availability", "--by", "line")
        self.assertEqual(rows[0]["observers"], ["乙机", "甲机"])
        self.assertLess(rows[0]["unknown_s"], 3, "nothing is unknown but the moments before both began")
        self.first.start()  # asks where it stands there, and goes on from what is answered
        self.first.wait_up("L1")
        for one, other in ((self.first, self.second), (self.second, self.first)):
            self.wait_equal(one, other)
            numbers = [row[0] for row in journal(self.copy_of(one, other))]
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)), "nothing twice, nothing lost")
        for node in (self.first, self.second):
            self.assertEqual(node.stop(), 0)
            for ledger in (node.ledger, f"{node.ledger}.peer"):
                code, out, err = subject.run("ledger", "verify", "--ledger", ledger)
                self.assertEqual(code, 0, out + err)

    def test_the_clocks_are_compared_and_one_that_is_off_is_shown_and_not_merged(self):
        clock = self.first.folder / "ledger.db.peer.clock"
        peers.wait_for(clock.exists, 20, "it is written down")
        self.assertLess(abs(int(clock.read_text())), 500, "one machine, one clock")
        peers.wait_for(lambda: self.first.metric("changtong_peer_clock_offset_seconds") is not None, 20, "and shown once all is shipped")
        self.assertLess(abs(self.first.metric("changtong_peer_clock_offset_seconds")), 0.5)
        self.wait_equal(self.second, self.first)
        self.first.stop()
        rows = self.merged(self.first, "availability", "--by", "line")
        self.assertEqual((rows[0]["observers"], rows[0]["observers_shown"]), (["甲机", "乙机"], []))
        clock.write_text("-1001\n")
        rows = self.merged(self.first, "availability", "--by", "line")
        self.assertEqual((rows[0]["observers"], rows[0]["observers_shown"]), (["甲机"], ["乙机"]))
        rows = self.merged(self.first, "availability", "--by", "line", "--offset", "乙机=0.2")
        self.assertEqual(rows[0]["observers"], ["甲机", "乙机"], "what somebody says counts")

    def test_what_is_behind_and_what_fails_are_metrics_and_the_log_says_it_once(self):
        peers.wait_for(lambda: (self.first.metric("changtong_peer_shipped_timestamp_seconds") or 0) > 0, 10, "all is there")
        self.assertEqual(self.first.metric("changtong_peer_unshipped_entries"), 0)
        self.assertGreater(self.first.metric("changtong_peer_received_timestamp_seconds"), self.begin - 1)
        failures, said = self.first.metric("changtong_peer_failures_total"), self.first.log.read_text().count("送不到另一台")
        self.second.kill()
        self.line.close()
        peers.wait_for(lambda: self.first.metric("changtong_peer_unshipped_entries") > 0, 20, "what the other one lacks")
        self.line.open()
        self.first.wait_up("L1")
        peers.wait_for(lambda: self.first.metric("changtong_peer_failures_total") >= failures + 2, 20, "it is tried again")
        self.assertEqual(self.first.log.read_text().count("送不到另一台"), said + 1)
        self.assertEqual(self.first.line_up("L1"), 1, "measuring does not wait for it")

    def begin_anew(self):
        self.first.stop()
        for file in self.first.folder.glob("ledger.db*"):
            if not file.name.startswith("ledger.db.peer"):
                file.unlink()
        self.first.start()

    def set_aside(self):
        return [p for p in self.second.folder.glob("ledger.db.peer.2*") if not p.name.endswith(("-wal", "-shm", ".lock"))]

    def test_a_ledger_that_was_begun_anew_is_never_mixed_with_the_copy_which_is_set_aside(self):
        self.wait_equal(self.first, self.second)
        self.first.stop()
        before = journal(self.first.ledger)
        self.assertEqual(before, journal(self.copy_of(self.first, self.second)), "its last word is there too")
        self.first.start()
        self.wait_equal(self.first, self.second)
        self.begin_anew()
        self.wait_equal(self.first, self.second)
        self.assertEqual(len(self.set_aside()), 1)
        self.assertEqual(journal(self.set_aside()[0])[:len(before)], before, "nothing of it is lost")
        peers.wait_for(lambda: "旧副本另存" in self.second.log.read_text(), 10, "the log says where it is")
        self.begin_anew()  # and again: two that take turns would fill the disk
        peers.wait_for(lambda: self.first.metric("changtong_peer_forked") == 1 and self.second.metric("changtong_peer_forked") == 1, 20,
                       "both say it")
        self.assertEqual(len(self.set_aside()), 1)

    def test_a_copy_that_is_damaged_is_set_aside_and_begun_anew_by_itself(self):
        self.wait_equal(self.first, self.second)
        self.second.stop()
        copy = pathlib.Path(self.copy_of(self.first, self.second))
        for log in ("-wal", "-shm"):  # what stands in it would mend the page
            pathlib.Path(f"{copy}{log}").unlink(missing_ok=True)
        with copy.open("r+b") as file:
            file.write(b"#" * 4096)
        self.second.start()
        peers.wait_for(self.set_aside, 20, "it is noticed\n" + self.second.tail())
        self.wait_equal(self.first, self.second)
        self.assertEqual(len(self.set_aside()), 1)
        self.assertIn("旧副本另存", self.second.log.read_text())
        peers.wait_for(lambda: self.second.json("/api/v1/summary")["pair"]["view"] == "merged", 20, "both are one book again")
        self.assertIsNotNone(self.second.json("/api/v1/summary")["pair"]["begun_anew"])

    def test_a_stranger_and_our_own_ledger_are_not_taken(self):
        self.wait_equal(self.first, self.second)
        path = "/peer/v1/entries"
        for token in ("", "Bearer", "Bearer " + TOKEN[:-1] + "0"):
            status, _ = self.second.request(path, method="POST", headers={"Authorization": token}, body=b"{}")
            self.assertEqual(status, 401)
        good = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/jsonl"}
        zeros, head = "0" * 64, journal(self.second.ledger)[0]
        for body in ("", "{}", '{"after":0,"hash":"00","heartbeat":null}', f'{{"after":-1,"hash":"{zeros}","heartbeat":null}}'):
            status, text = self.second.request(path, method="POST", headers=good, body=body.encode())
            self.assertEqual((status, json.loads(text)["error"]["code"]), (400, "bad_body"), body)
        own = json.dumps({"seq": 1, "at": head[1], "kind": head[2], "body": head[3], "hash": head[5].hex()}, separators=(",", ":"), ensure_ascii=False)
        status, text = self.second.request(path, method="POST", headers=good, body=f'{{"after":0,"hash":"{zeros}","heartbeat":null}}\n{own}'.encode())
        self.assertEqual(status, 503)
        self.assertIn("peer.url", json.loads(text)["error"]["text"])
        self.first.kill()
        copy = journal(self.copy_of(self.first, self.second))
        last = copy[-1]
        wrong = json.dumps({"seq": last[0] + 1, "at": last[1], "kind": last[2], "body": last[3], "hash": zeros}, separators=(",", ":"), ensure_ascii=False)
        status, text = self.second.request(path, method="POST", headers=good,
                                           body=f'{{"after":{last[0]},"hash":"{last[5].hex()}","heartbeat":null}}\n{wrong}'.encode())
        self.assertEqual(status, 503, "it does not chain")
        self.assertEqual(journal(self.copy_of(self.first, self.second)), copy)
        self.assertNotIn(TOKEN, self.second.log.read_text())


class SettingUp(unittest.TestCase):
    """A second machine for an office that has one, by one command on the first."""

    def setUp(self):
        folder = self.folder / self.id().split(".")[-1]
        self.first, self.second = (Daemon(folder / name, listen=f"127.0.0.1:{port}") for name, port in (("a", 8390), ("b", 8391)))
        self.first.configure([{"id": "L1", "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}],
                             extra="node: 甲机   # 一楼机房\nduty: { coverage: 99 %, automatic: false }\n",
                             defaults="interval: 500ms, timeout: 400ms, down_after: 2")
        self.out = folder / "乙机"
        for daemon in (self.first, self.second):
            self.addCleanup(daemon.kill)

    def pair(self, *more, here="http://127.0.0.1:8390", there="http://127.0.0.1:8391", node="乙机"):
        return subject.run("pair", "--config", self.first.config, "--node", node, "--here", here, "--there", there,
                           "--out", self.out, *more)

    def files(self):
        return {str(p.relative_to(self.first.folder)): p.read_bytes() for p in self.first.folder.rglob("*") if p.is_file()}

    def test_a_preview_changes_nothing(self):
        before = self.files()
        code, out, err = self.pair()
        self.assertEqual(code, 0, err)
        self.assertIn("预览", out)
        self.assertIn(str(self.first.folder / "lines.csv"), out)
        self.assertEqual(self.files(), before)
        self.assertFalse(self.out.exists())

    def test_what_cannot_be_is_said_and_changes_nothing(self):
        before = self.files()
        for words, more in (("同名", {"node": "甲机"}), ("peer.url 应以 https", {"there": "http://192.0.2.12:8443"}),
                            ("同一个地址", {"there": "http://127.0.0.1:8390/"}), ("没有 tls", {"here": "https://192.0.2.11:8443"})):
            code, _, err = self.pair("--apply", **more)
            self.assertEqual(code, 1, err)
            self.assertIn(words, err)
        self.assertEqual(self.files(), before)
        self.assertEqual(self.pair("--apply")[0], 0)
        self.out = self.out.with_name("丙机")
        code, _, err = self.pair("--apply", node="丙机")
        self.assertEqual(code, 1)
        self.assertIn("已经有 peer", err)

    def test_both_run_as_a_pair_after_it(self):
        line = peers.Listener("127.9.0.1", 7001)
        self.addCleanup(line.close)
        self.first.start()  # it has been there for a while: it has a ledger, a key, users
        self.first.wait_up("L1")
        self.first.stop()
        ca = self.first.folder.parent / "ca.pem"
        ca.write_text("whom both believe\n")
        code, out, err = self.pair("--apply", "--ca", ca)
        self.assertEqual(code, 0, err)
        self.assertEqual(pathlib.Path(str(self.out) + str(ca)).read_text(), ca.read_text())
        self.assertIn("listen 是本机的 127.0.0.1", out)
        here = pathlib.Path(str(self.out) + str(self.first.folder))
        there = sorted(p.name for p in here.iterdir())
        self.assertEqual([n for n in there if n.startswith("ledger.db") and not n.endswith(".users")], [], "its book and key are its own")
        self.assertEqual((here / "peer.token").read_text(), (self.first.folder / "peer.token").read_text())
        self.assertEqual((here / "peer.token").stat().st_mode & 0o007, 0)
        self.assertNotIn((here / "peer.token").read_text().strip(), out + err)
        self.assertEqual(len([p for p in self.first.folder.iterdir() if p.name.startswith("changtong.yaml.")]), 1, "as it was")
        for path in here.iterdir():  # what a person does there: this machine has other folders and another port
            text = path.read_text().replace(str(self.first.folder), str(self.second.folder)).replace("listen: 127.0.0.1:8390", "listen: 127.0.0.1:8391")
            (self.second.folder / path.name).write_text(text)
        for daemon in (self.first, self.second):
            daemon.start()
            daemon.wait_up("L1")
        for one, other in ((self.first, self.second), (self.second, self.first)):
            peers.wait_for(lambda: journal(one.ledger) and journal(one.ledger) == journal(f"{other.ledger}.peer"), 20, "they are a pair")
        code, out, _ = subject.run("availability", "--ledger", self.first.ledger, "--ledger", f"{self.first.ledger}.peer", "--from", "2026", "--to", "2030",
                                   "--format", "json")
        self.assertEqual(json.loads(out)[0]["observers"], ["甲机", "乙机"])
