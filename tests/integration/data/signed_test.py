"""Systems whose requests are signed, and the map server: what is signed, what is refused, what must never come in."""
import os
import unittest

from support import DataTest


class GatewayTest(DataTest):
    """nat-share: Base64 inside JSON, errors with status 200, a clock that is watched."""
    systems = ("nat-share",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("nat-share", without={"ZS-MS-001": ("id_no", "name")}, insert=5, update=12)
        self.change("nat-share", item="ZS-QY-001", remove=3)
        self.assertIn("removed 3", self.run_items("ZS-QY-001"))
        self.assert_true_copy("nat-share", "ZS-QY-001")

    def test_a_wrong_key_is_a_refusal_and_no_empty_list(self):
        self.env["ZOO_NAT_SHARE_APPKEY"] = "guessed"
        out = self.run_items("ZS-QY-001", status=1)
        self.assertIn("GATEWAY_AUTH_FAIL", out)
        self.assertEqual(len(self.refusals("nat-share")), 1)

    def test_a_clock_six_minutes_off_is_named(self):
        self.fault("nat-share", "clock_skew", seconds=360)
        self.assertIn("CLOCK_SKEW", self.run_items("ZS-QY-001", status=1))

    def test_numbers_of_citizens_are_nowhere_on_disk(self):
        self.run_items("ZS-MS-001")
        truth = self.truth("nat-share", "ZS-MS-001")
        numbers = [row[truth["fields"].index("id_no")].encode() for row in truth["rows"]]
        self.assertEqual(self.sql("SELECT count(*) FROM person_verified"), [(len(numbers),)])
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    content = file.read()
                self.assertFalse(any(number in content for number in numbers), name)


class VideoTest(DataTest):
    """dl-video: numbers of twenty digits, three coordinate systems, secret cameras."""
    systems = ("dl-video",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-video", without={"ZS-JC-001": ("lng", "lat")})

    def test_no_secret_camera_comes_in_and_the_others_stand_in_three_groups(self):
        out = self.run_items("ZS-JC-001")
        self.assertIn("inserted 2735 ", out)
        self.assertIn("read 2800 ", out)
        groups = self.sql("SELECT owner, count(*) FROM camera GROUP BY owner")
        self.assertEqual({name for name, _ in groups}, {"天网", "行政服务大厅", "街道自建"})
        self.assertEqual(self.sql("SELECT count(*) FROM sync_dead_letter"), [(0,)])

    def test_places_are_those_of_the_country_whatever_system_they_came_in(self):
        self.run_items("ZS-JC-001")
        truth = self.truth("dl-video", "ZS-JC-001")
        at = [truth["fields"].index(name) for name in ("device_id", "lng", "lat")]
        real = {row[at[0]]: (float(row[at[1]]), float(row[at[2]])) for row in truth["rows"]}
        for device, lng, lat in self.sql("SELECT device_id, lng, lat FROM camera"):
            self.assertAlmostEqual(float(lng), real[device][0], delta=5e-6, msg=device)
            self.assertAlmostEqual(float(lat), real[device][1], delta=5e-6, msg=device)


class MapTest(DataTest):
    """dl-gis: a thousand features an answer, tokens that end."""
    systems = ("dl-gis",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("dl-gis", insert=5, update=12, remove=1)

    def test_a_layer_larger_than_an_answer_comes_whole_and_tokens_are_renewed(self):
        self.assertIn("inserted 2000 ", self.run_items("ZS-KJ-004"))
        self.act("dl-gis", "drop-tokens")
        self.run_items("ZS-KJ-003")
        self.assertEqual(self.assert_true_copy("dl-gis", "ZS-KJ-003"), 1250)


class IntegrityTest(DataTest):
    """qu-integrity: identity by signed headers, which must be exactly these."""
    systems = ("qu-integrity",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-integrity", insert=5, update=12)

    def test_a_header_too_many_is_refused(self):
        headers = self.simulators.systems["qu-integrity"]["source"]["headers"]
        self.reach("qu-integrity", headers={**headers, "X-Remote-Role": "admin"})
        self.assertIn("403", self.run_items("ZS-KJ-024", status=1))


class MeetingTest(DataTest):
    """qu-vmeet: signed before it is encoded."""
    systems = ("qu-vmeet",)

    def test_the_copy_follows_its_source(self):
        self.assert_follows("qu-vmeet")

    def test_another_order_of_the_values_is_refused(self):
        sign = self.simulators.systems["qu-vmeet"]["source"]["sign"]
        self.reach("qu-vmeet", sign={**sign, "text": "{timestamp}区指挥中心{secret}"})
        self.assertIn("签名错误", self.run_items("ZS-JC-009", status=1))


if __name__ == "__main__":
    unittest.main()
