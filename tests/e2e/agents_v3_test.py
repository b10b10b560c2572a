"""SNMP v3 against Debian's snmpd: users of every pair of algorithms, wrong passwords and levels, an agent that is started
again or replaced, two with one engine id; net-snmp's snmpget as the second view."""

import datetime
import json
import os
import pathlib
import subprocess
import time
import unittest

import subject
from peers import Process, wait_for
from subject import Daemon

PORT = 16199
SIGNED, HIDDEN = "a password to sign", "another to hide"
AUTH = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVACY = ("DES", "AES", "AES-192", "AES-256", "AES-192-C", "AES-256-C")


def user(auth, privacy):
    return f"{auth}_{privacy or 'open'}"


class Agent:
    """snmpd with all users; `engine` as it is to name itself, in hex."""

    def __init__(self, folder, address, engine):
        self.folder, self.address, self.process = pathlib.Path(folder), address, None
        self.folder.mkdir(parents=True, exist_ok=True)
        self.write(engine)
        self.start()

    def write(self, engine):
        lines = [f"agentaddress udp:{self.address}:{PORT}", f"exactEngineID 0x{engine}"]
        for auth in AUTH:
            lines += [f'createUser {user(auth, None)} {auth} "{SIGNED}"', f"rouser {user(auth, None)} auth"]
            for privacy in PRIVACY:
                lines += [f'createUser {user(auth, privacy)} {auth} "{SIGNED}" {privacy} "{HIDDEN}"',
                          f"rouser {user(auth, privacy)} priv"]
        lines += ["createUser anybody", "rouser anybody noauth"]
        (self.folder / "snmpd.conf").write_text("\n".join(lines) + "\n")

    def start(self):
        log = self.folder / f"log{time.monotonic_ns()}"
        self.process = Process(["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", self.folder / "snmpd.conf", "-I", "-smux",
                                "-p", self.folder / "pid"], log,
                               env={"SNMP_PERSISTENT_DIR": str(self.folder / "state"), "MIBS": "", "HOME": str(self.folder)})
        wait_for(lambda: "NET-SNMP version" in log.read_text(), 20, f"snmpd at {self.address} answers: {log.read_text()}")

    def stop(self):
        self.process.signal(15)
        self.process.process.wait(10)
        self.process.kill()


def credential(auth, privacy, signed=SIGNED, hidden=HIDDEN, name=None):
    level = "authPriv" if privacy else "authNoPriv"
    hides = f', priv: {privacy}, priv_password: "{hidden}"' if privacy else ""
    return (f'{{ version: 3, user: {name or user(auth, privacy)}, level: {level}, auth: {auth}, auth_password: "{signed}"'
            f"{hides} }}")


