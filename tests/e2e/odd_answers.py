"""Answers of odd servers: status lines, headers, lengths, chunks, compression, character sets."""

import functools
import gzip
import struct
import zlib

from odd_sites import (BROKEN, CHUNKED, FAILED, FIN, HTML, LAST, PAGE, RST, TEXT, U8, case, chunk, declare, head, ok, open_end,
                       status,
                       wants)


def raw_deflate(body):
    squeeze = zlib.compressobj(wbits=-15)
    return squeeze.compress(body) + squeeze.flush()


def brotli_stored(body):
    """A brotli stream of one block that is not compressed, then the empty last one."""
    bits = 0 | (len(body) - 1) << 4 | 1 << 20
    return bits.to_bytes(3, "little") + body + b"\x03"


def zstd_stored(body):
    return b"\x28\xb5\x2f\xfd\x60" + struct.pack("<H", len(body) - 256) + struct.pack("<I", len(body) << 3 | 1)[:3] + body


def status_lines():
    html = head(b"Content-Type: " + HTML, start=b"")[2:] + U8
    odd = {"tab_space": "nobody sends it", "two_digits": "20 is none of the statuses that are allowed",
           "other_protocol": "a browser shows the bytes of any protocol",
           "ssh_banner": "a browser shows the bytes of any protocol"}
    for name, line, expected in (
            ("no_reason", b"HTTP/1.1 200", "good"), ("reason_space", b"HTTP/1.1 200 ", "good"),
            ("http10", b"HTTP/1.0 200 OK", "good"),
            ("http12", b"HTTP/1.2 200 OK", "good"), ("http20_text", b"HTTP/2.0 200 OK", "good"),
            ("http_1", b"HTTP/1 200 OK", "good"),
            ("lower_case", b"http/1.1 200 ok", "good"), ("icy", b"ICY 200 OK", "good"),
            ("two_spaces", b"HTTP/1.1  200  OK", "good"),
            ("tab_space", b"HTTP/1.1\t200\tOK", "either"), ("no_space", b"HTTP/1.1 200OK", "good"),
            ("reason_gbk", "HTTP/1.1 200 成功".encode("gbk"), "good"),
            ("reason_utf8", "HTTP/1.1 200 成功".encode(), "good"), ("reason_long", b"HTTP/1.1 200 " + b"O" * 3000, "good"),
            ("four_digits", b"HTTP/1.1 2000 OK", "bad"), ("two_digits", b"HTTP/1.1 20 OK", "bad"),
            ("no_status", b"HTTP/1.1", "good"),
            ("words", b"HTTP/1.1 OK", "good"), ("no_version", b"HTTP 200 OK", "good"),
            ("other_protocol", b"SIP/2.0 200 OK", "bad"),
            ("ssh_banner", b"SSH-2.0-OpenSSH_9.2", "bad")):
        case("line_" + name, line + b"\r\n" + html, expected, odd.get(name, ""))
    case("line_http09", U8)
    case("line_http09_short", b"ok")
    case("line_nothing", b"", "bad")
    case("line_blank_before", b"\r\n\r\n" + ok())
    case("line_garbage_before", b"\x00\xefx " + ok(), "bad")
    for code in (b"203 NA", b"226 IM Used", b"299 Odd"):
        case("status_" + code[:3].decode(), status(code))
    for code in (b"400 Bad", b"401 Who", b"404 Not Found", b"418 Tea", b"429 Too Many", b"451 Law", b"500 Error",
                 b"502 Gateway", b"503 Busy", b"521 Down",
                 b"599 Odd", b"600 Odd", b"999 Denied"):
        case("status_" + code[:3].decode(), status(code), "bad")
    case("status_204", head(start=b"HTTP/1.1 204 No Content"), "either", "nothing to show and nothing wrong")
    case("status_205", status(b"205 Reset", body=b""), "either", "nothing to show and nothing wrong")
    case("status_204_body", head(b"Content-Length: 2", start=b"HTTP/1.1 204 No Content") + b"ok", "either", "as 204")
    case("status_304", head(start=b"HTTP/1.1 304 Not Modified"), "bad", "we never asked for a changed page")
    case("status_206", status(b"206 Partial", b"Content-Range: bytes 0-8/9"))
    case("status_404_allowed", status(b"404 Not Found", body=U8), "good", "allowed by a setting", status="200-404",
         contains=TEXT)
    case("status_200_not_allowed", ok(), "bad", "not allowed by a setting", status="201-299")
    case("hints_100", b"HTTP/1.1 100 Continue\r\n\r\n" + ok())
    case("hints_103", head(b"Link: </a.css>; rel=preload", start=b"HTTP/1.1 103 Early Hints") + ok(), contains=TEXT)
    case("hints_102_late", [head(start=b"HTTP/1.1 102 Processing"), .5, ok()])
    case("hints_many", head(start=b"HTTP/1.1 100 Continue") * 40 + ok())
    case("hints_endless", lambda r: iter(lambda: [head(start=b"HTTP/1.1 100 Continue"), .01], None), "bad")
    case("hints_101", head(b"Upgrade: websocket", start=b"HTTP/1.1 101 Switching") + ok(), "either",
         "nobody asked for another protocol")
    case("upgrade_offer", ok(U8, b"Upgrade: h2,h2c", b"Connection: Upgrade, close"))
    case("empty_page", ok(b""), "bad", "rule W1-a: an empty page is not open")
    case("empty_allowed", ok(b""), "good", "by its setting", empty="allow")


