"""A system that writes down every byte it gets: what a request became is judged from these bytes, not from answers."""
import re
import socket
import threading
import time

ADAPTER = """\
api: 1
id: raw-echo
version: 1.0.0
name: {zh: 字节记录, en: Raw bytes}
aliases: [字节]
owner: 测试
category: supervision
level: district
zone: intranet
mark: 字

origin: {host: upstream, charset: UTF-8}

login:
  kind: trusted_header
  account: assigned
  fields:
    - {name: username, label: {zh: 用户, en: User}}
  system_secrets: [header_key]
  header:
    probe: /probe
    headers: {X-Remote-User: "{username}"}
    time_header: X-Remote-Time
    signature_header: X-Remote-Sig
    signed: "{X-Remote-User}\\n{time}\\n{method}\\n{target}"
    key: header_key
    hash: sm3

signals:
  success: [{status: 200}]
  failure: [{status: 403}]
  expired: [{status: 401}]

paths:
  home: /
  public: [/open/**]
  denied: [/closed/**]

rewrite: {location: true}

headers:
  identity: [X-Remote-*]
"""

RULE = """\
rules:
  - id: raw-for-staff
    title: {zh: 测试, en: Test}
    effect: allow
    systems: [raw-echo]
    when: {role: clerk}
    granted_by: 测试
"""

LINKS = "username,system,field,value\n,raw-echo,header_key,0123456789abcdef0123456789abcdef\nwangmin,raw-echo,username,raw_wangmin\n"


class RawUpstream:
    """Keeps connections open and answers 200 to each request as it understands it (Content-Length and chunked)."""

    def __init__(self):
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._streams = []
        self.delay = 0.0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._listener.close()

    def clear(self):
        with self._lock:
            for stream in self._streams:
                stream.clear()

    def received(self):
        """All bytes of all connections since clear(), probes of the sign-on left out."""
        with self._lock:
            return [bytes(s) for s in self._streams if s and b" /probe HTTP" not in bytes(s)]

    def _accept(self):
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            stream = bytearray()
            with self._lock:
                self._streams.append(stream)
            threading.Thread(target=self._serve, args=(link, stream), daemon=True).start()

    def _serve(self, link, stream):
        pending = b""
        with link:
            while True:
                try:
                    part = link.recv(65536)
                except OSError:
                    return
                if not part:
                    return
                with self._lock:
                    stream += part
                pending += part
                while True:
                    length = _message_length(pending)
                    if length is None:
                        break
                    pending = pending[length:]
                    time.sleep(self.delay)
                    try:
                        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok")
                    except OSError:
                        return


def _message_length(data):
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = data[:end].decode("latin-1").lower()
    size = re.search(r"\r\ncontent-length: *(\d+)", head)
    if size:
        total = end + 4 + int(size.group(1))
        return total if len(data) >= total else None
    if "transfer-encoding" in head:
        last = data.find(b"0\r\n\r\n", end)
        return last + 5 if last >= 0 else None
    return end + 4


FIELD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+: [^\r\n\0]*\Z|[!#$%&'*+.^_`|~0-9A-Za-z-]+:\Z")


def ambiguities(data):
    """What a strict reader of the system's side would object to in one connection's bytes; [] when nothing."""
    found = []
    while data:
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return found + [f"no end of head: {data[:80]!r}"]
        first, *fields = data[:end].split(b"\r\n")
        if not re.fullmatch(rb"[A-Z]+ /[\x21-\x7e]* HTTP/1\.1", first):
            found.append(f"request line {first!r}")
        found += [f"field {f!r}" for f in fields if not FIELD.match(f)]
        names = [f.split(b":")[0].lower() for f in fields]
        values = dict(f.split(b":", 1) for f in (x.lower() for x in fields) if b":" in f)
        for name in (b"host", b"content-length", b"transfer-encoding"):
            if names.count(name) > 1:
                found.append(f"{name!r} twice")
        if names.count(b"host") != 1:
            found.append("not one Host")
        if b"content-length" in values and b"transfer-encoding" in values:
            found.append("both framings")
        if values.get(b"transfer-encoding", b"chunked").strip() != b"chunked":
            found.append("coding")
        length = _strict_body(data[end + 4:], values)
        if length is None:
            return found + [f"body {data[end + 4:end + 60]!r}"]
        data = data[end + 4 + length:]
    return found


def _strict_body(data, values):
    if b"content-length" in values:
        text = values[b"content-length"].strip()
        return int(text) if text.isdigit() and len(data) >= int(text) else None
    if b"transfer-encoding" not in values:
        return 0
    at = 0
    while True:
        match = re.match(rb"([0-9a-fA-F]{1,8})\r\n", data[at:])
        if not match:
            return None
        size = int(match.group(1), 16)
        at += match.end()
        if data[at + size:at + size + 2] != b"\r\n" and size:
            return None
        if size == 0:
            return at + 2 if data[at:at + 2] == b"\r\n" else None
        at += size + 2
