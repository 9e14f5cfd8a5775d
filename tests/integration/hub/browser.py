"""A strict little browser for the tests: own cookie jar, own host names, one certificate authority, raw bytes."""
import http.client
import json
import os
import re
import socket
import ssl
import threading
import time
from html import unescape
from urllib.parse import urlencode, urlsplit

PAGE = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
SCRIPT = {"Accept": "application/json", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty",
          "Sec-Fetch-Site": "same-origin"}
TIME_FACTOR = float(os.environ.get("YIMEN_TIME_FACTOR", "1"))
_contexts = {}
_contexts_lock = threading.Lock()


def tls_context(ca_file):
    """Trusts that authority and nothing else; checks names."""
    with _contexts_lock:
        if ca_file not in _contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(ca_file)
            _contexts[ca_file] = context
        return _contexts[ca_file]


def connect(site, host, timeout=20.0):
    """A TLS connection to the hub under `host`; every name of the site is this machine."""
    plain = socket.create_connection(("127.0.0.1", site.port), timeout=timeout)
    try:
        return tls_context(site.ca_file).wrap_socket(plain, server_hostname=host)
    except Exception:
        plain.close()
        raise


def exchange_raw(site, data, host="yimen.localhost", wait=5.0):
    """Sends `data` as it is and returns all bytes until the hub closes or is silent for `wait` seconds."""
    with connect(site, host, timeout=wait) as link:
        received = b""
        try:
            link.sendall(data)
            while True:
                part = link.recv(65536)
                if not part:
                    break
                received += part
        except (TimeoutError, socket.timeout, ConnectionError, ssl.SSLError):
            pass
        return received


class _Connection(http.client.HTTPSConnection):
    def __init__(self, site, host):
        super().__init__(host, site.port, timeout=60, context=tls_context(site.ca_file))
        self._site = site

    def connect(self):
        self.sock = connect(self._site, self.host, timeout=60)


class Answer:
    def __init__(self, url, response, body):
        self.url = url
        self.status = response.status
        self.fields = response.getheaders()
        self.body = body

    def header(self, name, default=""):
        return next((v for k, v in self.fields if k.lower() == name.lower()), default)

    def headers(self, name):
        return [v for k, v in self.fields if k.lower() == name.lower()]

    @property
    def text(self):
        match = re.search(r"charset=([\w-]+)", self.header("Content-Type"))
        charset = match.group(1) if match else "utf-8"
        return self.body.decode("gb18030" if charset.lower() in ("gbk", "gb2312") else charset, "replace")

    @property
    def location(self):
        return self.header("Location")

    def json(self):
        return json.loads(self.body)

    def field(self, name):
        """Value of a hidden field of the page."""
        for tag in re.findall(r"<input\b[^>]*>", self.text):
            if re.search(rf'\bname="{re.escape(name)}"', tag):
                value = re.search(r'\bvalue="([^"]*)"', tag)
                return unescape(value.group(1)) if value else ""
        raise AssertionError(f"no field {name} in {self.status} {self.url}:\n{self.text[:600]}")

    def __repr__(self):
        return f"<{self.status} {self.url} -> {self.location} {self.body[:160]!r}>"