def headers():
    case("lf_only", ok().replace(b"\r\n", b"\n"))
    case("lf_mixed", ok().replace(b"\r\n", b"\n", 2))
    case("cr_in_value", ok(U8, b"X-A: a\rb"))
    case("fold", ok(ctype=b"text/html;\r\n charset=utf-8"), contains=TEXT)
    case("fold_first", b"HTTP/1.1 200 OK\r\n X: y\r\n" + ok()[17:])
    case("space_before_colon", head(b"Content-Type : text/html", b"Content-Length : %d" % len(U8)) + U8)
    case("space_before_colon_te", head(b"Transfer-Encoding : chunked") + chunk(U8) + LAST)
    case("nul_in_value", ok(U8, b"X-A: a\0b"), "bad", "a NUL is no text of a server that is well")
    case("nul_in_name", ok(U8, b"X\0A: b"), "bad", "a NUL is no text of a server that is well")
    case("no_colon", ok(U8, b"This line is from a script"))
    case("no_name", ok(U8, b": nameless"))
    case("odd_name", ok(U8, b"X (a) [b]: c", b"X/Y@Z: d"))
    case("gbk_value",
         ok(U8, b"Server: " + "政务网站".encode("gbk"),
            b"Content-Disposition: inline; filename=" + "首页.html".encode("gbk")))
    case("control_value", ok(U8, b"X-A: a\x01b\x7fc\x1b"))
    case("empty_value", ok(U8, b"X-A:", b"Server:"))
    case("many", ok(U8, *[b"X-%d: y" % n for n in range(200)]))
    case("very_many", ok(U8, *[b"X-%d: y" % n for n in range(3000)]))
    case("large_30k", ok(U8, b"Content-Security-Policy: " + b"a" * 30000))
    case("large_90k", ok(U8, b"Set-Cookie: a=" + b"b" * 90000))
    case("large_400k", ok(U8, b"X-A: " + b"a" * 400_000), "bad")
    case("endless", lambda r: iter([head()[:-2]] + [b"X-A: " + b"a" * 900 + b"\r\n", .002] * 100_000), "bad")
    case("none", head() + U8)
    case("unfinished", head(b"Content-Type: text/html")[:-2], "either", "an empty page, or lines that broke off")
    case("no_type", head(b"Content-Length: %d" % len(U8)) + U8)
    case("two_types", ok(U8, b"Content-Type: text/plain"))
    case("ctype_junk", ok(ctype=b";;;"))
    case("attachment", ok(U8, b"Content-Disposition: attachment; filename=a.html"), "either",
         "a download is an answer, but no page")
    case("keep_alive_odd", ok(U8, b"Keep-Alive: timeout=x", b"Connection: keep-alive, , close"))
    case("hsts_junk", ok(U8, b"Strict-Transport-Security: ;;max-age=\"\"", b"Alt-Svc: h3=\":443\"; ma=2592000"))


