"""Every fact of every profile, read from snmpsim, which others wrote, by v2c and by v3: what a probe tells is what the walk
says (profile_walks.py). And the daemon's pages have the same."""

import concurrent.futures
import json
import unittest

import profile_walks
import subject
from peers import Process, wait_for
from subject import Daemon

ADDRESS, PORT = "127.9.7.1", 1163
PATIENCE = 60  # s for what a quiet machine does in two; only a broken one waits this long
SIGNED, HIDDEN = "a password to sign", "another to hide"
VERSIONS = {"v2c": "version: 2c, community: {}",  # snmpsim takes the community, or the context, for the name of a walk
            "v3": f'version: 3, user: simulator, level: authPriv, auth: SHA-256, auth_password: "{SIGNED}", priv: AES-256, '
                  f'priv_password: "{HIDDEN}", context: {{}}'}
OF_PROFILES = {"processor_use", "memory_use", "temperature", "fans_failed", "power_supplies_failed", "optical_receive_power",
               "optical_transmit_power"}


class Simulator(Process):
    def __init__(self, folder, walks):
        (folder / "walks").mkdir(parents=True)
        (folder / "index").mkdir()
        for walk in walks:
            (folder / "walks" / f"{walk.name}.snmprec").write_text(walk.text())
        log = folder / "log"
        super().__init__(["snmpsimd", f"--data-dir={folder}/walks", f"--cache-dir={folder}/index",
                          f"--agent-udpv4-endpoint={ADDRESS}:{PORT}", "--process-user=root", "--process-group=root",
                          "--v3-user=simulator", f"--v3-auth-key={SIGNED}", "--v3-auth-proto=SHA256", f"--v3-priv-key={HIDDEN}",
                          "--v3-priv-proto=AES256", "--logging-method=stdout"], log, env={"HOME": str(folder)}, cwd=folder)
        wait_for(lambda: "Listening at" in log.read_text(), PATIENCE, f"snmpsim listens: {log.read_text()[-1000:]}")


class Profiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.walks = profile_walks.all_walks()
        cls.simulator = Simulator(cls.folder / "snmpsim", cls.walks)
        cls.addClassCleanup(cls.simulator.kill)
        credentials, lines, cls.asked = [], [], []
        for walk in cls.walks:
            for version, body in VERSIONS.items():
                credentials.append(f"  {walk.name}-{version}: {{ {body.format(walk.name)} }}\n")
                for option in (None, *walk.options()):
                    name = f"{walk.name}-{version}" + (f"-{option}" if option else "")
                    profile = f"{walk.name}+{option}" if option else "auto"
                    lines.append({"id": name, "address": ADDRESS, "checks": f"snmp:credential={walk.name}-{version},port={PORT},"
                                                                            f"if=1+name:GE0/0/7+8,profile={profile}"})
                    cls.asked.append((name, walk, option))
        cls.daemon = Daemon(cls.folder / "daemon")
        cls.addClassCleanup(cls.daemon.kill)
        cls.daemon.configure(lines, extra="credentials:\n" + "".join(credentials), defaults="interval: 5s, timeout: 5s")

    def probed(self, name):
        code, out, err = subject.run("probe", "--config", self.daemon.config, name, "--format", "json")
        self.assertEqual(code, 0, out + err)
        check = json.loads(out)[0]["checks"][0]
        seven = {f["index"] for f in check["facts"] if f["called"] == "GE0/0/7"}  # a name has a number of its own
        return check, {f["name"] + (f"[{7 if f['index'] in seven else f['index']}]" if f["index"] else ""): f["value"]
                       for f in check["facts"] if f["name"] in OF_PROFILES}

    def test_a_probe_tells_what_the_walk_says_by_both_versions(self):
        with concurrent.futures.ThreadPoolExecutor(4) as several:
            probed = list(several.map(self.probed, [name for name, _, _ in self.asked]))
        for (name, walk, option), (check, facts) in zip(self.asked, probed):
            with self.subTest(line=name):
                self.assertEqual((check["outcome"], check["detail"]), ("good", ""), check)
                self.assertEqual(facts, walk.told([option]))
                self.assertEqual(check["device"]["profile"], walk.name)
                self.assertEqual([(i["if_index"], i["name"], i["alias"], i["oper_status"], i["speed_mbps"])
                                  for i in check["device"]["interfaces"]],
                                 [(index, *row) for index, row in profile_walks.INTERFACES.items()])

    def test_no_fact_of_a_table_is_left_out(self):
        for walk in self.walks:
            for fact in walk.profile["facts"]:
                with self.subTest(profile=walk.name, fact=fact):
                    told = [name.split("[")[0] for name in walk.told([fact.get("option")])]
                    self.assertIn(fact["fact"], told)

    def test_the_page_has_the_same_of_each_device(self):
        self.daemon.start()
        try:
            for name, walk, option in self.asked:
                for fact, value in walk.told([option]).items():
                    page, labels, unit = self.on_page(fact)
                    wait_for(lambda: (seen := self.daemon.metric(page, line=name, **labels)) is not None and
                             abs(seen - value / unit) < 1e-9, PATIENCE, f"{name}: {page}{labels} is {value / unit}")
        finally:
            self.assertEqual(self.daemon.stop(), 0)

    @staticmethod
    def on_page(fact):
        """Its name there, its labels, and how many of it are one."""
        base, _, index = fact.partition("[")
        name, unit = {"processor_use": ("processor_use_ratio", 1e6), "memory_use": ("memory_use_ratio", 1e6),
                      "temperature": ("temperature_celsius", 1e3), "fans_failed": ("fans_failed", 1),
                      "power_supplies_failed": ("power_supplies_failed", 1),
                      "optical_receive_power": ("optical_receive_power_dbm", 1e3),
                      "optical_transmit_power": ("optical_transmit_power_dbm", 1e3)}[base]
        index = index.rstrip("]")
        return f"changtong_line_{name}", {"interface": "GE0/0/7" if index == "7" else index} if index else {}, unit


if __name__ == "__main__":
    unittest.main()
