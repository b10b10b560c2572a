"""Name servers as others wrote them (dnsmasq, seen by dig too) and as nobody should: what a `dns` check says of each."""

import concurrent.futures
import json
import socket
import struct
import subprocess
import threading
import unittest

from peers import Process, wait_for
import subject
from subject import Daemon

REAL, LIAR, PORT = "127.0.53.1", "127.0.53.2", 5300
LONG = [f"part-{n:03}-" + "x" * 150 for n in range(5)]  # more than 512 bytes: UDP truncates it


class Dnsmasq(Process):
    """Knows the names of one zone, and nobody else to ask."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        names = ["host-record=www.x.test,192.0.2.80,2001:db8::80", "host-record=two.x.test,192.0.2.81",
                 "address=/both.x.test/192.0.2.82", "cname=alias.x.test,www.x.test", "mx-host=x.test,mail.x.test,10",
                 "txt-record=x.test,v=spf1 +all", "ptr-record=80.2.0.192.in-addr.arpa,www.x.test",
                 "txt-record=long.x.test," + ",".join(LONG), "local=/x.test/",
                 "auth-zone=auth.test", "auth-server=ns1.auth.test", "auth-soa=2026010101,root.auth.test",
                 "host-record=www.auth.test,192.0.2.90"]
        (folder / "dnsmasq.conf").write_text("\n".join(
            [f"port={PORT}", f"listen-address={REAL}", "bind-interfaces", "no-resolv", "no-hosts", "user=root", *names, ""]))
        super().__init__(["/usr/sbin/dnsmasq", "--keep-in-foreground", f"--conf-file={folder}/dnsmasq.conf",
                          "--log-facility=-", f"--pid-file={folder}/pid"], folder / "log")
        wait_for(lambda: dig("www.x.test") == ["192.0.2.80"], 10, f"dnsmasq answers: {(folder / 'log').read_text()}")


def dig(name, kind="A", *more):
    done = subprocess.run(["dig", "+short", "+tries=1", "+time=2", f"@{REAL}", "-p", str(PORT), name, kind, *more],
                          capture_output=True, text=True, timeout=20)
    return sorted(done.stdout.split("\n")[:-1])


def packed(name):
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".") if part) + b"\0"


def answer(question, *records, flags=0x8180, change=lambda q: q):
    """`records` of the question's name: (type, data)."""
    end = question.index(b"\0", 12) + 5
    head = question[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0)
    return change(head + question[12:end] + b"".join(
        b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data for kind, data in records))


A = (1, bytes([192, 0, 2, 80]))

# name -> the datagrams that answer its question
LIES = {
    "lie.t": lambda q: [answer(q, (1, bytes([198, 51, 100, 9])))],
    "refused.t": lambda q: [answer(q, flags=0x8185)],
    "servfail.t": lambda q: [answer(q, flags=0x8182)],
    "silent.t": lambda q: [],
    "cut.t": lambda q: [answer(q, A)[:-2]],
    "otherid.t": lambda q: [bytes([q[0] ^ 1]) + answer(q, A)[1:]],
    "othername.t": lambda q: [answer(q, A).replace(b"othername", b"ethername")],
    "rubbish.t": lambda q: [b"\xff" * 7],
    "loop.t": lambda q: [q[:2] + struct.pack(">HHHHH", 0x8180, 1, 0, 0, 0) + b"\xc0\x0c\0\1\0\1"],
    "echo.t": lambda q: [q],
    "forgedfirst.t": lambda q: [bytes([q[0] ^ 1]) + answer(q, (1, b"\1\1\1\1"))[1:], answer(q, A)],
    "noauth.t": lambda q: [answer(q, A)],
    "truncated.t": lambda q: [answer(q, flags=0x8380)],   # and nobody listens on TCP
}


def lie():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((LIAR, PORT))

    def loop():
        while True:
            question, peer = server.recvfrom(4096)
            name = ".".join(labels(question))
            for reply in LIES.get(name, lambda q: [])(question):
                server.sendto(reply, peer)
    threading.Thread(target=loop, daemon=True).start()


def labels(question):
    at = 12
    while question[at]:
        yield question[at + 1:at + 1 + question[at]].decode()
        at += 1 + question[at]


