"""Odd ways to a page: redirects, cookies, filters of requests, forms of addresses."""

from odd_sites import BROKEN, FAILED, OLD_PORT, SECURE, TEXT, U8, WEB, WEB6, case, declare, head, moved, ok, page, status, wants


def hops(name, count):
    def answer(r):
        at = int(r.query or 0)
        return ok() if at == count else moved(b"/%s?%d" % (name.encode(), at + 1))
    return answer


def redirects():
    page("to", lambda r: moved(r.query.encode("latin-1")))  # wherever the query says
    for name, to in (("relative", b"ok"), ("absolute", b"http://portal.test/ok"), ("path", b"/ok"), ("dots", b"../x/./../ok"),
                     ("host_only", b"//other.test/ok"), ("other_host", b"http://other.test/ok"),
                     ("fragment", b"/ok#top"), ("upper_scheme", b"HTTP://PORTAL.TEST/ok"), ("spaces_around", b"  /ok  "),
                     ("spaces_inside", b"/a b"), ("utf8", "/首页".encode()), ("gbk", "/首页".encode("gbk")),
                     ("percent", b"/%E9%A6%96%E9%A1%B5"), ("percent_gbk", b"/%CA%D7%D2%B3"), ("backslash", b"\\ok"),
                     ("other_port", b"http://portal.test:%d/ok" % OLD_PORT), ("empty_port", b"http://portal.test:/ok"),
                     ("one_slash", b"http:/ok"),
                     ("three_slashes", b"http:///portal.test/ok"), ("chinese_host", "http://政务.test/ok".encode()),
                     ("ip", b"http://10.77.1.3/ok"), ("ipv6", b"http://[fd77:1::2]/ok"),
                     ("userinfo", b"http://u:p@portal.test/ok"), ("https", b"https://portal.test:%d/ok" % SECURE)):
        case("redir_" + name, moved(to), **({"ca": "ROOT"} if name == "https" else {}))
    for code in (b"301", b"303", b"307", b"308"):
        case("redir_" + code.decode(), moved(b"/ok", status=code + b" Moved"))
    case("redir_300", moved(b"/ok", status=b"300 Choices", body=U8))
    case("redir_query", lambda r: ok() if r.query == "p=1" else moved(b"?p=1"))
    case("redir_query_chinese", lambda r: ok() if r.query.upper() == "Q=%E9%A6%96" else moved("?q=首".encode()))
    case("redir_no_location", status(b"302 Found", body=U8))
    case("redir_empty", head(b"Location:", b"Content-Length: %d" % len(U8), start=b"HTTP/1.1 302 Found") + U8)
    case("redir_two_same", head(b"Location: /ok", b"Location: /ok", b"Content-Length: 0", start=b"HTTP/1.1 302 Found"))
    case("redir_two_differ", head(b"Location: /ok", b"Location: /nowhere", b"Content-Length: 0", start=b"HTTP/1.1 302 Found"),
         "either", "which one is a guess")
    case("redir_lower_name", moved(b"/ok").replace(b"Location", b"location"))
    case("redir_folded", moved(b"/ok").replace(b"Location: ", b"Location:\r\n "))
    case("redir_itself", lambda r: moved(r.path.encode()), "bad")
    case("redir_two_in_circle", lambda r: moved(b"/redir_two_in_circle" if r.query else b"?x"), "bad")
    case("redir_7_hops", hops("redir_7_hops", 7))
    case("redir_12_hops", hops("redir_12_hops", 12), redirects=20)
    case("redir_40_hops", hops("redir_40_hops", 40), "bad")
    case("redir_nowhere", moved(b"http://nowhere.test/"), "bad")
    case("redir_servfail", moved(b"http://servfail.test/"), "bad")
    case("redir_closed_port", moved(b"http://portal.test:9/"), "bad")
    case("redir_to_404", moved(b"/nowhere"), "bad")
    case("redir_ftp", moved(b"ftp://portal.test/"), "bad")
    case("redir_file", moved(b"file:///etc/hostname"), "bad")
    case("redir_javascript", moved(b"javascript:alert(1)"), "bad")
    case("redir_junk", moved(b"http://[::1/%%%"), "bad")
    case("redir_bad_port", moved(b"http://portal.test:99999/ok"), "bad")
    case("redir_very_long", moved(b"/ok?" + b"a" * 6000))
    case("redir_left_open", [head(b"Location: /ok", start=b"HTTP/1.1 302 Found"), 12])
    case("redir_body_cut", head(b"Location: /ok", b"Content-Length: 900", start=b"HTTP/1.1 302 Found") + b"<p>")
    case("redir_gzip_body", moved(b"/ok", b"Content-Encoding: gzip", body=b"not gzip"))
    case("redir_to_text", moved(b"/ok"), contains=TEXT)
    case("redir_from_text", moved(b"/index.html", body=FAILED.encode()), "good", "what is judged is the last page",
         forbids=BROKEN)
    case("redir_down", moved(b"https://portal.test:%d/redir_down_2" % SECURE), "either", "a setting: downgrade", ca="ROOT")
    case("redir_down_allowed", moved(b"https://portal.test:%d/redir_down_2" % SECURE), "good", "by its setting", ca="ROOT",
         downgrade="allow")
    page("redir_down_2", moved(b"http://portal.test/ok"))
    case("refresh_header", ok(b"<p>wait</p>", b"Refresh: 0;url=/ok"), "wish", "a page that sends on", contains=TEXT)
    case("refresh_meta", ok(b'<html><head><meta http-equiv="refresh" content="0;url=/ok"></head></html>'), "wish",
         "a page that sends on", contains=TEXT)
    case("refresh_script", ok(b"<script>location='/ok'</script>"), "wish", "a page that sends on", contains=TEXT)


