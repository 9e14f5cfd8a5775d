"""Systems with REST interfaces: pages, cursors, feeds, whole lists, each with the trait that makes it hard."""
import unittest

from support import DataTest


class HotlineTest(DataTest):
    """dl-12345: sizes cut in silence, times without zone, a status that means void."""
    systems = ("dl-12345",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-12345")

    def test_every_order_comes_once_although_the_page_size_is_cut(self):
        out = self.run_items("ZS-SQ-001")
        self.assertIn("inserted 4000 ", out)
        self.assertEqual(self.assert_true_copy("dl-12345", "ZS-SQ-001"), 4000)
        asked = [e["path"] for e in self.requests("dl-12345")]
        self.assertTrue(all("pageSize=500" in path for path in asked))
        self.assertTrue(any("pageNum=20&" in path for path in asked))

    def test_a_refusal_with_status_200_is_no_empty_list(self):
        self.env["ZOO_DL_12345_TOKEN"] = "guessed"
        out = self.run_items("ZS-SQ-001", status=1)
        self.assertIn("令牌无效", out)
        self.assertEqual(len(self.refusals("dl-12345")), 1)


class ColdChainTest(DataTest):
    """ln-coldchain: the last page repeats, warnings repeat, a token of its own."""
    systems = ("ln-coldchain",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("ln-coldchain")

    def test_pages_past_the_end_end_and_a_warning_is_one_record(self):
        out = self.run_items("ZS-QY-012")
        self.assertIn("inserted 905 ", out)
        out = self.run_items("ZS-QY-016")
        self.assertIn("inserted 120 ", out)
        self.assertNotIn("deduped 0", out)
        self.assert_true_copy("ln-coldchain", "ZS-QY-016")

    def test_tokens_that_were_taken_back_are_asked_for_again(self):
        self.run_items("ZS-QY-014")
        self.act("ln-coldchain", "drop-tokens")
        self.run_items("ZS-QY-014", "--full")
        self.assert_true_copy("ln-coldchain", "ZS-QY-014")

    def test_a_wrong_password_is_tried_once(self):
        self.env["ZOO_LN_COLDCHAIN_PASSWORD"] = "guessed"
        out = self.run_items("ZS-QY-014", status=1)
        self.assertIn("4001", out)
        self.assertEqual(len(self.refusals("ln-coldchain")), 1)


class ServicesTest(DataTest):
    """ln-zwfw: cursors that expire, tombstones, older versions beside the newest."""
    systems = ("ln-zwfw",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("ln-zwfw")

    def test_a_cursor_that_dies_on_the_way_costs_reading_and_nothing_else(self):
        self.act("ln-zwfw", "kill-cursor", after=7)
        self.run_items("ZS-MS-043")
        self.assertEqual(self.assert_true_copy("ln-zwfw", "ZS-MS-043"), 1800)
        self.assertEqual(len([n for n in self.refusals("ln-zwfw") if n.startswith("cursor_expired")]), 1)
        twice = self.sql("SELECT task_code FROM service_item WHERE state = '在用' GROUP BY task_code HAVING count(*) > 1")
        self.assertEqual(twice, [])


class FeedTest(DataTest):
    """qu-minsheng: a change feed by number; a gap means lost data."""
    systems = ("qu-minsheng",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-minsheng")

    def test_a_gap_that_closes_is_read_again(self):
        self.act("qu-minsheng", "hide", seq=102, times=1)
        self.run_items("ZS-MS-014")
        self.assert_true_copy("qu-minsheng", "ZS-MS-014")

    def test_a_gap_that_stays_stops_the_item_there_and_it_goes_on_when_it_is_filled(self):
        self.act("qu-minsheng", "hide", seq=301)
        out = self.run_items("ZS-MS-014", status=1)
        self.assertIn("300 is followed by 302", out)
        self.assertEqual(self.sql("SELECT count(*) FROM minsheng_apply"), [(300,)])
        self.act("qu-minsheng", "show")
        self.run_items("ZS-MS-014")
        self.assertEqual(self.assert_true_copy("qu-minsheng", "ZS-MS-014"), 500)


class ProjectTest(DataTest):
    """qu-project: whole lists, empty when something is wrong there."""
    systems = ("qu-project",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-project")

    def test_an_empty_list_removes_nothing(self):
        self.run_items("ZS-JJ-001")
        self.act("qu-project", "break")
        out = self.run_items("ZS-JJ-001")
        self.assertIn("240 of 240 records are gone", out)
        self.assertEqual(self.assert_true_copy("qu-project", "ZS-JJ-001"), 240)


class OneWindowTest(DataTest):
    """qu-onewin: a flag `valid`. (What makes this system hard is uploads through the gateway.)"""
    systems = ("qu-onewin",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-onewin")


class OpinionTest(DataTest):
    """qu-opinion: signed by HMAC-SM3, errors are XML with status 200, nothing says what is gone."""
    systems = ("qu-opinion",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-opinion", insert=5, update=12)
        self.change("qu-opinion", item="ZS-SQ-019", remove=4)
        self.assertIn("removed 4", self.run_items("ZS-SQ-019", "--full"))
        self.assert_true_copy("qu-opinion", "ZS-SQ-019")

    def test_an_error_page_is_not_taken_for_no_rows(self):
        self.run_items("ZS-SQ-019")
        self.act("qu-opinion", "fail")
        out = self.run_items("ZS-SQ-019", "--full", status=1)
        self.assertIn("failed", out)
        self.assertEqual(self.assert_true_copy("qu-opinion", "ZS-SQ-019"), 2271)

    def test_a_clock_that_is_wrong_by_minutes_is_refused(self):
        self.fault("qu-opinion", "clock_skew", seconds=360)
        self.run_items("ZS-SQ-020", status=1)
        self.assertIn("CLOCK_SKEW", self.refusals("qu-opinion")[0])


class CommunityTest(DataTest):
    """qu-community: emoji and characters of four bytes, lists as JSON."""
    systems = ("qu-community",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-community")
        self.assertGreater(self.sql("SELECT count(*) FROM resident_issue WHERE content LIKE '%👨‍👩‍👧%'")[0][0], 500)
        self.assertGreater(self.sql("SELECT count(*) FROM resident_issue WHERE content LIKE '%𠮷%'")[0][0], 500)


class VideoHubTest(DataTest):
    """qu-videohub: the same camera under two numbers of the platform."""
    systems = ("qu-videohub",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-videohub")

    def test_a_camera_that_is_listed_twice_is_one_and_counted(self):
        out = self.run_items("ZS-JC-006")
        read, doubles = (int(out.split(word)[1].split()[0]) for word in ("read ", "deduped "))
        self.assertEqual(read - doubles, self.assert_true_copy("qu-videohub", "ZS-JC-006"))
        self.assertGreater(doubles, 20)
        self.run_items("ZS-JC-005")
        self.assertEqual(self.assert_true_copy("qu-videohub", "ZS-JC-005"), 12)


class PartyTest(DataTest):
    """ln-party: a token in a form, in the query, and errors with status 200."""
    systems = ("ln-party",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("ln-party")

    def test_a_strict_reader_says_that_there_is_no_token(self):
        strict = {**self.simulators.systems["ln-party"]["source"]["auth"], "format": "json"}
        self.reach("ln-party", auth=strict)
        out = self.run_items("ZS-DJ-028", status=1)
        self.assertIn("the request for a token", out)


class MedicalTest(DataTest):
    """dl-medins: names and identity numbers come sealed by SM4; the items do without them."""
    systems = ("dl-medins",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-medins")
        columns = {name for _, name, *_ in self.sql("PRAGMA table_info(insured)")}
        self.assertFalse(columns & {"psn_name", "certno"}, "what is not needed is not taken")


if __name__ == "__main__":
    unittest.main()
