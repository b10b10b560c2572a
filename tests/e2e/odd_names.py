"""Names as resolvers answer them: a small name server whose names decide what it says, over UDP and TCP.

    python3 tests/e2e/odd_names.py ADDRESS LIAR [broken]     listens on ADDRESS; sends what is forged from LIAR

It stands where a district's resolver stands, beside the monitor and not on it. `broken` answers SERVFAIL to everything.
"""

import dataclasses
import socket
import struct
import subprocess
import sys
import threading
import time

from odd_sites import OTHER, WEB, WEB6

HOLES = [f"10.77.2.{n}" for n in range(50, 62)]         # routed, and nothing ever comes back
HOLE6, NO_ROUTE6 = "fd77:2::50", "2001:db8::1"
CLOSED, NO_HOST = "10.77.1.4", "10.77.1.200"            # a host without a web server; an address that no host has
MONITOR, MONITOR6 = "10.77.0.2", "fd77::2"
SERVFAIL, NXDOMAIN, REFUSED = 2, 3, 5
A, CNAME, AAAA = 1, 5, 28
LIE = OTHER + "0"                                       # where a forged answer leads: nobody


@dataclasses.dataclass
class Name:
    a: tuple = ()
    aaaa: tuple = ()
    alias: str = ""
    code: dict = dataclasses.field(default_factory=dict)    # type or "all": response code
    silent: tuple = ()                                      # types; "all"
    cut: bool = False                                       # over UDP: truncated
    wait: float = 0
    first_lost: bool = False
    forged: str = ""                                        # what comes before the true answer: wrong in id, source, port, question


def web(**more):
    return Name(a=(WEB,), **more)


ZONE = {
    "portal.test": Name(a=(WEB,)), "other.test": Name(a=(OTHER,)), "xn--zfr164b.test": web(), "both.test": web(aaaa=(WEB6,)),
    "six.test": Name(aaaa=(WEB6,)),
    "hole1.test": Name(a=(HOLES[0], WEB)), "hole2.test": Name(a=(*HOLES[:2], WEB)), "hole5.test": Name(a=(*HOLES[:5], WEB)),
    "hole12.test": Name(a=(*HOLES, WEB)),
    "closed1.test": Name(a=(CLOSED, WEB)), "no-host1.test": Name(a=(NO_HOST, WEB)), "all-holes.test": Name(a=tuple(HOLES[:3])),
    "dead6.test": web(aaaa=(HOLE6,)), "no-route6.test": web(aaaa=(NO_ROUTE6,)),
    "dead6-dead4.test": Name(a=(HOLES[0], WEB), aaaa=(HOLE6,)),
    "dead4.test": Name(a=(HOLES[0],), aaaa=(WEB6,)), "dead6x3.test": web(aaaa=("fd77:2::50", "fd77:2::51", "fd77:2::52")),
    "alias1.test": Name(alias="portal.test"), "alias3.test": Name(alias="alias2.test"),
    "alias2.test": Name(alias="alias1.test"),
    "circle1.test": Name(alias="circle2.test"), "circle2.test": Name(alias="circle1.test"),
    "alias-nowhere.test": Name(alias="nowhere.test"),
    "servfail.test": Name(code={"all": SERVFAIL}), "refused.test": Name(code={"all": REFUSED}), "nodata.test": Name(),
    **{f"silent{n}.test": Name(silent=("all",)) for n in range(6)},
    "cut.test": Name(a=(*(f"10.77.1.{n}" for n in range(100, 160)), WEB)[::-1], cut=True),
    "cut-silent.test": web(cut=True, silent=("tcp",)),
    "six-servfail.test": web(code={AAAA: SERVFAIL}), "six-silent.test": web(silent=(AAAA,)),
    "six-nx.test": web(code={AAAA: NXDOMAIN}), "six-refused.test": web(code={AAAA: REFUSED}),
    "four-servfail.test": Name(aaaa=(WEB6,), code={A: SERVFAIL}),
    "zero.test": Name(a=("0.0.0.0",)), "zero-first.test": Name(a=("0.0.0.0", WEB)),
    "broadcast.test": Name(a=("255.255.255.255",)), "multicast.test": Name(a=("224.0.0.1",)),
    "slow.test": web(wait=1), "lost.test": web(first_lost=True),
    **{f"forged-{how}.test": web(forged=how) for how in ("id", "source", "port", "question")},
    "loopback.test": Name(a=("127.0.0.1",)), "loopback6.test": Name(aaaa=("::1",)), "own.test": Name(a=(MONITOR,)),
    "mapped.test": Name(aaaa=("::ffff:127.0.0.1",)),
    "link.test": Name(a=("169.254.7.7",)), "half-loopback.test": Name(a=("127.0.0.1", WEB)),
}


