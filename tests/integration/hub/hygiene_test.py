"""Malformed and ambiguous requests through the real TLS listener, judged from the bytes a system received."""
import os
import re
import shutil

from browser import connect, exchange_raw
from raw_upstream import ADAPTER, LINKS, RULE, RawUpstream, ambiguities
from support import ROOT, HubTest

HOST = "raw-echo.yimen.localhost"
APP = "__Host-yimen-app"


def request(line="POST /open/x HTTP/1.1", *fields, body=b"", host=True, end="\r\n"):
    head = [line, *([f"Host: {HOST}"] if host else []), *fields]
    return (end.join(head) + end + end).encode("latin-1") + body


CL4, CHUNKED = "Content-Length: 4", "Transfer-Encoding: chunked"
GET = "GET /open/x HTTP/1.1"
CHUNK = b"4\r\nabcd\r\n0\r\n\r\n"


def framings():
    post = "POST /open/x HTTP/1.1"
    yield "CL+TE", request(post, CL4, CHUNKED, body=CHUNK)
    yield "TE+CL", request(post, CHUNKED, CL4, body=CHUNK)
    for value in ("+4", "-4", "4 ", "0x4", "4,4", "4, 5", "4;", "", "4a", " 4 4", "99999999999999999999", "٤", "4\x0b", "4\t4"):
        if value != "4 ":  # trailing blanks are no part of the value (RFC 9110 section 5.5)
            yield f"CL {value!r}", request(post, f"Content-Length: {value.encode('utf-8').decode('latin-1')}", body=b"abcd")
    yield "two CL", request(post, CL4, "Content-Length: 5", body=b"abcde")
    for value in ("xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked;a=b", '"chunked"', "chunked\x0b",
                  "chunked,", ",chunked", "x", "chunked chunked", "\x0bchunked", "chunk", "identity, chunked", "chunked, chunked"):
        yield f"TE {value!r}", request(post, f"Transfer-Encoding: {value}", body=CHUNK)
    yield "two TE", request(post, CHUNKED, CHUNKED, body=CHUNK)
    yield "TE in 1.0", request("POST /open/x HTTP/1.0", CHUNKED, body=CHUNK)
    for name in ("Transfer-Encoding ", "Transfer-Encoding\t", " Transfer-Encoding", "Content-Length ", "Transfer\0-Encoding",
                 "Transfer-Encoding\x0b", "Transfer Encoding"):
        yield f"name {name!r}", request(post, f"{name}: chunked", body=CHUNK)
    for chunk in (b"4\nabcd\r\n0\r\n\r\n", b"4\r\nabcd\n0\r\n\r\n", b"4\r\nabcde\r\n0\r\n\r\n", b"+4\r\nabcd\r\n0\r\n\r\n",
                  b" 4\r\nabcd\r\n0\r\n\r\n", b"0x4\r\nabcd\r\n0\r\n\r\n", b"g\r\nabcd\r\n0\r\n\r\n", b"-1\r\nabcd\r\n0\r\n\r\n",
                  b"\r\nabcd\r\n0\r\n\r\n", b"FFFFFFFFFFFFFFFFF\r\nabcd\r\n0\r\n\r\n", b"4;\nabcd\r\n0\r\n\r\n", b"4 \nabcd\r\n0\r\n\r\n",
                  b"4;a=\x00\r\nabcd\r\n0\r\n\r\n", b"4\r\r\nabcd\r\n0\r\n\r\n", b"4\r\nabcd\r\r\n0\r\n\r\n", b"4\r\nabcd0\r\n\r\n",
                  b"4\r\nabcd\r\n0\r\nContent-Length 4\r\n\r\n", b"4\r\nabcd\r\n0\r\nA: b\n\r\n"):
        yield f"chunk {chunk!r}", request(post, CHUNKED, body=chunk)