def cookies():
    def asks(name, *lines, until=lambda c: c.get("s") == "1", over=None):
        case("cookie_" + name, lambda r: ok() if until(r.cookies) else moved(over or r.path.encode(), *lines))

    asks("plain", b"Set-Cookie: s=1")
    asks("path", b"Set-Cookie: s=1; Path=/")
    asks("own_path", b"Set-Cookie: s=1; path=/cookie_own_path; HttpOnly; SameSite=Lax")
    asks("domain", b"Set-Cookie: s=1; Domain=portal.test; Path=/")
    asks("dot_domain", b"Set-Cookie: s=1; Domain=.portal.test")
    asks("several", b"Set-Cookie: a=b", b"Set-Cookie: s=1; Path=/", b"Set-Cookie: c=d; Max-Age=60",
         until=lambda c: c.get("a") == "b" and c.get("s") == "1" and c.get("c") == "d")
    asks("quoted", b'Set-Cookie: s="1"', until=lambda c: c.get("s") == '"1"')
    asks("expires", b"Set-Cookie: s=1; Expires=Wed, 21-Oct-2099 07:28:00 GMT")
    asks("odd_date", b"Set-Cookie: s=1; expires=Wednesday, 21-Oct-2099 07:28:00 GMT; path=/; version=1")
    asks("lower", b"set-cookie:s=1;path=/;;")
    asks("chinese", "Set-Cookie: s=首页; path=/".encode(), until=lambda c: c.get("s", "").encode("latin-1") == "首页".encode())
    asks("long", b"Set-Cookie: s=" + b"x" * 3000, until=lambda c: len(c.get("s", "")) == 3000)
    case("cookie_deleted", lambda r: {"": moved(b"?2", b"Set-Cookie: s=1"),
                                      "2": moved(b"?3", b"Set-Cookie: s=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT")}.get(
        r.query, status(b"400 Stale") if "s" in r.cookies else ok()))
    case("cookie_max_age_0", lambda r: {"": moved(b"?2", b"Set-Cookie: s=1"),
                                        "2": moved(b"?3", b"Set-Cookie: s=x; Max-Age=0")}.get(
        r.query, status(b"400 Stale") if "s" in r.cookies else ok()))
    case("cookie_not_for_others", moved(b"http://other.test/cookie_target", b"Set-Cookie: s=1"))
    case("cookie_foreign_domain", moved(b"http://other.test/cookie_target", b"Set-Cookie: s=1; Domain=other.test"))
    case("cookie_other_path", lambda r: (status(b"400 Stale") if "s" in r.cookies else ok()) if r.query
         else moved(b"?x", b"Set-Cookie: s=1; Path=/elsewhere"))
    case("cookie_secure", lambda r: (status(b"400 Stale") if "s" in r.cookies else ok()) if r.query
         else moved(b"?x", b"Set-Cookie: s=1; Secure"))
    page("cookie_target", lambda r: status(b"400 Foreign") if "s" in r.cookies else ok())
    case("cookie_script_521", lambda r: ok() if r.cookies.get("s") == "1"
         else status(b"521 ", b"Set-Cookie: s=1", body=b"<script>location.reload()</script>"), "wish",
         "a page that runs a script")


