"""Files that systems put into folders of file servers."""
import unittest

from following import FollowingTest


class DropFolderTest(FollowingTest):
    systems = ("nat-petition",)

    def test_gbk_that_says_utf_8_is_read_and_withdrawn_petitions_go(self):
        self.assert_follows("nat-petition")

    def test_no_address_of_the_ministry_comes_along(self):
        self.run_items("nat-petition")
        for table in ("petition", "petition_result", "petition_backlog"):
            for row in self.sql(f"SELECT * FROM {table}"):
                self.assertNotIn("10.7.3.21", str(row))


if __name__ == "__main__":
    unittest.main()
