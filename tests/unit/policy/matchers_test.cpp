#include "fixture.h"

namespace yimen::policy {
namespace {

class MatchersTest : public testing::Test {
protected:
    /// The effect of one allow rule with this condition.
    bool allows(const std::string& when, const Question& question) {
        const auto engine = folder_.engine(
            "rules:\n  - id: r\n    title: r\n    effect: allow\n    systems: all\n    when: " + when + "\n");
        if (!engine) return false;
        const bool allowed = question.decide(*engine).allowed();
        // The change that the condition proposes really makes it hold.
        const Explanation why = question.explain(*engine);
        EXPECT_EQ(why.effect == Effect::kAllow, allowed);
        if (!allowed) {
            EXPECT_EQ(engine->whatIf(question.subject, question.resource(), question.environment, why.change),
                      Effect::kAllow);
            change_ = why.change.kind;
        }
        return allowed;
    }
    RuleFolder folder_;
    ChangeKind change_ = ChangeKind::kNone;
};

TEST_F(MatchersTest, PersonMatchesByName) {
    EXPECT_TRUE(allows("{person: [ligong, wangmin]}", Question()));
    EXPECT_FALSE(allows("{person: ligong}", Question()));
    EXPECT_EQ(change_, ChangeKind::kException);
}

TEST_F(MatchersTest, RoleMatchesInPersonAndThroughAnyPost) {
    EXPECT_TRUE(allows("{role: [leader, clerk]}", Question().role("clerk")));
    EXPECT_TRUE(allows("{role: clerk}", Question().post({"X"}, "a", {}).post({"H"}, "b", {"clerk"})));
    EXPECT_FALSE(allows("{role: clerk}", Question().role("leader")));
    EXPECT_EQ(change_, ChangeKind::kAddRole);
}

TEST_F(MatchersTest, OrgMatchesTheUnitAndAllBelow) {
    EXPECT_TRUE(allows("{org: street}", Question().post({"S"}, "", {})));
    EXPECT_TRUE(allows("{org: street}", Question().post({"SG1", "SC", "S", "D"}, "", {})));
    EXPECT_FALSE(allows("{org: street}", Question().post({"D"}, "", {})));
    EXPECT_EQ(change_, ChangeKind::kAddPost);
}

TEST_F(MatchersTest, PostNeedsItAllInOnePost) {
    const char* when = "{post: {org: street, role: clerk, title: 承办员}}";
    EXPECT_TRUE(allows(when, Question().post({"S"}, "承办员", {"clerk"})));
    EXPECT_FALSE(allows(when, Question().post({"S"}, "承办员", {}).post({"H"}, "承办员", {"clerk"})));
    EXPECT_EQ(change_, ChangeKind::kAddPost);
    EXPECT_FALSE(allows(when, Question().post({"S"}, "主任", {"clerk"})));
}

TEST_F(MatchersTest, ActingPostIsTheOneChosen) {
    const char* when = "{post: {org: street, acting: true}}";
    Question question;
    question.post({"H"}, "", {}).post({"S"}, "", {});
    EXPECT_FALSE(allows(when, question));
    question.subject.actingPost = 1;
    EXPECT_TRUE(allows(when, question));
}

TEST_F(MatchersTest, NetworkMatchesTheZone) {
    EXPECT_TRUE(allows("{network: [office, mobile]}", Question().from("2001:db8::9")));
    EXPECT_TRUE(allows("{network: office}", Question().from("::ffff:10.9.9.9")));
    EXPECT_FALSE(allows("{network: office}", Question().from("8.8.8.8")));
    EXPECT_EQ(change_, ChangeKind::kClient);
    EXPECT_FALSE(allows("{not: {network: office}}", Question()));
    EXPECT_EQ(change_, ChangeKind::kClient);
}

TEST_F(MatchersTest, TimeKnowsDaysHoursAndMidnight) {
    const auto at = [](const char* day, int hour, int minute) {
        Question question;
        const int days = std::string_view(day) == "sat" ? 0 : std::string_view(day) == "sun" ? 1 : 2;
        // 2026-11-21 is a Saturday; the site is eight hours ahead of UTC.
        question.environment.time =
            core::fromUnixSeconds(1795219200) + std::chrono::hours(24 * days + hour - 8) + std::chrono::minutes(minute);
        return question;
    };
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"08:30\", to: \"17:30\"}}", at("sat", 8, 30)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"08:30\", to: \"17:30\"}}", at("sat", 17, 30)));
    EXPECT_EQ(change_, ChangeKind::kTime);
    EXPECT_FALSE(allows("{time: {days: [mon, tue]}}", at("sun", 12, 0)));
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sat", 23, 0)));
    EXPECT_TRUE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sun", 5, 59)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sat", 5, 0)));
    EXPECT_FALSE(allows("{time: {days: [sat], from: \"22:00\", to: \"06:00\"}}", at("sun", 23, 0)));
}

