#!/usr/bin/env python3
"""The independent verifier against a forger without the key, and the sums of brackets under both versions of the rules.

Run: python3 verify_pack_test.py. With --keep DIR the forged packs stay there, for another verifier. The genuine packs in
tests/audit/data were made by version 0.3.0.
"""

import hashlib
import io
import json
import pathlib
import struct
import sys
import tempfile
import unittest
import zipfile

import verify_pack

DATA = pathlib.Path(__file__).resolve().parent.parent / "audit" / "data"
PRINT = "3349f2e9ce6291bf67622a9dd25887cdacc2648461ec76392972e3ebb850fa3c"
KEEP = None


def genuine():
    with zipfile.ZipFile(DATA / "signed-0.3.0.zip") as pack:
        return {name: pack.read(name) for name in pack.namelist()}


def replaced(files, name, was, now):
    assert was.encode() in files[name], (name, was)
    files[name] = files[name].replace(was.encode(), now.encode(), 1)


def listed(files, form="changtong-evidence-1"):
    """An unsigned manifest that fits."""
    files.pop("manifest.sig", None)
    files.pop("manifest.json", None)
    rows = [json.dumps({"name": n, "size": len(files[n]), "sha256": hashlib.sha256(files[n]).hexdigest()},
                       separators=(",", ":")) for n in sorted(files)]
    files["manifest.json"] = ('{"format":"%s","files":[\n' % form + ",\n".join(rows) + "\n]}\n").encode()
    return files


def rehashed(files, lines):
    """Numbers, hashes and head made to fit these entries."""
    prev, out = bytes(32), []
    for seq, e in enumerate(lines, 1):
        text = prev + struct.pack(">qq", seq, e["at"]) + e["kind"].encode() + b"\0" + e["body"].encode()
        prev = hashlib.sha256(text).digest()
        out.append(json.dumps({**e, "seq": seq, "hash": prev.hex()}, ensure_ascii=False, separators=(",", ":")))
    files["journal.jsonl"] = ("\n".join(out) + "\n").encode()
    head = json.loads(files["head.json"])
    head.update(entries=len(out), hash=prev.hex())
    files["head.json"] = (json.dumps(head, separators=(",", ":")) + "\n").encode()
    return files


def entries(files):
    return [json.loads(line) for line in files["journal.jsonl"].splitlines()]


def head_moved(files, **moved):
    head = json.loads(files["head.json"])
    head.update(moved)
    files["head.json"] = (json.dumps(head, separators=(",", ":")) + "\n").encode()
    return files


