"""What nodes ship to a centre by way of brokers is there entry by entry, whoever is killed, hangs or is cut off: the stories of
centre_test.py again, and those of the brokers.

CHANGTONG_LONG=1 plays thirty rounds of kills instead of five."""

import json
import os
import pathlib
import random
import signal
import subprocess
import time
import unittest

import brokers
import centre_test
import peers
from centre_test import READER, SECONDS

LONG = os.environ.get("CHANGTONG_LONG", "") not in ("", "0")
PASSWORDS = {"东城区": "of the east 0123456789", "西城区": "of the west 0123456789"}
CENTRE = "of the centre 0123456789"
PORTS = (8421, 8422, 8423)


class CentreByBrokers(centre_test.Centre):
    # Of HTTP, or of the database alone.
    test_strangers_are_turned_away_before_their_body_and_nobody_waits_for_the_slow = None
    test_a_database_that_may_lose_what_it_confirmed_is_not_used = None
    test_two_processes_on_one_database_take_turns = None

    def start_brokers(self):
        self.authority = peers.Authority(self.home / "ca", "office")
        users = [brokers.rights(CENTRE), *(brokers.rights(password, name) for name, password in PASSWORDS.items())]
        self.brokers = [brokers.Broker(self.home / f"broker{port}", port, self.authority, users, routes=PORTS, name=f"b{port}") for port in PORTS]
        for broker in self.brokers:
            self.addCleanup(broker.kill)
        for broker in self.brokers:
            peers.wait_for(lambda broker=broker: len(broker.neighbours()) == len(PORTS) - 1, SECONDS, "each knows the others, by TLS\n" + broker.log_file.read_text())

    def a_centre(self, folder, port):
        if not hasattr(self, "brokers"):
            self.start_brokers()
        made = super().a_centre(folder, port)
        nodes = "".join(f"  - {{ name: {name} }}\n" for name in PASSWORDS)
        servers = ", ".join(f'"tls://127.0.0.1:{p}"' for p in PORTS)
        made.config.write_text(f"listen: {made.listen}\ndatabase: {{ connect: '{self.database.connect}' }}\nreader: {{ token: {READER} }}\n"
                               f"nats: {{ servers: [{servers}], user: centre, password: {CENTRE}, ca: {self.authority.certificate} }}\nnodes:\n{nodes}")
        return made

    def a_node(self, k, name):
        daemon = super().a_node(k, name)
        self.links[k].to = PORTS[0]  # the first broker is behind a wire that may be cut
        text = daemon.config.read_text()
        rest = text[:text.index("centre:")]
        servers = ", ".join(f'"tls://127.0.0.1:{port}"' for port in (8410 + k, *PORTS[1:]))
        daemon.config.write_text(f"{rest}centre: {{ nats: [{servers}], user: {name}, "
                                 f"password: {PASSWORDS[name]}, ca: {self.authority.certificate}{', commands: [probe, windows, approvals]' if name == '东城区' else ''} }}\n")
        return daemon

    def live(self):
        """What the centre shows of each node."""
        status, text = self.centre.request("/centre/v1/live", headers={"Authorization": f"Bearer {READER}"})
        self.assertEqual(status, 200, text)
        return {row["node"]: row for row in json.loads(text)["nodes"]}

    def test_whoever_looks_on_sees_what_is_down_and_may_have_it_asked(self):
        self.assertEqual(self.centre.get("/centre/v1/live")[0], 401)
        peers.wait_for(lambda: all(row["up"] == 1 and row["entries"] for row in self.live().values()), SECONDS, f"both speak: {self.live()}")
        self.lines[0].close()
        peers.wait_for(lambda: [line["target"] for line in self.live()["东城区"]["lines"]] == ["L0"], SECONDS, "it is shown")
        shown = self.live()
        self.assertEqual((shown["东城区"]["down"], shown["东城区"]["up"], shown["东城区"]["lines"][0]["state"]), (1, 0, "down"))
        self.assertEqual((shown["西城区"]["down"], shown["西城区"]["lines"]), (0, []))
        code, out, err = self.command("probe", "--node", "东城区", "L0", "--format", "json")
        self.assertEqual(code, 1, out + err)
        seen = json.loads(out)
        self.assertEqual(seen["state"], "down")
        self.assertGreaterEqual(seen["sampled"], seen["asked"])
        self.lines[0].open()
        peers.wait_for(lambda: self.live()["东城区"]["up"] == 1 and not self.live()["东城区"]["lines"], SECONDS, "and that it is up again")
        self.nodes["东城区"].wait_up("L0")
        code, out, err = self.command("probe", "--node", "东城区", "L0")
        self.assertEqual(code, 0, out + err)
        code, out, err = self.command("probe", "--node", "东城区", "L9")
        self.assertEqual(code, 1, "no such line")
        self.assertIn("节点没有照办：没有这个对象：请写编号 / ", err)
        self.assertNotIn("{", err)
        code, out, err = self.command("probe", "--node", "西城区", "L1")
        self.assertEqual(code, 3, "its settings allow nothing")
        self.assertIn("centre.commands", err)
        self.assertEqual(self.centre.stop(), 0)
        self.centre.start()
        peers.wait_for(lambda: all(row["up"] == 1 for row in self.live().values()), SECONDS, "a centre that begins hears it anew")

    def test_a_window_is_requested_from_the_centre_and_approved_at_the_node(self):
        node = self.nodes["东城区"]
        wanted = ("--targets", "L0", "--from", "2099-03-14 22:00", "--to", "2099-03-14 23:00", "--by", "李工", "--text", "市级割接")
        peers.wait_for(lambda: self.command("window", "--node", "东城区", *wanted)[0] == 0, SECONDS, "it is taken once the node listens")
        windows = json.loads(node.get("/api/v1/windows?from=2099-03&to=2099-03")[1])["windows"]
        self.assertEqual([(w["state"], w["requested_by"], w["targets"]) for w in windows[:1]], [("requested", "李工", ["L0"])], windows)
        code, out, err = self.command("window", "--node", "东城区", *wanted)
        self.assertEqual((code, "节点没有照办" in err), (1, True), "the same request is entered once")
        code, out, err = self.command("window", "--node", "东城区", *wanted[:4], "--to", "2099-03-14 21:00", "--by", "李工")
        self.assertEqual(code, 1, "it ends before it begins")
        self.assertIn("节点没有照办", err)
        code, out, err = self.command("window", "--node", "没有", *wanted)
        self.assertEqual((code, "可能已登记" in err), (2, False), "nobody was asked")
        code, out, err = self.command("window", "--node", "西城区", *wanted)
        self.assertEqual(code, 3, "its settings allow nothing")
        self.assertIn("centre.commands: [windows]", err)

    def waiting(self, node=None):
        """What the centre knows to wait for an approval, by id, and what was said there, latest first."""
        status, text = self.centre.request("/centre/v1/approvals", headers={"Authorization": f"Bearer {READER}"})
        self.assertEqual(status, 200, text)
        told = json.loads(text)
        return {row["id"]: row for row in told["waiting"] if node in (None, row["node"])}, told["said"]

    def window(self, node, id):
        return next(w for w in json.loads(node.get("/api/v1/windows?from=2099-03&to=2099-03")[1])["windows"] if w["id"] == id)

    def test_what_waits_at_a_node_is_approved_or_refused_at_the_centre(self):
        node, name = self.nodes["东城区"], "东城区"
        ids = []
        for hour, by in ((20, "李工"), (21, "李工"), (22, "赵工")):
            wanted = ("--targets", "L0", "--from", f"2099-03-14 {hour}:00", "--to", f"2099-03-14 {hour}:30", "--by", by, "--format", "json")
            told = []

            def request():
                code, out, err = self.command("window", "--node", name, *wanted)
                told[:] = [out, err]
                return code == 0
            peers.wait_for(request, SECONDS, "it is taken once the node listens")
            ids.append(json.loads(told[0])["window"])
        peers.wait_for(lambda: set(ids) <= set(self.waiting(name)[0]), SECONDS, f"the centre lists them: {self.waiting()}")
        code, out, err = self.command("approvals")
        self.assertEqual(code, 0, err)
        self.assertIn(ids[0], out)
        status, page = self.centre.request("/", headers={"Authorization": f"Bearer {READER}"})
        self.assertIn("待批停机窗口", page)

        code, out, err = self.command("approve", name, ids[0], "--by", "李工", "--why", "我自己的")
        self.assertEqual((code, "申请或修改过本窗口" in err), (1, True), "nobody approves his own: " + out + err)
        self.assertEqual(self.window(node, ids[0])["state"], "requested")
        code, out, err = self.command("approve", name, ids[0], "--by", "王工", "--why", "市里同意")
        self.assertEqual(code, 0, out + err)
        one = self.window(node, ids[0])
        self.assertEqual((one["state"], one["approved_by"], one["approved_via"]), ("approved", "王工", "中心 centre: 王工"), one)
        code, out, err = self.command("refuse", name, ids[1], "--by", "王工", "--why", "不同意")
        self.assertEqual(code, 0, out + err)
        self.assertEqual(self.window(node, ids[1])["state"], "cancelled")
        peers.wait_for(lambda: set(self.waiting(name)[0]) == {ids[2]}, SECONDS, "and the centre knows it by what the node shipped")
        code, out, err = self.command("approve", name, ids[0], "--by", "王工", "--why", "市里同意")
        self.assertEqual((code, "没有待批" in err), (1, True), out + err)

        node.kill()
        code, out, err = self.command("approve", name, ids[2], "--by", "王工", "--why", "市里同意")
        self.assertEqual((code, "可能已登记" in err), (3, True), out + err)
        node.start()
        peers.wait_for(lambda: self.command("approve", name, ids[2], "--by", "王工", "--why", "市里同意")[0] == 0, SECONDS, "it is there again")
        self.assertEqual(self.window(node, ids[2])["state"], "approved")
        said = self.waiting()[1]
        last = [(row["id"], row["approved"], row["answer"]) for row in said if row["id"] == ids[2]]
        self.assertEqual((last[0], last[-2:]), ((ids[2], True, "entered"), [(ids[2], True, "none"), (ids[2], True, "asked")]), said)
        self.assertEqual({row["order"] for row in said if row["id"] == ids[2]}, {said[0]["order"]}, "the same wish is the same order")
        self.assertEqual([(row["answer"], row["author"]) for row in said if row["id"] == ids[1]], [("entered", "王工"), ("asked", "王工")])
        told = []
        peers.wait_for(lambda: told.append(self.command("verify")) or told[-1][0] != 3, SECONDS, "all is folded")
        code, out, err = told[-1]
        self.assertEqual(code, 0, out + err)
        code, out, err = self.command("approve", "西城区", ids[2], "--by", "王工", "--why", "市里同意")
        self.assertEqual(code, 1, "nothing waits there")

    def test_nobody_speaks_for_another(self):
        name = "西城区"
        for other in PASSWORDS:
            self.wait_equal(other)
        before = self.heads()[name]
        node = self.nodes["东城区"]
        self.assertEqual(node.stop(), 0)
        node.config.write_text(node.config.read_text().replace("node: 东城区", f"node: {name}"))
        node.start()
        peers.wait_for(lambda: node.metric("changtong_centre_failures_total") > 0, SECONDS, "nobody answers it")
        self.assertTrue(any(f'Publish Violation - User "东城区", Subject "ct.ship.{name}"' in broker.log_file.read_text() for broker in self.brokers),
                        "the broker says who tried")
        self.wait_equal(name)
        self.assertGreaterEqual(self.heads()[name]["entries"], before["entries"])
        self.assertIsNone(self.heads()[name]["fork"])

    def test_the_brokers_settings_that_ship_are_some(self):
        text = (pathlib.Path(__file__).parents[2] / "deploy/nats-server.conf").read_text()
        certificate, key = self.authority.sign("shipped", "127.0.0.1")
        text = text.replace("/etc/changtong/broker.pem", str(certificate)).replace("/etc/changtong/broker.key", str(key))
        for written in (text, text.replace("\n# cluster {", "\ncluster {").replace("\n#   ", "\n").replace("\n# }", "\n}")
                        .replace("/etc/changtong/ca.pem", str(self.authority.certificate))):
            (self.home / "shipped.conf").write_text(written)
            done = subprocess.run([brokers.PROGRAM, "-t", "-c", self.home / "shipped.conf"], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in PASSWORDS:
            self.assertIn(brokers.rights("change-me", name).split("permissions")[1].replace(" ", "").replace("\n", ""), text.replace(" ", "").replace("\n", ""))

    def test_nothing_is_lost_or_twice_whoever_is_killed_or_cut_off(self):
        """The brokers too, in any order, and a process beside the first one."""
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        random.seed(seed)
        other = self.a_centre("other", 8401)
        other.start()

        def restart(broker):
            broker.kill()
            self.blink()
            broker.start()

        def kill_process(process):
            process.kill()
            time.sleep(random.uniform(0, 0.5))  # dead for a moment, never as long as another time
            process.start(ready=0)

        def kill_database():
            self.database.kill()
            self.blink()
            self.database.start()

        def hang(broker):
            broker.signal(signal.SIGSTOP)
            self.blink()
            broker.signal(signal.SIGCONT)

        def cut(link):
            link.silent = True
            self.blink()
            link.silent = False

        for _ in range(30 if LONG else 5):
            deeds = [lambda: restart(random.choice(self.brokers)), lambda: kill_process(random.choice([self.centre, other])),
                     lambda: kill_process(random.choice(list(self.nodes.values()))), kill_database, lambda: hang(random.choice(self.brokers)),
                     lambda: cut(random.choice(self.links))]
            random.shuffle(deeds)
            for deed in deeds:
                self.blink()
                deed()
        for node in self.nodes.values():
            peers.wait_for(node.ready, SECONDS, "the node is ready\n" + node.tail())
        for name in self.nodes:
            self.wait_equal(name)
        self.assert_all_is_there()
        self.assertEqual([row["fork"] for row in self.heads().values()], [None, None])

    def test_of_three_brokers_one_is_enough(self):
        for last in self.brokers:
            others = [broker for broker in self.brokers if broker is not last]
            for broker in others:
                broker.kill()
            self.blink()
            for name in self.nodes:
                self.wait_equal(name)
            for broker in others:
                broker.start()
        self.assert_all_is_there()

    def test_whichever_broker_somebody_talks_to_is_killed_everything_arrives_once(self):
        """Of the three: the one of a node, then the one of the centre, at moments that nobody chose, while entries are on their way."""
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        random.seed(seed)
        whom = [*(f"changtong {name}" for name in PASSWORDS), "changtong centre"]
        dead = None

        def host_of(guest):
            return next((broker for broker in self.brokers if broker is not dead and guest in broker.guests()), None)

        for guest in random.sample(whom, 3) * (10 if LONG else 2):
            peers.wait_for(lambda guest=guest: host_of(guest), SECONDS, f"{guest} is at one of them")
            victim = host_of(guest)
            self.lines[0].close()
            time.sleep(random.uniform(0, 0.5))
            victim.kill()
            self.lines[0].open()
            time.sleep(random.uniform(0, 0.5))
            if dead:
                dead.start()
            dead = victim  # until the next one is: never are all three there, never less than one
        dead.start()
        for name in self.nodes:
            self.wait_equal(name)
        self.assert_all_is_there()
        self.assertEqual([row["fork"] for row in self.heads().values()], [None, None])

    def test_without_a_broker_a_node_goes_on_and_says_what_waits(self):
        for broker in self.brokers:
            broker.kill()
        self.blink()
        node = self.nodes["东城区"]
        peers.wait_for(lambda: node.metric("changtong_centre_failures_total") > 0, SECONDS, "it is told")
        peers.wait_for(lambda: node.metric("changtong_centre_unshipped_entries") > 0, SECONDS, "and says what waits")
        node.wait_up("L0")  # measuring waits for nothing
        for broker in self.brokers:
            broker.start()
        for name in self.nodes:
            self.wait_equal(name)
        self.assert_all_is_there()


if __name__ == "__main__":
    unittest.main()
