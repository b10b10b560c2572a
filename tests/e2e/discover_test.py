"""`discover` and `check --live` against lldpd and snmpd, and against agents of our own with tables as nobody should have
them."""

import contextlib
import json
import pathlib
import select
import signal
import socket
import subprocess
import threading
import time
import unittest

import neighbours
import subject
from lying_agent import elements, integer, oid, path_of, tlv

def user(name, signed=neighbours.SIGNED):
    auth, privacy = neighbours.USERS[name]
    hides = f', priv: {privacy}, priv_password: "{neighbours.HIDDEN}"' if privacy else ""
    return (f'{{ version: 3, user: {name}, level: {"authPriv" if privacy else "authNoPriv"}, auth: {auth}, '
            f'auth_password: "{signed}"{hides} }}')


CREDENTIAL = (f"credentials:\n  town: {{ version: 2c, community: {neighbours.COMMUNITY} }}\n" +
              "".join(f"  {name}: {user(name)}\n" for name in neighbours.USERS) +
              f"  wrong: {user('strong', 'not this password')}\n")
LLDP, MIB2 = (1, 0, 8802, 1, 1, 2, 1), (1, 3, 6, 1, 2, 1)


def configuration(folder, lines):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lines.csv").write_text(subject.inventory(lines))
    config = folder / "changtong.yaml"
    config.write_text(f"zone: Asia/Shanghai\nledger: ledger.db\ninventory: lines.csv\n{CREDENTIAL}")
    return config


def line(name, address, parent="", checks="icmp snmp:credential=town"):
    return {"id": name, "address": address, "parent": parent, "checks": checks}


