#include "policy/site_reader.h"

#include "unit/policy/fixture.h"

namespace yimen::policy {
namespace {

TEST(SiteReader, RefusesWhatRulesCouldNotUse) {
    RuleFolder folder;
    const auto says = [&](const std::string& text) { return folder.refusal(text); };
    EXPECT_EQ(says("rules: []\n"), "");
    EXPECT_NE(says("zones: {bad: {ranges: [\"10.0.0.1/8\"]}}\n").find("50.yaml:1:"), std::string::npos);
    EXPECT_NE(says("zones: {bad: {ranges: []}}\n").find("at least one range"), std::string::npos);
    EXPECT_NE(says("zones: {office: {ranges: [\"10.0.0.0/8\"]}}\n").find("defined twice"), std::string::npos);
    EXPECT_NE(says("units: {housing: {code: X}}\n").find("defined twice"), std::string::npos);
    EXPECT_NE(says("units: {other: {title: x}}\n").find("code"), std::string::npos);
    EXPECT_NE(says("administrators: [nobody]\n").find("unknown role"), std::string::npos);
    EXPECT_NE(says("time_zone: \"8\"\n").find("+08:00"), std::string::npos);
}

TEST(SiteReader, MeansDaysOfTheSite) {
    RuleFolder folder;
    const auto engine = folder.engine(R"(
time_zone: "-05:30"
exceptions: [{id: e, person: wangmin, system: qu-oa, until: "2026-11-23", reason: r}]
)");
    EXPECT_EQ(engine->rules().utcOffsetMinutes, -330);
    // Midnight after the 23rd, five and a half hours behind UTC.
    EXPECT_EQ(core::toUnixSeconds(engine->rules().exceptions[0].until), 1795478400 + 330 * 60);
}

}  // namespace
}  // namespace yimen::policy
