"""A mapping and a source that are replaced while the hub runs are in force after a reload, all or nothing."""
import os
import unittest

from data_test import EVENTS, fill
from postgres import Postgres
from support import HubTest, until

ITEM = "ZS-SQ-013"


class DataReloadTest(HubTest):
    @classmethod
    def new_site(cls, name):
        site = super().new_site(name)
        os.mkdir(f"{site.folder}/sources")
        site.write_config(more=f"sync: {{sources: {site.folder}/sources}}")
        return site

    def setUp(self):
        super().setUp()
        self.postgres = Postgres()
        self.addCleanup(self.postgres.stop)
        self.postgres.sql(EVENTS)
        self.postgres.sql(fill(1, 30))
        self.admin = self.browser("ligong")
        self.source = f"{self.site.folder}/sources/qu-grid.yaml"
        self.mapping = f"{self.site.adapters}/qu-grid/data.yaml"

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def reload(self):
        return self.admin.api("POST", "/api/v1/admin/reload")

    def run_item(self):
        return self.admin.api("POST", f"/api/v1/sync/jobs/{ITEM}", {"action": "run_full"})

    def runs(self):
        return self.admin.api("GET", f"/api/v1/sync/runs?item={ITEM}").json()["items"]

    def ended(self, count):
        return until(lambda: [r["state"] for r in self.runs()[:1]] == ["done"] and len(self.runs()) == count)

    def key_title(self):
        return self.admin.api("GET", f"/api/v1/data/items/{ITEM}").json()["fields"][0]["title"]

    def test_what_a_reload_brings_and_what_it_refuses(self):
        self.assertEqual(self.run_item().status, 404, "nothing says where the data is")
        self.write(self.source, f"kind: postgresql\nhost: {self.postgres.folder}\ndatabase: postgres\nuser: postgres\n")
        self.assertEqual(self.reload().status, 200)
        self.assertEqual(self.run_item().status, 200)
        self.assertTrue(self.ended(1), self.runs())
        self.assertEqual(self.runs()[0]["counters"]["inserted"], 30)

        with open(self.mapping, encoding="utf-8") as file:
            good = file.read()
        self.write(self.mapping, good.replace("{to: title, from: title", "{to: title, from: content", 1)
                   .replace("title: 事件编号", "title: 事件流水号"))
        self.assertEqual(self.key_title(), "事件编号", "a file alone changes nothing")
        self.assertEqual(self.reload().status, 200)
        self.assertEqual(self.key_title(), "事件流水号")
        self.assertEqual(self.run_item().status, 200)
        self.assertTrue(self.ended(2), self.runs())
        self.assertEqual(self.runs()[0]["counters"]["updated"], 30, "every title comes from another column now")

        self.write(self.mapping, good.replace("from: event_no", "from: [event_no", 1))
        refused = self.reload()
        self.assertEqual((refused.status, refused.json()["code"]), (422, "config"), refused)
        self.assertRegex(str(refused.json()["fields"]), r"qu-grid/data\.yaml:\d+:\d+")
        self.assertEqual(self.key_title(), "事件流水号", "the former definitions stay in force")
        self.write(self.mapping, good)
        os.remove(self.source)
        self.assertEqual(self.reload().status, 200)
        self.assertEqual(self.run_item().status, 404, "an item without a source has no job")


if __name__ == "__main__":
    unittest.main()
