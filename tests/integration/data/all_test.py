"""Every system that supplies records, in one run, into either shared database: equal to the sources by hash."""
import json
import os
import sys

sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from postgres import Postgres
from support import DataTest

# What the mapping leaves out by intent: numbers of citizens stay where they are.
WITHOUT = {"ZS-MS-001": ("id_no", "name")}


class AllTest(DataTest):
    """`systems` empty: all of them."""

    def test_every_system_is_copied_in_one_run(self):
        self.assertEqual(len(self.simulators.systems), 43)
        lines = self.sync("run", "all").splitlines()
        items = [(system, item) for system, what in self.simulators.systems.items() for item in what["items"]]
        # Each item of each system ran, and each run balances.
        self.assertEqual(sorted(line.split()[0] for line in lines if " run " in line), sorted(item for _, item in items))
        self.assertNotIn("NOT BALANCED", "".join(lines))
        wrong = []
        for system, item in items:
            try:
                self.assert_true_copy(system, item, WITHOUT.get(item, ()))
            except AssertionError as error:
                wrong.append(f"{system}: {error}")
        self.assertEqual(wrong, [])
        self.assertEqual({s: r for s in self.simulators.systems if (r := self.refusals(s))}, {}, "honest readers")


class AllIntoPostgresTest(AllTest):
    """The same into PostgreSQL."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.postgres = Postgres()
        cls.addClassCleanup(cls.postgres.stop)

    def database(self):
        return f"database: postgresql, postgresql: {{host: {self.postgres.folder}, database: postgres, user: postgres}}, "

    def sql(self, text, *values):
        for value in values:
            text = text.replace("?", f"'{value}'", 1)
        rows = self.postgres.sql(f"SET TimeZone = 'Asia/Shanghai'; SELECT to_json(_row) FROM ({text}) _row")
        return [list(json.loads(row).values()) for row in rows]

    @staticmethod
    def cell(name, kind):
        made = {"boolean": "{}::int", "datetime": "replace({}::text, ' ', 'T') || ':00'", "json": "{}::text"}
        return f"""{made.get(kind, '{}::text').format(f'"{name}"')} AS "{name}\""""