def filters():
    case("agent_browser", wants(lambda r: r.says("user-agent", "Mozilla/5.0")))
    case("agent_no_tool",
         wants(lambda r: not any(r.says("user-agent", w) for w in ("curl", "bot", "python", "spider", "wget", "beast"))))
    case("agent_any", wants(lambda r: r.headers.get("user-agent"), b""))
    case("agent_set", wants(lambda r: r.headers.get("user-agent") == "Own/1.0 (区政府)".encode().decode("latin-1")
                            or r.headers.get("user-agent") == "Own/1.0"), "good", "by its setting", user_agent="Own/1.0")
    case("header_set", wants(lambda r: r.headers.get("x-token") == "a b" and r.says("accept-language", "zh")), "good",
         "by its setting", headers={"X-Token": "a b", "Accept-Language": "zh-CN"})
    case("accept_html", wants(lambda r: r.says("accept", "text/html"), status(b"404 Not Found")))
    case("accept_any", wants(lambda r: r.says("accept", "*/*"), status(b"406 No")))
    case("no_close_asked", wants(lambda r: not r.says("connection", "close"), b""))
    case("one_host", wants(lambda r: r.raw.lower().count(b"\r\nhost:") == 1 and r.headers["host"] == "portal.test",
                           status(b"400 Bad")))
    case("http11_only", wants(lambda r: r.raw.split(b"\r\n")[0].endswith(b" HTTP/1.1"), status(b"505 Version")))
    case("no_body_asked", wants(lambda r: "content-length" not in r.headers and "transfer-encoding" not in r.headers
                                and not r.says("expect", "100"), status(b"417 No")))
    case("no_upgrade_asked", wants(lambda r: "http2-settings" not in r.headers and not r.says("upgrade", "h2c"),
                                   status(b"400 Bad")))
    case("get_asked", wants(lambda r: r.raw.startswith(b"GET "), status(b"405 No")))


def addresses():
    case("url_ip", url=f"http://{WEB}/ok")
    case("url_ip_port", url=f"http://{WEB}:{OLD_PORT}/ok")
    case("url_ipv6", url=f"http://[{WEB6}]/ok")
    case("url_ipv6_port", url=f"http://[{WEB6}]:{OLD_PORT}/ok")
    case("url_chinese_host", wants(lambda r: r.headers["host"].lower() == "xn--zfr164b.test"),
         url="http://政务.test/url_chinese_host")
    case("url_punycode", url="http://xn--zfr164b.test/ok")
    case("url_upper", wants(lambda r: r.headers["host"].lower() == "portal.test"), url="HTTP://PORTAL.TEST/url_upper")
    case("url_dot", url="http://portal.test./ok")
    case("url_underscore", url="http://old_server.odd.test/ok")
    case("url_port_80", wants(lambda r: r.headers["host"] == "portal.test"), url="http://portal.test:80/url_port_80")
    case("url_port_other", wants(lambda r: r.headers["host"] == f"portal.test:{OLD_PORT}"),
         url=f"http://portal.test:{OLD_PORT}/url_port_other")
    case("url_no_path", url="http://portal.test")
    case("url_query_alone", wants(lambda r: r.target == "/?url_query_alone"), url="http://portal.test?url_query_alone")
    case("url_fragment", wants(lambda r: "#" not in r.target), url="http://portal.test/url_fragment#main")
    case("url_chinese_path", url="http://portal.test/首页")
    case("url_percent_gbk", url="http://portal.test/%CA%D7%D2%B3")
    case("url_blank", url="http://portal.test/a b")
    case("url_brackets", wants(lambda r: r.query in ("a[]=1|2", "a%5B%5D=1%7C2", "a[]=1%7C2")),
         url="http://portal.test/url_brackets?a[]=1|2")
    case("url_userinfo", wants(lambda r: r.headers.get("authorization") == "Basic dTpwOnc=",
                               status(b"401 Who", b'WWW-Authenticate: Basic realm="x"')),
         "either", "a password has no place in an address", url="http://u:p%3Aw@portal.test/url_userinfo")
    case("url_closed_port", url="http://portal.test:9/", expected="bad")


declare(redirects, cookies, filters, addresses)