def heads():
    yield "bare LF", request(GET, "A: b", end="\n")
    yield "one bare LF", f"{GET}\r\nHost: {HOST}\nA: b\r\n\r\n".encode()
    yield "bare CR", f"{GET}\r\nHost: {HOST}\r\nA: b\rX-B: c\r\n\r\n".encode()
    yield "end LF", f"{GET}\r\nHost: {HOST}\r\nA: b\r\n\n".encode()
    yield "obs-fold", request(GET, "A: b", " c")
    yield "obs-fold tab", request(GET, "A: b", "\tc")
    yield "fold first", f"{GET}\r\n Host: {HOST}\r\n\r\n".encode()
    yield "NUL in value", request(GET, "A: b\0c")
    yield "NUL in name", request(GET, "A\0: b")
    yield "DEL in value", request(GET, "A: b\x7f")
    yield "no colon", request(GET, "AAAA")
    yield "no name", request(GET, ": b")
    yield "blank name", request(GET, "A B: c")
    yield "two Host", request(GET, "Host: qu-oa.yimen.localhost")
    yield "two equal Host", request(GET, f"Host: {HOST}")
    yield "no Host", request(GET, host=False)
    yield "empty Host", request(GET, "Host:", host=False)
    yield "Host list", request(GET, f"Host: {HOST}, qu-oa.yimen.localhost", host=False)
    yield "Host user", request(GET, f"Host: x@{HOST}", host=False)
    yield "Host path", request(GET, f"Host: {HOST}/x", host=False)
    yield "Host port", request(GET, f"Host: {HOST}:x", host=False)
    yield "absolute other", request(f"GET https://qu-oa.yimen.localhost/open/x HTTP/1.1")
    yield "absolute user", request(f"GET https://a@{HOST}/open/x HTTP/1.1")
    yield "authority form", request(f"GET {HOST}:80 HTTP/1.1")
    yield "CONNECT", request(f"CONNECT {HOST}:80 HTTP/1.1")
    yield "no slash", request("GET open/x HTTP/1.1")
    yield "star", request("GET * HTTP/1.1")
    for version in ("HTTP/1.2", "HTTP/2.0", "HTTP/1", "http/1.1", "HTTP/1.1 ", "HTTP/11.1", "HTTP/1.01", "HTPP/1.1", ""):
        yield f"version {version!r}", request(f"GET /open/x {version}")
    yield "two blanks", request("GET  /open/x HTTP/1.1")
    yield "tab in line", request("GET\t/open/x HTTP/1.1")
    yield "raw space in target", request("GET /open/x y HTTP/1.1")
    yield "raw 8 bit in target", request("GET /open/\xe4 HTTP/1.1")
    yield "fragment", request("GET /open/x#y HTTP/1.1")
    yield "NUL in target", request("GET /open/\0 HTTP/1.1")
    yield "lower method", request("ge(t /open/x HTTP/1.1")
    yield "long method", request("A" * 5000 + " /open/x HTTP/1.1")
    yield "long target", request("GET /open/" + "a" * 20000 + " HTTP/1.1")
    yield "long field", request(GET, "A: " + "b" * 40000)
    yield "many fields", request(GET, *[f"A{i}: b" for i in range(400)])


PATHS = ["/open/..%2fclosed/x", "/open/%2e%2e/closed/x", "/open/../closed/x", "/open/./../closed/x", "/open/..;/closed/x",
         "/open/..;a/closed/x", "/open/%2e%2e;/closed/x", "/open/%252e%252e/closed/x", "/open/%2e%2e%2fclosed/x", "/open/..\\closed/x",
         "/open/..%5cclosed/x", "/open/%5c..%5cclosed/x", "/open%2fx", "/open/x%00", "/open/x%2500", "/open/%", "/open/%zz", "/open/%2",
         "/open/x%252fy", "/open/x%255cy", "/open/.", "/open/..", "/closed\\x", "/open/x\\..\\..\\closed"]