class AgentsV3(unittest.TestCase):
    FIRST, SECOND = "127.0.3.1", "127.0.3.2"
    ONE, OTHER = "80001f88046f6e65", "80001f88046f74686572"

    @classmethod
    def setUpClass(cls):
        cls.first = Agent(cls.folder / "first", cls.FIRST, cls.ONE)
        cls.second = Agent(cls.folder / "second", cls.SECOND, cls.OTHER)

    @classmethod
    def tearDownClass(cls):
        cls.first.process.kill()
        cls.second.process.kill()

    def daemon(self, name, credentials, lines):
        d = Daemon(self.folder / name)
        d.configure([{"id": line, "address": address, "checks": f"snmp:credential={who},port={PORT},interval=1s,if=1"}
                     for line, who, address in lines],
                    extra="credentials:\n" + "".join(f"  {n}: {text}\n" for n, text in credentials.items()))
        return d

    def probe(self, daemon, *lines):
        code, out, err = subject.run("probe", "--config", daemon.config, *lines, "--format", "json")
        self.assertTrue(out, err)
        self.assertNotIn(SIGNED, out + err)
        self.assertNotIn(HIDDEN, out + err)
        return {line["id"]: line["checks"][0] for line in json.loads(out)}

    def snmpget(self, auth, privacy):
        hides = ["-x", privacy, "-X", HIDDEN] if privacy else []
        done = subprocess.run(["snmpget", "-v3", "-r0", "-t3", "-On", "-l", "authPriv" if privacy else "authNoPriv", "-u",
                               user(auth, privacy), "-a", auth, "-A", SIGNED, *hides, f"{self.FIRST}:{PORT}",
                               ".1.3.6.1.2.1.1.3.0"], capture_output=True, text=True, timeout=20,
                              env={**os.environ, "SNMP_PERSISTENT_DIR": str(self.folder / "get"), "MIBS": "",
                                   "HOME": str(self.folder)})
        return done.stdout

    def test_every_pair_of_algorithms(self):
        pairs = [(a, p) for a in AUTH for p in (None, *PRIVACY)]
        named = {f"c{i}": pair for i, pair in enumerate(pairs)}
        d = self.daemon("pairs", {n: credential(*pair) for n, pair in named.items()},
                        [(f"L{n}", n, self.FIRST) for n in named])
        seen = self.probe(d, *(f"L{n}" for n in named))
        for n, pair in named.items():
            with self.subTest(auth=pair[0], privacy=pair[1]):
                self.assertIn("1.3.6.1.2.1.1.3.0", self.snmpget(*pair))
                check = seen[f"L{n}"]
                self.assertEqual((check["outcome"], check["detail"]), ("good", ""), check)
                self.assertIn("up_time_centiseconds", [f["name"] for f in check["facts"]])

    def test_what_is_wrong_with_a_user_is_said_and_the_line_carries(self):
        wrong = {
            "nobody": (credential("SHA", "AES", name="nobody"), "没有用户 nobody"),
            "password": (credential("SHA", "AES", signed="a wrong password"), "认证口令"),
            "algorithm": (credential("SHA-256", "AES", name=user("SHA", "AES")), "认证口令或认证算法"),
            "hidden": (credential("SHA", "AES", hidden="a wrong password"), "加密口令"),
            "cipher": (credential("SHA", "AES-256", name=user("SHA", "AES")), "加密"),
            "level": (credential("SHA", "AES", name=user("SHA", None)), "安全级别"),
            "open": ("{ version: 3, user: nobody, level: noAuthNoPriv }", "没有用户 nobody"),
        }
        d = self.daemon("wrong", {n: text for n, (text, _) in wrong.items()}, [(f"L{n}", n, self.FIRST) for n in wrong])
        seen = self.probe(d, *(f"L{n}" for n in wrong))
        for n, (_, words) in wrong.items():
            with self.subTest(wrong=n):
                check = seen[f"L{n}"]
                self.assertEqual((check["outcome"], check["facts"]), ("good", []), check)
                self.assertIn(words, check["detail"])
                self.assertIn("SNMPv3", check["detail"])

    def test_a_user_who_signs_nothing_is_answered(self):
        d = self.daemon("anybody", {"a": "{ version: 3, user: anybody, level: noAuthNoPriv }"}, [("L1", "a", self.FIRST)])
        check = self.probe(d, "L1")["L1"]
        self.assertEqual((check["outcome"], check["detail"]), ("good", ""))
        code, out, err = subject.run("check", "--config", d.config)
        self.assertEqual(1, (out + err).count("noAuthNoPriv，应答没有认证"), out + err)

    def facts(self, daemon, line):
        return daemon.json(f"/api/v1/lines/{line}")

    def said(self, daemon, line):
        return json.dumps(self.facts(daemon, line), ensure_ascii=False)

    def wait_up_again(self, daemon, line):
        """Up by questions that were asked from now on; it may have been down while nobody listened."""
        begin = time.time() + 2  # the timeout is 1 s

        def is_up():
            facts = self.facts(daemon, line)
            return facts["state"] == "up" and datetime.datetime.fromisoformat(facts["last_sample"]).timestamp() > begin
        wait_for(is_up, 20, f"{line} is up again")

    def test_restarts_replacement_and_one_engine_id_twice(self):
        d = self.daemon("daemon", {"a": credential("SHA", "AES")},
                        [("L1", "a", self.FIRST), ("L2", "a", self.SECOND)])
        d.start()
        try:
            wait_for(lambda: all(self.facts(d, line)["state"] == "up" for line in ("L1", "L2")), 15, "both lines are up")
            self.assertNotIn("SNMPv3", self.said(d, "L1") + self.said(d, "L2"))
            self.first.stop()
            self.first.start()  # its boots grow
            self.wait_up_again(d, "L1")
            self.assertNotIn("SNMPv3", self.said(d, "L1"))
            self.first.stop()
            self.first.write("80001f88047468697264")
            self.first.start()
            wait_for(lambda: "引擎号由 " + self.ONE in self.said(d, "L1"), 20, "the new engine id is said")
            self.assertIn("80001f88047468697264", self.said(d, "L1"))
            self.wait_up_again(d, "L1")
            time.sleep(12)  # so that their clocks differ
            self.second.stop()
            self.second.write("80001f88047468697264")
            self.second.start()
            wait_for(lambda: f"与 {self.FIRST}:{PORT} 的引擎号相同" in self.said(d, "L2"), 40, "the twin is named")
            wait_for(lambda: f"与 {self.SECOND}:{PORT} 的引擎号相同" in self.said(d, "L1"), 40, "and the other")
            page = d.get("/metrics")[1]
            self.assertEqual(d.stop(), 0)
            text = d.log.read_text(errors="replace") + page
            self.assertNotIn(SIGNED, text)
            self.assertNotIn(HIDDEN, text)
        finally:
            d.kill()
