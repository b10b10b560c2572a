"""A centre's figures are those of its nodes' own ledgers; what a node has not shipped is unknown there."""

import base64
import json
import time
import unittest
from urllib.parse import urlencode

import peers
import subject
import truth
from centre_test import READER, SECONDS, TOKENS, CentreWorld

BOOKS = "up_s", "down_s", "down_min_s", "down_mid_s", "down_max_s", "excluded_s", "unknown_s", "outages", "unconfirmed"


def awaited(ask, what):
    """What `ask` says once it is something."""
    found = []
    peers.wait_for(lambda: found.append(ask()) or found[-1], SECONDS, what)
    return found[-1]


OF_CENTRE = ("node", "district", "state", "known_until")  # what only a centre says of an outage


class Figures(CentreWorld):
    nodes_more = {name: f", district: {name[:2]}, city: 某市, province: 某省" for name in TOKENS}

    def ask(self, path, status=200, process=None, token=READER, **parameters):
        query = "?" + urlencode(parameters) if parameters else ""
        got, text = (process or self.centre).request(f"/centre/v1/{path}{query}", headers={"Authorization": f"Bearer {token}"})
        self.assertEqual(got, status, text)
        return json.loads(text)

    def test_a_reader_is_one_of_several(self):
        self.folded()
        self.centre.kill()
        text = self.centre.config.read_text().replace("nodes:\n", "readers: [{ name: 大屏, token: c4ca4238a0b923820dcc509a6f75849b }]\nnodes:\n")
        self.centre.config.write_text(text)
        self.centre.start()
        for token in (READER, "c4ca4238a0b923820dcc509a6f75849b"):
            self.ask("lines", token=token)
            self.ask("nodes", token=token)
        self.ask("lines", status=401, token="c4ca4238a0b923820dcc509a6f75849c")

    def folded(self, names=TOKENS, process=None):
        """Until everything that was shipped is in the figures; up to when they then know all of it."""
        def reached():
            rows = {row["node"]: row for row in self.ask("lines", process=process)["nodes"]}
            heads = self.heads()
            done = all(rows[n]["as_of"] and rows[n]["folded"] == heads[n]["entries"] for n in names)
            return done and float(int(min(truth.instant(rows[n]["as_of"]) for n in names)))  # answers know whole seconds of the present

        return awaited(reached, "the figures know everything\n" + self.centre.tail())

    def assert_as_the_nodes_say(self, end, process=None, names=TOKENS):
        span = {"from": truth.iso(self.begin), "to": truth.iso(end)}
        for name in names:
            ledger = self.nodes[name].ledger
            for by in ("line", "category", "town", "day"):
                mine = [(row["key"], *(row[k] for k in BOOKS), row["availability"], row["coverage"])
                        for row in self.ask("availability", process=process, by=by, node=name, **span)["rows"]]
                theirs = [(row["key"], *(row[k] for k in BOOKS), row["availability"], row["coverage"])
                          for row in self.figures(ledger, end, "availability", "--by", by)]
                self.assertEqual(mine, theirs, f"{name} by {by}")
            mine = self.ask("outages", process=process, node=name, **span)["outages"]
            self.assertEqual([{k: v for k, v in row.items() if k not in OF_CENTRE} for row in mine], self.figures(ledger, end, "outages"))
            self.assertEqual({(row["node"], row["district"]) for row in mine} - {(name, name[:2])}, set())

    def assert_as_both_ledgers_say(self, pair, names, end):
        """Of a pair: what `changtong` says of its two ledgers laid together, their clocks as far apart as the centre found them."""
        span = {"from": truth.iso(self.begin), "to": truth.iso(end)}
        ledgers = [word for name in names for word in ("--ledger", self.nodes[name].ledger)]
        for row in self.ask("lines", node=pair)["nodes"]:
            if row["offset_ms"] is not None:
                ledgers += ["--offset", f"{row['node']}={row['offset_ms'] / 1000}"]

        def theirs(command, *more):
            code, out, err = subject.run(command, *ledgers, "--from", span["from"], "--to", span["to"], "--format", "json", *more)
            self.assertEqual(code, 0, err)
            return json.loads(out)

        for by in ("line", "category", "town", "day"):
            rows = [[(row["key"], *(row[k] for k in BOOKS), row["availability"], row["coverage"]) for row in answer]
                    for answer in (self.ask("availability", by=by, node=pair, **span)["rows"], theirs("availability", "--by", by))]
            self.assertEqual(*rows, f"{pair} by {by}")
        mine = self.ask("outages", node=pair, **span)["outages"]
        in_order = lambda rows: sorted(rows, key=lambda row: (row["began"], row["target"]))  # of two that begin in the same instant either may be the first
        self.assertEqual(in_order({k: v for k, v in row.items() if k not in OF_CENTRE} for row in mine),
                         in_order({k: v for k, v in row.items() if k != "observers"} for row in theirs("outages")))
        self.assertEqual({row["node"] for row in mine} - {pair}, set())

    def test_the_figures_are_those_of_the_nodes_own_ledgers(self):
        for _ in range(3):
            self.blink()
            for k, node in enumerate(self.nodes.values()):
                node.wait_up(f"L{k}")
        time.sleep(1)  # a second in which nothing happens lies before the end that is compared
        end = self.folded() - 0.001
        self.assert_as_the_nodes_say(end)
        span = {"from": truth.iso(self.begin), "to": truth.iso(end)}
        by_node = self.ask("availability", by="node", **span)["rows"]
        self.assertEqual([row["node"] for row in by_node], sorted(TOKENS))
        city = self.ask("availability", by="city", **span)["rows"]
        self.assertEqual([(row["province"], row["city"], row["key"]) for row in city], [("某省", "某市", "某市")])
        for key in ("down_s", "unknown_s", "outages"):
            self.assertAlmostEqual(city[0][key], sum(row[key] for row in by_node), places=3)
        self.assertGreaterEqual(city[0]["outages"], 6)
        both = self.ask("availability", by="district,category", **span)["rows"]
        self.assertEqual(sorted(row["district"] for row in both), sorted(name[:2] for name in TOKENS))
        self.assertEqual(self.ask("availability", by="node", district="东城", **span)["rows"], [row for row in by_node if row["node"] == "东城区"])

        self.assertEqual({row["line"]: (row["state"], row["node"]) for row in self.ask("lines")["lines"]}, {"L0": ("up", "东城区"), "L1": ("up", "西城区")})
        for node in TOKENS:
            peers.wait_for(lambda node=node: self.centre.metric("changtong_centre_node_lines", node=node, state="up") == 1, SECONDS, "counted")
        self.lines[0].close()
        peers.wait_for(lambda: [row["line"] for row in self.ask("lines", state="down")["lines"]] == ["L0"], SECONDS, "it is seen here")
        opened = awaited(lambda: self.ask("outages", open=1)["outages"], "as an open outage")
        self.assertEqual([(row["node"], row["target"], row["ended"], row["state"]) for row in opened], [("东城区", "L0", None, "down")])
        self.assertGreater(opened[0]["known_until"], opened[0]["began"])
        peers.wait_for(lambda: self.centre.metric("changtong_centre_node_lines", node="东城区", state="down") == 1, SECONDS, "and counted")
        self.lines[0].open()
        peers.wait_for(lambda: self.ask("outages", open=1)["outages"] == [], SECONDS, "and its end")
        self.assertEqual({(row["state"], row["known_until"]) for row in self.ask("outages")["outages"]}, {(None, None)})

        self.assertEqual(self.centre.request("/")[0], 401)
        status, page = self.centre.request("/", headers={"Authorization": "Basic " + base64.b64encode(f"reader:{READER}".encode()).decode()})
        self.assertEqual(status, 200, page)
        for text in ("东城区", "西城区", "✓</span> 正常", "没有未恢复的中断", "某省 · 某市 · 东城"):
            self.assertIn(text, page)
        self.assertNotIn("<script", page)
        for path, code in (("/x", "not_found"), ("/centre/v1/xyz", "not_found"), ("/api/v1/summary", "not_found"), ("/centre/v1/live", "no_nats")):
            status, text = self.centre.request(path, headers={"Authorization": f"Bearer {READER}"})
            self.assertEqual((status, json.loads(text)["error"]["code"]), (404, code), path)

        self.ask("availability", status=401, token=TOKENS["东城区"])
        self.ask("availability", status=400, by="nobody")
        for what in ("availability", "outages", "lines"):
            self.ask(what, status=400, node="没有")
            self.ask(what, status=400, district="没有")
        self.ask("availability", status=400, till="2026")
        self.ask("outages", status=400, limit="many")

    def test_what_a_node_has_not_shipped_is_unknown_until_it_comes(self):
        self.blink()
        self.folded()
        self.links[0].silent = True
        cut = time.time()
        end = cut + 5
        peers.wait_for(lambda: self.folded(names=("西城区",)) > end + 1, SECONDS, "the other one goes on")
        rows = {row["node"]: row for row in self.ask("availability", by="node", **{"from": truth.iso(cut + 2), "to": truth.iso(end)})["rows"]}
        self.assertEqual(rows["东城区"]["up_s"], 0, "nobody here saw it")
        self.assertEqual(rows["西城区"]["unknown_s"], 0)
        self.links[0].silent = False
        for name in TOKENS:
            self.wait_equal(name)
        peers.wait_for(lambda: self.folded() > end + 1, SECONDS, "it came")
        self.assert_as_the_nodes_say(end)

    def test_a_retired_node_is_awaited_no_more(self):
        self.folded()
        name, node = "东城区", self.nodes["东城区"]
        self.lines[0].close()
        peers.wait_for(lambda: self.ask("outages", open=1)["outages"], SECONDS, "it leaves with an open outage")
        self.assertEqual(node.stop(), 0)
        code, out, err = self.command("retire", "--node", name, "--by", "王工", "--text", "并入西城区")
        self.assertEqual(code, 0, err)
        said = time.time()
        self.assertIsNotNone(self.heads()[name]["retired"])
        peers.wait_for(lambda: self.centre.metric("changtong_centre_node_retired", node=name) == 1, SECONDS, "it shows it")
        self.assertNotIn(f'changtong_centre_node_lag_seconds{{node="{name}"}}', self.centre.get("/metrics")[1])
        self.assertEqual(self.ask("outages", open=1)["outages"], [])
        self.assertEqual({row["node"] for row in self.ask("lines")["lines"]}, {"西城区"})
        for state in ("up", "down", "unknown"):
            self.assertEqual(self.centre.metric("changtong_centre_node_lines", node=name, state=state), 0)
        self.assertEqual(self.ask("availability", by="node", node=name, **{"from": truth.iso(said + 1), "to": truth.iso(said + 60)})["rows"], [])
        self.assertNotEqual(self.ask("availability", by="node", node=name, **{"from": truth.iso(self.begin), "to": truth.iso(said)})["rows"], [], "what was stays")
        self.assertEqual(self.command("retire", "--node", name, "--by", "王工", "--text", "再说一次")[0], 1)
        self.assertEqual(self.command("retire", "--node", name, "--by", "王工", "--text", "没有并", "--undo")[0], 0)
        self.assertIsNone(self.heads()[name]["retired"])

    def test_whoever_folds_is_killed_and_another_goes_on(self):
        other = self.a_centre("other", 8401)
        other.start()
        for turn in range(4):
            self.blink()
            first, second = (self.centre, other) if turn % 2 == 0 else (other, self.centre)
            first.kill()
            for link in self.links:
                link.to = 8401 if second is other else 8400
            self.blink()
            peers.wait_for(lambda second=second: second.metric("changtong_centre_folding") == 1, SECONDS, "it takes over\n" + second.tail())
            first.start(ready=0)
        self.database.kill()
        self.blink()
        self.database.start()
        for name in TOKENS:
            self.wait_equal(name)
        for process in (self.centre, other):  # the last one that was begun may have met a database that was away
            peers.wait_for(lambda process=process: process.get("/readyz")[0] == 200, SECONDS, "it answers\n" + process.tail())
        time.sleep(1)  # a second in which nothing happens lies before the end that is compared
        end = self.folded(process=self.centre) - 0.001
        for process in (self.centre, other):
            self.assert_as_the_nodes_say(end, process=process)


