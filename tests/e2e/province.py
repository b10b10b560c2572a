"""A centre and the districts that ship to it over HTTPS, each behind a cable of its own: two machines in one network namespace watch
one line there.

    the test's own namespace: centre 10.78.0.1 on lo, PostgreSQL on a socket
        c0 10.78.1.1 --- 10.78.1.2 uplink, d0: two nodes on 127.0.0.1, a line on 127.9.0.1
        c1 10.78.2.1 --- 10.78.2.2 uplink, d1: the same once more
"""

import concurrent.futures
import ctypes
import os
import random
import shutil
import ssl
import threading
import time
import urllib.error
import urllib.request

import centre_figures_test
import centre_test
import peers
from centre_test import READER, SECONDS, CentreProcess
from pair_test import journal
from postgres import Postgres
from subject import Daemon
from wan import ip

CENTRE = "10.78.0.1"
CLONE_NEWNET = 0x40000000
DEFAULTS = "interval: 300ms, timeout: 250ms, fast_interval: 100ms, down_after: 2, up_after: 1"


def token(k):
    return f"{k + 1:02}" * 16


class Centre(CentreProcess):
    """As its own machine: with a certificate that somebody signed."""

    def __init__(self, folder, authority):
        super().__init__(folder, listen=f"{CENTRE}:8443")
        self.certificate, self.key = authority.sign("centre", CENTRE)
        self.trust = ssl.create_default_context(cafile=str(authority.certificate))

    def configure(self, database, nodes):
        named = "".join(f"  - {{ name: {name}, pair: {name[:2]}, token: {token(k)} }}\n" for k, name in enumerate(nodes))
        password = f", password_file: '{database.password_file}'" if database.password_file else ""
        self.config.write_text(f"listen: {self.listen}\ntls: {{ certificate: '{self.certificate}', key: '{self.key}' }}\n"
                               f"database: {{ connect: '{database.connect}'{password} }}\nreader: {{ token: {READER} }}\nnodes:\n{named}")

    def request(self, path, method="GET", headers=None, body=None):
        wanted = urllib.request.Request(f"https://{self.listen}{path}", method=method, headers=headers or {}, data=body)
        try:
            with urllib.request.urlopen(wanted, timeout=5, context=self.trust) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(errors="replace")
        except OSError as error:
            return 0, str(error)


class Node(Daemon):
    def __init__(self, district, folder, port):
        super().__init__(folder, listen=f"127.0.0.1:{port}")
        self.district = district

    def start(self, wrap=(), program=None, ready=20):
        # not `ip netns exec`: it would hold the disks that are mounted here
        super().start(wrap=["nsenter", f"--net=/run/netns/{self.district.space}", *wrap], program=program, ready=ready)

    def request(self, path, method="GET", headers=None, body=None):
        return self.district.there(super().request, path, method, headers, body)