class RealDevices(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.town = neighbours.Town(cls.folder / "town")

    @classmethod
    def tearDownClass(cls):
        cls.town.end()

    def discover(self, *more, code=0):
        got, out, err = subject.run("discover", "--from", neighbours.CORE, "--format", "json", *more)
        self.assertEqual(got, code, out + err)
        return {p["id"]: p for p in json.loads(out)["proposals"]}, json.loads(out)["remarks"]

    def test_neighbours_become_lines_with_their_parents_and_circuits(self):
        found, _ = self.discover()
        self.assertEqual(set(found), {"core", "town1", "town2", "village"})
        self.assertEqual({p: found[p]["parent"] for p in found},
                         {"core": "", "town1": "core", "town2": "core", "village": "town1"})
        self.assertEqual([found[p]["address"] for p in ("town1", "town2", "village")],
                         [neighbours.TOWN1, neighbours.TOWN2, neighbours.VILLAGE])
        self.assertEqual((found["town1"]["circuit"], found["town2"]["circuit"], found["village"]["circuit"]),
                         ("ZX-0001", "ZX-0002", "ZX-0102"))
        self.assertEqual(found["village"]["parent_port"], "ge3")

    def test_the_depth_ends_it(self):
        self.assertEqual(set(self.discover("--depth", "0")[0]), {"core", "town1", "town2"})

    def test_rows_pass_the_check(self):
        folder = self.folder / "rows"
        config = configuration(folder, [line("x", "10.0.0.1")])
        code, out, err = subject.run("discover", "--from", neighbours.CORE, "--out", folder / "lines.csv")
        self.assertEqual(code, 0, out + err)
        self.assertIn("town1", out)
        code, out, err = subject.run("check", "--config", config)
        self.assertEqual(code, 0, out + err)

    def test_what_is_known_keeps_its_id_and_rows_still_hold(self):
        folder = self.folder / "known"
        config = configuration(folder, [line("B01", neighbours.CORE), line("T01", neighbours.TOWN1, "B01")])
        found, _ = self.discover("--config", config, "--out", folder / "more.csv")
        self.assertTrue(found["T01"]["known"])
        self.assertEqual(found["village"]["parent"], "T01")
        self.assertFalse(found["village"]["known"])
        config.write_text(config.read_text().replace("lines.csv", "more.csv"))
        code, out, err = subject.run("check", "--config", config)
        self.assertEqual(code, 0, out + err)

    def test_rows_never_replace_what_they_belong_to(self):
        folder = self.folder / "kept"
        config = configuration(folder, [line("B01", neighbours.CORE), line("X", "10.77.9.9", "", "icmp")])
        sites = folder / "sites.csv"
        sites.write_text("id,url\nportal,http://10.77.9.9/\n")
        config.write_text(config.read_text() + "sites: sites.csv\n")
        before = (folder / "lines.csv").read_text(), config.read_text(), sites.read_text()
        for out in (folder / "lines.csv", folder / ".." / "kept" / "lines.csv", sites, config):
            code, _, err = subject.run("discover", "--from", "B01", "--config", config, "--out", out)
            self.assertEqual(code, 2, err)
            self.assertIn("不覆盖", err)
        self.assertEqual(((folder / "lines.csv").read_text(), config.read_text(), sites.read_text()), before)

    def test_a_wrong_parent_is_a_contradiction_and_a_right_one_is_not(self):
        right = [line("B01", neighbours.CORE), line("T01", neighbours.TOWN1, "B01"), line("T02", neighbours.TOWN2, "B01"),
                 line("V001", neighbours.VILLAGE, "T01")]
        code, out, err = subject.run("check", "--live", "--config", configuration(self.folder / "right", right))
        self.assertEqual(code, 0, out + err)
        self.assertIn("一致 3，矛盾 0", out)
        right[3]["parent"] = "T02"
        code, out, err = subject.run("check", "--live", "--config", configuration(self.folder / "wrong", right))
        self.assertEqual(code, 1, out + err)
        self.assertRegex(out, r"矛盾 V001.*T02.*T01 的 ge3")

    def test_neighbours_are_found_by_v3_at_every_level(self):
        config = configuration(self.folder / "v3", [line("x", "10.0.0.1", "", "icmp")])
        for name in neighbours.USERS:
            with self.subTest(user=name):
                found, _ = self.discover("--config", config, "--credential", name)
                self.assertEqual({p: found[p]["parent"] for p in found},
                                 {"core": "", "town1": "core", "town2": "core", "village": "town1"})
                self.assertEqual(found["village"]["circuit"], "ZX-0102")

    def test_a_wrong_password_of_v3_is_no_discovery_and_said(self):
        config = configuration(self.folder / "v3wrong", [line("x", "10.0.0.1", "", "icmp")])
        code, out, err = subject.run("discover", "--from", neighbours.CORE, "--config", config, "--credential", "wrong")
        self.assertEqual(code, 3, out + err)
        self.assertIn("认证口令", out + err)

    def test_parents_are_held_against_devices_of_v3(self):
        lines = [line("B01", neighbours.CORE, "", "icmp snmp:credential=strong"),
                 line("T01", neighbours.TOWN1, "B01", "icmp snmp:credential=old"),
                 line("T02", neighbours.TOWN2, "B01", "icmp snmp:credential=signed"),
                 line("V001", neighbours.VILLAGE, "T02", "icmp snmp:credential=strong")]
        code, out, err = subject.run("check", "--live", "--config", configuration(self.folder / "v3live", lines))
        self.assertEqual(code, 1, out + err)
        self.assertRegex(out, r"矛盾 V001.*T02.*T01 的 ge3")
        self.assertIn("矛盾 1", out)
        lines[3]["parent"] = "T01"
        lines[1]["checks"] = "icmp snmp:credential=wrong"
        code, out, err = subject.run("check", "--live", "--config", configuration(self.folder / "v3deaf", lines))
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, r"问不到 T01.*认证口令")
        self.assertIn("一致 3，矛盾 0", out, "the others saw it")

    def test_what_cannot_be_asked_is_said(self):
        lines = [line("B01", neighbours.CORE), line("T01", neighbours.TOWN1, "B01"),
                 line("T09", "10.77.2.99", "B01"), line("V9", "10.77.9.9", "T09", "icmp"),
                 line("T08", "10.77.2.98", "B01", "icmp"), line("V8", "10.77.9.8", "T08", "icmp")]
        code, out, err = subject.run("check", "--live", "--config", configuration(self.folder / "mute", lines))
        self.assertEqual(code, 0, out + err)
        self.assertRegex(out, r"问不到 T09")
        self.assertRegex(out, r"问不到 T08：没有 snmp 检查")
        self.assertRegex(out, r"无法核对 V9.*T09")

    def test_a_silent_beginning_is_no_discovery(self):
        began = time.monotonic()
        code, out, err = subject.run("discover", "--from", "10.77.2.97", "--timeout-ms", "200")
        self.assertEqual(code, 3, out + err)
        self.assertLess(time.monotonic() - began, 10)
        self.assertEqual(subject.run("discover", "--from", "core")[0], 2)
        self.assertEqual(subject.run("discover", "--from", neighbours.CORE, "--credential", "x")[0], 2)