class OnePair(CentreWorld):
    """Both nodes watch both lines."""

    nodes_more = dict.fromkeys(TOKENS, ", pair: 城区")
    ask, folded, assert_as_both_ledgers_say = (getattr(Figures, name) for name in ("ask", "folded", "assert_as_both_ledgers_say"))

    def watched_by(self, k):
        return 0, 1

    def rows(self, **span):
        return {row["node"]: row for row in self.ask("availability", by="node", **{k: truth.iso(v) for k, v in span.items()})["rows"]}

    def wait_up(self):
        for node in self.nodes.values():
            for k in range(2):
                node.wait_up(f"L{k}")

    def test_two_machines_that_watch_the_same_lines_are_one_node(self):
        self.wait_up()
        self.blink()
        self.wait_up()
        time.sleep(1)  # a second in which nothing happens lies before the end that is compared
        end = self.folded() - 0.001
        self.assert_as_both_ledgers_say("城区", TOKENS, end)
        answer = self.ask("lines")
        self.assertEqual([(row["node"], row["line"], row["state"]) for row in answer["lines"]], [("城区", "L0", "up"), ("城区", "L1", "up")])
        self.assertEqual([(row["node"], row["pair"]) for row in answer["nodes"]], [(name, "城区") for name in TOKENS])
        self.assertEqual([row["outages"] for row in self.rows(**{"from": self.begin, "to": end}).values()], [2], "each once")
        alone = self.ask("lines", node="西城区")
        self.assertEqual({row["node"] for row in alone["lines"]} | {row["node"] for row in alone["nodes"]}, {"西城区"}, "by its own name, alone")
        peers.wait_for(lambda: self.centre.metric("changtong_centre_node_lines", node="城区", state="up") == 2, SECONDS, "counted")
        self.assertNotIn('changtong_centre_node_lines{node="东城区"', self.centre.get("/metrics")[1])
        status, page = self.centre.request("/", headers={"Authorization": "Basic " + base64.b64encode(f"reader:{READER}".encode()).decode()})
        self.assertEqual((status, page.count("一对 城区"), "一对的两台算一个" in page), (200, 2, True), page)

        self.links[0].silent = True  # the first one ships no more for a while, and holds nothing back
        cut = time.time()
        self.lines[0].close()
        down = awaited(lambda: self.ask("outages", open=1)["outages"], "the other one tells it")
        self.assertEqual([(row["node"], row["target"]) for row in down], [("城区", "L0")])
        self.lines[0].open()
        self.wait_up()
        end = time.time()
        peers.wait_for(lambda: self.folded(names=("西城区",)) > max(end, cut + 6), SECONDS, "the other one goes on")
        row = self.rows(**{"from": cut, "to": end})["城区"]
        self.assertEqual((row["unknown_s"], row["outages"]), (0, 1))
        self.assertGreater(row["down_s"], 0)
        self.links[0].silent = False
        for name in TOKENS:
            self.wait_equal(name)
        peers.wait_for(lambda: self.folded() > end + 1, SECONDS, "it came")
        self.assert_as_both_ledgers_say("城区", TOKENS, end)

        self.assertEqual(self.command("retire", "--node", "东城区", "--by", "王工", "--text", "撤了一台")[0], 0)
        said = time.time()
        peers.wait_for(lambda: self.folded(names=("西城区",)) > said + 2, SECONDS, "the other one goes on")
        self.assertEqual(self.rows(**{"from": said, "to": said + 1})["城区"]["unknown_s"], 0, "its lines are in scope as before")
        self.assertEqual(self.command("retire", "--node", "西城区", "--by", "王工", "--text", "都撤了")[0], 0)
        gone = time.time()
        self.assertEqual(self.rows(**{"from": gone, "to": gone + 1}), {})


if __name__ == "__main__":
    unittest.main()