class District:
    """`books`: the folders of its two machines' ledgers, which may be on disks of their own."""

    def __init__(self, k, name, home, books, authority):
        self.space, self.cable, self.here, self.address = f"d{k}", f"c{k}", f"10.78.{k + 1}.1", f"10.78.{k + 1}.2"
        ip("netns", "add", self.space)
        ip("link", "set", "lo", "up", ns=self.space)
        ip("link", "add", self.cable, "type", "veth", "peer", "name", "uplink", "netns", self.space)
        ip("address", "add", f"{self.here}/30", "dev", self.cable)
        ip("address", "add", f"{self.address}/30", "dev", "uplink", ns=self.space)
        ip("link", "set", "uplink", "up", ns=self.space)
        self.inside = concurrent.futures.ThreadPoolExecutor(1, initializer=self.enter)
        self.mend()
        self.line = self.there(peers.Listener, "127.9.0.1", 7001)
        self.id = f"L{k}"
        self.nodes = {}
        for m, book in enumerate(books):
            node = Node(self, home / f"{k}{m}", 8390 + m)
            book.mkdir(parents=True, exist_ok=True)
            node.ledger = book / "ledger.db"
            node.configure([{"id": self.id, "address": "127.9.0.1", "checks": "tcp:port=7001,reset=bad"}], defaults=DEFAULTS,
                           extra=f"node: {name}{'甲乙'[m]}\npeer: {{ url: 'http://127.0.0.1:{8391 - m}', token: {token(10 + k)} }}\n"
                                 f"centre: {{ url: 'https://{CENTRE}:8443', token: {token(2 * k + m)}, ca: '{authority.certificate}' }}\n")
            self.nodes[f"{name}{'甲乙'[m]}"] = node

    def enter(self):
        with open(f"/run/netns/{self.space}") as there:
            if ctypes.CDLL(None, use_errno=True).setns(there.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")

    def there(self, work, *words):
        """What `work` gives where its sockets are the district's."""
        return self.inside.submit(work, *words).result()

    # What can happen: the cable is cut, or carries nothing back without a word.
    def cut(self):
        ip("link", "set", self.cable, "down")

    def hush(self):
        ip("route", "add", "blackhole", f"{self.address}/32")

    def mend(self):
        if "blackhole" in ip("route", "show", f"{self.address}/32"):
            ip("route", "del", "blackhole", f"{self.address}/32")
        ip("link", "set", self.cable, "up")
        ip("route", "replace", "default", "via", self.here, ns=self.space)

    def close(self):
        if self.line.socket is not None:
            self.line.close()
        self.inside.shutdown()


class Blinking(threading.Thread):
    """Something happens on every line, again and again, whatever happens elsewhere."""

    def __init__(self, districts):
        super().__init__(daemon=True)
        self.districts, self.ended, self.dice = districts, threading.Event(), random.Random(random.random())

    def run(self):
        while not self.ended.wait(self.dice.uniform(0.6, 1.5)):
            for district in self.districts:
                district.line.close()
            time.sleep(self.dice.uniform(0.4, 1.2))
            for district in self.districts:
                district.there(district.line.open)

    def end(self):
        self.ended.set()
        self.join()


class Province:
    """Of a test case: centre, database, two districts; and what has to hold at the end."""

    command, heads, has_all, wait_equal, exported, figures, assert_all_is_there = (
        getattr(centre_test.Centre, name) for name in ("command", "heads", "has_all", "wait_equal", "exported", "figures", "assert_all_is_there"))

    ask, folded, assert_as_the_nodes_say, assert_as_both_ledgers_say = (
        getattr(centre_figures_test.Figures, name) for name in ("ask", "folded", "assert_as_the_nodes_say", "assert_as_both_ledgers_say"))

    def begin_province(self, database=Postgres, first_book=None):
        """`database` makes one in a folder; `first_book` of one node may be on a disk of its own."""
        seed = random.randrange(1 << 32)
        print(f"seed {seed}", flush=True)
        random.seed(seed)
        self.home = self.folder / self.id().split(".")[-1]
        self.home.mkdir(parents=True)
        self.begin = time.time()
        self.database = database(self.home)
        self.addCleanup(shutil.rmtree, self.database.folder, ignore_errors=True)
        self.addCleanup(self.database.kill)
        self.database.start()
        authority = peers.Authority(self.home, "office")
        ip("address", "add", f"{CENTRE}/32", "dev", "lo")
        self.centre = Centre(self.home / "centre", authority)
        books = [[self.home / f"book{k}{m}" for m in (0, 1)] for k in (0, 1)]
        books[0][0] = first_book or books[0][0]
        self.districts = [District(k, name, self.home, books[k], authority) for k, name in enumerate(("东城", "西城"))]
        self.nodes = {name: node for district in self.districts for name, node in district.nodes.items()}
        for district in self.districts:
            self.addCleanup(district.close)
        for process in (self.centre, *self.nodes.values()):
            self.addCleanup(process.kill)
        self.centre.configure(self.database, self.nodes)
        self.centre.start()
        for node in self.nodes.values():
            node.start()
        for node in self.nodes.values():
            node.wait_up(node.district.id)
        self.blinking = Blinking(self.districts)
        self.addCleanup(self.blinking.end)
        self.blinking.start()

    def calm(self):
        """Nothing happens any more, and everybody is there and up."""
        self.blinking.end()
        for node in self.nodes.values():
            peers.wait_for(node.ready, SECONDS, "the node is ready\n" + node.tail())
            node.wait_up(node.district.id, seconds=SECONDS)
        peers.wait_for(lambda: self.centre.get("/readyz")[0] == 200, SECONDS, "the centre is ready\n" + self.centre.tail())

    def assert_pairs_have_each_other(self):
        for district in self.districts:
            one, other = district.nodes.values()
            for mine, theirs in ((one, other), (other, one)):
                peers.wait_for(lambda mine=mine, theirs=theirs: journal(f"{theirs.ledger}.peer") == journal(mine.ledger), SECONDS,
                               "the copy has every entry of the original\n" + mine.tail())

    def assert_nothing_is_lost(self):
        self.calm()
        for name in self.nodes:
            self.wait_equal(name)
            shutil.rmtree(self.home / name, ignore_errors=True)  # what was exported before
        self.assert_pairs_have_each_other()
        self.assert_all_is_there()
        reader = {"Authorization": f"Bearer {READER}"}
        peers.wait_for(lambda: self.centre.request("/centre/v1/lines", headers=reader)[0] == 200, SECONDS, "it answers again")  # 503: its database was away
        end = self.folded(names=self.nodes)
        self.assert_as_the_nodes_say(end, names=self.nodes)
        for district in self.districts:
            self.assert_as_both_ledgers_say(next(iter(district.nodes))[:2], district.nodes, end)
        self.assertEqual([name for name, row in self.heads().items() if row["fork"] is not None], [])
