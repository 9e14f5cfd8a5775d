"""Systems that speak XML: SOAP by windows and pages, feeds that keep only their newest records."""
import unittest

from support import DataTest


class SoapWindowTest(DataTest):
    """dl-8890: a cap without a word, bytes that are not what the declaration says."""
    systems = ("dl-8890",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-8890", insert=5, update=12)
        self.assertEqual(self.sql("SELECT count(*) FROM order_8890 WHERE nr LIKE '%�%'"), [(0,)])

    def test_a_window_with_1200_records_is_read_whole_and_removals_are_found(self):
        self.run_items("ZS-SQ-008")
        self.change("dl-8890", update=400)
        self.assert_grows("ZS-SQ-008", 400)
        self.change("dl-8890", remove=7)
        self.assertIn("removed 7", self.run_items("ZS-SQ-008", "--full"))
        self.assert_true_copy("dl-8890", "ZS-SQ-008")

    def assert_grows(self, item, count):
        self.assertIn(f"updated {count}", self.run_items(item))
        self.assert_true_copy("dl-8890", item)


class SupervisionTest(DataTest):
    """ln-supervise: entered late, removed without a word."""
    systems = ("ln-supervise",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("ln-supervise", again=("--full",), insert=5, update=12, remove=3)

    def test_what_is_entered_late_arrives_and_what_was_removed_stays_in_history(self):
        self.run_items("ZS-QY-009")
        late = self.act("ln-supervise", "late", days=5)["jgid"]
        self.run_items("ZS-QY-009")
        self.assertEqual(self.sql("SELECT count(*) FROM inspection WHERE jgid = ?", late), [(1,)])
        self.change("ln-supervise", item="ZS-QY-009", remove=2)
        self.assertIn("removed 2", self.run_items("ZS-QY-009", "--full"))
        self.assert_true_copy("ln-supervise", "ZS-QY-009")
        self.assertEqual(self.sql("SELECT count(*) FROM inspection__history"), [(2,)])


class SitesTest(DataTest):
    """qu-sites: the newest hundred. (What makes this system hard is pop-ups through the gateway.)"""
    systems = ("qu-sites",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-sites", insert=5, update=12)

    def test_articles_that_were_missed_are_said(self):
        self.run_items("ZS-WL-020")
        self.change("qu-sites", insert=150)
        self.assertIn("gap in the feed", self.run_items("ZS-WL-020", status=1))
        self.assertEqual(self.sql("SELECT count(*) FROM site_article"), [(190,)])


class EmergencyTest(DataTest):
    """ln-emergency: Digest, a Cancel before its Alert, a feed of 200."""
    systems = ("ln-emergency",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("ln-emergency", insert=5, update=12)

    def test_a_cancel_that_comes_first_ends_with_a_cancelled_alert(self):
        self.run_items("ZS-JC-027")
        alert = self.act("ln-emergency", "cancel-first")["identifier"]
        for _ in range(2):
            self.run_items("ZS-JC-027")
            self.assertEqual(self.sql("SELECT msg_type FROM weather_alert WHERE identifier = ?", alert), [("解除",)])
        self.assert_true_copy("ln-emergency", "ZS-JC-027")

    def test_a_burst_of_300_is_a_gap_and_a_stale_nonce_is_not(self):
        self.run_items("ZS-JC-027")
        self.act("ln-emergency", "stale")
        self.run_items("ZS-JC-027")
        self.change("ln-emergency", item="ZS-JC-027", insert=300)
        self.assertIn("gap in the feed", self.run_items("ZS-JC-027", status=1))
        self.assertEqual(self.refusals("ln-emergency"), [])


class RealtyTest(DataTest):
    """dl-realty: a document in CDATA inside a document, tickets, a nightly file."""
    systems = ("dl-realty",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-realty")

    def test_an_outer_entity_is_refused_and_what_was_there_stays(self):
        self.run_items("ZS-MS-035")
        self.act("dl-realty", "hostile")
        out = self.run_items("ZS-MS-035", status=1)
        self.assertIn("document type declaration", out)
        self.assertEqual(self.assert_true_copy("dl-realty", "ZS-MS-035"), 300)

    def test_a_ticket_that_ended_is_renewed_and_a_wrong_password_tried_once(self):
        self.run_items("ZS-KJ-020")
        self.act("dl-realty", "drop-tickets")
        self.run_items("ZS-MS-034")
        self.env["ZOO_DL_REALTY_PASSWORD"] = "guessed"
        self.run_items("ZS-MS-034", status=1)
        self.assertEqual(len(self.refusals("dl-realty")), 1)


class TransportTest(DataTest):
    """dl-transport: NTLM, pages by a position that the answer gives, times in UTC."""
    systems = ("dl-transport",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-transport", again=("--full",), insert=5, update=12, remove=1)

    def test_what_changed_alone_is_asked_for(self):
        self.run_items("ZS-QY-030")
        self.change("dl-transport", item="ZS-QY-030", insert=4, update=6)
        self.assertIn("read 10 ", self.run_items("ZS-QY-030"))
        self.assert_true_copy("dl-transport", "ZS-QY-030")

    def test_a_wrong_password_is_refused(self):
        self.env["ZOO_DL_TRANSPORT_PASSWORD"] = "guessed"
        self.assertIn("401", self.run_items("ZS-QY-030", status=1))
        self.assertEqual(len(self.refusals("dl-transport")), 1)


if __name__ == "__main__":
    unittest.main()
