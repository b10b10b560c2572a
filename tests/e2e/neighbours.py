"""Devices that know their neighbours, as others wrote them: lldpd beside snmpd by AgentX, each pair in a namespace.

    monitor 10.77.0.2 --- 10.77.0.1 core --- 10.77.1.2 town1 --- 10.77.3.2 village
                                        `--- 10.77.2.2 town2
"""

import pathlib
import shlex
import subprocess

import wan
from peers import Process, wait_for

# lldpd and lldpcli work as _lldpd, who may not enter a folder of ours (mkdtemp makes it 0700): their sockets live here,
# where lldpd has its chroot too. The paths are short as well, whatever folder is given.
SOCKETS = pathlib.Path("/run/lldpd")
# What a quiet machine does in two seconds; only a broken one waits this long.
PATIENCE = 60
CORE, TOWN1, TOWN2, VILLAGE = "10.77.0.1", "10.77.1.2", "10.77.2.2", "10.77.3.2"
COMMUNITY = "public"
SIGNED, HIDDEN = "a password to sign", "another to hide"
# name: (authentication, privacy) of the users that every device knows beside its community
USERS = {"strong": ("SHA-256", "AES"), "old": ("MD5", "DES"), "signed": ("SHA", None)}


def cable(ns, port, address, far, far_address, alias=""):
    """A link from `port` of `ns` to eth0 of `far`."""
    wan.ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", far, ns=ns)
    wan.ip("address", "add", f"{address}/24", "dev", port, ns=ns)
    wan.ip("address", "add", f"{far_address}/24", "dev", "eth0", ns=far)
    wan.ip("link", "set", port, "up", ns=ns)
    wan.ip("link", "set", "eth0", "up", ns=far)
    wan.ip("route", "replace", "default", "via", address, ns=far)
    if alias:
        wan.ip("link", "set", port, "alias", alias, ns=ns)


def sockets_of_our_own():
    """An empty folder that only this module's mount namespace has: no daemon of the machine, no earlier run is in it."""
    SOCKETS.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "none", SOCKETS], check=True)


