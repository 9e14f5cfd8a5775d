"""nat-invest: pages that shift while they are read."""
import unittest

from support import DataTest


class InvestTest(DataTest):
    systems = ("nat-invest",)

    def test_the_copy_follows_its_source(self):
        out = self.run_items("nat-invest")
        self.assertIn("inserted 500", out)
        self.assertEqual(self.assert_true_copy("nat-invest", "ZS-JJ-005"), 500)
        self.assertEqual(self.assert_true_copy("nat-invest", "ZS-JJ-006"), 300)
        self.change("nat-invest", insert=7, update=20, remove=5)
        out = self.run_items("nat-invest")
        self.assertIn("deleted 5", out)
        self.assertEqual(self.assert_true_copy("nat-invest", "ZS-JJ-005"), 502)
        self.assertEqual(self.assert_true_copy("nat-invest", "ZS-JJ-006"), 302)
        self.assertEqual(self.refusals("nat-invest"), [])

    def test_a_record_that_moves_between_pages_is_neither_lost_nor_doubled(self):
        self.act("nat-invest", "move", records=3)
        out = self.run_items("ZS-JJ-005")
        self.assertEqual(self.assert_true_copy("nat-invest", "ZS-JJ-005"), 500, out)

    def test_a_wrong_key_is_said_and_nothing_is_taken(self):
        self.env["ZOO_NAT_INVEST_KEY"] = "guessed"
        out = self.run_items("ZS-JJ-005", status=1)
        self.assertIn("401", out)
        self.assertNotIn("guessed", out)
        self.assertEqual(len(self.refusals("nat-invest")), 1, "one try, then a person is asked")


if __name__ == "__main__":
    unittest.main()
