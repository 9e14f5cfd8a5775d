"""What changed in an item goes on to Kafka and comes back: files -> shared database -> kafka-sink -> topic -> kafka ->
shared database, with the real program. The broker is tests/plugins/real/kafka_broker.py, a simulation: there is no Kafka
in Debian."""
import json
import os
import random
import shutil
import subprocess
import tempfile
import unittest

from support import HUB, PATIENCE, ROOT, DataTest

FIELDS = """
      - {to: id, from: id, type: text, key: true, title: 编号}
      - {to: n, from: n, type: integer, title: 数}
      - {to: area, from: area, type: decimal, title: 面积}
      - {to: person, from: person, type: text, personal: name, title: 姓名}
      - {to: at, from: at, type: datetime, date: ["yyyy-MM-dd HH:mm:ss", iso], title: 时间}"""


def plugin(name):
    return os.path.join(os.path.dirname(os.path.dirname(HUB)), "plugins", f"{name}.so")


class PublishTest(unittest.TestCase):
    sync = DataTest.sync
    run_items = DataTest.run_items
    sql = DataTest.sql

    def setUp(self):
        self.assertTrue(os.path.exists(plugin("kafka-sink")), "the kafka plugins were not built: scripts/install test")
        self.folder = tempfile.mkdtemp(prefix="yimen-publish-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.env = dict(os.environ)
        self.broker = subprocess.Popen(
            ["python3", f"{ROOT}/tests/plugins/real/kafka_broker.py", "--topic", "A-1:3", "--user", "yimen:the-word",
             "--delay", "0.05"],
            stdout=subprocess.PIPE, text=True)
        self.addCleanup(self.broker.wait)
        self.addCleanup(self.broker.stdout.close)
        self.addCleanup(self.broker.kill)
        self.connection = {"brokers": [f"127.0.0.1:{self.broker.stdout.readline().strip()}"], "tls": "off",
                           "sasl": "plain", "user": "yimen", "password": "env:KAFKA_WORD"}
        self.env["KAFKA_WORD"] = "the-word"
        for folder in ("sources", "sinks", "drop", "policies", "adapters/giver", "adapters/taker"):
            os.makedirs(f"{self.folder}/{folder}")
        self.write("adapters/giver/data.yaml", """api: 1
system: giver
source: {kind: files, folder: /nowhere}
items:
  - code: A-1
    table: given
    title: {zh: 给出}
    read: {pattern: "*.csv", holds: everything, ready: {stable: 0s}, format: csv, columns: [id, n, area, person, at]}
    deletes: {how: absent}
    guard: {max_share: 100%}
    fields:""" + FIELDS)
        self.write("adapters/taker/data.yaml", """api: 1
system: taker
source: {kind: kafka, brokers: []}
items:
  - code: B-1
    table: taken
    title: {zh: 取得}
    read: {topic: A-1, columns: [id, n, area, person, at], key: [id]}
    deletes: {how: feed}
    fields:""" + FIELDS)
        self.write("sources/giver.yaml", json.dumps({"kind": "files", "folder": f"{self.folder}/drop"}))
        self.write("sources/taker.yaml", json.dumps({"kind": "kafka", **self.connection}))
        self.sink(personal=True)
        allow = {}
        for name in ("kafka", "kafka-sink"):
            done = subprocess.run(["sha256sum", plugin(name)], capture_output=True, text=True, check=True)
            allow[name] = done.stdout.split()[0]
        self.write("yimen.yaml", f"""data_dir: {self.folder}/data
adapters_dir: {self.folder}/adapters
policies_dir: {self.folder}/policies
server: {{hub_host: yimen.localhost, listeners: [{{address: 127.0.0.1, port: 8443, plain: true}}]}}
district: {{name_zh: 测试区, name_en: Test}}
sync: {{sources: sources, sinks: sinks}}
plugins: {json.dumps({"dir": os.path.dirname(plugin("kafka")), "allow": allow})}
""")

    def write(self, name, text):
        with open(f"{self.folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    def sink(self, **more):
        self.write("sinks/bus.yaml", json.dumps({"kind": "kafka-sink", "items": ["A-1"], "sink": self.connection, **more}))

    def give(self, name, rows):
        self.write(f"drop/{name}.csv", "id,n,area,person,at\n" + "".join(",".join(row) + "\n" for row in rows))

    def table(self, name, columns="id, n, area, person, at"):
        return self.sql(f"SELECT {columns} FROM {name} ORDER BY id")

    @staticmethod
    def rows(numbers, n="1"):
        return [[f"k{i}", n, "1.10", "张三", "2026-05-01 08:00:00"] for i in numbers]

    def test_what_changed_comes_out_of_the_topic_once_and_in_order(self):
        self.give("1", self.rows(range(500)))
        self.run_items("A-1", "--full")
        self.assertIn("inserted 500", self.run_items("B-1"))
        self.assertEqual(self.table("given"), self.table("taken"))
        self.assertEqual(len(self.table("taken")), 500)
        # 400 go, 50 change, 10 come: the topic gets these and nothing else.
        self.give("2", self.rows(range(50), "2") + self.rows(range(50, 100)) + self.rows(range(900, 910)))
        self.run_items("A-1", "--full")
        self.assertIn("read 460 = inserted 10 + updated 50 + unchanged 0 + rejected 0 + deduped 0 + deleted 400",
                      self.run_items("B-1"))
        self.assertEqual(self.table("given"), self.table("taken"))
        self.assertIn("written 0, deleted 0", self.sync("publish", "A-1"))
        self.assertIn("read 0 ", self.run_items("B-1"))

    def test_a_publisher_that_is_killed_again_and_again_gives_each_record_once(self):
        self.env["KAFKA_WORD"] = "guessed"  # the run itself does not publish
        self.give("1", self.rows(range(20_000)))
        self.run_items("A-1", "--full")
        self.env["KAFKA_WORD"] = "the-word"
        chance, kills = random.Random(5), 0
        for _ in range(40):
            with subprocess.Popen([HUB, "sync", "publish", "A-1", "--config", f"{self.folder}/yimen.yaml"], env=self.env,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as publisher:
                try:
                    self.assertEqual(publisher.wait(0.2 + chance.random()), 0)
                    break
                except subprocess.TimeoutExpired:
                    publisher.kill()
                    kills += 1
        self.sync("publish", "A-1")
        self.assertGreater(kills, 1)
        # Once more would be `deduped` or `unchanged`.
        self.assertIn("read 20000 = inserted 20000 + updated 0 + unchanged 0", self.run_items("B-1"))
        self.assertEqual(self.table("given"), self.table("taken"))

    def test_personal_fields_stay_unless_the_site_says_so(self):
        self.sink()
        self.give("1", self.rows(range(3)))
        self.run_items("A-1", "--full")
        self.run_items("B-1")
        self.assertEqual(self.table("taken", "id, n, person"), [("k0", 1, None), ("k1", 1, None), ("k2", 1, None)])

    def test_a_sink_that_was_away_gets_everything_later(self):
        self.env["KAFKA_WORD"] = "guessed"
        self.give("1", self.rows(range(3)))
        self.run_items("A-1", "--full")  # the run itself is well
        out = subprocess.run([HUB, "sync", "publish", "A-1", "--config", f"{self.folder}/yimen.yaml"], env=self.env,
                             capture_output=True, text=True, timeout=60 * PATIENCE, check=False)
        self.assertEqual(out.returncode, 1)
        self.assertIn("check user, password", out.stdout + out.stderr)
        self.assertNotIn("guessed", out.stdout + out.stderr)
        self.env["KAFKA_WORD"] = "the-word"
        self.assertIn("written 3, deleted 0", self.sync("publish", "all"))
        self.run_items("B-1")
        self.assertEqual(self.table("given"), self.table("taken"))

    def test_a_wrong_file_is_said_with_its_place(self):
        self.write("sinks/bus.yaml", "kind: kafka-sink\nitems: [NO-SUCH]\nsink: {brokers: [x]}\n")
        out = subprocess.run([HUB, "sync", "publish", "A-1", "--config", f"{self.folder}/yimen.yaml"], env=self.env,
                             capture_output=True, text=True, timeout=60 * PATIENCE, check=False)
        self.assertEqual(out.returncode, 1)
        self.assertIn("bus.yaml:2:", out.stdout + out.stderr)
        self.assertIn("NO-SUCH", out.stdout + out.stderr)


if __name__ == "__main__":
    unittest.main()
