"""Files over HTTP: CSV, fixed width, Excel, and XML inside of XML."""
import unittest

from following import FollowingTest


class HttpFilesTest(FollowingTest):
    systems = ("nat-credit", "qu-tower", "qu-border", "nat-stat", "qu-car", "qu-stat", "ln-edu")

    def test_nat_credit_is_followed(self):
        self.assert_follows("nat-credit")

    def test_codes_that_a_spreadsheet_destroyed_are_held_back_and_the_rest_comes(self):
        self.act("nat-credit", "spreadsheet", records=3)
        out = self.run_items("ZS-QY-005")
        self.assertIn("inserted 497", out)
        self.assertIn("rejected 3", out)
        self.assert_true_copy("nat-credit", "ZS-QY-005")
        self.assertIn("credit_code", self.sync("dead", "ZS-QY-005"))
        self.assertEqual(self.sql("SELECT count(*) FROM credit_permit WHERE uscc LIKE '%E+%'"), [(0,)])

    def test_gbk_and_utf8_of_one_site_are_both_read(self):
        self.assert_follows("qu-tower")

    def test_qu_border_is_followed(self):
        self.assert_follows("qu-border", remove=0)

    def test_a_body_that_broke_off_is_refused_and_nothing_is_lost(self):
        self.run_items("qu-border")
        self.change("qu-border", insert=5)
        self.fault("qu-border", "cut_body", times=2)
        self.assertIn("EOF", self.run_items("qu-border", status=1))
        self.assertEqual(self.sql("SELECT count(*) FROM border_section"), [(24,)])
        self.run_items("qu-border")
        self.assert_true_copies("qu-border")

    def test_thousands_formulas_and_merged_headers(self):
        self.assert_follows("nat-stat")
        self.assertEqual(self.sql("SELECT count(*) FROM stat_industry WHERE total <> output + revenue"), [(0,)])

    def test_a_renamed_header_stops_the_item_before_any_row(self):
        self.run_items("ZS-JJ-021")
        self.change("nat-stat", item="ZS-JJ-021", update=50)
        self.act("nat-stat", "rename", **{"from": "从业人员", "to": "期末从业人员"})
        out = self.run_items("ZS-JJ-021", status=1)
        self.assertIn("从业人员", out)
        self.assertIn("inserted 0 + updated 0", out)

    def test_serial_numbers_and_typed_days_give_the_same_day(self):
        self.assert_follows("qu-car")

    def test_days_that_never_were_are_held_back(self):
        self.act("qu-car", "nonsense", records=43)
        out = self.run_items("ZS-JC-034")
        self.assertIn("inserted 457", out)
        self.assertIn("rejected 43", out)
        self.assert_true_copy("qu-car", "ZS-JC-034")

    def test_qu_stat_is_followed(self):
        self.assert_follows("qu-stat")

    def test_what_was_known_then_can_still_be_asked(self):
        self.act("qu-stat", "publish", table="gdp", index="ZB000003", value="1000.5", flag="1")
        self.run_items("ZS-JJ-012")
        self.act("qu-stat", "publish", table="gdp", index="ZB000003", value="1100.25", flag="3")
        self.run_items("ZS-JJ-012")
        self.assert_true_copy("qu-stat", "ZS-JJ-012")
        self.assertEqual(self.sql("SELECT value, flag FROM stat_gdp WHERE ind_code = 'ZB000003'"), [("1100.25", "年报核定")])
        then = self.sql("SELECT value, flag FROM stat_gdp__history WHERE ind_code = 'ZB000003'")
        self.assertEqual(then, [("1000.5", "快报")])

    def test_ln_edu_is_followed(self):
        self.assert_follows("ln-edu")


if __name__ == "__main__":
    unittest.main()
