#!/usr/bin/env python3
"""Puts the real hub under tests/bench/gateway.py: one person, one system, everything switched on (ticket cookie, policy,
the adapter's traffic script, the jar and Authorization of a signed-on person, access log), and hands its pid and cookie
over. --lua-rule: the policy's rule has a condition in Lua besides; --no-script: no traffic script. Further options go to
gateway.py.
"""
import html
import http.client
import os
import re
import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.parse

import gateway

ROOT = gateway.ROOT
HUB = os.path.join(ROOT, "build", "release", "hub", "yimen")
NAME = "yimen.localhost"

ADAPTER = """api: 1
id: bench
version: 1.0.0
name: {zh: 测速系统, en: Bench}
owner: 测试
category: office
level: district
zone: intranet
mark: 测
origin: {host: upstream, charset: UTF-8}
login:
  kind: http_basic
  account: own
  fields:
    - {name: username, label: {zh: 用户名, en: User name}}
    - {name: password, label: {zh: 密码, en: Password}, secret: true}
  basic: {probe: /x}
signals: {success: [{status: 200}], failure: [{status: 401}], expired: [{status: 401}]}
paths: {home: /x}
headers: {identity: [Authorization]}
"""

# What such scripts do: look at the path, state a field from what is known about the person.
TRAFFIC = """return {
    on_request = function(request)
        if request.path:sub(1, 7) == "/closed" then return {deny = {zh = "不开放", en = "closed"}} end
        return {set = {["X-Org"] = request.person.org}}
    end,
}
"""

POLICY = """roles:
  clerk: {zh: 工作人员, en: clerk}
  system_admin: {zh: 系统管理员, en: system administrator}
administrators: [system_admin]
rules:
  - id: admin
    title: {zh: 管理, en: administration}
    effect: allow
    systems: [yimen]
    when: {role: system_admin}
  - id: bench
    title: {zh: 测速, en: bench}
    effect: allow
    systems: [bench]
    when: {role: clerk}
"""
LUA_RULE = """when: {role: clerk, lua: 'return request.path:sub(1, 2) == "/x"'}"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def certificate(folder):
    """A key pair of the run's own; wrk and the browser below do not look at it."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem", "-days", "2", "-subj", f"/CN={NAME}",
                    "-addext", f"subjectAltName=DNS:{NAME},DNS:*.{NAME}"], check=True, stderr=subprocess.DEVNULL)
    return f"tls: [{{certificate: {folder}/cert.pem, key: {folder}/key.pem}}]"


def prepare(folder, port, upstream, extra="", https=False, script=True, lua_rule=False):
    password = "Aa1!" + secrets.token_urlsafe(18)
    write(folder, "adapters/bench/adapter.yaml", ADAPTER + ("traffic: {script: traffic.lua}\n" if script else ""))
    if script:
        write(folder, "adapters/bench/traffic.lua", TRAFFIC)
    write(folder, "policies/bench.yaml", POLICY.replace("when: {role: clerk}", LUA_RULE) if lua_rule else POLICY)
    config = write(folder, "yimen.yaml", f"""data_dir: {folder}/hub
adapters_dir: {folder}/adapters
policies_dir: {folder}/policies
portal_dir: {ROOT}/portal/dist
server:
  listeners: [{{address: 127.0.0.1, port: {port}, {certificate(folder) if https else "plain: true"}}}]
  hub_host: {NAME}
  public_scheme: {"https" if https else "http"}
  loops: 1
limits: {{max_connections_per_client: 16000, max_requests_per_connection: 1000000000}}
log: {{level: warn}}
district: {{name_zh: 测试区, name_en: Bench}}
systems: {{bench: {{origins: ["http://127.0.0.1:{upstream}"], max_connections: 4096}}}}
{extra}""")
    people = write(folder, "people.csv", f"username,name,phone,password\nbench,测速员,,{password}\n")
    units = write(folder, "units.csv", "code,parent,kind,name,name_en,valid_from,valid_to\nd1,,district,测试区,,,\n")
    posts = write(folder, "posts.csv", "username,org,title,roles,valid_from,valid_to\nbench,d1,科员,clerk,,\n")
    links = write(folder, "links.csv", "username,system,field,value\nbench,bench,username,b\nbench,bench,password,p\n")
    subprocess.run([HUB, "import", "--config", config, "--organisations", units, "--people", people, "--posts", posts,
                    "--keep-passwords"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([HUB, "link", "import", links, "--config", config], check=True, stdout=subprocess.DEVNULL)
    return config, password


class Browser:
    """As much of a browser as signing in takes."""

    def __init__(self, port, https=False):
        self.port, self.https, self.cookies = port, https, {}

    def send(self, method, host, target, form=None):
        if self.https:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20,
                                                     context=ssl._create_unverified_context())
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        fields = {"Host": f"{host}:{self.port}", "Accept": "text/html"}
        jar = self.cookies.setdefault(host, {})
        if jar:
            fields["Cookie"] = "; ".join(f"{k}={v}" for k, v in jar.items())
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form)
            fields |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"{'https' if self.https else 'http'}://{NAME}:{self.port}"}
        connection.request(method, target, body, fields)
        answer = connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                jar[key] = rest.split(";")[0]
        return answer, text

    def enter(self, password):
        _, page = self.send("GET", NAME, "/login?to=/go/bench")
        csrf = html.unescape(re.search(r'name="csrf" value="([^"]*)"', page).group(1))
        answer, _ = self.send("POST", NAME, "/login", {"username": "bench", "password": password, "csrf": csrf})
        for _ in range(4):
            where = urllib.parse.urlsplit(answer.getheader("Location") or "")
            if not where.path:
                break
            target = where.path + ("?" + where.query if where.query else "")
            answer, _ = self.send("GET", where.hostname or NAME, target)
        if answer.status != 200:
            raise SystemExit(f"the hub answered {answer.status} instead of the system's page")
        return "; ".join(f"{k}={v}" for k, v in self.cookies[f"bench.{NAME}"].items())


def main():
    folder = tempfile.mkdtemp(prefix="yimen-bench-")
    own = {"--lua-rule", "--no-script"}
    options = [word for word in sys.argv[1:] if word not in own]
    port, upstream_port, https = gateway.free_port(), gateway.free_port(), "--https" in options
    started = []
    try:
        upstream = subprocess.Popen(["taskset", "-c", "1", os.path.join(gateway.PROGRAMS, "bench_upstream"),
                                     str(upstream_port), "200", "1024"])
        started.append(upstream)
        gateway.wait_for(upstream_port, upstream)
        config, password = prepare(folder, port, upstream_port, https=https, script="--no-script" not in sys.argv,
                                   lua_rule="--lua-rule" in sys.argv)
        hub = subprocess.Popen(["taskset", "-c", "0", HUB, "serve", "--config", config], stdout=subprocess.DEVNULL)
        started.append(hub)
        gateway.wait_for(port, hub)
        cookie = write(folder, "cookie.txt", Browser(port, https).enter(password))
        return subprocess.run([sys.executable, os.path.join(ROOT, "tests/bench/gateway.py"), "--pid", str(hub.pid),
                               "--port", str(port), "--upstream-port", str(upstream_port), "--cookie-file", cookie,
                               "--host", f"bench.{NAME}:{port}", *options], check=False).returncode
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
