"""Sheets of tests/import as bytes: CSV in any encoding, and workbooks written part by part as Excel writes them."""

import csv
import io
import pathlib
import re
import zipfile

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "import"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Sheet:
    """One file of tests/import."""

    def __init__(self, path):
        self.name = path.stem
        parts = re.split(r"^---(?: (\w+))?\n", path.read_text(encoding="utf-8"), flags=re.M)
        self.options, body = {}, parts[0]
        while m := re.match(r"(encoding|separator|workbook|merges|date1904): (.*)\n", body):
            self.options[m[1]] = m[2]
            body = body[m.end():]
        self.body = body
        self.sections = {name or "expected": text for name, text in zip(parts[1::2], parts[2::2])}

    @property
    def inventory(self):
        return self.sections.get("inventory")

    @property
    def words(self):
        return self.sections.get("words")

    def expected(self):
        out = {"added": {}, "changed": [], "closed": [], "missing": [], "guessed": [], "problem": [], "exit": 0}
        for line in self.sections["expected"].splitlines():
            what, *rest = line.split(" ")
            if what == "added":
                fields = dict(f.split("=", 1) for f in rest[2:])
                for listed in {"address", "checks"} & fields.keys():
                    fields[listed] = fields[listed].replace(";", " ")
                out["added"][rest[1]] = (int(rest[0]), fields)
            elif what == "changed":
                out["changed"].append((int(rest[0]), rest[1], rest[2], " ".join(rest[3:])))
            elif what == "closed":
                out["closed"].append((int(rest[0]), rest[1], rest[2]))
            elif what == "missing":
                out["missing"].append(rest[0])
            elif what == "exit":
                out["exit"] = int(rest[0])
            else:
                out[what].append((int(rest[0]), rest[1] if len(rest) > 1 else ""))
        return out

    def file_name(self):
        return "sheet.xlsx" if "workbook" in self.options else "sheet.csv"

    def data(self):
        if "workbook" in self.options:
            return workbook(self.body, self.options.get("merges", ""), "date1904" in self.options)
        text = self.body
        separator = {"tab": "\t"}.get(self.options.get("separator", ","), self.options.get("separator", ","))
        if separator != ",":
            out = io.StringIO()
            csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(csv.reader(io.StringIO(text)))
            text = out.getvalue()
        encoding = self.options.get("encoding", "utf-8")
        if encoding.endswith("-bom"):
            return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
        return text.encode(encoding)


def every():
    return [Sheet(p) for p in sorted(FOLDER.glob("*.txt"))]


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cell_xml(place, cell, strings):
    kind, _, value = cell.partition(":")
    if kind in ("d", "c", "z", "#") and value:
        style = {"d": 1, "c": 2, "z": 3, "#": 0}[kind]
        return f'<c r="{place}" s="{style}"><v>{value}</v></c>'
    if kind == "i" and value:
        return f'<c r="{place}" t="inlineStr"><is><t>{escaped(value)}</t></is></c>'
    if kind == "f" and value:
        return f'<c r="{place}" t="str"><f>A1&amp;""</f><v>{escaped(value)}</v></c>'
    if kind == "e" and value:
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    if kind == "r" and value:
        strings.append("".join(f"<r><rPr><b/></rPr><t>{escaped(p)}</t></r>" for p in value.split("|")))
    else:
        strings.append(f'<t xml:space="preserve">{escaped(cell)}</t>')
    return f'<c r="{place}" t="s"><v>{len(strings) - 1}</v></c>'


def sheet_xml(text, merges, strings):
    rows = []
    for r, row in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell_xml(f"{chr(65 + c)}{r}", cell, strings) for c, cell in enumerate(row) if cell]
        rows.append(f'<row r="{r}" spans="1:{max(len(row), 1)}">{"".join(cells)}</row>')
    merged = "".join(f'<mergeCell ref="{m}"/>' for m in merges.split())
    return (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet {NS}><sheetData>{"".join(rows)}'
            f'</sheetData>' + (f"<mergeCells>{merged}</mergeCells>" if merged else "") + "</worksheet>")


def workbook(text, merges="", from_1904=False):
    parts = re.split(r"^sheet: (.*)\n", text, flags=re.M)
    sheets = list(zip(parts[1::2], parts[2::2])) or [("Sheet1", text)]
    strings = []
    xml = [sheet_xml(body, merges, strings) for _, body in sheets]
    numbers = range(1, len(sheets) + 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        def put(name, content):
            part = zipfile.ZipInfo(name)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.extra = b"\x20\xa2\x04\x00\x28\xa0\x00\x00"  # the room for growth that Excel leaves
            z.writestr(part, content)
        put("[Content_Types].xml", "<Types/>")
        put("xl/workbook.xml", f'<workbook {NS} xmlns:r="{REL}"><workbookPr{" date1904=" + chr(34) + "1" + chr(34) if from_1904 else ""}/>'
            "<sheets>" + "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in zip(numbers, sheets))
            + "</sheets></workbook>")
        put("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            f'<Relationship Id="rId{n}" Type="{REL}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
            + f'<Relationship Id="rId98" Type="{REL}/styles" Target="styles.xml"/>'
            + f'<Relationship Id="rId99" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>')
        put("xl/styles.xml", f'<styleSheet {NS}><numFmts count="2"><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;;@"/>'
            '<numFmt numFmtId="177" formatCode="000"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/>'
            '<xf numFmtId="176"/><xf numFmtId="177"/></cellXfs></styleSheet>')
        put("xl/sharedStrings.xml", f"<sst {NS}>" + "".join(f"<si>{s}</si>" for s in strings) + "</sst>")
        for n, body in zip(numbers, xml):
            put(f"xl/worksheets/sheet{n}.xml", body)
    return out.getvalue()