# line: (server, arguments, outcome or cause, what its detail holds)
CHECKS = {
    "a": (REAL, "name=www.x.test", "good", "192.0.2.80"),
    "a_expected": (REAL, "name=WWW.X.test.,expect=192.0.2.80", "good", ""),
    "a_other": (REAL, "name=www.x.test,expect=192.0.2.81", "wrong_answer", "192.0.2.80"),
    "aaaa": (REAL, "name=www.x.test,type=AAAA,expect=2001:db8:0::80", "good", ""),
    "alias": (REAL, "name=alias.x.test,expect=192.0.2.80", "good", ""),
    "cname": (REAL, "name=alias.x.test,type=CNAME,expect=www.x.test", "good", ""),
    "mx": (REAL, "name=x.test,type=MX,expect=10:mail.x.test", "good", ""),
    "mx_other": (REAL, "name=x.test,type=MX,expect=20:mail.x.test", "wrong_answer", "10:mail.x.test"),
    "txt": (REAL, "name=x.test,type=TXT,expect=v=spf1%20\\+all", "good", ""),
    "ptr": (REAL, "name=192.0.2.80,type=PTR,expect=www.x.test", "good", ""),
    "long": (REAL, "name=long.x.test,type=TXT", "good", "part-000"),
    "by_tcp": (REAL, "name=www.x.test,transport=tcp,expect=192.0.2.80", "good", ""),
    "none": (REAL, "name=no.x.test", "name_not_found", "NXDOMAIN"),
    "no_such_type": (REAL, "name=two.x.test,type=AAAA", "wrong_answer", "no AAAA record"),
    "soa": (REAL, "name=auth.test,type=SOA,recursive=no,expect=2026010101", "good", ""),
    "lie": (LIAR, "name=lie.t,expect=192.0.2.80", "wrong_answer", "198.51.100.9"),
    "refused": (LIAR, "name=refused.t", "wrong_answer", "REFUSED"),
    "servfail": (LIAR, "name=servfail.t", "wrong_answer", "SERVFAIL"),
    "silent": (LIAR, "name=silent.t", "timeout", ""),
    "cut": (LIAR, "name=cut.t", "cut_short", ""),
    "other_id": (LIAR, "name=otherid.t", "other_question", ""),
    "other_name": (LIAR, "name=othername.t", "other_question", ""),
    "rubbish": (LIAR, "name=rubbish.t", "protocol", ""),
    "loop": (LIAR, "name=loop.t", "protocol", ""),
    "echo": (LIAR, "name=echo.t", "other_question", ""),
    "forged_first": (LIAR, "name=forgedfirst.t,expect=192.0.2.80", "good", ""),
    "no_authority": (LIAR, "name=noauth.t,recursive=no", "wrong_answer", "AA"),
    "truncated": (LIAR, "name=truncated.t", "refused", "truncated"),
    "closed": ("127.0.53.3", "name=www.x.test", "port_unreachable", ""),
}


class Names(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Dnsmasq(cls.folder / "dnsmasq")
        lie()
        cls.daemon = Daemon(cls.folder / "daemon")
        cls.daemon.configure([{"id": n, "address": where, "checks": f"dns:{arguments},port={PORT},interval=1s,timeout=700ms"}
                              for n, (where, arguments, _, _) in CHECKS.items()])
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            cls.probed = dict(zip(CHECKS, pool.map(cls.probe, CHECKS)))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()
        cls.server.kill()

    @classmethod
    def probe(cls, name):
        code, out, err = subject.run("probe", "--config", cls.daemon.config, name, "--format", "json")
        return code, json.loads(out)[0]["checks"][0] if out else {"outcome": "none", "cause": err, "detail": ""}

    def test_a_probe_says_of_each_what_it_is(self):
        for name, (_, _, says, holds) in CHECKS.items():
            with self.subTest(name=name):
                code, seen = self.probed[name]
                self.assertEqual(seen["outcome"] if says == "good" else seen["cause"], says, seen)
                self.assertEqual(code, 0 if says == "good" else 1)
                self.assertIn(holds, seen["detail"])

    def test_dig_sees_the_same(self):
        for name, kind, records in (("www.x.test", "A", ["192.0.2.80"]), ("www.x.test", "AAAA", ["2001:db8::80"]),
                                    ("x.test", "MX", ["10 mail.x.test."]), ("alias.x.test", "A", ["192.0.2.80", "www.x.test."]),
                                    ("x.test", "TXT", ['"v=spf1 +all"']), ("no.x.test", "A", [])):
            with self.subTest(name=name, kind=kind):
                self.assertEqual(dig(name, kind), records)
        self.assertEqual(dig("long.x.test", "TXT", "+noedns", "+ignore"), [], "UDP alone has not all of it")

    def test_the_daemon_judges_likewise_and_sees_a_server_die(self):
        self.daemon.start()
        for name, (_, _, says, _) in CHECKS.items():
            with self.subTest(name=name):
                expected = ("up", None) if says == "good" else ("down", says)

                def judged(name=name, good=says == "good"):
                    line = self.daemon.json(f"/api/v1/lines/{name}")
                    return line["state"], None if good else line.get("cause")

                wait_for(lambda: judged() == expected, 20, f"{name} is {expected}")
        self.server.kill()
        self.daemon.wait_down("a", "by_tcp")
        self.assertEqual(self.daemon.json("/api/v1/lines/a")["cause"], "port_unreachable")
        self.assertEqual(self.daemon.stop(), 0)
        type(self).server = Dnsmasq(self.folder / "dnsmasq2")


if __name__ == "__main__":
    unittest.main()
