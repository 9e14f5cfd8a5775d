#!/usr/bin/env python3
"""What the demo writes and says: its configuration, DATA/demo.json, the guide on the terminal; and it gives one person
an authenticator whose key stands in DATA/demo.json, so that codes can be tried without a phone.

usage: demo.py config|sources|enrol|fill|record|guide DATA PORT
       demo.py code DATA            the one-time code of the demo person with an authenticator, now
"""
import base64
import hashlib
import hmac
import http.client
import json
import os
import shlex
import socket
import ssl
import struct
import sys
import time


# The emergency bureau may export video, with a second factor.
AUTHENTICATOR = "gaofeng"
# Looks after the shared database.
STEWARD = "sunshu"


def load(data, name):
    with open(os.path.join(data, name), encoding="utf-8") as file:
        return json.load(file)


def config(data, port):
    root = os.getcwd()
    zoo = load(data, "zoo.json")
    lines = [
        f"data_dir: {data}/hub",
        f"adapters_dir: {root}/adapters",
        f"policies_dir: {root}/policies",
        f"portal_dir: {root}/portal/dist",
        "server:",
        "  listeners:",
        "    - address: 127.0.0.1",
        f"      port: {port}",
        f"      tls: [{{certificate: {data}/tls/hub.crt, key: {data}/tls/hub.key}}]",
        "  hub_host: yimen.localhost",
        "sync: {sources: sources}",
        "district: {name_zh: 滨海新城区, name_en: Binhai New District}",
        "systems:",
    ]
    for system, where in sorted(zoo["systems"].items()):
        lines.append(f"  {system}: {{origins: [\"{where['origin']}\"]}}")
    print("\n".join(lines))