def packed(name):
    return b"".join(bytes([len(p)]) + p.encode() for p in name.split(".")) + b"\0"


def record(name, kind, data):
    return packed(name) + struct.pack(">HHIH", kind, 1, 5, len(data)) + data


def asked(query):
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), struct.unpack(">H", query[at + 1:at + 3])[0], query[12:at + 5]


def found(name):
    return ZONE.get(name) or (web() if name.endswith(".odd.test") else None)


def reply(query, over_tcp, broken):
    name, kind, question = asked(query)
    here = found(name)
    records, code, flags, at = [], NXDOMAIN if here is None else 0, 0x8180, here
    if broken:
        code, at = SERVFAIL, None
    elif here is not None:
        code = here.code.get(kind, here.code.get("all", 0))
        owner = name
        while at is not None and at.alias and len(records) < 8:
            records.append(record(owner, CNAME, packed(at.alias)))
            owner, at = at.alias, found(at.alias)
        if at is None and code == 0:
            code = NXDOMAIN
    if at is not None and code == 0:
        family = socket.AF_INET if kind == A else socket.AF_INET6
        for address in {A: at.a, AAAA: at.aaaa}.get(kind, ()):
            records.append(record(owner, kind, socket.inet_pton(family, address)))
        if at.cut and not over_tcp and kind == A:
            records, flags = [], flags | 0x200
    return query[:2] + struct.pack(">HHHHH", flags | code, 1, len(records), 0, 0) + question + b"".join(records)


class Server:
    def __init__(self, address, liar, broken):
        self.broken, self.seen, self.lock = broken, set(), threading.Lock()
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind((address, 53))
        self.liar, self.odd_port = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self.liar.bind((liar, 53))
        self.odd_port.bind((address, 5353))
        self.tcp = socket.create_server((address, 53), backlog=50)

    def silent(self, query, over_tcp):
        name, kind, _ = asked(query)
        here = found(name)
        if here is None or self.broken:
            return False
        if here.wait:
            time.sleep(here.wait)
        if here.first_lost:
            with self.lock:
                lost = (name, kind) not in self.seen
                self.seen.add((name, kind))
            return lost
        return "all" in here.silent or kind in here.silent or (over_tcp and "tcp" in here.silent)

    def forge(self, query, whom):
        name, kind, question = asked(query)
        how = getattr(found(name), "forged", "")
        if not how or kind != A or self.broken:
            return
        lie = struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + question + record(name, A, socket.inet_aton(LIE))
        other = struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + packed("elsewhere.test") + question[-4:] + record("elsewhere.test",
            A, socket.inet_aton(LIE))
        wrong_id = struct.pack(">H", struct.unpack(">H", query[:2])[0] ^ 0x55)
        by, data = {"id": (self.udp, wrong_id + lie), "source": (self.liar, query[:2] + lie),
                    "port": (self.odd_port, query[:2] + lie),
                    "question": (self.udp, query[:2] + other)}[how]
        for _ in range(3):
            by.sendto(data, whom)
        time.sleep(.1)

    def datagram(self, query, whom):
        if not self.silent(query, False):
            self.forge(query, whom)
            self.udp.sendto(reply(query, False, self.broken), whom)

    def stream(self, peer):
        with peer:
            peer.settimeout(10)
            kept = b""
            while more := peer.recv(4096):  # several questions may come one after the other
                kept += more
                while len(kept) >= 2 and len(kept) >= 2 + (size := struct.unpack(">H", kept[:2])[0]):
                    query, kept = kept[2:2 + size], kept[2 + size:]
                    if self.silent(query, True):
                        continue
                    answer = reply(query, True, self.broken)
                    peer.sendall(struct.pack(">H", len(answer)) + answer)

    def run(self):
        def streams():
            while True:
                threading.Thread(target=self.stream, args=(self.tcp.accept()[0],), daemon=True).start()
        threading.Thread(target=streams, daemon=True).start()
        print("listening", flush=True)
        while True:
            threading.Thread(target=self.datagram, args=self.udp.recvfrom(4096), daemon=True).start()


