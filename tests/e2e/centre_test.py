"""A centre keeps the journals of two nodes in PostgreSQL, whoever is killed, hangs or is cut off; a fork is shown as one.

CHANGTONG_LONG=1 plays thirty rounds of kills instead of five."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import time
import unittest

import peers
import subject
import truth
from pair_test import journal
from postgres import Postgres
from subject import Daemon

LONG = os.environ.get("CHANGTONG_LONG", "") not in ("", "0")
TOKENS = {"东城区": "5d41402abc4b2a76b9719d911017c592", "西城区": "7d793037a0760186574b0282f2f435e7"}
READER = "9e107d9d372bb6826bd81d3542a419d6"
SECONDS = 300  # a node that failed often comes again after a minute


class CentreProcess(Daemon):
    """`serve --centre`, as Daemon is `serve --config`."""

    def start(self, ready=20):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([subject.binary, "serve", "--centre", str(self.config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            cwd=self.folder)
        if ready:
            peers.wait_for(self.ready, ready, "the centre is ready: " + self.tail())


class CentreWorld(unittest.TestCase):
    """A centre, a database and two nodes that ship there; each node has a line."""

    nodes_more = dict.fromkeys(TOKENS, "")  # what stands beside name and token

    def setUp(self):
        self.home = self.folder / self.id().split(".")[-1]
        self.home.mkdir(parents=True)
        self.begin = time.time()
        self.database = Postgres(self.home)
        self.addCleanup(shutil.rmtree, self.database.folder, ignore_errors=True)
        self.addCleanup(self.database.kill)
        self.database.start()
        self.centre = self.a_centre("centre", 8400)
        self.lines = [peers.Listener("127.9.0.1", 7001), peers.Listener("127.9.0.1", 7002)]
        for line in self.lines:
            self.addCleanup(lambda line=line: line.socket is not None and line.close())
        self.links = [peers.Link(8410 + k, 8400) for k in range(2)]
        for link in self.links:
            self.addCleanup(link.close)
        self.centre.start()
        self.nodes = {name: self.a_node(k, name) for k, name in enumerate(TOKENS)}
        for node in self.nodes.values():
            node.start()
        for k, node in enumerate(self.nodes.values()):
            node.wait_up(f"L{k}")

    def a_centre(self, folder, port):
        made = CentreProcess(self.home / folder, listen=f"127.0.0.1:{port}")
        nodes = "".join(f"  - {{ name: {name}, token: {token}{self.nodes_more[name]} }}\n" for name, token in TOKENS.items())
        made.config.write_text(f"listen: {made.listen}\ndatabase: {{ connect: '{self.database.connect}' }}\nreader: {{ token: {READER} }}\nnodes:\n{nodes}")
        self.addCleanup(made.kill)
        return made

    def watched_by(self, k):
        """The lines of a node."""
        return (k,)

    def a_node(self, k, name):
        daemon = Daemon(self.home / f"node{k}", listen=f"127.0.0.1:{8390 + k}")
        daemon.configure([{"id": f"L{n}", "address": "127.9.0.1", "checks": f"tcp:port={7001 + n},reset=bad"} for n in self.watched_by(k)],
                         extra=f"node: {name}\ncentre: {{ url: 'http://127.0.0.1:{8410 + k}', token: {TOKENS[name]} }}\n",
                         defaults="interval: 300ms, timeout: 250ms, fast_interval: 100ms, down_after: 2, up_after: 1")
        self.addCleanup(daemon.kill)
        return daemon

    def blink(self):
        """Something happens on every line."""
        for line in self.lines:
            line.close()
        time.sleep(random.uniform(0.8, 1.2))
        for line in self.lines:
            line.open()

    def command(self, *words):
        return subject.run("centre", *words, "--config", self.centre.config)

    def heads(self):
        code, out, err = self.command("nodes", "--format", "json")
        self.assertEqual(code, 0, err)
        return {row["node"]: row for row in json.loads(out)}

    def has_all(self, name):
        book = journal(self.nodes[name].ledger)
        head = self.heads()[name]
        return bool(book) and (head["entries"], head["hash"]) == (book[-1][0], book[-1][5].hex())

    def wait_equal(self, name):
        peers.wait_for(lambda: self.has_all(name), SECONDS, f"the centre has all of {name}\n{self.nodes[name].tail()}\n{self.centre.tail()}")

    def exported(self, name, to, *more):
        code, out, err = self.command("export", "--node", name, "--out", self.home / to / "ledger.db", *more)
        self.assertEqual(code, 0, out + err)
        return self.home / to / "ledger.db"

    def figures(self, ledger, end, command, *more):
        code, out, err = subject.run(command, "--ledger", ledger, "--from", truth.iso(self.begin), "--to", truth.iso(end), "--format", "json", *more)
        self.assertEqual(code, 0, err)
        return json.loads(out)

    def assert_all_is_there(self):
        """Once the nodes have stopped: their journals, byte by byte, and the figures that follow from them."""
        for name, node in self.nodes.items():
            self.assertEqual(node.stop(), 0)
            if not self.has_all(name):  # what was written last may wait for the next run
                node.start()
                self.wait_equal(name)
                self.assertEqual(node.stop(), 0)
            self.wait_equal(name)
            copy = self.exported(name, name)
            self.assertEqual(journal(copy), journal(node.ledger), "byte by byte")
            end = time.time()  # the present grows from one command to the next
            for command in (["outages"], ["availability", "--by", "line"], ["availability", "--by", "category"]):
                self.assertEqual(self.figures(copy, end, *command), self.figures(node.ledger, end, *command))
            told = []  # 3: the figures were asked of what is there, and what is folded is not all of it yet
            peers.wait_for(lambda: told.append(self.command("verify", "--node", name)) or told[-1][0] != 3, 60, "all is folded")
            code, out, err = told[-1]
            self.assertEqual(code, 0, out + err)
            code, out, err = subject.run("ledger", "verify", "--ledger", copy)
            self.assertEqual(code, 0, out + err)


class Centre(CentreWorld):
    def test_nothing_is_lost_or_twice_whoever_is_killed_or_cut_off(self):
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        random.seed(seed)
        for _ in range(30 if LONG else 5):
            self.blink()
            self.centre.kill()
            self.blink()
            self.centre.start(ready=0)
            victim = random.choice(list(self.nodes.values()))
            time.sleep(random.uniform(0, 0.5))
            victim.kill()
            victim.start(ready=0)
            time.sleep(random.uniform(0, 0.5))
            self.database.kill()
            self.blink()
            self.database.start()
            cut = random.choice(self.links)
            cut.silent = True
            time.sleep(random.uniform(0, 1))
            self.blink()
            cut.silent = False
        for node in self.nodes.values():
            peers.wait_for(node.ready, SECONDS, "the node is ready\n" + node.tail())
        for name in self.nodes:
            self.wait_equal(name)
        self.assert_all_is_there()
        self.assertEqual([row["fork"] for row in self.heads().values()], [None, None])
        two = ["--ledger", self.home / "东城区/ledger.db", "--ledger", self.home / "西城区/ledger.db"]
        code, out, err = subject.run("availability", *two, "--from", "2026", "--to", "2030", "--by", "line", "--format", "json")
        self.assertEqual(code, 0, err)
        self.assertEqual({row["key"] for row in json.loads(out)}, {"L0", "L1"}, "several exports read together")

    def test_a_database_that_hangs_costs_a_wait_and_nothing_else(self):
        for name in self.nodes:
            self.wait_equal(name)
        self.database.pause()
        self.blink()
        node = self.nodes["东城区"]
        peers.wait_for(lambda: self.centre.get("/readyz")[0] == 503, SECONDS, "it says that it is not ready")
        self.assertEqual(self.centre.get("/healthz")[0], 200)
        self.assertEqual(self.centre.metric("changtong_centre_database_up"), 0)
        peers.wait_for(lambda: node.metric("changtong_centre_failures_total") > 0, SECONDS, "the node was told to come again")
        peers.wait_for(lambda: node.metric("changtong_centre_unshipped_entries") > 0, SECONDS, "and says what waits")
        self.assertEqual(node.line_up("L0"), 1, "measuring waits for nothing")
        self.database.go_on()
        for name in self.nodes:
            self.wait_equal(name)
        peers.wait_for(lambda: self.centre.get("/readyz")[0] == 200, SECONDS, "it is ready again")
        self.assert_all_is_there()

    def test_two_processes_on_one_database_take_turns(self):
        other = self.a_centre("other", 8401)
        other.start()
        def taken(process):
            return process.metric("changtong_centre_shipments_total", node="东城区", outcome="taken")

        for k in range(6):
            turn = (other, self.centre)[k % 2]
            before = taken(turn)
            for link in self.links:
                link.to = (8401, 8400)[k % 2]
            self.blink()
            peers.wait_for(lambda turn=turn, before=before: taken(turn) > before, SECONDS, "it is this one's turn")
        for name in self.nodes:
            self.wait_equal(name)
        self.assert_all_is_there()

    def test_a_restored_backup_is_a_fork_until_a_person_follows_it(self):
        name, node = "东城区", self.nodes["东城区"]
        self.assertEqual(node.stop(), 0)
        backup = self.home / "backup"
        shutil.copytree(node.folder, backup)
        node.start()
        self.blink()
        node.wait_up("L0")
        self.wait_equal(name)
        self.assertEqual(node.stop(), 0)
        before = journal(node.ledger)
        shutil.rmtree(node.folder)
        shutil.copytree(backup, node.folder)
        node.start()
        peers.wait_for(lambda: self.centre.metric("changtong_centre_node_forked", node=name) == 1, SECONDS, "the centre shows it\n" + self.centre.tail())
        peers.wait_for(lambda: node.metric("changtong_centre_forked") == 1, SECONDS, "so does the node")
        self.assertEqual(self.centre.metric("changtong_centre_node_forked", node="西城区"), 0)
        self.assertGreater(self.heads()[name]["fork"]["times"], 0)
        status, text = self.centre.request("/centre/v1/nodes", headers={"Authorization": f"Bearer {READER}"})
        self.assertEqual(status, 200)
        forks = {row["node"]: row["fork"] for row in json.loads(text)["nodes"]}
        self.assertGreaterEqual(forks[name]["times"], 1)
        self.assertIsNone(forks["西城区"])
        self.assertEqual(journal(self.exported(name, "as-it-was")), before[:len(journal(self.home / "as-it-was/ledger.db"))], "nothing of it was taken")

        code, out, err = self.command("branch", "--node", name, "--by", "王工", "--text", "恢复了备份")
        self.assertEqual(code, 0, err)
        self.assertEqual(self.command("branch", "--node", name, "--by", "王工", "--text", "再来一次")[0], 1, "once is enough")
        self.wait_equal(name)
        self.assertEqual((self.heads()[name]["branch"], self.heads()[name]["fork"]), (2, None))
        self.assertEqual(self.database.ask("SELECT count(*) FROM journal j JOIN nodes n ON n.node = j.node WHERE n.name = '东城区' AND branch = 1"),
                         str(len(journal(self.home / "as-it-was/ledger.db"))), "the old branch stays")
        self.assertEqual(journal(self.exported(name, "of-before", "--branch", "1")), journal(self.home / "as-it-was/ledger.db"))
        self.assertEqual(self.command("verify", "--node", name, "--branch", "1")[0], 0)
        self.assertEqual(self.command("verify", "--node", name, "--branch", "3")[0], 2, "there is none")
        code, out, err = self.command("nodes", "--branches", "--format", "json")
        self.assertEqual([row["branch"] for row in json.loads(out) if row["node"] == name], [1, 2], out + err)
        both = subject.run("availability", "--ledger", self.exported(name, "now"), "--ledger", self.home / "of-before/ledger.db", "--from", "2026", "--to", "2026", "--format", "json")
        self.assertEqual(both[0], 0, both)
        self.assert_all_is_there()

    def test_strangers_are_turned_away_before_their_body_and_nobody_waits_for_the_slow(self):
        zeros = "0" * 64
        for token in ("", "Bearer", "Bearer " + TOKENS["东城区"][:-1] + "0"):
            with socket.create_connection(("127.0.0.1", 8400)) as one:
                one.sendall(f"POST /centre/v1/entries HTTP/1.1\r\nHost: 127.0.0.1:8400\r\nAuthorization: {token}\r\nContent-Length: 8000000\r\n\r\n".encode())
                self.assertTrue(one.recv(100).startswith(b"HTTP/1.1 401"))
        good = {"Authorization": f"Bearer {TOKENS['东城区']}"}
        for body in ("", "{}", f'{{"after":-1,"hash":"{zeros}","heartbeat":null}}'):
            status, text = self.centre.request("/centre/v1/entries", method="POST", headers=good, body=body.encode())
            self.assertEqual((status, json.loads(text)["error"]["code"]), (400, "bad_body"), body)
        far = f'{{"after":0,"hash":"{zeros}","heartbeat":{int((time.time() + 60) * 1000)}}}'
        self.assertEqual(self.centre.request("/centre/v1/entries", method="POST", headers=good, body=far.encode())[0], 503, "nobody saw that time")
        self.assertEqual(self.centre.request("/centre/v1/nodes")[0], 401)
        slow = []
        for _ in range(40):  # bodies that never come
            one = socket.create_connection(("127.0.0.1", 8400))
            self.addCleanup(one.close)
            one.sendall(f"POST /centre/v1/entries HTTP/1.1\r\nHost: 127.0.0.1:8400\r\nAuthorization: Bearer {TOKENS['西城区']}\r\n"
                        "Content-Length: 100000\r\n\r\n{".encode())
            slow.append(one)
        self.blink()
        for name in self.nodes:
            self.wait_equal(name)
        self.assertEqual(self.centre.get("/healthz")[0], 200)
        log = self.centre.log.read_text()
        for token in (*TOKENS.values(), READER):
            self.assertNotIn(token, log)

    def test_a_database_that_may_lose_what_it_confirmed_is_not_used(self):
        self.centre.kill()
        self.database.ask("ALTER SYSTEM SET fsync = off")
        self.database.ask("SELECT pg_reload_conf()")
        self.centre.start(ready=0)
        peers.wait_for(lambda: "fsync" in self.centre.log.read_text(), SECONDS, "it says why")
        self.assertEqual(self.centre.get("/readyz")[0], 503)
        self.database.ask("ALTER SYSTEM SET fsync = on")
        self.database.ask("SELECT pg_reload_conf()")
        peers.wait_for(lambda: self.centre.get("/readyz")[0] == 200, SECONDS, "it goes on")
        self.centre.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.centre.stop(), 0)


if __name__ == "__main__":
    unittest.main()
