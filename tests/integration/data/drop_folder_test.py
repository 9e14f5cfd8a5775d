"""Files that systems put into folders: FTP and SFTP, markers, half-written files, bytes and labels that disagree."""
import unittest

from following import FollowingTest


class DropFolderTest(FollowingTest):
    systems = ("ln-forestfire", "ln-flood", "qu-tourism", "nat-petition")

    def test_hourly_files_with_full_width_digits_are_followed(self):
        self.assert_follows("ln-forestfire", remove=0)

    def test_a_file_without_its_marker_is_not_touched(self):
        self.run_items("ZS-JC-028")
        self.act("ln-forestfire", "half")
        self.assertIn("read 0", self.run_items("ZS-JC-028"))
        fetched = [e["path"] for e in self.requests("ln-forestfire")]
        self.assertNotIn("hot_2026123123.csv", fetched)
        self.assert_true_copy("ln-forestfire", "ZS-JC-028")

    def test_a_file_that_its_marker_counts_otherwise_is_held_back(self):
        self.run_items("ZS-JC-028")
        self.act("ln-forestfire", "miscount")
        out = self.run_items("ZS-JC-028")
        self.assertIn("rejected 1", out)
        self.assertIn("partial", out)
        self.assertIn("file", self.sync("dead", "ZS-JC-028"))
        self.assert_true_copy("ln-forestfire", "ZS-JC-028")

    def test_a_wrong_password_is_said_once_and_nothing_is_taken(self):
        self.env["ZOO_LN_FORESTFIRE_PASSWORD"] = "guessed"
        out = self.run_items("ZS-JC-028", status=1)
        self.assertIn("refused user or password", out)
        self.assertNotIn("guessed", out)

    def test_columns_are_cut_by_bytes_and_9999_9_is_no_value(self):
        self.assert_follows("ln-flood", remove=0)
        self.assertEqual(self.sql("SELECT count(*) FROM flood_rain WHERE drp = '9999.9' OR dyp = '9999.9'"), [(0,)])
        self.assertGreater(self.sql("SELECT count(*) FROM flood_rain WHERE drp IS NULL")[0][0], 50)

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self):
        self.assert_follows("qu-tourism")

    def test_what_comes_late_is_taken_by_its_key(self):
        self.run_items("ZS-WL-002")
        self.act("qu-tourism", "late")
        self.assertIn("inserted 1", self.run_items("ZS-WL-002"))
        self.assert_true_copy("qu-tourism", "ZS-WL-002")

    def test_gbk_that_says_utf_8_is_read_and_withdrawn_petitions_go(self):
        self.assert_follows("nat-petition")

    def test_no_address_of_the_ministry_comes_along(self):
        self.run_items("nat-petition")
        for table in ("petition", "petition_result", "petition_backlog"):
            for row in self.sql(f"SELECT * FROM {table}"):
                self.assertNotIn("10.7.3.21", str(row))

    def test_a_server_with_another_key_is_not_trusted(self):
        server = {**self.simulators.systems["nat-petition"]["source"]["server"], "host_key": "A" * 43}
        self.reach("nat-petition", server=server)
        out = self.run_items("ZS-SQ-016", status=1)
        self.assertIn("not to be trusted", out)
        self.assertEqual(self.requests("nat-petition"), [])


if __name__ == "__main__":
    unittest.main()
