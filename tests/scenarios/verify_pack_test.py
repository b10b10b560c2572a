#!/usr/bin/env python3
"""The independent verifier against a forger without the key, and the sums of brackets under both versions of the rules.

Run: python3 verify_pack_test.py. With --keep DIR the forged packs stay there, for another verifier. The genuine packs in
tests/audit/data were made by version 0.3.0.
"""

import base64
import copy
import hashlib
import io
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "daemon" / "audit"))
import verify_pack  # noqa: E402

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


# -- a key of one's own, so that everything fits

SECRET = hashlib.sha512(b"an office of one's own").digest()
SCALAR = int.from_bytes(SECRET[:32], "little") & (1 << 254) - 8 | 1 << 254


def encoded(p):
    x, y = (c * pow(p[2], verify_pack.P - 2, verify_pack.P) % verify_pack.P for c in p[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


OWN = encoded(verify_pack.times(SCALAR, verify_pack.BASE))
OWN_PRINT = hashlib.sha256(OWN).hexdigest()


def signed(text):
    number = lambda *parts: int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % verify_pack.ORDER
    r = number(SECRET[32:], text)
    point = encoded(verify_pack.times(r, verify_pack.BASE))
    return (point + ((r + number(point, OWN, text) * SCALAR) % verify_pack.ORDER).to_bytes(32, "little")).hex()


def compact(found):
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def resealed(files):
    """Seals signed by the own key, with the journal's hashes; the manifest fits and is not signed."""
    hashes, previous, lines = [e["hash"] for e in entries(files)], "0" * 64, []
    for line in files["seals.jsonl"].splitlines():
        s = {**json.loads(line), "previous": previous, "key": OWN_PRINT}
        s["hash"] = hashes[s["seq"] - 1]
        s.pop("signature")
        text = compact(s)[:-1]
        lines.append(f'{text},"signature":"{signed(text.encode())}"}}'.encode())
        previous = hashlib.sha256(lines[-1]).hexdigest()
    files["seals.jsonl"] = b"".join(line + b"\n" for line in lines)
    pem = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + OWN).decode()
    files["key.pub"] = f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n".encode()
    return listed(files)


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


def heartbeat_raised_in_a_period_long_over(f):
    """No figure of a period depends on a heartbeat after its end: only the page says another one."""
    return listed(head_moved(f, heartbeat="2026-03-02T01:30:00.000+08:00", to="2026-03-02T01:00:00.000+08:00"))


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
          (heartbeat_raised_past_a_day, REFUSED), (heartbeat_raised_in_a_period_long_over, REFUSED), (exported_later, NOT_PROVEN), (exported_before_the_heartbeat, REFUSED),
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


class Brackets(unittest.TestCase):
    """A site that was never good before its outage: its first bad visit, at 60 s, took 15 s (rule 9)."""

    def test_without_a_lower_end_the_least_begins_at_the_later_end_and_the_middle_at_the_first_bad_sample(self):
        fold, line = verify_pack.Fold(), {"target": "S1", "why": "timeout", "decided_by": "S1/http", "same_outage": False}
        fold.take(1, 0, "inventory", {"at": 0, "target": "S1", "author": "", "json": '{"kind":"site","accepted":0}'})
        fold.take(2, 0, "transition", {**line, "to": "down", "at": 60_000, "edge": [None, 75_000], "confirmed": 180_000})
        fold.take(3, 0, "transition", {**line, "to": "up", "at": 600_000, "edge": [540_000, 600_000], "confirmed": 660_000})
        books = verify_pack.Books(fold, 3_600_000, verify_pack.FOREVER)
        row = dict(books.rows((0, 3_600_000), 3_600_000, "line"))["S1"]
        self.assertEqual([row[k] for k in ("down", "down_min", "down_mid", "down_max")], [540_000, 465_000, 510_000, 540_000])


class Cost(unittest.TestCase):
    """Counted in spans of unknown time that are looked at."""

    def looked_at(self, outages):
        looked = 0

        class Counted(dict):
            def items(self):
                nonlocal looked
                looked += len(self)
                return super().items()

        fold, line = verify_pack.Fold(), {"target": "L1", "why": "timeout", "decided_by": "L1/icmp", "same_outage": False}
        fold.target("L1").unknown = Counted()
        for n in range(outages):
            for second, to in enumerate(["down", "unknown", "up"]):
                at = n * 10_000 + second * 1000
                fold.take(3 * n + second + 1, at, "transition",
                          {**line, "to": to, "at": at, "edge": [at, at], "confirmed": at})
        self.assertEqual(fold.target("L1").outages[10_000].ended, 11_000)
        return looked

    def test_the_end_of_an_outage_costs_the_same_however_much_was_unknown_before(self):
        self.assertLessEqual(self.looked_at(400), 4 * 400)


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


def command(*arguments):
    script = pathlib.Path(verify_pack.__file__)
    done = subprocess.run([sys.executable, script, *map(str, arguments)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


class CommandLine(unittest.TestCase):
    PACK = DATA / "signed-0.3.0.zip"

    def test_a_fingerprint_is_given_by_its_option_or_alone(self):
        for given in (["--fingerprint", PRINT], [PRINT], ["--fingerprint=" + PRINT[:32]],
                      ["--fingerprint", "0" * 64, "--fingerprint", PRINT.upper()],
                      ["--fingerprint", " ".join(PRINT[i:i + 4] for i in range(0, 32, 4))]):
            code, text = command(self.PACK, *given)
            self.assertEqual((code, "来源已证明" in text), (0, True), text)

    def test_what_is_no_fingerprint_and_no_option_of_ours_is_wrong_usage(self):
        for given in ([], [self.PACK, "--fingerprint"], [self.PACK, "--print", PRINT], [self.PACK, "--finger", PRINT],
                      [self.PACK, PRINT, PRINT], [self.PACK, PRINT[:31]], [self.PACK, "--fingerprint", "x" * 64]):
            code, text = command(*given)
            self.assertEqual(code, 2, text)
            self.assertTrue(text.startswith("用法有误"), text)

    def test_help_teaches_in_chinese_first(self):
        code, text = command("--help")
        self.assertEqual(code, 0)
        self.assertLess(text.index("独立核验"), text.index("Checks an auditor's pack"))
        for word in ("来源已证明", "退出码", "--fingerprint '3349 f2e9", "FINGERPRINT"):
            self.assertIn(word, text)

    def test_a_file_that_is_no_pack_and_one_that_is_not_there(self):
        self.assertEqual(command(DATA / "none.zip")[0], 3)
        code, text = command(pathlib.Path(__file__))
        self.assertEqual(code, 1)
        self.assertIn("不是 ZIP", text)
        self.assertNotIn("Traceback", text)


class Container(unittest.TestCase):
    """The files inside are genuine and signed; the ZIP around them holds more than a ZIP needs."""

    def refused(self, data, words):
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(data)
            file.flush()
            code, text = command(file.name, "--fingerprint", PRINT)
        self.assertEqual(code, 1, text)
        self.assertRegex(text, words)
        self.assertNotIn("Traceback", text)

    def parts(self):
        """(the packed files one by one, the directory, the record of the end)"""
        data = (DATA / "signed-0.3.0.zip").read_bytes()
        start, end = struct.unpack("<L", data[-6:-2])[0], len(data) - 22
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            places = [i.header_offset for i in pack.infolist()] + [start]
        return [data[a:b] for a, b in zip(places, places[1:])], data[start:end], data[end:]

    def joined(self, files, directory, gap=0, behind=0):
        """With `gap` bytes before file number `behind`, and every number of the ZIP made to fit."""
        out, at, moved, n = b"", 0, b"", 0
        for n, one in enumerate(files):
            if n == behind and gap:
                out += b"x" * gap
            name, more = struct.unpack("<2H", directory[at + 28:at + 32])
            moved += directory[at:at + 42] + struct.pack("<L", len(out)) + directory[at + 46:at + 46 + name + more]
            at += 46 + name + more
            out += one
        return out, moved

    def end(self, directory, start, comment=b""):
        count = directory.count(b"PK\1\2")
        return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), start, len(comment)) + comment

    def test_bytes_before_and_behind_are_refused(self):
        data = (DATA / "signed-0.3.0.zip").read_bytes()
        self.refused(b"junk" + data, "之前另有内容|目录与末尾之间")
        self.refused(data + b"junk", "末尾另有内容")
        self.refused(data[:-2] + b"\4\0junk", "末尾另有内容")

    def test_bytes_between_two_files_are_refused_though_every_number_fits(self):
        files, directory, _ = self.parts()
        for behind in (0, 1, len(files) - 1):
            out, moved = self.joined(files, directory, 7, behind)
            self.refused(out + moved + self.end(moved, len(out)), "之前另有内容")
        out, moved = self.joined(files, directory)
        self.refused(out + b"junk" + moved + self.end(moved, len(out) + 4), "最后一个文件与目录之间另有内容")
        self.refused(out + moved + b"junk" + self.end(moved, len(out)), "目录与末尾之间另有内容")

    def test_the_joined_parts_alone_are_a_pack(self):
        files, directory, _ = self.parts()
        out, moved = self.joined(files, directory)
        self.assertEqual(out + moved + self.end(moved, len(out)), (DATA / "signed-0.3.0.zip").read_bytes())

    def test_a_version_told_in_two_ways_is_refused(self):
        whole = bytearray((DATA / "signed-0.3.0.zip").read_bytes())
        whole[4:6] = b"AB"
        self.refused(bytes(whole), "两处记载不符")

    def test_the_end_beside_that_of_zip64_is_no_place_for_a_message(self):
        files, directory, _ = self.parts()
        out, moved = self.joined(files, directory)
        end = self.end(moved, len(out))
        count, here = struct.unpack("<H", end[10:12])[0], len(out) + len(moved)
        large = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(moved), len(out)) + \
            struct.pack("<4sLQL", b"PK\6\7", 0, here, 1)

        def told(volumes, files_here):
            return out + moved + large + end[:4] + struct.pack("<L2H", volumes, files_here, count) + b"\xff" * 4 + end[16:]
        with tempfile.NamedTemporaryFile(suffix=".zip") as file:
            file.write(told(0, count))
            file.flush()
            self.assertEqual(verify_pack.verify(file.name, PRINT)[0], 0)
        self.refused(told(0x4142, count), "分为几卷")
        self.refused(told(0, count + 1), "分为几卷")

    def test_bytes_behind_packed_data_comments_and_extra_fields_are_refused(self):
        files, directory, _ = self.parts()
        packed = struct.unpack("<L", directory[20:24])[0]
        longer = directory[:20] + struct.pack("<L", packed + 4) + directory[24:]
        first = files[0][:18] + struct.pack("<L", packed + 4) + files[0][22:] + b"junk"
        out, moved = self.joined([first] + files[1:], longer)
        self.refused(out + moved + self.end(moved, len(out)), "压缩数据之后另有内容")
        bytes_of = io.BytesIO()
        with zipfile.ZipFile(bytes_of, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, text in genuine().items():
                info = zipfile.ZipInfo(name)
                info.comment = b"junk"
                pack.writestr(info, text)
        self.refused(bytes_of.getvalue(), "带有注释")
        bytes_of = io.BytesIO()
        with zipfile.ZipFile(bytes_of, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, text in genuine().items():
                info = zipfile.ZipInfo(name)
                info.extra = struct.pack("<2H4s", 0x1234, 4, b"junk")
                pack.writestr(info, text)
        self.refused(bytes_of.getvalue(), "附加字段")

    def first_changed(self, local=None, extra=None, body=None, crc=None, packed=None, unpacked=None, more=None):
        """The genuine pack whose first file, which is deflated, says and holds something else, and all numbers fit it.
        `local`: crc, packed, unpacked before the file; `extra`, `more`: the fields there and in the directory."""
        files, directory, _ = self.parts()
        head, name = files[0][:30], struct.unpack("<H", files[0][26:28])[0]
        own, held = list(struct.unpack("<3L", head[14:26])), files[0][30 + name:] if body is None else body
        told = [a if b is None else b for a, b in zip(own, (crc, packed, unpacked))]
        fields = more or b""
        row = directory[:16] + struct.pack("<3L", *told) + directory[28:30] + struct.pack("<H", len(fields)) + \
            directory[32:46 + name] + fields + directory[46 + name:]
        first = head[:14] + struct.pack("<3L", *(local or told)) + struct.pack("<2H", name, len(extra or b"")) + \
            files[0][30:30 + name] + (extra or b"") + held
        out, moved = self.joined([first] + files[1:], row)
        return out + moved + self.end(moved, len(out))

    def sizes(self):
        files, *_ = self.parts()
        name = struct.unpack("<H", files[0][26:28])[0]
        return files[0][30 + name:], struct.unpack("<3L", files[0][14:26])

    def test_an_extra_field_before_the_file_alone_is_refused(self):
        for field in (struct.pack("<2H", 0x7777, 15_000) + b"x" * 15_000, b"junk", b"xx", struct.pack("<2H", 1, 0)):
            self.refused(self.first_changed(extra=field), "附加字段")

    def test_values_of_zip64_that_nobody_needs_are_refused_in_both_places(self):
        _, (_, packed, unpacked) = self.sizes()
        hidden = struct.pack("<2H", 1, 15_000) + b"x" * 15_000
        self.refused(self.first_changed(extra=hidden), "附加字段")
        self.refused(self.first_changed(more=hidden), "附加字段")
        self.refused(self.first_changed(extra=hidden, more=hidden), "附加字段")
        large = struct.pack("<2HQ", 1, 16, unpacked) + b"eightbyt"
        self.refused(self.first_changed(unpacked=0xffffffff, more=large), "附加字段")
        self.refused(self.first_changed(extra=struct.pack("<2H2Q", 1, 16, unpacked, packed + 1)), "附加字段")
        self.refused(self.first_changed(extra=struct.pack("<2H3Q", 1, 24, unpacked, packed, 0)), "附加字段")

    def test_a_stream_that_gives_more_than_its_stated_size_is_refused(self):
        data, (_, _, unpacked) = self.sizes()
        more = zlib.compressobj(wbits=-15)
        text = zlib.decompress(data, -15) + b"15 kB of something else" * 700
        body = more.compress(text) + more.flush()
        self.refused(self.first_changed(body=body, packed=len(body)), "压缩数据之后另有内容")
        self.refused(self.first_changed(body=body, packed=len(body), unpacked=unpacked + 1), "压缩数据之后另有内容")
        self.refused(self.first_changed(unpacked=unpacked + 1), "压缩数据之后另有内容")

    def test_sizes_that_the_directory_says_differently_are_refused(self):
        _, (crc, packed, unpacked) = self.sizes()
        for local in ((crc ^ 1, packed, unpacked), (crc, packed + 1, unpacked), (crc, packed, unpacked - 1), (0, 0, 0)):
            self.refused(self.first_changed(local=local), "两处记载不符")

    def test_a_stored_file_is_as_long_as_its_text(self):
        bytes_of = io.BytesIO()
        with zipfile.ZipFile(bytes_of, "w") as pack:
            for name, text in genuine().items():
                pack.writestr(name, text)
        data, last = bytes_of.getvalue(), pack.infolist()[-1]
        start, row, longer = struct.unpack("<L", data[-6:-2])[0], data.rindex(b"PK\1\2"), struct.pack("<L", last.file_size + 4)
        out = data[:last.header_offset + 18] + longer + data[last.header_offset + 22:start] + b"junk"
        moved = data[start:row + 20] + longer + data[row + 24:-22]
        self.refused(out + moved + self.end(moved, len(out)), "压缩数据之后另有内容")

    def test_what_stands_behind_a_file_written_in_one_go_must_be_true(self):
        class Pipe(io.BytesIO):
            def seekable(self):
                return False

            def seek(self, *_):
                raise OSError
        into = Pipe()
        with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as pack:
            for name, text in genuine().items():
                pack.writestr(name, text)
        data = into.getvalue()
        at = data.index(b"PK\7\10")
        for field in range(3):
            place = at + 4 + 4 * field
            self.refused(data[:place] + b"junk" + data[place + 4:], "两处记载不符")

    def test_a_packed_size_beyond_the_file_ends_with_a_verdict(self):
        """It went round for ever at the end of the file."""
        data = b"\x00\xff\xff\x00\x00" + bytes(100)
        self.refused(self.first_changed(body=data, packed=0x7fffffff), "目录被截断")
        files, directory, _ = self.parts()
        first = directory[:20] + struct.pack("<L", 0x7fffffff) + directory[24:]
        self.refused(b"".join(files) + first + self.end(first, len(b"".join(files))), "目录被截断|两处记载不符")

    def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(self):
        for name in ("key.pub", "seals.jsonl", "journal.jsonl"):
            self.refused(written({**genuine(), name: bytes(64 << 20)}), "解压后过大")
        import random  # noise, so that it cannot be packed to nothing
        noise = base64.b64encode(random.Random(1).randbytes(60_000))
        self.refused(written({**genuine(), "key.pub": noise}), "key.pub: 超过 65536 字节")
        self.refused(written({**genuine(), "manifest.sig": genuine()["manifest.sig"] + noise}), "manifest.sig: 超过 4096 字节")
        self.refused(written({**genuine(), "manifest.sig": genuine()["manifest.sig"] + b" \t " * 100}), "manifest.sig: 另有内容")

    def test_a_pack_that_was_written_in_one_go_or_as_zip64_is_a_pack(self):
        class Pipe(io.BytesIO):
            def seekable(self):
                return False

            def seek(self, *_):
                raise OSError
        for into, large in ((Pipe(), False), (Pipe(), True), (io.BytesIO(), True)):
            with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as pack:
                for name, text in genuine().items():
                    with pack.open(name, "w", force_zip64=large) as file:
                        file.write(text)
            with tempfile.NamedTemporaryFile(suffix=".zip") as file:
                file.write(into.getvalue())
                file.flush()
                self.assertEqual(verify_pack.verify(file.name, PRINT)[0], 0)


EVERY_KIND = [  # one entry of each kind that the genuine pack lacks, and of those of later formats
    ("unconfirmed", {"runs": [["L1", "L1/icmp", 1772385900000, 1772385901000, 2, "timeout"]]}),
    ("stop", {"at": 1772386000000}),
    ("start", {"at": 1772386001000, "version": "0.4.0", "text": "", "rules": 2, "node": "区政府", "branch": "a" * 32,
               "parent": {"branch": "", "seq": 24, "hash": None}}),
    ("annotation", {"at": 1772386002000, "target": "L1", "about": 1772298000000, "author": "王工", "text": "雷击"}),
    ("duty", {"at": 1772386002000, "day": "2026-03-01", "person": "王工", "source": "api", "author": "李工", "text": ""}),
    ("closed", {"at": 1772386003000, "from": 1772294400000, "to": 1772380800000, "version": 1, "author": "李工",
                "reason": "日结", "figures": "[]", "sheet": "0" * 64, "changes": "[]"}),
    ("counter", {"at": 1772386004000, "counter": "wechat", "about": 1772386000000, "value": "51,234", "unit": "人",
                 "source": "平台后台", "author": "王工", "via": "api"}),
    ("verdict", {"at": 1772386005000, "plan": "2026", "indicator": "X-7", "verdict": "achieved", "points": "4.5",
                 "text": "", "document": "验收.pdf", "sha256": "", "author": "王工", "via": "cli"}),
    ("alert", {"at": 1772386006000, "alert": "A20260302-0001", "step": "told", "subject": "carrier", "name": "移动",
               "began": 1772298000000, "targets": "L1", "of": "opened", "person": "王工", "channel": "wecom", "answer": "ok"}),
    ("acknowledgement", {"at": 1772386007000, "alert": "A20260302-0001", "line": "L1", "began": 1772298000000,
                         "author": "王工", "text": "已派人", "via": "api: 王工@192.0.2.7"}),
    ("ticket", {"at": 1772386008000, "number": "T20260302-0001", "step": "closed", "carrier": "移动", "targets": "L1",
                "began": 1772298000000, "author": "李工", "alert": "A20260302-0001", "deadline": 1772299800000,
                "theirs": "CM-88", "cause": "fibre", "text": "已熔接", "answer": "", "via": "cli"}),
    ("trace", {"at": 1772386009000, "day": "2026-03-02", "step": "begun", "targets": "L1", "began": 1772298000000,
               "path": "10.0.0.1 10.0.1.1", "last": "10.0.1.1", "next": "10.0.2.1"}),
    ("trap", {"at": 1772386010000, "target": "L1", "about": 1772386009500, "trap": "1.3.6.1.6.3.1.1.5.3", "class": "link",
              "via": "v2c", "uptime_s": "86400", "text": "ifIndex=3"}),
    ("samples", {"at": 1772386011000, "target": "L1", "about": 1772298000000, "part": "beginning", "from": 1772297400000,
                 "to": 1772298600000, "left": 2, "packed": "L1/icmp 1772297400000 bad:timeout AAoBB"})]


def labelled(body):
    """The instant that an entry gives itself."""
    if "runs" in body:
        return max(last for _, _, _, last, _, _ in body["runs"])
    return next(body[key] for key in ("confirmed", "at", "to", "from") if body.get(key) is not None)


def journal_with(more):
    """The genuine entries and these behind them; a start's parent is the entry before it."""
    files = genuine()
    lines = entries(files)
    for kind, body in copy.deepcopy(more):
        if body.get("parent", {}).get("hash", "") is None:
            rehashed(files, lines)
            body["parent"].update(seq=len(lines), hash=entries(files)[-1]["hash"])
        lines.append({"seq": 0, "at": labelled(body), "kind": kind, "body": compact(body), "hash": ""})
    return files, lines


class Malformed(unittest.TestCase):
    """Everything fits and is signed by a key of one's own; one field is not what it must be."""

    def wrong(self, files, place, field):
        code, text = judged(listed(files))  # entries are read before signatures are checked
        self.assertEqual(code, 1, text)
        self.assertRegex(text, rf"^not verified: {re.escape(place)}: .*[^\x00-\x7f].* / .*[a-z]")
        self.assertIn(field, text)

    def seen(self, files, what):
        """Whatever it says: a verdict, or one sentence with its place."""
        code, text = judged(resealed(files))
        if code:
            self.assertRegex(text, r"^not verified: [a-z.A-Z_/]+[^:]*: .* / ", what)

    def fields(self):
        files, lines = journal_with(EVERY_KIND)
        for at, e in enumerate(lines):
            if at > 0 and e["kind"] in [x["kind"] for x in lines[:at]] and not (e["kind"] == "start" and "parent" in e["body"]):
                continue
            body = json.loads(e["body"])
            for field in body:
                yield files, lines, at, body, field

    def changed(self, files, lines, at, body):
        lines = [*lines[:at], {**lines[at], "body": compact(body)}, *lines[at + 1:]]
        return rehashed(dict(files), lines)

    def test_every_field_that_is_missing_is_named_with_its_entry(self):
        for files, lines, at, body, field in self.fields():
            if field in verify_pack.MAY_OF.get(lines[at]["kind"], verify_pack.MAY):
                continue
            with self.subTest(kind=lines[at]["kind"], field=field):
                self.wrong(self.changed(files, lines, at, {k: v for k, v in body.items() if k != field}),
                           f"journal.jsonl #{at + 1}", field)

    def test_every_field_of_another_type_is_named_with_its_entry(self):
        for files, lines, at, body, field in self.fields():
            for value in (None, 1.5, [], True, 7 if isinstance(body[field], str) else "x"):
                if value is None and (lines[at]["kind"], field) == ("gap", "to") or value is True and field == "same_outage" \
                        or value == [] and lines[at]["kind"] in ("resumed", "unconfirmed"):
                    continue
                with self.subTest(kind=lines[at]["kind"], field=field, value=value):
                    self.wrong(self.changed(files, lines, at, {**body, field: value}), f"journal.jsonl #{at + 1}", field)

    def test_another_value_of_the_right_type_ends_with_a_verdict_or_a_sentence(self):
        for files, lines, at, body, field in self.fields():
            values = ["", "\ud800"] if isinstance(body[field], str) else [-(1 << 52), 1 << 52]
            for value in values:
                with self.subTest(kind=lines[at]["kind"], field=field, value=value):
                    if value == "\ud800":
                        body_text = compact({**body, field: "@"}).replace('"@"', '"\\ud800"')
                        cut = [*lines[:at], {**lines[at], "body": body_text}, *lines[at + 1:]]
                        self.seen(rehashed(dict(files), cut), field)
                    else:
                        self.seen(self.changed(files, lines, at, {**body, field: value}), field)

    def test_bodies_that_are_no_objects(self):
        files, lines = journal_with([])
        for body in ("", "[]", "7", "null", "{", '{"at":NaN}', "[" * 100_000, "\ufeff{}"):
            lines[4] = {**lines[4], "body": body}
            self.wrong(rehashed(dict(files), lines), "journal.jsonl #5", "")

    def test_every_field_of_the_small_files_is_named(self):
        files, _ = journal_with([])
        small = {"journal.jsonl #3": ("journal.jsonl", 2), "seals.jsonl #1": ("seals.jsonl", 0), "head.json": ("head.json", 0)}
        for place, (name, row) in small.items():
            all_of_it = files[name].splitlines()
            good = json.loads(all_of_it[row])
            for field in good:
                for bad in ({k: v for k, v in good.items() if k != field}, {**good, field: None}, {**good, field: [1]},
                            {**good, "more": 1}):
                    all_of_it[row] = compact(bad).encode()
                    with self.subTest(place=place, field=field):
                        f = {**files, name: b"\n".join(all_of_it) + b"\n"}
                        code, text = judged(listed(f))
                        self.assertEqual(code, 1)
                        self.assertRegex(text, rf"^not verified: {place}: ")
        files["manifest.sig"] = genuine()["manifest.sig"]
        for name, change in (("manifest.sig", lambda o, k: o.pop(k)), ("manifest.json", lambda o, k: o.pop(k)),
                             ("manifest.sig", lambda o, k: o.update({k: 7})), ("manifest.json", lambda o, k: o.update({k: 7}))):
            for field in json.loads(files[name]):
                found = json.loads(files[name])
                change(found, field)
                code, text = judged({**files, name: compact(found).encode()})
                self.assertEqual(code, 1)
                self.assertRegex(text, rf"^not verified: {name}: ")
        found = json.loads(files["manifest.json"])
        for change in ({"name": 7}, {"size": "7"}, {"size": -1}, {"sha256": "x"}, {"more": 1}):
            rows = [{**found["files"][0], **change}, *found["files"][1:]]
            code, text = judged({**files, "manifest.json": compact({**found, "files": rows}).encode()})
            self.assertRegex(text, r"^not verified: manifest.json files\[1\]: ")

    def test_instants_beyond_every_calendar_end_with_a_sentence(self):
        files = genuine()
        seal = json.loads(files["seals.jsonl"].splitlines()[0])
        for to in (1 << 52, -(1 << 52), 253402271999000):
            seal["to"] = to
            code, text = judged(resealed({**files, "seals.jsonl": compact(seal).encode() + b"\n"}))
            self.assertEqual(code, 1)
            self.assertRegex(text, "^not verified: seals.jsonl: ")
        lines = entries(files)
        for first in (1 << 52, -(1 << 52)):
            body = {**json.loads(lines[0]["body"]), "at": first}
            moved = rehashed(dict(files), [{**lines[0], "at": first, "body": compact(body)}, *lines[1:]])
            moved["seals.jsonl"] = b""
            self.assertRegex(judged(listed(moved))[1], "^not verified: seals.jsonl: ")

    def test_a_table_that_python_cannot_read_ends_with_a_sentence(self):
        f = genuine()
        f["windows.csv"] += b'"' + b"x" * 200_000 + b'"\r\n'
        code, text = judged(listed(f))
        self.assertEqual(code, 1)
        self.assertRegex(text, "^not verified: windows.csv: 不是 CSV / ")

    def test_what_stands_behind_the_signature_of_a_seal_is_refused(self):
        files = genuine()
        line = files["seals.jsonl"].splitlines()[-1]
        for more in (line[:-1] + b" }", line.replace(b',"signature":', b',"signature": ')):
            files["seals.jsonl"] = more + b"\n"
            self.assertRegex(judged(listed(files))[1], "^not verified: seals.jsonl #1: 签名之后另有内容")

    def test_a_key_that_stands_twice_is_refused_wherever_it_stands(self):
        files, lines = journal_with(EVERY_KIND)
        for at, e in enumerate(lines):
            body = e["body"]
            field = next(iter(json.loads(body)))
            twice = f'{{"{field}":{json.dumps(json.loads(body)[field], ensure_ascii=False)},' + body[1:]
            cut = [*lines[:at], {**e, "body": twice}, *lines[at + 1:]]
            self.wrong(rehashed(dict(files), cut), f"journal.jsonl #{at + 1}", "twice")
        policy = json.loads(lines[0]["body"])
        policy["policy"] = policy["policy"].replace('"windows":{', '"windows":{"late_approval":"allow",', 1)
        self.wrong(self.changed(files, lines, 0, policy), "journal.jsonl #1 policy.policy", "twice")
        for name in ("manifest.json", "head.json", "seals.jsonl", "journal.jsonl", "manifest.sig", "policies.json",
                     "figures/availability.json"):
            f = genuine()
            text = f[name].decode()
            start = text.index('{"') + 1
            f[name] = (text[:start] + '"' + text[start + 1:text.index('"', start + 1)] + '":1,' + text[start:]).encode()
            code, said = judged(f if name.startswith("manifest") else listed(f))
            self.assertEqual(code, 1)
            self.assertIn("twice", said, name)

    def test_a_window_in_a_state_that_no_version_has_written_is_no_entry(self):
        source = (DATA.parent.parent.parent / "daemon" / "core" / "window_state.h").read_text()
        states = re.findall(r'\{"(\w+)", "', source)
        self.assertEqual(len(states), 4)
        for files, lines, at, body, field in self.fields():
            if (lines[at]["kind"], field) == ("window", "state"):
                for state in states:
                    self.seen(self.changed(files, lines, at, {**body, "state": state}), state)
                self.wrong(self.changed(files, lines, at, {**body, "state": "suspended"}), f"journal.jsonl #{at + 1}", field)

    def test_the_causes_are_those_of_the_program(self):
        source = (DATA.parent.parent.parent / "daemon" / "core" / "cause.def").read_text()
        self.assertEqual(set(re.findall(r"^CAUSE\((\w+)", source, re.M)), set(verify_pack.CAUSES.split()))


START = ("start", {"at": 1772386001000, "version": "0.4.0", "text": "", "branch": "a" * 32, "parent": {"branch": "", "seq": 0, "hash": None}})


def said_of(more, heartbeat=None, change=None):
    """What is said of the genuine journal with these entries behind it, everything signed by a key of one's own."""
    files, lines = journal_with(more)
    if change:
        change(lines)
    rehashed(files, lines)
    if heartbeat:
        head_moved(files, heartbeat=heartbeat)
    return judged(resealed(files))[1]


class Order(unittest.TestCase):
    """The seal of March 1 was made at midnight and covers entries 1 to 19; L1 is up again, decided at 01:28:21."""

    def annotated(self, at):
        return "annotation", {"at": at, "target": "L1", "about": 1772298000000, "author": "王工", "text": "雷击"}

    def test_a_heartbeat_before_a_transition_of_the_journal_is_refused(self):
        text = said_of([], "2026-03-02T01:23:20.000+08:00")
        self.assertNotIn("心跳", text)
        later = ("transition", {**json.loads(entries(genuine())[21]["body"]), "at": 1772386099000, "confirmed": 1772386100000})
        text = said_of([later], "2026-03-02T01:23:20.000+08:00")
        self.assertNotIn("心跳", text, "what waits for an answer may be five minutes behind")
        later[1]["confirmed"] = 1772386200000
        self.assertIn("head.json: 心跳早于第 23 条", said_of([later], "2026-03-02T01:23:20.000+08:00"))

    def test_after_a_backward_step_of_the_clock_labels_say_nothing_of_the_heartbeat(self):
        later = ("transition", {**json.loads(entries(genuine())[21]["body"]), "at": 1772389000000, "confirmed": 1772389000000})
        step = ("gap", {"from": 1772389000000, "to": 1772389000000, "why": "clock_step", "text": "clock stepped by -3000.000 s"})
        self.assertIn("心跳早于", said_of([later], "2026-03-02T01:23:20.000+08:00"))
        self.assertNotIn("心跳早于", said_of([later, step], "2026-03-02T01:23:20.000+08:00"))

    def test_an_entry_of_a_person_back_dated_behind_a_seal_is_named(self):
        made = 1772380800000
        self.assertIn("journal.jsonl #24: 人工登记的这一条（annotation）", said_of([START, self.annotated(made - 300_001)]))
        self.assertNotIn("倒填", said_of([START, self.annotated(made - 300_000)]))
        step = ("gap", {"from": made, "to": made, "why": "clock_step", "text": "clock stepped by -3000.000 s"})
        self.assertNotIn("倒填", said_of([START, step, self.annotated(made - 3_000_000)]))
        wrong_clock = (START[0], {**START[1], "at": made - 9_000_000})
        self.assertNotIn("倒填", said_of([wrong_clock, self.annotated(made - 8_000_000)]))

    def test_a_label_that_is_not_the_instant_in_the_entry_is_named(self):
        """Checks ask the label, figures the body: a window of today, dated back to before its outage."""
        files, lines = journal_with(EVERY_KIND)
        kinds = {e["kind"]: at for at, e in reversed(list(enumerate(lines)))}
        self.assertEqual(kinds.keys(), verify_pack.KINDS.keys())
        self.assertNotIn("所标的时刻", judged(resealed(rehashed(files, lines)))[1])
        for kind, at in kinds.items():
            for by in (-86_400_000, -1, 1):
                if kind in ("gap", "cause") and by == 1:
                    continue  # these are labelled by their commit, which was later
                body, label = json.loads(lines[at]["body"]), lines[at]["at"]
                own = label if kind not in ("gap", "cause") else body.get("began", body.get("to") or body.get("from"))
                moved = [*lines[:at], {**lines[at], "at": own + by}, *lines[at + 1:]]
                code, text = judged(resealed(rehashed(dict(files), moved)))
                self.assertEqual(code, 1)
                self.assertIn(f"journal.jsonl #{at + 1}: 所标的时刻不是内容里的时刻", text)

    def test_a_heartbeat_before_a_stop_is_refused_to_the_millisecond(self):
        stop = ("stop", {"at": 1772386100000})
        step = ("gap", {"from": 1772386099000, "to": 1772386099000, "why": "clock_step", "text": "clock stepped by -1.000 s"})
        self.assertNotIn("心跳", said_of([stop, step], "2026-03-02T01:28:20.000+08:00"))
        self.assertIn("head.json: 心跳早于第 23 条入账时的心跳", said_of([stop, step], "2026-03-02T01:28:19.999+08:00"))

    def test_a_heartbeat_before_the_commit_that_labelled_a_gap_is_refused(self):
        gap = ("gap", {"from": 1772386000000, "to": 1772386001000, "why": "not_recorded", "text": ""})
        label = lambda lines: lines[-1].update(at=1772386100000)
        self.assertNotIn("心跳", said_of([gap], "2026-03-02T01:28:20.000+08:00", label))
        self.assertIn("head.json: 心跳早于第 23 条入账时的心跳", said_of([gap], "2026-03-02T01:28:19.999+08:00", label))

    def test_entries_of_0_3_0_took_the_clock_as_it_stood(self):
        self.assertNotIn("倒填", said_of([self.annotated(1772380800000 - 9_000_000)]))


class History(unittest.TestCase):
    """Every start of format 4 names the entry that it follows."""

    def second(self, **parent):
        return "start", {"at": 1772386005000, "version": "0.4.0", "text": "", "node": "区政府", "branch": "b" * 32,
                         "parent": {"branch": "a" * 32, "seq": 0, "hash": None, **parent}}

    def test_two_children_of_one_entry_are_a_fork(self):
        old = {"branch": "", "seq": 22, "hash": entries(genuine())[21]["hash"]}
        text = said_of([START, (START[0], {**START[1], "branch": "b" * 32, "parent": old})])
        self.assertIn("journal.jsonl #24: 分叉：第 22 条有两条后继，第 23 条和这次启动", text)

    def test_a_start_that_follows_another_entry_is_a_seam(self):
        for parent in ({"branch": "c" * 32, "seq": 23, "hash": "0" * 64}, {"branch": "a" * 32, "seq": 99, "hash": "0" * 64}):
            text = said_of([START, (START[0], {**START[1], "branch": "b" * 32, "parent": parent})])
            self.assertIn("journal.jsonl #24: 这次启动所写的上一条不是", text)
        self.assertIn("#24: 这次启动", said_of([START, ("start", {"at": 1772386005000, "version": "0.3.0", "text": ""})]))

    def test_branches_are_listed(self):
        branches, before = verify_pack.Branches(), "0" * 64
        files, lines = journal_with([START, self.second()])
        for seq, e in enumerate(entries(rehashed(files, lines)), 1):
            branches.take(seq, e["kind"], json.loads(e["body"]), before)
            before = e["hash"]
        text = "\n".join(branches.in_words(verify_pack.zone_named("Asia/Shanghai")))
        self.assertIn("branches, one a start: 4", text)
        self.assertIn("bbbbbbbb  区政府  自 / since 2026-03-02T01:26:45.000+08:00  第 24 条起 1 条", text)


if __name__ == "__main__":
    if "--keep" in sys.argv:
        at = sys.argv.index("--keep")
        KEEP = sys.argv[at + 1]
        del sys.argv[at:at + 2]
    unittest.main()
