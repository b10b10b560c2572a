"""Interfaces by name, alias and index, and devices' profiles, against agents that answer from records made of the
profiles' tables (record_agent.py), and against net-snmp's snmpd: by `probe`, and by the daemon."""

import json
import time
import unittest

import subject
from lying_agent import integer
from peers import wait_for
from record_agent import PORT, RecordAgent, read_record
from subject import Daemon


def interfaces(rows):
    """Records of ifTable and ifXTable: (index, name, description, alias, oper, mbps)."""
    out = []
    for index, name, description, alias, oper, mbps in rows:
        out += [f"1.3.6.1.2.1.2.2.1.2.{index}|4|{description}", f"1.3.6.1.2.1.2.2.1.7.{index}|2|1",
                f"1.3.6.1.2.1.2.2.1.8.{index}|2|{oper}", f"1.3.6.1.2.1.2.2.1.13.{index}|65|3",
                f"1.3.6.1.2.1.2.2.1.14.{index}|65|0", f"1.3.6.1.2.1.2.2.1.20.{index}|65|0",
                f"1.3.6.1.2.1.31.1.1.1.1.{index}|4|{name}", f"1.3.6.1.2.1.31.1.1.1.6.{index}|70|1000",
                f"1.3.6.1.2.1.31.1.1.1.10.{index}|70|2000", f"1.3.6.1.2.1.31.1.1.1.15.{index}|66|{mbps}",
                f"1.3.6.1.2.1.31.1.1.1.18.{index}|4x|{alias.encode('gb18030').hex()}",
                f"1.3.6.1.2.1.31.1.1.1.19.{index}|67|0"]
    return "\n".join(out) + "\n"


def system(object_id, description):
    return f"1.3.6.1.2.1.1.1.0|4|{description}\n1.3.6.1.2.1.1.2.0|6|{object_id}\n1.3.6.1.2.1.1.5.0|4|device\n"


TWO = interfaces([(1, "GE0/0/1", "GigabitEthernet0/0/1", "电路20260001", 1, 100),
                  (7, "GE0/0/7", "GigabitEthernet0/0/7", "备用", 2, 1000)])
H3C = "1.3.6.1.4.1.25506."
HUAWEI = "1.3.6.1.4.1.2011.5.25.31.1.1."
RUIJIE = "1.3.6.1.4.1.4881.1.1.10.2."
RECORDS = {
    # profile: (record, what a probe tells of it)
    "huawei-vrp": (system("1.3.6.1.4.1.2011.2.23.339", "Huawei Versatile Routing Platform Software") + TWO +
                   f"{HUAWEI}1.1.5.9|2|0\n{HUAWEI}1.1.5.10|2|23\n{HUAWEI}1.1.7.10|2|41\n{HUAWEI}1.1.11.10|2|38\n"
                   f"{HUAWEI}3.1.8.77|2|-523\n{HUAWEI}3.1.9.77|2|500\n{HUAWEI}3.1.8.78|2|2147483647\n"
                   "1.3.6.1.2.1.47.1.1.1.1.7.77|4|GigabitEthernet0/0/1\n1.3.6.1.2.1.47.1.1.1.1.7.78|4|GigabitEthernet0/0/7\n",
                   {"processor_use": 230000, "memory_use": 410000, "temperature": 38000, "optical_receive_power[1]": -5230,
                    "optical_transmit_power[1]": -3010}),
    "h3c-comware": (system("1.3.6.1.4.1.25506.1.1208", "H3C Comware Platform Software") + TWO +
                    f"{H3C}2.6.1.1.1.1.6.2|2|12\n{H3C}2.6.1.1.1.1.8.2|2|55\n{H3C}2.6.1.1.1.1.12.2|2|44\n"
                    f"{H3C}2.70.1.1.1.9.1|2|-612\n{H3C}2.70.1.1.1.12.1|2|-1805\n{H3C}2.70.1.1.1.12.7|4|Copper\n"
                    f"{H3C}8.35.9.1.1.1.2.1|2|1\n{H3C}8.35.9.1.1.1.2.2|2|2\n{H3C}8.35.9.1.2.1.2.1|2|1\n{H3C}8.35.9.1.2.1.2.2|2|3\n",
                    {"processor_use": 120000, "memory_use": 550000, "temperature": 44000, "optical_transmit_power[1]": -6120,
                     "optical_receive_power[1]": -18050, "fans_failed": 1, "power_supplies_failed": 0}),
    "ruijie": (system("1.3.6.1.4.1.4881.1.1.10.1.5", "Ruijie Full 10G Routing Switch") + TWO +
               f"{RUIJIE}36.1.1.2.0|2|9\n{RUIJIE}35.1.1.1.3.1|2|33\n{RUIJIE}105.1.1.1.76.1|2|-700\n"
               f"{RUIJIE}105.1.1.1.81.1|2|-10000\n",
               {"processor_use": 90000, "memory_use": 330000, "optical_receive_power[1]": -7000}),
    "zte": (system("1.3.6.1.4.1.3902.3.100.11", "ZTE") + TWO + "1.3.6.1.4.1.3902.1082.500.1.2.1.1.1.1|2|50\n", {}),
    "generic": (system("1.3.6.1.4.1.9999.1", "nobody's") + TWO + "1.3.6.1.2.1.25.3.3.1.2.1|2|7\n1.3.6.1.2.1.25.3.3.1.2.2|2|17\n"
                "1.3.6.1.2.1.25.2.3.1.2.1|6|1.3.6.1.2.1.25.2.1.2\n1.3.6.1.2.1.25.2.3.1.5.1|2|1000\n1.3.6.1.2.1.25.2.3.1.6.1|2|250\n"
                "1.3.6.1.2.1.25.2.3.1.2.2|6|1.3.6.1.2.1.25.2.1.4\n1.3.6.1.2.1.25.2.3.1.5.2|2|10\n1.3.6.1.2.1.25.2.3.1.6.2|2|10\n",
                {"processor_use": 170000, "memory_use": 250000}),
}
OF_PROFILES = {"processor_use", "memory_use", "temperature", "fans_failed", "power_supplies_failed", "optical_receive_power",
               "optical_transmit_power"}


class Interfaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.lines, cls.agents = [], {}
        for k, (name, (record, _)) in enumerate(RECORDS.items()):
            cls.add(name, f"127.9.0.{k + 1}", record, "if=1+7,profile=auto")
        cls.add("named", "127.9.1.1", TWO, "if=name:GE0/0/1+alias:备用")
        cls.add("long", "127.9.1.2", TWO, "if=name:GigabitEthernet0/0/7")
        cls.add("missing", "127.9.1.3", TWO, "if=name:GE0/0/9+1")
        cls.add("twice", "127.9.1.4", TWO + interfaces([(9, "GE0/0/1", "x", "y", 1, 10)]), "if=name:GE0/0/1")
        cls.add("slow", "127.9.1.5", TWO, "if=name:GE0/0/1", delay=0.4)
        cls.add("slowly", "127.9.1.10", TWO, "if=name:GE0/0/9", delay=0.4)
        cls.add("next", "127.9.1.6", TWO, "if=name:GE0/0/1", bulk=False)
        cls.add("option", "127.9.1.7", RECORDS["zte"][0], "profile=zte+cpu-1082")
        cls.add("together", "127.9.1.12", RECORDS["zte"][0], "profile=zte+cpu-1082", together=2)
        alias = "東\u009b2J\u202e\x1b[31m".encode().hex()
        cls.add("odd", "127.9.1.8", system("1.3.6.1.4.1.99999", "a\u009b2Jb\u202ec") +
                interfaces([(1, "GE0/0/1", "x", "y", 1, 10)]) + f"1.3.6.1.2.1.31.1.1.1.18.1|4x|{alias}\n", "if=1")
        cls.add("wide", "127.9.1.9", RECORDS["generic"][0] + interfaces([(4294967295, "GE0/0/" + "9" * 40, "x", "县" * 60, 7, 10000)]),
                "if=1")
        cls.daemon = Daemon(cls.folder / "interfaces")
        cls.daemon.configure(cls.lines, extra="credentials: { public: { version: 2c, community: public } }\n")

    @classmethod
    def tearDownClass(cls):
        cls.daemon.kill()

    @classmethod
    def add(cls, name, address, record, arguments, **how):
        cls.agents[name] = RecordAgent(address, read_record(record), **how)
        cls.lines.append({"id": name, "address": address, "bandwidth_mbps": 10,
                          "checks": f"snmp:credential=public,port={PORT},{arguments}"})

    def probe(self, name, *more):
        code, out, err = subject.run("probe", "--config", self.daemon.config, name, *more)
        self.assertEqual(code, 0, out + err)
        return out

    def seen(self, name):
        check = json.loads(self.probe(name, "--format", "json"))[0]["checks"][0]
        return check, {f["name"] + (f"[{f['index']}]" if f["index"] else ""): f["value"] for f in check["facts"]}

    def test_a_probe_proposes_the_profile_and_tells_what_it_knows(self):
        for name, (_, told) in RECORDS.items():
            with self.subTest(profile=name):
                check, facts = self.seen(name)
                self.assertEqual(check["device"]["profile"], name)
                self.assertEqual({k: v for k, v in facts.items() if k.split("[")[0] in OF_PROFILES}, told)

    def test_a_probe_says_which_profile_was_taken_and_what_of_it_is_empty(self):
        device = self.seen("generic")[0]["device"]
        self.assertEqual(device["profile_taken"], "generic")
        self.assertEqual(device["facts_told"], ["processor_use", "memory_use"])
        self.assertEqual(device["facts_empty"], [])
        self.assertIn("temperature", device["facts_unknown"])
        text = self.probe("huawei-vrp")
        self.assertIn("采用画像 profile=huawei-vrp", text)
        self.assertRegex(text, "有值：处理器、内存、温度 °C、收光功率 dBm、发光功率 dBm；空：无；画像未列：故障风扇、故障电源")
        self.assertIn("建议画像 profile=generic", self.probe("wide"), "of a check that takes none")
        self.assertIsNone(self.seen("wide")[0]["device"]["profile_taken"])
        self.assertEqual(self.seen("zte")[0]["device"]["facts_told"], [])

    def test_a_probe_names_interfaces_that_are_not_there_and_similar_ones(self):
        for name, wish in (("missing", "name:GE0/0/9"), ("slowly", "name:GE0/0/9")):
            with self.subTest(line=name):
                text = self.probe(name)
                self.assertRegex(text, f"没有接口 {wish}；相近的有 GE0/0/[17]、GE0/0/[17]")
                self.assertNotIn("正在查找", text)
        self.assertEqual(self.seen("missing")[0]["device"]["missing_interfaces"],
                         [{"interface": "name:GE0/0/9", "near": ["GE0/0/1", "GE0/0/7"]}])
        self.assertEqual(self.seen("named")[0]["device"]["missing_interfaces"], [])

    def test_a_probe_lists_the_interfaces_within_120_columns(self):
        device = self.seen("generic")[0]["device"]
        self.assertEqual(device["interfaces"][0], {"if_index": 1, "name": "GE0/0/1", "alias": "电路20260001", "admin_status": 1,
                                                   "oper_status": 1, "speed_mbps": 100})
        text = self.probe("generic")
        self.assertIn("电路20260001", text)
        table = [line for line in text.splitlines() if "GE0/0/" in line]
        self.assertEqual(len(table), 2, text)
        table += [line for line in self.probe("wide").splitlines() if "interface" in line or "GE0/0/" in line or "----" in line]
        self.assertIn("县县县", table[-1])
        for line in table:
            self.assertLessEqual(sum(2 if ord(c) > 0x2e80 else 1 for c in line), 120, line)

    def test_interfaces_are_told_in_chinese_first(self):
        text = self.probe("generic")
        for words in ("接口 / interface", "启用 / admin", "状态 / oper", "速率 / speed", "别名 / alias"):
            self.assertIn(words, text)
        self.assertRegex(text, r"GE0/0/7 +通 / up +断 / down +1G +备用")

    def test_nothing_of_a_device_reaches_the_terminal_that_it_would_obey(self):
        for text in (self.probe("odd"), self.probe("odd", "--format", "json")):
            self.assertIn("a\ufffd2Jb\ufffdc", text)
            self.assertIn("東\ufffd2J\ufffd\ufffd[31m", text)
            for odd in "\u009b\u202e\x1b":
                self.assertNotIn(odd, text)

    def test_names_and_aliases_are_found(self):
        for name, states in (("named", [1, 2]), ("long", [2]), ("next", [1])):
            with self.subTest(line=name):
                facts = self.seen(name)[0]["facts"]
                self.assertEqual([f["value"] for f in facts if f["name"] == "interface_oper_status"], states)

    def test_a_line_that_answered_is_not_down_for_a_second_packet_that_was_lost(self):
        RecordAgent("127.9.1.11", read_record(TWO), gets=1)
        asked_once = Daemon(self.folder / "once")
        asked_once.configure([{"id": "once", "address": "127.9.1.11", "checks": f"snmp:credential=public,port={PORT},if=1,profile=generic"}],
                             extra="credentials: { public: { version: 2c, community: public } }\n")
        code, out, err = subject.run("probe", "--config", asked_once.config, "once", "--format", "json")
        check = json.loads(out)[0]["checks"][0]
        self.assertEqual((check["outcome"], code), ("good", 0), out + err)
        self.assertTrue(check["facts"], "what the first answer brought")

    def test_what_is_not_found_or_twice_there_is_said(self):
        check, facts = self.seen("missing")
        self.assertIn("GE0/0/9", check["detail"])
        self.assertEqual(facts["interface_oper_status[1]"], 1, "the other one is asked all the same")
        self.assertIn("more than one interface name:GE0/0/1", self.seen("twice")[0]["detail"])

    def test_options_choose_what_is_never_a_default(self):
        self.assertEqual(self.seen("option")[1]["processor_use"], 500000)

    def test_a_profile_that_is_known_with_the_first_answer_is_told(self):
        self.assertEqual(self.seen("together")[1]["processor_use"], 500000)

    def test_the_daemon_tells_names_finds_them_again_and_is_held_up_by_nobody(self):
        self.daemon.start()
        try:
            wait_for(lambda: self.daemon.metric("changtong_line_interface_oper_status", line="named", interface="GE0/0/1") == 1, 20,
                     "the named interface is on the page")
            wait_for(lambda: self.daemon.metric("changtong_line_processor_use_ratio", line="huawei-vrp") == 0.23, 30, "a profile's fact")
            wait_for(lambda: self.daemon.line_up("slow") == 1, 20, "the slow one is up")
            shown = {i["interface"]: i["if_index"] for i in self.daemon.json("/api/v1/lines/named")["interfaces"]}
            self.assertEqual(shown, {"GE0/0/1": 1, "备用": 7})
            renumbered = TWO.replace(".1|", ".31|").replace(".7|", ".37|")
            self.agents["named"].objects = {**read_record(renumbered),
                                            (1, 3, 6, 1, 2, 1, 1, 3, 0): integer(700, 0x43)}
            wait_for(lambda: {i["if_index"] for i in self.daemon.json("/api/v1/lines/named")["interfaces"]} == {31, 37}, 40,
                     "found again under their new numbers")
        finally:
            self.assertEqual(self.daemon.stop(), 0)

    def test_use_is_of_the_lines_bandwidth_and_a_restart_is_no_peak(self):
        daemon = Daemon(self.folder / "use", listen="127.0.0.1:8081")
        agent = RecordAgent("127.9.2.1", read_record(TWO))
        octets = lambda: integer(10**12 + int((time.monotonic() - agent.began) * 250_000), 0x46)  # 2 of 10 Mbit/s
        agent.objects[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1] = octets
        daemon.configure([{"id": "L1", "address": "127.9.2.1", "bandwidth_mbps": 10,
                           "checks": f"snmp:credential=public,port={PORT},if=1"}],
                         extra="credentials: { public: { version: 2c, community: public } }\n")
        daemon.start()
        try:
            use = lambda: daemon.metric("changtong_line_in_use_ratio", line="L1")
            wait_for(lambda: use() is not None, 30, "use is told")
            self.assertAlmostEqual(use(), 0.2, delta=0.02)
            agent.objects[1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, 1] = integer(5, 0x46)
            for _ in range(20):
                self.assertLess(use() or 0, 0.25)
                time.sleep(0.2)
        finally:
            daemon.kill()


if __name__ == "__main__":
    unittest.main()