def lengths():
    n = len(U8)
    for name, lines, expected in (
            ("twice_same", (b"Content-Length: %d" % n,) * 2, "good"), ("list_same", (b"Content-Length: %d, %d" % (n, n),),
                "good"),
            ("twice_differ", (b"Content-Length: %d" % n, b"Content-Length: 5"), "bad"),
            ("thrice_differ", (b"Content-Length: 5", b"Content-Length: %d" % n, b"Content-Length: 7"), "bad"),
            ("list_differ", (b"Content-Length: %d, 5" % n,), "bad"),
            ("plus", (b"Content-Length: +%d" % n,), "good"), ("spaces", (b"Content-Length:   %d  " % n,), "good"),
            ("zeros", (b"Content-Length: 000%d" % n,), "good"),
            ("words", (b"Content-Length: abc",), "good"), ("empty", (b"Content-Length:",), "good"),
            ("minus", (b"Content-Length: -1",), "good"),
            ("junk_after", (b"Content-Length: %d;x" % n,), "good"), ("huge", (b"Content-Length: 99999999999999999999999",),
                "good")):
        case("length_" + name, head(b"Content-Type: " + HTML, *lines) + U8, expected)
    case("length_short_body", head(b"Content-Type: " + HTML, b"Content-Length: 500") + U8, "bad",
         "a body that breaks off is an error")
    case("length_short_body_reset", [head(b"Content-Length: 500") + U8, .1, RST], "bad", "a body that breaks off is an error")
    case("length_short_hangs", [head(b"Content-Length: 500") + U8, 30], "bad", "a body that breaks off is an error")
    case("length_excess", ok() + b"<p>more than was said</p>")
    case("length_and_chunks", head(b"Content-Type: " + HTML, b"Content-Length: 2",
                                   b"Transfer-Encoding: chunked") + chunk(U8) + LAST, contains=TEXT)
    case("length_differ_and_chunks", head(b"Content-Length: 2", b"Content-Length: 3",
                                          b"Transfer-Encoding: chunked") + chunk(U8) + LAST, "either",
         "lengths that differ, of which none counts")
    case("body_to_close", open_end(), contains=TEXT)
    case("body_to_close_10", head(b"Content-Type: " + HTML, start=b"HTTP/1.0 200 OK") + U8)
    case("body_to_close_keep_alive", [open_end(U8, b"Connection: keep-alive"), .3, FIN])
    case("body_to_reset", [open_end(), .1, RST], "bad")
    case("reset_after_whole", [ok(), .1, RST])
    case("reset_at_once", [RST], "bad")
    case("reset_in_header", [b"HTTP/1.1 200 OK\r\nContent-", .1, RST], "bad")
    case("open_after_whole", [ok(), 12])
    case("open_after_chunks", [CHUNKED + chunk(U8) + LAST, 12])
    case("half_closed", [open_end(), FIN, 3])
    case("drip", [p for b in ok() for p in (bytes([b]), .008)])
    case("slow_headers", [p for line in ok().split(b"\r\n") for p in (line + b"\r\n", .3)], "good")
    case("slow_start", [2, ok()])
    case("never_answers", [30], "bad")
    case("pause_in_body", [head(b"Content-Length: %d" % n) + U8[:20], 1.5, U8[20:]])
    case("large_7m", [head(b"Content-Length: %d" % (7 << 20))] + [b"<p>" + b"x" * 65533] * 112)
    case("large_30m", [head(b"Content-Length: %d" % (30 << 20))] + [b"<p>" + b"x" * 65533] * 480, "either",
         "beyond the page size that is documented")
    case("large_30m_allowed", [head(b"Content-Length: %d" % (30 << 20))] + [b"<p>" + b"x" * 65533] * 480, "good",
         "allowed by a setting; the browser was still drawing", max_bytes=64 << 20)
    case("endless_page", lambda r: iter([head()] + [b"<p>" + b"x" * 65533, .004] * 100_000), "bad", "no page without an end")


