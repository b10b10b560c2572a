"""Traps and informs of net-snmp's own senders, garbage, storms and strangers: what is kept, what is counted, who is answered
and when. An inform's answer is a promise: it is never sent before its entry is durable, not even around a SIGKILL."""

import os
import pathlib
import random
import shutil
import socket
import subprocess
import threading
import time
import unittest

import peers
import subject
from peers import wait_for
from subject import Daemon

HERE = pathlib.Path(__file__).resolve().parent
PORT = 1620
COMMUNITY = "trap-community"
CONFIG = f"""credentials:
  devices: {{ version: 2c, community: {COMMUNITY} }}
  users: {{ version: 3, user: trapper, auth: SHA, auth_password: auth-password, priv: AES, priv_password: priv-password }}
  signed: {{ version: 3, user: signer, level: authNoPriv, auth: SHA-256, auth_password: auth-password }}
  anybody: {{ version: 3, user: anybody, level: noAuthNoPriv }}
traps: {{ listen: "0.0.0.0:{PORT}" }}
"""
ENGINE = "0x80000f2c0301020304"
TRAPPER = ["-u", "trapper", "-l", "authPriv", "-a", "SHA", "-A", "auth-password", "-x", "AES", "-X", "priv-password"]
SIGNER = ["-u", "signer", "-l", "authNoPriv", "-a", "SHA-256", "-A", "auth-password"]
ANYBODY = ["-u", "anybody", "-l", "noAuthNoPriv"]
LINK_DOWN, LINK_UP, COLD = (f"1.3.6.1.6.3.1.1.5.{n}" for n in (3, 4, 1))
INTERFACE = ["1.3.6.1.2.1.2.2.1.1.3", "i", "3", "1.3.6.1.2.1.2.2.1.2.3", "s", "GE0/0/3"]
ENVIRONMENT = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": "/tmp/changtong-traps-test"}


def send(program, version, source, *what, options=(), timeout=30):
    """The exit code of snmptrap or snmpinform from an address of loopback."""
    command = [program, "-v", version, *(["-c", COMMUNITY] if version != "3" else []), *options, f"--clientaddr={source}",
               f"127.0.0.1:{PORT}", *what]
    return subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, timeout=timeout).returncode


def tlv(tag, value):
    size = len(value)
    return bytes([tag]) + (bytes([size]) if size < 128 else bytes([0x82, size >> 8, size & 255])) + value