class HygieneTest(HubTest):
    own_adapters = True

    @classmethod
    def new_site(cls, name):
        cls.upstream = RawUpstream()
        site = super().new_site(name)
        os.makedirs(f"{site.adapters}/raw-echo")
        with open(f"{site.adapters}/raw-echo/adapter.yaml", "w", encoding="utf-8") as file:
            file.write(ADAPTER)
        policies = f"{site.folder}/policies"
        shutil.copytree(f"{ROOT}/policies", policies)
        with open(f"{policies}/50-raw.yaml", "w", encoding="utf-8") as file:
            file.write(RULE)
        site.policies = policies
        site.write_config(systems={"raw-echo": cls.upstream.origin})
        with open(f"{site.folder}/links.csv", "w", encoding="utf-8") as file:
            file.write(LINKS)
        site.command("link", "import", f"{site.folder}/links.csv")
        return site

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.upstream.close()

    def setUp(self):
        super().setUp()
        self.upstream.clear()

    def status(self, answer):
        match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
        return int(match.group(1)) if match else 0

    def judge(self, name, data, refused):
        self.upstream.clear()
        # A whole second request behind it: a desynchronised gateway would serve it from the wrong place.
        answer = exchange_raw(self.site, data, HOST, wait=1.0)
        found = [a for stream in self.upstream.received() for a in ambiguities(stream)]
        self.assertEqual(found, [], name)
        if refused:
            self.assertIn(self.status(answer), refused, f"{name}: {answer[:200]!r}")
            self.assertEqual(self.upstream.received(), [], name)
        return answer

    def test_ambiguous_framing_is_refused_and_reaches_no_system(self):
        for name, data in framings():
            with self.subTest(name):
                chunk = name.startswith("chunk ")
                self.upstream.clear()
                answer = exchange_raw(self.site, data, HOST, wait=1.0)
                self.assertIn(self.status(answer), (400, 413, 501), f"{name}: {answer[:120]!r}")
                # A body that breaks midway may have begun to be forwarded; it must never look complete.
                for stream in self.upstream.received():
                    self.assertTrue(chunk, f"{name}: {stream!r}")
                    self.assertTrue(any("body" in a for a in ambiguities(stream)), f"{name}: {stream!r}")

    def test_malformed_heads_are_refused_and_reach_no_system(self):
        for name, data in heads():
            with self.subTest(name):
                self.judge(name, data, (400, 405, 414, 421, 431, 501, 505))

    def test_paths_with_two_readings_are_refused(self):
        for path in PATHS:
            with self.subTest(path):
                self.judge(path, request(f"GET {path} HTTP/1.1", "Connection: close"), (400,))

    def test_nothing_hides_behind_a_refused_request(self):
        hidden = request("GET /open/hidden HTTP/1.1")
        for name, data in [*framings(), *heads()]:
            with self.subTest(name):
                self.upstream.clear()
                exchange_raw(self.site, data + hidden, HOST, wait=0.5)
                self.assertFalse([s for s in self.upstream.received() if b"/open/hidden" in s], name)

    def test_honest_requests_of_every_shape_go_through_unchanged_in_meaning(self):
        big = b"x" * 70000
        honest = [request(GET), request(GET, "A: b \t"), request("HEAD /open/x HTTP/1.1"), request("GET /open/x?a=%2e%2e/b HTTP/1.1"),
                  request("POST /open/x HTTP/1.1", CL4, body=b"abcd"), request("POST /open/x HTTP/1.1", CHUNKED, body=CHUNK),
                  request("POST /open/x HTTP/1.1", "Transfer-Encoding: Chunked", body=b"4;a=b\r\nabcd\r\n0\r\nT: v\r\n\r\n"),
                  request("PUT /open/x HTTP/1.1", f"Content-Length: {len(big)}", body=big),
                  request("POST /open/x HTTP/1.1", "Content-Length: 0"), request("OPTIONS /open/x HTTP/1.1"),
                  request(f"GET https://{HOST}/open/x HTTP/1.1"), request("GET //open//x HTTP/1.1"), request("GET /%6fpen/x HTTP/1.1")]
        for data in honest:
            with self.subTest(data[:60]):
                self.upstream.clear()
                with connect(self.site, HOST, timeout=5) as link:
                    link.sendall(data)
                    self.assertEqual(self.status(link.recv(65536)), 200)
                streams = self.upstream.received()
                self.assertEqual(len(streams), 1)
                self.assertEqual(ambiguities(streams[0]), [])
        self.assertIn(b"/open/x", streams[0])

    def test_names_with_an_underscore_are_dropped_on_the_way(self):
        answer = self.judge("underscored", request(GET, "X_Remote_User: root", "Content_Length: 4", "Connection: close"), ())
        self.assertEqual(self.status(answer), 200)
        self.assertNotIn(b"_", b"".join(self.upstream.received()))

    def test_pipelined_requests_are_answered_in_order(self):
        with connect(self.site, HOST, timeout=5) as link:
            link.sendall(b"".join(request(f"GET /open/{i} HTTP/1.1") for i in range(20)))
            received = b""
            while received.count(b"HTTP/1.1 200 OK") < 20:
                part = link.recv(65536)
                self.assertTrue(part, received)
                received += part
        for stream in self.upstream.received():
            self.assertEqual(ambiguities(stream), [])

    def test_hop_by_hop_fields_and_cookies_stay_here(self):
        browser = self.browser("wangmin")
        browser.follow("/go/raw-echo")
        cookie = browser.cookie(HOST, APP)
        self.upstream.clear()
        answer = exchange_raw(self.site, request("GET /x HTTP/1.1", f"Cookie: a=b; {APP}={cookie}; __Host-yimen=c",
                                                 "Connection: close, X-Remote-User, X-Secret", "X-Secret: s", "Keep-Alive: 5",
                                                 "TE: trailers", "Proxy-Authorization: Basic x", "Upgrade-Insecure-Requests: 1",
                                                 "Authorization: Bearer x", "Expect: 100-continue"), HOST, wait=2)
        self.assertIn(b"200 OK", answer)
        bytes_seen = b"".join(self.upstream.received()).lower()
        for forbidden in (b"cookie:", b"x-secret", b"keep-alive:", b"\r\nte:", b"authorization", cookie.lower().encode(),
                          b"connection: x-remote"):
            self.assertNotIn(forbidden, bytes_seen)
        self.assertEqual(bytes_seen.count(b"x-remote-user: raw_wangmin"), 1)
        self.assertIn(f"host: {self.upstream.origin[7:]}".encode(), bytes_seen)