TEST_F(MatchersTest, AssuranceIsALowerBound) {
    Question question;
    question.subject.assurance = 2;
    EXPECT_TRUE(allows("{assurance: 2}", question));
    EXPECT_FALSE(allows("{assurance: 3}", question));
    EXPECT_EQ(change_, ChangeKind::kAssurance);
}

TEST_F(MatchersTest, MethodAndPathMatchTheRequest) {
    EXPECT_TRUE(allows("{method: [GET, HEAD]}", Question()));
    EXPECT_FALSE(allows("{method: POST}", Question()));
    EXPECT_EQ(change_, ChangeKind::kRequest);
    EXPECT_TRUE(allows("{path: /a}", Question().asks("GET", "/a/b")));
    EXPECT_FALSE(allows("{path: /a}", Question().asks("GET", "/ab")));
    EXPECT_TRUE(allows("{path: /a/*/c}", Question().asks("GET", "/a/b/c")));
    EXPECT_FALSE(allows("{path: /a/*/c}", Question().asks("GET", "/a/b/d")));
    EXPECT_FALSE(allows("{path: /a}", Question().asks("GET", "/A")));
}

TEST_F(MatchersTest, APathThatTakesAwayIsReadWidely) {
    const char* when = "{not: {path: /admin}}";
    EXPECT_TRUE(allows(when, Question().asks("GET", "/administration")));
    for (const char* path : {"/admin", "/admin/x", "/ADMIN/x", "/admin;v=1/x", "/;v/admin", "/Admin;"}) {
        EXPECT_FALSE(allows(when, Question().asks("GET", path))) << path;
    }
    EXPECT_FALSE(allows(when, Question().asks("GET", "/" + std::string(3000, 'a') + ";x")));
}

TEST_F(MatchersTest, CombinatorsNest) {
    const char* when = "{any: [{role: leader}, {all: [{role: clerk}, {not: {org: street}}]}]}";
    EXPECT_TRUE(allows(when, Question().role("leader").post({"S"}, "", {})));
    EXPECT_TRUE(allows(when, Question().role("clerk")));
    EXPECT_FALSE(allows(when, Question().role("clerk").post({"S"}, "", {})));
    EXPECT_FALSE(allows(when, Question()));
}

TEST_F(MatchersTest, LuaDecidesWithinItsBudget) {
    EXPECT_TRUE(allows("{lua: \"return request.path == '/x' and subject.posts[1].title == 'a'\"}",
                       Question().post({"S"}, "a", {}).asks("GET", "/x")));
    EXPECT_FALSE(allows("{lua: \"return false\"}", Question()));
    EXPECT_FALSE(allows("{lua: \"while true do end\"}", Question()));
    EXPECT_FALSE(allows("{lua: \"return nothing.x\"}", Question()));
}

TEST_F(MatchersTest, AFailingScriptDenies) {
    const auto engine = folder_.engine(R"(
rules:
  - {id: d, title: d, effect: deny, systems: all, when: {lua: "return nothing.x"}}
  - {id: a, title: a, effect: allow, systems: all}
)");
    EXPECT_EQ(Question().decide(*engine).rule, "d");
}

}  // namespace
}  // namespace yimen::policy