# What a site under each name is; where one of its addresses or servers is dead, how many seconds more than the portal it
# may take to open.
SITES = {
    **dict.fromkeys(("portal", "both", "six", "alias1", "alias3", "cut", "slow", "lost", "six-servfail", "six-silent", "six-nx",
                     "six-refused", "four-servfail", "zero-first", "forged-id", "forged-source", "forged-port",
                     "forged-question"), "good"),
    "hole1": 1, "hole2": 1.5, "hole5": 3, "hole12": 6, "closed1": 1, "no-host1": 1, "dead6": 1, "no-route6": 1,
    "dead6-dead4": 1.5, "dead4": 1, "dead6x3": 1.5,
    **dict.fromkeys(("all-holes", "circle1", "alias-nowhere", "servfail", "refused", "nodata", "nowhere", "silent0",
                     "cut-silent", "zero", "broadcast",
                     "multicast"), "bad"),
}

RACE = "addresses are raced, as RFC 8305 has it; browsers race families alone"
SIX = "browsers ask for IPv6 only where the Internet has it"
WHY = {"hole2": RACE, "hole5": RACE, "hole12": RACE, "dead4": SIX, "six": SIX, "four-servfail": SIX}


def build(wan_, folder):
    """The WAN's second family, the hosts' further addresses, the black hole behind the second host, and our view of names."""
    import wan
    for ns, device, *more in (("h1", "eth0", f"{OTHER}/24", f"{CLOSED}/24", f"{WEB6}/64"), ("router", "r1", "fd77:1::1/64"),
                              ("router", "r0", "fd77::1/64", "10.77.0.3/24", "10.77.0.4/24", "10.77.0.5/24"),
                              (None, "m0", f"{MONITOR6}/64")):
        for address in more:
            wan.ip("address", "add", address, "dev", device, *(["nodad"] if ":" in address else []), ns=ns)
    subprocess.run(wan.inside("router", ["sysctl", "-qw", "net.ipv6.conf.all.forwarding=1"]), check=True)
    wan.ip("-6", "route", "add", "fd77:1::/64", "via", "fd77::1")
    wan.ip("-6", "route", "add", "fd77:2::/64", "via", "fd77::1")
    wan.ip("-6", "route", "add", "default", "via", "fd77:1::1", ns="h1")
    wan.ip("-6", "route", "add", "blackhole", "fd77:2::/64", ns="router")
    for hole in HOLES:
        wan.ip("route", "add", "blackhole", f"{hole}/32", ns="router")
    use(folder, "10.77.0.1")


def resolver_file(folder, *addresses, name=""):
    path = folder / f"resolv-{name or '-'.join(addresses)}.conf"
    path.write_text("".join(f"nameserver {a}\n" for a in addresses) + ("options timeout:1\n" if len(addresses) > 1 else ""))
    return path


def use(folder, address):
    """From here on this mount namespace asks `address`."""
    hosts = folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost\n::1 localhost\n{WEB} intranet.example\n")
    for source, target in ((resolver_file(folder, address, name="usual"), "/etc/resolv.conf"), (hosts, "/etc/hosts")):
        subprocess.run(["mount", "--bind", str(source), target], check=True)


if __name__ == "__main__":
    Server(sys.argv[1], sys.argv[2], sys.argv[3:] == ["broken"]).run()