class Device:
    """One device: its agent, and its LLDP with the agent as master."""

    def __init__(self, ns, address, ports, folder):
        self.ns, self.folder = ns, pathlib.Path(folder) / ns
        self.control, self.agentx = SOCKETS / f"{ns}.ctl", SOCKETS / f"{ns}.agentx"
        self.folder.mkdir(parents=True)
        self.processes = []
        try:
            self._start_snmpd(address)
            self._start_lldpd(address, ports)
        except BaseException:
            self.end()
            raise

    def _start_snmpd(self, address):
        (self.folder / "snmpd.conf").write_text(
            f"agentaddress udp:{address}:161\nrocommunity {COMMUNITY}\nsysName {self.ns}\nmaster agentx\n"
            f"agentXSocket {self.agentx}\nagentXPerms 0777 0777\n" + "".join(map(self._user, USERS)))
        self._start("snmpd", ["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", self.folder / "snmpd.conf", "-I", "-smux", "-p",
                              self.folder / "pid"],
                    env={"SNMP_PERSISTENT_DIR": str(self.folder / "state"), "MIBS": "", "HOME": str(self.folder)})
        self.wait(lambda: "NET-SNMP version" in self._log("snmpd"), "snmpd", "answers")

    @staticmethod
    def _user(name):
        auth, privacy = USERS[name]
        hides = f' {privacy} "{HIDDEN}"' if privacy else ""
        return f'createUser {name} {auth} "{SIGNED}"{hides}\nrouser {name} {"priv" if privacy else "auth"}\n'

    def _start_lldpd(self, address, ports):
        # a host name of its own, none of the machine's own configuration, and the name in a hosts file of its own: lldpd asks
        # for it again and again, and stands still while a name server of the machine, out of reach from here, is waited for
        hosts = self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost\n{address} {self.ns}\n")
        script = (f"hostname {self.ns} && mount --bind {shlex.quote(str(hosts))} /etc/hosts && "
                  f"exec lldpd -d -O /dev/null -x -X {self.agentx} -u {self.control} "
                  f"-I {','.join(ports)}")
        self._start("lldpd", ["unshare", "--uts", "--mount", "sh", "-c", script])
        # it begins paused, and a setting is written back with all others as they were read: one that was read before this
        # would pause it again, for ever
        self.wait(lambda: "should resume operations" in self._log("lldpd"), "lldpd", "has begun")
        self.wait(lambda: self.cli("configure", "lldp", "tx-interval", "1").returncode == 0, "lldpd", "takes commands")
        self.wait(lambda: "AgentX subagent connected" in self._log("lldpd"), "lldpd", "reaches snmpd")

    def _start(self, program, command, env=None):
        self.processes.append(Process(wan.inside(self.ns, command), self.folder / f"{program}.log", env=env))

    def _log(self, program):
        return (self.folder / f"{program}.log").read_text(errors="replace")

    def wait(self, condition, program, what):
        """Ends early with the program's own words if the program does."""
        def reached():
            code = self.processes[-1].process.poll()
            if code is not None:
                raise AssertionError(f"{program} in {self.ns} ended with {code}:\n{self._log(program)}")
            return condition()
        try:
            wait_for(reached, PATIENCE, f"{program} in {self.ns} {what}")
        except AssertionError as error:
            said = self.cli("show", "configuration") if program == "lldpd" else None
            raise AssertionError(f"{error}\n{self._log(program)}{said.stdout + said.stderr if said else ''}") from error

    def cli(self, *words):
        return subprocess.run(["lldpcli", "-u", self.control, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=PATIENCE)

    def sees(self, count):
        return self.cli("show", "neighbors", "-f", "keyvalue").stdout.count(".chassis.name=") >= count

    def end(self):
        while self.processes:
            self.processes.pop().kill()


class Town:
    """All of it; the village hangs below town1."""

    def __init__(self, folder):
        wan.ip("link", "set", "lo", "up")
        for ns in ("core", "town1", "town2", "village"):
            wan.ip("netns", "add", ns)
            wan.ip("link", "set", "lo", "up", ns=ns)
            subprocess.run(wan.inside(ns, ["sysctl", "-qw", "net.ipv4.ip_forward=1"]), check=True)
        wan.ip("link", "add", "m0", "type", "veth", "peer", "name", "r0", "netns", "core")
        wan.ip("address", "add", "10.77.0.2/24", "dev", "m0")
        wan.ip("address", "add", f"{CORE}/24", "dev", "r0", ns="core")
        wan.ip("link", "set", "m0", "up")
        wan.ip("link", "set", "r0", "up", ns="core")
        wan.ip("route", "replace", "10.77.0.0/16", "via", CORE)
        cable("core", "ge1", "10.77.1.1", "town1", TOWN1, "一镇 ZX-0001")
        cable("core", "ge2", "10.77.2.1", "town2", TOWN2, "ZX-0002")
        cable("town1", "ge3", "10.77.3.1", "village", VILLAGE, "东村 ZX-0102")
        wan.ip("route", "replace", "10.77.3.0/24", "via", TOWN1, ns="core")
        sockets_of_our_own()
        self.devices = []
        try:
            for ns, address, ports in (("core", CORE, ["ge1", "ge2"]), ("town1", TOWN1, ["eth0", "ge3"]),
                                       ("town2", TOWN2, ["eth0"]), ("village", VILLAGE, ["eth0"])):
                self.devices.append(Device(ns, address, ports, folder))
            for device, count in zip(self.devices, (2, 2, 1, 1)):
                device.wait(lambda: device.sees(count), "lldpd", f"sees {count} neighbours")
        except BaseException:
            self.end()  # unittest calls no tearDownClass when setUpClass fails
            raise

    def end(self):
        for device in self.devices:
            device.end()
        subprocess.run(["umount", "--lazy", SOCKETS], check=True)
