#!/usr/bin/env python3
"""What the demo writes and says: its configuration, DATA/demo.json, and the guide on the terminal.

usage: demo.py config|record|guide DATA PORT
"""
import json
import os
import sys


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
        "district: {name_zh: 滨海新城区, name_en: Binhai New District}",
        "systems:",
    ]
    for system, where in sorted(zoo["systems"].items()):
        lines.append(f"  {system}: {{origins: [\"{where['origin']}\"]}}")
    print("\n".join(lines))


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
        "systems": systems,
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
  3. 退出登录，看每个系统的退出结果。  Sign out and see what each system answered.
  数据 / data: {data}    停止 / stop: scripts/start --stop --data {data}
""")


if __name__ == "__main__":
    command, data_dir, port_number = sys.argv[1:4]
    {"config": config, "record": record, "guide": guide}[command](data_dir, port_number)