def number(n, tag=2):
    return tlv(tag, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def oid(text):
    first, second, *rest = (int(part) for part in text.split("."))
    out = [first * 40 + second]
    for arc in rest:
        some = [arc & 127]
        while arc := arc >> 7:
            some.insert(0, arc & 127 | 128)
        out += some
    return tlv(6, bytes(out))


def message(trap, request=1, pdu=0xa7, community=COMMUNITY, text="GE0/0/1"):
    bindings = b"".join(tlv(0x30, oid(name) + value) for name, value in [
        ("1.3.6.1.2.1.1.3.0", number(request * 100, 0x43)), ("1.3.6.1.6.3.1.1.4.1.0", oid(trap)),
        ("1.3.6.1.2.1.2.2.1.2.1", tlv(4, text.encode()))])
    return tlv(0x30, number(1) + tlv(4, community.encode()) +
               tlv(pdu, number(request) + number(0) + number(0) + tlv(0x30, bindings)))


class Sender:
    """A socket on an address of loopback."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 0))
        self.socket.settimeout(0.3)

    def send(self, *datagrams):
        for one in datagrams:
            self.socket.sendto(one, ("127.0.0.1", PORT))

    def answer(self):
        """(bytes, from) or None within 0.3 s."""
        try:
            return self.socket.recvfrom(9000)
        except TimeoutError:
            return None


class Traps(unittest.TestCase):
    """One daemon, lines of its own for each case."""

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(cls.folder / "traps")
        names = ["v1", "v2c", "inform", "twice", "garbage", "storm", "wrong", "asked", "down", "v3", "v3inform"]
        cls.address = {name: f"127.9.1.{n}" for n, name in enumerate(names, 1)}
        cls.daemon.configure([{"id": name, "address": cls.address[name], "checks": "tcp:port=7001,reset=bad"} for name in names],
                             extra=CONFIG + "kinds: { tcp: { interval: 20s, fast_interval: 200ms } }\n",
                             defaults="interval: 20s, timeout: 500ms, fast_interval: 200ms")
        cls.ports = {name: peers.Listener(cls.address[name], 7001) for name in names}
        cls.daemon.start()
        cls.daemon.wait_up(*names, seconds=40)

    @classmethod
    def tearDownClass(cls):
        code = cls.daemon.stop()
        if code != 0:
            raise AssertionError(f"exit code {code}")
        verified = cls.daemon.verify()
        if verified[0] != 0:
            raise AssertionError(verified)

    def traps(self, line):
        """In order of arrival."""
        return self.daemon.json(f"/api/v1/traps?line={line}")["traps"][::-1]

    def kept(self, line, count=1):
        wait_for(lambda: len(self.traps(line)) >= count, 5, f"{count} traps of {line} are kept\n{self.daemon.tail()}")
        return self.traps(line)

    def dropped(self, reason):
        return self.daemon.metric("changtong_traps_dropped_total", reason=reason)

    def test_a_trap_of_v1_is_kept_in_the_words_of_v2(self):
        self.assertEqual(send("snmptrap", "1", self.address["v1"], "1.3.6.1.4.1.2011.5.25.219.2.5", "192.0.2.7", "6", "3", "4200"), 0)
        self.assertEqual(send("snmptrap", "1", self.address["v1"], "1.3.6.1.4.1.2011.2", "192.0.2.7", "2", "0", "4200", *INTERFACE), 0)
        first, second = self.kept("v1", 2)
        self.assertEqual((first["trap"], first["class"], first["via"], first["uptime_s"]),
                         ("1.3.6.1.4.1.2011.5.25.219.2.5.3", "power", "v1", "42"), "hwPowerFail")
        self.assertEqual((second["trap"], second["name"], second["chinese"], second["class"]), (LINK_DOWN, "linkDown", "接口中断", "link"))
        self.assertIn("ifDescr=GE0/0/3", second["text"])

    def test_a_trap_of_v2c_is_kept(self):
        self.assertEqual(send("snmptrap", "2c", self.address["v2c"], "12300", COLD), 0)
        one = self.kept("v2c")[0]
        self.assertEqual((one["trap"], one["class"], one["via"], one["uptime_s"]), (COLD, "restart", "v2c", "123"))

    def test_an_inform_is_answered_and_kept(self):
        self.assertEqual(send("snmpinform", "2c", self.address["inform"], "", LINK_UP, *INTERFACE), 0, "it hears the answer")
        one = self.kept("inform")[0]
        self.assertEqual((one["trap"], one["via"]), (LINK_UP, "v2c inform"))

    def test_an_inform_that_comes_twice_is_kept_once_and_answered_twice(self):
        sender = Sender(self.address["twice"])
        inform = message(LINK_DOWN, 77, 0xa6)
        sender.send(inform)
        wanted = message(LINK_DOWN, 77, 0xa2)
        self.assertEqual(sender.answer(), (wanted, ("127.0.0.1", PORT)))
        time.sleep(0.5)
        sender.send(inform)
        self.assertEqual(sender.answer(), (wanted, ("127.0.0.1", PORT)))
        self.assertEqual(len(self.traps("twice")), 1)

    def test_traps_of_v3_are_kept_at_the_level_of_their_user(self):
        for user in (TRAPPER, SIGNER, ANYBODY):
            self.assertEqual(send("snmptrap", "3", self.address["v3"], "4200", LINK_DOWN, *INTERFACE, options=["-e", ENGINE, *user]), 0)
        self.assertEqual({t["via"] for t in self.kept("v3", 3)}, {"v3"})

    def test_informs_of_v3_are_answered_at_every_level(self):
        for user in (TRAPPER, SIGNER, ANYBODY):
            self.assertEqual(send("snmpinform", "3", self.address["v3inform"], "4200", LINK_UP, *INTERFACE, options=user), 0, user)
        self.assertEqual([t["via"] for t in self.kept("v3inform", 3)], ["v3 inform"] * 3)

    def test_a_wrong_password_and_a_lower_level_of_v3_are_counted(self):
        digests, credentials = self.dropped("wrong_digest"), self.dropped("credential")
        wrong = [x.replace("auth-password", "other-password") for x in TRAPPER]
        self.assertEqual(send("snmptrap", "3", self.address["wrong"], "1", COLD, options=["-e", ENGINE + "ff", *wrong]), 0)
        self.assertNotEqual(send("snmpinform", "3", self.address["wrong"], "1", COLD, options=["-r", "0", *wrong]), 0)
        wait_for(lambda: self.dropped("wrong_digest") >= digests + 2, 5, "both are counted")
        self.assertEqual(send("snmptrap", "3", self.address["wrong"], "1", COLD,
                              options=["-e", ENGINE + "ee", "-u", "trapper", "-l", "noAuthNoPriv"]), 0)
        wait_for(lambda: self.dropped("credential") >= credentials + 1, 5, "a level below the user's is counted")
        self.assertEqual(self.traps("wrong"), [])

    def test_garbage_is_counted_and_harms_nobody(self):
        dice, sender = random.Random(20260314), Sender(self.address["garbage"])
        good = message(LINK_DOWN, 5)
        before, kept = self.dropped("malformed"), len(self.traps("garbage"))
        some = [dice.randbytes(dice.randrange(1, 200)) for _ in range(60)] + [good[:n] for n in range(0, len(good), 3)] + \
            [b"", b"\x30\x84\xff\xff\xff\xff", b"\x30\x80" * 100, bytes(9000)]
        sender.send(*some)
        wait_for(lambda: self.dropped("malformed") + self.dropped("credential") >= before + 60, 5, "garbage is counted")
        sender.send(good)
        wait_for(lambda: len(self.traps("garbage")) == kept + 1, 5, "what comes after is kept")
        self.assertIsNone(sender.answer())

    def test_a_wrong_community_is_counted_and_never_answered(self):
        before = self.dropped("credential")
        sender = Sender(self.address["wrong"])
        sender.send(message(COLD, 1, 0xa6, "public"), message(COLD, 2, 0xa7, "public"))
        wait_for(lambda: self.dropped("credential") >= before + 2, 5, "both are counted")
        self.assertIsNone(sender.answer())
        self.assertEqual(self.traps("wrong"), [])

    def test_a_stranger_is_counted_and_not_kept(self):
        before = self.dropped("unknown_source")
        Sender("127.9.9.9").send(message(COLD, 3))
        wait_for(lambda: self.dropped("unknown_source") == before + 1, 5, "it is counted")
        self.assertNotIn("127.9.9.9", str(self.daemon.json("/api/v1/traps")))

    def test_a_storm_is_summed_and_nothing_of_it_lost_in_the_count(self):
        sender = Sender(self.address["storm"])
        for n in range(150):
            sender.send(message(LINK_DOWN if n % 2 else LINK_UP, n))
            time.sleep(0.002)
        wait_for(lambda: self.daemon.metric("changtong_traps_summed_total") >= 120, 5, "what is too much is summed")
        self.assertEqual(len(self.kept("storm", 30)), 30, "the burst is kept one by one")

    def test_a_trap_has_the_line_asked_at_once_and_stands_beside_the_outage(self):
        self.ports["asked"].close()
        cut = time.monotonic()
        Sender(self.address["asked"]).send(message("1.3.6.1.2.1.33.2.1", 9))
        self.daemon.wait_down("asked", seconds=8)
        self.assertLess(time.monotonic() - cut, 8, "its interval is 20 s")
        self.ports["asked"].open()
        self.daemon.wait_up("asked", seconds=30)
        outage = self.daemon.json("/api/v1/outages?line=asked")["outages"][0]
        self.assertEqual(len(outage["traps"]), 1)
        self.assertIn("市电中断", outage["traps"][0])

    def test_a_trap_changes_no_verdict(self):
        Sender(self.address["down"]).send(*[message(LINK_DOWN, n) for n in range(5)])
        self.kept("down", 5)
        time.sleep(1)
        self.assertEqual(self.daemon.line_up("down"), 1)
        self.assertEqual(self.daemon.json("/api/v1/outages?line=down")["outages"], [])


class Promise(unittest.TestCase):
    """What was answered is in the ledger, whatever happens to the daemon."""

    def start(self, name, wrap=()):
        daemon = Daemon(self.folder / name)
        daemon.configure([{"id": "L1", "address": "127.9.2.1", "checks": "tcp:port=7001"}], extra=CONFIG)
        port = peers.Listener("127.9.2.1", 7001)
        self.addCleanup(port.close)
        daemon.start(wrap=wrap)
        self.addCleanup(daemon.kill)
        return daemon

    def kept(self, daemon):
        return {t["uptime_s"] for t in daemon.json("/api/v1/traps?line=L1&limit=10000")["traps"]}

    def test_nobody_is_answered_while_the_disk_hangs(self):
        compiler = shutil.which("cc") or shutil.which("clang-19") or shutil.which("clang")
        library, hangs = self.folder / "hang_traps.so", self.folder / "hangs_traps"
        subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, HERE / "hang.c"], check=True)
        daemon = self.start("hanging", ["env", f"LD_PRELOAD={library}", f"HANG_WHILE={hangs}"])
        self.addCleanup(lambda: hangs.unlink(missing_ok=True))
        sender = Sender("127.9.2.1")
        sender.send(message(COLD, 1, 0xa6))
        self.assertIsNotNone(sender.answer())
        hangs.touch()
        time.sleep(1.2)  # the commit of the heartbeat hangs by now
        for _ in range(6):
            sender.send(message(COLD, 2, 0xa6))
            self.assertIsNone(sender.answer(), "its entry is not durable")
        daemon.kill()
        hangs.unlink()
        daemon.start()
        self.assertIn("1", self.kept(daemon))

    def test_what_was_answered_survives_a_sigkill(self):
        daemon, dice = self.start("killed"), random.Random(20260314)
        answered, request, of = set(), 10, {}
        for life in range(8):
            sender, ending = Sender("127.9.2.1"), time.monotonic() + dice.uniform(0.3, 1.2)
            killer = threading.Timer(ending - time.monotonic(), daemon.kill)
            killer.start()
            while time.monotonic() < ending:
                request += 1
                sender.send(message(COLD, request, 0xa6))
                of[message(COLD, request, 0xa2)] = str(request)
                if (answer := sender.answer()) is not None:
                    answered.add(of[answer[0]])  # perhaps of one before it: a commit takes as long as the disk wants
                if len(answered) > 3 * (life + 1):
                    break
            killer.join()
            daemon.start()
        self.assertGreater(len(answered), 8)
        self.assertEqual(answered - self.kept(daemon), set(), "answered, and not in the ledger")


if __name__ == "__main__":
    unittest.main()
