"""Websites and names as they are, judged as a citizen sees them: what opens is open, whatever it looks like on the wire, and
nothing that one of them does harms another or a line.

`odd_sites.py` holds the answers, `odd_tls.py` the handshakes, `odd_names.py` the names; each expectation was held against a
browser (`odd_sites.py differential`). All sites are visited side by side, once; the cases then look at what came of them."""

import json
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import time
import unittest

import odd_names
import odd_sites
import odd_tls
import peers
import subject
import wan
from subject import Daemon

HERE = pathlib.Path(__file__).resolve().parent
INTERVAL, TIMEOUT = 10, 6
LISTENERS = odd_sites.NOBODY, odd_sites.NOBODY + 1  # of our own: one that nobody may come to, one that is configured
LINK_LOCAL = "169.254.7.7"
OWN = {  # ways into ourselves: redirects that no site may send us on
    "ip": "http://127.0.0.1:{}/", "net": "http://127.9.9.9:{}/", "localhost": "http://localhost:{}/", "six": "http://[::1]:{}/",
       "mapped": "http://[::ffff:127.0.0.1]:{}/",
    "any": "http://0.0.0.0:{}/", "any6": "http://[::]:{}/", "number": "http://2130706433:{}/", "hex": "http://0x7f.1:{}/",
       "own": f"http://{odd_names.MONITOR}:{{}}/",
    "own6": f"http://[{odd_names.MONITOR6}]:{{}}/", "link": f"http://{LINK_LOCAL}:{{}}/", "name": "http://loopback.test:{}/",
       "name6": "http://loopback6.test:{}/",
    "name_own": "http://own.test:{}/", "name_mapped": "http://mapped.test:{}/", "name_link": "http://link.test:{}/",
       "name_half": "http://half-loopback.test:{}/",
}
LINES = [{"id": "PING", "address": odd_sites.WEB, "checks": "icmp:interval=250ms,timeout=250ms"},
         {"id": "PORT", "address": odd_sites.WEB, "checks": "tcp:port=80,interval=250ms,timeout=250ms"}]


