"""Databases: real PostgreSQL and MariaDB servers, tables of other systems' databases behind ODBC, and the ways in which rows
come late, vanish or cannot be told apart."""
import unittest

from following import FollowingTest


class PostgresTest(FollowingTest):
    systems = ("qu-grid", "qu-polilaw")

    def test_grid_is_followed(self):
        self.assert_follows("qu-grid", full=True)

    def test_a_row_committed_90_seconds_late_still_arrives(self):
        self.run_items("ZS-SQ-013")
        self.act("qu-grid", "begin", seconds=90)
        self.change("qu-grid", item="ZS-SQ-013", insert=3)
        self.run_items("ZS-SQ-013")
        self.act("qu-grid", "commit")
        self.run_items("ZS-SQ-013")
        self.assert_true_copy("qu-grid", "ZS-SQ-013")

    def test_law_is_followed_and_its_classes_are_marked_as_sensitive(self):
        self.assert_follows("qu-polilaw")

    def test_a_wrong_password_is_said_and_nothing_is_taken(self):
        self.env["ZOO_QU_POLILAW_PASSWORD"] = "guessed"
        out = self.run_items("ZS-SQ-023", status=1)
        self.assertNotIn("guessed", out)


class OdbcTest(FollowingTest):
    systems = ("nat-salvation", "ln-hrss", "ln-finance", "dl-cg", "dl-housing")

    def test_salvation_is_followed(self):
        self.assert_follows("nat-salvation")

    def test_thousands_of_rows_of_one_second_come_once_each(self):
        self.run_items("ZS-MS-005")
        self.change("nat-salvation", item="ZS-MS-005", insert=2500)
        self.assertIn("inserted 2500", self.run_items("ZS-MS-005"))
        self.assert_true_copy("nat-salvation", "ZS-MS-005")

    def test_rows_that_vanished_unseen_are_found_by_a_complete_read(self):
        self.run_items("ZS-MS-005")
        self.change("nat-salvation", item="ZS-MS-005", remove=4, at=1_780_000_000_000)
        self.act("nat-salvation", "purge")
        self.run_items("ZS-MS-005")
        self.assertIn("removed 4", self.run_items("ZS-MS-005", "--full"))
        self.assert_true_copy("nat-salvation", "ZS-MS-005")

    def test_a_second_session_is_refused_and_tried_again_later(self):
        self.run_items("ZS-MS-017")
        self.addCleanup(self.act, "ln-hrss", "sessions", limit=-1)
        self.act("ln-hrss", "sessions", limit=0)
        self.assertIn("retrying", self.run_items("ZS-MS-017", status=1))
        self.act("ln-hrss", "sessions", limit=1)
        self.run_items("ZS-MS-017")
        self.assert_true_copy("ln-hrss", "ZS-MS-017")

    def test_city_cases_are_followed_and_their_grid_becomes_degrees(self):
        self.assert_follows("dl-cg")

    def test_hrss_is_followed(self):
        self.assert_follows("ln-hrss")

    def test_finance_is_followed(self):
        self.assert_follows("ln-finance", full=True)

    def test_a_row_version_that_is_committed_late_is_not_passed_over(self):
        self.run_items("ZS-JJ-028")
        self.act("ln-finance", "begin")
        self.change("ln-finance", item="ZS-JJ-028", insert=3)
        self.run_items("ZS-JJ-028")
        self.act("ln-finance", "commit")
        self.run_items("ZS-JJ-028")
        self.assert_true_copy("ln-finance", "ZS-JJ-028")

    def test_one_changed_row_of_a_view_without_any_mark_is_one_update(self):
        self.assert_follows("dl-housing")
        self.change("dl-housing", item="ZS-MS-039", update=1)
        self.assertIn("updated 1 ", self.run_items("ZS-MS-039"))
        self.assert_true_copy("dl-housing", "ZS-MS-039")


class MariaTest(FollowingTest):
    systems = ("dl-ecology", "qu-party")

    def test_ecology_is_followed_and_days_that_never_were_are_none(self):
        self.assert_follows("dl-ecology", full=True)
        self.assertGreater(self.sql("SELECT count(*) FROM polluter_permit WHERE expires_on IS NULL")[0][0], 100)

    def test_a_value_revised_20_days_later_replaces_the_old_one_and_both_are_kept(self):
        self.run_items("ZS-QY-028")
        number = self.act("dl-ecology", "revise", days=20)["doc_no"]
        self.run_items("ZS-QY-028")
        self.assert_true_copy("dl-ecology", "ZS-QY-028")
        self.assertEqual(self.sql("SELECT fine FROM polluter_violation WHERE doc_no = ?", number), [("77.25",)])
        self.assertEqual(self.sql("SELECT count(*) FROM polluter_violation__history WHERE doc_no = ?", number), [(1,)])

    def test_party_is_followed(self):
        self.assert_follows("qu-party")


if __name__ == "__main__":
    unittest.main()