class Browser:
    """Cookies are kept per host name, as `__Host-` cookies are. Not for several threads at once: see twin()."""

    def __init__(self, site):
        self.site = site
        self.jar = {}
        self._links = {}
        self._csrf = None
        self.username = None

    def twin(self):
        """Another tab of the same browser, with connections of its own."""
        other = Browser(self.site)
        other.jar = {host: dict(cookies) for host, cookies in self.jar.items()}
        other._csrf, other.username = self._csrf, self.username
        return other

    def close(self):
        for link in self._links.values():
            link.close()
        self._links.clear()

    def cookie(self, host, name):
        return self.jar.get(host, {}).get(name)

    def request(self, method, url, headers=None, body=None, cookies=True):
        """One request without following anything. `url` may be a path of the hub host."""
        parts = urlsplit(url if "//" in url[:9] else self.site.url + url)
        host = parts.hostname
        target = (parts.path or "/") + ("?" + parts.query if parts.query else "")
        fields = dict(PAGE if headers is None else headers)
        jar = self.jar.get(host, {})
        if cookies and jar:
            own = fields.pop("Cookie", None)
            mine = "; ".join(f"{k}={v}" for k, v in jar.items())
            fields["Cookie"] = f"{mine}; {own}" if own else mine
        response, data = self._send(method, host, target, fields, body)
        self._remember(host, response)
        return Answer(f"https://{host}:{self.site.port}{target}", response, data)

    def _send(self, method, host, target, fields, body):
        fresh = host not in self._links
        link = self._links.setdefault(host, _Connection(self.site, host))
        try:
            link.request(method, target, body=body, headers=fields)
            response = link.getresponse()
            return response, response.read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
            self._links.pop(host).close()
            if fresh or method not in ("GET", "HEAD"):
                raise
            return self._send(method, host, target, fields, body)
        except Exception:
            self._links.pop(host).close()
            raise

    def _remember(self, host, response):
        jar = self.jar.setdefault(host, {})
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            if "max-age=0" in line.lower():
                jar.pop(name.strip(), None)
            else:
                jar[name.strip()] = value.strip()

    def get(self, url, headers=None, **kw):
        return self.request("GET", url, headers, **kw)

    def follow(self, url, headers=None, hops=12):
        """GET with redirects; the last answer."""
        for _ in range(hops):
            answer = self.get(url, headers)
            if answer.status not in (301, 302, 303, 307) or not answer.location:
                return answer
            base = urlsplit(answer.url)
            url = answer.location
            if url.startswith("/"):
                url = f"{base.scheme}://{base.netloc}{url}"
        raise AssertionError(f"more than {hops} redirects, last {answer!r}")

    def post(self, url, fields, headers=None):
        own = {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.site.url}
        return self.request("POST", url, {**PAGE, **own, **(headers or {})}, urlencode(fields).encode())

    def sign_in(self, account, to=None, expect=303):
        """Through the form of the login page, as a person does."""
        page = self.get("/login" + ("?" + urlencode({"to": to}) if to else ""))
        answer = self.post("/login", {"csrf": page.field("csrf"), "to": page.field("to"),
                                      "username": account["username"], "password": account["password"]})
        if expect is not None and answer.status != expect:
            raise AssertionError(f"sign-in of {account['username']}: {answer!r}")
        self._csrf, self.username = None, account["username"]
        return answer

    def me(self):
        answer = self.get("/api/v1/me", SCRIPT)
        if answer.status == 200:
            self._csrf = answer.json()["csrf_token"]
        return answer

    def api(self, method, path, body=None, headers=None, csrf=True):
        """A call of the portal's script."""
        fields = dict(SCRIPT)
        data = None
        if method != "GET":
            fields["Origin"] = self.site.url
            if csrf:
                if self._csrf is None:
                    self.me()
                fields["X-CSRF-Token"] = self._csrf or "none-of-this-session"
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            fields["Content-Type"] = "text/csv" if isinstance(body, bytes) else "application/json"
        return self.request(method, path, {**fields, **(headers or {})}, data)

    def enter(self, system, to=None):
        """From the portal into a system; the first page of the system."""
        return self.follow(f"/go/{system}" + ("?" + urlencode({"to": to}) if to else ""))

    def sign_out(self):
        page = self.get("/logout")
        return self.post("/logout", {"csrf": page.field("csrf")})

    def sign_out_if_in(self):
        page = self.get("/logout")
        if page.status == 200:
            self.post("/logout", {"csrf": page.field("csrf")})


def patience(seconds):
    """How long something may take here: longer under a sanitizer (YIMEN_TIME_FACTOR)."""
    return seconds * TIME_FACTOR


def until(condition, seconds=10.0, step=0.05):
    """Waits for `condition` to become true; its last value."""
    end = time.monotonic() + patience(seconds)
    while True:
        value = condition()
        if value or time.monotonic() > end:
            return value
        time.sleep(step)
