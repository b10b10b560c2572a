"""Agents that answer in every odd way (lying_agent.py), seen by `probe`, by the daemon, and beside them by net-snmp's
snmpget: an answer of which it can print anything shows that the line carries, and we must say so too."""

import concurrent.futures
import json
import os
import re
import subprocess
import time
import unittest

import lying_agent
import subject
from lying_agent import MODES, PORT
from subject import Daemon


def dotted(path):
    return ".".join(map(str, ("",) + path))


def snmpget(mode, folder):
    """What it prints of the answer; empty where it got none."""
    objects = [lying_agent.UP_TIME] + [column + (i,) for i in mode.interfaces for column in (
        lying_agent.STATUS, lying_agent.IN64, lying_agent.OUT64, lying_agent.IN_ERRORS, lying_agent.OUT_ERRORS)]
    done = subprocess.run(["snmpget", "-On", "-Cf", "-v2c", "-c", "public", "-r0", "-t1", f"{mode.address}:{PORT}",
                           *map(dotted, objects)], capture_output=True, text=True, timeout=20,
                          env={**os.environ, "SNMP_PERSISTENT_DIR": str(folder / "snmp"), "MIBS": "", "HOME": str(folder)})
    unheard = done.returncode != 0 and "Error in packet" not in done.stderr + done.stdout
    return "" if unheard else done.stdout + done.stderr

LEARNT = ("no_hc_as_in_v1", "at_most_8", "at_most_1")


class Agents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for mode in MODES:
            lying_agent.serve(mode)
        cls.daemon = Daemon(cls.folder / "daemon")
        cls.daemon.configure([
            {"id": m.name, "address": m.address,
             "checks": f"snmp:credential=public,port={PORT},if={'+'.join(map(str, m.interfaces))}{m.settings}"} for m in MODES],
            extra="credentials: { public: { version: 2c, community: public } }\n")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            cls.probed = dict(zip([m.name for m in MODES], pool.map(cls.probe, MODES)))
            cls.printed = dict(zip([m.name for m in MODES], pool.map(lambda m: snmpget(m, cls.folder), MODES)))

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    @classmethod
    def probe(cls, mode):
        code, out, err = subject.run("probe", "--config", cls.daemon.config, mode.name, "--format", "json")
        return code, json.loads(out)[0]["checks"][0] if out else {"outcome": "none", "cause": err, "detail": "", "facts": []}, err

    def told(self, seen):
        """The facts that a probe told, an interface's by name and number."""
        return {f["name"] + (f"[{f['index']}]" if f["index"] else ""): f["value"] for f in seen["facts"]}

    def test_a_probe_says_of_each_what_it_is(self):
        for mode in MODES:
            with self.subTest(mode=mode.name):
                code, seen, err = self.probed[mode.name]
                if mode.says == "good":
                    self.assertEqual((seen["outcome"], code), ("good", 0), f"{seen} {err}")
                    self.assertEqual(bool(seen["detail"]), mode.odd, seen)
                else:
                    self.assertEqual((seen["outcome"], seen["cause"]), ("bad", mode.says), seen)

    def test_a_probe_tells_the_facts_to_their_last_bit_and_no_others(self):
        for mode in MODES:
            told = self.told(self.probed[mode.name][1])
            for name, value in mode.facts.items():
                with self.subTest(mode=mode.name, fact=name):
                    self.assertEqual(told.get(name), value)

    def test_what_snmpget_can_print_is_reachable(self):
        compared = 0
        for mode in MODES:
            if not mode.snmpget or not self.printed[mode.name]:
                continue
            compared += 1
            with self.subTest(mode=mode.name):
                self.assertEqual(self.probed[mode.name][1]["outcome"], "good", self.printed[mode.name])
        self.assertGreater(compared, len(MODES) / 2)

    def test_the_daemon_sees_the_same_and_learns_what_an_agent_can(self):
        self.daemon.start()
        time.sleep(6)
        lines = {m.name: self.daemon.json(f"/api/v1/lines/{m.name}") for m in MODES}
        page = self.daemon.get("/metrics")[1]
        self.assertEqual(self.daemon.stop(), 0)
        for mode in MODES:
            with self.subTest(mode=mode.name):
                line = lines[mode.name]
                # it answers, and gives no data; of some the first answers alone are without any
                dark = mode.name not in LEARNT and not self.probed[mode.name][1]["facts"] and mode.says == "good"
                self.assertEqual(line["state"], mode.state or ("degraded" if dark else "up" if mode.says == "good" else "down"))
                self.assertEqual(line["data_missing"], dark or mode.says != "good")
                if mode.says != "good":
                    self.assertEqual(line["cause"], mode.says)
        self.learned(lines)
        for name, number in (("octets_max", 2**64 - 1), ("octets_top_bit", 2**63), ("octets_beyond_a_double", 2**53 + 1)):
            with self.subTest(mode=name):
                self.assertEqual(lines[name]["interfaces"][0]["in_octets"], number)
                self.assertRegex(page, rf'changtong_line_in_octets_total{{line="{name}",.*interface="2"}} {number}\n')

    def learned(self, lines):
        seen = {name: lines[name]["interfaces"] for name in ("no_hc", "no_hc_as_in_v1", "at_most_8", "at_most_1")}
        for name in ("no_hc", "no_hc_as_in_v1"):
            with self.subTest(mode=name):
                self.assertEqual(seen[name][0]["in_octets"], 0xfffffff0)
                self.assertEqual(seen[name][0]["oper_status"], 1)
        with self.subTest(mode="at_most_8"):
            self.assertEqual([i["oper_status"] for i in seen["at_most_8"]], [1, 1])
        with self.subTest(mode="at_most_1"):
            self.assertIsNone(seen["at_most_1"][0]["in_octets"])
