"""What every data side has to show: equal to its simulator's record after the first load and after a day's work."""
from support import DataTest


class FollowingTest(DataTest):
    def items(self, system):
        return self.simulators.systems[system]["items"]

    def assert_true_copies(self, system):
        for item in self.items(system):
            self.assert_true_copy(system, item)

    def assert_follows(self, system, remove=2, full=False):
        """`full`: sources that show by a complete read alone what is gone."""
        self.run_items(system)
        self.assert_true_copies(system)
        self.change(system, insert=5, update=9, remove=remove)
        out = self.run_items(system, *(["--full"] if full else []))
        self.assertNotIn("are gone at the source", out)
        self.assert_true_copies(system)
        again = self.run_items(system, *(["--full"] if full else []))
        self.assertNotIn("failed", again)
        for line in again.splitlines():
            self.assertIn("inserted 0 + updated 0", line, "nothing new, nothing written")
        self.assert_true_copies(system)
        self.assertEqual(self.refusals(system), [], "an honest reader is never refused")