class OddAgent:
    """Tables from a dictionary {path: element}; answers GetNext and GetBulk."""

    def __init__(self, address, rows, liar=lambda path, found: found):
        self.rows = sorted(rows.items())
        self.liar = liar
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 161))
        threading.Thread(target=self.loop, daemon=True).start()

    def after(self, path):
        found = next(((p, v) for p, v in self.rows if p > path), (path, tlv(0x82, b"")))
        return self.liar(path, found)

    def loop(self):
        while True:
            data, peer = self.socket.recvfrom(65535)
            try:
                version, community, pdu = elements(elements(data)[0][1])
                request, first, second, bindings = elements(pdu[1])
                path = path_of(elements(elements(bindings[1])[0][1])[0][1])
                many = int.from_bytes(second[1], "big") if pdu[0] == 0xa5 else 1
                out = b""
                for _ in range(max(1, many)):
                    path, value = self.after(path)
                    out += tlv(0x30, tlv(6, oid(path)) + value)
                    if value[0] == 0x82:
                        break
                body = tlv(request[0], request[1]) + integer(0) + integer(0) + tlv(0x30, out)
                self.socket.sendto(tlv(0x30, tlv(*version[:2]) + tlv(*community[:2]) + tlv(0xa2, body)), peer)
            except (IndexError, ValueError) as error:
                print("odd agent:", error)


def neighbour(port, number, name, address=None, chassis=b"\0\1\2\3\4\5"):
    row = (0, port, number)
    rows = {LLDP + (4, 1, 1, 4) + row: integer(4), LLDP + (4, 1, 1, 5) + row: tlv(4, chassis),
            LLDP + (4, 1, 1, 7) + row: tlv(4, b"GE24"), LLDP + (4, 1, 1, 9) + row: tlv(4, name)}
    if address:
        rows[LLDP + (4, 2, 1, 3) + row + (1, 4) + tuple(map(int, address.split(".")))] = integer(2)
    return rows


def device(name):
    return {MIB2 + (1, 5, 0): tlv(4, name), LLDP + (3, 1, 0): integer(4), LLDP + (3, 2, 0): tlv(4, b"\0\1\2\3\4\1"),
            MIB2 + (31, 1, 1, 1, 1, 7): tlv(4, b"GE7"), MIB2 + (31, 1, 1, 1, 18, 7): tlv(4, "东村 ZX-0102".encode("gb18030"))}


