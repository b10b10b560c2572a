"""A small WAN of network namespaces: this process is the monitor, behind a router there are hosts.

    monitor (our own namespace) m0 10.77.0.2 --- 10.77.0.1 r0 router rN 10.77.N.1 --- 10.77.N.2 eth0 hN
"""

import json
import subprocess


def ip(*arguments, ns=None):
    command = ["ip"] + (["-n", ns] if ns else []) + [str(a) for a in arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout


def inside(ns, command):
    """The command line that runs `command` in a namespace of this WAN."""
    return ["ip", "netns", "exec", ns, *[str(c) for c in command]]


class Wan:
    def __init__(self, hosts=5):
        ip("link", "set", "lo", "up")
        self.namespaces = ["router"] + [f"h{n}" for n in range(1, hosts + 1)]
        for ns in self.namespaces:
            ip("netns", "add", ns)
            ip("link", "set", "lo", "up", ns=ns)
        ip("link", "add", "m0", "type", "veth", "peer", "name", "r0", "netns", "router")
        ip("address", "add", "10.77.0.2/24", "dev", "m0")
        ip("address", "add", "10.77.0.1/24", "dev", "r0", ns="router")
        ip("link", "set", "r0", "up", ns="router")
        self.own_interface_up()
        subprocess.run(inside("router", ["sysctl", "-qw", "net.ipv4.ip_forward=1"]), check=True)
        for n in range(1, hosts + 1):
            self._host(n)

    def _host(self, n):
        host, port = f"h{n}", f"r{n}"
        ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host, ns="router")
        ip("address", "add", f"10.77.{n}.1/24", "dev", port, ns="router")
        ip("link", "set", port, "up", ns="router")
        ip("address", "add", f"10.77.{n}.2/24", "dev", "eth0", ns=host)
        self.host_end_up(n)

    @staticmethod
    def address(n):
        return f"10.77.{n}.2"

    @staticmethod
    def interface_index(n):
        return json.loads(ip("-j", "link", "show", "eth0", ns=f"h{n}"))[0]["ifindex"]

    # What can break. A link set down loses its routes; setting it up again brings them back.
    def router_end_down(self, n):
        ip("link", "set", f"r{n}", "down", ns="router")

    def router_end_up(self, n):
        ip("link", "set", f"r{n}", "up", ns="router")

    def host_end_down(self, n):
        ip("link", "set", "eth0", "down", ns=f"h{n}")

    def host_end_up(self, n):
        ip("link", "set", "eth0", "up", ns=f"h{n}")
        ip("route", "replace", "default", "via", f"10.77.{n}.1", ns=f"h{n}")

    def blackhole(self, n):
        ip("route", "add", "blackhole", f"{self.address(n)}/32", ns="router")

    def no_blackhole(self, n):
        ip("route", "del", "blackhole", f"{self.address(n)}/32", ns="router")

    def own_interface_down(self):
        ip("link", "set", "m0", "down")

    def own_interface_up(self):
        ip("link", "set", "m0", "up")
        ip("route", "replace", "10.77.0.0/16", "via", "10.77.0.1")