def chunks():
    whole = chunk(U8) + LAST
    a, b = U8[:len(U8) // 2 - 4], U8[len(U8) // 2 - 4:]  # inside a character
    for name, body, expected in (
            ("plain", whole, "good"), ("split_character", chunk(a) + chunk(b) + LAST, "good"),
            ("ones", b"".join(chunk(bytes([x])) for x in U8) + LAST, "good"),
            ("spaces", chunk(U8, b"    ") + b"0   \r\n\r\n", "good"), ("tab", chunk(U8, b"\t") + LAST, "either"),
            ("extension", chunk(U8, b";a=b;c=\"d e\"") + LAST, "good"),
            ("extension_spaces", chunk(U8, b" ; a = b") + LAST, "good"), ("upper", chunk(U8, size=b"%X") + LAST, "good"),
            ("zeros", chunk(U8, size=b"000%x") + LAST, "good"),
            ("trailers", chunk(U8) + b"0\r\nX-Sum: 1\r\nExpires: now\r\n\r\n", "good"),
            ("lf", chunk(U8, end=b"\n") + b"0\n\n", "good"),
            ("last_00", chunk(U8) + b"000\r\n\r\n", "good"), ("no_blank_at_end", chunk(U8) + b"0\r\n", "bad"),
            ("no_last", chunk(U8), "bad"),
            ("cut", chunk(U8)[:-30], "bad"), ("bad_size", b"xyz\r\n" + U8, "bad"),
            ("prefix_0x", chunk(U8, size=b"0x%x") + LAST, "bad"),
            ("minus", b"-5\r\n" + U8 + b"\r\n" + LAST, "bad"), ("overflow", b"fffffffffffffffff\r\n" + U8, "bad"),
            ("space_before", chunk(U8, size=b"  %x") + LAST, "bad"), ("no_line_after", chunk(U8)[:-2] + LAST, "bad"),
            ("long_extension", chunk(U8, b";" + b"x" * 5000) + LAST, "good"), ("excess", whole + b"<p>junk</p>", "good"),
            ("not_chunked", U8, "bad")):
        case("chunk_" + name, CHUNKED + body, expected, "browsers refuse it, curl does not" if expected == "either" else "",
             contains=TEXT)
    for name, line in (("upper_te", b"Transfer-Encoding: Chunked"), ("te_10", b"Transfer-Encoding: chunked")):
        case("chunk_" + name, head(line, start=b"HTTP/1.0 200 OK" if name == "te_10" else b"HTTP/1.1 200 OK") + whole)
    case("chunk_te_twice", head(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked") + whole)
    case("chunk_te_identity", head(b"Transfer-Encoding: identity", b"Content-Length: %d" % len(U8)) + U8)
    case("chunk_te_gzip", head(b"Transfer-Encoding: gzip, chunked") + chunk(gzip.compress(U8)) + LAST, "either",
         "never asked for by us")
    case("chunk_forbidden_split", CHUNKED + b"".join(chunk(FAILED.encode()[i:i + 7])
                                                     for i in range(0, len(FAILED.encode()), 7)) + LAST, "bad", forbids=BROKEN)
    case("chunk_reset_after_whole", [CHUNKED + whole, .1, RST])
    case("chunk_no_last_hangs", [CHUNKED + chunk(U8), 30], "bad", "a body that breaks off is an error")


def encodings():
    gz = gzip.compress(U8)
    odd = {"gzip_cut": "the text is there, the end is not", "gzip_members": "browsers stop after the first",
           "br_unasked": "browsers take it over TLS alone"}
    for name, label, body, expected in (
            ("gzip", b"gzip", gz, "good"), ("x_gzip", b"x-gzip", gz, "good"), ("upper", b"GZIP", gz, "good"),
            ("deflate", b"deflate", zlib.compress(U8), "good"),
            ("deflate_raw", b"deflate", raw_deflate(U8), "good"), ("gzip_is_plain", b"gzip", U8, "bad"),
            ("gzip_cut", b"gzip", gz[:-20], "either"), ("gzip_no_sum", b"gzip", gz[:-8], "good"),
            ("gzip_bad_sum", b"gzip", gz[:-8] + bytes(8), "good"), ("gzip_junk_after", b"gzip", gz + b"\0" * 20, "good"),
            ("gzip_twice", b"gzip, gzip", gzip.compress(gz), "good"),
            ("gzip_members", b"gzip", gzip.compress(U8[:40]) + gzip.compress(U8[40:]), "either"),
            ("gzip_broken", b"gzip", gz[:12] + b"\xff" * 40 + gz[40:], "bad"),
            ("gzip_named", b"gzip", gz[:3] + b"\x08" + gz[4:10] + b"index.html\0" + gz[10:], "good"),
            ("identity", b"identity", U8, "good"), ("unknown", b"foo", U8, "good"), ("utf8", b"UTF-8", U8, "good"),
            ("none", b"none", U8, "good"),
            ("empty", b"", U8, "good"), ("deflate_is_gzip", b"deflate", gz, "bad"),
            ("br_unasked", b"br", brotli_stored(U8), "either")):
        case("coding_" + name, ok(body, b"Content-Encoding: " + label), expected, odd.get(name, ""), contains=TEXT)
    long = U8 + b" " * 400
    case("coding_br_asked", lambda r: ok(brotli_stored(U8), b"Content-Encoding: br") if r.says("accept-encoding", "br")
         else ok())
    case("coding_zstd_asked", lambda r: ok(zstd_stored(long), b"Content-Encoding: zstd") if r.says("accept-encoding", "zstd")
         else ok(), contains=TEXT)
    case("coding_gzip_forbid", ok(gzip.compress(FAILED.encode()), b"Content-Encoding: gzip"), "bad", forbids=BROKEN)
    case("coding_deflate_forbid", ok(raw_deflate(FAILED.encode()), b"Content-Encoding: deflate"), "bad", forbids=BROKEN)
    case("coding_gzip_chunks", head(b"Content-Type: " + HTML, b"Content-Encoding: gzip",
                                    b"Transfer-Encoding: chunked") + b"".join(chunk(gz[i:i + 5])
                                        for i in range(0, len(gz), 5)) + LAST, contains=TEXT)
    case("coding_gzip_to_close", open_end(gz, b"Content-Encoding: gzip"), contains=TEXT)
    case("coding_gzip_length_of_plain", head(b"Content-Encoding: gzip", b"Content-Length: 5000") + gz, "bad",
         "a body that breaks off is an error")
    case("coding_bomb", lambda r: ok(bomb(), b"Content-Encoding: gzip"), "either", "beyond the page size that is documented")
    case("coding_gzip_cut_half",
         ok(gzip.compress(("<p>" + "".join(chr(0x4e00 + i * 37 % 20000) for i in range(3000)) + PAGE).encode())[:3000],
            b"Content-Encoding: gzip"), "bad", contains=TEXT)
    case("coding_only_gzip", wants(lambda r: r.says("accept-encoding", "gzip"), status(b"406 Not Acceptable")))


@functools.lru_cache
def bomb():
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(bytes(1 << 20)) for _ in range(600)) + squeeze.flush()


def charsets():
    def meta(text, label, old=False):
        tag = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if old else f'<meta charset="{label}">'
        return text.replace("<head>", "<head>" + tag)

    rare = PAGE.replace("欢迎", "㐂𠮷镕")  # only GB18030 has them all
    page = {c: PAGE.encode(c) for c in ("gb18030", "utf-16-le", "utf-16-be")}
    page["big5"] = "<html><head><title>測試區</title></head><body>政務公開 歡迎</body></html>".encode("big5")
    for name, body, ctype in (
            ("gbk", page["gb18030"], b"text/html; charset=GBK"), ("gb2312_rare", rare.encode("gb18030"),
                b"text/html; charset=gb2312"),
            ("gb18030_rare", rare.encode("gb18030"), b"text/html; charset=gb18030"),
            ("quoted", page["gb18030"], b'text/html; charset="gbk"'),
            ("upper", page["gb18030"], b"TEXT/HTML;CHARSET=GB2312"), ("spaces", page["gb18030"], b"text/html ; charset = gbk"),
            ("first_of_two", page["gb18030"], b"text/html; charset=gbk; charset=utf-8"),
            ("x_gbk", page["gb18030"], b"text/html; charset=x-gbk"), ("semicolon", page["gb18030"],
                b"text/html;; charset=gbk;"),
            ("utf8_dash", U8, b"text/html; charset=utf8"), ("none_utf8", meta(PAGE, "utf-8").encode(), b"text/html"),
            ("meta_gbk", meta(PAGE, "gbk").encode("gb18030"), b"text/html"),
            ("meta_old", meta(PAGE, "gb2312", True).encode("gb18030"), b"text/html"),
            ("meta_late", PAGE.replace("<head>", "<head><!--" + "x" * 900 + "--><meta charset=gbk>").encode("gb18030"),
             b"text/html"),
            ("meta_upper", meta(PAGE, "GB2312").replace("meta charset", "META CHARSET").encode("gb18030"), b"text/html"),
            ("meta_single", PAGE.replace("<head>", "<head><meta name=a><meta  charset = 'gbk' />").encode("gb18030"),
             b"text/html"),
            ("header_beats_meta", meta(PAGE, "utf-8").encode("gb18030"), b"text/html; charset=gbk"),
            ("meta_lies", meta(PAGE, "gbk").encode(), HTML),
            ("bom_beats_header", b"\xef\xbb\xbf" + U8, b"text/html; charset=gbk"),
            ("utf8_bom", b"\xef\xbb\xbf" + U8, b"text/html"),
            ("utf16_le_bom", b"\xff\xfe" + page["utf-16-le"], b"text/html"),
            ("utf16_be_bom", b"\xfe\xff" + page["utf-16-be"], b"text/html"),
            ("utf16_le", page["utf-16-le"], b"text/html; charset=utf-16le"),
            ("utf16_be", page["utf-16-be"], b"text/html; charset=utf-16be"),
            ("utf16_plain", page["utf-16-le"], b"text/html; charset=utf-16"),
            ("meta_utf16_is_utf8", meta(PAGE, "utf-16").encode(), b"text/html"),
            ("xml_decl", ('<?xml version="1.0" encoding="gbk"?>' + PAGE).encode("gb18030"), b"text/html"),
            ("bad_bytes_around", b"<!-- \xff\xfe\x80 -->" + U8 + b"\xff\x80", HTML),
            ("gbk_bad_byte", page["gb18030"].replace(b"<body>", b"<body>\xff "), b"text/html; charset=gbk")):
        case("charset_" + name, ok(body, ctype=ctype), contains=TEXT)
    case("charset_big5", ok(page["big5"], ctype=b"text/html; charset=big5"), contains="政務公開")
    case("charset_unknown", ok(ctype=b"text/html; charset=foo-8"), "either", "no label that means anything: browsers guess",
         contains=TEXT)
    case("charset_none_gbk", ok(page["gb18030"], ctype=b"text/html"), "wish", "no label: browsers guess", contains=TEXT)
    case("charset_none_utf8_no_meta", ok(ctype=b"text/html"), "good", "no label: browsers guess, and this one is plain to see",
         contains=TEXT)
    for name, body, ctype in (
            ("gbk", FAILED.encode("gbk"), b"text/html; charset=GBK"), ("meta", meta(FAILED, "gb2312", True).encode("gbk"),
                b"text/html"), ("utf16", b"\xff\xfe" + FAILED.encode("utf-16-le"), b"text/html"),
            ("entities", FAILED.replace("数据库", "&#25968;&#x636e;&#24211;").encode(), HTML)):
        case("forbid_" + name, ok(body, ctype=ctype), "bad", forbids=BROKEN)
    case("forbid_other", ok(ctype=b"text/html; charset=gbk", body=page["gb18030"]), "good", forbids=BROKEN)
    case("forbid_mojibake", ok(), "good", "the bytes of another text", forbids=U8.decode("gb18030", "ignore")[20:24])
    case("contain_entities", ok(PAGE.replace(TEXT, "&#25919;&#21153;&#x516C;&#x5f00;").encode()), contains=TEXT)
    case("contain_entities_split", CHUNKED + b"".join(chunk(x) for x in (b"<html><body>&#259", b"19;&#2115", b"3;&#x51",
        b"6C;&#x5f00", b";</body></html>")) + LAST, contains=TEXT)
    case("contain_named", ok("<html><body>A&amp;B &lt;公开&gt;</body></html>".encode()), contains="A&B <公开>")
    case("contain_missing", ok(), "bad", contains="不在此页")
    case("contain_utf16_missing", ok(b"\xff\xfe" + page["utf-16-le"]), "bad", contains="不在此页")


declare(status_lines, headers, lengths, chunks, encodings, charsets)