def written(files):
    bytes_of = io.BytesIO()
    with zipfile.ZipFile(bytes_of, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, text in files.items():
            pack.writestr(name, text)
    return bytes_of.getvalue()


def judged(files, fingerprint=None, name="forged"):
    folder = pathlib.Path(KEEP or tempfile.gettempdir())
    with tempfile.NamedTemporaryFile(suffix=".zip") if not KEEP else open(folder / f"{name}.zip", "wb") as file:
        file.write(written(files))
        file.flush()
        try:
            code, text = verify_pack.verify(file.name, fingerprint)
        except verify_pack.Wrong as wrong:
            return 1, f"not verified: {wrong}"
    return code, "\n".join(text)


# -- what somebody without the key can do; each gives the files of a pack


def stripped(f):
    f.pop("manifest.sig")
    return f


def heartbeat_raised(f):
    return listed(head_moved(f, heartbeat="2026-03-02T09:00:00.000+08:00"))


def heartbeat_lowered(f):
    return listed(head_moved(f, heartbeat="2026-03-01T20:00:00.000+08:00"))


def heartbeat_raised_past_a_day(f):
    return listed(head_moved(f, heartbeat="2026-03-04T09:00:00.000+08:00"))


def exported_later(f):
    return listed(head_moved(f, exported="2026-12-24T00:00:00.000+08:00"))


def exported_before_the_heartbeat(f):
    return listed(head_moved(f, exported="2026-03-02T01:23:19.999+08:00"))


def page_edited(f):
    replaced(f, "README.html", "审计证据包", "全年畅通")
    return listed(f)


def page_edited_under_the_signature(f):
    replaced(f, "README.html", "审计证据包", "全年畅通")
    return f


def figure_edited(f):
    replaced(f, "figures/availability_by_line.csv", "L1,90350,450,448,750.5,1053", "L1,90350,450,448,450,452")
    return listed(f)


def json_figure_edited(f):
    replaced(f, "figures/availability.json", '"down_ms":450000', '"down_ms":45000')
    return listed(f)


def outage_row_removed(f):
    rows = f["figures/outages.csv"].split(b"\r\n")
    f["figures/outages.csv"] = b"\r\n".join(rows[:1] + rows[2:])
    return listed(f)


def window_widened_in_its_list(f):
    replaced(f, "windows.csv", "02:30:00", "02:40:00")
    return listed(f)


def cut_behind_the_seal(f):
    """The journal ends where the seal ends; the figures are left as they were."""
    return listed(rehashed(f, entries(f)[:19]))


def period_moved(f):
    return listed(head_moved(f, to="2026-03-02T00:00:00.000+08:00"))


def zone_moved(f):
    return listed(head_moved(f, zone="Asia/Tokyo"))


def outage_dropped_from_the_journal(f):
    return listed(rehashed(f, [e for e in entries(f) if '"to":"down"' not in e["body"]]))


def entries_swapped(f):
    all_of_them = entries(f)
    all_of_them[4], all_of_them[5] = all_of_them[5], all_of_them[4]
    return listed(rehashed(f, all_of_them))


def entry_appended(f):
    body = json.dumps({"at": 1772386000000, "target": "L1", "about": 1772298000000, "author": "王工", "text": "雷击"},
                      ensure_ascii=False, separators=(",", ":"))
    return listed(rehashed(f, entries(f) + [{"seq": 0, "at": 1772386000000, "kind": "annotation", "body": body, "hash": ""}]))


def seals_taken_away(f):
    f["seals.jsonl"] = b""
    return listed(f)


def key_taken_away(f):
    f["key.pub"] = b""
    return listed(f)


def file_added(f):
    f["figures/extra.csv"] = b"key\r\n"
    return listed(f)


def format_relabelled(f):
    return listed(f, "changtong-evidence-2")


def outage_told_twice_in_json(f):
    """A key that stands twice: one reader takes the first, another the last."""
    replaced(f, "head.json", '"software"', '"heartbeat":"2026-03-09T00:00:00.000+08:00","software"')
    return listed(f)


REFUSED, NOT_PROVEN = "refused", "not proven"
FORGED = [(stripped, NOT_PROVEN), (heartbeat_raised, REFUSED), (heartbeat_lowered, REFUSED),
          (heartbeat_raised_past_a_day, REFUSED), (exported_later, NOT_PROVEN), (exported_before_the_heartbeat, REFUSED),
          (page_edited, NOT_PROVEN), (page_edited_under_the_signature, REFUSED), (figure_edited, REFUSED),
          (json_figure_edited, REFUSED), (outage_row_removed, REFUSED), (window_widened_in_its_list, REFUSED),
          (cut_behind_the_seal, REFUSED), (period_moved, REFUSED), (zone_moved, REFUSED),
          (outage_dropped_from_the_journal, REFUSED), (entries_swapped, REFUSED), (entry_appended, REFUSED),
          (seals_taken_away, REFUSED), (key_taken_away, REFUSED), (file_added, REFUSED), (format_relabelled, REFUSED),
          (outage_told_twice_in_json, REFUSED)]


class Forger(unittest.TestCase):
    def test_the_genuine_pack_is_proven(self):
        code, text = judged(genuine(), PRINT, "genuine")
        self.assertEqual(code, 0, text)
        self.assertIn("来源已证明", text)

    def test_nothing_that_somebody_without_the_key_does_is_proven(self):
        for forge, expected in FORGED:
            with self.subTest(forge.__name__):
                files = forge(genuine())
                plain, words = judged(files)
                named, told = judged(files, PRINT, forge.__name__)
                self.assertEqual(plain, 0 if expected == NOT_PROVEN else 1, words)
                self.assertEqual(named, 1, told)
                self.assertNotIn("来源已证明", told)
                if expected == NOT_PROVEN:
                    self.assertIn("来源未证明", told)
                    self.assertIn("entries 1 to 19", told)


class Rules(unittest.TestCase):
    """The crash at 13:53:20 leaves the end of an outage in a bracket of 600 s that nobody observed."""

    def sums(self, rules):
        fold = verify_pack.Fold()
        for seq, e in enumerate(entries(genuine()), 1):
            body = json.loads(e["body"])
            if e["kind"] == "start" and rules > 1:
                body["rules"] = rules
            fold.take(seq, e["at"], e["kind"], body)
        books = verify_pack.Books(fold, verify_pack.instant("2026-03-02T01:23:20+08:00"), verify_pack.FOREVER)
        frame = [verify_pack.instant(f"2026-03-0{day}T00:00:00+08:00") for day in (1, 3)]
        rows = dict(books.rows(tuple(frame), verify_pack.FOREVER, "line"))
        return [rows["L1"][name] for name in ("down", "down_min", "down_mid", "down_max")]

    def test_rules_1_take_the_unknown_end_of_an_outage_into_its_bracket(self):
        self.assertEqual(self.sums(1), [450_000, 448_000, 750_500, 1_053_000])

    def test_rules_2_take_only_time_that_the_books_show_as_up_or_down(self):
        self.assertEqual(self.sums(2), [450_000, 448_000, 450_500, 453_000])


class Windows(unittest.TestCase):
    """L2 is down from 02:01:40 to 02:31:40; the window is from 02:00 to 02:30, approved at 00:03:20."""

    def excluded(self, change):
        fold = verify_pack.Fold()
        for seq, e in enumerate(entries(genuine()), 1):
            fold.take(seq, e["at"], e["kind"], change(e["kind"], json.loads(e["body"])))
        books = verify_pack.Books(fold, verify_pack.instant("2026-03-02T01:23:20+08:00"), verify_pack.FOREVER)
        frame = tuple(verify_pack.instant(f"2026-03-0{day}T00:00:00+08:00") for day in (1, 3))
        return {key: sums["excluded"] for key, sums in books.rows(frame, verify_pack.FOREVER, "line")}

    def test_a_window_for_every_target_is_excluded_for_each(self):
        every = lambda kind, e: {**e, "target": "*"} if kind == "window" else e
        self.assertEqual(self.excluded(every), {"L1": 1_800_000, "L2": 1_800_000})

    def test_a_lead_that_the_approval_did_not_keep_excludes_nothing(self):
        def lead(ms):
            return lambda kind, e: {**e, "policy": json.dumps({"windows": {"window_lead_ms": ms}})} if kind == "policy" else e
        self.assertEqual(self.excluded(lead(7_000_000)), {"L1": 0, "L2": 1_800_000})
        self.assertEqual(self.excluded(lead(7_000_001)), {"L1": 0, "L2": 0})


if __name__ == "__main__":
    if "--keep" in sys.argv:
        at = sys.argv.index("--keep")
        KEEP = sys.argv[at + 1]
        del sys.argv[at:at + 2]
    unittest.main()