class OddDevices(unittest.TestCase):
    def discover(self, address, *more, code=0):
        began = time.monotonic()
        got, out, err = subject.run("discover", "--from", address, "--format", "json", "--timeout-ms", "300", *more)
        self.assertEqual(got, code, out + err)
        self.assertLess(time.monotonic() - began, 45)
        answer = json.loads(out)
        return {p["id"]: p for p in answer["proposals"]}, " ".join(r["text"] for r in answer["remarks"])

    def test_texts_of_any_encoding_and_malice_are_made_plain(self):
        OddAgent("127.0.9.1", {**device(b"=HYPERLINK()\n\x1b[2J"), **neighbour(7, 1, "东村".encode("gb18030"), "127.0.9.99")})
        found, _ = self.discover("127.0.9.1", "--depth", "0")
        self.assertEqual(found["ZX-0102"]["name"], "东村")
        self.assertIn("=HYPERLINK()[2J", {p["name"] for p in found.values()})
        rows = subject.run("discover", "--from", "127.0.9.1", "--depth", "0", "--timeout-ms", "300", "--format", "csv")[1]
        self.assertIn(",'=HYPERLINK()[2J,", rows)

    def test_many_lines_are_no_work(self):
        config = configuration(self.folder / "many", [line(f"V{n}", f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", "", "icmp")
                                                      for n in range(1, 60_000)])
        took = []
        for how, code in (([], 0), (["--live"], 3)):
            began = time.monotonic()
            got, out, err = subject.run("check", *how, "--config", config)
            took.append(time.monotonic() - began)
            self.assertEqual(got, code, out + err)
        self.assertLess(took[1], 4 * took[0] + 0.5, "whoever has children is found in one pass")

    def test_an_agent_that_never_ends_is_left(self):
        endless = lambda path, found: (path + (1,) if len(path) < 100 else path[:-1] + (path[-1] + 1,), tlv(4, b"x"))
        OddAgent("127.0.9.2", device(b"endless"), endless)
        _, remarks = self.discover("127.0.9.2", "--depth", "0")
        self.assertIn("没有读全", remarks)

    def test_a_stop_ends_it_within_a_second_with_what_is_known(self):
        town = device(b"town")
        for n in range(1, 31):
            town |= neighbour(7, n, b"N%d" % n, f"127.0.10.{n}", bytes([0, 1, 2, 3, 5, n]))
        OddAgent("127.0.9.6", town)
        mute = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(30)]  # nobody answers: three times 5 s
        for n, one in enumerate(mute, 1):
            one.bind((f"127.0.10.{n}", 161))
        for how in (signal.SIGTERM, signal.SIGINT):
            with subprocess.Popen([subject.binary, "discover", "--from", "127.0.9.6", "--timeout-ms", "5000"],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
                select.select(mute, [], [], 10)
                began = time.monotonic()
                running.send_signal(how)
                out, err = running.communicate(timeout=10)
            self.assertLess(time.monotonic() - began, 1)
            self.assertEqual(running.returncode, 3, err)
            self.assertIn("N30", out.decode())
            self.assertIn("interrupted", err.decode())
            for one in mute:
                one.setblocking(False)
                with contextlib.suppress(BlockingIOError):
                    while True:
                        one.recv(65535)

    def test_names_that_go_back_are_noticed(self):
        OddAgent("127.0.9.3", device(b"back"), lambda path, found: (path, tlv(4, b"x")))
        _, remarks = self.discover("127.0.9.3", "--depth", "0")
        self.assertIn("不递增", remarks)

    def test_a_ring_is_asked_once_around(self):
        for n in (1, 2, 3):
            mine, next_ = bytes([0, 1, 2, 3, 4, n]), n % 3 + 1
            OddAgent(f"127.0.8.{n}", {**device(f"R{n}".encode()), LLDP + (3, 2, 0): tlv(4, mine),
                                      **neighbour(7, 1, f"R{next_}".encode(), f"127.0.8.{next_}", bytes([0, 1, 2, 3, 4, next_]))})
        found, _ = self.discover("127.0.8.1", "--depth", "9")
        self.assertEqual({p: found[p]["parent"] for p in found}, {"R1": "", "R2": "R1", "R3": "R2"})

    def test_several_addresses_behind_an_interface_are_no_line(self):
        arp = {MIB2 + (4, 22, 1, 2, 7, 10, 0, 0, n): tlv(4, bytes([0, 1, 2, 3, 9, n])) for n in (1, 2)}
        OddAgent("127.0.9.5", {**device(b"lan"), **arp})
        found, remarks = self.discover("127.0.9.5")
        self.assertEqual(set(found), {"lan"})
        self.assertIn("2 addresses behind interface GE7", remarks)


if __name__ == "__main__":
    unittest.main()