class World:
    """The WAN with its servers: websites on the first host, resolvers on the router - one that answers, one that cannot."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.wan = wan.Wan(hosts=2)
        odd_names.build(self.wan, folder)
        self.root = folder / "tls/root.pem"
        self.processes = []
        self.start("h1", folder, "odd_sites.py", "serve", folder / "tls", odd_sites.WEB, odd_sites.OTHER, odd_sites.WEB6)
        self.start("router", folder, "odd_names.py", "10.77.0.1", "10.77.0.3")
        self.start("router", folder, "odd_names.py", "10.77.0.4", "10.77.0.5", "broken")
        for log in sorted(folder.glob("*.log")):
            peers.wait_for(lambda: "listening" in log.read_text(), 200, f"{log.name} listens")

    def start(self, ns, folder, *words):
        log = folder / f"{len(self.processes)}-{words[0]}.log"
        self.processes.append(peers.Process(wan.inside(ns, [sys.executable, HERE / words[0], *words[1:]]), log))

    def close(self):
        for process in self.processes:
            process.kill()


class Watch:
    """A daemon that watches sites; `refused` are those whose settings it does not take."""

    number = 0

    def __init__(self, folder, name, sites, lines=(), resolver=None):
        Watch.number += 1
        self.daemon = Daemon(folder / name, listen=f"127.0.0.1:{8180 + Watch.number}")
        self.sites, self.refused = {s["id"]: s for s in sites}, {}
        for _ in range(4):
            if not self._written(lines):
                break
        wrap = () if resolver is None else ("unshare", "--mount", "sh", "-c",
                                            f"mount --bind {resolver} /etc/resolv.conf && exec \"$@\"", "sh")
        self.begin = time.time()
        self.daemon.start(wrap=wrap)

    def _written(self, lines):
        """Whether the configuration had to be changed: each site has a line of its own, so that a refusal names it."""
        kept = [s for s in self.sites.values() if s["id"] not in self.refused]
        self.daemon.configure(list(lines), extra="sites:\n")
        first = self.daemon.config.read_text().count("\n") + 1
        with open(self.daemon.config, "a") as out:
            out.writelines(f"  - {json.dumps(s, ensure_ascii=False)}\n" for s in kept)
        code, *texts = subject.run("check", "--config", self.daemon.config)
        found = re.findall(r"^(?!警告)[^\n]*?changtong\.yaml:(\d+):\d+: ([^\n]*)", "\n".join(texts), re.MULTILINE)
        self.refused.update({kept[int(n) - first]["id"]: text for n, text in found if 0 <= int(n) - first < len(kept)})
        if code != 0 and not found:
            raise AssertionError("\n".join(texts))
        return code != 0

    def states(self):
        out, at = {}, 0
        while True:
            page = self.daemon.json(f"/api/v1/lines?limit=100&offset={at}")
            out.update({line["id"]: line for line in page["lines"]})
            at += 100
            if at >= page["total"]:
                return out

    def all_visited(self, seconds):
        wanted = set(self.sites) - set(self.refused)

        def visited():
            # a visit under way has a sample already, but is not judged yet
            seen = {n for n, s in self.states().items() if s["last_sample"] and (s["state"] != "unknown" or n == "tls_not_yet")}
            self.missing = wanted - seen
            return not self.missing
        try:
            peers.wait_for(visited, seconds, "every site was judged")
        except AssertionError:
            pass  # the cases say which were not
        self.seen = self.states()
        self.opened, self.expiry = self.facts("open_seconds"), self.facts("certificate_expiry_timestamp_seconds")

    def facts(self, name):
        """{site: value}"""
        return {dict(labels)["site"]: v for (n, labels), v in self.daemon.metrics().items() if n == f"changtong_site_{name}"}

    def verdict(self, site):
        """good, bad, unknown or refused, and why."""
        if site in self.refused:
            return "refused", self.refused[site]
        state = self.seen.get(site, {})
        return {"up": "good", "down": "bad"}.get(state.get("state"), "unknown"), state.get("cause", "")

    def samples(self, kind, outcome):
        return self.daemon.metric("changtong_samples_total", kind=kind, outcome=outcome) or 0

    def stop(self):
        """How long a clean stop took, in seconds; five are too long."""
        began = time.monotonic()
        self.daemon.process.send_signal(signal.SIGTERM)
        try:
            code = self.daemon.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = 0
        took = time.monotonic() - began
        self.daemon.kill()
        return took if code == 0 else f"exit code {code}"


def site(name, url, **settings):
    return {"id": name, "name": name, "url": url, "interval": f"{INTERVAL}s", "timeout": f"{TIMEOUT}s",
            "fast_interval": f"{INTERVAL}s", "down_after": 1, **settings}


def odd_world():
    return [site(c.name, c.url, **{**c.settings, **({"ca": str(world.root)} if "ca" in c.settings else {})})
            for c in odd_sites.load().values() if c.url]


def named_world():
    sites = [site(name, f"http://{name}.test/ok", timeout="9s") for name in odd_names.SITES]
    sites += [site(f"to_{name}", f"http://portal.test/to?http://{name}.test/ok", timeout="9s")
              for name in ("hole1", "servfail", "silent1", "nowhere", "circle1", "alias3")]
    sites += [site("in_hosts", "http://intranet.example/ok")]
    sites += [site(f"own_{name}", "http://portal.test/to?" + url.format(LISTENERS[0])) for name, url in OWN.items()]
    sites += [site("configured", f"http://127.0.0.1:{LISTENERS[1]}/to?/ok"),
              site("configured_own",
                   f"http://{odd_names.MONITOR}:{LISTENERS[1]}/to?http://{odd_names.MONITOR}:{LISTENERS[1]}/ok")]
    sites += [site("allowed", f"http://portal.test/to?http://127.0.0.1:{LISTENERS[1]}/ok", local_redirects="allow")]
    sites += [site(f"resolve_{n}_{how}", f"http://{n}.test/ok", resolve=how) for n, how in RESOLVE]
    return sites


RESOLVE = {("both", "both"): "good", ("both", "v4"): "good", ("both", "v6"): "good", ("dead6", "v4"): "good",
           ("dead6", "v6"): "bad", ("dead6", "both"): "bad", ("dead4", "v6"): "good", ("dead4", "v4"): "bad",
           ("dead4", "both"): "bad", ("portal", "v6"): "bad", ("six", "v4"): "bad", ("portal", "v4"): "good",
           ("six", "v6"): "good"}
world = odd = named = dead = broken = changed = None
second = {}
came = []  # who came to the listener that nobody may come to


def forbidden(peer):
    came.append(peer.getsockname()[0])
    odd_sites.converse(peer)


def dear_names(watch, seconds):
    """{name: seconds more than the portal's} of those that cost more than they may at each of several visits: what a dead
    address costs is a timer and the same each time, what a busy machine adds is not."""
    least = dict(watch.opened)
    dear = {}

    def all_cheap():
        time.sleep(0.5)
        for name, took in watch.facts("open_seconds").items():
            least[name] = min(took, least.get(name, took))
        cost = {n: least[n] - least["portal"] if n in least else None for n, w in odd_names.SITES.items() if not isinstance(w, str)}
        dear.clear()
        dear.update({n: c for n, c in cost.items() if c is None or c > odd_names.SITES[n]})
        return not dear
    try:
        peers.wait_for(all_cheap, seconds, "every name cost little once")
    except AssertionError:
        pass  # the case says which did not
    return dear


def setUpModule():
    global world, odd, named, dead, broken, changed
    folder = OddSites.folder
    world = World(folder / "world")
    wan.ip("address", "add", f"{LINK_LOCAL}/32", "dev", "lo")
    for address in ("0.0.0.0", "::"):
        odd_sites.listen(address, LISTENERS[0], forbidden)
    odd_sites.listen("0.0.0.0", LISTENERS[1], odd_sites.converse)
    plain = [site(f"ok{n}", f"http://ok{n}.odd.test/ok", interval="4s", timeout="3s", fast_interval="4s") for n in range(4)]
    dead = Watch(folder, "dead-resolver", plain, resolver=odd_names.resolver_file(folder, odd_names.HOLES[0]))
    broken = Watch(folder, "broken-resolver", plain, resolver=odd_names.resolver_file(folder, "10.77.0.4"))
    changes = odd_names.resolver_file(folder, odd_names.HOLES[0], name="changes")
    changed = Watch(folder, "changed-resolver", plain, resolver=changes)
    patient = [{**s, "interval": "10s", "timeout": "9s", "fast_interval": "10s"} for s in plain]
    second.update({name: Watch(folder, name, patient, resolver=odd_names.resolver_file(folder, first, "10.77.0.1"))
                   for name, first in (("first-resolver-dead", odd_names.HOLES[0]), ("first-resolver-broken", "10.77.0.4"))})
    named = Watch(folder, "names", named_world())
    odd = Watch(folder, "odd", odd_world(), LINES)
    began = time.monotonic()
    odd.all_visited(INTERVAL + TIMEOUT + 15)
    named.all_visited(10)
    odd.lines = {kind: (odd.samples(kind, "good"), odd.samples(kind, "not_measured"), time.monotonic() - began)
                 for kind in ("icmp", "tcp")}
    # "not yet valid" is a site's fault only where our own clock is known to be right
    if odd.daemon.metric("changtong_clock_synchronised") != 1:
        odd_sites.CASES["tls_not_yet"].expected = "either"
    odd.memory = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{odd.daemon.process.pid}/status").read_text())[1]) >> 10
    for watch in (dead, broken):
        watch.seen, watch.bad, watch.own = watch.states(), watch.samples("http", "bad"), watch.samples("http", "not_measured")
    for watch in second.values():
        watch.all_visited(1)
    changes.write_text("nameserver 10.77.0.1\n")
    odd.stopped = odd.stop()
    named.dear = dear_names(named, 6 * INTERVAL)
    for watch in (named, dead, broken, *second.values()):
        watch.stopped = watch.stop()


def tearDownModule():
    for watch in (odd, named, dead, broken, changed, *second.values()):
        if watch is not None:
            watch.daemon.kill()
    if world is not None:
        world.close()


class Judged(unittest.TestCase):
    def complain(self, watch, expected):
        """`expected`: {site: good or bad}. Fails with a line for each that is not."""
        wrong = []
        for name, want in expected.items():
            got, why = watch.verdict(name)
            if got != want:
                wrong.append(f"{name}: {got} ({why}), {want} expected")
        if wrong:
            self.fail(f"{len(wrong)} of {len(expected)} wrong\n" + "\n".join(wrong))


class OddSites(Judged):
    """The answers of odd_sites.py, by kind."""

    def judge(self, part):
        mine = [c for c in odd_sites.load().values() if c.part == part]
        wishes = [c.name for c in mine if c.expected == "wish" and odd.verdict(c.name)[0] != "good"]
        if wishes:
            print("open in a browser that runs pages, not for us:", *wishes, flush=True)
        self.complain(odd, {c.name: c.expected for c in mine if c.expected in ("good", "bad")})
        self.assertEqual([c.name for c in mine if odd.verdict(c.name)[0] == "unknown" and c.name != "tls_not_yet"], [],
                         "not measured by a fault of ours")

    def test_status_lines(self):
        self.judge("status_lines")

    def test_header_lines(self):
        self.judge("headers")

    def test_lengths_and_ends(self):
        self.judge("lengths")

    def test_chunks(self):
        self.judge("chunks")

    def test_compression(self):
        self.judge("encodings")

    def test_character_sets_and_texts(self):
        self.judge("charsets")

    def test_redirects(self):
        self.judge("redirects")

    def test_cookies(self):
        self.judge("cookies")

    def test_requests_as_browsers_send_them(self):
        self.judge("filters")

    def test_forms_of_addresses(self):
        self.judge("addresses")

    def test_tls(self):
        self.judge("tls")

    def test_the_earliest_expiry_of_the_chain_is_told_over_all_hops(self):
        days = {n: (odd.expiry.get(n, 0) - time.time()) / 86400 for n in ("tls_ok", "tls_ten_years", "redir_https",
            "redir_down_allowed")}
        self.assertTrue(all(29 < d < 30.1 for d in days.values()), f"days: {days}")

    def test_the_memory_has_a_bound(self):
        self.assertLess(odd.memory, 600, "MiB at most, while endless pages and a bomb were read")


class Names(Judged):
    def test_what_a_name_says_decides(self):
        self.complain(named, {n: "bad" if w == "bad" else "good" for n, w in odd_names.SITES.items()})

    def test_dead_addresses_cost_a_quarter_of_a_second_each(self):
        self.assertEqual(named.dear, {}, "seconds more than the portal took")

    def test_a_redirect_is_judged_by_where_it_leads(self):
        self.complain(named,
                      {"to_hole1": "good", "to_alias3": "good", **dict.fromkeys(("to_servfail", "to_silent1", "to_nowhere",
                          "to_circle1"), "bad")})

    def test_no_redirect_leads_into_ourselves(self):
        self.complain(named, {f"own_{name}": "bad" for name in OWN})
        self.assertEqual(came, [], "connections to our own addresses")

    def test_a_configured_origin_is_followed_wherever_it_is(self):
        self.complain(named, {"configured": "good", "configured_own": "good"})

    def test_redirects_into_ourselves_can_be_allowed(self):
        self.complain(named, {"allowed": "good"})

    def test_the_second_resolver_is_asked_where_the_first_does_not_help(self):
        for watch in second.values():
            self.complain(watch, dict.fromkeys(watch.sites, "good"))

    def test_a_resolver_that_is_changed_is_asked_without_a_restart(self):
        def good():
            return all(s["state"] == "up" for s in changed.states().values())
        peers.wait_for(good, 15, "the new resolver of /etc/resolv.conf is asked")

    def test_the_hosts_file_counts(self):
        self.complain(named, {"in_hosts": "good"})

    def test_families_by_setting(self):
        self.complain(named, {f"resolve_{n}_{how}": want for (n, how), want in RESOLVE.items()})

    def test_a_silent_resolver_is_our_fault(self):
        self.assertEqual((dead.bad, {n: dead.verdict(n)[0] for n in dead.sites}), (0, dict.fromkeys(dead.sites, "unknown")))
        self.assertGreater(dead.own, 0)

    def test_a_resolver_that_fails_for_every_name_is_our_fault(self):
        self.assertEqual((broken.bad, {n: broken.verdict(n)[0] for n in broken.sites}),
                         (0, dict.fromkeys(broken.sites, "unknown")))
        self.assertGreater(broken.own, 0)


HANG = .05  # s that pages may be slower beside sites that hang, however slow the machine is


class Isolation(Judged):
    """Two daemons side by side: one with quiet sites alone, one with hanging ones too."""

    @classmethod
    def setUpClass(cls):
        plain = [site(f"ok{n}", f"http://ok{n}.odd.test/ok", interval="1s", timeout="900ms", fast_interval="1s")
                 for n in range(10)]
        slow = {"interval": "5s", "timeout": "5s", "fast_interval": "5s"}
        hanging = [site(f"hang{n}", odd_sites.load()[f"tls_{kind}"].url, **slow, ca=str(world.root)) for n,
                   kind in enumerate(("hangs", "hangs_after_hello", "drips_handshake", "dh_8192"))]
        hanging += [site(f"silent{n}", f"http://silent{n}.test/", **slow) for n in range(3)]
        hanging += [site(f"never{n}", f"http://portal.test/{n_}", **slow) for n,
                    n_ in enumerate(("never_answers", "endless", "all-holes"))]
        flip = site("flip", f"https://portal.test:{odd_tls.FLIP}/ok", interval="1s", timeout="900ms", fast_interval="1s",
                    ca=str(world.root))
        cls.quiet = Watch(cls.folder, "quiet", [*plain, flip], LINES)
        cls.loud = Watch(cls.folder, "loud", plain + hanging, LINES)
        cls.addClassCleanup(cls.quiet.daemon.kill)
        cls.addClassCleanup(cls.loud.daemon.kill)
        time.sleep(2)
        before = {k: cls.loud.samples(k, "good") for k in ("icmp", "tcp")}
        began, times = time.monotonic(), {cls.quiet: [], cls.loud: []}
        while time.monotonic() < began + 9:
            for watch, seen in times.items():
                seen += [v for name, v in watch.facts("open_seconds").items() if name.startswith("ok")]
            time.sleep(.4)
        cls.asked = {k: (cls.loud.samples(k, "good") - n) / (time.monotonic() - began) * .25 for k, n in before.items()}
        cls.quiet.seen, cls.left = cls.quiet.states(), [n for n in ("open_seconds", "certificate_expiry_timestamp_seconds")
                                                        if "flip" in cls.quiet.facts(n)]
        cls.own = {k: cls.loud.samples(k, "not_measured") for k in ("icmp", "tcp")}
        cls.medians = [statistics.median(t) if t else None for t in times.values()]
        cls.loud.seen = cls.loud.states()
        cls.stopped = cls.loud.stop()

    def test_the_other_sites_open_as_fast_as_ever(self):
        quiet, loud = self.medians
        self.assertTrue(quiet and loud, f"no page was opened: {self.medians}")
        # a millisecond or two, and one more for a machine that does other things; one that does many is slow for both,
        # but never by what one silent address costs whoever waits for it (a quarter of a second)
        bound = min(max(.003, quiet / 2), HANG)
        self.assertLess(loud - quiet, bound, f"seconds: {loud} beside silent names and hanging handshakes, {quiet} without")
        self.complain(self.loud, {f"ok{n}": "good" for n in range(10)})

    def test_a_line_every_quarter_of_a_second_keeps_its_slots(self):
        for kind, share in self.asked.items():
            self.assertLessEqual(self.own[kind], 1, f"{kind}: slots that were not measured")
            self.assertGreater(share, .9, f"{kind}: share of the slots that were asked and answered")

    def test_a_line_beside_hundreds_of_odd_sites_keeps_its_slots(self):
        for kind, (good, own, seconds) in odd.lines.items():
            # one site of 0.3.0 cost one slot in twenty; a machine that does other things costs a few
            self.assertLessEqual(own, .04 * good, f"{kind}: slots that were not measured")
            self.assertGreater(good / (seconds / .25), .9, f"{kind}: share of the slots that were asked and answered")

    def test_facts_of_a_site_that_opens_no_more_are_gone(self):
        self.complain(self.quiet, {"flip": "bad"})
        self.assertEqual(self.left, [])

    def test_what_hangs_is_their_fault(self):
        self.complain(self.loud, {s: "bad" for s in self.loud.sites if s.startswith(("silent", "never"))
                                  or s in ("hang0", "hang1")})

    def test_it_stops_within_two_seconds_whatever_hangs(self):
        for name, took in {"beside what hangs": self.stopped, "beside odd sites": odd.stopped,
                           "beside odd names": named.stopped, "without a resolver": dead.stopped}.items():
            self.assertIsInstance(took, float, name)
            self.assertLess(took, 2, name)


if __name__ == "__main__":
    unittest.main()
