"""A district of routers in namespaces, to be cut in known ways: two carriers, their cores, routers in the middle, a
township with villages behind it, and devices with agents. Several such worlds live side by side.

    mon - g - ca - ma1 - a11 a12 a13, t1 - v1 v2       g has the anchors; t1 is the villages' parent
               |  `- ma2 - a21 a22 a23
               `- cb - mb1 - b11 b12 b13
                     `- mb2 - b21 b22 b23
"""

import ctypes
import os
import select
import socket
import subprocess
import threading
import time

import lying_agent
from wan import inside, ip

TREE = {"g": "mon", "ca": "g", "cb": "g", "ma1": "ca", "ma2": "ca", "mb1": "cb", "mb2": "cb", "t1": "ma1",
        **{d: "ma1" for d in ("a11", "a12", "a13")}, **{d: "ma2" for d in ("a21", "a22", "a23")},
        **{d: "mb1" for d in ("b11", "b12", "b13")}, **{d: "mb2" for d in ("b21", "b22", "b23")}, "v1": "t1", "v2": "t1"}
LINES = [n for n in TREE if n not in ("g", "ca", "cb", "ma1", "ma2", "mb1", "mb2")]
NUMBER = {n: k for k, n in enumerate(TREE, 1)}
ANCHORS = ["10.9.0.1", "10.9.0.2"]
CLONE_NEWNET = 0x40000000


def below(node):
    return [n for n in TREE if node in ancestry(n)]


def ancestry(node):
    """The node itself, and all that it hangs on."""
    return [node] + (ancestry(TREE[node]) if node in TREE else [])


def address(node):
    return f"10.20.{NUMBER[node]}.2"


def lines_below(node):
    return [n for n in below(node) if n in LINES]


def row(line):
    """Its row in lines.csv. Every line stands in a town of its own, as far as the carrier knows."""
    return {"id": line, "address": address(line), "parent": "t1" if line.startswith("v") else "", "town": f"town-{line}",
            "carrier": "电信" if line.startswith("b") else "移动",
            "checks": "icmp snmp:credential=lab,interval=2s,timeout=500ms,port=1161"}


class Agents(threading.Thread):
    """An agent for each device, in its namespace; each has an up time of its own."""

    def __init__(self, world):
        super().__init__(daemon=True)
        self.ended, self.began, self.sockets = threading.Event(), {}, {}
        libc, home = ctypes.CDLL(None, use_errno=True), os.open("/proc/self/ns/net", os.O_RDONLY)
        for n, line in enumerate(LINES):
            with open(f"/run/netns/{world.ns(line)}") as there:
                if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
                    raise OSError(ctypes.get_errno(), "setns")
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            s.bind(("0.0.0.0", lying_agent.PORT))
            self.sockets[s.fileno()] = (line, s)
            # one of them wraps during the test: an up time that begins anew without a restart
            age = 2**32 / 100 - 60 if line == "a11" else 86400 * (n + 1)
            self.began[line] = time.monotonic() - age
        libc.setns(home, CLONE_NEWNET)
        os.close(home)

    def restart(self, line):
        self.began[line] = time.monotonic()

    def run(self):
        while not self.ended.is_set():
            ready, _, _ = select.select(list(self.sockets), [], [], 0.2)
            for fd in ready:
                line, s = self.sockets[fd]
                request, peer = s.recvfrom(2048)
                ticks = int((time.monotonic() - self.began[line]) * 100) % 2**32
                mode = lying_agent.Mode("up time", values={lying_agent.UP_TIME: lying_agent.integer(ticks, 0x43)})
                try:
                    s.sendto(lying_agent.answer(request, mode), peer)
                except OSError:
                    pass  # its link is down


class World:
    def __init__(self, number):
        self.number = number
        for node in ["mon", *TREE]:
            ip("netns", "add", self.ns(node))
            ip("link", "set", "lo", "up", ns=self.ns(node))
            subprocess.run(inside(self.ns(node), ["sysctl", "-qw", "net.ipv4.ip_forward=1"]), check=True)
        for node, parent in TREE.items():
            self.link(node, parent)
        for node in TREE:
            for far in [n for n in below(node)[1:] if TREE[n] != node]:
                via = next(n for n in ancestry(far) if TREE[n] == node)
                ip("route", "add", f"10.20.{NUMBER[far]}.0/30", "via", address(via), ns=self.ns(node))
        for anchor in ANCHORS:
            ip("address", "add", f"{anchor}/32", "dev", "lo", ns=self.ns("g"))
        self.own_route()
        self.agents = Agents(self)
        self.agents.start()

    def ns(self, node):
        return f"w{self.number}-{node}"

    def link(self, node, parent):
        n = NUMBER[node]
        ip("link", "add", f"d{n}", "type", "veth", "peer", "name", "uplink", "netns", self.ns(node), ns=self.ns(parent))
        ip("address", "add", f"10.20.{n}.1/30", "dev", f"d{n}", ns=self.ns(parent))
        ip("link", "set", f"d{n}", "up", ns=self.ns(parent))
        ip("address", "add", f"10.20.{n}.2/30", "dev", "uplink", ns=self.ns(node))
        self.mend(node)

    def own_route(self):
        ip("route", "replace", "default", "via", address("g"), ns=self.ns("mon"))

    # What can break: the link above a node; pings to a device.
    def cut(self, node):
        ip("link", "set", "uplink", "down", ns=self.ns(node))

    def mend(self, node):
        ip("link", "set", "uplink", "up", ns=self.ns(node))
        ip("route", "replace", "default", "via", f"10.20.{NUMBER[node]}.1", ns=self.ns(node))

    def filter_ping(self, node, filtered):
        ip("rule", "add" if filtered else "del", "pref", "5", "to", f"{address(node)}/32", "ipproto", "icmp", "blackhole",
           ns=self.ns(TREE[node]))