def sources(data, _port):
    """Where each data side is, as somebody on the spot would write it; what its secrets are, for the hub's environment."""
    os.makedirs(f"{data}/sources", mode=0o700, exist_ok=True)
    environment = {}
    for system, where in load(data, "data-sides.json")["systems"].items():
        with open(f"{data}/sources/{system}.yaml", "w", encoding="utf-8") as file:
            json.dump(where["source"], file)
        environment.update(where["env"])
    with open(os.open(f"{data}/sources.env", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"{name}={shlex.quote(value)}\n" for name, value in sorted(environment.items()))


class Hub:
    """Enough of a browser to sign in and call the API."""

    def __init__(self, data, port):
        self.port, self.cookies = int(port), {}
        self.tls = ssl.create_default_context(cafile=f"{data}/tls/ca.crt")
        self.origin = f"https://yimen.localhost:{port}"

    def call(self, method, path, body=None, kind="application/json", headers=None):
        link = http.client.HTTPSConnection("yimen.localhost", self.port, context=self.tls, timeout=20)
        link.sock = self.tls.wrap_socket(socket.create_connection(("127.0.0.1", self.port), 20),
                                         server_hostname="yimen.localhost")
        fields = {"Origin": self.origin, "Content-Type": kind, **(headers or {}),
                  "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        link.request(method, path, body=body, headers=fields)
        answer = link.getresponse()
        text = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        link.close()
        if answer.status >= 400:
            sys.exit(f"error: {method} {path} answered {answer.status}")
        return json.loads(text) if text.startswith("{") else text

    def api(self, method, path, body):
        token = {"X-CSRF-Token": self.call("GET", "/api/v1/me")["csrf_token"]}
        return self.call(method, path, json.dumps(body), headers=token)


def code_of(secret):
    """RFC 6238: what an authenticator app shows now."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000:06d}"


def signed_in(data, port, username):
    account = next(a for a in load(data, "district/accounts.json") if a["username"] == username)
    hub = Hub(data, port)
    hub.call("POST", "/api/v1/session", json.dumps({"username": username, "password": account["password"]}))
    return hub, account


def sign_out(hub):
    """Ends the sessions of the account, the one in use last."""
    for session in sorted(hub.call("GET", "/api/v1/me/sessions")["items"], key=lambda one: one["current"]):
        hub.api("DELETE", "/api/v1/me/sessions/" + session["id"], None)


def enrol(data, port):
    """Once per data folder, the way a person does it."""
    kept = os.path.join(data, "second-factor.json")
    if os.path.exists(kept):
        return
    hub, account = signed_in(data, port, AUTHENTICATOR)
    setup = hub.api("POST", "/api/v1/me/second-factor/setup", {"password": account["password"]})
    secret = setup["secret"].replace(" ", "")
    done = hub.api("POST", "/api/v1/me/second-factor",
                   {"setup": setup["setup"], "code": code_of(secret), "name": "演示验证器"})
    with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump({"username": AUTHENTICATOR, "secret": secret, "uri": setup["uri"],
                   "recovery_codes": done["recovery_codes"]}, file, ensure_ascii=False)
    sign_out(hub)


def fill(data, port):
    """Once per data folder: every item that is supplied runs, so that there is something to see."""
    kept = os.path.join(data, "filled")
    if os.path.exists(kept):
        return
    hub, _ = signed_in(data, port, STEWARD)
    for job in hub.call("GET", "/api/v1/sync/jobs")["items"]:
        hub.api("POST", "/api/v1/sync/jobs/" + job["item"], {"action": "run_full"})
    sign_out(hub)
    with open(kept, "w", encoding="utf-8"):
        pass


def code(data):
    print(code_of(load(data, "second-factor.json")["secret"]))


def record(data, port):
    zoo = load(data, "zoo.json")
    catalogue = {s["id"]: s for s in load("tests/zoo", "systems.json")}
    systems = []
    for system in sorted(zoo["systems"]):
        entry = catalogue.get(system, {})
        systems.append({
            "id": system,
            "name": entry.get("name_zh", system),
            "login_kind": entry.get("kind", ""),
            "url": f"https://{system}.yimen.localhost:{port}",
        })
    accounts = load(data, "district/accounts.json")
    print(json.dumps({
        "base_url": f"https://yimen.localhost:{port}",
        "ca_file": f"{data}/tls/ca.crt",
        "accounts": accounts["accounts"] if isinstance(accounts, dict) else accounts,
        "second_factor": load(data, "second-factor.json"),
        "systems": systems,
        "data_sides": load(data, "data-sides.json")["systems"],
        "zoo": {s: {"control_url": w["control_url"]} for s, w in zoo["systems"].items()},
    }, ensure_ascii=False, indent=1))


def guide(data, port):
    demo = load(data, "demo.json")
    print(f"\n一门 Yimen  {demo['base_url']}\n")
    print("账号 / accounts (passwords were made for this data folder; they stand in demo.json)")
    for account in demo["accounts"]:
        roles = ",".join(account["roles"])
        print(f"  {account['username']:<12} {account['password']:<20} {account['name']}  {roles}  "
              f"{len(account['systems'])} systems")
    first = demo["accounts"][0]
    print(f"""
试一试 / what to try
  1. 打开 {demo['base_url']} 登录 {first['username']}（浏览器会提示自签证书：导入 {demo['ca_file']} 或继续）。
     Sign in; the certificate is signed by the throw-away authority above.
  2. 在门户里打开十个系统，不再输入任何口令。  Open ten systems from the portal: no further password.
  3. 用 {AUTHENTICATOR} 登录，在雪亮工程视频共享平台中点“导出”：需要验证码，用这条命令取得（每 30 秒一个）：
     Sign in as {AUTHENTICATOR}, open dl-video, choose 导出: a one-time code is asked for. This prints it:
       python3 scripts/demo.py code {data}
     或把 demo.json 中 second_factor.uri 存入手机验证器。 Or put second_factor.uri of demo.json into an app.
  4. 用 sunshu（数据专员）登录，点“数据”：目录、正在同步的作业、死信。
     Sign in as sunshu, a data steward, and choose 数据: the catalogue, jobs that run, refused records.
  5. 退出登录，看每个系统的退出结果。  Sign out and see what each system answered.
  数据 / data: {data}    停止 / stop: scripts/start --stop --data {data}
""")


if __name__ == "__main__":
    if sys.argv[1] == "code":
        code(sys.argv[2])
    else:
        command, data_dir, port_number = sys.argv[1:4]
        {"config": config, "sources": sources, "enrol": enrol, "fill": fill, "record": record, "guide": guide}[command](data_dir, port_number)
